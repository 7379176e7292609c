"""The cadence rule on charts worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alert.alert import Alert, Level
from alerts.detectors.cadence import CadenceShift
from training_days_builder import Outing, every, history, on, rule

SHIFT = rule(CadenceShift)

NORMAL = every(3, 90, cadence_spm=175.0)
"""Thirty runs of one speed and 175 steps a minute."""


def shifted(percent: float, *, first: int = 90, until: int = 120, **facts: float) -> list[Outing]:
    """Runs every three days whose cadence is so much off 175."""
    cadence_spm = 175.0 * (1 + percent / 100)
    return [Outing(day, cadence_spm=cadence_spm, **facts) for day in range(first, until, 3)]


def find(*outings: Outing) -> list[Alert]:
    return SHIFT(history([*NORMAL, *outings]))


def test_a_drop_is_told_with_its_numbers() -> None:
    """From day 90 on 168 steps, 4 % or 7 steps less than 175.

    The 21 runs of days 27 to 87 are all of 175: spread 1.35 % of 175 times sqrt(16 / 37), 1.5536; z is -4.5,
    clipped to -3. The mean of three has the variance 0.4867 + 1.57 x 0.0857 = 0.6212, the shift that of
    (5.25 / 1.5536)^2 = 11.42. Log odds: ln(0.6212 / 12.041) / 2 + 9 x 11.42 / (2 x 0.6212 x 12.041) = 5.39,
    219 to 1; as one of 16 places where it may have begun, 13.7 to 1.
    """
    (alert,) = find(*shifted(-4.0, until=99))

    assert alert == Alert(
        "cadence_shift",
        on(96),
        Level.NOTICE,
        observed=pytest.approx(168.0),
        expected=175.0,
        unit="1/min",
        compared_day=on(89),
        activity_id=1_032,
        numbers={
            "change_percent": pytest.approx(-4.0),
            "speed_mps": 3.0,
            "baseline_runs": 21.0,
            "changed_runs": 3.0,
        },
    )


def test_the_limit_is_what_three_runs_need() -> None:
    """Variance 0.4867 against (3 / 1.35)^2 = 4.938; ln 160 + ln(5.425 / 0.4867) / 2 = 6.2808.

    sqrt(2 x 6.2808 x 0.4867 x 5.425 / 4.938) = 2.5915.
    """
    assert SHIFT.limit == pytest.approx(2.5915, abs=1e-4)


@pytest.mark.parametrize(
    ("percent", "level"),
    [
        (-1.9, None),
        (-2.1, Level.INFO),
        (-2.9, Level.INFO),
        (-3.1, Level.NOTICE),
        (-4.9, Level.NOTICE),
        (-5.1, Level.CAUTION),
        (2.1, Level.INFO),
        (6.0, Level.INFO),
    ],
)
def test_a_drop_has_three_levels_and_a_rise_is_for_information(percent: float, level: Level | None) -> None:
    alerts = find(*shifted(percent))

    assert [alert.level for alert in alerts[:1]] == ([] if level is None else [level])


@pytest.mark.parametrize(("info_percent", "fires"), [(2.0, False), (1.8, True)])
def test_the_median_since_the_change_must_show_it_too(info_percent: float, *, fires: bool) -> None:
    """1.9 % low with one run 9 % low among them makes a change likely, the median is 1.9 %."""
    runs = history(
        [*NORMAL, *shifted(-1.9, until=93), *shifted(-9.0, first=93, until=96), *shifted(-1.9, first=96)]
    )

    assert bool(replace(SHIFT, info_percent=info_percent)(runs)) is fires


@pytest.mark.parametrize(("recent_runs", "day"), [(1, 30), (2, 33), (3, 36)])
def test_fewer_runs_than_asked_for_are_no_finding(recent_runs: int, day: int) -> None:
    """With even odds, three clipped spreads off are a change at once."""
    hasty = replace(SHIFT, odds=1.0, longest_runs=3, recent_runs=recent_runs)
    runs = [*every(3, 24, cadence_spm=175.0), *shifted(-4.0, first=30, until=39)]

    assert [alert.day for alert in hasty(history(runs))] == [on(day)]


def test_one_odd_run_is_nothing() -> None:
    assert find(*shifted(-15.0, until=91), *shifted(0.0, first=93)) == []


def test_running_faster_is_no_change() -> None:
    """The line over speed has a slope of 6 by default: 0.5 m/s faster may take 3 steps more."""
    assert find(*shifted(100 * 3.0 / 175.0, speed_mps=3.5)) == []


def test_the_same_cadence_at_a_higher_speed_is_a_drop() -> None:
    """At 3.6 m/s 178.6 are expected; 173.2 are 5.4 less, 3.1 % of 175."""
    alerts = find(*shifted(100 * -1.8 / 175.0, speed_mps=3.6))

    assert alerts[0].expected == pytest.approx(178.6)
    assert alerts[0].numbers["change_percent"] == pytest.approx(-100 * 5.4 / 175.0)


def test_the_slope_is_pulled_to_six() -> None:
    """Two speeds, 2.9 and 3.1, four runs each: sum of squares 8 x 0.01 = 0.08; cadence rises 1 over 0.2 m/s.

    Least squares give 5 x 0.08 = 0.4 over 0.08; pulled: (0.4 + 0.3 x 6) / (0.08 + 0.3) = 5.789.
    """
    runs = [
        Outing(3 * i, speed_mps=3.0 + (-1) ** i / 10, cadence_spm=175.0 + (-1) ** i / 2) for i in range(8)
    ]
    chart = SHIFT.chart(history([*runs, Outing(28)]).runs)

    assert (chart.slope[-1], chart.level_spm[-1]) == pytest.approx((2.2 / 0.38, 175.0))
    assert chart.centre_mps[-1] == pytest.approx(3.0)


def test_the_spread_lies_between_its_own_and_the_usual() -> None:
    """Eight runs of 171 to 178: median 174.5, absolute deviations 0.5 to 3.5 twice each, their median 2.

    Own: 1.4826 x 2 = 2.9652. Usual: 1.35 % of 174.5 = 2.3558, as much as 16 runs.
    """
    runs = [Outing(3 * i, cadence_spm=171.0 + i) for i in range(8)]
    chart = SHIFT.chart(history([*runs, Outing(28)]).runs)

    assert chart.spread_spm[-1] == pytest.approx(math.sqrt((16 * 2.35575**2 + 8 * 2.9652**2) / 24))


@pytest.mark.parametrize(("age", "runs"), [(0, 1), (1, 1), (63, 1), (64, 0)])
def test_the_baseline_is_63_days_long(age: int, runs: int) -> None:
    chart = SHIFT.chart(history([Outing(100 - age), Outing(100)]).runs)

    assert chart.baseline_runs[-1] == runs


@pytest.mark.parametrize(("runs", "known"), [(7, False), (8, True)])
def test_eight_runs_make_a_baseline(runs: int, *, known: bool) -> None:
    chart = SHIFT.chart(history([*every(3, 3 * runs), Outing(35)]).runs)

    assert np.isfinite(chart.change[-1]) == known


@settings(deadline=None)
@given(first=st.integers(60, 150), percent=st.floats(-30.0, 30.0))
def test_whatever_a_new_watch_reads_it_is_silent(first: int, percent: float) -> None:
    new = shifted(percent, first=first, until=first + 90, stratum=2)

    assert SHIFT(history([*every(3, first, cadence_spm=175.0), *new])) == []


@settings(deadline=None)
@given(missing=st.sets(st.integers(0, 149)))
def test_missing_days_are_no_change(missing: set[int]) -> None:
    """Whatever is left of a steady half-year, down to nothing."""
    assert SHIFT(history(run for run in every(1, 150) if run.day not in missing)) == []


def test_a_new_stratum_is_silent_until_it_has_its_own_baseline() -> None:
    """A new watch reads 5 % less: silent for ever, as nothing changes on the new watch."""
    assert find(*shifted(-5.0, until=200, stratum=2)) == []


def test_a_new_stratum_speaks_from_its_own_baseline() -> None:
    new = shifted(-5.0, until=180, stratum=2)
    alerts = find(*new, *shifted(-9.0, first=180, until=200, stratum=2))

    assert [(f.day, f.numbers["change_percent"]) for f in alerts] == [
        (on(186), pytest.approx(100 * (0.91 / 0.95 - 1)))
    ]


def test_strata_that_alternate_keep_their_own_charts() -> None:
    """Trail between road runs, always 6 % lower, is normal for trail."""
    trail = [Outing(day + 1, cadence_spm=164.5, stratum=2) for day in range(0, 150, 3)]

    assert find(*shifted(0.0, until=150), *trail) == []


def test_runs_with_few_steady_half_minutes_do_not_enter() -> None:
    assert find(*shifted(-6.0, windows=7)) == []


def test_runs_held_back_do_not_enter() -> None:
    assert find(*(replace(outing, counts=False) for outing in shifted(-6.0))) == []


def test_runs_without_cadence_neither_count_nor_interrupt() -> None:
    gaps = [Outing(day, cadence_spm=math.nan) for day in (91, 94)]

    assert [alert.day for alert in find(*gaps, *shifted(-4.0, until=99))] == [on(96)]


def test_it_is_silent_for_four_weeks_and_then_starts_anew() -> None:
    """155 from day 90 on, told with the run of day 96; 110 from day 126 on.

    The baseline of day 126 begins with the change: the twelve runs from day 90 on, all of 155. Twelve say
    less than 21, so a fourth run is needed, that of day 135.
    """
    lower = [Outing(day, cadence_spm=155.0) for day in range(90, 126, 3)]
    lowest = [Outing(day, cadence_spm=110.0) for day in range(126, 150, 3)]

    assert [alert.day for alert in find(*lower, *lowest)] == [on(96), on(135)]


def test_it_is_silent_for_four_weeks_about_anything() -> None:
    """A new change from day 114 on, 24 days after the first began, is told when the silence ends."""
    lower = [Outing(day, cadence_spm=165.0) for day in range(90, 114)]
    lowest = [Outing(day, cadence_spm=155.0) for day in range(114, 140)]

    assert [alert.day for alert in find(*lower, *lowest)] == [on(92), on(120)]


@pytest.mark.parametrize("percent", [-6.0, -4.0, 4.0])
def test_a_change_that_stays_is_told_once(percent: float) -> None:
    assert len(find(*shifted(percent, until=400))) == 1


def test_the_way_back_is_a_change_of_its_own() -> None:
    alerts = find(*shifted(-4.0, until=180), *shifted(0.0, first=180, until=240))

    assert [f.numbers["change_percent"] for f in alerts] == pytest.approx([-4.0, 100 * (1 / 0.96 - 1)])


def test_changes_of_more_runs_are_sought_longer_ago() -> None:
    """A change of 2.5 % takes more than three runs to be likely; the finding says since when."""
    (alert,) = find(*shifted(-2.5, until=150))

    assert alert.numbers["changed_runs"] > 3
    assert alert.compared_day == on(89)


def test_a_stratum_without_a_baseline_starts_anew() -> None:
    """Two low runs, a break of three months, eight normal runs: a low one is the first again."""
    low = shifted(-4.0, until=96)
    back = shifted(0.0, first=186, until=210)

    assert find(*low, *back, *shifted(-4.0, first=214, until=215)) == []
