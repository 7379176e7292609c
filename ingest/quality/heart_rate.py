"""What is odd about a run's heart rate: gaps, a value that stands still, steps taken for the pulse."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ingest.load import IntensityHistograms, locked_to_cadence
from ingest.recording import Flag
from ingest.seconds import Seconds, moving_mean

MISSING_SHARE = 0.3

LOCKED_SHARE = 0.2
"""A hard run whose pulse happens to be its cadence has less; one real marathon has 0.08."""

FLAT_S = 600
"""Ten minutes on one beat: the longest of thirty real runs is one minute. [s]"""

FLAT_PACE_MPS = 0.3
"""Pace that has to change meanwhile, for at an unchanged one a pulse may well stay. [m/s]"""


def inspect_heart_rate(seconds: Seconds, intensity: IntensityHistograms) -> Iterator[Flag]:
    """Find what is odd about heart rate, where it was measured at all."""
    if not np.isfinite(seconds.heart_rate_bpm).any():
        return
    covered_s = max(int(seconds.is_covered.sum()), 1)
    missing = 1 - int(intensity.heart_rate_s.sum()) / covered_s
    locked = int(locked_to_cadence(seconds).sum()) / covered_s
    if locked > LOCKED_SHARE:
        yield Flag("cadence_lock", f"heart rate is the cadence for {locked:.0%} of the time")
    elif missing > MISSING_SHARE:
        yield Flag("heart_rate_dropouts", f"no usable heart rate for {missing:.0%} of the time")
    first, stop = _longest_flat(seconds)
    if stop - first < FLAT_S:
        return
    pace = moving_mean(seconds.advance_m, 30, at_least=15)[first:stop]
    if np.nanmax(pace, initial=-np.inf) - np.nanmin(pace, initial=np.inf) > FLAT_PACE_MPS:
        rate = seconds.heart_rate_bpm[first]
        yield Flag("heart_rate_flat", f"{rate:.0f} beats for {(stop - first) / 60:.0f} minutes")


def _longest_flat(seconds: Seconds) -> tuple[int, int]:
    """First and last row (excluded) of the longest stretch in which heart rate is the same."""
    changes = np.flatnonzero(np.diff(seconds.heart_rate_bpm) != 0) + 1  # NaN differs from everything
    borders = np.concatenate(([0], changes, [len(seconds)]))
    longest = int(np.argmax(np.diff(borders)))
    return int(borders[longest]), int(borders[longest + 1])
