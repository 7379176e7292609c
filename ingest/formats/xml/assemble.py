"""Build a ``Recording`` from track points and sessions."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from ingest.formats.recording import NO_SPORT, Column, Device, Flag, Recording, Samples, Session
from ingest.formats.xml.points import TrackPoints, distance_from_positions, strides
from ingest.formats.xml.sports import UNKNOWN


def build_recording(
    points: TrackPoints,
    sessions: Sequence[Session],
    *,
    device: Device,
    utc_offset_s: int | None,
    flags: tuple[Flag, ...] = (),
) -> Recording:
    """Build a recording; missing session values are computed from the points."""
    samples = points.samples()
    odd = list(flags)
    for session in sessions:
        samples, found = _completed(samples, points, session)
        odd += (flag for flag in found if flag not in odd)
    return Recording(
        samples=samples,
        sessions=tuple(_filled(session, samples, points) for session in sessions),
        device=device,
        utc_offset_s=utc_offset_s,
        flags=tuple(odd),
    )


def _completed(samples: Samples, points: TrackPoints, session: Session) -> tuple[Samples, list[Flag]]:
    """Fill in distance from positions, and convert cadence to strides."""
    here = slice(session.first, session.stop)
    part = samples.between(session.first, session.stop)
    distance_m, cadence_rpm = samples.distance_m.copy(), samples.cadence_rpm.copy()
    if not np.isfinite(part.distance_m).any():
        breaks = [edge - session.first for edge in points.breaks]
        distance_m[here] = distance_from_positions(part, breaks)
    cadence_rpm[here], flags = strides(part.cadence_rpm, session.sport)
    found = list(flags)
    if session.sport == UNKNOWN:
        found.append(NO_SPORT)
    return dataclasses.replace(samples, distance_m=distance_m, cadence_rpm=cadence_rpm), found


def _filled(session: Session, samples: Samples, points: TrackPoints) -> Session:
    part = samples.between(session.first, session.stop)
    times = _known(part.timestamp_s)
    distances = _known(part.distance_m)
    heart_rate = _known(part.heart_rate_bpm)
    cadence = part.cadence_rpm[part.cadence_rpm > 0]
    span_s = max(float(times[-1] - times[0]), 0.0) if len(times) else 0.0
    timer_s = session.timer_s or points.recorded_s(samples, session.first, session.stop) or None
    started_at = datetime.fromtimestamp(float(times[0]), UTC) if len(times) else None
    return dataclasses.replace(
        session,
        started_at=session.started_at or started_at,
        timer_s=timer_s,
        elapsed_s=max(span_s, timer_s or 0.0) or None,
        distance_m=session.distance_m or (float(distances[-1]) if len(distances) else None),
        avg_heart_rate_bpm=_mean(heart_rate) or session.avg_heart_rate_bpm,
        max_heart_rate_bpm=session.max_heart_rate_bpm
        or (float(heart_rate.max()) if len(heart_rate) else None),
        avg_cadence_rpm=_mean(cadence),
    )


def _known(column: Column) -> Column:
    return column[np.isfinite(column)]


def _mean(column: Column) -> float | None:
    return float(column.mean()) if len(column) else None
