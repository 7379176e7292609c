"""Weeks: the sum of their days, unknown where nothing can be said."""

from __future__ import annotations

import numpy as np

from alerts.pages.training import hard_weeks
from histories import Outing, every, history, on


def test_hard_minutes_of_a_week_are_those_of_its_days() -> None:
    days = history([*every(2, 14, hard_min=5.0)], today=13)

    assert [week.hard_min for week in hard_weeks(days, [on(0), on(7)])] == [20.0, 15.0]


def test_a_week_with_a_run_of_unknown_intensity_is_unknown() -> None:
    days = history([Outing(0), Outing(3, hard_min=np.nan), Outing(8)], today=13)
    days.hard_min[3] = np.nan

    assert [week.hard_min for week in hard_weeks(days, [on(0), on(7)])] == [None, 10.0]
