"""What is recorded as a run and moves like something else."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from ingest.recording import Flag
from ingest.summary import summarise
from odd_runs import HOUR_S, SECOND, moving, told, with_samples, words
from support import recording_of_run


@pytest.mark.parametrize("sub_sport", ["treadmill", "indoor_running", "virtual_activity"])
def test_a_treadmill_is_named(sub_sport: str) -> None:
    assert words(recording_of_run(sub_sport=sub_sport, start_position=None)) == ["treadmill"]


def test_a_run_without_any_position_is_named() -> None:
    assert words(recording_of_run(start_position=None)) == ["no_position"]


def test_one_position_is_enough() -> None:
    run = recording_of_run()
    late = np.where(SECOND > 3_500, run.samples.latitude_deg, np.nan)

    assert words(with_samples(run, latitude_deg=late)) == []


def test_a_damaged_file_may_have_lost_its_positions() -> None:
    cut_off = dataclasses.replace(recording_of_run(start_position=None), flags=(Flag("truncated"),))

    assert words(cut_off) == ["truncated"]


def test_a_treadmill_and_a_run_without_positions_count_for_everything() -> None:
    for recording in (recording_of_run(sub_sport="treadmill"), recording_of_run(start_position=None)):
        summary = summarise(recording)

        assert summary.counts_distance
        assert summary.counts_intensity
        assert summary.counts_cadence


def test_a_walk_recorded_as_a_run_is_found() -> None:
    assert words(moving(1.5, 116.0)) == ["walking"]


@pytest.mark.parametrize(("speed_mps", "cadence_spm"), [(1.8, 150.0), (2.1, 124.0), (1.6, 136.0)])
def test_a_slow_run_is_no_walk(speed_mps: float, cadence_spm: float) -> None:
    assert words(moving(speed_mps, cadence_spm)) == []


def test_a_run_with_walking_breaks_is_a_run() -> None:
    """Three minutes of walking for each of running: more than any real file here has."""
    runs = np.arange(HOUR_S + 1) % 240 < 60

    assert words(moving(np.where(runs, 2.8, 1.5), np.where(runs, 164.0, 114.0))) == []


def test_whoever_stands_about_does_not_walk() -> None:
    """Five minutes of walking and fifty of standing after a run of five."""
    speed = np.select([SECOND < 300, SECOND < 600], [2.8, 1.4], 0.0)
    steps = np.select([SECOND < 300, SECOND < 600], [166.0, 112.0], 0.0)

    assert words(moving(speed, steps)) == []


@pytest.mark.parametrize("sub_sport", ["trail", "ultra"])
def test_on_a_trail_steep_ways_are_walked(sub_sport: str) -> None:
    assert words(moving(1.3, 110.0, sub_sport=sub_sport)) == []


def test_without_cadence_a_slow_pace_proves_nothing() -> None:
    assert words(moving(1.5, None)) == []


def test_a_sensor_that_only_says_zero_proves_nothing() -> None:
    assert words(moving(3.0, 0.0)) == []


def test_a_short_walk_is_not_judged() -> None:
    assert words(moving(1.5, 116.0, duration_s=240)) == []


def test_a_ride_without_steps_is_found() -> None:
    shaken = np.where(SECOND % 300 < 20, 70.0, 0.0)

    assert words(moving(5.0, shaken)) == ["ride"]


def test_a_fast_run_is_no_ride() -> None:
    assert words(moving(5.5, 186.0)) == []


def test_a_ride_without_cadence_is_found_by_its_pace() -> None:
    assert words(moving(5.9, None)) == ["ride"]


def test_a_fast_race_without_cadence_is_no_ride() -> None:
    assert words(moving(5.5, None)) == []


def test_a_quarter_of_an_hour_that_fast_is_no_ride() -> None:
    assert words(moving(6.0, None, duration_s=900)) == []


def test_a_bus_home_after_a_long_run_makes_no_ride_of_it() -> None:
    by_bus = SECOND > 2_700

    assert words(moving(np.where(by_bus, 5.0, 3.0), np.where(by_bus, 0.0, 170.0))) == []


def test_a_ride_with_a_crank_sensor_is_found_by_its_long_steps() -> None:
    assert words(moving(6.2, 2 * 80.0)) == ["long_steps"]


def test_a_foot_pod_that_measures_double_is_found() -> None:
    assert words(moving(6.0, 160.0, start_position=None, sub_sport="treadmill")) == [
        "treadmill",
        "long_steps",
    ]


def test_a_miler_makes_long_steps() -> None:
    assert words(moving(6.6, 190.0, duration_s=400)) == []


@pytest.mark.parametrize(("speed_mps", "cadence_spm"), [(3.2, 86.0), (1.0, 170.0), (2.6, 226.0)])
def test_steps_that_do_not_fit_the_speed_are_found(speed_mps: float, cadence_spm: float) -> None:
    """Strides taken for steps; a treadmill far from calibrated; a walker's steps taken for strides."""
    assert words(moving(speed_mps, cadence_spm)) == ["cadence_unclear"]


@pytest.mark.parametrize(("speed_mps", "cadence_spm"), [(1.9, 176.0), (2.2, 214.0), (5.6, 182.0)])
def test_short_quick_and_long_steps_are_possible(speed_mps: float, cadence_spm: float) -> None:
    assert words(moving(speed_mps, cadence_spm)) == []


def test_steps_in_place_of_strides_are_put_right_and_told() -> None:
    run = recording_of_run(cadence_spm=172.0)
    in_steps = with_samples(run, cadence_rpm=172.0)

    assert words(told(in_steps, avg_cadence_rpm=172.0)) == ["cadence_in_steps"]
    assert summarise(in_steps).avg_cadence_spm == 172.0


def test_a_ride_recorded_as_a_ride_is_not_guessed_at() -> None:
    assert words(moving(3.0, 170.0, sport="cycling")) == []
