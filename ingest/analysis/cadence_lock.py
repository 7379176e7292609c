"""Steps taken for the pulse: an optical sensor that locks onto the arm's swing shows the cadence."""

from __future__ import annotations

import numpy as np

from ingest.analysis.resample import Mask, Seconds, moving_mean, runs_longer_than

EQUAL_BPM = 2.0
EQUAL_S = 60
"""Heart rate within so much of the cadence, for longer than a minute. [1/min], [s]"""

LOCKED_SHARE = 0.2
"""More of the time than by chance, except in a steady race at a pulse that is its cadence. [unitless]"""

LAG_S = 60
FOLLOWED_SPM = 4.0
FOLLOWED_S = 120
"""Changes within a minute that a pulse makes and the cadence with it; so many seconds are no chance."""

WARM_S = 300
LIKE_PACE_MPS = 0.3
LEAST_ELSEWHERE_S = 300
ELSEWHERE_BPM = 12.0
"""A pulse that differs by more at the same pace, once warm, is not the same runner's effort. [1/min]"""


def equal_to_cadence(seconds: Seconds) -> Mask:
    """Whether heart rate has been the cadence for longer than a minute."""
    return runs_longer_than(np.abs(seconds.heart_rate_bpm - seconds.cadence_spm) <= EQUAL_BPM, EQUAL_S)


def equal_share(seconds: Seconds, equal: Mask) -> float:
    """Share of the time recorded in which heart rate is the cadence."""
    return int(equal.sum()) / max(int(seconds.is_covered.sum()), 1)


def locked_to_cadence(seconds: Seconds) -> Mask:
    """Seconds whose heart rate is not to be believed: the cadence stands in its place.

    Where the two are equal for a large share of a run, it takes more than that to disbelieve them: in a
    race at 173 steps a minute a pulse of 173 is an honest one.
    """
    equal = equal_to_cadence(seconds)
    if equal_share(seconds, equal) > LOCKED_SHARE and not is_lock(seconds, equal):
        return np.zeros_like(equal)
    return equal


def is_lock(seconds: Seconds, equal: Mask) -> bool:
    """Whether more than a coincidence makes heart rate and cadence equal.

    Either the pulse changes with the steps, or elsewhere in the run it is another at the same pace.
    """
    return _follows(seconds, equal) or _differs_elsewhere(seconds, equal)


def _follows(seconds: Seconds, equal: Mask) -> bool:
    both = equal[LAG_S:] & equal[:-LAG_S]
    for column in (seconds.heart_rate_bpm, seconds.cadence_spm):
        level = moving_mean(column, 15)
        both = both & (np.abs(level[LAG_S:] - level[:-LAG_S]) >= FOLLOWED_SPM)
    return int(both.sum()) >= FOLLOWED_S


def _differs_elsewhere(seconds: Seconds, equal: Mask) -> bool:
    pace_mps = moving_mean(seconds.advance_m, 30, at_least=15)
    rate_bpm = seconds.heart_rate_bpm
    if not np.isfinite(pace_mps[equal]).any():
        return False
    is_like = np.abs(pace_mps - np.nanmedian(pace_mps[equal])) <= LIKE_PACE_MPS
    is_like[:WARM_S] = False
    elsewhere = is_like & ~equal & np.isfinite(rate_bpm)
    if elsewhere.sum() < LEAST_ELSEWHERE_S:
        return False
    return bool(abs(np.median(rate_bpm[elsewhere]) - np.median(rate_bpm[equal])) > ELSEWHERE_BPM)
