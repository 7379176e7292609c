"""Many more hard minutes than in the six weeks before, in a week or in one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Self

import numpy as np

from alerts.baseline import as_date, day_numbers, group_key, latest_max_row, rows_by_day, span_max, span_sum
from alerts.findings import Finding, Level
from ingest.daily import Mask, Runs, TrainingDays, Whole
from ingest.recording import Column

WEEK = 7
"""Length of the week rule's window, which ends with the day judged. [days]"""


@dataclass(frozen=True, slots=True, eq=False)
class _Sessions:
    """Runs of known intensity in order of source and day, so that a sorted search never mixes sources.

    ``all_day`` are the days of all runs that count for anything, in order.
    """

    key: Whole
    day: Whole
    hard_min: Column
    row: Whole
    all_day: Whole

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
class _Weeks:
    """The week that ends with each session and the weeks before it; columns as in ``_Sessions``."""

    now_min: Column
    most_min: Column
    most_weeks_ago: Whole
    is_enough: Mask


@dataclass(frozen=True, slots=True)
class _Spike:
    """Hard minutes of a week or a session, the most before and its day, and what would have been quiet."""

    now_min: float
    most_min: float
    ceiling_min: float
    compared_day: date
    activity_id: int | None = None


@dataclass(frozen=True, slots=True)
class HardMinutesSpike:
    """A week, or one run, with far more hard minutes than any in the six weeks before.

    A run and the week that ends with it are compared with runs of its own ``hard_source`` only: heart rate
    and speed, or two devices, never share a baseline. Of the six 7-day weeks before that week,
    ``minimum_weeks`` must hold runs, all of them of known intensity and from that source; a week with an
    unknown run still bounds the maximum from below. So a new device starts from nothing, and one run without
    the chest strap costs one week, not six. The rule speaks on days with such a run only.

    A week that spikes is a finding (then silence for ``week_cool_down_days``), and so is a run; where both
    lie within seven days, the later one, or the week of the same day, is a caution. A finding about a run
    has its ``activity_id``; one about a week has none.

    ``numbers``: ``excess_min``; ``ceiling_min``, what had kept it quiet; ``week_min`` of a week and
    ``session_min`` of a run, both where the week that spikes holds a run that does.

    Parameters
    ----------
    weeks, minimum_weeks : int
        Weeks that make the baseline, and how many of them must be known.
    week_ratio, session_ratio : float
        Least multiple of the most before. [unitless]
    week_excess_min, session_excess_min : float
        Least hard minutes beyond the most before. [min]
    session_window_days : int
        How far back the hardest run is looked for. [days]
    week_cool_down_days : int
        Silence of the week rule after it spoke. [days]
    """

    kind: ClassVar[str] = "hard_minutes_spike"

    weeks: int
    minimum_weeks: int
    week_ratio: float
    week_excess_min: float
    session_window_days: int
    session_ratio: float
    session_excess_min: float
    week_cool_down_days: int

    def __post_init__(self) -> None:
        if not 0 < self.minimum_weeks <= self.weeks:
            raise ValueError("a hard-minutes spike needs a known week, and no more than its baseline has")
        if not (min(self.week_ratio, self.session_ratio) >= 1 and self.session_window_days > 0):
            raise ValueError("hard minutes spike above the most of a window before")
        if not min(self.week_excess_min, self.session_excess_min) > 0:
            raise ValueError("a spike of hard minutes needs some more of them")

    def __call__(self, days: TrainingDays) -> list[Finding]:
        """Find every day with such a run, and every week on the day that completes it."""
        runs = days.runs
        reach = max(WEEK * (self.weeks + 1), self.session_window_days)
        sessions = _Sessions.of(runs, reach=reach)
        weeks = self._weeks(sessions)
        return self._findings(
            self._week_spikes(sessions, weeks), self._session_spikes(sessions, weeks, runs.activity_id)
        )

    def _weeks(self, sessions: _Sessions) -> _Weeks:
        back = WEEK * np.arange(self.weeks + 1)[:, None]
        start, stop = _windows(sessions.key, sessions.key - back)
        all_start, all_stop = _windows(sessions.all_day, sessions.day - back)
        shape = start.shape
        sums = span_sum(sessions.hard_min, start.ravel(), stop.ravel()).reshape(shape)
        known = stop - start
        is_whole = (known > 0) & (known == all_stop - all_start)
        return _Weeks(
            now_min=sums[0],
            most_min=sums[1:].max(axis=0),
            most_weeks_ago=1 + sums[1:].argmax(axis=0),
            is_enough=is_whole[1:].sum(axis=0) >= self.minimum_weeks,
        )

    def _week_spikes(self, sessions: _Sessions, weeks: _Weeks) -> dict[int, _Spike]:
        """Weeks that spike, by the day they end with; of several sources the one farthest beyond its most."""
        ceiling_min = np.maximum(self.week_ratio * weeks.most_min, weeks.most_min + self.week_excess_min)
        firing = np.flatnonzero(weeks.is_enough & (weeks.now_min >= ceiling_min))
        excess_min = (weeks.now_min - weeks.most_min)[firing]
        return {
            int(sessions.day[i]): _Spike(
                float(weeks.now_min[i]),
                float(weeks.most_min[i]),
                float(ceiling_min[i]),
                as_date(sessions.day[i] - WEEK * weeks.most_weeks_ago[i]),
            )
            for i in firing[np.argsort(excess_min, kind="stable")]
        }

    def _session_spikes(self, sessions: _Sessions, weeks: _Weeks, activity_id: Whole) -> dict[int, _Spike]:
        """Runs that spike, by their day; of several the one farthest beyond the most before it."""
        start = np.searchsorted(sessions.key, sessions.key - self.session_window_days)
        stop = np.arange(len(sessions.key))
        most_min = span_max(sessions.hard_min, start, stop)
        ceiling_min = np.maximum(self.session_ratio * most_min, most_min + self.session_excess_min)
        firing = np.flatnonzero(weeks.is_enough & (sessions.hard_min >= ceiling_min))
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

    def _findings(self, weeks: Mapping[int, _Spike], sessions: Mapping[int, _Spike]) -> list[Finding]:
        findings: list[Finding] = []
        quiet_until = -1
        for day in sorted(weeks.keys() | sessions.keys()):
            recent = [sessions[d] for d in range(day - WEEK + 1, day + 1) if d in sessions]
            if day in weeks and day >= quiet_until:
                quiet_until = day + self.week_cool_down_days
                numbers = {"week_min": weeks[day].now_min}
                if recent:
                    numbers["session_min"] = recent[-1].now_min
                findings.append(self._finding(day, weeks[day], numbers, is_both=bool(recent)))
            elif day in sessions:
                numbers = {"session_min": sessions[day].now_min}
                findings.append(self._finding(day, sessions[day], numbers, is_both=day in weeks))
        return findings

    def _finding(self, day: int, spike: _Spike, numbers: Mapping[str, float], *, is_both: bool) -> Finding:
        excess_min = spike.now_min - spike.most_min
        return Finding(
            self.kind,
            as_date(day),
            Level.CAUTION if is_both else Level.NOTICE,
            observed=spike.now_min,
            expected=spike.most_min,
            unit="min",
            compared_day=spike.compared_day,
            activity_id=spike.activity_id,
            numbers=MappingProxyType({"excess_min": excess_min, "ceiling_min": spike.ceiling_min, **numbers}),
        )


def _windows(ordered: Whole, end: Whole) -> tuple[Whole, Whole]:
    """First row and row after the last of the seven days that end with each day."""
    return np.searchsorted(ordered, end - WEEK, side="right"), np.searchsorted(ordered, end, side="right")
