"""The evidence for a change against the slow way and against textbook densities."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.statistics.changepoint import joined_log_odds, least_shift, mean_variance, shift_log_odds

variances = st.floats(0.01, 100.0)


@given(st.integers(1, 30), st.floats(0.0, 0.9))
def test_the_variance_of_a_mean_is_that_of_all_pairs(count: int, correlation: float) -> None:
    pairs = [correlation ** abs(i - j) for i in range(count) for j in range(count)]

    assert mean_variance(count, correlation) == pytest.approx(sum(pairs) / count**2)


@given(st.floats(-10.0, 10.0), variances, variances)
def test_the_odds_are_those_of_two_normal_densities(mean: float, variance: float, prior: float) -> None:
    shifted, still = NormalDist(0, math.sqrt(variance + prior)), NormalDist(0, math.sqrt(variance))
    if still.pdf(mean) > 1e-290:
        log_odds = float(shift_log_odds(np.array(mean), np.array(variance), np.array(prior)))

        assert log_odds == pytest.approx(math.log(shifted.pdf(mean) / still.pdf(mean)), abs=1e-6)


@given(st.floats(0.0, 10.0), variances, variances)
def test_the_least_shift_has_just_these_odds(log_odds: float, variance: float, prior: float) -> None:
    mean = least_shift(log_odds, variance, prior)

    assert shift_log_odds(np.array(mean), np.array(variance), np.array(prior)) == pytest.approx(log_odds)


def test_joined_odds_are_their_mean() -> None:
    odds = np.array([[1.0, 2.0, 9.0], [0.0, 0.0, 6.0]])
    with np.errstate(divide="ignore"):
        joined = joined_log_odds(np.log(odds))

    assert np.exp(joined).tolist() == pytest.approx([4.0, 2.0])


def test_where_nothing_can_have_begun_there_are_no_odds() -> None:
    assert joined_log_odds(np.full((2, 3), -np.inf)).tolist() == [-math.inf, -math.inf]


def test_very_large_odds_stay_finite() -> None:
    assert joined_log_odds(np.array([[2_000.0, 1.0]])).tolist() == [pytest.approx(2_000.0 - math.log(2))]
