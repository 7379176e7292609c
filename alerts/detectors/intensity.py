"""Many more hard minutes than in the six weeks before, in two weeks or in one run."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Self

import numpy as np

from alerts.alert.alert import NOTHING, Alert, Before, Level
from alerts.statistics.rolling import (
    as_date,
    day_numbers,
    group_key,
    latest_max_row,
    rows_by_day,
    span_max,
    span_ranked,
    span_sum,
)
from ingest.formats.recording import Column
from ingest.training_days.table import IntColumn, Mask, Runs, TrainingDays

WEEK = 7
"""Spans are made of weeks, of which the newest ends with the day judged. [days]"""


@dataclass(frozen=True, slots=True, eq=False)
class _Sessions:
    """Runs of known intensity in order of source and day, so that a sorted search never mixes sources.

    ``all_day`` are the days of all runs that count for anything, in order.
    """

    key: IntColumn
    day: IntColumn
    hard_min: Column
    row: IntColumn
    all_day: IntColumn

    @classmethod
    def of(cls, runs: Runs, *, reach: int) -> Self:
        known = runs.counts_intensity & np.isfinite(runs.hard_min)
        row = rows_by_day(runs.day, known)
        day = day_numbers(runs.day[row])
        key = group_key(runs.hard_source[row], day, reach=reach)
        order = np.argsort(key, kind="stable")
        every = rows_by_day(runs.day, known | runs.counts_distance)
        return cls(
            key[order], day[order], runs.hard_min[row[order]], row[order], day_numbers(runs.day[every])
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Spans:
    """The span that ends with each session, those before it, whether span and run have a baseline."""

    now_min: Column
    most_min: Column
    most_weeks_ago: IntColumn
    is_known: Mask
    is_run_known: Mask


@dataclass(frozen=True, slots=True)
class _Spike:
    """Hard minutes of a span or a run, the most before and its day, and what would have been quiet."""

    now_min: float
    most_min: float
    ceiling_min: float
    compared_day: date
    activity_id: int | None = None


@dataclass(frozen=True, slots=True)
class HardMinutesSpike:
    """Two weeks, or one run, with far more hard minutes than any in the six weeks before.

    A run and the span that ends with it are compared with runs of its own ``hard_source`` only: heart rate
    and speed, or two devices, never share a baseline. Of the ``weeks`` before the span (or before the run's
    own week), ``minimum_weeks`` must hold runs, all of them of known intensity and from that source; a week
    with an unknown run still bounds the maximum from below. So a new device starts from nothing, and one run
    without the chest strap costs one week, not six. The rule speaks on days with such a run only.

    In a span, a run counts for no more than the second hardest of the six weeks before it: one race makes no
    hard fortnight, and hides none later; what is too much about a single run is said of that run. So a span
    tells how often it was hard, and notices one more session a week.

    A span that spikes is a finding (then silence of spans for ``cool_down_days``), and so is a run. Where
    both meet in one span, the later one, or the span of the same day, is a caution; so is a run beyond
    ``session_caution_ratio`` with as many minutes more as a span needs. A finding about a run has its
    ``activity_id``; one about a span has none.

    ``numbers``: ``excess_min``; ``ceiling_min``, what had kept it quiet; ``span_days`` of a span;
    ``session_min`` of a run, and of a span that holds a run that spikes.

    Parameters
    ----------
    weeks, minimum_weeks : int
        Weeks that make the baseline, and how many of them must be known.
    span_weeks : int
        Length of the span. [weeks]
    span_ratio, session_ratio : float
        Least multiple of the most before. [unitless]
    span_excess_min, session_excess_min : float
        Least hard minutes beyond the most before. [min]
    span_least_cap_min : float
        A run of so many hard minutes always counts for all of them in a span. [min]
    session_window_days : int
        How far back the hardest run is looked for. [days]
    session_caution_ratio : float
        Least multiple of the hardest run before for a caution. [unitless]
    cool_down_days : int
        Silence about spans after one was told. [days]
    """

    kind: ClassVar[str] = "hard_minutes_spike"

    weeks: int
    minimum_weeks: int
    span_weeks: int
    span_ratio: float
    span_excess_min: float
    span_least_cap_min: float
    session_window_days: int
    session_ratio: float
    session_excess_min: float
    session_caution_ratio: float
    cool_down_days: int

    def __post_init__(self) -> None:
        if not 0 < self.minimum_weeks <= self.weeks:
            raise ValueError("a hard-minutes spike needs a known week, and no more than its baseline has")
        if not 0 < self.span_weeks <= self.weeks:
            raise ValueError("a span of hard minutes is no longer than its baseline")
        if not (self.span_ratio >= 1 <= self.session_ratio <= self.session_caution_ratio):
            raise ValueError("hard minutes spike above the most before: notice, then caution")
        if not (self.session_window_days > 0 < min(self.span_excess_min, self.session_excess_min)):
            raise ValueError("a spike of hard minutes needs a window, and some more of them")

    @property
    def reach_days(self) -> int:
        """How far before a day it looks: what is told of it, a span, and what caps the runs in it. [days]"""
        return self._span_reach + WEEK * self.span_weeks + self.session_window_days

    @property
    def _span_reach(self) -> int:
        return max(WEEK * (self.weeks + self.span_weeks), self.session_window_days)

    def __call__(self, days: TrainingDays, before: Before = NOTHING) -> list[Alert]:
        """Find every day with such a run, and every span on the day that completes it."""
        runs = days.runs
        reach = self._span_reach
        sessions = _Sessions.of(runs, reach=reach)
        spans = self._spans(sessions)
        run_spikes = self._session_spikes(sessions, spans, runs.activity_id)
        return self._alerts(self._span_spikes(sessions, spans), run_spikes, before)

    def _capped_min(self, sessions: _Sessions) -> Column:
        """What each run counts for in a span: no more than the second hardest before its day. [min]"""
        start = np.searchsorted(sessions.key, sessions.key - self.session_window_days)
        stop = np.searchsorted(sessions.key, sessions.key)
        second_min = span_ranked(sessions.hard_min, start, stop, rank=2)
        cap_min = np.maximum(np.where(np.isnan(second_min), np.inf, second_min), self.span_least_cap_min)
        return np.minimum(sessions.hard_min, cap_min)

    def _spans(self, sessions: _Sessions) -> _Spans:
        back = WEEK * np.arange(self.weeks + self.span_weeks)[:, None]
        start, stop = _windows(sessions.key, sessions.key - back)
        all_start, all_stop = _windows(sessions.all_day, sessions.day - back)
        known = stop - start
        is_whole = (known > 0) & (known == all_stop - all_start)
        week_min = span_sum(self._capped_min(sessions), start.ravel(), stop.ravel()).reshape(start.shape)
        span_min = np.lib.stride_tricks.sliding_window_view(week_min, self.span_weeks, axis=0).sum(axis=-1)
        before_min = span_min[self.span_weeks :]
        return _Spans(
            now_min=span_min[0],
            most_min=before_min.max(axis=0),
            most_weeks_ago=self.span_weeks + before_min.argmax(axis=0),
            is_known=is_whole[self.span_weeks :].sum(axis=0) >= self.minimum_weeks,
            is_run_known=is_whole[1 : self.weeks + 1].sum(axis=0) >= self.minimum_weeks,
        )

    def _span_spikes(self, sessions: _Sessions, spans: _Spans) -> dict[int, _Spike]:
        """Spans that spike, by the day they end with; of several sources the one farthest beyond its most."""
        ceiling_min = np.maximum(self.span_ratio * spans.most_min, spans.most_min + self.span_excess_min)
        firing = np.flatnonzero(spans.is_known & (spans.now_min >= ceiling_min))
        excess_min = (spans.now_min - spans.most_min)[firing]
        return {
            int(sessions.day[i]): _Spike(
                float(spans.now_min[i]),
                float(spans.most_min[i]),
                float(ceiling_min[i]),
                as_date(sessions.day[i] - WEEK * spans.most_weeks_ago[i]),
            )
            for i in firing[np.argsort(excess_min, kind="stable")]
        }

    def _session_spikes(
        self, sessions: _Sessions, spans: _Spans, activity_id: IntColumn
    ) -> dict[int, _Spike]:
        """Runs that spike, by their day; of several the one farthest beyond the most before it."""
        start = np.searchsorted(sessions.key, sessions.key - self.session_window_days)
        stop = np.arange(len(sessions.key))
        most_min = span_max(sessions.hard_min, start, stop)
        ceiling_min = np.maximum(self.session_ratio * most_min, most_min + self.session_excess_min)
        firing = np.flatnonzero(spans.is_run_known & (sessions.hard_min >= ceiling_min))
        excess_min = (sessions.hard_min - most_min)[firing]
        return {
            int(sessions.day[i]): _Spike(
                float(sessions.hard_min[i]),
                float(most_min[i]),
                float(ceiling_min[i]),
                as_date(sessions.day[latest_max_row(sessions.hard_min, start[i], stop[i])]),
                int(activity_id[sessions.row[i]]),
            )
            for i in firing[np.argsort(excess_min, kind="stable")]
        }

    def _alerts(
        self, spans: Mapping[int, _Spike], sessions: Mapping[int, _Spike], before: Before
    ) -> list[Alert]:
        alerts: list[Alert] = []
        of_spans = tuple(alert for alert in before.alerts if alert.activity_id is None)
        quiet_until = dataclasses.replace(before, alerts=of_spans).quiet_until(self.cool_down_days)
        length = WEEK * self.span_weeks
        for day in sorted(day for day in spans.keys() | sessions.keys() if day >= before.day):
            recent = [sessions[d] for d in range(day - length + 1, day + 1) if d in sessions]
            if day in spans and day >= quiet_until:
                quiet_until = day + self.cool_down_days
                numbers = {"span_days": float(length)}
                if recent:
                    numbers["session_min"] = recent[-1].now_min
                alerts.append(self._alert(day, spans[day], numbers, is_grave=bool(recent)))
            elif day in sessions:
                numbers = {"session_min": sessions[day].now_min}
                is_grave = day in spans or self._is_grave(sessions[day])
                alerts.append(self._alert(day, sessions[day], numbers, is_grave=is_grave))
        return alerts

    def _is_grave(self, run: _Spike) -> bool:
        ceiling_min = max(self.session_caution_ratio * run.most_min, run.most_min + self.span_excess_min)
        return run.now_min >= ceiling_min

    def _alert(self, day: int, spike: _Spike, numbers: Mapping[str, float], *, is_grave: bool) -> Alert:
        numbers = {"excess_min": spike.now_min - spike.most_min, "ceiling_min": spike.ceiling_min, **numbers}
        return Alert(
            self.kind,
            as_date(day),
            Level.CAUTION if is_grave else Level.NOTICE,
            observed=spike.now_min,
            expected=spike.most_min,
            unit="min",
            compared_day=spike.compared_day,
            activity_id=spike.activity_id,
            numbers=MappingProxyType(numbers),
        )


def _windows(ordered: IntColumn, end: IntColumn) -> tuple[IntColumn, IntColumn]:
    """First row and row after the last of the seven days that end with each day."""
    return np.searchsorted(ordered, end - WEEK, side="right"), np.searchsorted(ordered, end, side="right")
