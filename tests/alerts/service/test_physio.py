"""The physiotherapist's page: twelve weeks in numbers, no coordinates, less where the runner wants less."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import get_type_hints

import pytest

from alert_factory import alert
from alerts.alert.alert import Level
from alerts.care.pain.red_flag_lock import RedFlagLock
from alerts.care.pain.routine_effect import find_routine_effects
from alerts.evaluation.training_status import compute_training_status
from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainEntry, RoutineDone, SeenTo
from alerts.service.physio_report import SECTIONS, WEEKS, PhysioMaterial, PhysioPage, Section, physio_page
from forbidden_words import forbidden_in
from pain_diaries import CARE, TODAY, red_flag_lock, told
from training_days_builder import every, history, rules

DAYS = history(every(2, 133), today=(TODAY - history(every(2, 133)).day[0].astype(datetime)).days)
SEEN = SeenTo(TODAY, "Dr. Visser", recorded_at=datetime(2024, 5, 12, tzinfo=UTC))


def done(*days_ago: int) -> list[RoutineDone]:
    return [RoutineDone("GLU-BRIDGE", TODAY - timedelta(days=days)) for days in days_ago]


def page(
    *entries: PainEntry, leave_out: tuple[Section, ...] = (), silenced: RedFlagLock | None = None
) -> PhysioPage:
    material = PhysioMaterial(
        runner_name="Ada",
        today=TODAY,
        days=DAYS,
        training_status=compute_training_status(DAYS, rules()),
        entries=entries,
        seen_to=[SEEN],
        done=done(1, 3, 90),
        shoes=(),
        alerts=[alert("single_run_spike", Level.HIGH), alert("two_week_ramp")],
        routines=CARE.routines,
        red_flags=CARE.red_flags,
        red_flag_lock=silenced,
    )
    return physio_page(material, leave_out=leave_out)


KNEE = (told(20, 5), told(6, 3), told(0, 2, yes=("locking",), urgency="soon"))


def test_it_covers_twelve_whole_weeks() -> None:
    weeks = page().weeks

    assert (len(weeks), weeks[0].first_day, weeks[-1].first_day) == (
        WEEKS,
        TODAY - timedelta(days=83),
        TODAY - timedelta(days=6),
    )


def test_a_week_sums_what_was_run() -> None:
    week = page().weeks[3]

    assert (week.run_m, week.longest_m, week.run_days) in {(24_000.0, 8_000.0, 3), (32_000.0, 8_000.0, 4)}


def test_spikes_stand_in_their_week() -> None:
    assert page().weeks[-1].alerts == (
        ("single_run_spike", Level.HIGH),
        ("two_week_ramp", Level.CAUTION),
    )


def test_pain_is_told_by_spot_and_week() -> None:
    spot = page(*KNEE).pain[0]

    assert (spot.place, spot.side, spot.reports, spot.worst, spot.middle, spot.last) == (
        BodySite.KNEE,
        Side.LEFT,
        3,
        5,
        3,
        2,
    )
    assert spot.weekly[-4:] == (None, 5, None, 3)


def test_routines_are_counted_within_the_weeks() -> None:
    assert page().routines == ((CARE.routines["GLU-BRIDGE"].title, 2),)


def test_under_a_red_flag_routines_are_counted_and_not_named() -> None:
    shown = page(silenced=red_flag_lock())

    assert (shown.routines, shown.routine_days) == ((), 2)


def test_red_flags_stand_with_their_question_and_who_saw_to_them() -> None:
    shown = page(*KNEE)

    assert [question for _, question in shown.red_flags] == ["Does the hip lock, catch or give way?"]
    assert shown.seen_to == (SEEN,)


@pytest.mark.parametrize("section", SECTIONS)
def test_what_is_left_out_is_gone_and_named(section: Section) -> None:
    whole, less = page(*KNEE), page(*KNEE, leave_out=(section,))
    changed = {
        field.name
        for field in dataclasses.fields(PhysioPage)
        if getattr(whole, field.name) != getattr(less, field.name)
    }

    assert less.left_out == (section,)
    routine_effect = {"red_flags": {"seen_to"}, "routines": {"routine_days"}}.get(section, set())
    assert changed <= {"left_out", "weeks", section} | routine_effect


def test_nothing_on_it_can_hold_a_coordinate() -> None:
    names = {name for cls in (PhysioPage, *_parts()) for name in get_type_hints(cls)}

    assert not [name for name in names if "lat" in name or "lon" in name.removesuffix("longest_m")]


def _parts() -> tuple[type, ...]:
    whole = page(*KNEE)
    return type(whole.weeks[0]), type(whole.pain[0]), type(whole.alerts[0])


FALLING = (told(24, 5), told(20, 4), told(6, 2), told(1, 1))


def test_a_routine_stands_beside_falling_pain_without_a_claim() -> None:
    found = find_routine_effects(FALLING, done(1, 5, 12, 20), CARE.routines, TODAY)

    assert [(one.routine.id, one.times, one.place) for one in found] == [("GLU-BRIDGE", 4, BodySite.KNEE)]
    assert "doesn’t show that one caused the other" in found[0].sentence
    assert forbidden_in(found[0].sentence) == []


@pytest.mark.parametrize(
    ("entries", "days"),
    [(FALLING, (1, 5)), (FALLING[1:], (1, 5, 12)), (FALLING[::-1][:2], (1, 5, 12)), ((), (1, 5, 12))],
)
def test_too_little_on_either_side_is_shown_beside_nothing(
    entries: tuple[PainEntry, ...], days: tuple[int, ...]
) -> None:
    assert find_routine_effects(entries, done(*days), CARE.routines, TODAY) == ()


def test_rising_pain_has_nothing_beside_it() -> None:
    rising = (told(24, 1), told(20, 1), told(6, 4), told(1, 5))

    assert find_routine_effects(rising, done(1, 5, 12, 20), CARE.routines, TODAY) == ()
