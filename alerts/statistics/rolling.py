"""Rolling statistics that the detectors share: pure, exact to their window, blind to what comes after.

Every statistic of a window rests on the elements of that window alone. Differences of running totals would be
shorter, but their last bits depend on what else the history holds, and a rule must not change its mind about
Tuesday because of Wednesday.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from ingest.formats.recording import Column
from ingest.training_days.table import Days, IntColumn, Mask

EPOCH = date(1970, 1, 1)
MAD_TO_SD = 1.4826
"""Median absolute deviation to standard deviation, for normal noise. [unitless]"""


def day_numbers(day: Days) -> IntColumn:
    """Days since 1970-01-01. [days]"""
    return day.astype("datetime64[D]").astype(np.int64)


def day_number(day: date) -> int:
    """Days since 1970-01-01. [days]"""
    return (day - EPOCH).days


def as_date(number: int | np.int64) -> date:
    """The day that is so many days after 1970-01-01."""
    return EPOCH + timedelta(days=int(number))


def rows_by_day(day: Days, keep: Mask) -> IntColumn:
    """Rows to keep, in order of their local day.

    Runs come in order of their start, and whoever flies over the date line starts later on an earlier day.
    """
    rows = np.flatnonzero(keep)
    return rows[np.argsort(day[rows], kind="stable")]


def span_sum(values: Column | IntColumn, start: IntColumn, stop: IntColumn) -> Column:
    """Sum over each half-open span of rows.

    Parameters
    ----------
    values : ndarray, shape (n,)
        What is summed.
    start, stop : ndarray of int, shape (k,)
        First row, and the row after the last, at most n; a span that stops before it starts is empty.

    Returns
    -------
    ndarray, shape (k,)
        Sums in the unit of ``values``; 0 where a span is empty.
    """
    return _span(np.add, np.asarray(values, dtype=np.float64), start, stop, empty=0.0)


def span_max(values: Column, start: IntColumn, stop: IntColumn) -> Column:
    """Largest value of each half-open span of rows.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Finite values.
    start, stop : ndarray of int, shape (k,)
        First row, and the row after the last, at most n; a span that stops before it starts is empty.

    Returns
    -------
    ndarray, shape (k,)
        Maxima in the unit of ``values``; NaN where a span is empty.
    """
    return _span(np.maximum, values, start, stop, empty=np.nan)


def span_ranked(values: Column, start: IntColumn, stop: IntColumn, *, rank: int) -> Column:
    """The ``rank``-th largest value of each half-open span of rows; NaN where it holds fewer.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Finite values.
    start, stop : ndarray of int, shape (k,)
        First row, and the row after the last, at most n.
    rank : int
        1 is the largest.

    Returns
    -------
    ndarray, shape (k,)
        Values in the unit of ``values``.
    """
    row, inside = span_rows(start, stop)
    if row.shape[1] < rank:
        return np.full(len(start), np.nan)
    ordered = np.sort(np.where(inside, -values[row], np.inf), axis=1)[:, rank - 1]
    return np.where(np.isfinite(ordered), -ordered, np.nan)


def latest_max_row(values: Column, start: int | np.int64, stop: int | np.int64) -> int:
    """Row of the largest value of a span that is not empty; of several, the latest."""
    return int(stop) - 1 - int(np.argmax(values[start:stop][::-1]))


def span_rows(start: IntColumn, stop: IntColumn) -> tuple[IntColumn, Mask]:
    """Spans of different lengths as one table.

    Returns
    -------
    row : ndarray of int, shape (k, longest span)
        The rows of each span; beyond its end 0.
    inside : ndarray of bool, shape (k, longest span)
        Whether the place belongs to the span.
    """
    length = np.maximum(stop - start, 0)
    place = np.arange(length.max(initial=0))
    inside = place < length[:, None]
    return np.where(inside, start[:, None] + place, 0), inside


def padded_median(table: Column, count: IntColumn) -> Column:
    """Median of the ``count`` finite values of each row of a table that infinity fills up.

    Parameters
    ----------
    table : ndarray, shape (k, w)
        Values; places without one hold positive infinity.
    count : ndarray of int, shape (k,)
        How many values each row holds.

    Returns
    -------
    ndarray, shape (k,)
        Medians in the unit of ``table``; NaN where a row holds none.
    """
    result = np.full(len(table), np.nan)
    filled = np.flatnonzero(count > 0)
    if not len(filled):
        return result
    ordered = np.sort(table[filled], axis=1)
    each, many = np.arange(len(filled)), count[filled]
    result[filled] = (ordered[each, (many - 1) // 2] + ordered[each, many // 2]) / 2
    return result


def trailing_sum(values: Column | IntColumn, window: int) -> Column:
    """Sum of each day and the ``window - 1`` days before it.

    Parameters
    ----------
    values : ndarray, shape (n,)
        One value a day.
    window : int
        Length of the trailing window, at least 1. [days]

    Returns
    -------
    ndarray, shape (n,)
        Sums in the unit of ``values``; NaN for the first ``window - 1`` days.
    """
    stop = np.arange(1, len(values) + 1)
    sums = span_sum(values, np.maximum(stop - window, 0), stop)
    sums[: window - 1] = np.nan
    return sums


def lagged(values: Column, lag: int) -> Column:
    """What a column held ``lag`` days before each day; NaN where that lies before its first day."""
    return np.append(np.full(lag, np.nan), values)[: len(values)]


def rest_streak(run_count: IntColumn) -> IntColumn:
    """How many days without a run end with each day; 0 on days with one. [days]"""
    place = np.arange(1, len(run_count) + 1)
    return place - np.maximum.accumulate(np.where(run_count > 0, place, 0))


def spaced(places: Iterable[int], gap: int, *, since: int | None = None) -> list[int]:
    """Rising numbers, from ``since`` on, thinned out so that each lies ``gap`` or more after the one kept."""
    kept: list[int] = []
    for place in places:
        least = kept[-1] + gap if kept else since
        if least is None or place >= least:
            kept.append(place)
    return kept


def group_key(group: IntColumn, day: IntColumn, *, reach: int) -> IntColumn:
    """One number for group and day, so that a sorted search stays within its group.

    Parameters
    ----------
    group : ndarray of int, shape (n,)
        What may be compared with what: equal numbers may.
    day : ndarray of int, shape (n,)
        Day number. [days]
    reach : int
        How far the search looks back or ahead. [days]

    Returns
    -------
    ndarray of int, shape (n,)
        Differences within a group are days; between groups they are more than ``reach``.
    """
    if not len(day):
        return np.zeros(0, dtype=np.int64)
    rank = np.unique(group, return_inverse=True)[1]
    return np.asarray(rank * (np.ptp(day) + reach + 1) + day - day.min(), dtype=np.int64)


def _span(reduce: np.ufunc, values: Column, start: IntColumn, stop: IntColumn, *, empty: float) -> Column:
    """Reduce each span; reduceat takes pairs of borders and needs every border to be a row."""
    is_empty = stop <= start
    borders = np.column_stack((np.where(is_empty, 0, start), np.where(is_empty, 0, stop))).ravel()
    result = reduce.reduceat(np.append(values, 0.0), borders)[::2] if len(borders) else np.zeros(0)
    return np.where(is_empty, empty, result)
