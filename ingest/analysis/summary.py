"""Summary of one activity: all facts and histograms that the rules need."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from ingest.analysis.cadence import SteadyRunning, steady_windows, steps_per_minute
from ingest.analysis.histogram_codec import Histograms
from ingest.analysis.intensity import (
    BEST_EFFORT_MIN,
    HEART_RATE_BINS,
    SPEED_BIN_MPS,
    SPEED_BINS,
    Histogram,
    IntensityHistograms,
    grade,
    intensity_histograms,
)
from ingest.analysis.quality.flags import counts_for
from ingest.analysis.quality.run_checks import inspect
from ingest.analysis.quality.time_checks import EARLIEST_START
from ingest.analysis.resample import Seconds, resample_to_seconds
from ingest.analysis.running_form import RunningForm, climbed_m, measure_form
from ingest.errors import IngestError
from ingest.formats.recording import Column, Device, Flag, Recording, Samples, Session
from ingest.formats.sport_names import STRIDES_LIMIT_RPM

__all__ = [
    "BEST_EFFORT_MIN",
    "HEART_RATE_BINS",
    "SPEED_BINS",
    "SPEED_BIN_MPS",
    "ActivitySummary",
    "Histogram",
    "IntensityHistograms",
    "UnusableActivityError",
    "summarise",
]

LARGEST_UNIT = 2**63 - 1
FARTHEST_UTC_OFFSET_S = 14 * 3600

LONGEST_SPAN_S = 10 * 86_400.0
"""Longer recordings result from clock jumps. [s]"""


class UnusableActivityError(IngestError):
    """The activity has neither a start nor a duration; the message is shown to the runner."""


@dataclass(frozen=True, slots=True, eq=False)
class ActivitySummary:
    """Summary of one session of one file, as stored in the database.

    ``steady_speed_mps`` and ``steady_cadence_spm`` are medians over the ``steady_windows`` steady 30-second
    windows of a run; None if there are none. ``device`` is untrusted text from the file, ``device_unit`` its
    serial number. ``intensity`` is None without samples. The fields from ``opening_bpm`` on are the
    ``RunningForm``. The ``counts_*`` fields are set by the quality checks: whether the run counts for
    mileage, intensity and cadence.
    """

    sport: str
    sub_sport: str | None
    started_at: datetime
    utc_offset_s: int | None
    timer_s: float
    elapsed_s: float
    distance_m: float | None
    avg_heart_rate_bpm: float | None
    max_heart_rate_bpm: float | None
    avg_cadence_spm: float | None
    ascent_m: float | None
    descent_m: float | None
    device: str
    threshold_heart_rate_bpm: float | None
    steady_speed_mps: float | None
    steady_cadence_spm: float | None
    steady_windows: int
    intensity: Histograms | None
    records: int
    flags: tuple[Flag, ...] = ()
    counts_distance: bool = True
    counts_intensity: bool = True
    counts_cadence: bool = True
    opening_bpm: float | None = None
    opening_mps: float | None = None
    closing_bpm: float | None = None
    closing_mps: float | None = None
    cadence_fade_percent: float | None = None
    stance_time_ms: float | None = None
    stance_balance_percent: float | None = None
    vertical_ratio_percent: float | None = None
    device_unit: int | None = None

    def __post_init__(self) -> None:
        if self.started_at.tzinfo is None:
            raise ValueError("an activity starts at an aware time")

    @property
    def is_run(self) -> bool:
        """Whether this is a run; walks and hikes are not."""
        return self.sport == "running"


def summarise(recording: Recording, *, now: datetime | None = None) -> ActivitySummary:
    """Summarise a recording of exactly one session, as given by ``Recording.parts``.

    Values reported by the watch are used, missing ones are computed from the samples. ``now`` lets the
    quality checks detect a start in the future.

    Raises
    ------
    UnusableActivityError
        If the start is unknown, or neither a timer nor samples give the duration.
    """
    if len(recording.sessions) != 1:
        raise ValueError(f"{len(recording.sessions)} sessions, expected one")
    session, samples = recording.sessions[0], recording.samples
    if not session.timer_s and not len(samples):
        raise UnusableActivityError("The file says neither how long this took nor what was recorded.")
    spm = steps_per_minute(samples, session.sport)
    seconds = resample_to_seconds(samples, spm)
    session = _completed(session, samples, seconds)
    is_run = session.sport == "running"
    slope = grade(seconds) if is_run else None
    intensity = intensity_histograms(seconds, is_run=is_run, slope=slope) if len(samples) else None
    steady, form = SteadyRunning(), RunningForm()
    if slope is not None:
        windows = steady_windows(seconds, slope)
        steady, form = windows.medians, measure_form(samples, seconds, slope, windows)
    facts = dataclasses.replace(recording, sessions=(session,))
    facts = dataclasses.replace(facts, flags=facts.flags + inspect(facts, seconds, intensity, now=now))
    return _summary(facts, _average_steps(session, spm), steady, intensity, form)


def _summary(
    recording: Recording,
    avg_cadence_spm: float | None,
    steady: SteadyRunning,
    intensity: IntensityHistograms | None,
    form: RunningForm,
) -> ActivitySummary:
    """Assemble the summary of a completed session."""
    session, counts = recording.sessions[0], counts_for(recording.flags)
    return ActivitySummary(
        sport=session.sport,
        sub_sport=session.sub_sport,
        started_at=_known_start(session, recording.samples),
        utc_offset_s=_believable_offset_s(recording.utc_offset_s),
        timer_s=session.timer_s or 0.0,
        elapsed_s=session.elapsed_s or 0.0,
        distance_m=session.distance_m,
        avg_heart_rate_bpm=session.avg_heart_rate_bpm,
        max_heart_rate_bpm=session.max_heart_rate_bpm,
        avg_cadence_spm=avg_cadence_spm,
        ascent_m=session.ascent_m,
        descent_m=session.descent_m,
        device=str(recording.device),
        device_unit=_unit(recording.device),
        threshold_heart_rate_bpm=recording.threshold_heart_rate_bpm,
        steady_speed_mps=steady.speed_mps,
        steady_cadence_spm=steady.cadence_spm,
        steady_windows=steady.windows,
        intensity=intensity,
        records=len(recording.samples),
        flags=recording.flags,
        counts_distance=counts.counts_distance,
        counts_intensity=counts.counts_intensity,
        counts_cadence=counts.counts_cadence,
        **dataclasses.asdict(form),
    )


def _completed(session: Session, samples: Samples, seconds: Seconds) -> Session:
    """Fill in missing session values from the samples."""
    span_s = _span_s(samples.timestamp_s)
    is_recorded = seconds.is_covered[1:] & seconds.is_covered[:-1]
    timer_s = session.timer_s or float(is_recorded.sum()) or span_s
    distance_m = samples.distance_m[np.isfinite(samples.distance_m)]
    heart_rate = seconds.heart_rate_bpm[np.isfinite(seconds.heart_rate_bpm)]
    ascent_m, descent_m = session.ascent_m, session.descent_m
    if ascent_m is None and descent_m is None:
        ascent_m, descent_m = climbed_m(seconds.altitude_m)
    return dataclasses.replace(
        session,
        started_at=_known_start(session, samples),
        timer_s=timer_s,
        elapsed_s=session.elapsed_s or max(timer_s, span_s),
        distance_m=session.distance_m or (float(distance_m[-1]) if len(distance_m) else session.distance_m),
        avg_heart_rate_bpm=session.avg_heart_rate_bpm
        or (float(heart_rate.mean()) if len(heart_rate) else None),
        max_heart_rate_bpm=session.max_heart_rate_bpm
        or (float(heart_rate.max()) if len(heart_rate) else None),
        ascent_m=ascent_m,
        descent_m=descent_m,
    )


def _known_start(session: Session, samples: Samples) -> datetime:
    if session.started_at is not None:
        return session.started_at
    # A watch without a position fix counts from 1989.
    dated = samples.timestamp_s[samples.timestamp_s >= EARLIEST_START.timestamp()]
    if not len(dated):
        raise UnusableActivityError(
            "The watch’s clock was never set, so the day of this activity is unknown."
        )
    return datetime.fromtimestamp(float(dated[0]), UTC)


def _span_s(timestamp_s: Column) -> float:
    """Time from first to last sample, 0 if the clock jumped in between. [s]"""
    timed = timestamp_s[np.isfinite(timestamp_s)]
    span_s = float(timed[-1] - timed[0]) if len(timed) else 0.0
    return span_s if 0 <= span_s <= LONGEST_SPAN_S else 0.0


def _average_steps(session: Session, cadence_spm: Column) -> float | None:
    if session.sport == "running" and (session.avg_cadence_rpm or 0.0) > STRIDES_LIMIT_RPM:
        return session.avg_cadence_rpm
    stepping = cadence_spm[cadence_spm > 0]
    return session.avg_cadence_spm or (float(stepping.mean()) if len(stepping) else None)


def _unit(device: Device) -> int | None:
    """Serial number of the device; None for 0 and values out of range."""
    number = device.serial_number or 0
    return number if 0 < number <= LARGEST_UNIT else None


def _believable_offset_s(utc_offset_s: int | None) -> int | None:
    """Drop UTC offsets that do not exist."""
    return utc_offset_s if utc_offset_s is not None and abs(utc_offset_s) <= FARTHEST_UTC_OFFSET_S else None
