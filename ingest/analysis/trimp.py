"""Training impulse (TRIMP) of a run by heart rate, after Edwards and after Banister.

Used in charts, never in a detector: both mix duration with intensity and mostly reflect duration.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ingest.analysis.intensity import HEART_RATE_BINS
from ingest.formats.recording import Column

RESTING_BPM = 60.0
"""Default resting heart rate. [1/min]"""


def edwards_trimp(heart_rate_s: npt.NDArray[np.integer], highest_bpm: Column) -> Column:
    r"""Edwards' training impulse: minutes in each heart-rate zone times the number of the zone.

    .. math:: TRIMP = \sum_{z=1}^{5} z \, t_z

    Parameters
    ----------
    heart_rate_s : ndarray of int, shape (m, 256)
        Seconds by heart rate. [s]
    highest_bpm : ndarray, shape (m,)
        Maximum heart rate; zones 1 to 5 begin at 50, 60, 70, 80 and 90 % of it. [1/min]

    Returns
    -------
    ndarray, shape (m,)
        Training impulse; NaN without heart rate or maximum. [arbitrary units]

    References
    ----------
    .. [1] S. Edwards, The Heart Rate Monitor Book, 1993.

    Examples
    --------
    >>> seconds = np.zeros((1, 256), np.int32)
    >>> seconds[0, 150] = 1800  # half an hour in zone 3
    >>> edwards_trimp(seconds, np.array([190.0])).tolist()
    [90.0]
    """
    share = np.arange(HEART_RATE_BINS) / _known(highest_bpm)[:, None]
    zone = np.clip(np.floor(10 * share + 1e-9) - 4, 0, 5)
    return _weighted(heart_rate_s, zone, highest_bpm)


def banister_trimp(
    heart_rate_s: npt.NDArray[np.integer], highest_bpm: Column, *, resting_bpm: float = RESTING_BPM
) -> Column:
    r"""Banister's training impulse: minutes weighted exponentially by heart-rate reserve.

    .. math:: TRIMP = \sum 0.64 \, t \, r \, e^{1.92 r}

    with the share of the heart-rate reserve r = (HR - HR_rest) / (HR_max - HR_rest).

    The factors are those for men. Those for women (0.86 and 1.67) differ by a few per cent in the usual
    range, and a chart of one runner over time needs only one set.

    Parameters
    ----------
    heart_rate_s : ndarray of int, shape (m, 256)
        Seconds by heart rate. [s]
    highest_bpm : ndarray, shape (m,)
        Maximum heart rate. [1/min]
    resting_bpm : float
        Resting heart rate. [1/min]

    Returns
    -------
    ndarray, shape (m,)
        Training impulse; NaN without heart rate or maximum. [arbitrary units]

    References
    ----------
    .. [1] E. W. Banister, in: Physiological Testing of the High-Performance Athlete, 1991.

    Examples
    --------
    >>> seconds = np.zeros((1, 256), np.int32)
    >>> seconds[0, 150] = 1800
    >>> banister_trimp(seconds, np.array([190.0])).round(1).tolist()
    [50.2]
    """
    reserve = np.maximum(_known(highest_bpm) - resting_bpm, 1.0)
    share = np.clip((np.arange(HEART_RATE_BINS) - resting_bpm) / reserve[:, None], 0.0, 1.1)
    return _weighted(heart_rate_s, 0.64 * share * np.exp(1.92 * share), highest_bpm)


def _known(highest_bpm: Column) -> Column:
    return np.where(np.isfinite(highest_bpm), highest_bpm, 200.0)


def _weighted(heart_rate_s: npt.NDArray[np.integer], weight: Column, highest_bpm: Column) -> Column:
    total = (heart_rate_s * weight).sum(axis=1) / 60
    return np.where(np.isfinite(highest_bpm) & heart_rate_s.any(axis=1), total, np.nan)
