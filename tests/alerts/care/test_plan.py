"""The routine plan: three at most, what hurts first, nothing that the place forbids, and in turn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert_factory import KINDS, alert
from alerts.alert.alert import Level
from alerts.care.pain.advice_gate import AdviceGate
from alerts.care.pain.pain_state import assess_diary, painful_places
from alerts.care.plan.routine_plan import (
    AT_MOST,
    BLOCK_WEEKS,
    RoutineCircumstances,
    RoutinePlan,
    plan_routines,
)
from alerts.journal.body_sites import BodySite
from alerts.journal.entries import RoutineDone
from forbidden_words import forbidden_in
from pain_diaries import CARE, SILENT, SPEAKING, TODAY, told


def plan(**about: object) -> RoutinePlan:
    return plan_routines(CARE, RoutineCircumstances(TODAY, **about), SPEAKING)  # type: ignore[arg-type]


def in_pain(place: BodySite, worst: int, *, was_seen: bool = False) -> RoutinePlan:
    entries = [told(0, worst, place=place)]
    gate = AdviceGate(pain=assess_diary(entries, TODAY))
    about = RoutineCircumstances(TODAY, places=painful_places(entries, TODAY), was_seen=was_seen)
    return plan_routines(CARE, about, gate)


def done(routine: str, *days_ago: int) -> list[RoutineDone]:
    return [RoutineDone(routine, TODAY - timedelta(days=days)) for days in days_ago]


def test_a_quiet_week_has_the_programme_and_one_more() -> None:
    ids = plan().ids

    assert (ids[0], len(ids)) == ("PROG-HIPCORE", 2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", list(Level))
def test_an_open_finding_brings_its_act_first(kind: str, level: Level) -> None:
    found = alert(kind, level)

    assert plan(alerts=[found]).ids[0] == CARE.advise(found).ids[0]


@pytest.mark.parametrize(
    ("place", "worst", "ids"),
    [
        (BodySite.OUTER, 4, ("GLU-ISO", "GLU-POSTURE", "PAIN-MON")),
        (BodySite.FRONT, 2, ("HF-ISO", "PAIN-MON", "ICE")),
        (BodySite.ITB, 2, ("GLU-ABD", "PAIN-MON", "ITB-PLAN")),
        (BodySite.KNEE, 2, ("GLU-ABD", "PAIN-MON", "CAD-PLUS5")),
        (BodySite.GROIN, 2, ("PAIN-MON", "ICE")),
        (BodySite.GROIN, 3, ("PRO-SOON", "PAIN-MON", "ICE")),
        (BodySite.FRONT, 4, ("PRO-SOON", "PAIN-MON", "ICE")),
        (BodySite.KNEE, 7, ("PAIN-MON", "ICE")),
    ],
)
def test_the_place_and_its_score_choose(place: BodySite, worst: int, ids: tuple[str, ...]) -> None:
    assert in_pain(place, worst).ids == ids


def test_groin_exercise_waits_for_a_professional() -> None:
    ids = [in_pain(BodySite.GROIN, 1, was_seen=seen).ids for seen in (False, True)]

    assert ["ADD-SQUEEZE" in one for one in ids] == [False, True]


def test_a_red_flag_leaves_the_professional_alone() -> None:
    about = RoutineCircumstances(TODAY, alerts=[alert("two_week_ramp")], places={BodySite.KNEE: 3})

    assert plan_routines(CARE, about, SILENT).ids == ("PRO-SOON",)


def test_the_other_entry_changes_after_six_weeks() -> None:
    seconds = []
    for block in range(4):
        later = TODAY + timedelta(weeks=BLOCK_WEEKS * block)
        seconds.append(plan_routines(CARE, RoutineCircumstances(later), SPEAKING).ids[1])

    assert len(set(seconds)) == 3


def test_what_was_done_least_lately_comes_first() -> None:
    usual = plan().ids[1]
    lately = done(usual, *range(43, 60))

    assert plan(done=lately).ids[1] != usual


def test_a_tap_does_not_change_the_plan_of_the_day() -> None:
    usual = plan().ids

    assert plan(done=done(usual[1], 0)).ids == usual


@pytest.mark.parametrize(
    ("days_ago", "words"),
    [
        ((), "2 days this week would be good; any day is fine."),
        ((0,), "1 of 2 this week."),
        ((0, 2), "2 of 2 this week: that’s enough."),
        ((7, 9), "2 days this week would be good; any day is fine."),
    ],
)
def test_adherence_is_a_kind_number_of_this_week(days_ago: tuple[int, ...], words: str) -> None:
    assert plan(done=done("PROG-HIPCORE", *days_ago)).items[0].words == words


def test_the_week_begins_where_the_runner_has_it() -> None:
    """The day of the tests is a Sunday."""
    monday, sunday = (plan(done=done("PROG-HIPCORE", 1), week_start=start).items[0].done for start in (0, 6))

    assert (monday, sunday) == (1, 0)


places = st.dictionaries(st.sampled_from(BodySite), st.integers(1, 10), max_size=3)
found = st.lists(st.builds(alert, st.sampled_from(KINDS), st.sampled_from(Level)), max_size=3)


@given(hurting=places, alerts=found, was_seen=st.booleans())
def test_never_more_than_three_never_what_a_place_forbids(
    hurting: dict[BodySite, int], alerts: list[object], *, was_seen: bool
) -> None:
    chosen = plan(places=hurting, alerts=alerts, was_seen=was_seen)

    assert 1 <= len(chosen.items) <= AT_MOST
    assert [i.routine.id for i in chosen.items if set(i.routine.avoid) & set(hurting)] == []
    assert len(set(chosen.ids)) == len(chosen.ids)
    assert forbidden_in(" ".join(f"{item.why} {item.words}" for item in chosen.items)) == []
