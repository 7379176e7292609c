"""Training days: the gap-free, typed table that every detector reads."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from ingest.cadence import surface
from ingest.outings import (
    all_allow,
    leading_rows,
    local_days,
    outing_numbers,
    outing_starts,
    outing_totals,
    started_s,
    sums_by,
)
from ingest.recording import Column
from ingest.summary import ActivitySummary
from ingest.thresholds import BASIS_HEART_RATE, BASIS_NONE, BASIS_SPEED, judge_intensity

Days = npt.NDArray[np.datetime64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

__all__ = [
    "BASIS_HEART_RATE",
    "BASIS_NONE",
    "BASIS_SPEED",
    "Days",
    "Mask",
    "Runs",
    "StoredActivity",
    "TrainingDays",
    "Whole",
    "supposing_all_count",
    "training_days",
]


@dataclass(frozen=True, slots=True, eq=False)
class StoredActivity:
    """An activity as the database returns it."""

    id: int
    summary: ActivitySummary


def _unknown() -> Column:
    return np.zeros(0)


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
        Equal numbers mean comparable cadence: same surface (``ingest.cadence.surface``), same device.
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
        end = np.datetime64(last, "D")
        return self._take(self.day <= end, self.runs.day <= end)

    def since(self, first: date) -> TrainingDays:
        """The days from ``first`` on, with their runs."""
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


def training_days(
    activities: Sequence[StoredActivity],
    *,
    time_zone: ZoneInfo,
    today: date,
    hard_heart_rate_bpm: float | None = None,
) -> TrainingDays:
    """Lay activities out by day, from the first of them to ``today``; without any the table is empty.

    An activity belongs to the local day of its start: by the file's own offset from UTC where it has one
    (a run in Japan belongs to the Japanese day), else in the runner's zone. What comes after ``today`` and
    what the gate found dated wrongly is left out. Pieces of one outing are one row; copies are no business of
    this table: the store gives each activity once.

    What a row says rests on its own day and those before it. Hard minutes are those at or above
    ``hard_heart_rate_bpm``, else the threshold in the file, else what was hard for this runner in the
    half-year up to that day; without heart rate, above what was fast.
    """
    known = [a for a in activities if all(flag.word != "clock" for flag in a.summary.flags)]
    known.sort(key=lambda a: (a.summary.started_at, a.id))
    day = local_days([a.summary for a in known], time_zone)
    is_past = day <= np.datetime64(today, "D")
    is_run = np.array([a.summary.is_run for a in known], dtype=np.bool_)
    runs, run_day = _take(known, is_past & is_run), day[is_past & is_run]
    others, other_day = _take(known, is_past & ~is_run), day[is_past & ~is_run]
    every_day = np.concatenate((run_day, other_day))
    first = every_day.min() if len(every_day) else np.datetime64(today, "D") + 1
    cross_min = np.array([a.summary.timer_s for a in others]) / 60
    return _by_day(
        np.arange(first, np.datetime64(today, "D") + 1),
        _outings(runs, run_day, hard_heart_rate_bpm),
        other_day,
        cross_min,
    )


def supposing_all_count(days: TrainingDays) -> TrainingDays:
    """The same history as if the quality gate had held nothing back."""
    every = np.ones(len(days.runs), np.bool_)
    runs = dataclasses.replace(days.runs, counts_distance=every, counts_intensity=every, counts_cadence=every)
    return _by_day(days.day, runs, days.day, days.cross_min)


def _take(activities: Sequence[StoredActivity], rows: Mask) -> list[StoredActivity]:
    return [activities[row] for row in np.flatnonzero(rows).tolist()]


def _outings(runs: Sequence[StoredActivity], day: Days, setting_bpm: float | None) -> Runs:
    """Join runs to outings."""
    summaries = [run.summary for run in runs]
    timer_s = np.array([s.timer_s for s in summaries])
    distance_m = _floats(s.distance_m for s in summaries)
    windows = np.array([s.steady_windows for s in summaries], np.int64)
    judged = judge_intensity(summaries, day, setting_bpm)
    basis = judged.basis
    start_s = started_s(summaries)
    number = outing_numbers(start_s, timer_s, _floats(s.elapsed_s for s in summaries), day)
    first = outing_starts(number)
    steady = leading_rows(number, windows.astype(np.float64))
    leading = leading_rows(number, np.where(basis == BASIS_NONE, -1.0, timer_s))
    last = np.append(first[1:], len(runs))[: len(first)] - 1
    hard_min = np.where(basis == basis[leading][number], judged.hard_min, 0.0)
    return Runs(
        activity_id=np.array([run.id for run in runs], np.int64)[first],
        started_at=start_s[first].astype("datetime64[s]"),
        day=day[first],
        distance_m=outing_totals(distance_m, number, len(first)),
        timer_s=outing_totals(timer_s, number, len(first)),
        hard_min=outing_totals(hard_min, number, len(first)),
        hard_basis=basis[leading],
        hard_source=_codes((basis[row], summaries[row].device) for row in leading),
        steady_speed_mps=_floats(summaries[row].steady_speed_mps for row in steady),
        steady_cadence_spm=_floats(summaries[row].steady_cadence_spm for row in steady),
        steady_windows=windows[steady],
        stratum=_codes((_ground(summaries[row]), summaries[row].device) for row in steady),
        counts_distance=all_allow(number, len(first), [s.counts_distance for s in summaries]),
        counts_intensity=all_allow(number, len(first), [s.counts_intensity for s in summaries]),
        counts_cadence=all_allow(number, len(first), [s.counts_cadence for s in summaries]),
        ascent_m=outing_totals(_floats(s.ascent_m for s in summaries), number, len(first)),
        descent_m=outing_totals(_floats(s.descent_m for s in summaries), number, len(first)),
        begins_hard=judged.begins_hard[first],
        ends_hard=judged.ends_hard[last],
        cadence_fade_percent=_floats(summaries[row].cadence_fade_percent for row in steady),
        stance_time_ms=_floats(summaries[row].stance_time_ms for row in steady),
        stance_balance_percent=_floats(summaries[row].stance_balance_percent for row in steady),
        vertical_ratio_percent=_floats(summaries[row].vertical_ratio_percent for row in steady),
        edwards_au=outing_totals(judged.edwards_au, number, len(first)),
        banister_au=outing_totals(judged.banister_au, number, len(first)),
    )


def _ground(summary: ActivitySummary) -> str:
    return surface(summary.sub_sport, has_position=all(flag.word != "no_position" for flag in summary.flags))


def _by_day(day: Days, runs: Runs, other_day: Days, other_min: Column) -> TrainingDays:
    """Sum up what happened on each of consecutive days."""
    n = len(day)
    row = (runs.day - day[:1]).astype(np.int64)
    counts = runs.counts_distance | runs.counts_intensity | runs.counts_cadence
    is_judged = runs.counts_intensity & np.isfinite(runs.hard_min)
    run_count = np.bincount(row[counts], minlength=n)
    is_unknown = (run_count > 0) & (np.bincount(row[is_judged], minlength=n) == 0)
    run_m = np.where(runs.counts_distance, np.nan_to_num(runs.distance_m), 0.0)
    hard_min = sums_by(row[is_judged], runs.hard_min[is_judged], n)
    return TrainingDays(
        day=day,
        run_m=sums_by(row, run_m, n),
        run_count=run_count,
        hard_min=np.where(is_unknown, np.nan, hard_min),
        cross_min=sums_by((other_day - day[:1]).astype(np.int64), other_min, n),
        runs=runs,
    )


def _floats(values: Iterable[float | None]) -> Column:
    """Numbers, NaN where unknown."""
    return np.array([np.nan if value is None else value for value in values])


def _codes(keys: Iterable[Hashable]) -> Whole:
    """Number keys in the order in which they first appear, so that later ones change none."""
    seen: dict[Hashable, int] = {}
    return np.array([seen.setdefault(key, len(seen)) for key in keys], np.int64)
