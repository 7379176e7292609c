"""The rolling statistics against numbers worked out by hand and against the slow way."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.statistics.rolling import (
    as_date,
    day_number,
    day_numbers,
    group_key,
    lagged,
    latest_max_row,
    padded_median,
    rest_streak,
    rows_by_day,
    spaced,
    span_max,
    span_ranked,
    span_rows,
    span_sum,
    trailing_sum,
)

VALUES = st.lists(st.floats(-1e6, 1e6), max_size=40)


@st.composite
def spans(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A column and spans of its rows in any order, empty ones among them."""
    values = np.array(draw(VALUES), dtype=np.float64)
    border = st.integers(0, len(values))
    pairs = draw(st.lists(st.tuples(border, border).map(sorted), max_size=20))
    start, stop = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return values, start, stop


@given(spans())
def test_sums_of_spans_are_those_of_slices(made: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    values, start, stop = made
    slow = [sum(values[a:b].tolist()) for a, b in zip(start, stop, strict=True)]

    assert span_sum(values, start, stop) == pytest.approx(slow, abs=1e-6)


@given(spans())
def test_largest_of_spans_are_those_of_slices(made: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    values, start, stop = made
    slow = [max(values[a:b].tolist(), default=np.nan) for a, b in zip(start, stop, strict=True)]

    np.testing.assert_array_equal(span_max(values, start, stop), slow)


@given(spans(), st.integers(1, 4))
def test_ranks_in_spans_are_those_of_slices(
    made: tuple[np.ndarray, np.ndarray, np.ndarray], rank: int
) -> None:
    values, start, stop = made
    ordered = [sorted(values[a:b].tolist(), reverse=True) for a, b in zip(start, stop, strict=True)]
    slow = [column[rank - 1] if len(column) >= rank else np.nan for column in ordered]

    np.testing.assert_array_equal(span_ranked(values, start, stop, rank=rank), slow)


@given(spans())
def test_medians_of_spans_are_those_of_slices(made: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    values, start, stop = made
    row, inside = span_rows(start, stop)
    slow = [np.median(values[a:b]) if a < b else np.nan for a, b in zip(start, stop, strict=True)]

    result = padded_median(np.where(inside, values[row], np.inf), stop - start)

    np.testing.assert_allclose(result, slow)


@given(VALUES, VALUES)
def test_a_sum_does_not_depend_on_what_follows_or_precedes_its_span(
    before: list[float], after: list[float]
) -> None:
    span = [0.1, 0.2, 0.3, 1e-9, 0.7, 12_345.678, 0.1, 0.1, 0.1, 3.3]
    alone = span_sum(np.array(span), np.array([0]), np.array([10]))
    start = np.array([len(before)])

    assert span_sum(np.array([*before, *span, *after]), start, start + 10) == alone


def test_a_span_that_ends_before_it_starts_is_empty() -> None:
    assert span_sum(np.array([1.0, 2.0]), np.array([2, 13]), np.array([0, 2])).tolist() == [0.0, 0.0]


def test_a_trailing_sum_is_unknown_until_its_window_is_full() -> None:
    np.testing.assert_array_equal(
        trailing_sum(np.array([1.0, 2.0, 4.0, 8.0]), 3), [np.nan, np.nan, 7.0, 14.0]
    )


def test_a_trailing_sum_longer_than_the_column_is_unknown_throughout() -> None:
    assert np.isnan(trailing_sum(np.array([1.0, 2.0]), 5)).all()


@pytest.mark.parametrize(("lag", "expected"), [(0, [1, 2, 3]), (2, [np.nan, np.nan, 1]), (9, [np.nan] * 3)])
def test_a_lagged_column_keeps_its_length(lag: int, expected: list[float]) -> None:
    np.testing.assert_array_equal(lagged(np.array([1.0, 2.0, 3.0]), lag), expected)


def test_the_latest_of_several_largest_is_named() -> None:
    assert latest_max_row(np.array([9.0, 5.0, 7.0, 7.0, 6.0, 9.0]), 1, 5) == 3


def test_rest_is_counted_from_the_last_run() -> None:
    assert rest_streak(np.array([0, 0, 1, 0, 0, 0, 2, 1, 0])).tolist() == [1, 2, 0, 1, 2, 3, 0, 0, 1]


def test_a_cool_down_ends_on_its_last_day() -> None:
    assert spaced([3, 4, 23, 24, 44, 45, 99], 21) == [3, 24, 45, 99]


@given(
    st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 400)), min_size=2, max_size=30),
    st.integers(0, 100),
)
def test_a_search_by_key_stays_in_its_group(rows: list[tuple[int, int]], reach: int) -> None:
    group, day = np.array(rows).T
    key = group_key(group, day, reach=reach)
    near = np.abs(key[:, None] - key) <= reach

    truth = (group[:, None] == group) & (np.abs(day[:, None] - day) <= reach)
    np.testing.assert_array_equal(near, truth)


def test_no_rows_have_no_keys() -> None:
    nothing = np.zeros(0, dtype=np.int64)

    assert len(group_key(nothing, nothing, reach=7)) == 0


def test_a_flight_over_the_date_line_leaves_days_in_order() -> None:
    day = np.array(["2024-05-02", "2024-05-01", "2024-05-01", "2024-05-03"], dtype="datetime64[D]")
    keep = np.array([True, True, True, False])

    assert rows_by_day(day, keep).tolist() == [1, 2, 0]


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)))
def test_a_day_survives_as_a_number(day: date) -> None:
    number = day_number(day)

    assert (as_date(number), day_numbers(np.array([day], dtype="datetime64[D]"))[0]) == (day, number)
