"""What several sessions have in common: no warm-up, steps that fade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from alerts.alert.alert import NOTHING, Alert, Before, Level
from alerts.statistics.rolling import as_date, day_numbers, rows_by_day, span_sum
from ingest.training_days.table import IntColumn, Mask, Runs, TrainingDays


@dataclass(frozen=True, slots=True)
class _Habit:
    """One of the newest runs of a sort, with how many of them show something."""

    place: int
    recent: IntColumn
    count: int


@dataclass(frozen=True, slots=True)
class NoWarmUp:
    """Hard runs that were hard from the start, more often than not.

    Of the last ``recent_runs`` hard runs within ``window_days``, ``least_runs`` were hard for three of their
    first ten minutes, the newest among them. Where ``largest_share`` of all runs of those days begin hard,
    the threshold is not this runner's, and the rule is silent. For information. ``observed`` is how many,
    ``expected`` none. ``numbers``: ``hard_runs``, of how many; ``no_cool_down_runs``, how many ended hard.

    Parameters
    ----------
    least_hard_min : float
        Hard minutes from which a run is hard. [min]
    recent_runs, least_runs : int
        Hard runs looked at, and how many of them must begin hard.
    window_days : int
        How far back they may lie. [days]
    largest_share : float
        Share of all runs of those days, easy ones too, that may begin hard. [unitless]
    cool_down_days : int
        Silence after a finding. [days]
    """

    kind: ClassVar[str] = "no_warm_up"

    least_hard_min: float
    recent_runs: int
    least_runs: int
    window_days: int
    largest_share: float
    cool_down_days: int

    def __post_init__(self) -> None:
        if not (0 < self.least_runs <= self.recent_runs and 0 < self.largest_share <= 1):
            raise ValueError("the runs without a warm-up are some of those looked at, and a share of all")

    @property
    def reach_days(self) -> int:
        """How far before a day it looks: at runs, each of which has such days of its own. [days]"""
        return 2 * self.window_days

    def __call__(self, days: TrainingDays, before: Before = NOTHING) -> list[Alert]:
        """Find the runs with which it became a habit."""
        runs = days.runs
        known = rows_by_day(runs.day, runs.counts_intensity & np.isfinite(runs.begins_hard))
        every_day = day_numbers(runs.day[known])
        begins = runs.begins_hard[known]
        start, stop = np.searchsorted(every_day, every_day - self.window_days), np.arange(1, len(known) + 1)
        is_usual = span_sum(begins, start, stop) < self.largest_share * (stop - start)
        is_hard = runs.hard_min[known] >= self.least_hard_min
        row, day = known[is_hard], every_day[is_hard]
        shows = (begins == 1)[is_hard] & is_usual[is_hard]
        ends = runs.ends_hard[row] == 1
        return [
            _about(
                self.kind,
                runs,
                int(row[habit.place]),
                observed=float(habit.count),
                expected=0.0,
                unit="runs",
                hard_runs=float(len(habit.recent)),
                no_cool_down_runs=float(ends[habit.recent].sum()),
            )
            for habit in _habits(self, day, shows, before)
        ]


@dataclass(frozen=True, slots=True)
class FormFade:
    """Long runs in which the steps become fewer towards the end at the same pace, more often than not.

    Of the last ``recent_runs`` runs of more than an hour within ``window_days``, ``least_runs`` fade by
    ``fade_percent``, the newest among them. For information. ``observed`` is the median change of those that
    fade, ``expected`` none. ``numbers``: ``fading_runs`` of ``long_runs``.

    Parameters
    ----------
    fade_percent : float
        Cadence of the last third against the first at matched speed, from which a run fades. [%]
    recent_runs, least_runs : int
        Long runs looked at, and how many of them must fade.
    window_days : int
        How far back they may lie. [days]
    cool_down_days : int
        Silence after a finding. [days]
    """

    kind: ClassVar[str] = "form_fade"

    fade_percent: float
    recent_runs: int
    least_runs: int
    window_days: int
    cool_down_days: int

    def __post_init__(self) -> None:
        if not (0 < self.least_runs <= self.recent_runs and self.fade_percent > 0):
            raise ValueError("a fade is above 0, and the runs that fade are some of those looked at")

    @property
    def reach_days(self) -> int:
        """How far before a day it looks. [days]"""
        return self.window_days

    def __call__(self, days: TrainingDays, before: Before = NOTHING) -> list[Alert]:
        """Find the runs with which it became a habit."""
        runs = days.runs
        row = rows_by_day(runs.day, runs.counts_cadence & np.isfinite(runs.cadence_fade_percent))
        fade = runs.cadence_fade_percent[row]
        shows = fade <= -self.fade_percent
        return [
            _about(
                self.kind,
                runs,
                int(row[habit.place]),
                observed=float(np.median(fade[habit.recent][shows[habit.recent]])),
                expected=0.0,
                unit="%",
                fading_runs=float(habit.count),
                long_runs=float(len(habit.recent)),
            )
            for habit in _habits(self, day_numbers(runs.day[row]), shows, before)
        ]


def _habits(rule: NoWarmUp | FormFade, day: IntColumn, shows: Mask, before: Before) -> Iterator[_Habit]:
    """The runs with which something was seen often enough, with the cool-down kept."""
    quiet_until = before.quiet_until(rule.cool_down_days)
    for place in np.flatnonzero(shows).tolist():
        recent = np.arange(max(place - rule.recent_runs + 1, 0), place + 1)
        recent = recent[day[recent] > day[place] - rule.window_days]
        count = int(shows[recent].sum())
        if count >= rule.least_runs and day[place] >= quiet_until:
            quiet_until = int(day[place]) + rule.cool_down_days
            yield _Habit(place, recent, count)


def _about(  # noqa: PLR0913 - a finding about one run has so much to say
    kind: str,
    runs: Runs,
    row: int,
    *,
    observed: float,
    expected: float,
    unit: str,
    **numbers: float,
) -> Alert:
    return Alert(
        kind,
        as_date(day_numbers(runs.day[[row]])[0]),
        Level.INFO,
        observed=observed,
        expected=expected,
        unit=unit,
        activity_id=int(runs.activity_id[row]),
        numbers=MappingProxyType(numbers),
    )
