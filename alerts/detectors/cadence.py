"""Cadence at matched speed that has left its own normal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from alerts.alert.alert import NOTHING, Alert, Before, Level
from alerts.detectors.cadence_line import CadenceChart, CadenceLine, MatchedRuns
from alerts.statistics.changepoint import joined_log_odds, least_shift, mean_variance, shift_log_odds
from alerts.statistics.rolling import as_date, day_number
from ingest.formats.recording import Column
from ingest.training_days.table import IntColumn, Runs, TrainingDays

MEDIAN_VARIANCE = 1.57
"""Variance of the median of n normal values, times n over their variance: half of pi. [unitless]"""


@dataclass(slots=True, eq=False)
class _Changes:
    """Changes that may have begun with each run: rows are their first runs, columns how many runs since.

    ``start`` is the first row of each baseline and ``line`` its centre, level, slope, spread and runs, shape
    (5, n); ``log_odds`` and ``change`` have shape (n, k). Only ``CadenceShift`` writes, after a finding.
    """

    start: IntColumn
    line: Column
    log_odds: Column
    change: Column

    def ending_with_each(self) -> Column:
        """The same log odds by the last run of the change instead of its first, shape (n, k)."""
        n, k = self.log_odds.shape
        first = np.arange(n)[:, None] - np.arange(k)
        return np.where(first >= 0, self.log_odds[np.maximum(first, 0), np.arange(k)], -np.inf)


@dataclass(frozen=True, slots=True)
class CadenceShift:
    r"""The odds that cadence at matched speed has changed within the last runs.

    The change may have begun with any of the last runs of a stratum. For each such run, the runs since are
    compared with those of the 63 days before it: a line of cadence over speed whose slope is pulled towards
    6 (1/min)/(m/s), through the median; residuals are in spreads, clipped, and their spread is pulled to that
    of other runners. Their mean :math:`m` has variance :math:`V`, which counts the correlation of neighbours
    and what is unknown of the baseline; without a change it is normal around 0, with one it is wider by
    changes of usual size. The odds of the two, averaged over where the change may have begun, must reach
    ``odds``, and the median of the runs since the likeliest beginning must show the change too. After a
    finding all strata are silent for the cool-down, and baselines begin with the change.

    ``expected`` is the baseline at the speed of the run that made it likely, ``observed`` what the median
    change makes of it, so that their ratio is the change.
    ``numbers``: ``change_percent`` with its sign, ``speed_mps``, ``baseline_runs``, ``changed_runs``.

    Parameters
    ----------
    baseline_days : int
        Baseline runs are at most so many days before the change. [days]
    minimum_runs : int
        Least baseline runs.
    minimum_windows : int
        Least steady half-minutes of a run.
    slope_spm_per_mps : float
        Slope that a short baseline is pulled to. [(1/min)/(m/s)]
    slope_weight_m2ps2 : float
        How strongly: as much as data with this sum of squared speed deviations. [(m/s)^2]
    spread_percent : float
        Run-to-run spread that a baseline's own is pulled to. [%]
    spread_runs : float
        How strongly: as much as so many runs.
    z_limit : float
        Where a run's residual is clipped. [unitless]
    autocorrelation : float
        Correlation of neighbouring runs. [unitless]
    shift_percent : float
        Usual size of a change. [%]
    odds : float
        Least odds for a change. [unitless]
    recent_runs, longest_runs : int
        Least and most runs since the change began.
    longest_days : int
        Most days since then. [days]
    info_percent, notice_percent, caution_percent : float
        Change from which the level is reached; a rise stays at info. [%]
    cool_down_days : int
        Silence after a finding. [days]

    References
    ----------
    .. [1] van Oeveren et al., J Sports Sci, 2019.
    """

    kind: ClassVar[str] = "cadence_shift"

    baseline_days: int
    minimum_runs: int
    minimum_windows: int
    slope_spm_per_mps: float
    slope_weight_m2ps2: float
    spread_percent: float
    spread_runs: float
    z_limit: float
    autocorrelation: float
    shift_percent: float
    odds: float
    recent_runs: int
    longest_runs: int
    longest_days: int
    info_percent: float
    notice_percent: float
    caution_percent: float
    cool_down_days: int

    def __post_init__(self) -> None:
        if not (min(self.baseline_days, self.minimum_runs) > 0 < self.longest_days):
            raise ValueError("a change of cadence needs a baseline, and days since it began")
        if not 0 < self.recent_runs <= self.longest_runs:
            raise ValueError("a change of cadence has some runs since it began")
        if not (0 <= self.autocorrelation < 1 <= self.odds):
            raise ValueError("neighbouring runs correlate by less than 1, and odds for a change are above 1")
        if not 0 < self.info_percent <= self.notice_percent <= self.caution_percent:
            raise ValueError("the changes of cadence rise from 0: info, notice, caution")
        if not min(self.slope_weight_m2ps2, self.spread_percent, self.spread_runs, self.shift_percent) > 0:
            raise ValueError("a cadence baseline needs a weight and a spread, a change needs a size")

    @property
    def limit(self) -> float:
        """How far the mean of ``recent_runs`` must be off a well-known baseline to be told. [spreads]"""
        variance = float(mean_variance(self.recent_runs, self.autocorrelation))
        prior_variance = (self.shift_percent / self.spread_percent) ** 2
        return least_shift(math.log(self.odds * self.longest_runs), variance, prior_variance)

    @property
    def reach_days(self) -> int:
        """How far before a day it looks: to the beginning of a change, and to its baseline. [days]"""
        return self.longest_days + self.baseline_days

    def __call__(self, days: TrainingDays, before: Before = NOTHING) -> list[Alert]:
        """Find the runs that make a change likely."""
        runs = self._matched(days.runs)
        changes = self._changes(runs)
        alerts: list[Alert] = []
        quiet_until = before.quiet_until(self.cool_down_days)
        if before.last is not None and before.last.compared_day is not None:
            self._begin_anew(runs, changes, day_number(before.last.compared_day) + 1)
        while (told := self._first_told(runs, changes, quiet_until)) is not None:
            first, last = told
            alerts.append(self._alert(runs, changes, first, last, days.runs))
            quiet_until = int(runs.day[last]) + self.cool_down_days
            self._begin_anew(runs, changes, runs.day[first])
        return alerts

    def chart(self, runs: Runs) -> CadenceChart:
        """Each run against the runs before it."""
        matched = self._matched(runs)
        start, stop = matched.back(self.baseline_days), np.arange(len(matched))
        return CadenceChart.of(matched, self._line.through(matched, start, stop))

    @property
    def _line(self) -> CadenceLine:
        return CadenceLine(
            self.minimum_runs,
            self.slope_spm_per_mps,
            self.slope_weight_m2ps2,
            self.spread_percent,
            self.spread_runs,
        )

    def _matched(self, runs: Runs) -> MatchedRuns:
        reach = max(self.baseline_days, self.longest_days)
        return MatchedRuns.of(runs, minimum_windows=self.minimum_windows, reach=reach)

    def _changes(self, runs: MatchedRuns) -> _Changes:
        """What may have begun with each run, with all of its baseline."""
        first, start = np.arange(len(runs)), runs.back(self.baseline_days)
        line = self._line.through(runs, start, first)
        return _Changes(start, line, *self._evidence(runs, line, first))

    def _begin_anew(self, runs: MatchedRuns, changes: _Changes, since: int | np.int64) -> None:
        """Let no change begin up to that day, and no baseline before it."""
        changes.log_odds[runs.day <= since] = -np.inf
        start = runs.since(since)
        first = np.flatnonzero((runs.day > since) & (changes.start < start))
        changes.start[first] = start[first]
        changes.line[:, first] = self._line.through(runs, start[first], first)
        changes.log_odds[first], changes.change[first] = self._evidence(runs, changes.line[:, first], first)

    def _evidence(self, runs: MatchedRuns, line: Column, first: IntColumn) -> tuple[Column, Column]:
        """Log odds for a change that began with each of ``first``, by its runs so far; and their change."""
        centre_mps, level_spm, slope, spread_spm, baseline_runs = line[:, :, None]
        count = np.arange(1, self.longest_runs + 1)
        row = np.minimum(first[:, None] + count - 1, len(runs) - 1)
        age_days = runs.key[row] - runs.key[first][:, None]
        inside = (first[:, None] + count <= len(runs)) & (age_days <= self.longest_days)
        off_spm = runs.cadence_spm[row] - level_spm - slope * (runs.speed_mps[row] - centre_mps)
        z = np.clip(off_spm / spread_spm, -self.z_limit, self.z_limit)
        mean = np.cumsum(np.where(inside, z, 0.0), axis=1) / count
        variance = mean_variance(count, self.autocorrelation) + MEDIAN_VARIANCE * mean_variance(
            np.maximum(baseline_runs, 1), self.autocorrelation
        )
        prior_variance = (self.shift_percent / 100 * level_spm / spread_spm) ** 2
        log_odds = shift_log_odds(mean, variance, prior_variance)
        is_told = inside & (count >= self.recent_runs) & np.isfinite(log_odds)
        return np.where(is_told, log_odds, -np.inf), off_spm / level_spm

    def _first_told(self, runs: MatchedRuns, changes: _Changes, quiet_until: int) -> tuple[int, int] | None:
        """First and last run of the earliest change that is likely and large enough."""
        log_odds = changes.ending_with_each()
        likely = np.flatnonzero(
            (joined_log_odds(log_odds) >= math.log(self.odds)) & (runs.day >= quiet_until)
        )
        for last in likely[np.lexsort((runs.row[likely], runs.day[likely]))].tolist():
            first = last - int(log_odds[last].argmax())
            if 100 * abs(self._median_change(changes, first, last)) >= self.info_percent:
                return first, last
        return None

    def _median_change(self, changes: _Changes, first: int, last: int) -> float:
        return float(np.median(changes.change[first, : last - first + 1]))

    def _alert(self, runs: MatchedRuns, changes: _Changes, first: int, last: int, all_runs: Runs) -> Alert:
        change = self._median_change(changes, first, last)
        percent, level = 100 * change, Level.INFO
        if percent <= -self.notice_percent:
            level = Level.CAUTION if percent <= -self.caution_percent else Level.NOTICE
        centre_mps, level_spm, slope, _, baseline_runs = changes.line[:, first].tolist()
        speed_mps = float(runs.speed_mps[last])
        expected = level_spm + slope * (speed_mps - centre_mps)
        return Alert(
            self.kind,
            as_date(runs.day[last]),
            level,
            observed=expected * (1 + change),
            expected=expected,
            unit="1/min",
            compared_day=as_date(runs.day[first] - 1),
            activity_id=int(all_runs.activity_id[runs.row[last]]),
            numbers=MappingProxyType(
                {
                    "change_percent": percent,
                    "speed_mps": speed_mps,
                    "baseline_runs": baseline_runs,
                    "changed_runs": float(last - first + 1),
                }
            ),
        )
