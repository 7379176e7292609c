"""Encode a ``Recording`` as a FIT file, for tests, the demo and benchmarks."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from ingest.formats.fit import profile
from ingest.formats.fit.protocol.crc import crc16
from ingest.formats.fit.protocol.definitions import BY_NAME
from ingest.formats.fit.quantities import DEGREES_PER_SEMICIRCLE
from ingest.formats.recording import Column, Recording, Samples, Session

_EVENT_LAP, _EVENT_ACTIVITY, _EVENT_STOP = 9, 26, 1

Value = str | int | float | None | npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FitField:
    """One field to encode: raw values, None or NaN where missing."""

    number: int
    base_type: str
    value: Value


def encode_fit(
    recording: Recording,
    *,
    big_endian: bool = False,
    created_at: datetime | None = None,
    header_size: int = 14,
) -> bytes:
    """Encode a recording as one FIT file; empty columns are omitted.

    Values are rounded to FIT's resolution: 1 cm, 1 mm/s, 1 beat, 1/128 revolution per minute, 0.2 m of
    altitude, 1 s.
    """
    messages = [
        encode_message(profile.FILE_ID, 0, _file_id(recording, created_at), big_endian=big_endian),
        encode_message(profile.RECORD, 1, _record(recording.samples), big_endian=big_endian),
    ]
    if recording.threshold_heart_rate_bpm is not None:
        threshold = FitField(2, "uint8", recording.threshold_heart_rate_bpm)
        messages.append(encode_message(profile.ZONES_TARGET, 2, [threshold], big_endian=big_endian))
    for index, session in enumerate(recording.sessions):
        messages.append(encode_message(profile.SESSION, 3, _session(session, index), big_endian=big_endian))
    if recording.file_type == "activity":
        messages.append(encode_message(profile.ACTIVITY, 4, _activity(recording), big_endian=big_endian))
    return encode_file(messages, header_size=header_size)


def encode_file(messages: Iterable[bytes], *, header_size: int = 14) -> bytes:
    """Add header and checksum to messages."""
    body = b"".join(messages)
    header = struct.pack("<BBHI4s", header_size, 0x20, 2_132, len(body), b".FIT")
    if header_size > 12:
        header += struct.pack("<H", crc16(header))
    return header + body + struct.pack("<H", crc16(header + body))


def encode_message(number: int, local: int, fields: Sequence[FitField], *, big_endian: bool = False) -> bytes:
    """Encode one definition and its data messages, one per row of the columns."""
    rows = max((len(f.value) for f in fields if isinstance(f.value, np.ndarray)), default=1)
    if not fields or not rows:
        return b""
    columns = [_raw_column(field, rows, big_endian=big_endian) for field in fields]
    layout = [("header", "u1"), *((f"field_{i}", column.dtype) for i, column in enumerate(columns))]
    table = np.empty(rows, np.dtype(layout))
    table["header"] = local
    for i, column in enumerate(columns):
        table[f"field_{i}"] = column
    return encode_definition(number, local, fields, columns, big_endian=big_endian) + table.tobytes()


def encode_definition(
    number: int,
    local: int,
    fields: Sequence[FitField],
    columns: Sequence[npt.NDArray[np.generic]],
    *,
    big_endian: bool,
) -> bytes:
    """Encode a definition message."""
    order = ">" if big_endian else "<"
    definition = struct.pack(f"{order}BBBHB", 0x40 | local, 0, big_endian, number, len(fields))
    for field, column in zip(fields, columns, strict=True):
        definition += bytes((field.number, column.dtype.itemsize, BY_NAME[field.base_type].number))
    return definition


def _raw_column(field: FitField, rows: int, *, big_endian: bool) -> npt.NDArray[np.generic]:
    base = BY_NAME[field.base_type]
    if isinstance(field.value, str):
        text = field.value.encode()[:254] + b"\0"
        return np.full(rows, np.void(text), f"V{len(text)}")
    dtype = np.dtype(base.dtype(big_endian=big_endian))
    value = np.asarray(np.nan if field.value is None else field.value, np.float64)
    if dtype.kind == "f":
        return np.broadcast_to(value.astype(dtype), rows)
    limits = np.iinfo(dtype)
    is_valid = np.isfinite(value) & (value >= limits.min) & (value <= limits.max)
    return np.broadcast_to(np.where(is_valid, np.rint(value), float(base.invalid or 0)).astype(dtype), rows)


def _file_id(recording: Recording, created_at: datetime | None) -> list[FitField]:
    device = recording.device
    starts = [session.started_at for session in recording.sessions if session.started_at]
    created = created_at or (starts[0] if starts else None)
    is_garmin = device.manufacturer == "garmin"
    product = profile.numbers("garmin_product").get(device.product) if is_garmin else None
    fields = [
        FitField(0, "enum", profile.numbers("file")[recording.file_type]),
        FitField(1, "uint16", _number("manufacturer", device.manufacturer)),
        FitField(2, "uint16", product),
        FitField(3, "uint32z", device.serial_number),
        FitField(4, "uint32", _fit_seconds(created)),
    ]
    if device.product and product is None:
        fields.append(FitField(8, "string", device.product))
    return fields


def _record(samples: Samples) -> list[FitField]:
    clock_set = samples.timestamp_s >= profile.EPOCH_S
    timestamps = np.where(clock_set, samples.timestamp_s - profile.EPOCH_S, samples.timestamp_s)
    fields = [FitField(profile.TIMESTAMP, "uint32", timestamps)]
    cadence = np.rint(samples.cadence_rpm * 128)
    whole = np.floor(cadence / 128)
    columns: list[tuple[int, str, Column]] = [
        (0, "sint32", samples.latitude_deg / DEGREES_PER_SEMICIRCLE),
        (1, "sint32", samples.longitude_deg / DEGREES_PER_SEMICIRCLE),
        (5, "uint32", samples.distance_m * 100),
        (73, "uint32", samples.speed_mps * 1000),
        (78, "uint32", (samples.altitude_m + 500) * 5),
        (7, "uint16", samples.power_w),
        (41, "uint16", samples.stance_time_ms * 10),
        (84, "uint16", samples.stance_time_balance_percent * 100),
        (39, "uint16", samples.vertical_oscillation_mm * 10),
        (83, "uint16", samples.vertical_ratio_percent * 100),
        (85, "uint16", samples.step_length_mm * 10),
        (3, "uint8", samples.heart_rate_bpm),
        (4, "uint8", whole),
        (53, "uint8", cadence - 128 * whole),
        (13, "sint8", samples.temperature_c),
    ]
    fields.extend(FitField(*column) for column in columns if not np.isnan(column[2]).all())
    return fields


def _session(session: Session, index: int) -> list[FitField]:
    started = _fit_seconds(session.started_at)
    elapsed = session.elapsed_s if session.elapsed_s is not None else session.timer_s
    cadence = None if session.avg_cadence_rpm is None else round(session.avg_cadence_rpm * 128)
    sub_sport = None if session.sub_sport is None else _number("sub_sport", session.sub_sport)
    return [
        FitField(profile.TIMESTAMP, "uint32", None if started is None else started + (elapsed or 0)),
        FitField(2, "uint32", started),
        FitField(7, "uint32", _scaled(elapsed, 1000)),
        FitField(8, "uint32", _scaled(session.timer_s, 1000)),
        FitField(9, "uint32", _scaled(session.distance_m, 100)),
        FitField(254, "uint16", index),
        FitField(22, "uint16", session.ascent_m),
        FitField(23, "uint16", session.descent_m),
        FitField(0, "enum", _EVENT_LAP),
        FitField(1, "enum", _EVENT_STOP),
        FitField(5, "enum", _number("sport", session.sport)),
        FitField(6, "enum", sub_sport),
        FitField(16, "uint8", session.avg_heart_rate_bpm),
        FitField(17, "uint8", session.max_heart_rate_bpm),
        FitField(18, "uint8", None if cadence is None else cadence // 128),
        FitField(92, "uint8", None if cadence is None else cadence % 128),
    ]


def _activity(recording: Recording) -> list[FitField]:
    timestamps = recording.samples.timestamp_s
    known = timestamps[np.isfinite(timestamps)]
    last = float(known[-1]) - profile.EPOCH_S if len(known) else None
    offset = recording.utc_offset_s
    return [
        FitField(profile.TIMESTAMP, "uint32", last),
        FitField(0, "uint32", _scaled(sum(s.timer_s or 0 for s in recording.sessions), 1000)),
        FitField(5, "uint32", None if last is None or offset is None else last + offset),
        FitField(1, "uint16", len(recording.sessions)),
        FitField(2, "enum", 0),
        FitField(3, "enum", _EVENT_ACTIVITY),
        FitField(4, "enum", _EVENT_STOP),
    ]


def _number(enumeration: str, name: str) -> int | None:
    return int(name) if name.isdecimal() else profile.numbers(enumeration).get(name)


def _fit_seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp() - profile.EPOCH_S


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale
