"""What is recorded as a run and moves like something else."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from ingest.analysis.summary import summarise
from ingest.formats.recording import Flag
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


SHAKEN_SPM = np.where(SECOND % 300 < 20, 70.0, 0.0)
"""What the wrist of a rider makes of a bad road."""


def test_a_ride_without_steps_is_found() -> None:
    assert words(moving(5.9, SHAKEN_SPM)) == ["ride"]


def test_a_ride_of_which_a_half_is_fast_is_found() -> None:
    assert words(moving(np.where(SECOND % 900 < 500, 7.2, 3.0), SHAKEN_SPM)) == ["ride"]


@pytest.mark.parametrize("speed_mps", [15 / 3.6, 5.0])
def test_a_fast_run_with_a_pram_holds_back_its_cadence_alone(speed_mps: float) -> None:
    held = 20 + 20 * np.sin(SECOND / 50)

    assert words(moving(speed_mps, held)) == ["cadence_unclear"]


def test_a_slow_run_with_a_pram_is_no_walk() -> None:
    assert words(moving(6.7 / 3.6, 90.0)) == ["cadence_unclear"]


def test_running_one_minute_in_five_after_a_warm_up_is_no_walk() -> None:
    """Run 1 min, walk 4 min: a beginner's first weeks, that must not vanish."""
    runs = (SECOND >= 600) & (SECOND % 300 < 60)

    assert words(moving(np.where(runs, 2.4, 1.5), np.where(runs, 152.0, 114.0))) == []


@pytest.mark.parametrize(("ascent_m", "found"), [(300.0, []), (30.0, ["walking"])])
def test_whoever_climbs_may_walk(ascent_m: float, found: list[str]) -> None:
    runs = np.where(SECOND % 400 < 30, 2.6, 1.3)

    assert words(moving(runs, 108.0, ascent_m=ascent_m)) == found


def test_a_mountain_run_of_which_a_sixth_is_run_is_no_walk() -> None:
    down = SECOND > 2_952

    assert words(moving(np.where(down, 2.6, 1.0), np.where(down, 160.0, 105.0), ascent_m=None)) == []


def test_a_fast_run_is_no_ride() -> None:
    assert words(moving(5.5, 186.0)) == []


def test_a_ride_without_cadence_is_found_by_its_pace() -> None:
    assert words(moving(5.9, None)) == ["ride"]


def test_a_fast_race_without_cadence_is_no_ride() -> None:
    assert words(moving(5.5, None)) == []


def test_a_quarter_of_an_hour_that_fast_is_no_ride() -> None:
    assert words(moving(6.0, None, duration_s=900)) == []


@pytest.mark.parametrize("steps_spm", [0.0, np.nan, 40.0])
def test_a_bus_home_after_a_run_is_found(steps_spm: float) -> None:
    by_bus = SECOND > 2_700
    run = moving(np.where(by_bus, 5.0, 3.0), np.where(by_bus, steps_spm, 170.0))

    assert words(run) == ["partly_ridden"]


@pytest.mark.parametrize("period_s", [20, 90, 400])
def test_a_drive_through_town_after_a_run_is_found(period_s: int) -> None:
    """8 km at 2.6 to 8.6 m/s after 10 km on foot: 18.4 km that nobody ran."""
    second = np.arange(4_901)
    drive_mps = 5.6 + 3.0 * np.sin(2 * np.pi * second / period_s)
    by_car = second > 3_500
    pulse = np.round(145 + 12 * np.sin(second / 20))
    run = moving(
        np.where(by_car, drive_mps, 2.9), np.where(by_car, 0.0, 168.0), duration_s=4_900, heart_rate_bpm=pulse
    )

    assert words(run) == ["partly_ridden"]


def test_a_drive_home_without_any_cadence_is_found_where_nobody_runs_so_fast() -> None:
    assert words(moving(np.where(SECOND > 2_900, 9.0, 3.0), None)) == ["partly_ridden"]


def test_a_drive_that_makes_no_spike_is_let_pass() -> None:
    drives = (SECOND > 1_800) & (SECOND < 1_950)

    assert words(moving(np.where(drives, 5.5, 3.0), np.where(drives, 0.0, 170.0))) == []


@pytest.mark.parametrize("speed_mps", [3.6, 4.8])
def test_a_foot_pod_that_dies_in_a_race_makes_no_ride_of_it(speed_mps: float) -> None:
    assert words(moving(speed_mps, np.where(SECOND > 2_000, 0.0, 182.0))) == []


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
