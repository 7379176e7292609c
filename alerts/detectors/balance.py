"""The balance of ground contact between left and right that has left its own normal."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from alerts.baseline import as_date, day_numbers, rows_by_day
from alerts.findings import Finding, Level
from ingest.daily import TrainingDays


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

    def __call__(self, days: TrainingDays) -> list[Finding]:
        """Find the runs with which the median left its normal."""
        runs = days.runs
        row = rows_by_day(runs.day, runs.counts_cadence & np.isfinite(runs.stance_balance_percent))
        day, share = day_numbers(runs.day[row]), runs.stance_balance_percent[row]
        findings: list[Finding] = []
        quiet_until = -1
        for at in range(len(row)):
            if day[at] < quiet_until:
                continue
            same = np.flatnonzero(runs.stratum[row[: at + 1]] == runs.stratum[row[at]])
            recent = same[day[same] > day[at] - self.recent_days][-self.recent_runs :]
            age = day[at] - day[same]
            before = same[(age >= self.baseline_to_days) & (age <= self.baseline_from_days)]
            before = before[before < recent[0]]
            if len(recent) < self.recent_runs or len(before) < self.minimum_runs:
                continue
            now, usual = float(np.median(share[recent])), float(np.median(share[before]))
            if abs(now - usual) >= self.drift_percent:
                quiet_until = int(day[at]) + self.cool_down_days
                findings.append(
                    Finding(
                        self.kind,
                        as_date(day[at]),
                        Level.INFO,
                        observed=now,
                        expected=usual,
                        unit="%",
                        compared_day=as_date(day[before[-1]]),
                        activity_id=int(runs.activity_id[row[at]]),
                        numbers=MappingProxyType({"baseline_runs": float(len(before))}),
                    )
                )
        return findings
