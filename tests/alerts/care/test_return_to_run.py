"""The way back: when it begins, what releases a step, what takes one back."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from alerts.care.pain.advice_gate import AdviceGate
from alerts.care.pain.pain_state import assess_diary
from alerts.care.plan.return_to_run import STEPS, Outings, ReturnPlan, build_return_plan, first_long_words
from alerts.journal.body_sites import BodySite
from alerts.journal.entries import PainEntry
from forbidden_words import forbidden_in
from pain_diaries import SILENT, TODAY, told


def ago(*days: int) -> list[date]:
    return [TODAY - timedelta(days=one) for one in days]


def ran(*days: int, distance_m: float = 10_000.0) -> Outings:
    return Outings([(day, distance_m) for day in ago(*days)])


def back(outings: Outings, *entries: PainEntry) -> ReturnPlan | None:
    return build_return_plan(
        outings, entries, today=TODAY, gate=AdviceGate(pain=assess_diary(entries, TODAY))
    )


def at(outings: Outings, *entries: PainEntry) -> int:
    ladder = back(outings, *entries)
    assert ladder is not None
    return ladder.at


BEFORE = (70, 60, 50, 40)
"""Runs before a break that lasts from day 40 on."""


@pytest.mark.parametrize(("days", "returns"), [(13, False), (14, True)])
def test_two_weeks_without_a_run_are_a_break(days: int, *, returns: bool) -> None:
    assert (back(ran(days + 8, days + 4, days)) is not None) is returns


def test_who_never_ran_has_nothing_to_come_back_to() -> None:
    assert back(ran()) is None


def test_steady_running_asks_for_no_return() -> None:
    assert back(ran(*range(0, 80, 3))) is None


def test_it_begins_with_a_walk() -> None:
    ladder = back(ran(*BEFORE))

    assert ladder is not None
    assert (ladder.act, ladder.reason, ladder.from_day) == (
        "Walk 30\N{NO-BREAK SPACE}minutes.",
        "break",
        TODAY,
    )


def test_each_calm_outing_releases_a_step() -> None:
    assert [at(ran(*BEFORE, *outings)) for outings in ((8,), (8, 6), (8, 6, 4))] == [1, 2, 3]


def test_outings_on_neighbouring_days_count_once() -> None:
    assert at(ran(*BEFORE, 8, 7, 6)) == 2


def test_walks_and_ticked_steps_count_as_outings() -> None:
    runs = [(day, 10_000.0) for day in ago(*BEFORE)]

    assert at(Outings(runs, walks=ago(8), ticked=ago(6))) == 2


def test_a_sore_outing_takes_a_step_back() -> None:
    calm = ran(*BEFORE, 12, 10, 8, 6)

    assert (at(calm), at(calm, told(6, 3), told(1, 0))) == (4, 1)


def test_the_next_step_waits_for_the_day_between() -> None:
    ladder = back(ran(*BEFORE, 1))

    assert ladder is not None
    assert ladder.from_day == TODAY + timedelta(days=1)


def test_a_stop_begins_a_return_of_its_own() -> None:
    ladder = back(ran(*range(3, 80, 3)), told(9, 7), told(1, 0))

    assert ladder is not None
    assert (ladder.reason, ladder.since) == ("pain", TODAY - timedelta(days=9))


def test_pain_that_still_stops_names_no_step() -> None:
    ladder = back(ran(*range(3, 80, 3)), told(1, 7))

    assert ladder is not None
    assert (ladder.steps, ladder.from_day, ladder.first_long_m) == ((), None, None)


def test_a_red_flag_names_no_step() -> None:
    ladder = build_return_plan(ran(*BEFORE), [], today=TODAY, gate=SILENT)

    assert ladder is not None
    assert (ladder.steps, ladder.act) == ((), SILENT.pain.act)


def test_after_the_last_step_the_return_is_over() -> None:
    done = range(2 * len(STEPS), 0, -2)

    assert back(ran(*(day + 10 for day in BEFORE), *done)) is None


def test_a_return_of_long_ago_is_over() -> None:
    assert back(ran(120, 110, *range(50, 0, -7))) is None


def test_the_first_long_run_is_half_of_the_longest_before() -> None:
    ladder = back(ran(*BEFORE, distance_m=18_000.0))

    assert ladder is not None
    assert ladder.first_long_m == 9_000.0
    assert first_long_words(ladder) == "First long run after that: up to 9.0\N{NO-BREAK SPACE}km."


def test_steps_grow_by_one_or_two_minutes() -> None:
    minutes = [step.run_min for step in STEPS]

    assert {b - a for a, b in pairwise(minutes)} <= {1, 2}
    assert minutes[:2] == [0, 1]


def test_the_words_of_every_step_are_free_of_what_is_never_said() -> None:
    assert forbidden_in(" ".join(step.words for step in STEPS)) == []


def test_a_hold_repeats_the_step() -> None:
    calm = ran(*BEFORE, 12, 10, 8)
    entries = (told(0, 3, place=BodySite.ITB),)

    assert (at(calm), at(calm, *entries)) == (3, 2)
