"""Cadence at matched speed that has left its own normal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from alerts.baseline import (
    MAD_TO_SD,
    as_date,
    day_numbers,
    group_key,
    padded_median,
    rows_by_day,
    span_rows,
    span_sum,
)
from alerts.findings import Finding, Level
from ingest.daily import Runs, TrainingDays, Whole
from ingest.recording import Column

MEDIAN_VARIANCE = 1.57
"""Variance of the median of n normal values, times n over their variance: half of pi. [unitless]"""


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """Each run's cadence against the baseline of its own stratum, in order of day; columns of shape (m,).

    Parameters
    ----------
    row : ndarray of int
        The run's row in ``Runs``.
    day : ndarray of int
        Its day number. [days]
    stratum : ndarray of int
        What it may be compared with.
    speed_mps, cadence_spm : ndarray
        The run. [m/s], [1/min]
    baseline_runs : ndarray of int
        Runs in its baseline.
    centre_mps, level_spm, slope : ndarray
        The baseline: cadence is ``level_spm + slope * (speed - centre_mps)``; NaN where there are too few
        runs. [m/s], [1/min], [(1/min)/(m/s)]
    spread_spm : ndarray
        Standard deviation of a new run around the baseline. [1/min]
    """

    row: Whole
    day: Whole
    stratum: Whole
    speed_mps: Column
    cadence_spm: Column
    baseline_runs: Whole
    centre_mps: Column
    level_spm: Column
    slope: Column
    spread_spm: Column

    @property
    def expected_spm(self) -> Column:
        """What the baseline says for each run's own speed. [1/min]"""
        return self.level_spm + self.slope * (self.speed_mps - self.centre_mps)

    @property
    def change(self) -> Column:
        """Residual of each run as a share of its baseline's level. [unitless]"""
        return (self.cadence_spm - self.expected_spm) / self.level_spm

    @property
    def z(self) -> Column:
        """Residual of each run in standard deviations of a new run. [unitless]"""
        return (self.cadence_spm - self.expected_spm) / self.spread_spm


@dataclass(frozen=True, slots=True)
class CadenceShift:
    r"""A control chart of cadence at matched speed: an exponentially weighted moving average of residuals.

    A run is compared with the runs of its stratum from 63 to 7 days before: a line of cadence over speed
    whose slope is pulled towards 6 (1/min)/(m/s), through the median. Its residual in spreads, clipped,
    enters the stratum's average :math:`E \leftarrow (1-\lambda) E + \lambda z`, which starts at 0 and alarms
    beyond :math:`L \sqrt{\lambda/(2-\lambda)} \sqrt{(1+\varphi)/(1-\varphi)}`, if the median of the last
    runs shows the change too. After an alarm all strata are silent for the cool-down, and their averages
    start anew after it. A stratum that has lost its baseline starts anew as well.

    ``expected`` is the baseline at the speed of the run that crossed the limit, ``observed`` what the median
    change of the last runs makes of it, so that their ratio is the change.
    ``numbers``: ``change_percent`` with its sign, ``speed_mps``, ``baseline_runs``.

    Parameters
    ----------
    baseline_from_days, baseline_to_days : int
        Baseline runs are so many days old, both ends included. [days]
    minimum_runs : int
        Least baseline runs.
    minimum_windows : int
        Least steady half-minutes of a run.
    slope_spm_per_mps : float
        Slope that a short baseline is pulled to. [(1/min)/(m/s)]
    slope_weight_m2ps2 : float
        How strongly: as much as data with this sum of squared speed deviations. [(m/s)^2]
    minimum_spread_spm : float
        Least run-to-run spread. [1/min]
    z_limit : float
        Where a run's residual is clipped. [unitless]
    ewma_weight, limit_sigmas, autocorrelation : float
        :math:`\lambda`, L and :math:`\varphi`. [unitless]
    recent_runs : int
        Runs whose median change must reach ``info_percent``.
    info_percent, notice_percent, caution_percent : float
        Change from which the level is reached; a rise stays at info. [%]
    cool_down_days : int
        Silence after a finding. [days]

    References
    ----------
    .. [1] van Oeveren et al., J Sports Sci, 2019.
    """

    kind: ClassVar[str] = "cadence_shift"

    baseline_from_days: int
    baseline_to_days: int
    minimum_runs: int
    minimum_windows: int
    slope_spm_per_mps: float
    slope_weight_m2ps2: float
    minimum_spread_spm: float
    z_limit: float
    ewma_weight: float
    limit_sigmas: float
    autocorrelation: float
    recent_runs: int
    info_percent: float
    notice_percent: float
    caution_percent: float
    cool_down_days: int

    def __post_init__(self) -> None:
        if not 0 < self.baseline_to_days <= self.baseline_from_days:
            raise ValueError("a cadence baseline ends before the run and reaches back from there")
        if not (0 < self.ewma_weight <= 1 and 0 <= self.autocorrelation < 1):
            raise ValueError("a moving average has a weight up to 1 and a correlation below 1")
        if not 0 < self.info_percent <= self.notice_percent <= self.caution_percent:
            raise ValueError("the changes of cadence rise from 0: info, notice, caution")
        if not min(self.minimum_runs, self.recent_runs, self.slope_weight_m2ps2, self.minimum_spread_spm) > 0:
            raise ValueError("a cadence baseline needs runs, a weight and a spread")

    @property
    def limit(self) -> float:
        """Where the moving average alarms. [unitless]"""
        sigma = math.sqrt(self.ewma_weight / (2 - self.ewma_weight))
        return self.limit_sigmas * sigma * math.sqrt((1 + self.autocorrelation) / (1 - self.autocorrelation))

    def __call__(self, days: TrainingDays) -> list[Finding]:
        """Find the runs at which the average leaves its limits."""
        chart = self.chart(days.runs)
        z, change = np.clip(chart.z, -self.z_limit, self.z_limit), chart.change
        findings: list[Finding] = []
        seen: dict[int, tuple[float, list[float]]] = {}
        quiet_until = -1
        limit, columns = self.limit, (chart.day.tolist(), chart.stratum.tolist(), z.tolist(), change.tolist())
        for i, (day, stratum, one_z, one_change) in enumerate(zip(*columns, strict=True)):
            if day < quiet_until:
                continue
            if math.isnan(one_z):
                seen.pop(stratum, None)
                continue
            average, recent = seen.get(stratum, (0.0, []))
            average += self.ewma_weight * (one_z - average)
            recent = [*recent, one_change][-self.recent_runs :]
            seen[stratum] = average, recent
            if abs(average) <= limit or len(recent) < self.recent_runs:
                continue
            median = float(np.median(recent))
            if 100 * abs(median) >= self.info_percent and median * average > 0:
                findings.append(self._finding(chart, i, days.runs, median))
                quiet_until = day + self.cool_down_days
                seen.clear()
        return findings

    def chart(self, runs: Runs) -> Chart:
        """Each run against its own baseline."""
        usable = (
            runs.counts_cadence
            & (runs.steady_windows >= self.minimum_windows)
            & np.isfinite(runs.steady_speed_mps)
            & np.isfinite(runs.steady_cadence_spm)
        )
        row = rows_by_day(runs.day, usable)
        day, stratum = day_numbers(runs.day[row]), runs.stratum[row]
        key = group_key(stratum, day, reach=self.baseline_from_days)
        order = np.argsort(key, kind="stable")
        speed_mps, cadence_spm = runs.steady_speed_mps[row], runs.steady_cadence_spm[row]
        start = np.searchsorted(key[order], key - self.baseline_from_days)
        stop = np.searchsorted(key[order], key - self.baseline_to_days, side="right")
        centre, level, slope, spread = self._baselines(speed_mps[order], cadence_spm[order], start, stop)
        return Chart(row, day, stratum, speed_mps, cadence_spm, stop - start, centre, level, slope, spread)

    def _baselines(
        self, speed_mps: Column, cadence_spm: Column, start: Whole, stop: Whole
    ) -> tuple[Column, Column, Column, Column]:
        """Centre, level, slope and spread of each span of baseline runs; NaN where it holds too few."""
        count = np.where(stop - start >= self.minimum_runs, stop - start, 0)
        n = np.where(count > 0, count, np.nan)
        centre_mps = span_sum(speed_mps, start, stop) / n
        mean_spm = span_sum(cadence_spm, start, stop) / n
        sxx = np.maximum(span_sum(speed_mps**2, start, stop) - n * centre_mps**2, 0.0)
        sxy = span_sum(speed_mps * cadence_spm, start, stop) - n * centre_mps * mean_spm
        weight = self.slope_weight_m2ps2
        slope = (sxy + weight * self.slope_spm_per_mps) / (sxx + weight)

        row, inside = span_rows(start, stop)
        levelled = cadence_spm[row] - slope[:, None] * (speed_mps[row] - centre_mps[:, None])
        levelled = np.where(inside, levelled, np.inf)
        level_spm = padded_median(levelled, count)
        deviation_spm = padded_median(np.abs(levelled - level_spm[:, None]), count)
        spread_spm = np.maximum(self.minimum_spread_spm, MAD_TO_SD * deviation_spm)
        return centre_mps, level_spm, slope, spread_spm * np.sqrt(1 + MEDIAN_VARIANCE / n)

    def _finding(self, chart: Chart, i: int, runs: Runs, change: float) -> Finding:
        percent, level = 100 * change, Level.INFO
        if percent <= -self.notice_percent:
            level = Level.CAUTION if percent <= -self.caution_percent else Level.NOTICE
        expected = float(chart.expected_spm[i])
        return Finding(
            self.kind,
            as_date(chart.day[i]),
            level,
            observed=expected * (1 + change),
            expected=expected,
            unit="1/min",
            compared_day=as_date(chart.day[i] - self.baseline_to_days),
            activity_id=int(runs.activity_id[chart.row[i]]),
            numbers=MappingProxyType(
                {
                    "change_percent": percent,
                    "speed_mps": float(chart.speed_mps[i]),
                    "baseline_runs": float(chart.baseline_runs[i]),
                }
            ),
        )
