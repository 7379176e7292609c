"""Cadence lock: an optical sensor that reports the step rate as heart rate."""

from __future__ import annotations

import numpy as np

from ingest.analysis.resample import Mask, Seconds, moving_mean, runs_longer_than

EQUAL_BPM = 2.0
EQUAL_S = 60
"""Heart rate this close to cadence for this long counts as equal. [1/min], [s]"""

LOCKED_SHARE = 0.2
"""Share of a run with equal values above which equality needs further evidence of a lock. [unitless]"""

LAG_S = 60
FOLLOWED_SPM = 4.0
FOLLOWED_S = 120
"""How long heart rate and cadence must change together to show a lock. [s]"""

WARM_S = 300
LIKE_PACE_MPS = 0.3
LEAST_ELSEWHERE_S = 300
ELSEWHERE_BPM = 12.0
"""Difference in heart rate at the same pace elsewhere in the run that shows a lock. [1/min]"""


def equal_to_cadence(seconds: Seconds) -> Mask:
    """Whether heart rate has equalled cadence for longer than a minute, second by second."""
    return runs_longer_than(np.abs(seconds.heart_rate_bpm - seconds.cadence_spm) <= EQUAL_BPM, EQUAL_S)


def equal_share(seconds: Seconds, equal: Mask) -> float:
    """Share of the recorded time in which heart rate equals cadence. [unitless]"""
    return int(equal.sum()) / max(int(seconds.is_covered.sum()), 1)


def locked_to_cadence(seconds: Seconds) -> Mask:
    """Seconds whose heart rate is unreliable because the sensor reported cadence.

    Where the two are equal for a large share of a run, further evidence is needed: in a steady race at 173
    steps per minute a heart rate of 173 can be real.
    """
    equal = equal_to_cadence(seconds)
    if equal_share(seconds, equal) > LOCKED_SHARE and not is_lock(seconds, equal):
        return np.zeros_like(equal)
    return equal


def is_lock(seconds: Seconds, equal: Mask) -> bool:
    """Whether equal heart rate and cadence are more than a coincidence.

    That is so if heart rate changes together with cadence, or differs at the same pace elsewhere in the run.
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
