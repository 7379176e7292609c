"""One run with far more downhill than any of the six weeks before."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from alerts.alert.alert import NOTHING, Alert, Before, Level
from alerts.statistics.rolling import as_date, day_numbers, latest_max_row, rows_by_day, spaced, span_max
from ingest.training_days.table import TrainingDays


@dataclass(frozen=True, slots=True)
class DescentSpike:
    """A run that goes down half as much again as the most of the weeks before it, and 150 m more.

    Energy cost understates what downhill asks of muscle and bone, so hard minutes do not see it. For
    information. ``numbers``: ``excess_m``; ``ceiling_m``, the descent that had kept it quiet.

    Parameters
    ----------
    window_days : int
        How far back the most is looked for. [days]
    ratio : float
        From this multiple of it. [unitless]
    minimum_excess_m : float
        And so much more. [m]
    minimum_runs : int
        Least runs of known descent in the window.
    minimum_history_days : int
        Least age of the window's first run. [days]
    cool_down_days : int
        Silence after a finding. [days]
    """

    kind: ClassVar[str] = "descent_spike"

    window_days: int
    ratio: float
    minimum_excess_m: float
    minimum_runs: int
    minimum_history_days: int
    cool_down_days: int

    def __post_init__(self) -> None:
        if not (self.ratio >= 1 and self.minimum_runs > 0 and self.minimum_excess_m > 0):
            raise ValueError("a descent spike needs a run to compare with, a ratio from 1 and metres")

    @property
    def reach_days(self) -> int:
        """How far before a day it looks. [days]"""
        return self.window_days

    def __call__(self, days: TrainingDays, before: Before = NOTHING) -> list[Alert]:
        """Find the runs that go down so much."""
        runs = days.runs
        row = rows_by_day(runs.day, runs.counts_distance & np.isfinite(runs.descent_m))
        if not len(row):
            return []
        day, descent_m = day_numbers(runs.day[row]), runs.descent_m[row]
        start, stop = np.searchsorted(day, day - self.window_days), np.arange(len(day))
        most_m = span_max(descent_m, start, stop)
        is_enough = (stop - start >= self.minimum_runs) & (day - day[start] >= self.minimum_history_days)
        ceiling_m = np.maximum(self.ratio * most_m, most_m + self.minimum_excess_m)
        told = {int(day[i]): i for i in np.flatnonzero(is_enough & (descent_m >= ceiling_m)).tolist()[::-1]}
        return [
            Alert(
                self.kind,
                as_date(on),
                Level.INFO,
                observed=float(descent_m[told[on]]),
                expected=float(most_m[told[on]]),
                unit="m",
                compared_day=as_date(day[latest_max_row(descent_m, start[told[on]], stop[told[on]])]),
                activity_id=int(runs.activity_id[row[told[on]]]),
                numbers=MappingProxyType(
                    {
                        "excess_m": float(descent_m[told[on]] - most_m[told[on]]),
                        "ceiling_m": float(ceiling_m[told[on]]),
                    }
                ),
            )
            for on in spaced(sorted(told), self.cool_down_days, since=before.quiet_until(self.cool_down_days))
        ]
