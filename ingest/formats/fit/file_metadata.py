"""What a file says in single messages: its type, its device, its sessions, the runner's threshold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.formats.fit import profile
from ingest.formats.fit.protocol.message_index import MessageIndex
from ingest.formats.fit.protocol.scalars import Scalar, physical, read_scalars, text, whole
from ingest.formats.recording import Device, Session

MAX_MESSAGES = 128
"""So many sessions are read, chained files included: an ironman has five."""

_LARGEST_RAW = (1 << 32) - 1
"""What the profile's widest field of a session can hold; a float in its place can say anything."""

_LONGEST_OFFSET_S = 15 * 3_600
_OFFSET_STEP_S = 15 * 60
_MOST_BPM = 254

_WANTED: Mapping[int, frozenset[int]] = {
    profile.FILE_ID: frozenset({0, 1, 2, 3, 8}),
    profile.SESSION: frozenset({2, 5, 6, 7, 8, 9, 16, 17, 18, 22, 23, 92}),
    profile.SPORT: frozenset({0, 1}),
    profile.ACTIVITY: frozenset({5, profile.TIMESTAMP}),
    profile.ZONES_TARGET: frozenset({2}),
}


@dataclass(frozen=True, slots=True)
class FileMetadata:
    """Everything a file says outside its samples; ``sessions`` have no sample bounds yet."""

    file_type: str | None
    device: Device
    sessions: tuple[Session, ...]
    starts_s: tuple[float | None, ...]
    sport: tuple[str, str | None] | None
    utc_offset_s: int | None
    threshold_heart_rate_bpm: float | None


def read_file_metadata(index: MessageIndex) -> FileMetadata:
    """Read the messages that describe one file."""
    file_id = next(_messages(index, profile.FILE_ID), {})
    sport = next(_messages(index, profile.SPORT), None)
    sessions = list(_messages(index, profile.SESSION))
    thresholds = (whole(values, 2) for values in _messages(index, profile.ZONES_TARGET))
    offsets = (_utc_offset(values) for values in _messages(index, profile.ACTIVITY))
    return FileMetadata(
        file_type=_name("file", file_id, 0),
        device=_device(file_id),
        sessions=tuple(_session(values) for values in sessions),
        starts_s=tuple(_number(values, 2) for values in sessions),
        sport=None
        if sport is None
        else (_name("sport", sport, 0) or "unknown", _name("sub_sport", sport, 1)),
        utc_offset_s=next((offset for offset in offsets if offset is not None), None),
        threshold_heart_rate_bpm=next((float(b) for b in thresholds if b and 0 < b <= _MOST_BPM), None),
    )


def _messages(index: MessageIndex, message: int) -> Iterator[dict[int, Scalar]]:
    """The first messages of one type in the order of the file, their wanted fields only."""
    found = [
        (ordinal, start, group.kind.definition)
        for group in index.of(message)
        for ordinal, start in zip(
            group.ordinals[:MAX_MESSAGES].tolist(), group.starts[:MAX_MESSAGES].tolist(), strict=True
        )
    ]
    for _, start, definition in sorted(found, key=lambda entry: entry[0])[:MAX_MESSAGES]:
        yield read_scalars(definition, index.body, start, _WANTED[message])


def _device(file_id: Mapping[int, Scalar]) -> Device:
    manufacturer = _name("manufacturer", file_id, 1) or ""
    is_garmin = manufacturer in {"garmin", "dynastream", "dynastream_oem"}
    product = text(file_id, 8) or _name("garmin_product" if is_garmin else "", file_id, 2)
    return Device(manufacturer, product or "", whole(file_id, 3))


def _session(values: Mapping[int, Scalar]) -> Session:
    def number(field: int) -> float | None:
        return _number(values, field)

    cadence = number(18)
    return Session(
        sport=_name("sport", values, 5) or "unknown",
        sub_sport=_name("sub_sport", values, 6),
        started_at=fit_datetime(number(2)),
        timer_s=number(8),
        elapsed_s=number(7),
        distance_m=number(9),
        avg_heart_rate_bpm=number(16),
        max_heart_rate_bpm=number(17),
        avg_cadence_rpm=None if cadence is None else cadence + (number(92) or 0),
        ascent_m=number(22),
        descent_m=number(23),
    )


def _number(session: Mapping[int, Scalar], number: int) -> float | None:
    """What a session says of itself, none of which is ever negative; None where it cannot be."""
    value = physical(profile.SESSION, session, number)
    largest = _LARGEST_RAW / (profile.fields(profile.SESSION)[number].scale or 1)
    return value if value is not None and 0 <= value <= largest else None


def fit_datetime(fit_seconds: float | None) -> datetime | None:
    """A moment; None where the device's clock was never set."""
    if fit_seconds is None or not profile.CLOCK_SET_S <= fit_seconds < 1 << 32:
        return None
    return datetime.fromtimestamp(fit_seconds + profile.EPOCH_S, UTC)


def _utc_offset(activity: Mapping[int, Scalar]) -> int | None:
    """Local time minus UTC, where it is one that a time zone can have. [s]"""
    local, utc = whole(activity, 5), whole(activity, profile.TIMESTAMP)
    if local is None or utc is None or utc < profile.CLOCK_SET_S:
        return None
    offset = local - utc
    return offset if abs(offset) <= _LONGEST_OFFSET_S and offset % _OFFSET_STEP_S == 0 else None


def _name(enumeration: str, values: Mapping[int, Scalar], number: int) -> str | None:
    """Name of an enumerated value, its number as text where the profile has none."""
    value = whole(values, number)
    return None if value is None else profile.names(enumeration).get(value, str(value))
