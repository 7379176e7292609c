"""Decode a FIT file into a ``Recording``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, islice

import numpy as np

from ingest.formats.fit import profile
from ingest.formats.fit.file_metadata import MAX_MESSAGES, FileMetadata, read_file_metadata
from ingest.formats.fit.hr_messages import MAX_BEATS, Beats, fill_heart_rate, read_beats
from ingest.formats.fit.protocol.container import FitFiles
from ingest.formats.fit.quantities import join_samples
from ingest.formats.fit.records import read_records
from ingest.formats.fit.sessions import UNKNOWN_SPORT, derived_session, placed_sessions
from ingest.formats.recording import NO_SPORT, Flag, Recording, Samples, Session

ACTIVITY = "activity"


def decode_fit(data: bytes) -> Recording:
    """Decode a FIT file; data before any damage is kept, and the damage is flagged.

    Chained files become one recording with all sessions. An activity that was cut off before its session
    message gets a session derived from its samples.

    Raises
    ------
    FitDecodeError
        If the data is not FIT, or contains no complete message.
    """
    files = FitFiles(data)
    facts, parts, beats = _read_all(files)
    samples = fill_heart_rate(join_samples(parts), beats)
    main = next((fact for fact in facts if fact.file_type == ACTIVITY), facts[0])
    file_type = main.file_type or (ACTIVITY if len(samples) else "unknown")
    sessions = _sessions(facts, parts, samples) if file_type == ACTIVITY else ()
    offsets = (fact.utc_offset_s for fact in facts)
    thresholds = (fact.threshold_heart_rate_bpm for fact in facts)
    return Recording(
        samples=samples,
        sessions=sessions,
        file_type=file_type,
        device=main.device,
        utc_offset_s=next((offset for offset in offsets if offset is not None), None),
        threshold_heart_rate_bpm=next((bpm for bpm in thresholds if bpm is not None), None),
        flags=(*files.flags, *_clock_flags(samples, sessions), *_sport_flags(sessions)),
    )


def _read_all(files: FitFiles) -> tuple[list[FileMetadata], list[Samples], list[Beats]]:
    """Read every chained file."""
    facts, parts, beats = [], [], list[Beats]()
    for index in files:
        facts.append(read_file_metadata(index))
        parts.append(read_records(index))
        beats.append(read_beats(index, limit=MAX_BEATS - sum(map(len, beats))))
    return facts, parts, beats


def _sessions(
    facts: Sequence[FileMetadata], parts: Sequence[Samples], samples: Samples
) -> tuple[Session, ...]:
    """Sessions of all chained files that are activities or do not declare a type."""
    offsets = accumulate((len(part) for part in parts), initial=0)
    sessions = (
        session
        for fact, part, offset in zip(facts, parts, offsets, strict=False)
        if fact.file_type in {ACTIVITY, None}
        for session in placed_sessions(fact, part, offset)
    )
    sport = next((fact.sport for fact in facts if fact.sport), None)
    return tuple(islice(sessions, MAX_MESSAGES)) or derived_session(samples, sport)


def _clock_flags(samples: Samples, sessions: Sequence[Session]) -> tuple[Flag, ...]:
    """Flag times that count from power-on, because the watch had no position yet."""
    is_unset = bool((samples.timestamp_s < profile.CLOCK_SET_S).any())
    starts_unknown = any(session.started_at is None for session in sessions)
    if not is_unset and not starts_unknown:
        return ()
    first = int(np.nanmin(samples.timestamp_s)) if is_unset else None
    detail = "a session has no start" if first is None else f"first timestamp {first} s after switching on"
    return (Flag("clock_not_set", detail),)


def _sport_flags(sessions: Sequence[Session]) -> tuple[Flag, ...]:
    """Flag a missing sport."""
    return (NO_SPORT,) if any(session.sport == UNKNOWN_SPORT for session in sessions) else ()
