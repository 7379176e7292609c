"""How somebody runs, read off the last weeks: the day of the long run, the other days, and how far."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

HABIT_DAYS = 56
MONTH_DAYS = 28
RUNS_A_WEEK_AT_MOST = 5
"""Two days a week stay free of running, as LOAD-REST2 suggests."""

Walked = list[tuple[date, float]]
"""Runs by day, in order, with their distance. [m]"""


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody runs: weekday of the long run, the other running days, and how far an easy run goes."""

    long_weekday: int
    easy_weekdays: frozenset[int]
    easy_m: float


def habit_of(ran: Walked, first: date) -> Habit:
    """Read off the last weeks on which days somebody runs, and how far."""
    lately = [one for one in ran if one[0] >= first - timedelta(days=HABIT_DAYS)]
    month = [one for one in lately if one[0] >= first - timedelta(days=MONTH_DAYS)]
    longest: dict[int, tuple[float, date]] = {}
    for on, metres in lately:
        week = on.toordinal() // 7
        longest[week] = max(longest.get(week, (0.0, on)), (metres, on))
    long_weekday = Counter(on.weekday() for _, on in longest.values()).most_common(1)[0][0]
    runs_a_week = max(1, min(RUNS_A_WEEK_AT_MOST, len(month) // 4))
    easy = [metres for on, metres in month if (metres, on) not in longest.values()]
    easy_m = statistics.median(easy) if easy else 0.0
    habitual = Counter(on.weekday() for on, _ in lately)
    return Habit(long_weekday, _easy_days(habitual, long_weekday, runs_a_week - 1), easy_m)


def _easy_days(habitual: Counter[int], long_weekday: int, count: int) -> frozenset[int]:
    """The most usual running days, apart where that goes, never the day after the long one."""
    ranked = sorted(range(7), key=lambda weekday: (-habitual[weekday], (weekday - long_weekday) % 7))
    free = [w for w in ranked if w not in {long_weekday, (long_weekday + 1) % 7}]
    chosen: list[int] = []
    for keeps_apart in (True, False):
        for weekday in free:
            routine_effect = {(weekday + 1) % 7, (weekday - 1) % 7} & {long_weekday, *chosen}
            if len(chosen) < count and weekday not in chosen and not (keeps_apart and routine_effect):
                chosen.append(weekday)
    return frozenset(chosen)
