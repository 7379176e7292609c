"""Ratios and weeks: exact on steady training, unknown where nothing can be said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.pages.training import acute_to_chronic, hard_weeks, week_over_week
from histories import Outing, every, history, on


@given(daily_m=st.floats(100.0, 20_000.0), days=st.integers(28, 120))
def test_steady_training_has_a_ratio_of_one(daily_m: float, days: int) -> None:
    run_m = np.full(days, daily_m)

    assert acute_to_chronic(run_m)[27:] == pytest.approx(1.0)
    assert week_over_week(run_m)[13:] == pytest.approx(1.0)


def test_a_ratio_needs_its_whole_window() -> None:
    run_m = np.full(40, 1_000.0)

    assert np.isnan(acute_to_chronic(run_m)[:27]).all()
    assert np.isnan(week_over_week(run_m)[:13]).all()


def test_after_a_break_there_is_no_ratio_rather_than_infinity() -> None:
    run_m = np.concatenate([np.zeros(60), np.full(7, 5_000.0)])

    assert not np.isinf(acute_to_chronic(run_m)).any()
    assert np.isnan(week_over_week(run_m)[-1])


def test_a_week_after_three_of_nothing_is_four_times_its_month() -> None:
    run_m = np.concatenate([np.zeros(21), np.full(7, 5_000.0)])

    assert acute_to_chronic(run_m)[-1] == pytest.approx(4.0)


def test_a_ratio_never_looks_ahead() -> None:
    run_m = np.random.default_rng(1).uniform(0, 10_000, 90)

    assert np.array_equal(acute_to_chronic(run_m)[:60], acute_to_chronic(run_m[:60]), equal_nan=True)


def test_hard_minutes_of_a_week_are_those_of_its_days() -> None:
    days = history([*every(2, 14, hard_min=5.0)], today=13)

    assert [week.hard_min for week in hard_weeks(days, [on(0), on(7)])] == [20.0, 15.0]


def test_a_week_with_a_run_of_unknown_intensity_is_unknown() -> None:
    days = history([Outing(0), Outing(3, hard_min=np.nan), Outing(8)], today=13)
    days.hard_min[3] = np.nan

    assert [week.hard_min for week in hard_weeks(days, [on(0), on(7)])] == [None, 10.0]
