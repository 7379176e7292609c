"""Where a runner stands, on calendars worked out by hand; day 0 of every history is a Monday."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.detectors.registry import REGISTRY
from alerts.evaluation.training_status import TrainingStatus, compute_training_status
from training_days_builder import Outing, every, history, on, rule, rules

RULES = rules()

MONTH = every(2, 43, distance_m=6_000.0)
"""Runs of 6 km on days 0, 2 ... 42: weeks of 24, 18, 24, 18, 24 and 18 km, and a Monday."""


def training_status(outings: list[Outing], *, today: int, week_start: int = 0) -> TrainingStatus:
    found = compute_training_status(history(outings, today=today), RULES, week_start=week_start)
    assert found is not None
    return found


def test_without_a_history_there_is_no_standing() -> None:
    assert compute_training_status(history([]), RULES) is None


def test_the_ceiling_is_the_longest_run_of_thirty_days_and_a_tenth() -> None:
    """12 km on day 13 is 30 days before day 43; 1.1 x 12 km = 13.2 km."""
    now = training_status([*MONTH, Outing(13, 12_000.0), Outing(12, 15_000.0)], today=43)

    assert (now.longest_m, now.longest_day) == (12_000.0, on(13))
    assert (now.ceiling_m, now.returning) == (pytest.approx(13_200.0), False)


def test_a_run_of_today_raises_no_ceiling() -> None:
    now = training_status([*MONTH, Outing(43, 20_000.0)], today=43)

    assert (now.ran_today_m, now.longest_m, now.ceiling_m) == (20_000.0, 6_000.0, pytest.approx(6_600.0))


def test_a_beginner_has_no_ceiling_and_returns_from_nothing() -> None:
    """Day 13 is one day short of a fortnight."""
    now = training_status(every(2, 13), today=13)

    assert (now.longest_m, now.ceiling_m) == (8_000.0, None)
    assert (now.returning, now.return_ceiling_m) == (False, None)


def test_after_a_break_a_share_of_the_longest_before_it_is_the_ceiling() -> None:
    """The last of MONTH is on day 42, 48 days before day 90: two fifths of the 14 km of day 10."""
    back = [Outing(day, 4_000.0) for day in (90, 94, 98)]
    now = training_status([*MONTH, Outing(10, 14_000.0), *back], today=100)

    assert (now.longest_m, now.ceiling_m) == (4_000.0, None)
    assert (now.returning, now.return_ceiling_m) == (True, pytest.approx(5_600.0))


def test_after_a_long_break_the_first_run_is_four_kilometres() -> None:
    now = training_status(MONTH, today=200)

    assert (now.returning, now.return_ceiling_m, now.longest_m) == (True, 4_000.0, None)


@pytest.mark.parametrize(("days_off", "returning"), [(13, False), (14, True)])
def test_what_was_run_before_a_long_break_allows_nothing_after_it(days_off: int, *, returning: bool) -> None:
    """Days 34 to 42 of MONTH lie in the thirty days before either day, and are five runs."""
    now = training_status([*MONTH, Outing(42 + days_off, 3_000.0)], today=42 + days_off + 1)

    assert now.returning is returning
    assert (now.ceiling_m is None) is returning


def test_four_runs_after_a_long_break_are_a_measure_again() -> None:
    now = training_status([*MONTH, *(Outing(day, 3_000.0) for day in (64, 67, 70, 73))], today=78)

    assert now.ceiling_m == pytest.approx(3_300.0)


@pytest.mark.parametrize(
    ("week_start", "first_day", "week_m"), [(0, 42, 9_000.0), (6, 41, 10_000.0), (3, 38, 22_000.0)]
)
def test_a_week_begins_on_the_chosen_day(week_start: int, first_day: int, week_m: float) -> None:
    """Day 43 is a Tuesday; 6 km on days 38, 40 and 42, 3 km on day 43, 1 km on day 41."""
    now = training_status([*MONTH, Outing(41, 1_000.0), Outing(43, 3_000.0)], today=43, week_start=week_start)

    assert (now.weeks[-1].first_day, now.week_m) == (on(first_day), week_m)


def test_the_usual_week_is_the_middle_half_of_the_last_eight_with_running() -> None:
    """Weeks of 10, 20 ... 90 km, then a Wednesday: the last eight are 20 to 90 km.

    Their quartiles, between the sorted values, are 20 + 0.25 x 70 = 37.5 and 20 + 0.75 x 70 = 72.5 km.
    """
    weeks = [Outing(7 * week + 3, 10_000.0 * (week + 1)) for week in range(9)]
    now = training_status([Outing(0, 0.0), *weeks], today=65)

    assert (now.usual_low_m, now.usual_high_m) == (37_500.0, 72_500.0)


@pytest.mark.parametrize(("ran", "known"), [(3, False), (4, True)])
def test_four_weeks_with_running_make_a_usual_week(ran: int, *, known: bool) -> None:
    weeks = [Outing(7 * week + 3, 20_000.0) for week in range(8 - ran, 8)]
    now = training_status([Outing(0, 0.0), *weeks], today=58)

    assert ((now.usual_low_m, now.usual_high_m) == (20_000.0, 20_000.0)) is known


def test_the_broken_first_week_of_a_history_is_not_usual() -> None:
    """The first run is on a Thursday; of the weeks before day 35 only four are whole."""
    runs = [Outing(day, 1_000.0 if day < 7 else 10_000.0) for day in (3, 10, 17, 24, 31)]

    assert training_status(runs, today=35).usual_low_m == 10_000.0


@pytest.mark.parametrize(
    ("outings", "today", "rest"),
    [
        ([], 44, (4, 7)),
        ([], 43, (3, 7)),
        ([Outing(43)], 43, (3, 6)),
        ([Outing(day) for day in range(29, 44, 2)], 43, (0, 0)),
        ([Outing(day) for day in range(29, 44, 2)], 44, (0, 0)),
    ],
)
def test_a_day_of_rest_counts_when_it_is_over(
    outings: list[Outing], today: int, rest: tuple[int, int]
) -> None:
    """Runs on even days to day 42; at rest on day 44, days 37 to 43 count, and 37, 39, 41, 43 are of rest."""
    now = training_status([*MONTH, *outings], today=today)

    assert (now.rest_days_7, now.rest_days_14) == rest


def test_days_before_the_first_run_are_no_rest() -> None:
    now = training_status([Outing(0), Outing(3)], today=3)

    assert (now.rest_days_7, now.rest_days_14) == (2, 2)


def test_the_last_run_is_the_last_that_counts() -> None:
    assert training_status([*MONTH, Outing(50, counts=False)], today=60).last_run_day == on(42)


def test_weeks_are_the_last_twelve_in_order() -> None:
    """Day 200 is in the week of day 196."""
    now = training_status(every(2, 200), today=200)

    assert [week.first_day for week in now.weeks] == [on(196 - 7 * back) for back in reversed(range(12))]


def test_a_young_history_has_fewer_weeks() -> None:
    """The first run is on day 3, a Thursday; its week is shown."""
    now = training_status([Outing(3), Outing(16)], today=16)

    assert [(week.first_day, week.run_m) for week in now.weeks] == [(on(0), 8e3), (on(7), 0.0), (on(14), 8e3)]


def test_a_week_shows_the_ceiling_at_its_start() -> None:
    """On Monday, day 35, the 9 km of day 20 hold it at 6 km; the 20 km of that week lower it to 0.8 of that.

    The weeks before day 35 are 24, 18, 33, 18 and 24 km: quartiles 18 and 24. Day 42 adds 38 km: sorted, 18,
    18, 24, 24, 33, 38, so 18 + 0.25 x 6 and 24 + 0.75 x 9.
    """
    now = training_status([*MONTH, Outing(20, 9_000.0), Outing(36, 20_000.0)], today=43)

    assert [dataclasses.astuple(week)[1:] for week in now.weeks[-2:]] == [
        pytest.approx((38_000.0, 18_000.0, 24_000.0, 6_000.0)),
        pytest.approx((6_000.0, 19_500.0, 30_750.0, 4_800.0)),
    ]


def test_the_cadence_band_ends_where_the_rule_would_alarm() -> None:
    """Runs of 174 at 3 m/s, the last three at 2.9, 3.1 and 3.3 m/s with 172, 173 and 174.

    The 21 runs of the 63 days before are flat: 174 + 6 (v - 3), 174.6 at the median speed of 3.1 m/s.
    Changes: -1.4 (of 173.4), -1.6 (of 174.6), -1.8 (of 175.8), the median -1.6 of 174: 0.92 % of 174.6
    less. Spread 1.35 % of 174 times sqrt(16 / 37) = 1.5447, limit 2.5915, half a band 4.0031.
    """
    last = [Outing(66 + 2 * i, speed_mps=2.9 + 0.2 * i, cadence_spm=172.0 + i) for i in range(3)]
    band = training_status([*every(3, 66), *last], today=75).cadence

    assert band is not None
    assert (band.speed_mps, band.runs) == (3.1, 21)
    assert band.cadence_spm == pytest.approx(174.6 * (1 - 1.6 / 174))
    assert (band.low_spm, band.high_spm) == pytest.approx((174.6 - 4.0031, 174.6 + 4.0031), abs=1e-3)


def test_cadence_of_another_stratum_is_left_out_of_the_band() -> None:
    trail = [Outing(day, speed_mps=2.0, cadence_spm=160.0, stratum=2) for day in range(66) if day % 3]
    band = training_status([*every(3, 66), *trail, Outing(69)], today=70).cadence

    assert band is not None
    assert (band.speed_mps, band.cadence_spm) == (3.0, pytest.approx(174.0))


@pytest.mark.parametrize(("today", "known"), [(91, True), (92, False)])
def test_old_cadence_says_nothing_of_now(today: int, *, known: bool) -> None:
    """The last run is on day 63."""
    assert (training_status(every(3, 66), today=today).cadence is not None) is known


def test_a_new_watch_has_no_band_yet() -> None:
    assert training_status([*every(3, 66), Outing(66, stratum=2)], today=66).cadence is None


def test_a_rule_that_is_not_in_force_leaves_its_numbers_out() -> None:
    now = compute_training_status(history(MONTH), [])

    assert now is not None
    assert (now.longest_m, now.ceiling_m, now.returning, now.cadence) == (None, None, False, None)


@settings(deadline=None, max_examples=50)
@given(st.sets(st.integers(0, 150), min_size=1), st.integers(0, 40), st.integers(0, 6))
def test_any_calendar_has_a_standing_that_adds_up(days: set[int], later: int, week_start: int) -> None:
    today = max(days) + later
    now = training_status([Outing(day) for day in days], today=today, week_start=week_start)

    assert now.weeks[-1].first_day.weekday() == week_start
    assert on(today) - now.weeks[-1].first_day < timedelta(days=7)
    assert sum(week.run_m for week in now.weeks) == 8_000.0 * sum(
        on(day) >= now.weeks[0].first_day for day in days
    )


def test_the_ceiling_keeps_the_single_run_rule_quiet() -> None:
    now = training_status([*MONTH, Outing(20, 12_000.0)], today=43)
    run = Outing(43, now.ceiling_m or 0.0)

    found = rule(REGISTRY["single_run_spike"])(history([*MONTH, Outing(20, 12_000.0), run]))
    assert on(43) not in [alert.day for alert in found]
