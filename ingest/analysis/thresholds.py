"""Intensity thresholds of a runner, for each day, from past runs only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.analysis.histogram_codec import StackedHistograms
from ingest.analysis.intensity import (
    Histogram,
    critical_speed_mps,
    heart_rate_percentile,
    minutes_above_heart_rate,
    minutes_above_speed,
)
from ingest.analysis.resample import Mask
from ingest.analysis.summary import ActivitySummary
from ingest.analysis.trimp import banister_trimp, edwards_trimp
from ingest.formats.recording import Column

CHUNK_ROWS = 1_024
"""Rows processed at a time; 20,000 rows at once would need 200 MiB."""


def in_chunks(work: Callable[..., Column], *columns: npt.NDArray[Any]) -> Column:
    """Process rows in chunks to bound memory; ``work`` must treat each row independently."""
    starts = range(0, len(columns[0]), CHUNK_ROWS)
    done = [work(*(column[start : start + CHUNK_ROWS] for column in columns)) for start in starts]
    return np.concatenate(done) if done else np.zeros(0)


Days = npt.NDArray[np.datetime64]
IntColumn = npt.NDArray[np.int64]

BASIS_NONE, BASIS_HEART_RATE, BASIS_SPEED = 0, 1, 2

HEART_RATE_DAYS = 180
EFFORT_DAYS = 90

LEAST_RUNS = 5
LEAST_SPREAD_DAYS = 14
"""A threshold needs at least ``LEAST_RUNS`` runs, the first and last this far apart. [days]"""

HIGHEST_PERCENT = 99.7
HARD_SHARE_OF_HIGHEST = 0.88
HARD_SHARE_OF_CRITICAL = 0.95

SETTABLE_BPM = (80.0, 230.0)
"""Plausible range of a threshold stored in a file. [1/min]"""


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    """For each run the rows ``start`` to ``stop`` (excluded) of the days up to and including its own."""

    day: Days
    start: IntColumn
    stop: IntColumn

    @classmethod
    def ending_with(cls, day: Days, length_days: int) -> _Window:
        first = day - np.timedelta64(length_days - 1, "D")
        return cls(day, np.searchsorted(day, first), np.searchsorted(day, day, side="right"))

    def is_enough(self, counts: Mask) -> Mask:
        """Whether each window holds enough counting runs, spread over enough days."""
        before = np.concatenate(([0], np.cumsum(counts)))
        first, stop = before[self.start], before[self.stop]
        is_many = stop - first >= LEAST_RUNS
        days = np.append(self.day[counts], self.day[:1])  # so that an empty window has a valid row
        spread = days[np.maximum(stop - 1, 0)] - days[first]
        return np.asarray(is_many & (spread >= np.timedelta64(LEAST_SPREAD_DAYS, "D")))


@dataclass(frozen=True, slots=True, eq=False)
class RunIntensity:
    """Intensity of runs relative to the thresholds of their day; columns of shape (m,).

    Parameters
    ----------
    hard_min : ndarray
        Hard minutes; NaN where unknown. [min]
    basis : ndarray of int
        What ``hard_min`` is based on: nothing, heart rate or speed.
    begins_hard, ends_hard : ndarray
        1 where three of the first ten minutes, or the median of the last five, were at or above the
        threshold, 0 where they were not, NaN where unknown. [unitless]
    edwards_au, banister_au : ndarray
        Training impulse by heart rate; NaN without. [arbitrary units]
    """

    hard_min: Column
    basis: IntColumn
    begins_hard: Column
    ends_hard: Column
    edwards_au: Column
    banister_au: Column


def classify_intensity(
    summaries: Sequence[ActivitySummary], day: Days, setting_bpm: float | None
) -> RunIntensity:
    """Measure how hard each run was, by the runner's thresholds on its day.

    Parameters
    ----------
    summaries : sequence of ActivitySummary, length m
        Runs in any order.
    day : ndarray of datetime64[D], shape (m,)
        Their days.
    setting_bpm : float or None
        Threshold set by the runner; overrides those from files and history. [1/min]

    Returns
    -------
    RunIntensity
        In the order of ``summaries``.
    """
    order = np.argsort(day, kind="stable")  # crossing the date line, a later start may have an earlier day
    found = StackedHistograms.of([summaries[row].intensity for row in order])
    trusted = np.array([summaries[row].counts_intensity for row in order], np.bool_)
    heart_rate_s = found.heart_rate_s
    usual_bpm = hard_heart_rate_bpm(day[order], np.where(trusted[:, None], heart_rate_s, 0))
    fast_mps = hard_speed_mps(day[order], np.where(trusted[:, None], found.best_effort_m, np.nan))
    threshold_bpm = _preferred(setting_bpm, [summaries[row] for row in order], usual_bpm)
    has_heart = heart_rate_s.any(axis=1)
    by_heart = in_chunks(minutes_above_heart_rate, found.median_heart_rate_s, threshold_bpm)
    minutes = np.where(has_heart, by_heart, in_chunks(_fast_min, found.speed_s, fast_mps))
    basis = np.where(np.isfinite(minutes), np.where(has_heart, BASIS_HEART_RATE, BASIS_SPEED), BASIS_NONE)
    ordered = [summaries[row] for row in order]
    by_basis = (threshold_bpm, fast_mps)
    opening = _reaches([s.opening_bpm for s in ordered], [s.opening_mps for s in ordered], basis, by_basis)
    closing = _reaches([s.closing_bpm for s in ordered], [s.closing_mps for s in ordered], basis, by_basis)
    highest_bpm = threshold_bpm / HARD_SHARE_OF_HIGHEST
    back = np.argsort(order)
    return RunIntensity(
        hard_min=minutes[back],
        basis=basis[back],
        begins_hard=opening[back],
        ends_hard=closing[back],
        edwards_au=in_chunks(edwards_trimp, heart_rate_s, highest_bpm)[back],
        banister_au=in_chunks(banister_trimp, heart_rate_s, highest_bpm)[back],
    )


def latest_threshold_bpm(summaries: Sequence[ActivitySummary], day: Days) -> float | None:
    """Hard heart-rate threshold at the last of some runs in order of day; None if unknown. [1/min]"""
    if not summaries:
        return None
    trusted = StackedHistograms.of([s.intensity if s.counts_intensity else None for s in summaries])
    usual_bpm = hard_heart_rate_bpm(day, trusted.heart_rate_s)
    latest = float(_preferred(None, summaries, usual_bpm)[-1])
    return latest if np.isfinite(latest) else None


def hard_heart_rate_bpm(day: Days, heart_rate_s: npt.NDArray[np.integer]) -> Column:
    r"""Heart-rate threshold of hard running for each day.

    .. math:: HR_{hard} = 0.88 \, P_{99.7}(HR)

    Parameters
    ----------
    day : ndarray of datetime64[D], shape (m,)
        Day of each run, not decreasing.
    heart_rate_s : ndarray of int, shape (m, 256)
        Its seconds by heart rate, all 0 where unknown or not to be trusted. [s]

    Returns
    -------
    ndarray, shape (m,)
        0.88 of the 99.7th percentile over the last 180 days, that day included; NaN until five runs with
        heart rate are spread over two weeks. [1/min]

    Examples
    --------
    >>> day = np.datetime64("2025-01-01") + np.arange(0, 20, 4)
    >>> seconds = np.zeros((5, 256), np.int32)
    >>> seconds[:, 190] = 600
    >>> hard_heart_rate_bpm(day, seconds).round(1).tolist()
    [nan, nan, nan, nan, 167.2]
    """
    window = _Window.ending_with(day, HEART_RATE_DAYS)
    # Integer differences are exact, whatever precedes the window.
    total_s = np.zeros((len(day) + 1, heart_rate_s.shape[1]), np.int32)
    np.cumsum(heart_rate_s, axis=0, out=total_s[1:])
    highest = in_chunks(
        lambda start, stop: heart_rate_percentile(total_s[stop] - total_s[start], HIGHEST_PERCENT),
        window.start,
        window.stop,
    )
    is_enough = window.is_enough(np.asarray(heart_rate_s.any(axis=1)))
    return np.where(is_enough, HARD_SHARE_OF_HIGHEST * highest, np.nan)


def hard_speed_mps(day: Days, best_effort_m: Column) -> Column:
    r"""Grade-adjusted speed threshold of hard running for each day.

    .. math:: v_{hard} = 0.95 \, v_{crit}

    Parameters
    ----------
    day : ndarray of datetime64[D], shape (m,)
        Day of each run, not decreasing.
    best_effort_m : ndarray, shape (m, 4)
        Its best efforts, NaN where unknown or not to be trusted. [m]

    Returns
    -------
    ndarray, shape (m,)
        0.95 of the critical speed over the last 90 days, that day included; NaN until five runs with an
        effort are spread over two weeks, as a single easy run would otherwise count as hard. [m/s]

    Examples
    --------
    >>> day = np.datetime64("2025-01-01") + np.arange(0, 20, 4)
    >>> efforts = np.tile(200 + 4.0 * 60 * np.array([3, 6, 12, 20]), (5, 1))
    >>> hard_speed_mps(day, efforts).round(2).tolist()
    [nan, nan, nan, nan, 3.8]
    """
    if not len(day):
        return np.zeros(0)
    window = _Window.ending_with(day, EFFORT_DAYS)
    efforts = np.where(np.isfinite(best_effort_m), best_effort_m, -np.inf)
    borders = np.column_stack((window.start, window.stop)).ravel()
    # reduceat needs every border to be a valid row, hence one more at the end.
    best = np.maximum.reduceat(np.vstack((efforts, efforts[:1])), borders, axis=0)[::2]
    critical = critical_speed_mps(np.where(np.isfinite(best), best, np.nan))
    is_enough = window.is_enough(np.asarray(np.isfinite(best_effort_m).any(axis=1)))
    return np.where(is_enough, HARD_SHARE_OF_CRITICAL * critical, np.nan)


def _fast_min(speed_s: Histogram, threshold_mps: Column) -> Column:
    """Minutes at or above each run's own speed; NaN where it has no speed. [min]"""
    return np.where(speed_s.any(axis=1), minutes_above_speed(speed_s, threshold_mps), np.nan)


def _reaches(
    rate_bpm: Sequence[float | None],
    speed_mps: Sequence[float | None],
    basis: IntColumn,
    threshold: tuple[Column, Column],
) -> Column:
    """Whether a part of each run was hard, by the run's own basis; NaN where unknown."""
    by_heart = basis == BASIS_HEART_RATE
    seen = np.where(by_heart, np.array(rate_bpm, np.float64), np.array(speed_mps, np.float64))
    limit = np.where(by_heart, threshold[0], threshold[1])
    is_known = np.isfinite(seen) & np.isfinite(limit) & (basis != BASIS_NONE)
    return np.where(is_known, seen >= limit, np.nan)


def _preferred(setting_bpm: float | None, summaries: Sequence[ActivitySummary], usual_bpm: Column) -> Column:
    """The runner's setting, else the threshold in the file, else the one from history. [1/min]"""
    if setting_bpm is not None:
        return np.full(len(summaries), setting_bpm)
    filed = np.array([s.threshold_heart_rate_bpm or 0.0 for s in summaries])
    return np.where((filed >= SETTABLE_BPM[0]) & (filed <= SETTABLE_BPM[1]), filed, usual_bpm)
