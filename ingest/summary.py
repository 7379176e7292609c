"""What is kept of one activity: the facts and distributions from which every rule can be re-evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from ingest.recording import Flag

Histogram = npt.NDArray[np.int32]

HEART_RATE_BINS = 256
"""One bin a beat per minute, from 0."""

SPEED_BINS = 160
SPEED_BIN_MPS = 0.05
"""Bins of grade-adjusted speed, from 0 to 8 m/s."""

BEST_EFFORT_MIN = (3, 6, 12, 20)
"""Durations of the best efforts from which critical speed is estimated. [min]"""


@dataclass(frozen=True, slots=True, eq=False)
class IntensityHistograms:
    """Seconds spent at each heart rate and at each grade-adjusted speed.

    A threshold that moves with a runner's fitness can be applied to them years later without opening
    a file: hard minutes are the tail above it.

    Parameters
    ----------
    heart_rate_s : ndarray of int, shape (256,)
        Seconds by heart rate, cleaned sample by sample; for the 99.7th percentile. [s]
    median_heart_rate_s : ndarray of int, shape (256,)
        Seconds by 30-second median heart rate, without the first three minutes; for hard minutes. [s]
    speed_s : ndarray of int, shape (160,)
        Seconds by 30-second grade-adjusted speed, in bins of 0.05 m/s. [s]
    best_effort_m : ndarray of float, shape (4,)
        Farthest grade-adjusted distance within 3, 6, 12 and 20 minutes; NaN where shorter. [m]
    """

    heart_rate_s: Histogram
    median_heart_rate_s: Histogram
    speed_s: Histogram
    best_effort_m: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        shapes = (
            self.heart_rate_s.shape,
            self.median_heart_rate_s.shape,
            self.speed_s.shape,
            self.best_effort_m.shape,
        )
        expected = ((HEART_RATE_BINS,), (HEART_RATE_BINS,), (SPEED_BINS,), (len(BEST_EFFORT_MIN),))
        if shapes != expected:
            raise ValueError(f"histograms of shape {shapes}, expected {expected}")


@dataclass(frozen=True, slots=True, eq=False)
class ActivitySummary:
    """One session of one file, as the database keeps it.

    ``steady_speed_mps`` and ``steady_cadence_spm`` are medians over the run's ``steady_windows`` steady
    half-minutes; None where the run has none. ``device`` is hostile text from the file. ``intensity`` is
    None where there is nothing to count (no samples). The ``counts_*`` marks are the quality gate's:
    whether the run may stand for mileage, intensity and cadence.
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
    intensity: IntensityHistograms | None
    records: int
    flags: tuple[Flag, ...] = ()
    counts_distance: bool = True
    counts_intensity: bool = True
    counts_cadence: bool = True

    def __post_init__(self) -> None:
        if self.started_at.tzinfo is None:
            raise ValueError("an activity starts at an aware time")

    @property
    def is_run(self) -> bool:
        """Whether this counts as running; walks and hikes do not."""
        return self.sport == "running"
