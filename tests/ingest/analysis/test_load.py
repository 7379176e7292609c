"""Heart rate is cleaned, slopes are levelled, and histograms keep what thresholds will ask."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.testing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from ingest.analysis.intensity import (
    HEART_RATE_BINS,
    SPEED_BIN_MPS,
    SPEED_BINS,
    IntensityHistograms,
    best_efforts,
    cleaned_heart_rate,
    critical_speed_mps,
    grade,
    heart_rate_percentile,
    intensity_histograms,
    minutes_above_heart_rate,
    minutes_above_speed,
    running_cost,
)
from ingest.analysis.resample import Seconds, resample_to_seconds
from ingest.formats.recording import Column, Samples
from support import Numbers, column_of, recording_of_run

HOUR_S = 3_600


def run_of(
    n: int = HOUR_S + 1,
    *,
    heart_rate_bpm: Numbers = 150.0,
    advance_m: Numbers = 3.0,
    altitude_m: Numbers = None,
    cadence_spm: Numbers = 172.0,
) -> Seconds:
    advance = column_of(advance_m, n)
    advance[:1] = np.nan
    return Seconds(
        np.ones(n, np.bool_),
        advance,
        column_of(altitude_m, n),
        column_of(heart_rate_bpm, n),
        column_of(cadence_spm, n),
    )


def histograms_of(samples: Samples) -> IntensityHistograms:
    return intensity_histograms(resample_to_seconds(samples, 2 * samples.cadence_rpm))


def by_heart_rate(**seconds: int) -> npt.NDArray[np.int32]:
    histogram = np.zeros(HEART_RATE_BINS, np.int32)
    for name, count in seconds.items():
        histogram[int(name.removeprefix("bpm"))] = count
    return histogram


def test_every_second_of_heart_rate_is_counted() -> None:
    assert intensity_histograms(run_of()).heart_rate_s[150] == HOUR_S + 1


def test_hard_minutes_leave_out_the_first_three() -> None:
    assert intensity_histograms(run_of()).median_heart_rate_s[150] == HOUR_S + 1 - 180


def test_a_median_over_half_a_minute_ignores_a_short_surge() -> None:
    rate = np.full(HOUR_S + 1, 150.0)
    rate[1_000:1_010] = 165

    assert intensity_histograms(run_of(heart_rate_bpm=rate)).median_heart_rate_s[165] == 0


@pytest.mark.parametrize("leap", [26.0, -26.0])
def test_a_leap_of_more_than_25_beats_is_dropped_for_five_seconds(leap: float) -> None:
    rate = np.full(60, 150.0)
    rate[30:] += leap

    doubtful = np.isnan(cleaned_heart_rate(run_of(60, heart_rate_bpm=rate)))

    npt.assert_array_equal(np.flatnonzero(doubtful), [30, 31, 32, 33, 34])


def test_a_rise_of_25_beats_is_believed() -> None:
    rate = np.full(60, 150.0)
    rate[30:] += 25

    assert np.isfinite(cleaned_heart_rate(run_of(60, heart_rate_bpm=rate))).all()


@pytest.mark.parametrize(("locked_s", "dropped_s"), [(60, 0), (61, 61)])
def test_more_than_a_minute_at_the_step_rate_is_cadence_lock(locked_s: int, dropped_s: int) -> None:
    rate = np.full(600, 160.0)
    rate[200 : 200 + locked_s] = 170

    clean_text = cleaned_heart_rate(run_of(600, heart_rate_bpm=rate, cadence_spm=172.0))

    assert np.isnan(clean_text).sum() == dropped_s


def test_several_records_a_second_change_nothing() -> None:
    once = recording_of_run(heart_rate_bpm=np.linspace(120, 180, HOUR_S + 1)).samples
    thrice = Samples(*(np.repeat(column, 3) for column in once.columns()))

    for name in ("heart_rate_s", "median_heart_rate_s", "speed_s", "best_effort_m"):
        npt.assert_array_equal(getattr(histograms_of(thrice), name), getattr(histograms_of(once), name))


def test_smart_recording_counts_the_same_time() -> None:
    every = recording_of_run().samples
    chosen = np.unique(np.append(np.cumsum(np.resize([1, 8, 3, 6, 2], 1_000)), [0, HOUR_S]))
    smart = Samples(*(column[chosen[chosen <= HOUR_S]] for column in every.columns()))

    npt.assert_array_equal(histograms_of(smart).heart_rate_s, histograms_of(every).heart_rate_s)
    npt.assert_allclose(histograms_of(smart).best_effort_m, histograms_of(every).best_effort_m)


def test_paused_time_is_not_counted() -> None:
    samples = recording_of_run().samples
    paused = dataclasses.replace(
        samples, timestamp_s=samples.timestamp_s + np.where(np.arange(HOUR_S + 1) > 1_800, 600.0, 0.0)
    )

    assert histograms_of(paused).heart_rate_s.sum() == HOUR_S + 1


def test_no_effort_is_held_across_a_pause() -> None:
    samples = recording_of_run().samples
    rests = 200.0 * (np.arange(HOUR_S + 1) // 600)
    paused = dataclasses.replace(samples, timestamp_s=samples.timestamp_s + rests)

    assert histograms_of(paused).best_effort_m[3] < 0.9 * histograms_of(samples).best_effort_m[3]


@pytest.mark.parametrize(
    ("slope", "cost"),
    [(0.0, 3.6), (0.1, 5.968214), (-0.1, 2.151706), (0.45, 19.4260145625), (0.8, 19.4260145625)],
)
def test_running_costs_what_minetti_measured(slope: float, cost: float) -> None:
    npt.assert_allclose(running_cost(np.array([slope])), [cost])


def test_on_the_flat_adjusted_speed_is_speed() -> None:
    efforts = intensity_histograms(run_of(altitude_m=431.7)).best_effort_m

    npt.assert_allclose(efforts, [540, 1_080, 2_160, 3_600], rtol=1e-9)


def test_without_altitude_adjusted_speed_is_speed() -> None:
    npt.assert_array_equal(intensity_histograms(run_of()).best_effort_m, [540, 1_080, 2_160, 3_600])


def test_a_climb_of_a_tenth_is_found() -> None:
    long_run_plan = run_of(600, advance_m=2.0, altitude_m=0.2 * np.arange(600))

    npt.assert_allclose(grade(long_run_plan)[30:-30], 0.1)


def test_uphill_the_adjusted_speed_is_what_the_cost_says() -> None:
    long_run_plan = run_of(1_000, advance_m=2.0, altitude_m=0.2 * np.arange(1_000))

    efforts = intensity_histograms(long_run_plan).best_effort_m

    npt.assert_allclose(efforts[:2], [180 * 2 * 5.968214 / 3.6, 360 * 2 * 5.968214 / 3.6])


def test_standing_still_has_no_slope() -> None:
    drifting = run_of(600, advance_m=0.01, altitude_m=0.1 * np.arange(600))

    assert not grade(drifting).any()


def test_speed_falls_into_bins_of_a_twentieth() -> None:
    speed_s = intensity_histograms(run_of(advance_m=3.02)).speed_s

    assert speed_s[60] == HOUR_S


def test_a_ride_has_no_running_speed() -> None:
    ride = intensity_histograms(run_of(advance_m=8.0), is_run=False)

    assert not ride.speed_s.any()
    assert np.isnan(ride.best_effort_m).all()


def test_an_effort_longer_than_the_run_is_unknown() -> None:
    npt.assert_array_equal(np.isnan(best_efforts(np.full(721, 3.0))), [False, False, False, True])


def test_a_run_without_distance_has_no_effort() -> None:
    assert np.isnan(best_efforts(np.full(4_000, np.nan))).all()


@settings(max_examples=25)
@given(advance_m=stn.arrays(np.float64, st.integers(0, 800), elements=st.integers(0, 6).map(float)))
def test_best_effort_equals_the_best_of_all_windows(advance_m: Column) -> None:
    windows = [advance_m[end - 180 : end].sum() for end in range(181, len(advance_m) + 1)]
    expected = max(windows, default=np.nan) if advance_m.any() else np.nan

    npt.assert_array_equal(best_efforts(advance_m)[0], expected)


@settings(max_examples=50)
@given(
    rates=st.lists(st.integers(30, 240), max_size=200),
    threshold=st.integers(20, 250),
)
def test_hard_minutes_are_the_tail_of_the_histogram(rates: list[int], threshold: int) -> None:
    histogram = np.bincount(np.array(rates, np.int64), minlength=HEART_RATE_BINS).astype(np.int32)

    assert (
        minutes_above_heart_rate(histogram, float(threshold)) == sum(rate >= threshold for rate in rates) / 60
    )


@settings(max_examples=50)
@given(bins=st.lists(st.integers(0, SPEED_BINS - 1), max_size=200), first=st.integers(0, SPEED_BINS))
def test_fast_minutes_are_the_tail_of_the_histogram(bins: list[int], first: int) -> None:
    histogram = np.bincount(np.array(bins, np.int64), minlength=SPEED_BINS).astype(np.int32)

    assert minutes_above_speed(histogram, first * SPEED_BIN_MPS) == sum(place >= first for place in bins) / 60


def test_each_run_may_have_a_threshold_of_its_own() -> None:
    histograms = np.stack([by_heart_rate(bpm150=600, bpm170=300)] * 3)

    minutes = minutes_above_heart_rate(histograms, np.array([160.0, 150.0, np.nan]))

    npt.assert_array_equal(minutes, [5, 15, np.nan])


@pytest.mark.parametrize(("high_s", "expected"), [(3, 150), (4, 190)])
def test_the_997th_permille_is_passed_by_three_seconds_in_a_thousand(high_s: int, expected: int) -> None:
    histogram = by_heart_rate(bpm150=1_000 - high_s, bpm190=high_s)

    assert heart_rate_percentile(histogram, 99.7) == expected


def test_without_heart_rate_there_is_no_percentile() -> None:
    assert np.isnan(heart_rate_percentile(by_heart_rate(), 99.7))


def test_critical_speed_is_the_slope_of_distance_over_time() -> None:
    efforts_m = 4.0 * np.array([180, 360, 720, 1_200]) + 200

    assert critical_speed_mps(efforts_m) == pytest.approx(4.0)


def test_three_efforts_make_a_critical_speed() -> None:
    assert critical_speed_mps(np.array([920.0, np.nan, 3_080.0, 5_000.0])) == pytest.approx(4.0)


def test_with_two_efforts_the_best_twenty_minutes_decide() -> None:
    assert critical_speed_mps(np.array([np.nan, np.nan, 3_000.0, 4_800.0])) == pytest.approx(0.93 * 4.0)


def test_without_efforts_critical_speed_is_unknown() -> None:
    assert np.isnan(critical_speed_mps(np.array([920.0, 1_640.0, np.nan, np.nan])))


def test_histograms_of_another_shape_are_refused() -> None:
    good = intensity_histograms(run_of(10))

    with pytest.raises(ValueError, match="shape"):
        dataclasses.replace(good, speed_s=good.speed_s[:10])
