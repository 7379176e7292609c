"""Merge recordings of one run that was recorded in pieces, and group rows by run and day."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from ingest.analysis.resample import Mask
from ingest.analysis.summary import ActivitySummary
from ingest.formats.recording import Column

Days = npt.NDArray[np.datetime64]
IntColumn = npt.NDArray[np.int64]

MERGE_GAP_S = 1800.0
"""Recordings with a gap shorter than this are one run. [s]"""


def started_s(summaries: Sequence[ActivitySummary]) -> Column:
    """Start times, in whole Unix seconds. [s]"""
    return np.floor([summary.started_at.timestamp() for summary in summaries])


def local_days(summaries: Sequence[ActivitySummary], time_zone: ZoneInfo) -> Days:
    """Local calendar day of each start, by the file's own UTC offset if it has one."""
    offset_s = np.array([_offset_s(summary, time_zone) for summary in summaries])
    day: Days = (started_s(summaries) + offset_s).astype("datetime64[s]").astype("datetime64[D]")
    return day


def _offset_s(summary: ActivitySummary, time_zone: ZoneInfo) -> float:
    """Local time minus UTC at the start. [s]"""
    if summary.utc_offset_s is not None:
        return summary.utc_offset_s
    # Not vectorised with pandas: importing it takes as long as a hundred thousand of these calls.
    ahead = time_zone.utcoffset(summary.started_at.astimezone(time_zone))
    return ahead.total_seconds() if ahead is not None else 0.0


def merged_run_ids(started_s: Column, timer_s: Column, elapsed_s: Column, day: Days) -> IntColumn:
    """Number of the merged run of each recording, from 0; recordings in order of start.

    A merged run ends at midnight: a recording after midnight must not change yesterday.
    """
    # A watch paused and forgotten until the evening must not merge all runs of the day.
    stopped_s = started_s + np.minimum(elapsed_s, timer_s + MERGE_GAP_S)
    goes_on = (started_s[1:] - stopped_s[:-1] < MERGE_GAP_S) & (day[1:] == day[:-1])
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(~goes_on)))[: len(started_s)]


def highest_row_of_each(number: IntColumn, score: Column) -> IntColumn:
    """Row with the highest score in each group; the first of equals."""
    order = np.lexsort((-np.arange(len(number)), score, number))
    is_last = np.append(np.diff(number[order]) > 0, True)[: len(number)]
    return np.asarray(order[is_last])


def first_row_of_each(number: IntColumn) -> IntColumn:
    """First row of each group."""
    is_first: Mask = np.diff(number, prepend=-1) > 0
    return np.flatnonzero(is_first)


def sum_known_by_group(values: Column, number: IntColumn, count: int) -> Column:
    """Sum of the known values in each group, NaN if there are none."""
    known = np.isfinite(values)
    total = sum_by_group(number[known], values[known], count)
    return np.where(np.bincount(number[known], minlength=count) > 0, total, np.nan)


def all_true_by_group(number: IntColumn, count: int, allowed: Sequence[bool]) -> Mask:
    """Whether all rows of each group are True."""
    return np.asarray(sum_by_group(number, ~np.array(allowed, np.bool_), count) == 0)


def sum_by_group(place: IntColumn, values: Column | Mask, count: int) -> Column:
    """Sum of the values in each group."""
    return np.bincount(place, values, minlength=count).astype(np.float64)
