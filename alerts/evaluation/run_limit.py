"""The longest run that a history allows on a day, by a rule that no single run can raise."""

from __future__ import annotations

import dataclasses
import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

DayDistance = tuple[date, float]
"""A local day and the distance of one run on it. [m]"""

STEP_APART_DAYS = 8
"""At most one step in so many days: a weekly long run holds each step once. [days]"""

HOLDS = ((2.0, 28), (1.3, 21), (1.0, 14))
"""After a run of more than so many times the tolerated longest: days without a step. [unitless], [days]"""

FAR_OVER_RATIO = 2.0
FAR_OVER_SHARE = 0.8
"""After a run far over the tolerated longest, the next long run is at most this share of it. [unitless]"""

HOLD_RUNS = 3
"""A hold ends only once so many runs followed the over-long one."""

MEMORY_DAYS = 60
"""An over-long run is forgotten after so many days. [days]"""

BREAK_DAYS = 14
"""So many days without a run are a break. [days]"""

RETURN_SHARES = ((56, 0.3), (35, 0.4), (21, 0.5), (BREAK_DAYS, 0.6))
"""After a break of so many days, the share of the longest run of the 90 days before it. [days], [unitless]"""

RETURN_LOOK_BACK_DAYS = 90
RETURN_LEAST_M = 4_000.0
RETURN_DAYS = 14
"""The first runs after a break are those of so many days. [days]"""

Basis = Literal["none", "step", "recent_step", "hold", "return"]


@dataclass(frozen=True, slots=True)
class RunLimit:
    """The longest run allowed on one day.

    Parameters
    ----------
    limit_m : float or None
        The most that one run may hold; None where there is too little to compare with. [m]
    tolerated_m : float or None
        The longest run of the window that counts as tolerated. [m]
    tolerated_day : date or None
        The day of that run.
    basis : str
        ``step``: a tenth above the tolerated longest. ``recent_step``: such a step was taken within a week.
        ``hold``: an over-long run came before. ``return``: the first runs after a break. ``none``: too little
        history.
    until : date or None
        The last day on which ``hold``, ``recent_step`` or ``return`` applies if the runner follows it.
    over_long : tuple of date and float, or None
        The over-long run behind a ``hold``. [day], [m]
    break_days : int
        Length of the break behind a ``return``, else 0. [days]
    """

    limit_m: float | None = None
    tolerated_m: float | None = None
    tolerated_day: date | None = None
    basis: Basis = "none"
    until: date | None = None
    over_long: DayDistance | None = None
    break_days: int = 0


@dataclass(frozen=True, slots=True)
class RunLimitRule:
    """How far one run may go, from the runs before it.

    A run of more than ``step_ratio`` times the tolerated longest of the window, and ``least_excess_m`` more,
    is over-long: it counts for no more than that tolerated longest. Its length is reached later by steps,
    one a week, once the days of ``HOLDS`` and ``HOLD_RUNS`` runs have passed. So one over-long run never
    raises the limit for the next.

    Parameters
    ----------
    window_days : int
        How far back runs count. [days]
    step_ratio : float
        The limit over the tolerated longest. [unitless]
    least_excess_m : float
        A run less than this above the tolerated longest is not over-long. [m]
    least_runs, least_days : int
        Runs in the window, and days since its first, that are needed for a limit.

    Notes
    -----
    With :math:`B` the longest tolerated distance of the window, the limit is :math:`rB`, :math:`B` within a
    week of a step and during a hold, and :math:`0.8B` at first after more than :math:`2B`. After a break
    it is the share of ``RETURN_SHARES`` of the longest run of the 90 days before.

    References
    ----------
    .. [1] Frandsen et al., Br J Sports Med 59(17), 1203-1210, 2025: the comparison with 30 days. It does not
       show what may follow an over-long run; holds, steps and shares are expert opinion, tested in no study.

    Examples
    --------
    >>> rule = RunLimitRule(30, 1.1, 1000.0, 4, 14)
    >>> runs = [(date(2026, 5, 1) + timedelta(days=3 * n), 10_000.0) for n in range(9)]
    >>> round(rule.limit_on(runs, date(2026, 5, 27)).limit_m)
    11000
    >>> over_long = [*runs, (date(2026, 5, 27), 20_000.0)]
    >>> rule.limit_on(over_long, date(2026, 5, 28)).limit_m
    10000.0
    """

    window_days: int
    step_ratio: float
    least_excess_m: float
    least_runs: int
    least_days: int

    def __post_init__(self) -> None:
        if not (self.window_days > 0 and self.least_runs > 0 and 0 < self.least_days <= self.window_days):
            raise ValueError("a run limit needs a window, a run in it, and a history within it")
        if self.step_ratio < 1 or self.least_excess_m < 0:
            raise ValueError("a step goes up, and an excess is no less than 0")

    def limit_on(self, runs: Iterable[DayDistance], day: date) -> RunLimit:
        """Work out the limit for a run on ``day`` from the runs before it, in order of day."""
        return self.history(run for run in runs if run[0] < day).limit_on(day)

    def history(self, runs: Iterable[DayDistance]) -> RunHistory:
        """Read a history of runs, in order of day."""
        history = RunHistory(self)
        for run in runs:
            history.add(*run)
        return history


class RunHistory:
    """The runs so far, each with the distance that it counts for; runs are added in order of day."""

    __slots__ = ("_counted", "_days", "_holds", "_rule", "_steps", "_walked")

    def __init__(self, rule: RunLimitRule) -> None:
        self._rule = rule
        self._days: list[date] = []
        self._walked: list[float] = []
        self._counted: list[float] = []
        self._steps: list[date] = []
        self._holds: list[tuple[int, int, float]] = []  # row of the over-long run, days, its ratio

    def copy(self) -> RunHistory:
        """A history that grows by itself."""
        other = RunHistory(self._rule)
        other._days, other._walked = [*self._days], [*self._walked]
        other._counted, other._steps, other._holds = [*self._counted], [*self._steps], [*self._holds]
        return other

    @property
    def days(self) -> Sequence[date]:
        """The day of each run."""
        return self._days

    def add(self, day: date, distance_m: float) -> None:
        """Add one run.

        Raises
        ------
        ValueError
            If the day lies before the last one, or the distance is no distance.
        """
        if self._days and day < self._days[-1]:
            raise ValueError(f"runs come in order of day; {day} is before {self._days[-1]}")
        if not (math.isfinite(distance_m) and distance_m > 0):
            raise ValueError(f"a distance is above 0, not {distance_m}")
        counted_m = self._counted_m(day, distance_m)
        self._days.append(day)
        self._walked.append(distance_m)
        self._counted.append(counted_m)

    def limit_on(self, day: date) -> RunLimit:
        """The limit for a run on ``day``; runs of that day do not raise it."""
        stop = bisect_left(self._days, day)
        first, gap = self._last_break(day, stop)
        if gap and not self._is_back(first, stop, day):
            return self._within_hold(self._return_limit(first, stop, day, gap), day, stop)
        start = max(first, bisect_left(self._days, day - timedelta(days=self._rule.window_days), hi=stop))
        if not self._is_enough(start, stop, day):
            return self._within_hold(self._sparse_limit(start, stop, day), day, stop)
        row = self._longest_row(start, stop)
        tolerated_m, tolerated_day = self._counted[row], self._days[row]
        hold = self._hold_on(day, stop)
        if hold is not None:
            over, until, share = hold
            behind = self._days[over], self._walked[over]
            return RunLimit(share * tolerated_m, tolerated_m, tolerated_day, "hold", until, behind)
        stepped = [one for one in self._steps if 0 < (day - one).days < STEP_APART_DAYS]
        if stepped:
            until = stepped[-1] + timedelta(days=STEP_APART_DAYS - 1)
            return RunLimit(tolerated_m, tolerated_m, tolerated_day, "recent_step", until)
        return RunLimit(self._rule.step_ratio * tolerated_m, tolerated_m, tolerated_day, "step")

    def _is_enough(self, start: int, stop: int, day: date) -> bool:
        enough_runs = stop - start >= self._rule.least_runs
        return enough_runs and (day - self._days[start]).days >= self._rule.least_days

    def _is_back(self, first: int, stop: int, day: date) -> bool:
        """Whether enough runs and days have followed the first run after a break."""
        return self._is_enough(first, stop, day) and (day - self._days[first]).days >= RETURN_DAYS

    def _longest_row(self, start: int, stop: int) -> int:
        return max(range(start, stop), key=lambda row: (self._counted[row], self._days[row]))

    def _counted_m(self, day: date, distance_m: float) -> float:
        """The distance that a run counts for, and what it changes: a step, or a hold."""
        before = self.limit_on(day)
        if before.limit_m is None or before.tolerated_m is None:
            return distance_m
        base_m = before.limit_m if before.basis == "return" else before.tolerated_m
        excess_m = distance_m - base_m
        is_over = excess_m >= self._rule.least_excess_m and distance_m > self._rule.step_ratio * base_m
        if is_over and not self._was_run_before(day, distance_m, before):
            self._begin_hold(day, distance_m, distance_m / base_m)
            return base_m
        if distance_m <= base_m or before.basis != "step":
            return min(distance_m, base_m)
        self._steps.append(day)
        return min(distance_m, self._rule.step_ratio * base_m)

    def _begin_hold(self, day: date, distance_m: float, ratio: float) -> None:
        """Hold the limit after an over-long run; a run no longer than the one behind a hold only keeps it."""
        row = len(self._days)
        earlier = self._hold_on(day, row)
        if earlier is not None:
            if distance_m <= self._walked[earlier[0]]:
                return
            ratio = max(ratio, self._holds[-1][2])
        self._holds.append((row, next(days for over, days in HOLDS if ratio > over), ratio))

    def _was_run_before(self, day: date, distance_m: float, before: RunLimit) -> bool:
        """Whether as long a run came lately and its hold has passed: then this one is a step on the way."""
        if before.basis == "return":
            return False
        since = bisect_left(self._days, day - timedelta(days=MEMORY_DAYS))
        was_run = distance_m <= self._rule.step_ratio * max(self._walked[since:], default=0.0)
        return was_run and before.basis in {"step", "recent_step"}

    def _hold_on(self, day: date, stop: int) -> tuple[int, date, float] | None:
        """The over-long run that holds a day, the last day it does, and the share that is allowed."""
        held = next((hold for hold in reversed(self._holds) if hold[0] < stop), None)
        if held is None:
            return None
        over, days, ratio = held
        begun = self._days[over]
        until = begun + timedelta(days=days)
        is_held = day <= until or stop - over - 1 < HOLD_RUNS
        if not is_held or (day - begun).days > MEMORY_DAYS:
            return None
        far_over = ratio > FAR_OVER_RATIO and (day - begun).days <= days // 2
        return over, max(until, day), FAR_OVER_SHARE if far_over else 1.0

    def _last_break(self, day: date, stop: int) -> tuple[int, int]:
        """The row of the first run after the last break, and its length; the row 0 and 0 without one."""
        if stop and (day - self._days[stop - 1]).days >= BREAK_DAYS:
            return stop, (day - self._days[stop - 1]).days
        oldest = day - timedelta(days=max(self._rule.window_days, MEMORY_DAYS))
        for row in range(stop - 1, 0, -1):
            gap = (self._days[row] - self._days[row - 1]).days
            if gap >= BREAK_DAYS:
                return row, gap
            if self._days[row] < oldest:
                break
        return 0, 0

    def _within_hold(self, limit: RunLimit, day: date, stop: int) -> RunLimit:
        """No more than was tolerated when an over-long run began a hold."""
        hold = self._hold_on(day, stop)
        if hold is None or limit.limit_m is None:
            return limit
        over = hold[0]
        behind = self._days[over], self._walked[over]
        return dataclasses.replace(limit, limit_m=min(limit.limit_m, self._counted[over]), over_long=behind)

    def _return_limit(self, first: int, stop: int, day: date, gap: int) -> RunLimit:
        """The limit of the first runs after a break."""
        share = next(share for days, share in RETURN_SHARES if gap >= days)
        since = self._days[first] if first < stop else day
        return self._share_of_season(share, first, since + timedelta(days=RETURN_DAYS), gap)

    def _sparse_limit(self, start: int, stop: int, day: date) -> RunLimit:
        """The limit where the window holds too few runs: none if new, else as after a short break."""
        if start in {0, stop}:
            return RunLimit()
        return self._share_of_season(RETURN_SHARES[-1][1], stop, day, 0)

    def _share_of_season(self, share: float, stop: int, until: date, gap: int) -> RunLimit:
        """A share of the longest tolerated run of the 90 days up to the last run before row ``stop``."""
        last = self._days[stop - 1]
        begin = bisect_left(self._days, last - timedelta(days=RETURN_LOOK_BACK_DAYS - 1))
        row = self._longest_row(begin, stop)
        longest_m, longest_day = self._counted[row], self._days[row]
        limit_m = max(share * longest_m, min(RETURN_LEAST_M, longest_m))
        return RunLimit(limit_m, longest_m, longest_day, "return", until, break_days=gap)
