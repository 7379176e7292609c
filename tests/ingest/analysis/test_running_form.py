"""How a run began, ended and held its steps, on runs worked out by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from ingest.analysis.intensity import HEART_RATE_BINS
from ingest.analysis.running_form import climbed_m
from ingest.analysis.summary import summarise
from ingest.analysis.trimp import banister_trimp, edwards_trimp
from support import recording_of_run

LONG_S = 5_400


def rates(easy_bpm: float, hard_bpm: float, start: int, stop: int, n: int = 3_601) -> np.ndarray:
    heart_rate_bpm = np.full(n, easy_bpm)
    heart_rate_bpm[start:stop] = hard_bpm
    return heart_rate_bpm


@pytest.mark.parametrize(("stop", "opening_bpm"), [(180 + 300, 130.0), (180 + 301, 130.0), (700, 180.0)])
def test_three_minutes_of_the_first_ten_tell_the_opening(stop: int, opening_bpm: float) -> None:
    """Minutes 3 to 10 are heard: 420 seconds, of which five minutes at 130 leave two at 180."""
    heart_rate_bpm = rates(180.0, 130.0, 0, stop) if opening_bpm == 130.0 else rates(130.0, 180.0, 300, stop)

    assert summarise(recording_of_run(heart_rate_bpm=heart_rate_bpm)).opening_bpm == opening_bpm


def test_the_last_five_minutes_tell_the_closing() -> None:
    summary = summarise(recording_of_run(heart_rate_bpm=rates(150.0, 120.0, 3_301, 3_601)))

    assert summary.closing_bpm == 120.0


def test_a_short_run_has_no_end_of_its_own() -> None:
    assert summarise(recording_of_run(duration_s=600)).closing_bpm is None


def test_steps_that_become_fewer_at_the_same_speed_are_a_fade() -> None:
    """170 for an hour, then 160: the mean is near 167, so the fade is near 6 %."""
    cadence_spm = np.where(np.arange(LONG_S + 1) < 3_600, 170.0, 160.0)
    summary = summarise(
        recording_of_run(
            distance_m=15_000.0, duration_s=LONG_S, cadence_spm=cadence_spm, heart_rate_bpm=150.0
        )
    )

    assert summary.cadence_fade_percent == pytest.approx(-6.0, abs=0.1)


def test_slowing_down_is_no_fade() -> None:
    """Half a metre per second slower goes with three steps less between runners."""
    late = np.arange(LONG_S + 1) >= 3_600
    speed_mps = np.where(late, 2.5, 3.0)
    recording = recording_of_run(
        duration_s=LONG_S,
        cadence_spm=np.where(late, 167.0, 170.0),
        distance_m=1.0,
    )
    samples = dataclasses.replace(recording.samples, distance_m=np.cumsum(speed_mps), speed_mps=speed_mps)
    summary = summarise(dataclasses.replace(recording, samples=samples))

    assert summary.cadence_fade_percent == pytest.approx(0.0, abs=0.05)


def test_a_run_of_an_hour_has_no_fade() -> None:
    assert summarise(recording_of_run(duration_s=3_500)).cadence_fade_percent is None


def test_ground_contact_is_the_median_of_the_steady_part() -> None:
    """The first five minutes are not steady."""
    balance = np.where(np.arange(3_601) < 300, 40.0, 51.5)
    summary = summarise(recording_of_run(stance_time_balance_percent=balance, stance_time_ms=240.0))

    assert (summary.stance_balance_percent, summary.stance_time_ms, summary.vertical_ratio_percent) == (
        51.5,
        240.0,
        None,
    )


def test_a_hill_is_climbed_once_whatever_the_noise() -> None:
    chance = np.random.default_rng(7)
    hill_m = np.interp(np.arange(3_600), [0, 1_200, 2_400, 3_600], [10.0, 110.0, 10.0, 10.0])
    up, down = climbed_m(hill_m + chance.normal(0.0, 0.5, 3_600))

    assert (up, down) == (pytest.approx(100.0, abs=5.0), pytest.approx(100.0, abs=5.0))


def test_what_the_watch_says_of_the_climb_goes_before_the_altitude() -> None:
    altitude_m = np.interp(np.arange(3_601), [0, 3_600], [0.0, 300.0])
    told = summarise(recording_of_run(altitude_m=altitude_m, ascent_m=280.0))
    silent = summarise(recording_of_run(altitude_m=altitude_m, ascent_m=None, descent_m=None))

    assert (told.ascent_m, silent.ascent_m) == (280.0, pytest.approx(300.0, abs=5.0))


def test_edwards_counts_minutes_by_zone() -> None:
    """Ten minutes at 60 % are zone 2, ten at 95 % zone 5: 20 and 50."""
    heart_rate_s = np.zeros((1, HEART_RATE_BINS), np.int32)
    heart_rate_s[0, 120] = heart_rate_s[0, 190] = 600

    assert edwards_trimp(heart_rate_s, np.array([200.0])).tolist() == [70.0]


def test_banister_weighs_the_reserve() -> None:
    """Half an hour at half the reserve: 30 x 0.5 x 0.64 e^0.96."""
    heart_rate_s = np.zeros((1, HEART_RATE_BINS), np.int32)
    heart_rate_s[0, 130] = 1_800

    assert banister_trimp(heart_rate_s, np.array([200.0])) == pytest.approx(30 * 0.5 * 0.64 * np.exp(0.96))


@pytest.mark.parametrize("impulse", [edwards_trimp, banister_trimp])
def test_without_a_threshold_there_is_no_impulse(impulse: object) -> None:
    heart_rate_s = np.full((1, HEART_RATE_BINS), 10, np.int32)

    assert np.isnan(impulse(heart_rate_s, np.array([np.nan]))).all()  # type: ignore[operator]
