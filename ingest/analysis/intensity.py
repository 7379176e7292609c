"""Exercise intensity of one run: cleaned heart rate, grade-adjusted speed and histograms of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.analysis.cadence_lock import locked_to_cadence
from ingest.analysis.resample import Seconds, moving_mean, moving_median, moving_sum
from ingest.formats.recording import Column

Histogram = npt.NDArray[np.int32]

HEART_RATE_BINS = 256
"""Number of heart-rate bins, one per beat per minute, from 0."""

SPEED_BINS = 160
SPEED_BIN_MPS = 0.05
"""Width of a speed bin; the bins cover 0 to 8 m/s, faster speeds fall into the last one. [m/s]"""

BEST_EFFORT_MIN = (3, 6, 12, 20)
"""Durations of the best efforts from which critical speed is estimated. [min]"""

WARM_UP_S = 180
"""Start of a run that is not counted as hard: sensors are not yet reliable. [s]"""

WINDOW_S = 30
LEAST_KNOWN_S = 15
"""Minimum number of known seconds in a moving window. [s]"""

STEEPEST_GRADE = 0.45
"""Steepest grade measured by Minetti; steeper grades are clipped to it. [m/m]"""


@dataclass(frozen=True, slots=True, eq=False)
class IntensityHistograms:
    """Seconds spent at each heart rate and at each grade-adjusted speed.

    A threshold that changes with a runner's fitness can be applied to these years later without reading
    the file again: hard minutes are the sum above the threshold.

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
    """Compute the intensity histograms of one activity; speed is counted for runs only.

    ``slope`` is the result of ``grade`` if it has been computed already.
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
    """Heart rate without jumps of more than 25 bpm within five seconds and without cadence lock. [1/min]

    See ``locked_to_cadence`` for the cadence check.

    Parameters
    ----------
    seconds : Seconds
        One activity, resampled to one row per second.

    Returns
    -------
    ndarray, shape (n,)
        Heart rate, NaN where it is unknown or implausible. [1/min]
    """
    rate = seconds.heart_rate_bpm
    doubtful = np.zeros(len(rate), dtype=np.bool_)
    for lag in range(1, 6):
        doubtful[lag:] |= np.abs(rate[lag:] - rate[:-lag]) > 25
    doubtful |= locked_to_cadence(seconds)
    return np.where(doubtful, np.nan, rate)


def running_cost(grade: Column) -> Column:
    """Metabolic energy cost of running on a slope, after Minetti.

    .. math:: C(i) = 155.4 i^5 - 30.4 i^4 - 43.3 i^3 + 46.3 i^2 + 19.5 i + 3.6

    Parameters
    ----------
    grade : ndarray
        Slope i, rise over run; clipped to ±0.45, the steepest grade measured. [m/m]

    Returns
    -------
    ndarray
        Metabolic cost C; 3.6 on the flat. The cost says nothing about mechanical load: it understates
        what running downhill asks of muscle and bone. [J/(kg m)]

    References
    ----------
    .. [1] A. E. Minetti et al., J. Appl. Physiol. 93(3), 1039-1046, 2002.

    Examples
    --------
    >>> running_cost(np.array([-0.1, 0.0, 0.1])).round(2).tolist()
    [2.15, 3.6, 5.97]
    """
    i = np.clip(grade, -STEEPEST_GRADE, STEEPEST_GRADE)
    return np.asarray(((((155.4 * i - 30.4) * i - 43.3) * i + 46.3) * i + 19.5) * i + 3.6)


def grade(seconds: Seconds) -> Column:
    """Slope over 30 seconds of smoothed altitude.

    Parameters
    ----------
    seconds : Seconds
        One activity, resampled to one row per second.

    Returns
    -------
    ndarray, shape (n,)
        Rise over run within ±0.45; 0 where altitude is unknown or the runner barely moves. [m/m]
    """
    rise_m = np.diff(moving_mean(seconds.altitude_m, 15), prepend=np.nan)
    both = np.isfinite(rise_m) & np.isfinite(seconds.advance_m)
    run_m = moving_sum(np.where(both, seconds.advance_m, np.nan), WINDOW_S)
    rise_m = moving_sum(np.where(both, rise_m, np.nan), WINDOW_S)
    is_moving = run_m >= WINDOW_S / 3  # below a third of a metre per second there is only noise
    return np.clip(
        np.where(is_moving, rise_m, 0.0) / np.where(is_moving, run_m, 1.0), -STEEPEST_GRADE, STEEPEST_GRADE
    )


def grade_adjusted_advance(seconds: Seconds, slope: Column | None = None) -> Column:
    r"""Equivalent flat distance of each second.

    .. math:: d_{adj} = d \, C(i) / C(0)

    with the running cost C of ``running_cost``.

    Parameters
    ----------
    seconds : Seconds
        One run, resampled to one row per second.
    slope : ndarray, shape (n,), optional
        Slope i of each second; computed by ``grade`` if not given. [m/m]

    Returns
    -------
    ndarray, shape (n,)
        Distance on the flat with the same metabolic cost. [m]

    References
    ----------
    .. [1] A. E. Minetti et al., J. Appl. Physiol. 93(3), 1039-1046, 2002.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(advance_m=np.array([3.0, 3.0]))
    >>> grade_adjusted_advance(run, np.array([0.0, 0.1])).round(2).tolist()
    [3.0, 4.97]
    """
    return np.asarray(seconds.advance_m * running_cost(grade(seconds) if slope is None else slope) / 3.6)


def best_efforts(advance_m: Column) -> Column:
    """Longest distances covered within 3, 6, 12 and 20 minutes (``BEST_EFFORT_MIN``).

    Parameters
    ----------
    advance_m : ndarray, shape (n,)
        Distance covered in each second; NaN counts as standing still. [m]

    Returns
    -------
    ndarray, shape (4,)
        Distance per duration, pauses included; NaN where the run is shorter. [m]

    Examples
    --------
    >>> best_efforts(np.full(400, 3.0)).tolist()
    [540.0, 1080.0, nan, nan]
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
        Threshold; rounded up to a whole beat. [1/min]

    Returns
    -------
    ndarray, shape (...)
        Minutes; NaN where the threshold is NaN. [min]

    Examples
    --------
    >>> seconds = np.zeros(256, np.int32)
    >>> seconds[150], seconds[165] = 1200, 300
    >>> float(minutes_above_heart_rate(seconds, 160.0))
    5.0
    """
    return _minutes_from(heart_rate_s, np.ceil(np.asarray(threshold_bpm)))


def minutes_above_speed(speed_s: Histogram, threshold_mps: float | Column) -> Column:
    """Minutes at or above a grade-adjusted speed.

    Parameters
    ----------
    speed_s : ndarray of int, shape (..., 160)
        Seconds by grade-adjusted speed, in bins of 0.05 m/s. [s]
    threshold_mps : float or ndarray, shape (...)
        Threshold; rounded to the nearest bin edge. [m/s]

    Returns
    -------
    ndarray, shape (...)
        Minutes; NaN where the threshold is NaN. [min]

    Examples
    --------
    >>> seconds = np.zeros(160, np.int32)
    >>> seconds[60], seconds[80] = 1200, 300
    >>> float(minutes_above_speed(seconds, 3.5))
    5.0
    """
    return _minutes_from(speed_s, np.round(np.asarray(threshold_mps) / SPEED_BIN_MPS))


def heart_rate_percentile(heart_rate_s: npt.NDArray[np.integer], percent: float) -> Column:
    """Percentile of heart rate over time.

    Parameters
    ----------
    heart_rate_s : ndarray of int, shape (..., 256)
        Seconds by heart rate, of one run or summed over many. [s]
    percent : float
        Share of the time, above 0 and up to 100. [%]

    Returns
    -------
    ndarray, shape (...)
        Lowest heart rate that covers ``percent`` of the time; NaN without heart rate. [1/min]

    Examples
    --------
    >>> seconds = np.zeros(256, np.int32)
    >>> seconds[140], seconds[185] = 990, 10
    >>> [float(heart_rate_percentile(seconds, percent)) for percent in (50.0, 99.7)]
    [140.0, 185.0]
    """
    below_s = np.cumsum(heart_rate_s, axis=-1, dtype=heart_rate_s.dtype)
    total_s = below_s[..., -1:]
    rate = np.argmax(below_s >= total_s * (percent / 100), axis=-1)
    return np.where(total_s[..., 0] > 0, rate, np.nan)


def critical_speed_mps(best_effort_m: Column) -> Column:
    r"""Critical speed, estimated from best efforts.

    The model is linear, with critical speed as its slope:

    .. math:: d(t) = D' + v_{crit} \, t

    Parameters
    ----------
    best_effort_m : ndarray, shape (..., 4)
        Longest distances d within ``BEST_EFFORT_MIN`` (t) over the last three months. [m]

    Returns
    -------
    ndarray, shape (...)
        Least-squares slope where at least three efforts are known, else 0.93 of the speed of the best
        twenty minutes, else NaN. A lower bound if no effort was maximal. [m/s]

    References
    ----------
    .. [1] A. M. Jones and A. Vanhatalo, Sports Med. 47(S1), 65-78, 2017.

    Examples
    --------
    >>> minutes = np.array([3, 6, 12, 20])
    >>> round(float(critical_speed_mps(200 + 4.0 * 60 * minutes)), 6)
    4.0
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
    """Number of seconds per whole value."""
    whole = np.clip(values[np.isfinite(values)], 0, bins - 1).astype(np.int64)
    return np.bincount(whole, minlength=bins).astype(np.int32)


def _minutes_from(seconds_s: Histogram, first_bin: Column) -> Column:
    """Minutes in the bins from ``first_bin`` on."""
    is_above = np.arange(seconds_s.shape[-1]) >= first_bin[..., None]
    minutes = np.sum(seconds_s, axis=-1, where=is_above, dtype=np.float64) / 60
    return np.where(np.isfinite(first_bin), minutes, np.nan)
