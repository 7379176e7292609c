"""Cadence at matched speed: runs in order of stratum, and the line over speed that each is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from alerts.statistics.rolling import (
    MAD_TO_SD,
    day_numbers,
    group_key,
    padded_median,
    rows_by_day,
    span_rows,
    span_sum,
)
from ingest.formats.recording import Column
from ingest.training_days.table import IntColumn, Runs


@dataclass(frozen=True, slots=True, eq=False)
class CadenceChart:
    """Each run's cadence against the runs of its stratum before it, in order of day; columns of shape (m,).

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
        Standard deviation of a run around the baseline. [1/min]
    """

    row: IntColumn
    day: IntColumn
    stratum: IntColumn
    speed_mps: Column
    cadence_spm: Column
    baseline_runs: IntColumn
    centre_mps: Column
    level_spm: Column
    slope: Column
    spread_spm: Column

    @classmethod
    def of(cls, runs: MatchedRuns, line: Column) -> Self:
        """Runs and the lines that ``CadenceLine`` drew for them, in order of day and start."""
        order = np.lexsort((runs.row, runs.day))
        return cls(
            runs.row[order],
            runs.day[order],
            runs.stratum[order],
            runs.speed_mps[order],
            runs.cadence_spm[order],
            line[4, order].astype(np.int64),
            *line[:4, order],
        )

    @property
    def expected_spm(self) -> Column:
        """What the baseline says for each run's own speed. [1/min]"""
        return self.level_spm + self.slope * (self.speed_mps - self.centre_mps)

    @property
    def change(self) -> Column:
        """Residual of each run as a share of its baseline's level. [unitless]"""
        return (self.cadence_spm - self.expected_spm) / self.level_spm


@dataclass(frozen=True, slots=True, eq=False)
class MatchedRuns:
    """Runs with steady cadence in order of stratum and day; columns of shape (m,).

    Differences of ``key`` are days within a stratum, and more than any window between two. ``row`` is the
    run's row in ``Runs``.
    """

    row: IntColumn
    key: IntColumn
    day: IntColumn
    stratum: IntColumn
    speed_mps: Column
    cadence_spm: Column

    @classmethod
    def of(cls, runs: Runs, *, minimum_windows: int, reach: int) -> Self:
        """The usable runs; ``reach`` is the longest window. [days]"""
        usable = (
            runs.counts_cadence
            & (runs.steady_windows >= minimum_windows)
            & np.isfinite(runs.steady_speed_mps)
            & np.isfinite(runs.steady_cadence_spm)
        )
        row = rows_by_day(runs.day, usable)
        key = group_key(runs.stratum[row], day_numbers(runs.day[row]), reach=reach)
        order = np.argsort(key, kind="stable")
        row = row[order]
        day, stratum = day_numbers(runs.day[row]), runs.stratum[row]
        return cls(row, key[order], day, stratum, runs.steady_speed_mps[row], runs.steady_cadence_spm[row])

    def __len__(self) -> int:
        return len(self.row)

    def since(self, day: int | np.int64) -> IntColumn:
        """Row of the first run on or after a day, for each run in its own stratum."""
        return np.searchsorted(self.key, self.key - self.day + day)

    def back(self, days: int) -> IntColumn:
        """Row of the first run at most so many days before, for each run in its own stratum."""
        return np.searchsorted(self.key, self.key - days)


@dataclass(frozen=True, slots=True)
class CadenceLine:
    """How the line through baseline runs is drawn; the fields are those of ``CadenceShift``."""

    minimum_runs: int
    slope_spm_per_mps: float
    slope_weight_m2ps2: float
    spread_percent: float
    spread_runs: float

    def through(self, runs: MatchedRuns, start: IntColumn, stop: IntColumn) -> Column:
        """Fit each half-open span of runs.

        Returns
        -------
        ndarray, shape (5, k)
            Centre [m/s], level [1/min], slope [(1/min)/(m/s)], spread [1/min] and number of the runs; all
            but the number are NaN where the span holds too few.
        """
        speed_mps, cadence_spm = runs.speed_mps, runs.cadence_spm
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
        own_spm = MAD_TO_SD * padded_median(np.abs(levelled - level_spm[:, None]), count)
        usual_spm = self.spread_percent / 100 * level_spm
        variance = (self.spread_runs * usual_spm**2 + n * own_spm**2) / (self.spread_runs + n)
        return np.stack((centre_mps, level_spm, slope, np.sqrt(variance), stop - start))
