"""Ratios for charts, on weeks worked out by hand; none of them is a rule."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert_factory import SUNDAY
from alerts.alert.alert import Alert, Level
from alerts.care.catalogue.loading import load_care
from alerts.detectors.registry import REGISTRY
from alerts.errors import CareError
from alerts.views.load_ratios import acwr_coupled, week_to_week
from ingest.formats.recording import Column

RATIOS = (acwr_coupled, week_to_week)

MONTH = np.repeat([1_000.0, 1_000.0, 1_000.0, 2_000.0], 7)
"""Three weeks of 7 km, then one of 14."""


@pytest.mark.parametrize(("ratio", "expected"), [(acwr_coupled, 1.6), (week_to_week, 2.0)])
def test_a_doubled_week_is_told_as_it_is(ratio: Callable[[Column], Column], expected: float) -> None:
    """14 km over a mean of 8.75, over the 7 of the week before."""
    assert ratio(MONTH)[-1] == pytest.approx(expected)


@pytest.mark.parametrize("ratio", RATIOS)
def test_even_running_is_one(ratio: Callable[[Column], Column]) -> None:
    assert ratio(np.full(60, 5_000.0))[30:] == pytest.approx(1.0)


@pytest.mark.parametrize(("ratio", "first"), [(acwr_coupled, 27), (week_to_week, 13)])
def test_a_ratio_needs_its_whole_window(ratio: Callable[[Column], Column], first: int) -> None:
    assert np.isfinite(ratio(np.full(60, 1_000.0))).tolist() == [False] * first + [True] * (60 - first)


def test_a_week_after_three_of_nothing_is_four_times_its_month() -> None:
    assert acwr_coupled(np.repeat([0.0, 5_000.0], [21, 7]))[-1] == pytest.approx(4.0)


@pytest.mark.parametrize("ratio", RATIOS)
def test_where_there_is_nothing_to_compare_with_there_is_no_number(
    ratio: Callable[[Column], Column],
) -> None:
    assert np.isnan(ratio(np.zeros(60))).all()


@pytest.mark.parametrize("ratio", RATIOS)
@given(load=st.lists(st.floats(0, 5e4), min_size=1, max_size=80), last=st.integers(1, 80))
def test_a_later_day_changes_no_earlier_ratio(
    ratio: Callable[[Column], Column], load: list[float], last: int
) -> None:
    whole = ratio(np.array(load))

    np.testing.assert_allclose(ratio(np.array(load[:last])), whole[:last])


@pytest.mark.parametrize("kind", ["acute_chronic_ratio", "week_to_week"])
def test_what_is_drawn_says_what_speaks_against_it_and_never_alarms(kind: str) -> None:
    care = load_care()

    assert (kind in REGISTRY, care.evidence[kind].grade, care.evidence[kind].alarms) == (False, "none", False)
    with pytest.raises(CareError, match=kind):
        care.advise(Alert(kind, SUNDAY, Level.HIGH, 2.0, 1.0, ""))


def test_every_rule_carries_evidence_that_alarms() -> None:
    care = load_care()

    assert {kind for kind, evidence in care.evidence.items() if evidence.alarms} == REGISTRY.keys()
