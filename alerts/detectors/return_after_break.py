"""The first run after a break, when the month before it holds too little to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from alerts.alert.alert import NOTHING, Alert, Before, Level
from alerts.statistics.rolling import as_date, day_numbers, rows_by_day
from ingest.training_days.table import TrainingDays


@dataclass(frozen=True, slots=True)
class ReturnAfterBreak:
    """A run after a break: no spike is told then, since there is nothing to compare with; a ladder is.

    The run comes ``break_days`` or more after the one before it, the ``window_days`` before it hold fewer
    than ``minimum_runs`` (so the single-run rule is silent), and the ``window_days`` up to the last run
    before the break held enough. After ``long_break_days`` it does not matter what the window still holds:
    the single-run rule would allow the longest run of before the break at once. For information.

    ``observed`` are the days off, ``expected`` the longest gap between runs in the ``usual_days`` before the
    break. ``numbers``: ``return_ceiling_m``, the share of the longest run of those days that is enough to
    begin with; ``ceiling_days``.

    Parameters
    ----------
    break_days : int
        So long without a run is a break. [days]
    long_break_days : int
        So long without a run is one whatever was run before it. [days]
    window_days : int
        The window of the single-run rule. [days]
    minimum_runs : int
        Runs that the window needs to be compared with.
    usual_days : int
        How far before the break gaps and the longest run are looked for. [days]
    return_ratio : float
        Share of that longest run to begin with. [unitless]
    """

    kind: ClassVar[str] = "return_after_break"

    break_days: int
    long_break_days: int
    window_days: int
    minimum_runs: int
    usual_days: int
    return_ratio: float

    def __post_init__(self) -> None:
        if not self.break_days <= self.long_break_days:
            raise ValueError("a long break is a break")
        if not (0 < self.break_days <= self.window_days <= self.usual_days and self.minimum_runs > 1):
            raise ValueError("a break is no longer than the window, and the window no longer than the usual")
        if not 0 < self.return_ratio <= 1:
            raise ValueError("one comes back with a share of the longest run, up to all of it")

    @property
    def reach_days(self) -> None:
        """A break may be of any length."""
        return None

    def __call__(self, days: TrainingDays, before: Before = NOTHING) -> list[Alert]:
        """Find the first runs after breaks."""
        runs = days.runs
        row = rows_by_day(runs.day, runs.counts_distance & (runs.distance_m > 0))
        day, distance_m = day_numbers(runs.day[row]), runs.distance_m[row]
        alerts = []
        for at in (np.flatnonzero(np.diff(day) >= self.break_days) + 1).tolist():
            last = int(day[at - 1])
            if day[at] < before.day:
                continue
            held = int((day[:at] > last - self.window_days).sum())
            lately = int((day[:at] >= day[at] - self.window_days).sum())
            least_days = self.break_days if lately < self.minimum_runs else self.long_break_days
            if held < self.minimum_runs or day[at] - last < least_days:
                continue
            usual = np.flatnonzero(day[:at] > last - self.usual_days)
            alerts.append(
                Alert(
                    self.kind,
                    as_date(day[at]),
                    Level.INFO,
                    observed=float(day[at] - last),
                    expected=float(np.diff(day[usual]).max()),
                    unit="days",
                    compared_day=as_date(last),
                    activity_id=int(runs.activity_id[row[at]]),
                    numbers=MappingProxyType(
                        {
                            "return_ceiling_m": float(self.return_ratio * distance_m[usual].max()),
                            "ceiling_days": float(least_days - 1),
                        }
                    ),
                )
            )
        return alerts
