"""Training days: the gap-free, typed table that every detector reads.

It holds completed runs only. Planned runs are in the journal: detectors are causal and must not see them.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from ingest.analysis.thresholds import BASIS_HEART_RATE, BASIS_NONE, BASIS_SPEED
from ingest.formats.recording import Column
from ingest.storage.stored_activity import StoredActivity

Days = npt.NDArray[np.datetime64]
IntColumn = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

__all__ = [
    "BASIS_HEART_RATE",
    "BASIS_NONE",
    "BASIS_SPEED",
    "Days",
    "IntColumn",
    "Mask",
    "Runs",
    "StoredActivity",
    "TrainingDays",
]


def _unknown() -> Column:
    return np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs in order of their start; each column has shape (m,).

    A row is one run: recordings less than 30 minutes apart are merged. Runs excluded by the quality checks
    stay in the table with ``counts_*`` False.

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
        Equal numbers mean comparable cadence: same device and same ``ingest.analysis.cadence.surface``.
    counts_distance, counts_intensity, counts_cadence : ndarray of bool
        Whether the quality gate lets the run stand for it.
    ascent_m, descent_m : ndarray
        Climbed and descended. [m]
    begins_hard, ends_hard : ndarray
        1 where three of the first ten minutes, or the median of the last five, were hard by the threshold
        of that day, else 0. [unitless]
    cadence_fade_percent : ndarray
        Cadence of the last third against the first at matched speed, of runs longer than an hour. [%]
    stance_time_ms, stance_balance_percent, vertical_ratio_percent : ndarray
        Medians over the steady half-minutes; of a merged outing, those of the piece that has most of them.
        [ms], [% on the left foot], [%]
    edwards_au, banister_au : ndarray
        Training impulse by heart rate, for charts. [arbitrary units]

    The columns from ``ascent_m`` on are NaN where unknown, and throughout where nobody gives them.
    """

    activity_id: IntColumn
    started_at: Days
    day: Days
    distance_m: Column
    timer_s: Column
    hard_min: Column
    hard_basis: IntColumn
    hard_source: IntColumn
    steady_speed_mps: Column
    steady_cadence_spm: Column
    steady_windows: IntColumn
    stratum: IntColumn
    counts_distance: Mask
    counts_intensity: Mask
    counts_cadence: Mask
    ascent_m: Column = field(default_factory=_unknown)
    descent_m: Column = field(default_factory=_unknown)
    begins_hard: Column = field(default_factory=_unknown)
    ends_hard: Column = field(default_factory=_unknown)
    cadence_fade_percent: Column = field(default_factory=_unknown)
    stance_time_ms: Column = field(default_factory=_unknown)
    stance_balance_percent: Column = field(default_factory=_unknown)
    vertical_ratio_percent: Column = field(default_factory=_unknown)
    edwards_au: Column = field(default_factory=_unknown)
    banister_au: Column = field(default_factory=_unknown)

    def __post_init__(self) -> None:
        for one in dataclasses.fields(self):
            if len(getattr(self, one.name)) != len(self.day):
                if one.default_factory is dataclasses.MISSING:
                    raise ValueError(f"runs: {one.name} has another length than day")
                object.__setattr__(self, one.name, np.full(len(self.day), np.nan))

    def __len__(self) -> int:
        return len(self.day)

    def take(self, rows: Mask | slice) -> Runs:
        """Select rows."""
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
        Runs that count for anything: a run without distance is no rest either.
    hard_min : ndarray, shape (n,)
        Hard minutes, 0 on days without; NaN on days with runs of unknown intensity only. [min]
    cross_min : ndarray, shape (n,)
        Minutes of other sports. [min]
    runs : Runs
        The runs behind the sums.
    """

    day: Days
    run_m: Column
    run_count: IntColumn
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
        """Last day of the table; None if it is empty."""
        return self.day[-1].astype(date) if len(self) else None

    def until(self, last: date) -> TrainingDays:
        """The table as known at the end of ``last``, without later days."""
        end = np.datetime64(last, "D")
        return self._take(self.day <= end, self.runs.day <= end)

    def since(self, first: date) -> TrainingDays:
        """The table from ``first`` on."""
        begin = np.datetime64(first, "D")
        return self._take(self.day >= begin, self.runs.day >= begin)

    def _take(self, rows: Mask, runs: Mask) -> TrainingDays:
        return TrainingDays(
            self.day[rows],
            self.run_m[rows],
            self.run_count[rows],
            self.hard_min[rows],
            self.cross_min[rows],
            self.runs.take(runs),
        )
