"""Training days: the gap-free, typed table that every detector reads."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from ingest.recording import Column

Days = npt.NDArray[np.datetime64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

BASIS_NONE, BASIS_HEART_RATE, BASIS_SPEED = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs in order of their start; each column has shape (m,).

    A row is one outing: recordings of the same runner less than 30 minutes apart are one. What the
    quality gate holds back stays in the table, with its ``counts_*`` mark False.

    Parameters
    ----------
    activity_id : ndarray of int
        The stored activity; of a merged outing, its first.
    started_at : ndarray of datetime64[s]
        Start. [UTC]
    day : ndarray of datetime64[D]
        Local calendar day of the start.
    distance_m, timer_s : ndarray
        Covered distance and time in motion. [m], [s]
    hard_min : ndarray
        Minutes above the runner's hard threshold as known on that day; NaN where unknown. [min]
    hard_basis : ndarray of int
        What ``hard_min`` rests on: 0 nothing, 1 heart rate, 2 grade-adjusted speed.
    hard_source : ndarray of int
        Equal numbers mean the same basis from the same device: only those may share a baseline.
    steady_speed_mps, steady_cadence_spm : ndarray
        Medians over the steady half-minutes; NaN where there are none. [m/s], [1/min]
    steady_windows : ndarray of int
        How many steady half-minutes there are.
    stratum : ndarray of int
        Equal numbers mean comparable cadence: same surface (road, track, trail, treadmill), same device.
    counts_distance, counts_intensity, counts_cadence : ndarray of bool
        Whether the quality gate lets the run stand for it.
    """

    activity_id: Whole
    started_at: Days
    day: Days
    distance_m: Column
    timer_s: Column
    hard_min: Column
    hard_basis: Whole
    hard_source: Whole
    steady_speed_mps: Column
    steady_cadence_spm: Column
    steady_windows: Whole
    stratum: Whole
    counts_distance: Mask
    counts_intensity: Mask
    counts_cadence: Mask

    def __len__(self) -> int:
        return len(self.day)

    def take(self, rows: Mask | slice) -> Runs:
        """The given rows as runs."""
        return Runs(*(getattr(self, field.name)[rows] for field in dataclasses.fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class TrainingDays:
    """One runner's history, one row per local calendar day from the first activity to ``today``.

    Parameters
    ----------
    day : ndarray of datetime64[D], shape (n,)
        Consecutive days; the last is the day on which the question is asked.
    run_m : ndarray, shape (n,)
        Distance run, rest days as 0; only runs that count. [m]
    run_count : ndarray of int, shape (n,)
        Runs that count.
    hard_min : ndarray, shape (n,)
        Hard minutes, 0 on days without; NaN on days with runs of unknown intensity only. [min]
    cross_min : ndarray, shape (n,)
        Minutes of other sports. [min]
    runs : Runs
        The runs behind the sums.
    """

    day: Days
    run_m: Column
    run_count: Whole
    hard_min: Column
    cross_min: Column
    runs: Runs

    def __post_init__(self) -> None:
        if len(self.day) > 1 and not (np.diff(self.day) == np.timedelta64(1, "D")).all():
            raise ValueError("training days have a gap")

    def __len__(self) -> int:
        return len(self.day)

    @property
    def today(self) -> date | None:
        """The last day of the table; None where it is empty."""
        return self.day[-1].astype(date) if len(self) else None

    def until(self, last: date) -> TrainingDays:
        """What was known at the end of ``last``: the causal past."""
        keep = self.day <= np.datetime64(last, "D")
        return TrainingDays(
            self.day[keep],
            self.run_m[keep],
            self.run_count[keep],
            self.hard_min[keep],
            self.cross_min[keep],
            self.runs.take(self.runs.day <= np.datetime64(last, "D")),
        )
