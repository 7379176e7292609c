"""Sessions and their samples: assigned by time, or derived from samples if the file is truncated."""

from __future__ import annotations

import dataclasses
import sys
from itertools import pairwise

import numpy as np

from ingest.formats.fit import profile
from ingest.formats.fit.file_metadata import FileMetadata, fit_datetime
from ingest.formats.fit.quantities import unix_seconds
from ingest.formats.recording import Column, Samples, Session

Bounds = tuple[int, int]

UNKNOWN_SPORT = "unknown"

LONGEST_S = 0xFFFFFFFF / 1_000
"""Maximum duration in a session message. [s]"""


def placed_sessions(facts: FileMetadata, samples: Samples, offset: int) -> tuple[Session, ...]:
    """Sessions of one file with their sample bounds, counted from ``offset``."""
    if len(facts.sessions) == 1:
        # With one session, all samples belong to it, whatever the clock says.
        bounds = [(0, len(samples))]
    else:
        bounds = [
            _between(samples.timestamp_s, start, session.elapsed_s)
            for session, start in zip(facts.sessions, facts.starts_s, strict=True)
        ]
    return tuple(
        dataclasses.replace(session, first=offset + first, stop=offset + stop)
        for session, (first, stop) in zip(facts.sessions, _without_overlap(bounds), strict=True)
    )


def derived_session(samples: Samples, sport: tuple[str, str | None] | None) -> tuple[Session, ...]:
    """Derive a session from samples, for an activity without one; empty if they span no time."""
    times = samples.timestamp_s[np.isfinite(samples.timestamp_s)]
    if len(times) < 2:
        return ()
    first_s, span_s = float(times[0]), max(float(times[-1] - times[0]), 0.0)
    # After a clock jump the duration is computed from the samples later.
    elapsed_s = span_s if span_s <= LONGEST_S else None
    name, sub_sport = sport or (UNKNOWN_SPORT, None)
    distances = samples.distance_m[np.isfinite(samples.distance_m)]
    session = Session(
        sport=name,
        sub_sport=sub_sport,
        started_at=fit_datetime(first_s - profile.EPOCH_S),
        timer_s=elapsed_s,
        elapsed_s=elapsed_s,
        distance_m=float(distances[-1]) if len(distances) else None,
        avg_heart_rate_bpm=_mean(samples.heart_rate_bpm),
        max_heart_rate_bpm=_largest(samples.heart_rate_bpm),
        avg_cadence_rpm=_mean(samples.cadence_rpm),
        stop=len(samples),
    )
    return (session,)


def _between(timestamp_s: Column, start: float | None, elapsed_s: float | None) -> Bounds:
    """First and last (excluded) sample during a session; (0, 0) if there are none."""
    if start is None:
        return 0, 0
    since = timestamp_s - unix_seconds(start)
    # Samples have whole seconds, so the last may be written up to one after the end.
    last = np.inf if elapsed_s is None else np.ceil(elapsed_s)
    inside = np.flatnonzero((since >= 0) & (since <= last))
    return (int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 0)


def _without_overlap(bounds: list[Bounds]) -> list[Bounds]:
    """End each session where the next begins, as both may share a second at a change of sport.

    No sample belongs to two sessions; otherwise a small file with many equal sessions would be summarised
    that many times.
    """
    parted, taken = list(bounds), 0
    recorded = [place for place, (first, stop) in enumerate(bounds) if first < stop]
    starts = sorted({bounds[place][0] for place in recorded})
    following = dict(pairwise([*starts, sys.maxsize]))
    for place in sorted(recorded, key=lambda place: (bounds[place][0], place)):
        first, stop = bounds[place]
        stop = max(min(stop, following[first]), taken)
        parted[place] = (max(first, taken), stop)
        taken = stop
    return parted


def _mean(column: Column) -> float | None:
    known = column[np.isfinite(column)]
    return float(known.mean()) if len(known) else None


def _largest(column: Column) -> float | None:
    known = column[np.isfinite(column)]
    return float(known.max()) if len(known) else None
