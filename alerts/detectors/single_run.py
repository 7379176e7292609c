"""One run much longer than any of the last month."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from alerts.alert.alert import NOTHING, Alert, Before, Level
from alerts.statistics.rolling import as_date, day_number, day_numbers, latest_max_row, rows_by_day, span_max
from ingest.formats.recording import Column
from ingest.training_days.table import IntColumn, Mask, Runs, TrainingDays


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest run of the window before a day, and whether the window holds enough to judge by."""

    distance_m: float
    day: date
    is_enough: bool


@dataclass(frozen=True, slots=True)
class SingleRunSpike:
    """A run longer than the longest of the window before it by more than a tenth and a kilometre.

    The window are the calendar days ``[t - window_days, t)`` and what was run earlier on day t. It must hold
    ``minimum_runs`` runs, and its first run must lie ``minimum_history_days`` before t: days before it are no
    data, neither those before a first upload nor those of a break, and a runner of four days has no longest
    run yet. Otherwise the rule is silent. Every run that exceeds is a finding (of one day, the worst).

    Both distances err. Where an error of ``error_percent`` in each could have made the excess over
    ``notice_ratio``, the finding is for information, and made only where this rule said nothing for
    ``repeat_days``; beyond ``sure_ratio`` it is a notice.

    ``numbers``: ``excess_m`` beyond the longest run; ``ceiling_m``, the longest run that had kept it quiet.

    Parameters
    ----------
    window_days : int
        How far back the longest run is looked for. [days]
    notice_ratio, caution_ratio, high_ratio : float
        Run over longest run above which the level is reached. [unitless]
    error_percent : float
        Error of one distance. [%]
    repeat_days : int
        Silence after a finding about a run that such errors explain. [days]
    minimum_excess_m : float
        Least distance beyond the longest run; watches err. [m]
    minimum_runs : int
        Least runs in the window.
    minimum_history_days : int
        Least age of the window's first run. [days]

    References
    ----------
    .. [1] Frandsen et al., Br J Sports Med 59(17), 1203-1210, 2025.
    """

    kind: ClassVar[str] = "single_run_spike"

    window_days: int
    notice_ratio: float
    caution_ratio: float
    high_ratio: float
    error_percent: float
    repeat_days: int
    minimum_excess_m: float
    minimum_runs: int
    minimum_history_days: int

    def __post_init__(self) -> None:
        if not 1 <= self.notice_ratio <= self.caution_ratio <= self.high_ratio:
            raise ValueError("the ratios of a single-run spike rise from 1: notice, caution, high")
        if not (self.minimum_runs > 0 and 0 < self.minimum_history_days <= self.window_days):
            raise ValueError("a single-run spike needs a run, and a history within its window")
        if not 0 <= self.error_percent < 100:
            raise ValueError("a distance errs by some percent, and by less than all of it")

    @property
    def reach_days(self) -> int:
        """How far before a day it looks. [days]"""
        return self.window_days

    @property
    def sure_ratio(self) -> float:
        """Run over longest run above which both errors together explain no excess. [unitless]"""
        return self.notice_ratio * (1 + math.sqrt(2) * self.error_percent / 100)

    def __call__(self, days: TrainingDays, before: Before = NOTHING) -> list[Alert]:
        """Find every day with such a run."""
        day, distance_m, rows = _counted(days.runs)
        start = np.searchsorted(day, day - self.window_days)
        stop = np.arange(len(day))
        longest_m = span_max(distance_m, start, stop)
        exceeds = (distance_m > self.notice_ratio * longest_m) & (
            distance_m - longest_m >= self.minimum_excess_m
        )
        exceeds &= day >= before.day
        worst: dict[int, int] = {}
        for i in np.flatnonzero(exceeds & self._is_enough(day, day, start, stop)).tolist():
            rival = worst.get(day[i])
            if rival is None or distance_m[i] / longest_m[i] > distance_m[rival] / longest_m[rival]:
                worst[day[i]] = i
        found = [
            self._alert(
                distance_m[i],
                longest_m[i],
                on=as_date(day[i]),
                compared_day=as_date(day[latest_max_row(distance_m, start[i], stop[i])]),
                activity_id=int(days.runs.activity_id[rows[i]]),
            )
            for i in worst.values()
        ]
        return self._worth_telling(found, before.last)

    def _worth_telling(self, found: Iterable[Alert], last: Alert | None) -> list[Alert]:
        """Leave out what the error explains soon after something was said."""
        told = []
        for alert in found:
            is_fresh = last is None or (alert.day - last.day).days >= self.repeat_days
            if alert.level > Level.INFO or is_fresh:
                told.append(alert)
                last = alert
        return told

    def longest_before(self, runs: Runs, on: date) -> Longest | None:
        """The longest run of the window before a day, runs of that day left out; None where there is none."""
        day, distance_m, _ = _counted(runs)
        today = np.array([day_number(on)])
        start, stop = np.searchsorted(day, today - self.window_days), np.searchsorted(day, today)
        if stop[0] == start[0]:
            return None
        row = latest_max_row(distance_m, start[0], stop[0])
        is_enough = self._is_enough(day, today, start, stop)
        return Longest(float(distance_m[row]), as_date(day[row]), bool(is_enough[0]))

    def _is_enough(self, day: IntColumn, today: IntColumn, start: IntColumn, stop: IntColumn) -> Mask:
        """Whether each window ``[start, stop)`` before its day ``today`` holds enough to judge by."""
        if not len(day):
            return np.zeros(len(today), dtype=np.bool_)
        first = day[np.minimum(start, len(day) - 1)]
        return (stop - start >= self.minimum_runs) & (today - first >= self.minimum_history_days)

    def _alert(
        self, distance_m: float, longest_m: float, *, on: date, compared_day: date, activity_id: int
    ) -> Alert:
        ceiling_m = max(self.notice_ratio * longest_m, longest_m + self.minimum_excess_m)
        return Alert(
            self.kind,
            on,
            self._level(distance_m / longest_m),
            observed=float(distance_m),
            expected=float(longest_m),
            unit="m",
            compared_day=compared_day,
            activity_id=activity_id,
            numbers=MappingProxyType(
                {"excess_m": float(distance_m - longest_m), "ceiling_m": float(ceiling_m)}
            ),
        )

    def _level(self, ratio: float) -> Level:
        if ratio > self.caution_ratio:
            return Level.HIGH if ratio > self.high_ratio else Level.CAUTION
        return Level.NOTICE if ratio > self.sure_ratio else Level.INFO


def _counted(runs: Runs) -> tuple[IntColumn, Column, IntColumn]:
    """Day number, distance and row of the runs that count for mileage, in order of day."""
    rows = rows_by_day(runs.day, runs.counts_distance & (runs.distance_m > 0))
    return day_numbers(runs.day[rows]), runs.distance_m[rows], rows
