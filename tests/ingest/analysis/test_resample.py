"""The regular grid holds what the file says, however it was written."""

from __future__ import annotations

import numpy as np
import numpy.testing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from ingest.analysis.resample import (
    MOST_SECONDS,
    Seconds,
    mended_clock,
    moving_mean,
    moving_median,
    moving_sum,
    resample_to_seconds,
)
from ingest.formats.recording import Column, Samples

NOON_S = 1_772_452_800.0

COLUMNS = stn.arrays(
    np.float64,
    st.integers(0, 60),
    elements=st.one_of(st.just(np.nan), st.integers(-50, 50).map(float)),
)


def seconds_of(timestamp_s: object, **columns: object) -> Seconds:
    time_s = NOON_S + np.asarray(timestamp_s, np.float64)
    samples = Samples.of(
        len(time_s),
        timestamp_s=time_s,
        **{name: np.asarray(column, np.float64) for name, column in columns.items()},
    )
    return resample_to_seconds(samples, 2 * samples.cadence_rpm)


def test_a_sample_a_second_is_taken_as_it_is() -> None:
    seconds = seconds_of([0, 1, 2], heart_rate_bpm=[140, 141, 143], distance_m=[0, 3, 7])

    npt.assert_array_equal(seconds.heart_rate_bpm, [140, 141, 143])
    npt.assert_array_equal(seconds.advance_m, [np.nan, 3, 4])


def test_samples_some_seconds_apart_are_joined_by_a_line() -> None:
    seconds = seconds_of([0, 4, 6], heart_rate_bpm=[140, 148, 150], distance_m=[0, 12, 18])

    npt.assert_array_equal(seconds.heart_rate_bpm, [140, 142, 144, 146, 148, 149, 150])
    npt.assert_array_equal(seconds.advance_m, [np.nan, 3, 3, 3, 3, 3, 3])


def test_nothing_is_assumed_within_a_gap_of_more_than_ten_seconds() -> None:
    seconds = seconds_of([0, 11, 12], heart_rate_bpm=[140, 150, 150])

    npt.assert_array_equal(seconds.is_covered, [True] + 10 * [False] + 2 * [True])
    npt.assert_array_equal(np.isfinite(seconds.heart_rate_bpm), seconds.is_covered)


def test_a_gap_of_ten_seconds_is_bridged() -> None:
    assert seconds_of([0, 10]).is_covered.all()


def test_of_several_samples_in_a_second_the_last_known_value_holds() -> None:
    seconds = seconds_of([0, 1, 1, 1, 2], heart_rate_bpm=[140, 150, 151, np.nan, 142])

    npt.assert_array_equal(seconds.heart_rate_bpm, [140, 151, 142])


def test_heart_rates_of_nobody_alive_are_bridged() -> None:
    seconds = seconds_of([0, 1, 2, 3, 4], heart_rate_bpm=[140, 0, 255, 29, 144])

    npt.assert_array_equal(seconds.heart_rate_bpm, [140, 141, 142, 143, 144])


def test_speed_stands_in_where_no_distance_was_recorded() -> None:
    seconds = seconds_of([0, 1, 2], speed_mps=[3, 3, 4])

    npt.assert_array_equal(seconds.advance_m, [np.nan, 3, 4])


def test_a_leap_of_a_kilometre_is_no_distance() -> None:
    distance_m = 3.0 * np.arange(60)
    distance_m[30:] += 1_000

    seconds = seconds_of(np.arange(60), distance_m=distance_m)

    assert np.nansum(seconds.advance_m) <= 3 * 59
    assert np.nanmax(seconds.advance_m) == 3


def test_places_that_come_every_five_seconds_lose_no_distance() -> None:
    distance_m = np.repeat(20.0 * np.arange(16), 5)

    assert np.nansum(seconds_of(np.arange(80), distance_m=distance_m).advance_m) == 20 * 15


def test_a_distance_that_runs_backwards_is_unknown() -> None:
    seconds = seconds_of([0, 1, 2], distance_m=[9, 12, 0])

    npt.assert_array_equal(seconds.advance_m, [np.nan, 3, np.nan])


def test_a_clock_that_leaps_by_thirty_years_costs_five_minutes() -> None:
    assert len(seconds_of([-1e9, -1e9 + 1, 0, 1])) == 303


def test_a_clock_that_is_set_back_costs_five_minutes() -> None:
    npt.assert_array_equal(
        mended_clock(np.array([5_000.0, 5_001.0, 1_400.0, 1_401.0])), [5000, 5001, 5301, 5302]
    )


def test_samples_written_out_of_order_keep_the_length() -> None:
    npt.assert_array_equal(mended_clock(np.array([10.0, 9.0, 11.0, 10.0, 12.0])), [10, 10, 11, 11, 12])


def test_a_hostile_length_ends_with_the_grid() -> None:
    assert len(seconds_of(10.0 * np.arange(MOST_SECONDS // 8))) == MOST_SECONDS


def test_many_pauses_of_five_minutes_make_no_days_of_rows() -> None:
    seconds = seconds_of(300.0 * np.arange(2_880), heart_rate_bpm=np.full(2_880, 140.0))

    assert len(seconds) < 2_880 * 12
    assert seconds.is_covered.sum() == 2_880


def test_five_days_of_a_sample_every_eight_seconds_stay_whole() -> None:
    times = 8.0 * np.arange(5 * 86_400 // 8)

    assert len(seconds_of(times)) == times[-1] + 1


def test_an_ordinary_recording_keeps_its_pauses() -> None:
    assert len(seconds_of([0, 1, 200, 201])) == 202


def test_samples_without_a_time_are_left_out() -> None:
    seconds = seconds_of([0, np.nan, 1], heart_rate_bpm=[140, 200, 141])

    npt.assert_array_equal(seconds.heart_rate_bpm, [140, 141])


@pytest.mark.parametrize("times", [[], [np.nan, np.nan]])
def test_without_times_there_are_no_seconds(times: list[float]) -> None:
    assert len(seconds_of(times)) == 0


def window_of(values: Column, place: int, width: int) -> Column:
    first = place - width // 2
    window = values[max(first, 0) : first + width]
    return window[np.isfinite(window)]


@settings(max_examples=50)
@given(values=COLUMNS, width=st.integers(1, 31), least=st.integers(1, 8))
def test_moving_median_equals_the_median_of_each_window(values: Column, width: int, least: int) -> None:
    windows = [window_of(values, place, width) for place in range(len(values))]
    expected = [np.median(window) if len(window) >= least else np.nan for window in windows]

    npt.assert_array_equal(moving_median(values, width, at_least=least), expected)


@settings(max_examples=50)
@given(values=COLUMNS, width=st.integers(1, 31), least=st.integers(1, 8))
def test_moving_mean_equals_the_mean_of_each_window(values: Column, width: int, least: int) -> None:
    windows = [window_of(values, place, width) for place in range(len(values))]
    expected = [window.mean() if len(window) >= least else np.nan for window in windows]

    npt.assert_allclose(moving_mean(values, width, at_least=least), expected, atol=1e-9)


@settings(max_examples=50)
@given(values=COLUMNS, width=st.integers(1, 31))
def test_moving_sum_equals_the_sum_of_each_window(values: Column, width: int) -> None:
    expected = [window_of(values, place, width).sum() for place in range(len(values))]

    npt.assert_array_equal(moving_sum(values, width), expected)
