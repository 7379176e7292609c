"""The mail policy: what is worth a letter, and when one more would be noise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.alert.alert import Alert, Level
from alerts.notifications.policy.mail_policy import MailPolicy, one_per_rule

TODAY = date(2026, 5, 14)
POLICY = MailPolicy(min_level=Level.NOTICE, max_age_days=7, pause_days=7)


def alert(level: Level, *, days_ago: int = 0, kind: str = "single_run_spike") -> Alert:
    return Alert(kind, TODAY - timedelta(days=days_ago), level, 14_200.0, 10_600.0, "m")


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_the_gravest_comes_first() -> None:
    notice, caution = alert(Level.NOTICE, days_ago=1), alert(Level.CAUTION, kind="two_week_ramp")

    assert POLICY.choose([notice, caution], today=TODAY, told=[]) == [caution, notice]


@pytest.mark.parametrize(("days_ago", "is_told"), [(0, True), (7, True), (8, False), (400, False)])
def test_only_the_last_seven_days_are_news(days_ago: int, *, is_told: bool) -> None:
    chosen = POLICY.choose([alert(Level.HIGH, days_ago=days_ago)], today=TODAY, told=[])

    assert bool(chosen) is is_told


def test_what_is_below_the_least_level_is_not_mailed() -> None:
    assert POLICY.choose([alert(Level.INFO)], today=TODAY, told=[]) == []


@pytest.mark.parametrize(
    ("level", "told", "is_told"),
    [
        (Level.NOTICE, [(ago(3), Level.NOTICE)], False),
        (Level.NOTICE, [(ago(3), Level.CAUTION)], False),
        (Level.CAUTION, [(ago(3), Level.NOTICE)], True),
        (Level.HIGH, [(ago(1), Level.HIGH)], True),
        (Level.NOTICE, [(ago(7), Level.NOTICE)], True),
    ],
)
def test_a_week_is_quiet_unless_something_graver_comes(
    level: Level, told: list[tuple[date, Level]], *, is_told: bool
) -> None:
    assert bool(POLICY.choose([alert(level)], today=TODAY, told=told)) is is_told


@given(st.lists(st.tuples(st.sampled_from(Level), st.integers(0, 30)), max_size=20))
def test_nothing_old_and_nothing_slight_is_ever_chosen(listed: list[tuple[Level, int]]) -> None:
    chosen = POLICY.choose([alert(level, days_ago=age) for level, age in listed], today=TODAY, told=[])

    assert all(f.level >= Level.NOTICE and f.day >= ago(7) for f in chosen)


WAITING = MailPolicy(min_level=Level.NOTICE, max_age_days=7, pause_days=7, at_once=Level.CAUTION)


def test_a_notice_waits_to_be_gathered() -> None:
    assert WAITING.choose([alert(Level.NOTICE)], today=TODAY, told=[]) == []


def test_a_notice_goes_along_with_a_caution_of_the_same_import() -> None:
    both = [alert(Level.NOTICE), alert(Level.CAUTION, kind="two_week_ramp")]

    assert WAITING.choose(both, today=TODAY, told=[]) == both[::-1]


@pytest.mark.parametrize(("found_ago", "goes_along"), [(13, True), (14, False)])
def test_what_waited_goes_along_with_a_caution_for_a_fortnight(found_ago: int, *, goes_along: bool) -> None:
    waited, caution = alert(Level.NOTICE, days_ago=found_ago, kind="two_week_ramp"), alert(Level.CAUTION)
    chosen = WAITING.choose([caution], today=TODAY, told=[], waiting=[(waited.day, waited), (TODAY, caution)])

    assert chosen == [caution, *[waited] * goes_along]


def test_what_waited_makes_no_letter_by_itself() -> None:
    waited = alert(Level.CAUTION, days_ago=1, kind="two_week_ramp")

    assert WAITING.choose([alert(Level.NOTICE)], today=TODAY, told=[], waiting=[(waited.day, waited)]) == []


def test_what_waited_is_gathered_though_its_day_is_past_by_now() -> None:
    waited = alert(Level.NOTICE, days_ago=10)

    assert WAITING.gather([(ago(6), waited)], today=TODAY, told=[]) == [waited]


def test_what_was_old_when_it_was_found_is_not_gathered_either() -> None:
    assert WAITING.gather([(ago(1), alert(Level.NOTICE, days_ago=9))], today=TODAY, told=[]) == []


def test_what_waited_for_more_than_two_weeks_is_left_to_the_page() -> None:
    assert WAITING.gather([(ago(14), alert(Level.NOTICE, days_ago=14))], today=TODAY, told=[]) == []


@pytest.mark.parametrize(("is_asked", "is_told"), [(False, False), (True, True)])
def test_what_waited_goes_on_waiting_in_a_quiet_week_unless_it_was_asked_for(
    *, is_asked: bool, is_told: bool
) -> None:
    told = [(ago(3), Level.CAUTION)]
    chosen = WAITING.gather([(TODAY, alert(Level.NOTICE))], today=TODAY, told=told, is_asked=is_asked)

    assert bool(chosen) is is_told


MONTHLY = replace(WAITING, notes_pause_days=28)


@pytest.mark.parametrize(
    ("level", "last", "is_told"),
    [
        (Level.NOTICE, 27, False),
        (Level.NOTICE, 28, True),
        (Level.CAUTION, 7, True),
        (Level.CAUTION, 6, False),
    ],
)
def test_notes_make_a_letter_of_their_own_once_in_four_weeks(
    level: Level, last: int, *, is_told: bool
) -> None:
    """A caution that had to wait needs only the week that every letter keeps."""
    told = [(ago(last), Level.CAUTION)]
    chosen = MONTHLY.gather([(TODAY, alert(level))], today=TODAY, told=told)

    assert bool(chosen) is is_told


def test_notes_that_were_asked_for_wait_for_nothing() -> None:
    told = [(ago(1), Level.CAUTION)]

    assert MONTHLY.gather([(TODAY, alert(Level.NOTICE))], today=TODAY, told=told, is_asked=True) != []


def test_a_rule_that_flaps_speaks_once_by_its_gravest_and_latest() -> None:
    notice, caution = alert(Level.NOTICE), alert(Level.CAUTION, days_ago=2)
    early, other = alert(Level.CAUTION, days_ago=4), alert(Level.NOTICE, kind="two_week_ramp")

    assert one_per_rule([early, caution, notice, other]) == [(caution, 3), (other, 1)]
