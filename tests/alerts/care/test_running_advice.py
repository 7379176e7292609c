"""One decision on what may be run: today, plan and check never disagree, whatever the history."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alert.alert import Alert, Level
from alerts.care.pain.advice_gate import AdviceGate
from alerts.care.pain.pain_state import assess_diary
from alerts.care.plan.long_run_plan import build_long_run_plan
from alerts.care.plan.planned_run_check import check
from alerts.care.plan.running_advice import (
    NO_LONG_DAYS,
    AllowedRunning,
    Circumstances,
    advise,
    allowed_on,
    circumstances_of,
)
from alerts.detectors.single_run import SingleRunSpike
from alerts.evaluation.race_recovery import ROWS, Race, RecoveryRow, recovery_on
from alerts.journal.entries import PlannedRun, RunKind
from alerts.text.units import NBSP
from forbidden_words import forbidden_in
from pain_diaries import SILENT, SPEAKING, TODAY, told
from training_days_builder import Outing, every, history, on, rule

SPIKE = rule(SingleRunSpike)
STOPPED = AdviceGate(pain=assess_diary([told(0, 8)], TODAY))
HELD = AdviceGate(pain=assess_diary([told(0, 4)], TODAY))
SLACK_M = 1e-6
MARATHON_M = 42_195.0

gaps = st.one_of(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.integers(5, 60))
distances = st.one_of(
    st.floats(3_000.0, 15_000.0),
    st.floats(3_000.0, 15_000.0),
    st.floats(3_000.0, 15_000.0),
    st.floats(15_000.0, 110_000.0),
    st.sampled_from([10_000.0, 21_097.5, MARATHON_M]),
)
speeds = st.floats(1.8, 4.5)
gates = st.sampled_from([SPEAKING, SPEAKING, SPEAKING, HELD])
muted_gates = st.sampled_from([SILENT, STOPPED])
kinds = st.sampled_from([RunKind.RACE, RunKind.RACE, RunKind.LONG, RunKind.RUN])


@st.composite
def circumstances(draw: st.DrawFn, *, least_runs: int = 1) -> Circumstances:
    """A random history with races, breaks and over-long runs; planned runs and races; days of alerts."""
    drawn = draw(st.lists(st.tuples(gaps, distances, speeds), min_size=least_runs, max_size=45))
    day, outings = 0, []
    for gap, distance_m, speed_mps in drawn:
        day += gap
        outings.append(Outing(day, distance_m, speed_mps=speed_mps))
    today = day + draw(st.one_of(st.integers(0, 3), st.integers(0, 3), st.integers(4, 70)))
    planned = [
        PlannedRun(on(today + ahead), distance_m, kind, id=number)
        for number, (ahead, distance_m, kind) in enumerate(
            draw(
                st.lists(
                    st.tuples(st.integers(1, 25), distances, kinds), max_size=2, unique_by=lambda p: p[0]
                )
            )
        )
    ]
    raced = [
        PlannedRun(on(row.day), row.distance_m, RunKind.RACE)
        for row in outings
        if draw(st.integers(0, 9)) == 0
    ]
    alert_days = draw(st.lists(st.integers(0, 20), max_size=2))
    alerts = [Alert("two_week_ramp", on(today - ago), Level.CAUTION, 2.0, 1.0, "m") for ago in alert_days]
    days = history(outings, today=today)
    return circumstances_of(days, SPIKE, planned=[*raced, *planned], alerts=alerts)


def numbers(allowed: AllowedRunning) -> tuple[object, ...]:
    return (
        allowed.day,
        allowed.rest,
        allowed.easy_up_to_m,
        allowed.easy_up_to_min,
        allowed.long_up_to_m,
        allowed.reason,
        allowed.why,
    )


@pytest.mark.slow
@settings(max_examples=1_500, deadline=None)
@given(circumstances(), gates)
def test_today_and_the_first_day_of_the_plan_say_the_same(about: Circumstances, gate: AdviceGate) -> None:
    first_day = about.today + timedelta(days=int(about.ran_today))
    today, plan = allowed_on(about, first_day, gate=gate), build_long_run_plan(about, gate=gate)
    if not plan.days:
        return
    first = plan.days[0]

    assert numbers(first) == numbers(today)
    assert (first.kind == "rest") is today.rest
    assert first.kind == "free" or first.up_to_m in {
        "easy": {today.easy_up_to_m},
        "long": {today.long_up_to_m},
        "race": {first.planned.distance_m if first.planned else None},
    }.get(first.kind, {None})


@pytest.mark.slow
@settings(max_examples=1_500, deadline=None)
@given(circumstances(least_runs=4), gates)
def test_no_day_of_the_plan_holds_more_than_its_day_allows(about: Circumstances, gate: AdviceGate) -> None:
    plan = build_long_run_plan(about, gate=gate)
    past, runs, races = about.history.copy(), [*about.runs], [*about.races]
    for one in plan.days:
        so_far = dataclasses.replace(about, history=past, runs=runs, races=races)
        allowed = allowed_on(so_far, one.day, gate=gate)
        assert one.rest is allowed.rest
        if one.kind == "race":
            far_m = one.up_to_m or 0.0
            races.append(Race(one.day, far_m, far_m / about.easy_speed_mps, "declared"))
        elif one.up_to_m:
            most_m = allowed.long_up_to_m if one.kind == "long" else allowed.easy_up_to_m
            assert most_m is None or one.up_to_m <= most_m + SLACK_M
        if one.up_to_m:
            past.add(one.day, one.up_to_m)
            runs.append((one.day, one.up_to_m))


@pytest.mark.slow
@settings(max_examples=1_500, deadline=None)
@given(circumstances(least_runs=4), gates, st.integers(1, 14), st.floats(0.2, 3.0), kinds)
def test_the_check_of_a_planned_run_allows_what_its_day_allows(
    about: Circumstances, gate: AdviceGate, ahead: int, share: float, kind: RunKind
) -> None:
    day = about.today + timedelta(days=ahead)
    about = dataclasses.replace(about, planned=[one for one in about.planned if one.day > day])
    plan = [
        one for one in advise(about, gate=gate) if one.day < day and one.up_to_m and one.day > about.today
    ]
    before = [PlannedRun(one.day, one.up_to_m or 0.0) for one in plan]
    past = about.history.copy()
    for one in before:
        past.add(one.day, one.distance_m)
    followed = [*about.runs, *((one.day, one.distance_m) for one in before)]
    allowed = allowed_on(dataclasses.replace(about, history=past, runs=followed), day, gate=gate)
    most_m = allowed.most_m or 0.0
    planned = PlannedRun(day, max(500.0, share * (most_m or 10_000.0)), kind)
    found = check(planned, about, SPIKE, gate=gate, before=before)
    if found.level is None or (not before and past.limit_on(day).basis == "return"):
        return

    assert (found.level is Level.INFO) is (planned.distance_m <= most_m)
    assert kind is not RunKind.RACE or "horten" not in found.act


@pytest.mark.slow
@settings(max_examples=800, deadline=None)
@given(circumstances(), muted_gates, st.floats(1_000.0, 60_000.0), st.integers(0, 25))
def test_a_red_flag_or_pain_that_stops_leaves_no_distance_anywhere(
    about: Circumstances, gate: AdviceGate, distance_m: float, ahead: int
) -> None:
    days = [allowed_on(about, about.today, gate=gate), *advise(about, gate=gate)]
    found = check(PlannedRun(about.today + timedelta(days=ahead), distance_m), about, SPIKE, gate=gate)

    limits = {(one.rest, one.most_m, one.easy_up_to_min, one.up_to_m) for one in days}
    assert limits == {(True, None, None, None)}
    assert build_long_run_plan(about, gate=gate).days == ()
    assert (found.level, found.ceiling_m, found.longest_m, found.ratio) == (None, None, None, None)
    said = " ".join([found.sentence, found.act, *(f"{one.headline} {one.why}" for one in days)])
    assert f"{NBSP}km" not in said


@pytest.mark.slow
@settings(max_examples=1_500, deadline=None)
@given(circumstances(least_runs=4), st.integers(0, 30), gates)
def test_the_day_after_an_alert_allows_no_longer_a_run_than_its_day(
    about: Circumstances, ago: int, gate: AdviceGate
) -> None:
    alert_day = about.today - timedelta(days=ago)
    about = dataclasses.replace(about, alert_days=[alert_day])
    before, after = (allowed_on(about, alert_day + timedelta(days=n), gate=gate) for n in (0, 1))
    if before.reason in {"too_little_history", "race"} or after.kind == "race":
        return

    assert (after.long_up_to_m or 0.0) <= (before.long_up_to_m or 0.0) + SLACK_M


@pytest.mark.slow
@settings(max_examples=1_500, deadline=None)
@given(circumstances(least_runs=4), st.floats(1.12, 8.0), gates, st.integers(1, 5))
def test_one_over_long_run_raises_nothing_for_the_next(
    about: Circumstances, ratio: float, gate: AdviceGate, ahead: int
) -> None:
    day = about.today + timedelta(days=1)
    before = allowed_on(about, day, gate=gate)
    limit = about.history.limit_on(day)
    if before.long_up_to_m is None or limit.limit_m is None:
        return
    distance_m = ratio * limit.limit_m + 1_000.0
    longer = about.history.copy()
    longer.add(day, distance_m)
    after = dataclasses.replace(about, history=longer, runs=[*about.runs, (day, distance_m)])
    if about.history.limit_on(day + timedelta(days=ahead)).basis != limit.basis:
        return  # a break or its end, a hold that ends: something else than this run changes the limit
    if about.races and recovery_on(about.races[-1], day, about.runs) is not None:
        return  # a stage of recovery ends by itself

    later = allowed_on(after, day + timedelta(days=ahead), gate=gate)

    assert (later.long_up_to_m or 0.0) <= limit.limit_m + SLACK_M + 0.001 * limit.limit_m


@pytest.mark.slow
@settings(max_examples=1_000, deadline=None)
@given(st.floats(MARATHON_M, 170_000.0), st.floats(1.5, 3.5), st.floats(5_000.0, 34_000.0), st.integers(0, 2))
def test_after_a_marathon_running_comes_back_by_the_table(
    race_m: float, speed_mps: float, long_m: float, off: int
) -> None:
    runs = [Outing(day, long_m if day % 7 == off else 5_000.0) for day in range(0, 70, 2)]
    about = circumstances_of(history([*runs, Outing(70, race_m, speed_mps=speed_mps)], today=70), SPIKE)
    race = about.races[-1]
    assert race.day == on(70)
    longest_m = max(run.distance_m for run in runs if run.day >= 70 - 56)
    for after in range(1, race.row.long_runs[-1][0]):
        day = race.day + timedelta(days=after)
        allowed = allowed_on(about, day, gate=SPEAKING)
        share = next((s for first, s in reversed(race.row.long_runs) if after >= first), 0.0)
        stage = next((s for s in race.row.easy if after <= s[0]), None)
        if after <= race.row.no_running_days:
            assert allowed.rest
        assert (allowed.long_up_to_m or 0.0) <= share * longest_m + SLACK_M
        if stage is not None and not allowed.rest:
            assert allowed.easy_up_to_min is not None
            assert allowed.easy_up_to_min <= stage[1]


@pytest.mark.parametrize(
    ("race_m", "row"), [*zip((10_000.0, 21_097.5, MARATHON_M, 65_000.0, 106_000.0), ROWS, strict=True)]
)
def test_the_day_after_a_race_holds_no_running_and_no_long_run(race_m: float, row: RecoveryRow) -> None:
    race = PlannedRun(on(65), race_m, RunKind.RACE)
    days = advise(circumstances_of(history(every(2, 63), today=63), SPIKE, planned=[race]), gate=SPEAKING)
    after = [one for one in days if 0 < (one.day - race.day).days < row.long_runs[0][0]]

    assert [one.kind for one in days if one.day == race.day] == ["race"]
    assert after[0].rest
    assert all(one.kind != "long" for one in after)


def test_the_last_days_before_a_race_hold_no_long_run() -> None:
    planned = [PlannedRun(on(73), 21_097.5, RunKind.RACE)]
    days = advise(circumstances_of(history(every(2, 63), today=63), SPIKE, planned=planned), gate=SPEAKING)
    last = [one for one in days if 0 < (on(73) - one.day).days <= NO_LONG_DAYS]

    assert {one.long_up_to_m for one in last} == {None}
    assert last[-1].easy_up_to_min == 30


@settings(max_examples=400, deadline=None)
@given(circumstances(least_runs=4), gates)
def test_no_sentence_claims_or_names_the_day_itself_as_an_end(about: Circumstances, gate: AdviceGate) -> None:
    today = allowed_on(about, about.today, gate=gate)

    assert forbidden_in(f"{today.headline} {today.why}") == []
    for named in (f"until {about.today:%A}", f"until {about.today:%a}{NBSP}{about.today.day}{NBSP}"):
        assert named not in f"{today.headline} {today.why}"


def test_a_race_eleven_weeks_ahead_gets_weeks_and_steps() -> None:
    about = circumstances_of(history(every(3, 60, distance_m=10_000.0), today=60), SPIKE)
    far = check(PlannedRun(on(60 + 77), 30_000.0, RunKind.RACE), about, SPIKE, gate=SPEAKING)

    assert (far.weeks, far.weeks_left) == (12, 9)
    assert far.level is Level.HIGH
    assert "Shorten" not in far.act


def test_two_weeks_ahead_the_usual_runs_until_then_are_taken_as_run() -> None:
    about = circumstances_of(history(every(3, 60, distance_m=10_000.0), today=60), SPIKE)
    found = check(PlannedRun(on(74), 10_500.0, RunKind.LONG), about, SPIKE, gate=SPEAKING)

    assert "days off" not in found.sentence
    assert found.level is Level.INFO


@pytest.mark.parametrize("days_off", [14, 26, 40, 60])
def test_a_comeback_begins_well_below_the_longest_run(days_off: int) -> None:
    about = circumstances_of(history(every(3, 61, distance_m=12_000.0), today=60 + days_off), SPIKE)
    share = next(share for least, share in ((56, 0.3), (35, 0.4), (21, 0.5), (14, 0.6)) if days_off >= least)
    allowed = allowed_on(about, about.today, gate=SPEAKING)

    assert allowed.reason == "break"
    assert allowed.long_up_to_m == pytest.approx(max(share * 12_000.0, 4_000.0))


def test_a_stage_names_the_first_day_after_it() -> None:
    about = circumstances_of(
        history([*every(3, 60, distance_m=10_000.0), Outing(60, 25_000.0)], today=61), SPIKE
    )
    allowed = allowed_on(about, about.today, gate=SPEAKING)
    first: date = on(63)

    assert allowed.rest
    assert allowed.headline.startswith(f"Rest from running until {first:%A}")
