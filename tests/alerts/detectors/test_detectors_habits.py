"""The rules for information, each on weeks worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from alerts.alert.alert import Alert, Level
from alerts.detectors.contact_balance import BalanceDrift
from alerts.detectors.descent import DescentSpike
from alerts.detectors.hard_days import HardAfterHard
from alerts.detectors.registry import detect
from alerts.detectors.rest import NoRest, monotony
from alerts.detectors.return_after_break import ReturnAfterBreak
from alerts.detectors.sessions import FormFade, NoWarmUp
from alerts.detectors.single_run import SingleRunSpike
from training_days_builder import Outing, every, history, on, rule

REST, BALANCE, DESCENT = rule(NoRest), rule(BalanceDrift), rule(DescentSpike)
WARM_UP, FADE, HARD, RETURN = rule(NoWarmUp), rule(FormFade), rule(HardAfterHard), rule(ReturnAfterBreak)

STEADY = every(2, 100)
"""Fifty runs on days 0, 2 ... 98: 8 km, 10 hard minutes, 50 m down, balance 50 %."""

FIVE_OF_SEVEN = [Outing(day, 6_000.0 + 4_000.0 * (day % 7 == 4)) for day in range(210) if day % 7 < 5]
"""Thirty weeks of five days in a row and two of rest."""


def days_of(alerts: list[Alert]) -> list[object]:
    return [alert.day for alert in alerts]


# No rest


def test_a_streak_is_told_once_on_the_day_on_which_it_is_out_of_the_ordinary() -> None:
    """Own streaks last 5 days, so 10 is more than one and a half times; the streak begins on day 210."""
    streak = [Outing(210 + day, 6_000.0 + 4_000.0 * (day % 3)) for day in range(14)]
    (alert,) = [f for f in REST(history([*FIVE_OF_SEVEN, *streak])) if "ceiling_days" in f.numbers]

    assert alert == Alert("no_rest", on(219), Level.INFO, 10.0, 5.0, "days", numbers={"ceiling_days": 9.0})


@pytest.mark.parametrize(("rest_day", "is_quiet"), [(9, True), (10, False)])
def test_rest_on_the_day_that_it_names_keeps_it_quiet(rest_day: int, *, is_quiet: bool) -> None:
    streak = [Outing(210 + day) for day in range(14) if day != rest_day]
    found = [f for f in REST(history([*FIVE_OF_SEVEN, *streak])) if "ceiling_days" in f.numbers]

    assert (found == []) is is_quiet


def test_who_runs_every_day_by_habit_is_left_in_peace() -> None:
    """Streaks of 13 days: one and a half of them are more than 19."""
    fortnights = [Outing(day) for day in range(280) if day % 14]
    found = REST(history([*fortnights, *(Outing(281 + day) for day in range(16))]))

    assert [f for f in found if "ceiling_days" in f.numbers] == []


def test_sameness_is_the_mean_over_the_spread() -> None:
    """0, 0, 7, 7, 7, 7, 7: mean 5, sample variance (2 x 25 + 5 x 4) / 6."""
    assert monotony(np.array([0.0, 0.0, 7.0, 7.0, 7.0, 7.0, 7.0]))[-1] == pytest.approx(5 / math.sqrt(70 / 6))


def test_seven_equal_days_are_told_as_the_most_there_is() -> None:
    assert monotony(np.full(7, 3.0))[-1] == 10.0


def test_a_week_without_running_is_not_alike() -> None:
    assert monotony(np.zeros(7))[-1] == 0.0


def test_seven_days_alike_in_a_large_week_are_told() -> None:
    """Six equal runs and a day off: mean 6, spread 2.65 km; the weeks before reach 1.6 with two days off."""
    week = [Outing(210 + day, 7_000.0) for day in range(6)]
    (alert,) = REST(history([*FIVE_OF_SEVEN, *week]))

    assert (alert.day, alert.numbers) == (on(215), {"alike_days": 7.0})
    assert alert.observed > 2 > alert.expected


def test_a_run_on_the_day_after_one_much_too_long_is_told() -> None:
    """12 km from 7 o'clock at 3 m/s last 4,000 s; at 8 o'clock of the next day 23.9 hours have gone."""
    days = history([*STEADY, Outing(100, 12_000.0), Outing(101, 3_000.0)])
    (alert,) = [f for f in detect(days, [rule(SingleRunSpike), REST]) if f.kind == "no_rest"]

    assert (alert.day, alert.observed, alert.expected, alert.level) == (
        on(101),
        pytest.approx(25 - 4_000 / 3_600),
        24.0,
        Level.INFO,
    )


def test_a_run_two_days_after_one_much_too_long_is_not() -> None:
    days = history([*STEADY, Outing(100, 12_000.0), Outing(102, 3_000.0)])

    assert [f.kind for f in detect(days, [rule(SingleRunSpike), REST])] == ["single_run_spike"]


@pytest.mark.parametrize(("again", "told"), [(127, [101]), (128, [101, 129])])
def test_runs_too_soon_are_told_once_in_four_weeks(again: int, told: list[int]) -> None:
    runs = [
        *STEADY,
        Outing(100, 12_000.0),
        Outing(101, 3_000.0),
        *(Outing(day) for day in range(104, 126, 2)),
    ]
    days = history([*runs, Outing(again, 17_000.0), Outing(again + 1, 3_000.0)])
    found = [f for f in detect(days, [rule(SingleRunSpike), REST]) if f.kind == "no_rest"]

    assert days_of(found) == [on(day) for day in told]


def test_after_a_streak_days_alike_are_not_told_for_four_weeks() -> None:
    """A day off and six equal ones are alike on day 215; on day 219 ten days in a row are a streak."""
    found = REST(history([*FIVE_OF_SEVEN, *(Outing(210 + day, 7_000.0) for day in range(37))]))

    assert [(alert.day, alert.unit) for alert in found] == [
        (on(215), "times the spread"),
        (on(219), "days"),
    ]


def test_a_slightly_longer_run_asks_for_no_pause() -> None:
    days = history([*STEADY, Outing(100, 9_500.0), Outing(101, 3_000.0)])

    assert [f.kind for f in detect(days, [rule(SingleRunSpike), REST])] == ["single_run_spike"]


# Balance


def test_balance_is_told_when_three_of_five_runs_have_moved() -> None:
    """The median of five is 52 with the third run; 50 was usual in the 28 runs of 63 to 7 days before."""
    moved = [Outing(100 + 2 * i, stance_balance_percent=52.0) for i in range(8)]
    (alert,) = BALANCE(history([*STEADY, *moved]))

    assert (alert.day, alert.observed, alert.expected, alert.unit) == (on(104), 52.0, 50.0, "%")


@pytest.mark.parametrize(("share", "fires"), [(51.4, False), (51.5, True), (48.5, True), (48.6, False)])
def test_balance_may_move_by_a_point_and_a_half_to_either_side(share: float, *, fires: bool) -> None:
    moved = [Outing(100 + 2 * i, stance_balance_percent=share) for i in range(5)]

    assert bool(BALANCE(history([*STEADY, *moved]))) is fires


def test_from_one_side_to_the_other_is_a_change_although_it_is_as_far_from_even() -> None:
    left = [replace(run, stance_balance_percent=49.0) for run in STEADY]
    right = [Outing(100 + 2 * i, stance_balance_percent=51.0) for i in range(5)]

    assert days_of(BALANCE(history([*left, *right]))) == [on(104)]


def test_another_sensor_starts_anew() -> None:
    moved = [Outing(100 + 2 * i, stance_balance_percent=53.0, stratum=2) for i in range(7)]

    assert BALANCE(history([*STEADY, *moved])) == []


# Warm-up and fade


def hard(day: int, *, begins: float = 1.0, ends: float = 0.0) -> Outing:
    return Outing(day, hard_min=20.0, begins_hard=begins, ends_hard=ends)


EASY = [replace(run, hard_min=5.0) for run in STEADY]


def test_three_of_five_hard_runs_without_a_warm_up_are_told() -> None:
    runs = [hard(100), hard(103, begins=0.0), hard(106, ends=1.0), hard(109, begins=0.0), hard(112)]
    (alert,) = WARM_UP(history([*EASY, *runs]))

    assert (alert.day, alert.observed, dict(alert.numbers)) == (
        on(112),
        3.0,
        {"hard_runs": 5.0, "no_cool_down_runs": 1.0},
    )


@pytest.mark.parametrize("last", [hard(106, begins=0.0), hard(106, begins=math.nan), hard(170)])
def test_two_hard_runs_without_a_warm_up_are_no_habit(last: Outing) -> None:
    assert WARM_UP(history([*EASY, hard(100), hard(103), last])) == []


def test_where_half_of_all_runs_begin_hard_the_threshold_is_doubted() -> None:
    every_second = [replace(run, begins_hard=float(run.day % 4 == 0)) for run in EASY]

    assert WARM_UP(history([*every_second, *(hard(100 + i) for i in range(5))])) == []


def test_an_easy_run_needs_no_warm_up() -> None:
    easy = [replace(hard(100 + 2 * i), hard_min=9.9) for i in range(5)]

    assert WARM_UP(history([*EASY, *easy])) == []


def test_three_of_five_long_runs_that_fade_are_told_with_their_median() -> None:
    fades = [-3.0, 0.0, -6.0, -1.0, -4.0]
    runs = [Outing(100 + 7 * i, cadence_fade_percent=fade) for i, fade in enumerate(fades)]
    plain = [replace(run, cadence_fade_percent=math.nan) for run in STEADY]
    (alert,) = FADE(history([*plain, *runs]))

    assert (alert.day, alert.observed, dict(alert.numbers)) == (
        on(128),
        -4.0,
        {"fading_runs": 3.0, "long_runs": 5.0},
    )


def test_steps_that_become_more_are_no_fade() -> None:
    assert FADE(history([*STEADY, *(Outing(100 + i, cadence_fade_percent=6.0) for i in range(5))])) == []


# Descent


@pytest.mark.parametrize(("descent_m", "fires"), [(449.0, False), (450.0, True)])
def test_descent_needs_half_as_much_again_and_150_m(descent_m: float, *, fires: bool) -> None:
    """300 m were the most: 450 m are both."""
    runs = [*STEADY, Outing(99, descent_m=300.0), Outing(120, descent_m=descent_m)]
    found = DESCENT(history(runs))

    assert days_of(found) == ([on(99), on(120)] if fires else [on(99)])


def test_descent_is_told_with_the_run_before_and_what_had_been_quiet() -> None:
    runs = [*STEADY, Outing(70, descent_m=180.0), Outing(100, descent_m=500.0)]
    alert = DESCENT(history(runs))[-1]

    assert (alert.observed, alert.expected, alert.compared_day, dict(alert.numbers)) == (
        500.0,
        180.0,
        on(70),
        {"excess_m": 320.0, "ceiling_m": 330.0},
    )


def test_a_watch_that_tells_no_descent_is_no_flat_country() -> None:
    flat = [replace(run, descent_m=math.nan) for run in STEADY]

    assert DESCENT(history([*flat, Outing(100, descent_m=600.0)])) == []


# Hard after hard


def test_two_hard_days_in_a_row_are_told_of_the_second() -> None:
    (alert,) = HARD(history([*STEADY, Outing(100, hard_min=30.0), Outing(101, hard_min=25.0)]))

    assert (alert.day, alert.observed, alert.expected, alert.compared_day) == (
        on(101),
        1.0,
        2.0,
        on(100),
    )
    assert dict(alert.numbers) == {"first_min": 30.0, "second_min": 25.0}


@pytest.mark.parametrize(
    "second", [Outing(102, hard_min=25.0), Outing(101, hard_min=19.0), Outing(101, hard_min=math.nan)]
)
def test_a_day_between_or_an_easy_second_is_quiet(second: Outing) -> None:
    assert HARD(history([*STEADY, Outing(100, hard_min=30.0), second])) == []


def test_where_every_run_is_as_hard_none_is_hard() -> None:
    """25 hard minutes are this runner's median."""
    usual = [replace(run, hard_min=25.0) for run in STEADY]

    assert HARD(history([*usual, Outing(99, hard_min=25.0), Outing(100, hard_min=30.0)])) == []


def test_a_habit_of_hard_days_in_a_row_is_told_no_more() -> None:
    """Pairs every ten days: told on days 101 and, after the cool-down, never, as three came before."""
    pairs = [Outing(100 + 10 * i + j, hard_min=30.0) for i in range(8) for j in (0, 1)]
    filler = [Outing(104 + 10 * i + j, hard_min=5.0) for i in range(8) for j in (0, 2, 4)]

    assert days_of(HARD(history([*EASY, *pairs, *filler]))) == [on(101)]


# Return


def test_the_first_run_after_a_month_is_told_with_half_of_the_longest() -> None:
    """Runs every second day until day 98, 12 km among them; then 32 days off."""
    runs = [*STEADY, Outing(60, 12_000.0), Outing(130, 5_000.0), Outing(132, 5_000.0)]
    (alert,) = RETURN(history(runs))

    assert (alert.day, alert.observed, alert.expected, alert.compared_day) == (
        on(130),
        32.0,
        2.0,
        on(98),
    )
    assert dict(alert.numbers) == {"return_ceiling_m": 6_000.0, "ceiling_days": 13.0}


def test_it_speaks_where_the_single_run_rule_is_silent() -> None:
    """After 24 days off the 30 days before hold three runs, on days 92, 94 and 96."""
    runs = [run for run in STEADY if run.day <= 96]
    back = Outing(122, 20_000.0)
    alerts = detect(history([*runs, back]), [rule(SingleRunSpike), RETURN])

    assert [f.kind for f in alerts] == ["return_after_break"]


@pytest.mark.parametrize(("day", "kinds"), [(118, []), (119, ["return_after_break"])])
def test_three_weeks_off_are_a_break_though_the_month_still_holds_enough(day: int, kinds: list[str]) -> None:
    """The last run was on day 98; the 30 days before day 119 still hold runs on days 90 to 98."""
    runs = [*STEADY, Outing(day)]

    assert [f.kind for f in detect(history(runs), [rule(SingleRunSpike), RETURN])] == kinds


def test_where_there_is_still_enough_to_compare_with_the_spike_is_told_instead() -> None:
    runs = [*STEADY, Outing(114, 20_000.0)]

    assert [f.kind for f in detect(history(runs), [rule(SingleRunSpike), RETURN])] == ["single_run_spike"]


def test_who_runs_now_and_then_takes_no_break() -> None:
    assert RETURN(history(every(15, 300))) == []


@pytest.mark.parametrize("kind", [REST, BALANCE, WARM_UP, FADE, DESCENT, HARD, RETURN])
def test_notes_are_never_more_than_information(kind: NoRest) -> None:
    odd = [Outing(100 + i, 9_000.0, 40.0, descent_m=900.0, begins_hard=1.0, ends_hard=1.0) for i in range(20)]
    odd = [replace(run, cadence_fade_percent=-9.0, stance_balance_percent=55.0) for run in odd]
    found = kind(history([*every(2, 60), *odd]))

    assert {alert.level for alert in found} <= {Level.INFO}
