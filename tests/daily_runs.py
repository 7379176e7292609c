"""Runs of which the table of days is made, some time after a Monday morning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ingest.analysis.intensity import HEART_RATE_BINS, SPEED_BINS, IntensityHistograms
from ingest.analysis.summary import ActivitySummary
from support import plain_summary

HOME = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
TODAY = date(2026, 6, 30)


def run(after: timedelta = timedelta(0), **changes: object) -> ActivitySummary:
    """A run so long after Monday morning."""
    return plain_summary(MONDAY + after, **changes)


def days(count: float) -> timedelta:
    """So many days, or a part of one."""
    return timedelta(days=count)


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def by_heart(*, easy_min: int = 40, hard_min: int = 10, hard_bpm: int = 180) -> IntensityHistograms:
    """Some minutes at 140, some at the given heart rate."""
    seconds = np.zeros(HEART_RATE_BINS, np.int32)
    seconds[140] += 60 * easy_min
    seconds[hard_bpm] += 60 * hard_min
    return IntensityHistograms(seconds, seconds, np.zeros(SPEED_BINS, np.int32), np.full(4, np.nan))
