"""Running form of one run: intensity of start and finish, cadence fade, ground contact and climbing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.analysis.cadence import SETTLING_S, WINDOW_S, SteadyWindows
from ingest.analysis.intensity import WARM_UP_S, cleaned_heart_rate, grade_adjusted_advance
from ingest.analysis.resample import Seconds, mended_clock, moving_mean
from ingest.formats.recording import Column, Samples

OPENING_S = 600
CLOSING_S = 300
HELD_S = 180
"""Minimum total duration of a speed or heart rate reached at the start. [s]"""

FADE_FROM_S = 3600
"""Minimum duration of a run for cadence fade. [s]"""

LEAST_WINDOWS = 8
"""Minimum number of steady windows per third. [30-second windows]"""

STEPS_OVER_SPEED = 6.0
"""Increase of cadence with speed; van Oeveren et al., J Sports Sci, 2019. [(1/min)/(m/s)]"""

LEAST_CLIMB_M = 2.0
"""Hysteresis of altitude; smaller changes are air-pressure noise. [m]"""

SAMPLED_S = 10


@dataclass(frozen=True, slots=True)
class RunningForm:
    """Running form of one run; None where unknown.

    ``opening_bpm`` and ``opening_mps`` are the heart rate and grade-adjusted speed reached for three of the
    first ten minutes; compared with a threshold they tell whether the start was hard. ``closing_bpm`` and
    ``closing_mps`` are medians of the last five minutes. ``cadence_fade_percent`` compares the cadence of the
    last third with the first, at matched speed. Ground contact time, its left share and vertical ratio are
    medians over the steady windows.
    """

    opening_bpm: float | None = None
    opening_mps: float | None = None
    closing_bpm: float | None = None
    closing_mps: float | None = None
    cadence_fade_percent: float | None = None
    stance_time_ms: float | None = None
    stance_balance_percent: float | None = None
    vertical_ratio_percent: float | None = None


def measure_form(samples: Samples, seconds: Seconds, slope: Column, steady: SteadyWindows) -> RunningForm:
    """Measure the running form; ``slope`` is the result of ``grade``, ``steady`` of ``steady_windows``."""
    head, tail = _part(seconds, 0, OPENING_S), _part(seconds, max(len(seconds) - CLOSING_S, 0), len(seconds))
    has_end = len(seconds) >= OPENING_S + CLOSING_S
    return RunningForm(
        opening_bpm=_held(cleaned_heart_rate(head)[WARM_UP_S:]),
        opening_mps=_held(_speed(head, slope[:OPENING_S])),
        closing_bpm=_median(tail.heart_rate_bpm) if has_end else None,
        closing_mps=_median(_speed(tail, slope[len(slope) - len(tail) :])) if has_end else None,
        cadence_fade_percent=cadence_fade_percent(steady, length_s=len(seconds)),
        **_contact(samples, steady),
    )


def cadence_fade_percent(steady: SteadyWindows, *, length_s: int) -> float | None:
    """Change of cadence from the first to the last third of a run, at matched speed and grade. [%]"""
    if length_s <= FADE_FROM_S or not len(steady.number):
        return None
    residual = steady.cadence_spm - STEPS_OVER_SPEED * (steady.speed_mps - steady.speed_mps.mean())
    middle_s = SETTLING_S + (steady.number + 0.5) * WINDOW_S
    first, last = residual[middle_s < length_s / 3], residual[middle_s >= 2 * length_s / 3]
    if min(len(first), len(last)) < LEAST_WINDOWS:
        return None
    return float(100 * (np.median(last) - np.median(first)) / steady.cadence_spm.mean())


def climbed_m(altitude_m: Column) -> tuple[float | None, float | None]:
    """Total ascent and descent from altitude in one-second rows, smoothed; None if unknown. [m]"""
    smooth = moving_mean(altitude_m, 31)[::SAMPLED_S]
    smooth = smooth[np.isfinite(smooth)]
    if len(smooth) < 2:
        return None, None
    up, down, before = 0.0, 0.0, float(smooth[0])
    for height in smooth.tolist():
        change = height - before
        if abs(change) >= LEAST_CLIMB_M:
            up, down, before = up + max(change, 0.0), down + max(-change, 0.0), height
    return up, down


def _part(seconds: Seconds, start: int, stop: int) -> Seconds:
    part = slice(start, stop)
    return Seconds(
        seconds.is_covered[part],
        seconds.advance_m[part],
        seconds.altitude_m[part],
        seconds.heart_rate_bpm[part],
        seconds.cadence_spm[part],
    )


def _speed(seconds: Seconds, slope: Column) -> Column:
    """Grade-adjusted speed over 30 seconds. [m/s]"""
    return moving_mean(grade_adjusted_advance(seconds, slope), WINDOW_S, at_least=WINDOW_S // 2)


def _held(values: Column) -> float | None:
    """Highest value reached for three minutes in total."""
    known = values[np.isfinite(values)]
    return float(np.partition(known, -HELD_S)[-HELD_S]) if len(known) >= HELD_S else None


def _median(values: Column) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else None


def _contact(samples: Samples, steady: SteadyWindows) -> dict[str, float | None]:
    """Medians of ground contact data from a chest strap or pod; most watches record none."""
    columns = {
        "stance_time_ms": samples.stance_time_ms,
        "stance_balance_percent": samples.stance_time_balance_percent,
        "vertical_ratio_percent": samples.vertical_ratio_percent,
    }
    recorded = {name: column for name, column in columns.items() if np.isfinite(column).any()}
    if not recorded or not len(steady.number):
        return {}
    timed = np.isfinite(samples.timestamp_s)
    time_s = mended_clock(samples.timestamp_s[timed])
    number = ((time_s - time_s[0] - SETTLING_S) // WINDOW_S).astype(np.int64)
    is_steady = np.isin(number, steady.number)  # integers, which isin looks up instead of sorting
    return {name: _median(column[timed][is_steady]) for name, column in recorded.items()}
