"""The hard-minutes rule on spans worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alert.alert import Alert, Level
from alerts.detectors.intensity import HardMinutesSpike
from training_days_builder import Outing, history, on, rule

SPIKE = rule(HardMinutesSpike)

SEASON = [
    Outing(7 * week + day, hard_min=hard_min)
    for week in range(8)
    for day, hard_min in ((1, 20.0), (4, 4.0), (6, 6.0))
]
"""Eight weeks of 20, 4 and 6 hard minutes: 30 in any seven days from day 6 on."""


MORE = [Outing(day, hard_min=20.0) for day in (57, 58, 64, 65)]
"""Two hard sessions a week instead of one, for two weeks."""


def find(*outings: Outing) -> list[Alert]:
    return SPIKE(history([*SEASON, *outings]))


def test_two_hard_weeks_are_told_with_their_numbers() -> None:
    """In the 14 days to day 65: 4 and 6 of the season's last week and four times 20 are 90, against 60.

    The 14 days to day 58 hold 4 + 6 + 20 + 4 + 6 + 20 + 20 = 80, those to day 64 hold 70. Quiet would have
    been less than 84, the larger of 1.3 x 60 and 60 + 24. Of the equal spans before, the latest is named.
    """
    assert find(*MORE) == [
        Alert(
            "hard_minutes_spike",
            on(65),
            Level.NOTICE,
            observed=90.0,
            expected=60.0,
            unit="min",
            compared_day=on(51),
            numbers={"excess_min": 30.0, "ceiling_min": 84.0, "span_days": 14.0},
        )
    ]


@pytest.mark.parametrize(("last_min", "fires"), [(13.9, False), (14.0, True)])
def test_a_span_spikes_from_its_ceiling(last_min: float, *, fires: bool) -> None:
    """4 + 6 + 20 + 20 + 20 are 70; the ceiling is 84."""
    assert bool(find(*MORE[:3], Outing(65, hard_min=last_min))) is fires


def test_a_span_needs_its_ratio_too() -> None:
    """Of 120 minutes in 14 days, 1.3 times are 156; 28 more, 148, are too few."""
    double = [replace(outing, hard_min=2 * outing.hard_min) for outing in SEASON]
    week = [Outing(57, hard_min=40.0), Outing(58, hard_min=28.0)]

    assert SPIKE(history([*double, *week])) == []


def test_a_hard_run_is_told_with_its_numbers() -> None:
    """36 minutes against 20 on day 50; in its span it counts for 20. Quiet: less than 35."""
    assert find(Outing(57, hard_min=36.0)) == [
        Alert(
            "hard_minutes_spike",
            on(57),
            Level.NOTICE,
            observed=36.0,
            expected=20.0,
            unit="min",
            compared_day=on(50),
            activity_id=1_024,
            numbers={"excess_min": 16.0, "ceiling_min": 35.0, "session_min": 36.0},
        )
    ]


@pytest.mark.parametrize(("hard_min", "fires"), [(59.9, False), (60.0, True)])
def test_a_run_spikes_from_half_as_much_again(hard_min: float, *, fires: bool) -> None:
    double = [replace(outing, hard_min=2 * outing.hard_min) for outing in SEASON]

    assert bool(SPIKE(history([*double, Outing(57, hard_min=hard_min)]))) is fires


def test_few_minutes_more_are_no_spike_whatever_their_ratio() -> None:
    easy = [replace(outing, hard_min=1.0) for outing in SEASON]

    assert SPIKE(history([*easy, Outing(57, hard_min=15.9)])) == []


def test_a_run_after_weeks_without_hard_minutes_has_no_finite_ratio() -> None:
    easy = [replace(outing, hard_min=0.0) for outing in SEASON]
    (alert,) = SPIKE(history([*easy, Outing(57, hard_min=16.0)]))

    assert (alert.expected, alert.ratio, alert.is_rise) == (0.0, math.inf, True)


def test_span_and_run_on_one_day_are_one_caution_about_the_span() -> None:
    """36 minutes are 1.8 times 20, and the run of day 65 completes the span of 90."""
    (alert,) = find(*MORE[:3], Outing(65, hard_min=36.0))

    assert (alert.level, alert.observed, alert.activity_id) == (Level.CAUTION, 90.0, None)
    assert (alert.numbers["span_days"], alert.numbers["session_min"]) == (14.0, 36.0)


def test_a_span_that_holds_a_spiking_run_is_a_caution() -> None:
    alerts = find(Outing(57, hard_min=36.0), *MORE[1:])

    assert [(f.day, f.level, f.unit, f.observed) for f in alerts] == [
        (on(57), Level.NOTICE, "min", 36.0),
        (on(65), Level.CAUTION, "min", 90.0),
    ]


@pytest.mark.parametrize(
    ("minutes", "level"),
    [
        ([(64, 20.0), (65, 20.0), (66, 4.0), (70, 20.0)], Level.CAUTION),
        ([(64, 20.0), (65, 20.0), (66, 4.0), (68, 10.0), (71, 20.0), (71, 20.0)], Level.NOTICE),
    ],
)
def test_a_spiking_run_raises_the_spans_that_hold_it(minutes: list[tuple[int, float]], level: Level) -> None:
    """A run of 36 on day 57 counts for 20: 20 + 20 + 20 + 4 + 20 = 84 in the 14 days to day 70.

    Those to day 68 hold 6 + 20 + 20 + 20 + 4 + 10 = 80, those to day 71 hold 94 and no run of day 57.
    """
    runs = [Outing(day, hard_min=hard_min) for day, hard_min in minutes]

    assert [f.level for f in find(Outing(57, hard_min=36.0), *runs)] == [Level.NOTICE, level]


@pytest.mark.parametrize(("hard_min", "level"), [(43.9, Level.NOTICE), (44.0, Level.CAUTION)])
def test_a_run_as_far_beyond_as_a_span_needs_is_a_caution(hard_min: float, level: Level) -> None:
    """24 minutes more than 20, and more than twice as many."""
    assert [alert.level for alert in find(Outing(57, hard_min=hard_min))] == [level]


@pytest.mark.parametrize(("hard_min", "level"), [(79.0, Level.NOTICE), (80.0, Level.CAUTION)])
def test_a_run_below_twice_the_hardest_is_a_notice(hard_min: float, level: Level) -> None:
    double = [replace(outing, hard_min=2 * outing.hard_min) for outing in SEASON]

    assert [f.level for f in SPIKE(history([*double, Outing(57, hard_min=hard_min)]))] == [level]


def test_one_race_makes_no_hard_fortnight() -> None:
    """90 minutes are told as a run; in its span they count for 20."""
    alerts = find(Outing(57, hard_min=90.0), Outing(59, hard_min=4.0))

    assert [(alert.day, alert.activity_id is None) for alert in alerts] == [(on(57), False)]


def test_one_race_hides_no_hard_fortnight_later() -> None:
    """90 instead of 20 on day 43 leave the spans that hold it at 60."""
    raced = [replace(o, hard_min=90.0) if o.day == 43 else o for o in SEASON]
    (race, fortnight) = SPIKE(history([*raced, *MORE]))

    assert (race.day, fortnight.day, fortnight.expected) == (on(43), on(65), 60.0)


def test_a_run_counts_for_as_much_as_the_second_hardest_before_it() -> None:
    """29 minutes are no spike, and count for 20 in the span."""
    (alert,) = find(Outing(57, hard_min=29.0), *MORE[1:])

    assert alert.observed == 90.0


def test_ten_minutes_always_count_for_ten() -> None:
    """Three times 9.9, after weeks without any, are 29.7 in 14 days; 24 would do."""
    easy = [replace(outing, hard_min=0.0) for outing in SEASON]
    runs = [Outing(day, hard_min=9.9) for day in (57, 58, 59)]
    (alert,) = SPIKE(history([*easy, *runs]))

    assert (alert.day, alert.observed) == (on(59), pytest.approx(29.7))


@pytest.mark.parametrize(("day", "fires"), [(9, True), (10, False)])
def test_the_most_is_looked_for_in_six_weeks(day: int, *, fires: bool) -> None:
    """The six weeks before the 14 days to day 65 begin with day 10; 60 + 14 there make a ceiling of 98."""
    assert bool(find(Outing(day, hard_min=14.0), *MORE)) is fires


def test_a_jog_with_another_watch_hides_no_hard_fortnight() -> None:
    """Both rest on their own source: the 14 days to day 65 spike, whatever else ran that day."""
    (alert,) = find(*MORE, Outing(65, hard_min=1.0, hard_source=2))

    assert (alert.observed, alert.expected) == (90.0, 60.0)


def test_a_spiking_run_in_a_span_that_has_spoken_is_a_caution() -> None:
    """The span to day 65 spikes; the run of day 66 is 36 minutes against 20."""
    alerts = find(*MORE, Outing(66, hard_min=36.0))

    assert [(f.day, f.level, f.observed) for f in alerts] == [
        (on(65), Level.NOTICE, 90.0),
        (on(66), Level.CAUTION, 36.0),
    ]


def test_spans_are_silent_for_two_weeks_after_one_spoke() -> None:
    """20 daily from day 57: 80 in the 14 days to day 58, 100 to day 59, 280 to day 73 against these 100."""
    assert [f.day for f in find(*(Outing(day, hard_min=20.0) for day in range(57, 91)))] == [on(59), on(73)]


@pytest.mark.parametrize(("weeks", "fires"), [(3, False), (4, True)])
def test_four_of_the_six_weeks_before_need_runs(weeks: int, *, fires: bool) -> None:
    """The six weeks before that of day 56 begin on days 8, 15 ... 43."""
    kept = [outing for outing in SEASON if (outing.day - 8) // 7 < weeks and outing.day >= 8]

    assert bool(SPIKE(history([Outing(0), *kept, Outing(56, hard_min=90.0)]))) is fires


def test_a_new_source_is_silent_until_it_has_its_own_weeks() -> None:
    """A new watch counts twice as many hard minutes from day 56 on; old and new never meet."""
    new = [
        replace(outing, day=outing.day + 56, hard_min=2 * outing.hard_min, hard_source=2) for outing in SEASON
    ]

    assert find(*new) == []


@settings(deadline=None)
@given(factor=st.floats(0.0, 20.0), start=st.integers(35, 55))
def test_whatever_a_new_source_counts_it_is_silent_for_four_weeks(factor: float, start: int) -> None:
    changed = [
        replace(outing, hard_min=factor * outing.hard_min, hard_source=2) if outing.day >= start else outing
        for outing in [*SEASON, *(replace(outing, day=outing.day + 56) for outing in SEASON)]
    ]
    alerts = SPIKE(history(changed))

    assert [alert.day for alert in alerts if alert.day < on(start + 28)] == []


def test_the_same_numbers_from_one_source_do_fire() -> None:
    """What the test before would find if sources were mixed."""
    more = [replace(outing, day=outing.day + 56, hard_min=2 * outing.hard_min) for outing in SEASON]

    assert find(*more) != []


def test_a_new_source_speaks_from_its_own_weeks() -> None:
    new = [replace(outing, day=outing.day + 56, hard_source=2) for outing in SEASON]
    alerts = find(*new, Outing(113, hard_min=36.0, hard_source=2))

    assert [(alert.day, alert.expected) for alert in alerts] == [(on(113), 20.0)]


def test_one_run_of_unknown_intensity_costs_one_week_only() -> None:
    unknown = [replace(o, hard_min=math.nan, hard_source=3) if o.day == 22 else o for o in SEASON]

    assert [f.day for f in SPIKE(history([*unknown, Outing(57, hard_min=36.0)]))] == [on(57)]


def test_weeks_with_unknown_runs_do_not_count_as_known() -> None:
    """One hard run in each of three weeks is unknown: three known weeks are too few."""
    days = (22, 29, 36)
    unknown = [replace(o, hard_min=math.nan, hard_source=3) if o.day in days else o for o in SEASON]

    assert SPIKE(history([*unknown, Outing(57, hard_min=90.0)])) == []


@pytest.mark.parametrize(("extra_min", "fires"), [(0.0, True), (14.0, False)])
def test_a_week_with_an_unknown_run_still_bounds_the_most(extra_min: float, *, fires: bool) -> None:
    """The week of day 24 holds an unknown run and 30 or 44 known minutes: 90 against 84 or 98."""
    extra = [Outing(24, hard_min=extra_min), Outing(25, hard_min=math.nan)]

    assert bool(find(*extra, *MORE)) is fires


def test_a_day_of_rest_raises_nothing() -> None:
    days = {alert.day for alert in SPIKE(history([*SEASON, *MORE], today=80))}

    assert days == {on(65)}


def test_of_two_spiking_runs_on_a_day_the_one_farther_beyond_is_told() -> None:
    easy = [replace(outing, hard_min=0.0) for outing in SEASON]
    alerts = SPIKE(history([*easy, Outing(57, hard_min=16.0), Outing(57, hard_min=34.0)]))

    assert alerts[0].numbers["session_min"] == 34.0
