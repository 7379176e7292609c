"""Evidence for a change of level: pure statistics of the mean of a few correlated values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ingest.formats.recording import Column


def mean_variance(count: npt.ArrayLike, correlation: float) -> Column:
    r"""Variance of the mean of neighbours that correlate.

    Parameters
    ----------
    count : array_like of int
        How many neighbours, at least 1.
    correlation : float
        Correlation :math:`\varphi` of one with the next; farther ones :math:`\varphi^k`. [unitless]

    Returns
    -------
    ndarray
        :math:`\frac1n\left(1 + 2\sum_{k<n}(1 - k/n)\varphi^k\right)` for values of variance 1. [unitless]
    """
    n, phi = np.asarray(count, dtype=np.float64), correlation
    return (1 + 2 * (phi / (1 - phi) - phi * (1 - phi**n) / (n * (1 - phi) ** 2))) / n


def shift_log_odds(mean: Column, variance: Column, prior_variance: Column) -> Column:
    r"""Log of how much likelier a mean is after a shift than without one.

    Parameters
    ----------
    mean : ndarray
        Mean deviation from the old level, in any unit.
    variance : ndarray
        Its variance where nothing shifted. [unit squared]
    prior_variance : ndarray
        Shifts are normal around 0 with this variance before anything is seen. [unit squared]

    Returns
    -------
    ndarray
        :math:`\frac12\ln\frac{V}{V+T} + \frac{m^2 T}{2V(V+T)}`; NaN where one of them is. [unitless]
    """
    total = variance + prior_variance
    return 0.5 * np.log(variance / total) + mean**2 * prior_variance / (2 * variance * total)


def least_shift(log_odds: float, variance: float, prior_variance: float) -> float:
    """The mean deviation that has exactly these log odds: the inverse of ``shift_log_odds``."""
    total = variance + prior_variance
    gain = log_odds - 0.5 * np.log(variance / total)
    return float(np.sqrt(2 * gain * variance * total / prior_variance))


def joined_log_odds(log_odds: Column) -> Column:
    """Log of the mean odds over the last axis: a change may have begun at each of its places alike.

    Parameters
    ----------
    log_odds : ndarray, shape (n, k)
        Log odds of each place; negative infinity where none can have begun.

    Returns
    -------
    ndarray, shape (n,)
        Log odds of any of them; negative infinity where there is none. [unitless]
    """
    most = log_odds.max(axis=1, initial=-np.inf)
    anchor = np.where(np.isfinite(most), most, 0.0)
    odds = np.exp(log_odds - anchor[:, None]).mean(axis=1)
    with np.errstate(divide="ignore"):
        return np.asarray(anchor + np.log(odds))
