"""The balance of ground contact between left and right that has left its own normal."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from alerts.alert.alert import NOTHING, Alert, Before, Level
from alerts.statistics.rolling import (
    as_date,
    day_numbers,
    group_key,
    padded_median,
    rows_by_day,
    spaced,
    span_rows,
)
from ingest.formats.recording import Column
from ingest.training_days.table import IntColumn, TrainingDays


@dataclass(frozen=True, slots=True)
class BalanceDrift:
    """The share of ground contact on the left foot, median of several runs, against the weeks before.

    Compared with its sign: from one side of even to the other is a change, too. Runs of one stratum only,
    so that another sensor starts anew. For information. ``numbers``: ``baseline_runs``.

    Parameters
    ----------
    baseline_from_days, baseline_to_days : int
        Baseline runs are so many days old. [days]
    minimum_runs : int
        Least runs in the baseline.
    recent_runs : int
        Newest runs whose median is compared.
    recent_days : int
        How far back they may lie. [days]
    drift_percent : float
        Least difference, in points of the share. [%]
    cool_down_days : int
        Silence after a finding. [days]
    """

    kind: ClassVar[str] = "balance_drift"

    baseline_from_days: int
    baseline_to_days: int
    minimum_runs: int
    recent_runs: int
    recent_days: int
    drift_percent: float
    cool_down_days: int

    def __post_init__(self) -> None:
        if not (0 < self.baseline_to_days <= self.baseline_from_days and self.drift_percent > 0):
            raise ValueError("a baseline of balance ends before the run; the drift is above 0")
        if not min(self.minimum_runs, self.recent_runs) > 0:
            raise ValueError("a drift of balance needs runs")

    @property
    def reach_days(self) -> int:
        """How far before a day it looks. [days]"""
        return max(self.baseline_from_days, self.recent_days)

    def __call__(self, days: TrainingDays, before: Before = NOTHING) -> list[Alert]:
        """Find the runs with which the median left its normal."""
        runs = days.runs
        row = rows_by_day(runs.day, runs.counts_cadence & np.isfinite(runs.stance_balance_percent))
        if not len(row):
            return []
        day = day_numbers(runs.day[row])
        key = group_key(runs.stratum[row], day, reach=max(self.baseline_from_days, self.recent_days))
        order = np.argsort(key, kind="stable")
        row, day, key = row[order], day[order], key[order]
        share = runs.stance_balance_percent[row]
        stop = np.arange(1, len(row) + 1)
        since = np.maximum(stop - self.recent_runs, np.searchsorted(key, key - self.recent_days + 1))
        first = np.searchsorted(key, key - self.baseline_from_days)
        last = np.minimum(np.searchsorted(key, key - self.baseline_to_days, side="right"), since)
        now = _medians(share, since, stop, least=self.recent_runs)
        usual = _medians(share, first, last, least=self.minimum_runs)
        with np.errstate(invalid="ignore"):
            drifts = np.flatnonzero(np.abs(now - usual) >= self.drift_percent)
        by_day = {int(day[at]): at for at in drifts.tolist()}
        return [
            Alert(
                self.kind,
                as_date(on),
                Level.INFO,
                observed=float(now[by_day[on]]),
                expected=float(usual[by_day[on]]),
                unit="%",
                compared_day=as_date(day[last[by_day[on]] - 1]),
                activity_id=int(runs.activity_id[row[by_day[on]]]),
                numbers=MappingProxyType({"baseline_runs": float(last[by_day[on]] - first[by_day[on]])}),
            )
            for on in spaced(
                sorted(by_day), self.cool_down_days, since=before.quiet_until(self.cool_down_days)
            )
        ]


def _medians(values: Column, start: IntColumn, stop: IntColumn, *, least: int) -> Column:
    """Median of each span of rows; NaN where it holds fewer than ``least``."""
    place, inside = span_rows(start, stop)
    count = np.where(stop - start >= least, stop - start, 0)
    return padded_median(np.where(inside, values[place], np.inf), count)
