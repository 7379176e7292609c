"""The limit for one run: what raises it, what holds it, and what never may."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.evaluation.run_limit import BREAK_DAYS, HOLDS, DayDistance, RunLimitRule

RULE = RunLimitRule(30, 1.1, 1_000.0, 4, 14)
FIRST = date(2026, 1, 1)


def every(days: int, count: int, distance_m: float = 10_000.0, first: date = FIRST) -> list[DayDistance]:
    return [(first + timedelta(days=days * n), distance_m) for n in range(count)]


gaps = st.one_of(st.integers(0, 4), st.integers(0, 4), st.integers(5, 70))
distances = st.one_of(
    st.floats(3_000.0, 20_000.0), st.floats(3_000.0, 20_000.0), st.floats(20_000.0, 110_000.0)
)


@st.composite
def histories(draw: st.DrawFn) -> list[DayDistance]:
    day, runs = FIRST, []
    for gap, distance_m in draw(st.lists(st.tuples(gaps, distances), min_size=1, max_size=60)):
        day += timedelta(days=gap)
        runs.append((day, distance_m))
    return runs


@settings(max_examples=2_000, deadline=None)
@given(histories(), st.floats(1.3, 8.0))
def test_one_over_long_run_never_raises_the_limit_of_the_next(runs: list[DayDistance], ratio: float) -> None:
    day = runs[-1][0] + timedelta(days=1)
    before = RULE.limit_on(runs, day)
    if before.limit_m is None:
        return
    after = RULE.history([*runs, (day, ratio * before.limit_m + 1_000.0)])
    easy = RULE.history([*runs, (day, min(3_000.0, before.limit_m))])
    held_for = 6 if before.basis == "step" else 1

    for ahead in range(1, held_for + 1):
        limit_m = after.limit_on(day + timedelta(days=ahead)).limit_m
        assert limit_m is not None
        # a hold that ends in these days would have ended after an easy run too
        with_easy_m = easy.limit_on(day + timedelta(days=ahead)).limit_m or 0.0
        assert limit_m <= max(before.limit_m, with_easy_m) * (1 + 1e-9)


@settings(max_examples=1_000, deadline=None)
@given(histories())
def test_the_limit_rises_by_a_tenth_a_week_at_most_within_a_spell_of_running(runs: list[DayDistance]) -> None:
    history = RULE.history(runs)
    for offset in range((runs[-1][0] - FIRST).days):
        today, later = (history.limit_on(FIRST + timedelta(days=offset + ahead)) for ahead in (0, 7))
        if today.basis in {"step", "recent_step", "hold"} and later.basis in {"step", "recent_step", "hold"}:
            assert today.tolerated_m is not None
            assert later.tolerated_m is not None
            # two steps of a tenth at most: one taken in this week, one just before it ended
            assert later.tolerated_m <= 1.1 * 1.1 * today.tolerated_m * (1 + 1e-9)


@settings(max_examples=1_000, deadline=None)
@given(histories())
def test_no_limit_rests_on_more_than_was_run(runs: list[DayDistance]) -> None:
    history = RULE.history(runs)
    for offset in range(0, (runs[-1][0] - FIRST).days + 40, 3):
        limit = history.limit_on(FIRST + timedelta(days=offset))
        if limit.tolerated_m is not None:
            assert limit.tolerated_m <= max(metres for _, metres in runs)


@given(histories(), st.integers(0, 90))
def test_later_runs_change_no_earlier_limit(runs: list[DayDistance], offset: int) -> None:
    day = FIRST + timedelta(days=offset)

    assert RULE.history(runs).limit_on(day) == RULE.limit_on(runs, day)


def test_steady_running_may_go_a_tenth_further() -> None:
    runs = every(3, 10)

    limit = RULE.limit_on(runs, runs[-1][0] + timedelta(days=1))

    assert limit.basis == "step"
    assert limit.limit_m == pytest.approx(11_000.0)


@pytest.mark.parametrize(("ratio", "days"), [(1.2, HOLDS[2][1]), (1.5, HOLDS[1][1]), (3.0, HOLDS[0][1])])
def test_an_over_long_run_is_held_as_long_as_it_was_over(ratio: float, days: int) -> None:
    runs = every(3, 10)
    day = runs[-1][0] + timedelta(days=1)
    runs.append((day, ratio * 10_000.0))
    runs += every(3, 9, 8_000.0, day + timedelta(days=2))
    history = RULE.history(runs)

    assert history.limit_on(day + timedelta(days=days)).basis == "hold"
    assert history.limit_on(day + timedelta(days=days + 1)).basis == "step"


def test_a_hold_waits_for_three_runs() -> None:
    runs = every(3, 10)
    day = runs[-1][0] + timedelta(days=1)
    runs += [(day, 12_000.0), (day + timedelta(days=5), 5_000.0), (day + timedelta(days=15), 5_000.0)]

    assert RULE.limit_on(runs, day + timedelta(days=17)).basis == "hold"


def test_after_far_too_long_a_run_the_next_is_shorter_than_those_before() -> None:
    runs = [*every(3, 10), (FIRST + timedelta(days=28), 42_195.0)]

    assert RULE.limit_on(runs, FIRST + timedelta(days=30)).limit_m == pytest.approx(8_000.0)


def test_a_length_that_is_run_week_after_week_is_reached_by_steps() -> None:
    runs = sorted([*every(3, 60), *every(7, 24, 14_000.0, FIRST + timedelta(days=29))])

    assert RULE.limit_on(runs, FIRST + timedelta(days=175)).tolerated_m == pytest.approx(14_000.0)


@pytest.mark.parametrize(("gap", "share"), [(14, 0.6), (21, 0.5), (35, 0.4), (60, 0.3)])
def test_a_longer_break_allows_less(gap: int, share: float) -> None:
    runs = every(3, 12, 20_000.0)

    limit = RULE.limit_on(runs, runs[-1][0] + timedelta(days=gap))

    assert (limit.basis, limit.break_days) == ("return", gap)
    assert limit.limit_m == pytest.approx(share * 20_000.0)


def test_running_like_before_a_break_does_not_end_the_return() -> None:
    runs = every(3, 12, 20_000.0)
    back = runs[-1][0] + timedelta(days=BREAK_DAYS + 10)
    runs += every(2, 8, 20_000.0, back)

    limit = RULE.limit_on(runs, back + timedelta(days=16))

    assert limit.limit_m == pytest.approx(10_000.0)


def test_a_new_history_has_no_limit() -> None:
    assert RULE.limit_on(every(2, 3), FIRST + timedelta(days=6)).limit_m is None


def test_runs_out_of_order_are_refused() -> None:
    history = RULE.history(every(3, 2))

    with pytest.raises(ValueError, match="order of day"):
        history.add(FIRST, 5_000.0)
