"""Days after a race: no running, then easy running, then the first long and hard runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from alerts.evaluation.run_limit import DayDistance

RACES_M = (10_000.0, 21_097.5, 42_195.0)
"""Distances that are usually raced. [m]"""

RACE_TOLERANCE = 0.015
"""How far a race's recorded distance may be off. [unitless]"""

ULTRA_M = 42_000.0
LONG_S = 4 * 3600.0
"""A run this far or this long is recovered from like a race. [m], [s]"""

YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class RecoveryRow:
    """How long recovery takes after a race of at most so far and so long; days count from the race as day 0.

    Parameters
    ----------
    most_m, most_s : float
        The row holds for races within both. [m], [s]
    no_running_days : int
        Days without running.
    easy : tuple of (int, int)
        Last day and minutes of each stage of easy running on alternate days. [days], [min]
    usual_from_day : int
        From this day on easy runs are on the usual days.
    long_runs : tuple of (int, float)
        First day and share of the longest run before the race, of each stage of long runs. [days], [unitless]
    hard_from_day : int
        First day of hard running.
    """

    most_m: float
    most_s: float
    no_running_days: int
    easy: tuple[tuple[int, int], ...]
    usual_from_day: int
    long_runs: tuple[tuple[int, float], ...]
    hard_from_day: int


ROWS = (
    RecoveryRow(14_000, 2.0 * 3600, 1, ((3, 40),), 4, ((5, 0.8), (8, 1.0)), 5),
    RecoveryRow(25_000, 3.5 * 3600, 2, ((6, 40),), 7, ((9, 0.7), (16, 1.0)), 9),
    RecoveryRow(
        49_000, 7.0 * 3600, 3, ((7, 30), (11, 45)), 12, ((15, 0.5), (22, 0.7), (29, 0.85), (36, 1.0)), 18
    ),
    RecoveryRow(
        80_000,
        13.0 * 3600,
        6,
        ((10, 30), (16, 45)),
        17,
        ((20, 0.5), (27, 0.65), (34, 0.8), (41, 0.95), (48, 1.0)),
        24,
    ),
    RecoveryRow(
        float("inf"),
        float("inf"),
        8,
        ((13, 30), (20, 45)),
        21,
        ((26, 0.4), (33, 0.55), (40, 0.7), (47, 0.85), (54, 1.0)),
        31,
    ),
)
"""From the shortest race to the longest. Expert opinion: no study tested when to run again after a race."""

FIRST_LONG_ULTRA_M = 20_000.0
"""The first long run after an ultra is no longer than this. [m]"""

LONGEST_LOOK_BACK_DAYS = 56

Basis = Literal["declared", "recognised", "long"]


@dataclass(frozen=True, slots=True)
class Race:
    """A run to recover from.

    Parameters
    ----------
    day : date
        Its day.
    distance_m, timer_s : float
        How far and how long. [m], [s]
    basis : str
        ``declared``: the runner says it was a race. ``recognised``: by distance and pace. ``long``: a run of
        42 km or four hours is recovered from like a race.
    """

    day: date
    distance_m: float
    timer_s: float
    basis: Basis

    @property
    def row(self) -> RecoveryRow:
        """The first row whose distance and time both hold."""
        return next(row for row in ROWS if self.distance_m <= row.most_m and self.timer_s <= row.most_s)


@dataclass(frozen=True, slots=True)
class RecoveryDay:
    """What recovery from a race leaves for one day.

    Parameters
    ----------
    may_run : bool
        Whether running is left at all.
    easy_min : int or None
        The most minutes of easy running; None where the usual easy run fits. [min]
    long_m : float or None
        The most for a long run; None where recovery no longer limits it. [m]
    may_be_hard : bool
        Whether hard running is left.
    until : date
        The last day of the present stage.
    """

    may_run: bool
    easy_min: int | None
    long_m: float | None
    may_be_hard: bool
    until: date


def recovery_on(race: Race, day: date, runs: Sequence[DayDistance]) -> RecoveryDay | None:
    """What recovery from a race leaves for ``day``; None once it is over, and before the race.

    Parameters
    ----------
    race : Race
        The race.
    day : date
        The day asked for.
    runs : sequence of (date, float)
        The runs so far. The longest of the 56 days before the race, the race left out, is what long runs are
        shares of.

    References
    ----------
    .. [1] C. Martinez-Navarro et al., Eur J Sport Sci 2021, doi:10.1080/17461391.2020.1857441: easy running
       from day 2 after a marathon was no worse for muscle than rest; injuries were not counted.
    .. [2] Millet et al., PLoS One 6(2), e17059, 2011: strength was back 9 to 16 days after a mountain ultra.
       The days of ``ROWS`` are expert opinion.

    Examples
    --------
    >>> marathon = Race(date(2026, 10, 4), 42_195.0, 4 * 3600.0, "recognised")
    >>> recovery_on(marathon, date(2026, 10, 6), []).may_run
    False
    >>> recovery_on(marathon, date(2026, 10, 9), []).easy_min
    30
    """
    row, after = race.row, (day - race.day).days
    if after <= 0 or after >= row.long_runs[-1][0]:
        return None
    if after <= row.no_running_days:
        return RecoveryDay(False, 0, 0.0, False, race.day + timedelta(days=row.no_running_days))
    longest_m = _longest_before(race, runs)
    stage = next((s for s in row.easy if after <= s[0]), None)
    share = next((share for first, share in reversed(row.long_runs) if after >= first), 0.0)
    long_m = share * longest_m
    if row.most_m > ROWS[2].most_m and after < row.long_runs[1][0]:
        long_m = min(long_m, FIRST_LONG_ULTRA_M)
    ends = [s[0] for s in row.easy] + [row.usual_from_day - 1] + [first - 1 for first, _ in row.long_runs]
    until = race.day + timedelta(days=min(end for end in ends if end >= after))
    may_run = stage is None or (after - row.no_running_days) % 2 == 1
    return RecoveryDay(may_run, stage[1] if stage else None, long_m, after >= row.hard_from_day, until)


def _longest_before(race: Race, runs: Sequence[DayDistance]) -> float:
    since = race.day - timedelta(days=LONGEST_LOOK_BACK_DAYS)
    return max((metres for day, metres in runs if since <= day < race.day), default=race.distance_m / 2)


def races_among(
    runs: Sequence[tuple[date, float, float]], declared: Sequence[date] = (), training: Sequence[date] = ()
) -> list[Race]:
    """The runs to recover from, in order of day.

    Parameters
    ----------
    runs : sequence of (date, float, float)
        Day, distance and time of each run, in order of day. [m], [s]
    declared : sequence of date
        Days with a race by the runner's own word or plan: the longest run of that day is the race.
    training : sequence of date
        Days whose runs were training by the runner's own word.

    Notes
    -----
    A run within 1.5 % of 10 km, a half marathon or a marathon is recognised as a race where no run of the 365
    days before of at least 0.9 times its distance was faster. One of 42 km or four hours counts at any pace.
    """
    found = []
    for row, (day, distance_m, timer_s) in enumerate(runs):
        if day in training and day not in declared:
            continue
        same_day = [one[1] for one in runs if one[0] == day]
        if day in declared and distance_m == max(same_day):
            found.append(Race(day, distance_m, timer_s, "declared"))
        elif distance_m >= ULTRA_M or timer_s >= LONG_S:
            found.append(Race(day, distance_m, timer_s, "long"))
        elif _is_race_distance(distance_m) and _is_best_of_year(runs[:row], day, distance_m, timer_s):
            found.append(Race(day, distance_m, timer_s, "recognised"))
    return found


def _is_race_distance(distance_m: float) -> bool:
    return any(abs(distance_m / race_m - 1) <= RACE_TOLERANCE for race_m in RACES_M)


def _is_best_of_year(
    before: Sequence[tuple[date, float, float]], day: date, distance_m: float, timer_s: float
) -> bool:
    """Whether no run of the year before of about that distance was faster; too few runs say nothing."""
    year = [one for one in before if (day - one[0]).days <= YEAR_DAYS and one[2] > 0]
    if timer_s <= 0 or len(year) < 10:
        return False
    speed = distance_m / timer_s
    fast = [metres / seconds for _, metres, seconds in year if metres >= 0.9 * distance_m]
    typical = sorted(metres / seconds for _, metres, seconds in year)[len(year) // 2]
    return speed >= max(fast, default=0.0) and speed > 1.05 * typical
