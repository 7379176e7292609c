"""The two-week rule on blocks worked out by hand."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alert.alert import Alert, Before, Level
from alerts.detectors.ramp import TwoWeekRamp
from training_days_builder import Outing, every, history, on, rule

RAMP = rule(TwoWeekRamp)

SEASON = every(2, 98, distance_m=5_000.0)
"""Seven runs of 5 km in each 14 days: 35 km."""

FORTNIGHT = st.tuples(st.integers(1, 6), st.lists(st.integers(0, 2), min_size=14, max_size=14))
"""How much is run, and in which proportions."""


def test_a_ramp_is_told_with_its_numbers() -> None:
    """35 km a fortnight for 98 days, then 10 km on every other day.

    On day 98 the 14 days hold 6 x 5 + 10 = 40 km, on day 100 45 km, on day 102 50 km: 1.43 times 35 km, 15 km
    more, and more than any before. 45 km are 1.29 times 35 km. The last 10 and 21 days hold 40 and 70 km
    against 25 and 55 at most: 40 x 70 is far above 1.04 x 25 x 1.04 x 55. Quiet would have been less than
    45.5 km, the largest of 1.3 x 35, 35, 35 + 8 km and what these spans allow, 36.4 km. The base ends 14 days
    before.
    """
    alerts = RAMP(history([*SEASON, *(Outing(day, 10_000.0) for day in range(98, 104, 2))]))

    assert alerts == [
        Alert(
            "two_week_ramp",
            on(102),
            Level.NOTICE,
            observed=50_000.0,
            expected=35_000.0,
            unit="m",
            compared_day=on(88),
            numbers={"excess_m": 15_000.0, "highest_m": 35_000.0, "ceiling_m": 45_500.0},
        )
    ]


@pytest.mark.parametrize(
    ("run_m", "level"), [(15_499.0, None), (15_500.0, Level.NOTICE), (22_500.0, Level.CAUTION)]
)
def test_levels_begin_at_thirty_and_fifty_percent(run_m: float, level: Level | None) -> None:
    """30 km of six runs and one of 15.5 km are 45.5 km, 1.3 x 35 km; with 22.5 km they are 1.5 x 35 km."""
    alerts = RAMP(history([*SEASON, Outing(98, run_m)]))

    assert [alert.level for alert in alerts] == ([] if level is None else [level])


def test_coming_back_from_easy_weeks_is_no_ramp() -> None:
    """Easy blocks halve the base, but the ceiling of the 84 days before still holds 35 km."""
    easy = [Outing(day, 2_500.0) for day in range(98, 126, 2)]
    back = [Outing(day, 5_000.0) for day in range(126, 140, 2)]

    assert RAMP(history([*SEASON, *easy, *back])) == []


@pytest.mark.parametrize(("run_m", "fires"), [(27_250.0, False), (27_253.0, True)])
def test_the_shorter_and_the_longer_span_decide_together(run_m: float, *, fires: bool) -> None:
    """20 km on day 50 lift the most of 10, 14 and 21 days to 45, 55 and 75 km.

    The run of day 98 ends spans of 20 and 50 km beside it: (20 + x)(50 + x) reaches 1.04 x 45 x 1.04 x 75
    with x = 27.252. The 14 days hold 57.25 km then, more than 55 and than 1.3 x 35 km.
    """
    alerts = RAMP(history([*SEASON, Outing(50, 20_000.0), Outing(98, run_m)]))
    told = [alert.numbers["ceiling_m"] for alert in alerts if alert.day == on(98)]

    assert [round(ceiling_m) for ceiling_m in told] == [57_253] * fires


def test_what_was_no_more_than_before_is_no_ramp() -> None:
    """The 14 days to day 98 hold 54 km, those to day 31 held 55; the other spans are beyond their most."""
    before = [Outing(day, 5_000.0) for day in (18, 20, 22, 24, 26, 28)]
    runs = [*(o for o in SEASON if o.day not in range(12, 32)), Outing(19, 12_500.0), Outing(30, 12_500.0)]

    assert RAMP(history([*runs, *before, Outing(98, 24_000.0)])) == []


@pytest.mark.parametrize(("big_day", "fires"), [(13, True), (14, False)])
def test_the_ceiling_looks_84_days_back_from_the_block(big_day: int, *, fires: bool) -> None:
    """The block of day 111 begins on day 98, and its ceiling rests on days 14 to 97.

    30 km on day 14 lift the block of days 14 to 27; on day 13 they lift none of them.
    """
    runs = [Outing(day, 5_000.0) for day in range(0, 111, 2)]
    alerts = RAMP(history([*runs, Outing(big_day, 30_000.0), Outing(111, 20_000.0)]))

    assert (on(111) in [alert.day for alert in alerts]) is fires


@pytest.mark.parametrize(("big_day", "fires"), [(24, False), (23, True)])
def test_its_reach_holds_the_farthest_span_that_it_looks_at(big_day: int, *, fires: bool) -> None:
    """Days 24 to 44 are the first 21 that end within 84 days of day 128; 60 km more lift them to 115 km.

    (20 + 20)(50 + 20) is less than 1.04 x 25 x 1.04 x 115, and more than 1.04 x 25 x 1.04 x 55.
    """
    days = history([*every(2, 128, distance_m=5_000.0), Outing(big_day, 60_000.0), Outing(128, 20_000.0)])
    alerts = RAMP(days.since(on(128 - RAMP.reach_days)), Before(on(128)))

    assert [alert.day for alert in alerts] == [on(128)] * fires


@pytest.mark.parametrize(("first_day", "fires"), [(57, False), (56, True)])
def test_it_needs_42_days(first_day: int, *, fires: bool) -> None:
    """From day 56 to day 97 there are 42 days."""
    runs = [Outing(day, 5_000.0) for day in range(first_day, 97)]

    assert bool(RAMP(history([*runs, Outing(97, 40_000.0)]))) is fires


@pytest.mark.parametrize(("rest", "fires"), [(10, True), (11, False)])
def test_a_long_gap_in_the_base_keeps_it_silent(rest: int, *, fires: bool) -> None:
    """Daily runs but for so many days from day 65 on; the base of day 98 are days 57 to 84."""
    runs = [Outing(day, 5_000.0) for day in range(98) if not 65 <= day < 65 + rest]

    assert bool(RAMP(history([*runs, Outing(98, 60_000.0)]))) is fires


def test_a_small_base_keeps_it_silent() -> None:
    """2.8 km seven times are 19.6 km."""
    assert RAMP(history([*every(2, 98, distance_m=2_800.0), Outing(98, 30_000.0)])) == []


@pytest.mark.parametrize(("run_m", "fires"), [(10_999.0, False), (11_000.0, True)])
def test_it_needs_eight_kilometres_more(run_m: float, *, fires: bool) -> None:
    """3 km seven times are 21 km; 18 km and 11 km are 8 km more."""
    assert bool(RAMP(history([*every(2, 98, distance_m=3_000.0), Outing(98, run_m)]))) is fires


def test_it_speaks_again_after_three_weeks() -> None:
    """A ramp of four tenths more every fortnight is above the limits on every day with a run."""
    runs = [Outing(98 + day, 5_000.0 * 1.4 ** ((day + 14) / 14)) for day in range(0, 66, 2)]
    alerts = RAMP(history([*SEASON, *runs]))
    apart = [(later.day - earlier.day).days for earlier, later in itertools.pairwise(alerts)]

    assert apart[-1] == 22
    assert {f.level for f in alerts[-2:]} == {Level.CAUTION}


def test_a_ramp_that_grows_graver_is_told_before_the_three_weeks_are_over() -> None:
    """As above 50 km on day 102; 55 km on day 104 are 1.57 times 35 km, and 60 km on day 106 no graver."""
    alerts = RAMP(history([*SEASON, *(Outing(day, 10_000.0) for day in range(98, 108, 2))]))

    assert [(alert.day, alert.level) for alert in alerts] == [
        (on(102), Level.NOTICE),
        (on(104), Level.CAUTION),
    ]


@pytest.mark.parametrize(("outings", "fires"), [([], False), ([Outing(99, 100.0)], True)])
def test_a_day_of_rest_raises_no_ramp(outings: list[Outing], *, fires: bool) -> None:
    """10 km on day 57 make the base of day 98 40 km, and 50 km too little; on day 99 they have left it.

    The runner who rests on day 99 hears nothing, though 50 km are now 1.43 times the base.
    """
    runs = [*SEASON, Outing(57, 10_000.0), Outing(98, 20_000.0)]

    assert bool(RAMP(history([*runs, *outings], today=104))) is fires


@settings(deadline=None)
@given(st.lists(FORTNIGHT, min_size=4, max_size=9))
def test_it_speaks_where_the_definition_says(fortnights: list[tuple[int, list[int]]]) -> None:
    """The slow way, day by day, with the definition's own numbers."""
    km = [much * ran for much, fortnight in fortnights for ran in fortnight]
    first = next((day for day, ran in enumerate(km) if ran), 0)
    expected: list[tuple[int, Level]] = []
    for day in range(first + 41, len(km)):
        now, base = sum(km[day - 13 : day + 1]), sum(km[day - 41 : day - 13]) / 2
        ends = range(max(day - 84, first + 13), day - 13)
        ceiling = max(sum(km[end - 13 : end + 1]) for end in ends)
        more, most = 1.0, 1.0
        for span in (10, 21):
            ends = range(max(day - 84, first + span - 1), day - span + 1)
            more *= sum(km[day - span + 1 : day + 1])
            most *= max(sum(km[end - span + 1 : end + 1]) for end in ends)
        rested = "".join("x" if ran else "." for ran in km[day - 41 : day - 13])
        level = Level.CAUTION if now >= 1.5 * base else Level.NOTICE
        is_cool = not expected or day - expected[-1][0] >= 21 or level > expected[-1][1]
        far = now >= 1.3 * base and now >= ceiling and now - base >= 8 and base >= 20
        far = far and more >= 1.04**2 * most
        if km[day] and far and is_cool and "." * 11 not in rested:
            expected.append((day, level))

    days = history([Outing(day, 1_000.0 * ran) for day, ran in enumerate(km) if ran], today=len(km))
    assert [(alert.day, alert.level) for alert in RAMP(days)] == [(on(d), level) for d, level in expected]
