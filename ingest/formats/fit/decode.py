"""The way in: the bytes of a FIT file as a recording."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, islice

import numpy as np

from ingest.formats.fit import profile
from ingest.formats.fit.file_facts import MAX_MESSAGES, FileMetadata, read_file_metadata
from ingest.formats.fit.hr_messages import MAX_BEATS, Beats, fill_heart_rate, read_beats
from ingest.formats.fit.protocol.container import FitFiles
from ingest.formats.fit.quantities import join_samples
from ingest.formats.fit.records import read_records
from ingest.formats.fit.sessions import UNKNOWN_SPORT, derived_session, placed_sessions
from ingest.formats.recording import NO_SPORT, Flag, Recording, Samples, Session

ACTIVITY = "activity"


def decode_fit(data: bytes) -> Recording:
    """Read a FIT file; what is whole before damage is kept, and the damage is flagged.

    Files that were put one behind the other become one recording with the sessions of all. An activity
    that was cut off before its session message gets one made from its samples.

    Raises
    ------
    FitDecodeError
        If the data is no FIT, or holds no whole message.
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
    """What each file holds, one file after the other."""
    facts, parts, beats = [], [], list[Beats]()
    for index in files:
        facts.append(read_file_metadata(index))
        parts.append(read_records(index))
        beats.append(read_beats(index, limit=MAX_BEATS - sum(map(len, beats))))
    return facts, parts, beats


def _sessions(
    facts: Sequence[FileMetadata], parts: Sequence[Samples], samples: Samples
) -> tuple[Session, ...]:
    """Sessions of all files that are activities, or say nothing of what they are."""
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
    """Whether times count from when the watch was switched on: the clock waits for its first position."""
    is_unset = bool((samples.timestamp_s < profile.CLOCK_SET_S).any())
    starts_unknown = any(session.started_at is None for session in sessions)
    if not is_unset and not starts_unknown:
        return ()
    first = int(np.nanmin(samples.timestamp_s)) if is_unset else None
    detail = "a session has no start" if first is None else f"first timestamp {first} s after switching on"
    return (Flag("clock_not_set", detail),)


def _sport_flags(sessions: Sequence[Session]) -> tuple[Flag, ...]:
    """Whether the end that names the sport is missing, and nothing before it did."""
    return (NO_SPORT,) if any(session.sport == UNKNOWN_SPORT for session in sessions) else ()
