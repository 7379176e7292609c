"""How hard a run was: cleaned heart rate, grade-adjusted speed and the distributions kept of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.analysis.cadence_lock import locked_to_cadence
from ingest.analysis.resample import Seconds, moving_mean, moving_median, moving_sum
from ingest.formats.recording import Column

Histogram = npt.NDArray[np.int32]

HEART_RATE_BINS = 256
"""One bin a beat per minute, from 0."""

SPEED_BINS = 160
SPEED_BIN_MPS = 0.05
"""Bins of grade-adjusted speed, from 0 to 8 m/s; what is faster falls into the last."""

BEST_EFFORT_MIN = (3, 6, 12, 20)
"""Durations of the best efforts from which critical speed is estimated. [min]"""

WARM_UP_S = 180
"""Left out of hard minutes: a strap is still dry, an optical sensor still searching. [s]"""

WINDOW_S = 30
LEAST_KNOWN_S = 15
"""How much of a window must be known. [s]"""

STEEPEST_GRADE = 0.45
"""Minetti measured no farther; steeper is taken as this. [m/m]"""


@dataclass(frozen=True, slots=True, eq=False)
class IntensityHistograms:
    """Seconds spent at each heart rate and at each grade-adjusted speed.

    A threshold that moves with a runner's fitness can be applied to them years later without opening
    a file: hard minutes are the tail above it.

    Parameters
    ----------
    heart_rate_s : ndarray of int, shape (256,)
        Seconds by heart rate, cleaned sample by sample; for the 99.7th percentile. [s]
    median_heart_rate_s : ndarray of int, shape (256,)
        Seconds by 30-second median heart rate, without the first three minutes; for hard minutes. [s]
    speed_s : ndarray of int, shape (160,)
        Seconds by 30-second grade-adjusted speed, in bins of 0.05 m/s. [s]
    best_effort_m : ndarray of float, shape (4,)
        Farthest grade-adjusted distance within 3, 6, 12 and 20 minutes; NaN where shorter. [m]
    """

    heart_rate_s: Histogram
    median_heart_rate_s: Histogram
    speed_s: Histogram
    best_effort_m: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        shapes = (
            self.heart_rate_s.shape,
            self.median_heart_rate_s.shape,
            self.speed_s.shape,
            self.best_effort_m.shape,
        )
        expected = ((HEART_RATE_BINS,), (HEART_RATE_BINS,), (SPEED_BINS,), (len(BEST_EFFORT_MIN),))
        if shapes != expected:
            raise ValueError(f"histograms of shape {shapes}, expected {expected}")


def intensity_histograms(
    seconds: Seconds, *, is_run: bool = True, slope: Column | None = None
) -> IntensityHistograms:
    """Sum up how hard an activity was; speed is counted of runs only.

    ``slope`` is its ``grade`` where that is known already.
    """
    heart_rate = cleaned_heart_rate(seconds)
    warm = np.where(np.arange(len(seconds)) >= WARM_UP_S, heart_rate, np.nan)
    median = np.where(np.isfinite(warm), moving_median(warm, WINDOW_S, at_least=LEAST_KNOWN_S), np.nan)
    advance_m = grade_adjusted_advance(seconds, slope) if is_run else np.full(len(seconds), np.nan)
    speed = moving_mean(advance_m, WINDOW_S, at_least=LEAST_KNOWN_S)
    speed = np.where(np.isfinite(advance_m), speed, np.nan)
    return IntensityHistograms(
        heart_rate_s=_histogram(heart_rate, HEART_RATE_BINS),
        median_heart_rate_s=_histogram(median, HEART_RATE_BINS),
        speed_s=_histogram(speed / SPEED_BIN_MPS, SPEED_BINS),
        best_effort_m=best_efforts(advance_m),
    )


def cleaned_heart_rate(seconds: Seconds) -> Column:
    """Heart rate without leaps of more than 25 in five seconds and without cadence lock. [1/min]

    What is not believed for the cadence's sake is told by ``locked_to_cadence``.
    """
    rate = seconds.heart_rate_bpm
    doubtful = np.zeros(len(rate), dtype=np.bool_)
    for lag in range(1, 6):
        doubtful[lag:] |= np.abs(rate[lag:] - rate[:-lag]) > 25
    doubtful |= locked_to_cadence(seconds)
    return np.where(doubtful, np.nan, rate)


def running_cost(grade: Column) -> Column:
    """Energy cost of running on a slope.

    Parameters
    ----------
    grade : ndarray
        Rise over run, cut off at ±0.45. [m/m]

    Returns
    -------
    ndarray
        Metabolic cost; 3.6 on the flat. It is energy and no more: it understates what running
        downhill asks of muscle and bone. [J/(kg m)]

    References
    ----------
    .. [1] A. E. Minetti et al., J. Appl. Physiol. 93(3), 1039-1046, 2002.
    """
    i = np.clip(grade, -STEEPEST_GRADE, STEEPEST_GRADE)
    return np.asarray(((((155.4 * i - 30.4) * i - 43.3) * i + 46.3) * i + 19.5) * i + 3.6)


def grade(seconds: Seconds) -> Column:
    """Slope over half a minute of smoothed altitude, 0 where it cannot be known. [m/m]"""
    rise_m = np.diff(moving_mean(seconds.altitude_m, 15), prepend=np.nan)
    both = np.isfinite(rise_m) & np.isfinite(seconds.advance_m)
    run_m = moving_sum(np.where(both, seconds.advance_m, np.nan), WINDOW_S)
    rise_m = moving_sum(np.where(both, rise_m, np.nan), WINDOW_S)
    is_moving = run_m >= WINDOW_S / 3  # below a third of a metre per second noise is all there is
    return np.clip(
        np.where(is_moving, rise_m, 0.0) / np.where(is_moving, run_m, 1.0), -STEEPEST_GRADE, STEEPEST_GRADE
    )


def grade_adjusted_advance(seconds: Seconds, slope: Column | None = None) -> Column:
    """Distance on the flat that would have cost the same, second by second. [m]"""
    return np.asarray(seconds.advance_m * running_cost(grade(seconds) if slope is None else slope) / 3.6)


def best_efforts(advance_m: Column) -> Column:
    """Farthest distances within each of ``BEST_EFFORT_MIN``; NaN where the run is shorter. [m]

    Pauses belong to an effort: whoever stands still does not run.
    """
    covered_m = np.cumsum(np.nan_to_num(advance_m, nan=0.0))
    best = np.full(len(BEST_EFFORT_MIN), np.nan)
    for index, minutes in enumerate(BEST_EFFORT_MIN):
        ahead = covered_m[60 * minutes :]
        if len(ahead) and covered_m[-1] > 0:
            best[index] = (ahead - covered_m[: len(ahead)]).max()
    return best


def minutes_above_heart_rate(heart_rate_s: Histogram, threshold_bpm: float | Column) -> Column:
    """Minutes at or above a heart rate.

    Parameters
    ----------
    heart_rate_s : ndarray of int, shape (..., 256)
        Seconds by 30-second median heart rate. [s]
    threshold_bpm : float or ndarray, shape (...)
        NaN gives NaN. [1/min]
    """
    return _minutes_from(heart_rate_s, np.ceil(np.asarray(threshold_bpm)))


def minutes_above_speed(speed_s: Histogram, threshold_mps: float | Column) -> Column:
    """Minutes at or above a grade-adjusted speed; the threshold goes to the nearest edge of a bin.

    Parameters
    ----------
    speed_s : ndarray of int, shape (..., 160)
        Seconds by grade-adjusted speed. [s]
    threshold_mps : float or ndarray, shape (...)
        NaN gives NaN. [m/s]
    """
    return _minutes_from(speed_s, np.round(np.asarray(threshold_mps) / SPEED_BIN_MPS))


def heart_rate_percentile(heart_rate_s: npt.NDArray[np.integer], percent: float) -> Column:
    """Lowest heart rate that covers ``percent`` of the time, NaN where there is none. [1/min]

    Parameters
    ----------
    heart_rate_s : ndarray of int, shape (..., 256)
        Seconds by heart rate; the sum over many runs, or several such sums. [s]
    percent : float
        Share of the time, above 0 and up to 100.
    """
    below_s = np.cumsum(heart_rate_s, axis=-1, dtype=heart_rate_s.dtype)
    total_s = below_s[..., -1:]
    rate = np.argmax(below_s >= total_s * (percent / 100), axis=-1)
    return np.where(total_s[..., 0] > 0, rate, np.nan)


def critical_speed_mps(best_effort_m: Column) -> Column:
    """Speed that could be held for long, from best efforts.

    Parameters
    ----------
    best_effort_m : ndarray, shape (..., 4)
        Farthest distances within ``BEST_EFFORT_MIN`` over the last three months. [m]

    Returns
    -------
    ndarray, shape (...)
        Slope of distance over time where at least three efforts are known, else 0.93 of the speed of the
        best twenty minutes, else NaN. Nobody has to run all out: where no effort was, this is a lower
        bound. [m/s]
    """
    time_s = 60.0 * np.array(BEST_EFFORT_MIN)
    known = np.isfinite(best_effort_m)
    count = known.sum(axis=-1)
    distance_m = np.where(known, best_effort_m, 0.0)
    mean_s = (known * time_s).sum(axis=-1) / np.maximum(count, 1)
    deviation_s = np.where(known, time_s - mean_s[..., None], 0.0)
    spread = (deviation_s**2).sum(axis=-1)
    slope = (deviation_s * distance_m).sum(axis=-1) / np.where(count >= 3, spread, 1.0)
    return np.asarray(np.where(count >= 3, slope, 0.93 * best_effort_m[..., -1] / time_s[-1]))


def _histogram(values: Column, bins: int) -> Histogram:
    """Seconds by whole value."""
    whole = np.clip(values[np.isfinite(values)], 0, bins - 1).astype(np.int64)
    return np.bincount(whole, minlength=bins).astype(np.int32)


def _minutes_from(seconds_s: Histogram, first_bin: Column) -> Column:
    """Minutes in the bins from ``first_bin`` on."""
    is_above = np.arange(seconds_s.shape[-1]) >= first_bin[..., None]
    minutes = np.sum(seconds_s, axis=-1, where=is_above, dtype=np.float64) / 60
    return np.where(np.isfinite(first_bin), minutes, np.nan)
