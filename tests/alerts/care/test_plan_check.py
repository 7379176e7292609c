"""A plan looked at before it is run, and a run exchanged for something without impact."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.alert.alert import Level
from alerts.care.pain.advice_gate import AdviceGate, ReturnAdvice
from alerts.care.pain.pain_state import assess_diary
from alerts.care.plan.cross_training import CYCLE_AT_MOST_MIN, SWIM_AT_MOST_MIN, exchange_run
from alerts.care.plan.planned_run_check import PlanCheck, check
from alerts.detectors.single_run import SingleRunSpike
from alerts.journal.entries import PlannedRun, RunKind
from alerts.text.units import NBSP
from forbidden_words import forbidden_in
from pain_diaries import SILENT, SPEAKING, TODAY, told
from training_days_builder import Outing, every, history, on, rule

SPIKE = rule(SingleRunSpike)
RUNS = every(3, 60, distance_m=10_000.0)
DAYS = history(RUNS, today=60)
STOPPED = AdviceGate(pain=assess_diary([told(0, 8)], TODAY))


def looked_at(
    distance_m: float, *, in_days: int = 5, before: tuple[PlannedRun, ...] = (), gate: AdviceGate = SPEAKING
) -> PlanCheck:
    planned = PlannedRun(on(60 + in_days), distance_m, RunKind.RACE)
    return check(planned, DAYS, SPIKE, gate=gate, before=before)


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
def test_a_run_on_a_day_that_a_finding_asks_to_leave_free_is_put_off(in_days: int, level: Level) -> None:
    planned = PlannedRun(on(60 + in_days), 9_000.0, RunKind.RUN)

    found = check(planned, DAYS, SPIKE, gate=SPEAKING, quiet_until=on(62))

    assert found.level is level
    assert found.act.startswith("Run it later") is (level is Level.CAUTION)


@pytest.mark.parametrize(("distance_m", "act"), [(10_000.0, "Run it as planned"), (10_900.0, "Stay within")])
def test_a_long_run_that_is_to_be_held_is_not_gone_beyond(distance_m: float, act: str) -> None:
    planned = PlannedRun(on(65), distance_m, RunKind.LONG)

    assert check(planned, DAYS, SPIKE, gate=SPEAKING, holds=True).act.startswith(act)


def test_pain_that_holds_running_where_it_is_speaks_for_a_plan_too() -> None:
    held = AdviceGate(pain=assess_diary([told(0, 4)], TODAY))

    assert looked_at(9_000.0, gate=held).act == held.pain.act


def test_on_the_way_back_the_next_step_is_said_instead() -> None:
    found = looked_at(10_000.0, gate=AdviceGate(back=ReturnAdvice("Next is step 2.", "Run 1 minute.")))

    assert (found.sentence, found.act, found.level, found.ceiling_m) == (
        "Next is step 2.",
        "Run 1 minute.",
        None,
        None,
    )


def test_a_race_far_ahead_is_compared_with_nothing_and_says_so() -> None:
    far = looked_at(21_100.0, in_days=60)

    assert (far.level, far.ratio) == (None, None)
    assert "None of your runs so far" in far.sentence


def test_plans_before_it_are_taken_as_run() -> None:
    build_up = PlannedRun(on(63), 12_000.0)

    assert looked_at(13_000.0, in_days=8, before=(build_up,)).longest_m == 12_000.0


def test_steps_of_a_tenth_are_counted() -> None:
    assert [looked_at(far).weeks for far in (9_000.0, 11_000.0, 12_000.0, 21_100.0)] == [0, 1, 2, 8]


@pytest.mark.parametrize(
    ("distance_m", "in_days", "act"),
    [
        (10_500.0, 5, "Run it as planned"),
        (15_000.0, 2, "Shorten it to 11.0 km, or postpone it."),
        (15_000.0, 15, "Shorten it to 11.0 km, or come closer"),
        (12_000.0, 20, "Come closer in steps first"),
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

    assert found == [] or looked.level is max(found[0], Level.NOTICE)
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
    planned = PlannedRun(on(60), 10_000.0)

    assert check(planned, DAYS, SPIKE, gate=SPEAKING).ratio == 1.0
