"""The single-run rule on weeks worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alert.alert import Alert, Level
from alerts.detectors.single_run import SingleRunSpike
from training_days_builder import Outing, every, history, on, rule

SPIKE = rule(SingleRunSpike)

MONTH = every(3, 30, distance_m=8_000.0)
"""Ten runs of 8 km on days 0, 3 ... 27."""


def find(*outings: Outing) -> list[Alert]:
    return SPIKE(history([*MONTH, *outings]))


def test_a_run_a_third_longer_is_told_with_its_numbers() -> None:
    """8 km on days 0 to 27, 10 km on day 20: on day 30 13.5 km are 35 % and 3.5 km more than 10 km.

    Quiet would have been 11 km, the larger of 1.1 x 10 km and 10 km + 1 km.
    """
    (first, alert) = find(Outing(20, 10_000.0), Outing(30, 13_500.0))

    assert (first.day, alert) == (
        on(20),
        Alert(
            "single_run_spike",
            on(30),
            Level.CAUTION,
            observed=13_500.0,
            expected=10_000.0,
            unit="m",
            compared_day=on(20),
            activity_id=1_011,
            numbers={"excess_m": 3_500.0, "ceiling_m": 11_000.0},
        ),
    )


@pytest.mark.parametrize(
    ("distance_m", "level"),
    [
        (20_000.0, None),
        (22_000.0, None),
        (22_001.0, Level.INFO),
        (22_995.0, Level.INFO),
        (22_996.0, Level.NOTICE),
        (26_000.0, Level.NOTICE),
        (26_001.0, Level.CAUTION),
        (40_000.0, Level.CAUTION),
        (40_001.0, Level.HIGH),
    ],
)
def test_levels_begin_above_ten_thirty_and_a_hundred_percent(distance_m: float, level: Level | None) -> None:
    """Two errors of 3.2 % are 4.525 % of their ratio: 20 km x 1.1 x 1.04525 are 22,995.6 m."""
    alerts = SPIKE(history([*every(3, 30, distance_m=20_000.0), Outing(30, distance_m)]))

    assert [alert.level for alert in alerts] == ([] if level is None else [level])


@pytest.mark.parametrize(("distance_m", "fires"), [(8_999.0, False), (9_000.0, True)])
def test_a_small_run_needs_a_whole_kilometre_more(distance_m: float, *, fires: bool) -> None:
    assert bool(find(Outing(30, distance_m))) is fires


def test_the_ceiling_told_is_the_longest_run_that_stays_quiet() -> None:
    (loud,) = find(Outing(30, 12_000.0))
    quiet = find(Outing(30, loud.numbers["ceiling_m"] - 0.01))

    assert (loud.numbers["ceiling_m"], quiet) == (9_000.0, [])


@pytest.mark.parametrize(("long_day", "fires"), [(9, True), (10, False)])
def test_a_long_run_counts_for_thirty_days(long_day: int, *, fires: bool) -> None:
    """Day 40 looks back to day 10."""
    steady = [outing for outing in every(3, 40) if outing.day != long_day]
    alerts = SPIKE(history([*steady, Outing(long_day, 14_000.0), Outing(40, 14_000.0)]))

    assert (on(40) in [alert.day for alert in alerts]) is fires


@pytest.mark.parametrize(("runs", "fires"), [(3, False), (4, True)])
def test_after_a_gap_it_is_silent(runs: int, *, fires: bool) -> None:
    """After 60 days off, runs 20, 15, 10 and (of four) 5 days before the longer one."""
    back = [Outing(100 - days, 5_000.0) for days in (20, 15, 10, 5)[:runs]]
    alerts = SPIKE(history([*MONTH, *back, Outing(100, 9_000.0)]))

    assert bool(alerts) is fires


@pytest.mark.parametrize(("day", "fires"), [(13, False), (14, True)])
def test_the_first_fortnight_is_silent(day: int, *, fires: bool) -> None:
    alerts = SPIKE(history([*every(2, 12), Outing(day, 14_000.0)]))

    assert bool(alerts) is fires


def test_an_earlier_run_of_the_same_day_is_prior() -> None:
    alerts = find(Outing(30, 12_000.0), Outing(30, 12_500.0))

    assert [(alert.observed, alert.expected) for alert in alerts] == [(12_000.0, 8_000.0)]


def test_of_two_spikes_on_a_day_the_worse_is_told() -> None:
    alerts = find(Outing(30, 9_000.0), Outing(30, 20_000.0))

    assert [(alert.observed, alert.expected) for alert in alerts] == [(20_000.0, 9_000.0)]


@pytest.mark.parametrize(("again", "days"), [(57, [30]), (58, [30, 58])])
def test_what_errors_explain_is_told_once_in_four_weeks(again: int, days: list[int]) -> None:
    """20 km every third day, 22.5 km on day 30; later 25 km, 11 % more, which two errors of 3.2 % explain."""
    steady = every(3, 60, distance_m=20_000.0)
    alerts = SPIKE(history([*steady, Outing(30, 22_500.0), Outing(again, 25_000.0)]))

    assert [(alert.day, alert.level) for alert in alerts] == [(on(day), Level.INFO) for day in days]


def test_every_spike_of_a_week_is_a_finding() -> None:
    alerts = find(Outing(30, 10_000.0), Outing(31, 12_000.0), Outing(32, 14_000.0))

    assert [alert.day for alert in alerts] == [on(30), on(31), on(32)]


@settings(deadline=None)
@given(missing=st.sets(st.integers(0, 149)))
def test_missing_days_make_no_equal_run_a_longer_one(missing: set[int]) -> None:
    assert SPIKE(history(run for run in every(1, 150) if run.day not in missing)) == []


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), min_size=1, max_size=25))
def test_the_ceiling_before_a_day_parts_quiet_from_loud(runs: list[tuple[int, int]]) -> None:
    """The slow way: look at each run's window by hand."""
    exact = replace(SPIKE, error_percent=0.0)
    found = {alert.day for alert in exact(history(Outing(day, 1_000.0 * km) for day, km in runs))}
    loud = set()
    ordered = sorted(runs, key=lambda run: run[0])
    for i, (day, km) in enumerate(ordered):
        before = [run for run in ordered[:i] if run[0] >= day - 30]
        if len(before) >= 4 and day - before[0][0] >= 14:
            longest_km = max(run[1] for run in before)
            loud |= {on(day)} if km > 1.1 * longest_km and km >= longest_km + 1 else set()

    assert found == loud


def test_a_run_held_back_is_neither_spike_nor_longest() -> None:
    alerts = find(Outing(28, 30_000.0, counts=False), Outing(30, 12_000.0))

    assert [(alert.day, alert.expected) for alert in alerts] == [(on(30), 8_000.0)]


def test_the_longest_run_before_a_day_leaves_the_day_out() -> None:
    days = history([*MONTH, Outing(20, 11_000.0), Outing(30, 30_000.0)])
    longest = SPIKE.longest_before(days.runs, on(30))

    assert longest is not None
    assert (longest.distance_m, longest.day, longest.is_enough) == (11_000.0, on(20), True)


def test_there_is_no_longest_run_before_the_first() -> None:
    assert SPIKE.longest_before(history(MONTH).runs, on(0)) is None
