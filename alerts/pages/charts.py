"""Ratios that many know and that no rule speaks of: drawn with what is known against them.

The evidence is in care/evidence.toml under ``acute_chronic_ratio`` and ``week_to_week``.
"""

from __future__ import annotations

import numpy as np

from alerts.baseline import lagged, trailing_sum
from ingest.recording import Column

WEEK, MONTH = 7, 28


def acwr_coupled(load: Column) -> Column:
    """The last week over the mean week of the last four, itself among them.

    Parameters
    ----------
    load : ndarray, shape (n,)
        Daily load, rest days as 0. [any unit]

    Returns
    -------
    ndarray, shape (n,)
        NaN for the first 27 days and where nothing was done in four weeks; never above 4. [unitless]

    References
    ----------
    .. [1] T. J. Gabbett, Br J Sports Med 50, 273, 2016.
    """
    return _ratio(trailing_sum(load, WEEK), trailing_sum(load, MONTH) * WEEK / MONTH)


def acwr_uncoupled(load: Column) -> Column:
    """The last week over the mean week of the three before it.

    Parameters
    ----------
    load : ndarray, shape (n,)
        Daily load, rest days as 0. [any unit]

    Returns
    -------
    ndarray, shape (n,)
        NaN for the first 27 days and where nothing was done in those three weeks. [unitless]
    """
    return _week_over(load, MONTH - WEEK)


def acwr_ewma(load: Column) -> Column:
    r"""Exponentially weighted mean of a week over that of four, with :math:`\lambda = 2/(N+1)`.

    Parameters
    ----------
    load : ndarray, shape (n,)
        Daily load, rest days as 0. [any unit]

    Returns
    -------
    ndarray, shape (n,)
        NaN for the first 27 days and where nothing was ever done. [unitless]

    References
    ----------
    .. [1] S. Williams et al., Br J Sports Med 51, 209, 2017.
    """
    ratio = _ratio(_smoothed(load, WEEK), _smoothed(load, MONTH))
    ratio[: MONTH - 1] = np.nan
    return ratio


def week_to_week(load: Column) -> Column:
    """The last seven days over the seven before them.

    Parameters
    ----------
    load : ndarray, shape (n,)
        Daily load, rest days as 0. [any unit]

    Returns
    -------
    ndarray, shape (n,)
        NaN for the first 13 days and where nothing was done in the week before. [unitless]
    """
    return _week_over(load, WEEK)


def _week_over(load: Column, days: int) -> Column:
    """The last seven days over the mean seven of so many days before them."""
    return _ratio(trailing_sum(load, WEEK), lagged(trailing_sum(load, days), WEEK) * WEEK / days)


def _smoothed(load: Column, days: int) -> Column:
    weight, mean = 2 / (days + 1), 0.0
    means = np.empty(len(load))
    for at, value in enumerate(load.tolist()):
        mean += weight * (value - mean) if at else value
        means[at] = mean
    return means


def _ratio(above: Column, below: Column) -> Column:
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)
