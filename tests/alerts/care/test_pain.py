"""The pain-monitoring rule: its bounds, its exception, and what becomes of a verdict in the days after."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.care.pain.pain_scale import Reason, Verdict
from alerts.care.pain.pain_state import AGREED, CALM_DAYS, NO_PAIN, WINDOW_DAYS, assess_diary, painful_places
from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainEntry, SeenTo
from forbidden_words import forbidden_in
from pain_diaries import TODAY, told

DEEP = (BodySite.FRONT, BodySite.GROIN)


def verdict(*entries: PainEntry) -> str:
    return assess_diary(entries, TODAY).verdict.value


def reason(*entries: PainEntry) -> Reason:
    return assess_diary(entries, TODAY).reason


def seen(days_ago: int) -> SeenTo:
    at = datetime.combine(TODAY - timedelta(days=days_ago), datetime.max.time(), UTC)
    return SeenTo(at.date(), "a physician", recorded_at=at)


def test_what_was_seen_to_is_not_sent_to_a_professional_again() -> None:
    state = assess_diary([told(2, 6, place=BodySite.GROIN)], TODAY, seen=[seen(1)])

    assert (state.verdict, state.asks_professional, state.act) == (Verdict.STOP, False, AGREED)


def test_what_was_told_while_it_was_looked_at_was_seen_to() -> None:
    entry = told(0, 6, place=BodySite.GROIN)

    assert not assess_diary(
        [entry], TODAY, seen=[SeenTo(TODAY, "x", recorded_at=entry.reported_at)]
    ).asks_professional


def test_pain_above_two_that_comes_after_it_was_seen_asks_again() -> None:
    state = assess_diary(
        [told(2, 6, place=BodySite.GROIN), told(0, 3, place=BodySite.GROIN)], TODAY, seen=[seen(1)]
    )

    assert state.asks_professional


def test_an_empty_diary_lets_go() -> None:
    assert assess_diary([], TODAY) == NO_PAIN


@pytest.mark.parametrize(
    ("worst", "expected"), [(0, "go"), (2, "go"), (3, "hold"), (5, "hold"), (6, "stop"), (10, "stop")]
)
def test_the_scale_goes_holds_and_stops(worst: int, expected: str) -> None:
    assert verdict(told(0, worst)) == expected


@pytest.mark.parametrize("place", DEEP)
@pytest.mark.parametrize(("worst", "expected"), [(2, "go"), (3, "stop"), (5, "stop")])
def test_groin_and_front_have_no_allowance(place: BodySite, worst: int, expected: str) -> None:
    assert verdict(told(0, worst, place=place)) == expected


@pytest.mark.parametrize("place", list(BodySite))
def test_only_groin_and_front_ask_for_a_professional(place: BodySite) -> None:
    assert assess_diary([told(0, 6, place=place)], TODAY).asks_professional is (place in DEEP)


def test_a_limp_stops_whatever_the_score() -> None:
    assert (verdict(told(0, 1, limped=True)), reason(told(0, 1, limped=True))) == ("stop", Reason.LIMP)


def test_each_time_of_the_day_counts() -> None:
    assert [verdict(told(0, after=6)), verdict(told(0, 1, after=4))] == ["stop", "hold"]


def test_a_worse_morning_stops() -> None:
    assert reason(told(1, 3, next_morning=4)) is Reason.WORSE_MORNING


def test_a_calm_morning_keeps_the_allowance() -> None:
    assert reason(told(1, 4, next_morning=2)) is Reason.ALLOWED


def test_a_morning_as_usual_keeps_the_allowance() -> None:
    usual = [told(days, 4, next_morning=4) for days in (20, 25, 30)]

    assert reason(*usual[::-1], told(1, 4, next_morning=4)) is Reason.ALLOWED


def test_a_flare_of_last_week_does_not_become_usual() -> None:
    flare = [told(days, 4, next_morning=4) for days in (6, 4, 2)]

    assert reason(*flare, told(1, 4, next_morning=4)) is Reason.WORSE_MORNING


def test_pain_above_that_of_the_week_before_stops() -> None:
    assert reason(told(8, 3), told(1, 4)) is Reason.RISING


def test_as_much_as_in_the_week_before_is_held() -> None:
    assert reason(told(8, 4), told(1, 4)) is Reason.ALLOWED


def test_a_first_pain_is_no_rise() -> None:
    assert reason(told(1, 4)) is Reason.ALLOWED


def test_another_place_is_not_compared_with() -> None:
    assert reason(told(8, 1, place=BodySite.ITB), told(1, 4)) is Reason.ALLOWED


def test_a_calm_day_softens_a_stop_to_a_hold() -> None:
    assert (verdict(told(3, 6), told(1, 1)), reason(told(3, 6), told(1, 1))) == ("hold", Reason.CALMING)


def test_the_same_day_calms_nothing() -> None:
    assert verdict(told(3, 6), told(3, 1)) == "stop"


def test_a_hold_does_not_soften_a_stop() -> None:
    assert verdict(told(3, 6), told(2, 4)) == "stop"


@pytest.mark.parametrize("place", DEEP)
def test_groin_and_front_stay_stopped_the_whole_week(place: BodySite) -> None:
    week = [verdict(told(days, 4, place=place), told(days - 1, 0, place=place)) for days in (6, 7)]

    assert week == ["stop", "go"]


def test_a_calm_week_with_a_calm_report_lets_go() -> None:
    assert verdict(told(CALM_DAYS, 6), told(2, 0)) == "go"


def test_silence_is_not_calm() -> None:
    state = assess_diary([told(CALM_DAYS, 6)], TODAY)

    assert (state.verdict, state.reason) == (Verdict.STOP, Reason.UNHEARD)


@pytest.mark.parametrize(("days", "expected"), [(WINDOW_DAYS - 1, "stop"), (WINDOW_DAYS, "go")])
def test_the_window_forgets(days: int, expected: str) -> None:
    assert verdict(told(days, 6)) == expected


def test_calm_on_one_side_does_not_calm_the_other() -> None:
    assert verdict(told(3, 6, side=Side.BOTH), told(1, 0, side=Side.LEFT)) == "stop"


def test_both_sides_calm_each() -> None:
    assert verdict(told(3, 6, side=Side.LEFT), told(1, 0, side=Side.BOTH)) == "hold"


def test_the_gravest_place_decides() -> None:
    state = assess_diary([told(2, 6, place=BodySite.KNEE), told(2, 3, place=BodySite.GROIN)], TODAY)

    assert state.reason is Reason.DEEP_FRONT


def test_a_withdrawn_report_counts_for_nothing() -> None:
    withdrawn = dataclasses.replace(told(1, 9), withdrawn_at=datetime(2024, 5, 12, tzinfo=UTC))

    assert assess_diary([withdrawn], TODAY) == NO_PAIN


def test_tomorrow_is_not_known_today() -> None:
    assert assess_diary([told(-1, 9)], TODAY) == NO_PAIN


def test_places_that_hurt_come_with_their_worst() -> None:
    entries = [told(3, 2), told(1, 4), told(1, 0, place=BodySite.BACK), told(20, 9, place=BodySite.ITB)]

    assert painful_places(entries, TODAY) == {BodySite.KNEE: 4}


scores = st.none() | st.integers(0, 10)
diaries = st.lists(
    st.builds(
        told,
        st.integers(0, 50),
        st.integers(0, 10),
        place=st.sampled_from(BodySite),
        side=st.sampled_from(Side),
        after=scores,
        next_morning=scores,
        limped=st.booleans(),
    ),
    max_size=12,
).map(lambda entries: sorted(entries, key=lambda entry: entry.report.day))


@given(diaries)
def test_every_verdict_has_its_words_and_none_that_is_forbidden(entries: list[PainEntry]) -> None:
    state = assess_diary(entries, TODAY)

    assert state.sentence.endswith(".")
    assert state.act.endswith(".")
    assert forbidden_in(f"{state.sentence} {state.act}") == []


@given(diaries, st.integers(0, 13))
def test_above_two_in_the_groin_is_never_less_than_stop_within_its_week(
    entries: list[PainEntry], days_ago: int
) -> None:
    diary = sorted([*entries, told(days_ago, 3, place=BodySite.GROIN)], key=lambda entry: entry.report.day)
    state = assess_diary(diary, TODAY)

    assert days_ago >= CALM_DAYS or state.verdict is Verdict.STOP


@given(diaries)
def test_what_is_judged_does_not_depend_on_what_comes_later(entries: list[PainEntry]) -> None:
    yesterday = TODAY - timedelta(days=1)
    known = [entry for entry in entries if entry.report.day <= yesterday]

    assert assess_diary(entries, yesterday) == assess_diary(known, yesterday)


@given(diaries, st.integers(6, 10))
def test_one_more_painful_report_today_never_makes_it_milder(entries: list[PainEntry], worst: int) -> None:
    before = assess_diary(entries, TODAY).verdict.rank

    assert assess_diary([*entries, told(0, worst)], TODAY).verdict.rank >= before
