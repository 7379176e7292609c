"""What belongs together: runs of one day, one outing recorded in pieces."""

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
"""Recordings closer together than this are one outing. [s]"""


def started_s(summaries: Sequence[ActivitySummary]) -> Column:
    """Starts in whole Unix seconds. [s]"""
    return np.floor([summary.started_at.timestamp() for summary in summaries])


def local_days(summaries: Sequence[ActivitySummary], time_zone: ZoneInfo) -> Days:
    """Local calendar day of each start, by the file's own offset where it has one."""
    offset_s = np.array([_offset_s(summary, time_zone) for summary in summaries])
    day: Days = (started_s(summaries) + offset_s).astype("datetime64[s]").astype("datetime64[D]")
    return day


def _offset_s(summary: ActivitySummary, time_zone: ZoneInfo) -> float:
    """What local clocks were ahead of UTC by when it began. [s]"""
    if summary.utc_offset_s is not None:
        return summary.utc_offset_s
    # Not by pandas, which does all of them at once: to load it takes as long as a hundred thousand of them.
    ahead = time_zone.utcoffset(summary.started_at.astimezone(time_zone))
    return ahead.total_seconds() if ahead is not None else 0.0


def merged_run_ids(started_s: Column, timer_s: Column, elapsed_s: Column, day: Days) -> IntColumn:
    """Number of the outing that each run belongs to, from 0, for runs in order of their start.

    An outing ends with its day: a run after midnight must not rewrite yesterday.
    """
    # A watch that was paused and forgotten until the evening makes no outing of the day.
    stopped_s = started_s + np.minimum(elapsed_s, timer_s + MERGE_GAP_S)
    goes_on = (started_s[1:] - stopped_s[:-1] < MERGE_GAP_S) & (day[1:] == day[:-1])
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(~goes_on)))[: len(started_s)]


def highest_row_of_each(number: IntColumn, score: Column) -> IntColumn:
    """Row of the highest score of each outing; of equals the first."""
    order = np.lexsort((-np.arange(len(number)), score, number))
    is_last = np.append(np.diff(number[order]) > 0, True)[: len(number)]
    return np.asarray(order[is_last])


def first_row_of_each(number: IntColumn) -> IntColumn:
    """Row of the first run of each outing."""
    is_first: Mask = np.diff(number, prepend=-1) > 0
    return np.flatnonzero(is_first)


def sum_known_by_group(values: Column, number: IntColumn, count: int) -> Column:
    """Sum of what is known of each outing, NaN where nothing is."""
    known = np.isfinite(values)
    total = sum_by_group(number[known], values[known], count)
    return np.where(np.bincount(number[known], minlength=count) > 0, total, np.nan)


def all_true_by_group(number: IntColumn, count: int, allowed: Sequence[bool]) -> Mask:
    """Whether all pieces of each outing are allowed."""
    return np.asarray(sum_by_group(number, ~np.array(allowed, np.bool_), count) == 0)


def sum_by_group(place: IntColumn, values: Column | Mask, count: int) -> Column:
    """Sum of the values that fall on each place."""
    return np.bincount(place, values, minlength=count).astype(np.float64)
