"""Resampling to a regular grid of one row per second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.formats.recording import Column, Samples

Mask = npt.NDArray[np.bool_]

LONGEST_HOLD_S = 10.0
"""Longest gap that is interpolated. [s]"""

LONGEST_PAUSE_S = 300.0
"""Longer pauses and clock jumps are shortened to this. [s]"""

MOST_SECONDS = 6 * 86_400
"""Maximum length of the grid; longer than any race, and a bound for malicious files. [s]"""

FULL_PAUSES_SECONDS = 36 * 3_600
"""Above this length pauses are shortened to the interpolation limit. [s]"""

FASTEST_HUMAN_MPS = 12.5
"""Faster than anyone has ever run. [m/s]"""

HEART_RATE_RANGE_BPM = (30.0, 240.0)

MOST_STEPS_SPM = 400.0
"""Higher values are no cadence. [1/min]"""


@dataclass(frozen=True, slots=True, eq=False)
class Seconds:
    """Recording resampled to one row per second; columns of shape (n,), NaN where unknown."""

    is_covered: Mask
    advance_m: Column
    altitude_m: Column
    heart_rate_bpm: Column
    cadence_spm: Column

    def __len__(self) -> int:
        return len(self.is_covered)


def resample_to_seconds(samples: Samples, cadence_spm: Column) -> Seconds:
    """Resample samples to one row per second."""
    timed = np.isfinite(samples.timestamp_s)
    if not timed.any():
        return Seconds(np.zeros(0, dtype=np.bool_), *(np.zeros(0) for _ in range(4)))
    time_s = mended_clock(samples.timestamp_s[timed])
    time_s = _shortened(time_s)
    length = min(_length(time_s), MOST_SECONDS)
    grid_s = time_s[0] + np.arange(length)
    heart_rate = samples.heart_rate_bpm[timed]
    steps = np.where(np.abs(cadence_spm) <= MOST_STEPS_SPM, cadence_spm, np.nan)
    low, high = HEART_RATE_RANGE_BPM
    plausible = np.where((heart_rate >= low) & (heart_rate <= high), heart_rate, np.nan)
    return Seconds(
        is_covered=np.isfinite(resampled(time_s, time_s, grid_s)),
        advance_m=_advance(samples, timed, time_s, grid_s),
        altitude_m=resampled(time_s, samples.altitude_m[timed], grid_s),
        heart_rate_bpm=resampled(time_s, plausible, grid_s),
        cadence_spm=resampled(time_s, steps[timed], grid_s),
    )


def seconds_needed(samples: Samples) -> int:
    """Number of rows after resampling."""
    timed = np.isfinite(samples.timestamp_s)
    return _length(_shortened(mended_clock(samples.timestamp_s[timed]))) if timed.any() else 0


def _length(time_s: Column) -> int:
    return int(time_s[-1] - time_s[0]) + 1


def _shortened(time_s: Column) -> Column:
    """Times of a very long recording with pauses shortened to the interpolation limit.

    Otherwise one sample every five minutes would give three hundred rows each: ten days from 29 kB.
    """
    if _length(time_s) <= FULL_PAUSES_SECONDS:
        return time_s
    step = np.diff(time_s)
    # Just above the interpolation limit, so that the pause is not interpolated.
    pause_s = LONGEST_HOLD_S + 1.0
    return time_s - np.concatenate(([0.0], np.cumsum(np.maximum(step - pause_s, 0.0))))


def mended_clock(timestamp_s: Column) -> Column:
    """Non-decreasing times, with long pauses and clock jumps shortened to five minutes.

    A watch that gets its first position during a run may jump by thirty years. Pauses stay long enough that
    best efforts across them are not overestimated.
    """
    step = np.diff(timestamp_s)
    leaps = (step < -LONGEST_HOLD_S) | (step > LONGEST_PAUSE_S)
    excess = np.where(leaps, step - LONGEST_PAUSE_S, 0.0)
    mended = timestamp_s - np.concatenate(([0.0], np.cumsum(excess)))
    return np.asarray(np.maximum.accumulate(mended))


def resampled(time_s: Column, values: Column, grid_s: Column) -> Column:
    """Interpolate values at the grid times, where neighbours are at most ten seconds apart.

    For several values at the same time the last one is used. ``time_s`` must not decrease.
    """
    known = np.isfinite(values)
    time_s, values = time_s[known], values[known]
    if not len(time_s):
        return np.full(len(grid_s), np.nan)
    is_last = np.append(np.diff(time_s) > 0, True)
    time_s, values = time_s[is_last], values[is_last]
    if np.array_equal(time_s, grid_s):
        return values
    before = np.searchsorted(time_s, grid_s, side="right") - 1
    span_s = np.append(np.diff(time_s), np.inf)[before]
    bridged = (span_s <= LONGEST_HOLD_S) | (grid_s == time_s[before])
    return np.where(bridged, np.interp(grid_s, time_s, values, left=np.nan, right=np.nan), np.nan)


def moving_sum(values: Column, width: int) -> Column:
    """Centred moving sum of the known values; the window is truncated at both ends."""
    before, n = width // 2, len(values)
    # Cumulative sums, padded at both ends by the reach of the window.
    total = np.zeros(n + width)
    np.cumsum(np.where(np.isfinite(values), values, 0.0), out=total[before + 1 : before + 1 + n])
    total[before + 1 + n :] = total[before + n]
    return np.asarray(total[width:] - total[:n])


def moving_mean(values: Column, width: int, *, at_least: int = 1) -> Column:
    """Centred moving mean of the known values; NaN where fewer than ``at_least`` are known."""
    count = moving_sum(np.isfinite(values).astype(np.float64), width)
    mean = moving_sum(values, width) / np.maximum(count, 1)
    return np.where(count >= at_least, mean, np.nan)


def moving_median(values: Column, width: int, *, at_least: int = 1) -> Column:
    """Centred moving median of the known values; NaN where fewer than ``at_least`` are known."""
    if not len(values):
        return values
    before = width // 2
    padded = np.pad(values, (before, width - before - 1), constant_values=np.nan)
    # Sorting puts NaN last, so the known values come first.
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1)
    count = moving_sum(np.isfinite(values).astype(np.float64), width).astype(np.int64)
    row = np.arange(len(values))
    lower, upper = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, width - 1)
    median = (windows[row, lower] + windows[row, upper]) / 2
    return np.where(count >= max(at_least, 1), median, np.nan)


def _advance(samples: Samples, timed: Mask, time_s: Column, grid_s: Column) -> Column:
    """Distance per second, from recorded distances or else from speeds. [m]"""
    distance_m = samples.distance_m[timed]
    if np.isfinite(distance_m).any():
        gained = np.diff(resampled(time_s, distance_m, grid_s), prepend=np.nan)
    else:
        gained = resampled(time_s, samples.speed_mps[timed], grid_s)
        gained[:1] = np.nan
    # Phones record positions every few seconds and jump in between: judged over five seconds.
    believable = (gained >= 0) & (moving_mean(gained, 5) <= FASTEST_HUMAN_MPS)
    return np.where(believable, gained, np.nan)


def runs_longer_than(holds: Mask, limit: int) -> Mask:
    """Mask of the runs of True that are longer than ``limit``.

    Parameters
    ----------
    holds : ndarray of bool, shape (n,)
        Condition of each row.
    limit : int
        Length that a run of True must exceed. [rows]

    Returns
    -------
    ndarray of bool, shape (n,)
        True in the longer runs only.

    Examples
    --------
    >>> runs_longer_than(np.array([True, False, True, True]), 1).tolist()
    [False, False, True, True]
    """
    edges = np.diff(holds.astype(np.int8), prepend=0, append=0)
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    is_long = stops - starts > limit
    marks = np.zeros(len(holds) + 1, dtype=np.int8)
    marks[starts[is_long]] = 1
    marks[stops[is_long]] = -1
    return np.asarray(np.cumsum(marks)[:-1] > 0)
