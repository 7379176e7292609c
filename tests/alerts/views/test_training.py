"""Weeks: the sum of their days, unknown where nothing can be said."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from alerts.views.training import LoadWeek, hard_weeks, load_weeks
from training_days_builder import Outing, every, history, on


def test_hard_minutes_of_a_week_are_those_of_its_days() -> None:
    days = history([*every(2, 14, hard_min=5.0)], today=13)

    assert [week.hard_min for week in hard_weeks(days, [on(0), on(7)])] == [20.0, 15.0]


def test_a_week_with_a_run_of_unknown_intensity_is_unknown() -> None:
    days = history([Outing(0), Outing(3, hard_min=np.nan), Outing(8)], today=13)
    days.hard_min[3] = np.nan

    assert [week.hard_min for week in hard_weeks(days, [on(0), on(7)])] == [None, 10.0]


def test_the_load_of_a_week_is_that_of_its_runs() -> None:
    runs = history([*every(2, 14)], today=13).runs
    runs = dataclasses.replace(runs, edwards_au=np.full(7, 100.0), banister_au=np.full(7, 40.0))

    assert load_weeks(runs, [on(0), on(7), on(14)]) == (
        LoadWeek(on(0), 400.0, 160.0),
        LoadWeek(on(7), 300.0, 120.0),
        LoadWeek(on(14), 0.0, 0.0),
    )


@pytest.mark.parametrize("doubt", ["unknown", "not to be counted"])
def test_a_week_with_a_run_whose_heart_rate_says_nothing_is_of_unknown_load(doubt: str) -> None:
    runs = history([*every(2, 14)], today=13).runs
    counts, edwards = runs.counts_intensity.copy(), np.full(7, 100.0)
    if doubt == "unknown":
        edwards[0] = np.nan
    else:
        counts[0] = False
    runs = dataclasses.replace(runs, counts_intensity=counts, edwards_au=edwards, banister_au=edwards)

    assert [week.edwards_au for week in load_weeks(runs, [on(0), on(7)])] == [None, 300.0]
