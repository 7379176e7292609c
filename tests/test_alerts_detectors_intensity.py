"""The hard-minutes rule on weeks worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.detectors.intensity import HardMinutesSpike
from alerts.findings import Finding, Level
from histories import Outing, history, on, rule

SPIKE = rule(HardMinutesSpike)

SEASON = [
    Outing(7 * week + day, hard_min=hard_min)
    for week in range(8)
    for day, hard_min in ((1, 20.0), (4, 4.0), (6, 6.0))
]
"""Eight weeks of 20, 4 and 6 hard minutes: 30 in any seven days from day 6 on."""


def find(*outings: Outing) -> list[Finding]:
    return SPIKE(history([*SEASON, *outings]))


def test_a_hard_week_is_told_with_its_numbers() -> None:
    """18 on day 57, 16 on day 58, 4 on day 60 and 11 on day 62 are 49: 19 more than 30, 1.63 times as many.

    Until day 60 the week holds at most 18 + 16 + 6 (day 55) + 4 = 44. Quiet would have been less than 45,
    1.5 x 30 as well as 30 + 15. Of the equal weeks before, the latest is named.
    """
    minutes = {57: 18.0, 58: 16.0, 60: 4.0, 62: 11.0}
    findings = find(*(Outing(day, hard_min=hard_min) for day, hard_min in minutes.items()))

    assert findings == [
        Finding(
            "hard_minutes_spike",
            on(62),
            Level.NOTICE,
            observed=49.0,
            expected=30.0,
            unit="min",
            compared_day=on(55),
            numbers={"excess_min": 19.0, "ceiling_min": 45.0, "week_min": 49.0},
        )
    ]


def test_a_hard_run_is_told_with_its_numbers() -> None:
    """32 minutes against 20 on day 50; the week, 32 + 4 + 6 = 42, is below 45. Quiet: less than 30."""
    assert find(Outing(57, hard_min=32.0)) == [
        Finding(
            "hard_minutes_spike",
            on(57),
            Level.NOTICE,
            observed=32.0,
            expected=20.0,
            unit="min",
            compared_day=on(50),
            activity_id=1_024,
            numbers={"excess_min": 12.0, "ceiling_min": 30.0, "session_min": 32.0},
        )
    ]


@pytest.mark.parametrize(("hard_min", "fires"), [(29.9, False), (30.0, True)])
def test_a_run_spikes_from_half_as_much_again(hard_min: float, *, fires: bool) -> None:
    assert bool(find(Outing(57, hard_min=hard_min))) is fires


def test_few_minutes_more_are_no_spike_whatever_their_ratio() -> None:
    easy = [replace(outing, hard_min=1.0) for outing in SEASON]

    assert SPIKE(history([*easy, Outing(57, hard_min=10.9)])) == []


def test_a_run_after_weeks_without_hard_minutes_has_no_finite_ratio() -> None:
    easy = [replace(outing, hard_min=0.0) for outing in SEASON]
    (finding,) = SPIKE(history([*easy, Outing(57, hard_min=12.0)]))

    assert (finding.expected, finding.ratio, finding.is_rise) == (0.0, math.inf, True)


def test_week_and_run_on_one_day_are_one_caution_about_the_week() -> None:
    """40 minutes are twice 20, and 40 + 4 + 6 = 50 are 20 more than 30."""
    (finding,) = find(Outing(57, hard_min=40.0))

    assert (finding.level, finding.observed, finding.activity_id) == (Level.CAUTION, 50.0, None)
    assert (finding.numbers["week_min"], finding.numbers["session_min"]) == (50.0, 40.0)


def test_a_week_that_holds_a_spiking_run_is_a_caution() -> None:
    """The run spikes on day 57 (42 in the week, quiet), the week on day 58 with 45."""
    findings = find(Outing(57, hard_min=32.0), Outing(58, hard_min=3.0))

    assert [(f.day, f.level, f.unit, f.observed) for f in findings] == [
        (on(57), Level.NOTICE, "min", 32.0),
        (on(58), Level.CAUTION, "min", 45.0),
    ]


@pytest.mark.parametrize(
    ("outings", "level"),
    [([Outing(63, hard_min=13.0)], Level.CAUTION), ([Outing(64, hard_min=32.0)] * 2, Level.NOTICE)],
)
def test_a_spiking_run_raises_the_weeks_that_hold_it(outings: list[Outing], level: Level) -> None:
    """After a run of 32 on day 57: 32 + 13 = 45 in the week of day 63, and 64 in that of day 64, without it.

    The week of day 57 held 32 + 4 + 6 = 42, of which 64 are more than 1.5 times; 32 are no spike after 32.
    """
    assert [f.level for f in find(Outing(57, hard_min=32.0), *outings)] == [Level.NOTICE, level]


@pytest.mark.parametrize(("day", "fires"), [(9, True), (10, False)])
def test_the_most_is_looked_for_in_six_weeks(day: int, *, fires: bool) -> None:
    """The week of day 58 holds 18 + 18 + 4 + 6 = 46; the sixth before it are days 10 to 16, with 30 or 44."""
    week = [Outing(57, hard_min=18.0), Outing(58, hard_min=18.0)]

    assert bool(find(Outing(day, hard_min=14.0), *week)) is fires


def test_a_jog_with_another_watch_hides_no_hard_week() -> None:
    """Both rest on their own source: the week of day 57 spikes, whatever else ran that day."""
    (finding,) = find(Outing(57, hard_min=40.0), Outing(57, hard_min=1.0, hard_source=2))

    assert (finding.observed, finding.expected) == (50.0, 30.0)


def test_a_spiking_run_in_a_week_that_has_spoken_is_a_caution() -> None:
    """The week spikes on day 58 with 19 + 17 + 4 + 6 = 46; the run of day 59 is 31 minutes against 20."""
    findings = find(Outing(57, hard_min=19.0), Outing(58, hard_min=17.0), Outing(59, hard_min=31.0))

    assert [(f.day, f.level, f.observed) for f in findings] == [
        (on(58), Level.NOTICE, 46.0),
        (on(59), Level.CAUTION, 31.0),
    ]


def test_a_week_is_silent_for_two_weeks_after_it_spoke() -> None:
    """15 minutes daily, then 24, then twice 24: no run is 30, every week from day 59 on 1.5 times the most.

    Day 58 holds 15 + 15 + 4 + 6 = 40, day 59 holds 55.
    """
    minutes = [15.0] * 7 + [24.0] * 7 + [24.0] * 7
    runs = [Outing(57 + day, hard_min=hard_min) for day, hard_min in enumerate(minutes)]
    again = [Outing(day, hard_min=24.0) for day in range(71, 78)]

    assert [finding.day for finding in find(*runs, *again)] == [on(59), on(73)]


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
    findings = SPIKE(history(changed))

    assert [finding.day for finding in findings if finding.day < on(start + 28)] == []


def test_the_same_numbers_from_one_source_do_fire() -> None:
    """What the test before would find if sources were mixed."""
    more = [replace(outing, day=outing.day + 56, hard_min=2 * outing.hard_min) for outing in SEASON]

    assert find(*more) != []


def test_a_new_source_speaks_from_its_own_weeks() -> None:
    new = [replace(outing, day=outing.day + 56, hard_source=2) for outing in SEASON]
    findings = find(*new, Outing(113, hard_min=32.0, hard_source=2))

    assert [(finding.day, finding.expected) for finding in findings] == [(on(113), 20.0)]


def test_one_run_of_unknown_intensity_costs_one_week_only() -> None:
    unknown = [replace(o, hard_min=math.nan, hard_source=3) if o.day == 22 else o for o in SEASON]

    assert [f.day for f in SPIKE(history([*unknown, Outing(57, hard_min=32.0)]))] == [on(57)]


def test_weeks_with_unknown_runs_do_not_count_as_known() -> None:
    """One hard run in each of three weeks is unknown: three known weeks are too few."""
    days = (22, 29, 36)
    unknown = [replace(o, hard_min=math.nan, hard_source=3) if o.day in days else o for o in SEASON]

    assert SPIKE(history([*unknown, Outing(57, hard_min=90.0)])) == []


@pytest.mark.parametrize(("extra_min", "fires"), [(0.0, True), (14.0, False)])
def test_a_week_with_an_unknown_run_still_bounds_the_most(extra_min: float, *, fires: bool) -> None:
    """The week of day 24 holds an unknown run and 30 or 44 known minutes, this one 18 + 18 + 6 + 4 + 4."""
    extra = [Outing(24, hard_min=extra_min), Outing(25, hard_min=math.nan)]
    week = [Outing(57, hard_min=18.0), Outing(58, hard_min=18.0), Outing(60, hard_min=4.0)]

    assert bool(find(*extra, *week)) is fires


def test_a_day_of_rest_raises_nothing() -> None:
    days = {finding.day for finding in SPIKE(history([*SEASON, Outing(57, hard_min=40.0)], today=80))}

    assert days == {on(57)}


def test_of_two_spiking_runs_on_a_day_the_one_farther_beyond_is_told() -> None:
    easy = [replace(outing, hard_min=0.0) for outing in SEASON]
    findings = SPIKE(history([*easy, Outing(57, hard_min=10.0), Outing(57, hard_min=22.0)]))

    assert findings[0].numbers["session_min"] == 22.0
