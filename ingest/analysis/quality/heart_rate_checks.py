"""Checks of heart rate: gaps, a constant value, and cadence lock."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ingest.analysis.cadence_lock import LOCKED_SHARE, equal_share, equal_to_cadence, is_lock
from ingest.analysis.intensity import IntensityHistograms
from ingest.analysis.resample import Seconds, moving_mean, moving_median
from ingest.formats.recording import Flag

MISSING_SHARE = 0.3

FLAT_S = 600
"""Duration of a constant value that is implausible; the longest in thirty real runs is one minute. [s]"""

FLAT_PACE_MPS = 0.5
FLAT_PACE_S = 180
"""Change of pace, and its duration, during which heart rate cannot stay constant. [m/s], [s]"""


def inspect_heart_rate(seconds: Seconds, intensity: IntensityHistograms) -> Iterator[Flag]:
    """Check heart rate, if it was measured at all."""
    if not np.isfinite(seconds.heart_rate_bpm).any():
        return
    covered_s = max(int(seconds.is_covered.sum()), 1)
    missing = 1 - int(intensity.heart_rate_s.sum()) / covered_s
    equal = equal_to_cadence(seconds)
    share = equal_share(seconds, equal)
    if share > LOCKED_SHARE and is_lock(seconds, equal):
        yield Flag("cadence_lock", f"heart rate is the cadence for {share:.0%} of the time")
    elif missing > MISSING_SHARE:
        yield Flag("heart_rate_dropouts", f"no usable heart rate for {missing:.0%} of the time")
    elif share > LOCKED_SHARE:
        yield Flag("heart_rate_like_cadence", f"heart rate equals the cadence for {share:.0%} of the time")
    yield from _flat(seconds)


def _flat(seconds: Seconds) -> Iterator[Flag]:
    """Flag a value constant for ten minutes although the pace changes."""
    first, stop = _longest_flat(seconds)
    if stop - first < FLAT_S:
        return
    pace_mps = moving_mean(seconds.advance_m, 30, at_least=15)[first:stop]
    level_mps = moving_median(pace_mps, FLAT_PACE_S, at_least=FLAT_PACE_S // 2)
    level_mps = level_mps[np.isfinite(level_mps)]
    if not len(level_mps):
        return
    slow_mps, fast_mps = np.percentile(level_mps, (10, 90))
    if fast_mps - slow_mps > FLAT_PACE_MPS:
        rate = seconds.heart_rate_bpm[first]
        yield Flag("heart_rate_flat", f"{rate:.0f} beats for {(stop - first) / 60:.0f} minutes")


def _longest_flat(seconds: Seconds) -> tuple[int, int]:
    """First and last row (excluded) of the longest period of constant heart rate."""
    changes = np.flatnonzero(np.diff(seconds.heart_rate_bpm) != 0) + 1  # NaN differs from everything
    borders = np.concatenate(([0], changes, [len(seconds)]))
    longest = int(np.argmax(np.diff(borders)))
    return int(borders[longest]), int(borders[longest + 1])
