"""Fourteen months of a made-up runner, as data: an ordinary plan, and four times when it is not kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TypeAlias

import numpy as np

from config.demo import outings
from config.demo.outings import PlannedSession, PlannedSteps, Step
from ingest.formats.recording import Device

SEED = 11
"""The runner of the demo; another one's cadence may be noticed a run earlier or later, all else is alike."""

STORY_WEEKS = 61
"""Calendar weeks of the story. They are counted back from the week of the last run, which is number 0."""

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
RUN_DAYS = (TUESDAY, THURSDAY, SATURDAY, SUNDAY)
STARTS = {
    TUESDAY: time(18, 10),
    WEDNESDAY: time(17, 30),
    THURSDAY: time(6, 40),
    FRIDAY: time(16, 20),
    SATURDAY: time(9, 15),
    SUNDAY: time(9, 0),
}

HOLIDAY, RAMP, RAMP_ENDS, RACE_WEEK, FAST_WEEK, NEW_WATCH, NEW_STRIDE = 46, 44, 43, 34, 26, 21, 10
BUILD_UP_MIN = {40: 24.0, 39: 28.0, 38: 32.0, 36: 36.0}
"""Tempo minutes of the weeks that lead to the race: it must be no jump in intensity by itself."""

WALK_WEEKS = (52, 30, 12)
SPIKE_FACTOR = 1.4

FIRST_WATCH = Device("coros", "PACE 2", 3_410_277)
SECOND_WATCH = Device("garmin", "Forerunner 265", 3_987_654_321)

PlannedOuting: TypeAlias = tuple[str, str, PlannedSteps]
PlannedWeek: TypeAlias = dict[int, PlannedOuting]


@dataclass(frozen=True, slots=True)
class PlantedEvent:
    """What a rule should find in the story, and on which day it can first say so."""

    kind: str
    day: date
    sentence: str


def plan(today: date, *, seed: int = SEED) -> tuple[PlannedSession, ...]:
    """Plan the fourteen months that end on the day before ``today``, in order of time.

    The last run, at most two days before ``today``, is the one that was much too long.
    """
    first_day = _last_monday(today) - timedelta(weeks=STORY_WEEKS - 1)
    sessions = [
        session
        for ago in range(STORY_WEEKS - 1, -1, -1)
        for session in _dated(ago, first_day + timedelta(weeks=STORY_WEEKS - 1 - ago), seed)
        if session.day < today
    ]
    last = max(index for index, session in enumerate(sessions) if session.is_run)
    sessions[last] = _overdone(sessions[last], sessions[:last])
    return tuple(sessions)


def planted(today: date) -> tuple[PlantedEvent, ...]:
    """Name the four things that the rules should find in the plan of ``today``, in order of time."""

    def day(ago: int, weekday: int) -> date:
        return _last_monday(today) + timedelta(days=weekday - 7 * ago)

    return (
        PlantedEvent(
            "two_week_ramp",
            day(RAMP_ENDS, WEDNESDAY),
            "Back from a holiday: longer runs and one more a week, none of them the longest.",
        ),
        PlantedEvent(
            "hard_minutes_spike",
            day(FAST_WEEK, THURSDAY),
            "Two days after intervals, most of an hour with a faster group.",
        ),
        PlantedEvent(
            "cadence_shift",
            day(NEW_STRIDE, SATURDAY),
            "Fewer and longer steps at the same pace, from one Tuesday on.",
        ),
        PlantedEvent(
            "single_run_spike",
            _last_run_day(today),
            "A run two fifths longer than anything in the thirty days before.",
        ),
    )


def _last_run_day(today: date) -> date:
    return max(day for ago in (1, 2) if (day := today - timedelta(days=ago)).weekday() in RUN_DAYS)


def _last_monday(today: date) -> date:
    last = _last_run_day(today)
    return last - timedelta(days=last.weekday())


def _dated(ago: int, monday: date, seed: int) -> Iterator[PlannedSession]:
    """Give the outings of a week their days, starts, watch and shape."""
    for weekday, (purpose, sport, steps) in sorted(_week(ago).items()):
        chance = (seed, ago, weekday)
        luck = np.random.default_rng(chance)
        at = STARTS[weekday]
        yield PlannedSession(
            day=monday + timedelta(days=weekday),
            at=at.replace(minute=at.minute + int(luck.integers(20)), second=int(luck.integers(60))),
            purpose=purpose,
            sport=sport,
            steps=_uneven(steps, luck),
            device=FIRST_WATCH if ago > NEW_WATCH else SECOND_WATCH,
            chance=chance,
            fitness=1.02 - 0.04 * ago / STORY_WEEKS,
            cadence_factor=0.96 if ago <= NEW_STRIDE else 1.0,
        )


def _week(ago: int) -> PlannedWeek:
    """Outings of a week by weekday; what is out of the ordinary replaces what is not."""
    week = _ordinary(ago)
    if ago == HOLIDAY:
        week = {day: _run("easy", outings.easy(5_000.0)) for day in (TUESDAY, SATURDAY)}
        week[THURSDAY] = ("walk", "walking", (Step(outings.WALK, 7_500.0),))
    elif ago in (RAMP, RAMP_ENDS):
        week |= _crowded(ago)
    elif ago == RACE_WEEK:
        week[TUESDAY] = _run("strides", outings.with_strides(6_000.0))
        week[SUNDAY] = _run("race", outings.race())
    elif ago == FAST_WEEK:
        week[THURSDAY] = _run("tempo", outings.tempo(48.0))
    if ago in WALK_WEEKS:
        week[FRIDAY] = ("walk", "walking", (Step(outings.WALK, 5_200.0),))
    return week


def _ordinary(ago: int) -> PlannedWeek:
    """Four runs and a ride; three weeks that build, one that rests, and a little more every month."""
    is_rest = ago % 4 == 1
    total_m = (45_000.0 - 250.0 * ago) * (0.70 if is_rest else {0: 0.97, 3: 1.0, 2: 1.03}[ago % 4])
    long_m = 0.36 * total_m
    quality = _run("strides", outings.with_strides(6_000.0)) if is_rest else _quality(ago)
    rest_m = total_m - long_m - outings.length_m(quality[2])
    return {
        TUESDAY: quality,
        WEDNESDAY: ("ride", "cycling", (Step(outings.RIDE, 22_000.0),)),
        THURSDAY: _run("easy", outings.easy(0.55 * rest_m)),
        SATURDAY: _run("strides", outings.with_strides(0.45 * rest_m)),
        SUNDAY: _run("long", outings.steady(long_m)),
    }


def _quality(ago: int) -> PlannedOuting:
    """Choose the fast session of a week that builds."""
    if ago in BUILD_UP_MIN:
        return _run("tempo", outings.tempo(BUILD_UP_MIN[ago]))
    # Tempo at the shorter stride would put steps and heartbeats per minute on the same number, which every
    # watch does when its optical sensor locks on to the steps: such minutes are rightly not believed.
    if ago % 4 == 3 and ago > NEW_STRIDE:
        return _run("tempo", outings.tempo(20.0))
    return _run("intervals", outings.repeats(5, 3.0) if ago % 4 else outings.repeats(6, 2.5))


def _crowded(ago: int) -> PlannedWeek:
    """Run every easy day longer, and the day of the ride too; nothing of it is as long as the long run."""
    lengths_m = (6_500.0, 7_000.0, 9_000.0) if ago == RAMP else (11_000.0, 7_500.0, 10_500.0)
    days = (WEDNESDAY, THURSDAY, SATURDAY)
    return {day: _run("easy", outings.easy(length)) for day, length in zip(days, lengths_m, strict=True)}


def _run(purpose: str, steps: PlannedSteps) -> PlannedOuting:
    return purpose, "running", steps


def _uneven(steps: PlannedSteps, luck: np.random.Generator) -> PlannedSteps:
    """Make the longest step a little longer or shorter than planned, as corners and crossings do."""
    longest = max(range(len(steps)), key=lambda index: steps[index].length_m)
    stretched = Step(steps[longest].pace, steps[longest].length_m * float(luck.uniform(0.985, 1.015)))
    return (*steps[:longest], stretched, *steps[longest + 1 :])


def _overdone(session: PlannedSession, before: list[PlannedSession]) -> PlannedSession:
    """Turn a run into one two fifths longer than the longest of the thirty days before it."""
    since = session.day - timedelta(days=30)
    longest_m = max(earlier.length_m for earlier in before if earlier.is_run and earlier.day >= since)
    return dataclasses.replace(session, purpose="long", steps=outings.steady(SPIKE_FACTOR * longest_m))
