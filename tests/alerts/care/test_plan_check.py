"""A plan looked at before it is run, and a run exchanged for something without impact."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.alert.alert import Alert, Level
from alerts.care.pain.advice_gate import AdviceGate, ReturnAdvice
from alerts.care.pain.pain_state import assess_diary
from alerts.care.plan.cross_training import CYCLE_AT_MOST_MIN, SWIM_AT_MOST_MIN, exchange_run
from alerts.care.plan.planned_run_check import PlanCheck, check
from alerts.care.plan.running_advice import circumstances_of
from alerts.detectors.single_run import SingleRunSpike
from alerts.journal.entries import PlannedRun, RunKind
from alerts.text.units import NBSP
from forbidden_words import forbidden_in
from pain_diaries import SILENT, SPEAKING, TODAY, told
from training_days_builder import Outing, every, history, on, rule

SPIKE = rule(SingleRunSpike)
RUNS = every(3, 60, distance_m=10_000.0)
STOPPED = AdviceGate(pain=assess_diary([told(0, 8)], TODAY))


def looked_at(
    distance_m: float,
    *,
    in_days: int = 5,
    before: tuple[PlannedRun, ...] = (),
    gate: AdviceGate = SPEAKING,
    kind: RunKind = RunKind.LONG,
    runs: Sequence[Outing] = RUNS,
    alerts: Sequence[Alert] = (),
) -> PlanCheck:
    planned = PlannedRun(on(60 + in_days), distance_m, kind)
    about = circumstances_of(history([*runs], today=60), SPIKE, alerts=alerts)
    return check(planned, about, SPIKE, gate=gate, before=before)


@pytest.mark.parametrize(
    ("distance_m", "level"),
    [
        (9_000.0, Level.INFO),
        (11_000.0, Level.INFO),
        (12_000.0, Level.NOTICE),
        (15_000.0, Level.CAUTION),
        (21_100.0, Level.HIGH),
    ],
)
def test_the_level_is_that_of_the_rule(distance_m: float, level: Level) -> None:
    assert looked_at(distance_m).level is level


def test_the_sentence_compares_with_the_run_of_its_day() -> None:
    said = looked_at(13_400.0).sentence.replace(NBSP, " ")

    assert "13.4 km, is 34 % longer than the longest run of the 30 days before it (10.0 km" in said


@pytest.mark.parametrize(("in_days", "level"), [(2, Level.CAUTION), (3, Level.INFO)])
def test_a_run_on_a_day_that_is_for_rest_is_no_good_idea(in_days: int, level: Level) -> None:
    found = looked_at(8_000.0, in_days=in_days, runs=[*RUNS, Outing(60, 25_000.0)])

    assert found.level is level
    assert found.act.startswith("Rest from running") is (level is Level.CAUTION)


@pytest.mark.parametrize(("distance_m", "level"), [(10_000.0, Level.INFO), (10_900.0, Level.NOTICE)])
def test_after_an_alert_a_run_goes_no_further(distance_m: float, level: Level) -> None:
    ramp = Alert("two_week_ramp", on(59), Level.CAUTION, 80_000.0, 55_000.0, "m")

    assert looked_at(distance_m, alerts=[ramp]).level is level


def test_pain_that_holds_running_where_it_is_counts_for_a_plan_too() -> None:
    held = AdviceGate(pain=assess_diary([told(0, 4)], TODAY))

    assert looked_at(10_000.0, gate=held).level is Level.INFO
    assert held.pain.sentence in looked_at(10_900.0, gate=held).sentence


def test_on_the_way_back_the_next_step_is_said_instead() -> None:
    found = looked_at(10_000.0, gate=AdviceGate(back=ReturnAdvice("Next is step 2.", "Run 1 minute.")))

    assert (found.sentence, found.act, found.level, found.ceiling_m) == (
        "Next is step 2.",
        "Run 1 minute.",
        None,
        None,
    )


def test_a_race_far_ahead_gets_an_answer() -> None:
    far = looked_at(21_100.0, in_days=77, kind=RunKind.RACE)

    assert (far.weeks, far.weeks_left) == (8, 9)
    assert far.act.replace(NBSP, " ").startswith("Build up to it first: that takes 8 weeks of 10 % steps")


def test_a_race_that_cannot_be_reached_is_never_shortened() -> None:
    near = looked_at(42_195.0, in_days=40, kind=RunKind.RACE)

    assert "Shorten" not in near.act
    assert "a later date" in near.act


def test_plans_before_it_are_taken_as_run() -> None:
    assert looked_at(13_000.0, in_days=12, before=(PlannedRun(on(62), 11_000.0),)).longest_m == 11_000.0


def test_steps_of_a_tenth_are_counted() -> None:
    assert [looked_at(far).weeks for far in (9_000.0, 11_000.0, 12_000.0, 21_100.0)] == [0, 1, 2, 8]


@pytest.mark.parametrize(
    ("distance_m", "in_days", "act"),
    [
        (10_500.0, 5, "Run it as planned"),
        (15_000.0, 2, "Shorten it to 11.0 km, or postpone it."),
        (15_000.0, 15, "Shorten it to 11.0 km, or build up"),
        (12_000.0, 20, "Build up to it first"),
    ],
)
def test_the_act_fits_the_weeks_that_are_left(distance_m: float, in_days: int, act: str) -> None:
    assert looked_at(distance_m, in_days=in_days).act.replace(NBSP, " ").startswith(act)


@given(st.floats(1_000.0, 60_000.0), st.integers(1, 25))
@example(11_000.0, 1)  # the ceiling itself
@example(11_300.0, 1)  # beyond it by no more than a watch errs by, and a plan does not
@settings(deadline=None)
def test_what_the_check_calls_quiet_the_rule_calls_quiet(distance_m: float, in_days: int) -> None:
    looked = looked_at(distance_m, in_days=in_days)
    run = Outing(60 + in_days, distance_m)
    found = [f.level for f in SPIKE(history([*RUNS, run])) if f.day == on(60 + in_days)]

    assert found == [] or (looked.level or Level.INFO) >= max(found[0], Level.NOTICE)
    assert forbidden_in(f"{looked.sentence} {looked.act}") == []


@pytest.mark.parametrize("gate", [SILENT, STOPPED])
def test_pain_leaves_no_number_of_a_plan(gate: AdviceGate) -> None:
    looked = looked_at(15_000.0, gate=gate)

    assert (looked.ratio, looked.ceiling_m, looked.weeks, looked.act) == (None, None, None, gate.pain.act)


def test_half_an_hour_is_exchanged_by_energy() -> None:
    exchanged = exchange_run(30.0, SPEAKING)

    assert (exchanged.cycle_min, exchanged.swim_min) == (35, 45)


def test_the_exchange_says_that_it_is_for_the_heart_alone() -> None:
    assert "your hips are spared the impact" in exchange_run(25.0, SPEAKING).sentence


@given(st.floats(0.0, 600.0))
def test_an_exchange_stays_within_the_doses_of_the_catalogue(run_min: float) -> None:
    exchanged = exchange_run(run_min, SPEAKING)

    assert 5 <= (exchanged.cycle_min or 0) <= CYCLE_AT_MOST_MIN
    assert 5 <= (exchanged.swim_min or 0) <= SWIM_AT_MOST_MIN
    assert forbidden_in(exchanged.sentence) == []


@pytest.mark.parametrize("gate", [SILENT, STOPPED])
def test_pain_exchanges_nothing(gate: AdviceGate) -> None:
    assert (exchange_run(30.0, gate).cycle_min, exchange_run(30.0, gate).sentence) == (
        None,
        gate.pain.act,
    )


def test_a_plan_of_the_day_itself_is_looked_at() -> None:
    assert looked_at(10_000.0, in_days=0).ratio == 1.0
