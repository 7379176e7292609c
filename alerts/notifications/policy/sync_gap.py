"""Detects a missing sync: no files for longer than this runner's usual pauses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

HABIT_DAYS = 120
"""The habit is learnt from so many days before the last activity. [days]"""

NEEDED_DAYS = 8
"""With activities on fewer days there is no habit to speak of. [days]"""

LEAST_QUIET_DAYS = 12
"""Most holidays and colds are over by then, and a sync that has stopped is still worth mending. [days]"""

LONGEST_GAP_TIMES = 1.25
GIVEN_UP_DAYS = 42
"""After so long nobody is asked any more: whoever stopped knows it. [days]"""


@dataclass(frozen=True, slots=True)
class SyncGap:
    """Days without a file since ``last_day``; the longest earlier pause was ``usual_days``."""

    last_day: date
    quiet_days: int
    usual_days: int


def find_sync_gap(active_days: Sequence[date], today: date) -> SyncGap | None:
    """The current sync gap, if it is longer than the longest pause of the months before; else None.

    Parameters
    ----------
    active_days : sequence of date
        The days with an activity of any sport, in order; a day may come twice.
    today : date
        The runner's day.
    """
    if not active_days:
        return None
    last = active_days[-1]
    since = last - timedelta(days=HABIT_DAYS)
    days = sorted({day for day in active_days if since <= day <= last})
    if len(days) < NEEDED_DAYS:
        return None
    longest_gap = max((later - earlier).days for earlier, later in pairwise(days))
    usual = max(LEAST_QUIET_DAYS, math.ceil(LONGEST_GAP_TIMES * longest_gap))
    quiet = (today - last).days
    return SyncGap(last, quiet, longest_gap) if usual < quiet <= GIVEN_UP_DAYS else None
