"""A hard run too soon after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from alerts.alert.alert import NOTHING, Alert, Before, Level
from alerts.statistics.rolling import as_date, day_numbers, padded_median, rows_by_day, span_rows
from ingest.training_days.table import IntColumn, Runs, TrainingDays


@dataclass(frozen=True, slots=True)
class HardAfterHard:
    """A hard run within a day of another, where that is not this runner's habit.

    A run is hard by its hard minutes: ``least_hard_min``, and ``hard_ratio`` times the median run of the
    ``baseline_days`` before (of ``minimum_runs`` at least). Where such a pair came ``habitual_pairs`` times
    in ``habit_days``, it is a habit and the rule is silent. For information. ``observed`` and ``expected``
    are days from one to the other. ``numbers``: ``first_min`` and ``second_min``.

    Parameters
    ----------
    least_hard_min : float
        Least hard minutes. [min]
    hard_ratio : float
        Least multiple of the median run. [unitless]
    baseline_days : int
        How far back the median run is looked for. [days]
    minimum_runs : int
        Least runs of known intensity in it.
    rest_days : int
        Days from one hard run to the next that are enough. [days]
    habit_days, habitual_pairs : int
        So many pairs in so many days are a habit.
    cool_down_days : int
        Silence after a finding. [days]
    """

    kind: ClassVar[str] = "hard_after_hard"

    least_hard_min: float
    hard_ratio: float
    baseline_days: int
    minimum_runs: int
    rest_days: int
    habit_days: int
    habitual_pairs: int
    cool_down_days: int

    def __post_init__(self) -> None:
        if not (self.rest_days > 0 and self.minimum_runs > 0 and self.hard_ratio >= 1):
            raise ValueError("hard runs need a day of rest, runs to compare with and a ratio from 1")

    @property
    def reach_days(self) -> int:
        """How far before a day it looks. [days]"""
        return self.habit_days + self.rest_days + self.baseline_days

    def __call__(self, days: TrainingDays, before: Before = NOTHING) -> list[Alert]:
        """Find the second runs of such pairs."""
        runs = days.runs
        row = rows_by_day(runs.day, runs.counts_intensity & np.isfinite(runs.hard_min))
        day, hard_min = day_numbers(runs.day[row]), runs.hard_min[row]
        start, stop = np.searchsorted(day, day - self.baseline_days), np.searchsorted(day, day)
        table, inside = span_rows(start, stop)
        count = np.where(stop - start >= self.minimum_runs, stop - start, 0)
        usual = padded_median(np.where(inside, hard_min[table], np.inf), count) if len(row) else hard_min
        with np.errstate(invalid="ignore"):
            is_hard = (hard_min >= self.least_hard_min) & (hard_min >= self.hard_ratio * usual)
        return list(self._pairs(runs, row, day, np.flatnonzero(is_hard), before))

    def _pairs(
        self, runs: Runs, row: IntColumn, day: IntColumn, hard: IntColumn, before: Before
    ) -> Iterator[Alert]:
        pairs: list[int] = []
        quiet_until = before.quiet_until(self.cool_down_days)
        for first, second in zip(hard[:-1].tolist(), hard[1:].tolist(), strict=True):
            apart, on = int(day[second] - day[first]), int(day[second])
            if apart >= self.rest_days:
                continue
            habit = sum(on - earlier <= self.habit_days for earlier in pairs)
            if on >= quiet_until and habit < self.habitual_pairs:
                quiet_until = on + self.cool_down_days
                yield self._alert(runs, row[[first, second]], apart=apart)
            pairs.append(on)

    def _alert(self, runs: Runs, pair: IntColumn, *, apart: int) -> Alert:
        first_day, day = day_numbers(runs.day[pair]).tolist()
        first_min, second_min = runs.hard_min[pair].tolist()
        return Alert(
            self.kind,
            as_date(day),
            Level.INFO,
            observed=float(apart),
            expected=float(self.rest_days),
            unit="days",
            compared_day=as_date(first_day),
            activity_id=int(runs.activity_id[pair[1]]),
            numbers=MappingProxyType({"first_min": first_min, "second_min": second_min}),
        )
