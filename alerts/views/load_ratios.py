"""Well-known load ratios that no rule uses; drawn with the evidence against them.

The evidence is in care/evidence.toml under ``acute_chronic_ratio`` and ``week_to_week``.
"""

from __future__ import annotations

import numpy as np

from alerts.statistics.rolling import lagged, trailing_sum
from ingest.formats.recording import Column

WEEK, MONTH = 7, 28


def acwr_coupled(load: Column) -> Column:
    """The last week over the mean of the last four weeks, which include it.

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
    week = trailing_sum(load, WEEK)
    return _ratio(week, lagged(week, WEEK))


def _ratio(above: Column, below: Column) -> Column:
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)
