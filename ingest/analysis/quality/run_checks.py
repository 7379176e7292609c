"""All quality checks of a recording."""

from __future__ import annotations

from datetime import datetime

from ingest.analysis.cadence import TREADMILL
from ingest.analysis.intensity import IntensityHistograms
from ingest.analysis.quality.distance_checks import inspect_distances
from ingest.analysis.quality.heart_rate_checks import inspect_heart_rate
from ingest.analysis.quality.motion_checks import inspect_motion
from ingest.analysis.quality.time_checks import inspect_times
from ingest.analysis.resample import Seconds
from ingest.formats.recording import FOOT_SPORTS, Flag, Recording

DAMAGE = frozenset({"truncated", "unterminated", "undefined_message"})
"""Decoder flags after which records may be missing."""


def inspect(
    recording: Recording,
    seconds: Seconds,
    intensity: IntensityHistograms | None,
    *,
    now: datetime | None = None,
) -> tuple[Flag, ...]:
    """Check a recording of one session whose times and distance are complete."""
    session, samples = recording.sessions[0], recording.samples
    is_whole = not any(flag.code in DAMAGE for flag in recording.flags)
    found = list(inspect_times(session, samples, now, is_whole=is_whole))
    if session.sport in FOOT_SPORTS:
        indoors = session.sub_sport in TREADMILL
        found += inspect_distances(session, samples, seconds, indoors=indoors, is_whole=is_whole)
    if session.sport == "running":
        found += inspect_motion(session, samples, seconds, is_whole=is_whole)
        if intensity is not None:
            found += inspect_heart_rate(seconds, intensity)
    return tuple(found)
