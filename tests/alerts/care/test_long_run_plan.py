"""The two-week ladder: what it allows keeps the rules quiet, and the day after a long run is free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alert.alert import Alert, Level
from alerts.care.pain.advice_gate import AdviceGate
from alerts.care.pain.pain_state import assess_diary
from alerts.care.plan.long_run_plan import LongRunPlan, build_long_run_plan
from alerts.care.plan.running_advice import PLAN_DAYS, circumstances_of
from alerts.detectors.ramp import TwoWeekRamp
from alerts.detectors.single_run import SingleRunSpike
from alerts.journal.entries import PlannedRun
from forbidden_words import forbidden_in
from pain_diaries import SILENT, SPEAKING, TODAY, told
from training_days_builder import Outing, every, history, on, rule

SPIKE = rule(SingleRunSpike)
RAMP = rule(TwoWeekRamp)

WEEKS = [
    Outing(7 * week + day, distance_m)
    for week in range(9)
    for day, distance_m in ((1, 6_000.0), (3, 7_000.0), (6, 12_000.0))
]
"Nine weeks with a long run on Sunday; day 62 is the last one."


def ladder(
    outings: Sequence[Outing] = WEEKS,
    *,
    today: int = 63,
    gate: AdviceGate = SPEAKING,
    planned: Sequence[PlannedRun] = (),
    alerts: Sequence[Alert] = (),
) -> LongRunPlan:
    about = circumstances_of(history([*outings], today=today), SPIKE, planned=planned, alerts=alerts)
    return build_long_run_plan(about, gate=gate)


def distances(plan: LongRunPlan, kind: str = "long") -> list[int]:
    return [round(plan_day.up_to_m or 0) for plan_day in plan.days if plan_day.kind == kind]


def test_it_covers_the_coming_two_weeks() -> None:
    days = [plan_day.day for plan_day in ladder().days]

    assert days == [on(63) + timedelta(days=offset) for offset in range(PLAN_DAYS)]


def test_it_begins_tomorrow_where_today_was_run() -> None:
    assert ladder(today=62).days[0].day == on(63)


def test_it_takes_one_step_of_a_tenth_and_holds_it() -> None:
    assert distances(ladder()) == [13_200, 13_200]


def test_an_over_long_run_is_not_repeated() -> None:
    assert distances(ladder([*WEEKS[:-1], Outing(62, 25_000.0)])) == [9_600, 9_600]


def test_after_an_alert_there_is_no_step() -> None:
    ramp = Alert("two_week_ramp", on(61), Level.CAUTION, 80_000.0, 55_000.0, "m")

    assert distances(ladder(alerts=[ramp]))[0] == 12_000


def test_the_days_after_a_run_far_too_long_stay_free() -> None:
    days = ladder([*WEEKS[:-1], Outing(62, 25_000.0)]).days

    assert {plan_day.kind for plan_day in days if plan_day.day <= on(64)} == {"rest"}


def test_pain_that_holds_takes_the_step_out() -> None:
    gate = AdviceGate(pain=assess_diary([told(0, 4)], TODAY))
    days = ladder(gate=gate).days

    assert max(plan_day.up_to_m or 0 for plan_day in days) == 12_000.0


def test_pain_that_stops_takes_the_ladder_away() -> None:
    state = assess_diary([told(0, 7)], TODAY)

    assert ladder(gate=AdviceGate(pain=state)) == LongRunPlan(sentence=state.act)


def test_a_red_flag_takes_the_ladder_away() -> None:
    assert ladder(gate=SILENT).days == ()


def test_the_long_run_stays_on_its_weekday() -> None:
    assert {plan_day.day.weekday() for plan_day in ladder().days if plan_day.kind == "long"} == {
        on(62).weekday()
    }


def test_running_days_are_no_more_than_usual() -> None:
    assert sum(plan_day.kind not in {"rest", "free"} for plan_day in ladder().days) == 6


def test_easy_days_stay_as_long_as_they_are() -> None:
    easy = [round(plan_day.up_to_m or 0) for plan_day in ladder(every(2, 63)).days if plan_day.kind == "easy"]

    assert set(easy) == {8_000}


def test_a_daily_runner_gets_two_days_off() -> None:
    assert sum(plan_day.kind in {"rest", "free"} for plan_day in ladder(every(1, 63)).days) >= 4


def test_a_plan_stands_beside_its_day_and_raises_nothing() -> None:
    run = PlannedRun(on(70), 42_195.0)
    with_race = ladder(planned=[run]).days

    assert [plan_day.planned for plan_day in with_race if plan_day.planned] == [run]
    assert [plan_day.up_to_m for plan_day in with_race] == [plan_day.up_to_m for plan_day in ladder().days]


@pytest.mark.parametrize("outings", [[], [Outing(0)], every(20, 63)])
def test_too_little_to_build_on_is_said(outings: list[Outing]) -> None:
    assert ladder(outings) == LongRunPlan(sentence="Not enough runs in the last 30 days to build a plan.")


habits = st.lists(
    st.tuples(st.sets(st.integers(0, 6), min_size=1), st.floats(2_000.0, 25_000.0), st.floats(0.3, 1.0)),
    min_size=9,
    max_size=14,
)


@given(habits)
@settings(deadline=None, max_examples=60)
def test_whoever_follows_it_to_the_limit_keeps_the_single_run_rule_quiet(
    weeks: list[tuple[set[int], float, float]],
) -> None:
    outings = [
        Outing(7 * week + day, longest_m if day == max(days) else share * longest_m)
        for week, (days, longest_m, share) in enumerate(weeks)
        for day in days
    ]
    today = 7 * len(weeks)
    plan_days = ladder(outings, today=today).days
    followed = [
        Outing((plan_day.day - on(0)).days, plan_day.up_to_m) for plan_day in plan_days if plan_day.up_to_m
    ]
    found = SPIKE(history([*outings, *followed]))

    assert [alert.day for alert in found if alert.day >= on(today)] == []


@given(st.floats(3_000.0, 30_000.0), st.sets(st.integers(0, 6), min_size=2, max_size=6))
@settings(deadline=None, max_examples=60)
def test_whoever_follows_it_from_steady_weeks_keeps_the_ramp_quiet(longest_m: float, days: set[int]) -> None:
    outings = [
        Outing(7 * week + day, longest_m if day == max(days) else 0.6 * longest_m)
        for week in range(16)
        for day in days
    ]
    plan_days = ladder(outings, today=112).days
    followed = [
        Outing((plan_day.day - on(0)).days, plan_day.up_to_m) for plan_day in plan_days if plan_day.up_to_m
    ]

    assert RAMP(history([*outings, *followed])) == []


@given(habits)
@settings(deadline=None, max_examples=40)
def test_the_day_after_a_long_run_is_free(weeks: list[tuple[set[int], float, float]]) -> None:
    outings = [Outing(7 * week + day, far) for week, (days, far, _) in enumerate(weeks) for day in days]
    plan_days = ladder(outings, today=7 * len(weeks)).days

    assert all(
        after.kind in {"rest", "free"} for plan_day, after in pairwise(plan_days) if plan_day.kind == "long"
    )


def test_its_words_claim_nothing() -> None:
    said = ladder()

    assert forbidden_in(" ".join([said.sentence, *(plan_day.sentence for plan_day in said.days)])) == []
    assert "not a proven safe limit" in said.sentence
