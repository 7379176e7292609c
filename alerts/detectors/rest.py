"""Days of rest that are missing, by this runner's own habit."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from alerts.alert.alert import NOTHING, Alert, Before, Level
from alerts.statistics.rolling import as_date, day_number, spaced, span_rows, trailing_sum
from ingest.formats.recording import Column
from ingest.training_days.table import IntColumn, Mask, TrainingDays

WEEK, MONTH = 7, 28
HIGHEST_MONOTONY = 10.0
"""Seven equal days have no spread at all; they are told as this. [unitless]"""

LONGEST_RUN_DAYS = 7
"""Races go on for six days; a timer that tells of more was left running. [days]"""


@dataclass(frozen=True, slots=True)
class NoRest:
    """Many days of running in a row, or seven days alike, beyond what this runner does anyway.

    A streak is told once, on the day on which it is at least ``streak_days`` long and more than
    ``streak_ratio`` times the 90th percentile of the streaks of the year before it. Seven days are alike
    where the mean of their distances over its standard deviation passes ``monotony_limit`` and everything of
    the half-year before, in a week of at least the usual distance; they are told where nothing was said for
    ``cool_down_days``. ``after_long_runs`` adds a run that comes within ``rest_hours`` of one that was much
    too long, no oftener. Everything is for information.

    ``numbers``: of a streak ``ceiling_days``, the last day on which rest had kept it quiet; of days alike
    ``alike_days``; after a long run ``rest_hours``.

    Parameters
    ----------
    streak_days : int
        Least days in a row. [days]
    streak_ratio : float
        Multiple of the own 90th percentile. [unitless]
    streak_history_days : int
        How far back own streaks count. [days]
    minimum_streaks : int
        Fewer streaks before: silent.
    monotony_limit : float
        Least mean over standard deviation. [unitless]
    monotony_history_days : int
        How far back own weeks count, and how much history there must be. [days]
    rest_hours : float
        Least time between a run much too long and the next. [h]
    cool_down_days : int
        Silence about days alike after a finding, and about a run after a long one after another. [days]

    References
    ----------
    .. [1] C. Foster, Med. Sci. Sports Exerc. 30(7), 1164-1168, 1998.
    """

    kind: ClassVar[str] = "no_rest"

    streak_days: int
    streak_ratio: float
    streak_history_days: int
    minimum_streaks: int
    monotony_limit: float
    monotony_history_days: int
    rest_hours: float
    cool_down_days: int

    def __post_init__(self) -> None:
        if not (self.streak_days > 1 and self.streak_ratio >= 1 and self.minimum_streaks > 0):
            raise ValueError("a streak has two days, a ratio from 1 and streaks to compare with")
        if not (self.monotony_limit > 0 and self.monotony_history_days > MONTH and self.rest_hours > 0):
            raise ValueError("days alike need a limit and a history of more than four weeks")

    @property
    def reach_days(self) -> None:
        """Streaks may be of any length."""
        return None

    @property
    def after_days(self) -> int:
        """How far before a day a run may lie that it comes too soon after. [days]"""
        return LONGEST_RUN_DAYS + math.ceil(self.rest_hours / 24) + 2

    def __call__(self, days: TrainingDays, before: Before = NOTHING) -> list[Alert]:
        """Find long streaks and weeks of days alike."""
        if not len(days):
            return []
        first = day_number(days.day[0].astype(date))
        streaks = [f for f in self._streaks(days.run_count, first) if f.day >= before.since]
        return sorted([*streaks, *self._alike(days, first, streaks, before)], key=lambda found: found.day)

    def after_long_runs(
        self, days: TrainingDays, found: Iterable[Alert], before: Before = NOTHING
    ) -> list[Alert]:
        """Find runs that follow too soon after a single-run spike of caution or more.

        ``found`` are the spikes, and what this rule says by itself: on such a day it says no more.
        """
        found = list(found)
        fired_days = {alert.day for alert in found if alert.kind == self.kind}
        told = self._after(days, [alert for alert in found if alert.kind != self.kind])
        of_these = tuple(alert for alert in before.alerts if alert.unit == "h")
        since = dataclasses.replace(before, alerts=of_these).quiet_until(self.cool_down_days)
        by_day = {day_number(day): told[day] for day in sorted(told.keys() - fired_days)}
        return [by_day[day] for day in spaced(by_day, self.cool_down_days, since=since)]

    def _after(self, days: TrainingDays, spikes: Iterable[Alert]) -> dict[date, Alert]:
        runs = days.runs
        counts = runs.counts_distance | runs.counts_intensity | runs.counts_cadence
        rows = np.flatnonzero(counts)
        told: dict[date, Alert] = {}
        for spike in spikes:
            at = np.flatnonzero(runs.activity_id[rows] == spike.activity_id)
            if spike.level < Level.CAUTION or not len(at) or at[0] + 1 >= len(rows):
                continue
            row, following = rows[at[0]], rows[at[0] + 1]
            start_s = runs.started_at[[row, following]].astype("datetime64[s]").astype(np.int64)
            timer_s = np.clip(np.nan_to_num(runs.timer_s[row]), 0, LONGEST_RUN_DAYS * 86_400)
            rested_h = float(start_s[1] - start_s[0] - timer_s) / 3600
            day = runs.day[following].astype(date)
            # East over the date line a later run belongs to an earlier day, and that knows nothing of this.
            if rested_h < self.rest_hours and day >= spike.day:
                told[day] = Alert(
                    self.kind,
                    day,
                    Level.INFO,
                    observed=max(rested_h, 0.0),
                    expected=float(self.rest_hours),
                    unit="h",
                    compared_day=spike.day,
                    activity_id=int(runs.activity_id[following]),
                    numbers=MappingProxyType({"rest_hours": float(self.rest_hours)}),
                )
        return told

    def _streaks(self, run_count: IntColumn, first: int) -> Iterator[Alert]:
        starts, stops = _stretches(run_count > 0)
        lengths = (stops - starts).astype(np.float64)
        for i, (start, stop) in enumerate(zip(starts.tolist(), stops.tolist(), strict=True)):
            if stop - start < self.streak_days:
                continue
            own = lengths[:i][stops[:i] > start - self.streak_history_days]
            if len(own) < self.minimum_streaks:
                continue
            usual = float(np.percentile(own, 90))
            least = max(self.streak_days, int(np.floor(self.streak_ratio * usual)) + 1)
            if stop - start >= least:
                yield self._alert(first + start + least - 1, float(least), usual, least - 1)

    def _alert(self, day: int, streak: float, usual: float, ceiling: int) -> Alert:
        return Alert(
            self.kind,
            as_date(day),
            Level.INFO,
            observed=streak,
            expected=usual,
            unit="days",
            numbers=MappingProxyType({"ceiling_days": float(ceiling)}),
        )

    def _alike(
        self, days: TrainingDays, first: int, streaks: Iterable[Alert], before: Before
    ) -> Iterator[Alert]:
        said = tuple(alert for alert in before.alerts if alert.unit != "h")
        fired_days = sorted({day_number(alert.day) for alert in (*said[-1:], *streaks)})
        for day, own, usual in self._alike_days(days, first, before.day):
            if any(0 <= day - other < self.cool_down_days for other in fired_days):
                continue
            fired_days.append(day)
            yield Alert(
                self.kind,
                as_date(day),
                Level.INFO,
                observed=own,
                expected=usual,
                unit="times the spread",
                numbers=MappingProxyType({"alike_days": float(WEEK)}),
            )

    def _alike_days(self, days: TrainingDays, first: int, since: int) -> Iterator[tuple[int, float, float]]:
        """Days whose last seven are more alike than any before them, with how much and the most before."""
        history = self.monotony_history_days
        if len(days) <= history + WEEK:
            return
        begin = max(since - first - history - 2 * WEEK - MONTH, 0)
        run_m, run_count = days.run_m[begin:], days.run_count[begin:]
        own = monotony(run_m)
        week_m, month_m = trailing_sum(run_m, WEEK), trailing_sum(run_m, MONTH)
        with np.errstate(invalid="ignore"):
            candidate = (own > self.monotony_limit) & (week_m >= month_m * WEEK / MONTH) & (run_count > 0)
        candidate[: max(since - first - begin, history + WEEK - begin, 0)] = False
        for at in np.flatnonzero(candidate).tolist():
            usual = float(np.max(own[at - history - WEEK + 1 : at - WEEK + 1]))
            if np.isfinite(usual) and own[at] > usual:
                yield first + begin + at, float(own[at]), usual


def monotony(load: Column, *, window: int = WEEK) -> Column:
    """Evenness of the daily load over a trailing window.

    Parameters
    ----------
    load : ndarray, shape (n,)
        Daily load, rest days as 0. [any unit]
    window : int
        Length of the trailing window, at least 2. [days]

    Returns
    -------
    ndarray, shape (n,)
        Window mean over window standard deviation (of a sample), at most 10; 0 where nothing was done, NaN
        for the first ``window - 1`` days. [unitless]

    References
    ----------
    .. [1] C. Foster, Med. Sci. Sports Exerc. 30(7), 1164-1168, 1998.
    """
    stop = np.arange(1, len(load) + 1)
    row, inside = span_rows(np.maximum(stop - window, 0), stop)
    table = np.where(inside, load[row], 0.0)
    mean = table.mean(axis=1)
    spread = table.std(axis=1, ddof=1)
    even = np.where(spread > mean / HIGHEST_MONOTONY, mean / np.maximum(spread, 1e-9), HIGHEST_MONOTONY)
    even = np.where(mean > 0, even, 0.0)
    even[: window - 1] = np.nan
    return np.asarray(even)


def _stretches(holds: Mask) -> tuple[IntColumn, IntColumn]:
    """First row, and row after the last, of each stretch of True."""
    edges = np.diff(holds.astype(np.int8), prepend=0, append=0)
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
