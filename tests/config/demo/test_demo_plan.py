"""The plan of the made-up runner: the same story whatever the day, ordinary but for what is planted."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.demo.outings import WALK, PlannedSession, Step, easy
from config.demo.plan import FIRST_WATCH, RACE_WEEK, SECOND_WATCH, plan, planted

TODAY = date(2026, 5, 12)

any_today = given(today=st.dates(date(2001, 1, 1), date(2090, 1, 1)))
few = settings(max_examples=21, deadline=None)  # the story depends on nothing but the day of the week


def runs_of(today: date) -> list[PlannedSession]:
    return [session for session in plan(today) if session.is_run]


def ratio_to_longest(runs: list[PlannedSession], index: int) -> float:
    since = runs[index].day - timedelta(days=30)
    return runs[index].length_m / max(run.length_m for run in runs[:index] if run.day >= since)


@few
@any_today
def test_the_story_is_over_on_the_day_before_it_is_told(today: date) -> None:
    days = [session.day for session in plan(today)]

    assert today - timedelta(days=2) <= days[-1] < today


@few
@any_today
def test_the_story_is_fourteen_months_long(today: date) -> None:
    first = plan(today)[0]

    assert 418 <= (today - first.day).days <= 430


@few
@any_today
def test_outings_are_in_order_of_time(today: date) -> None:
    starts = [(session.day, session.at) for session in plan(today)]

    assert starts == sorted(starts)


@few
@any_today
def test_long_runs_are_on_sundays(today: date) -> None:
    *ordinary, _ = (session.day for session in plan(today) if session.purpose == "long")

    assert {day.weekday() for day in ordinary} == {6}


@few
@any_today
def test_no_run_but_the_last_is_longer_than_a_month_allows(today: date) -> None:
    runs = runs_of(today)

    assert all(ratio_to_longest(runs, index) < 1.10 for index in range(4, len(runs) - 1))


@few
@any_today
def test_the_last_run_is_two_fifths_longer_than_the_longest_of_the_month(today: date) -> None:
    runs = runs_of(today)

    assert ratio_to_longest(runs, len(runs) - 1) == pytest.approx(1.4)


@few
@any_today
def test_planted_days_are_runs_of_the_plan(today: date) -> None:
    run_days = {session.day for session in runs_of(today)}

    assert {event.day for event in planted(today)} <= run_days


@few
@any_today
def test_only_the_last_planted_event_is_of_the_last_week(today: date) -> None:
    *earlier, last = (event.day for event in planted(today))

    assert (today - last).days <= 2
    assert all((today - day).days > 35 for day in earlier)


@few
@any_today
def test_weeks_of_quiet_lie_between_planted_events(today: date) -> None:
    days = [event.day for event in planted(today)]

    assert all(later - earlier > timedelta(weeks=8) for earlier, later in pairwise(days))


def test_a_seed_makes_another_runner() -> None:
    one, other = (sum(session.length_m for session in plan(TODAY, seed=seed)) for seed in (1, 2))

    assert one != other


def test_every_whole_week_has_four_runs_but_the_holiday_and_the_ramp() -> None:
    weeks = Counter(session.day.isocalendar()[:2] for session in runs_of(TODAY))

    assert Counter(list(weeks.values())[:-1]) == {4: 57, 5: 2, 2: 1}


def test_ordinary_weeks_are_of_thirty_to_forty_five_kilometres() -> None:
    weeks: Counter[tuple[int, int]] = Counter()
    for run in runs_of(TODAY):
        weeks[run.day.isocalendar()[:2]] += round(run.length_m)
    middle = sorted(weeks.values())[15:-5]

    assert 28_000 < middle[0] < middle[-1] < 46_000


def test_the_race_is_ten_kilometres_with_a_way_there_and_back() -> None:
    race = next(session for session in plan(TODAY) if session.purpose == "race")

    assert max(step.length_m for step in race.steps) == pytest.approx(10_000, rel=0.015)
    assert race.day == plan(TODAY)[0].day + timedelta(weeks=60 - RACE_WEEK, days=5)


def test_the_watch_changes_once_about_five_months_before_the_end() -> None:
    watches = [session.device for session in plan(TODAY)]
    change = next(session.day for session in plan(TODAY) if session.device == SECOND_WATCH)

    assert 140 <= (TODAY - change).days <= 165
    assert watches == sorted(watches, key=[FIRST_WATCH, SECOND_WATCH].index)


def test_the_runner_also_rides_and_walks() -> None:
    sports = Counter(session.sport for session in plan(TODAY))

    assert sports["cycling"] > 50
    assert sports["walking"] == 4


def test_an_easy_run_has_its_length() -> None:
    steps = easy(6_000.0)

    assert sum(step.length_m for step in steps) == 6_000.0


def test_a_step_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="leads forward"):
        Step(WALK, -5.0)
