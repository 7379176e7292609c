"""Leaps, doubled distances and speeds that nobody runs."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from ingest.analysis.quality.distance_checks import RECORD_M, RECORD_MPS, fastest_mps
from ingest.formats.recording import Flag, Recording
from odd_runs import (
    HOUR_S,
    PULSE_BPM,
    SECOND,
    details,
    leaping,
    moving,
    scattered,
    taken,
    told,
    with_samples,
    words,
)
from support import recording_of_run


def doubled(factor: float = 2.0) -> Recording:
    """A run whose recorded distance is a multiple of the way between its positions."""
    run = recording_of_run(distance_m=8_000.0)
    distance_m = factor * run.samples.distance_m
    return told(with_samples(run, distance_m=distance_m), distance_m=float(distance_m[-1]))


def test_an_ordinary_run_is_not_odd() -> None:
    assert words(recording_of_run()) == []


@pytest.mark.parametrize(("distance_m", "speed_mps"), [*zip(RECORD_M, RECORD_MPS, strict=True)])
def test_a_world_record_is_possible(distance_m: float, speed_mps: float) -> None:
    assert speed_mps < fastest_mps(distance_m)


@pytest.mark.parametrize("distance_m", [150.0, 3_000.0, 15_000.0, 30_000.0, 1e6, 1e300])
def test_the_farther_the_slower(distance_m: float) -> None:
    assert 3.7 < fastest_mps(distance_m) <= fastest_mps(distance_m / 1.1)


@pytest.mark.parametrize(("speed_mps", "found"), [(6.0, []), (6.8, ["impossible_speed"])])
def test_faster_than_the_world_record_is_impossible(speed_mps: float, found: list[str]) -> None:
    assert words(recording_of_run(distance_m=speed_mps * HOUR_S, cadence_spm=190.0)) == found


def test_a_sprint_over_two_hundred_metres_is_possible() -> None:
    assert words(recording_of_run(distance_m=190.0, duration_s=20)) == []


def test_a_fast_ride_is_possible() -> None:
    assert words(recording_of_run(distance_m=11.0 * HOUR_S, sport="cycling")) == []


def test_a_timer_that_is_too_short_makes_no_run_impossible() -> None:
    assert words(told(recording_of_run(), timer_s=600.0, elapsed_s=600.0)) == []


@pytest.mark.parametrize(("share", "found"), [(0.04, []), (0.1, ["position_jumps"])])
def test_positions_that_leap_without_the_distance_are_harmless(share: float, found: list[str]) -> None:
    assert words(scattered(share, 0.0006)) == found


def test_a_distance_that_follows_scattered_positions_is_impossible() -> None:
    """Every tenth position lies 18 m aside: too little for a leap, too much for a runner."""
    step_m = np.where(np.arange(HOUR_S + 1) % 10 == 0, 18.0, 2.0)

    assert words(moving(step_m, 170.0)) == ["impossible_speed"]


def test_positions_ten_metres_apart_are_possible() -> None:
    step_m = np.where(np.arange(HOUR_S + 1) % 10 == 0, 10.0, 2.0)

    assert words(moving(step_m, 170.0)) == []


def test_a_distance_that_leaps_is_found() -> None:
    assert words(leaping(600.0)) == ["distance_jump"]


def test_a_leap_is_told_with_its_length_and_time() -> None:
    assert details(leaping(3_200.0, over_s=5)) == ["3214 m in 5 s"]


def test_half_a_kilometre_is_a_leap_in_the_longest_run_too() -> None:
    """800 m of 30 km are less than a twentieth, and enough for a spike."""
    run = recording_of_run(distance_m=30_000.0, duration_s=9_000)
    leap_m = np.where(np.arange(9_001) > 4_500, 800.0, 0.0)
    long = with_samples(run, distance_m=run.samples.distance_m + leap_m)

    assert words(told(long, distance_m=30_800.0)) == ["distance_jump"]


def test_a_telephone_that_hesitates_and_catches_up_is_not_odd() -> None:
    """Every ten seconds it adds 2 m, and 38 m a second later."""
    second = np.arange(HOUR_S + 1)
    gained_m = np.select([second % 10 == 0, second % 10 == 1], [2.0, 38.0], 0.0)
    run = recording_of_run(distance_m=14_400.0, heart_rate_bpm=PULSE_BPM)

    assert words(with_samples(run, distance_m=np.cumsum(gained_m))) == []


def test_a_few_metres_are_no_speed() -> None:
    assert words(recording_of_run(distance_m=60.0, duration_s=4)) == []


def test_a_leap_that_makes_no_spike_is_let_pass() -> None:
    assert words(leaping(400.0)) == []


@pytest.mark.parametrize(("over_s", "found"), [(30, ["distance_jump"]), (60, [])])
def test_a_gap_without_samples_may_be_run_through(over_s: int, found: list[str]) -> None:
    assert words(leaping(600.0, over_s=over_s)) == found


def test_a_distance_that_stood_still_in_a_tunnel_may_catch_up() -> None:
    run = recording_of_run(distance_m=12_000.0, heart_rate_bpm=PULSE_BPM)
    distance_m = run.samples.distance_m
    frozen = np.where((SECOND > 1_800) & (SECOND <= 2_040), distance_m[1_800], distance_m)

    assert words(with_samples(run, distance_m=frozen)) == []


@pytest.mark.parametrize("every_s", [3, 8, 20])
def test_a_telephone_that_writes_its_distance_in_steps_is_not_odd(every_s: int) -> None:
    run = recording_of_run(distance_m=14_000.0, heart_rate_bpm=PULSE_BPM)
    stepped = run.samples.distance_m[np.arange(HOUR_S + 1) // every_s * every_s]

    assert words(with_samples(run, distance_m=stepped)) == []


def test_a_distance_twice_as_long_as_its_positions_is_found() -> None:
    assert words(doubled()) == ["doubled_distance"]


@pytest.mark.parametrize("factor", [0.5, 0.9, 1.15, 1.6, 2.5])
def test_a_distance_that_is_wrong_otherwise_is_not_doubled(factor: float) -> None:
    """A foot pod may be off, and beneath a roof the positions stand still."""
    run = recording_of_run(distance_m=6_000.0)
    off = with_samples(run, distance_m=factor * run.samples.distance_m)

    assert "doubled_distance" not in words(told(off, distance_m=factor * 6_000.0))


def test_a_treadmill_is_not_held_to_positions() -> None:
    indoors = told(doubled(), sub_sport="treadmill")

    assert words(indoors) == ["treadmill"]


def test_a_total_twice_as_long_as_the_records_is_found() -> None:
    assert words(told(recording_of_run(), distance_m=20_000.0)) == ["doubled_distance"]


@pytest.mark.parametrize(
    ("total_m", "found"),
    [(7_000.0, 1), (8_500.0, 0), (11_900.0, 0), (13_000.0, 1), (105_000.0, 1)],
)
def test_a_total_that_is_unlike_the_records_is_found(total_m: float, found: int) -> None:
    assert words(told(recording_of_run(), distance_m=total_m)).count("distance_unlike_records") == found


def test_a_total_that_the_runner_corrected_on_a_treadmill_is_believed() -> None:
    indoors = recording_of_run(sub_sport="treadmill", start_position=None)

    assert words(told(indoors, distance_m=13_000.0)) == ["treadmill"]


def test_records_that_begin_anew_on_the_way_make_the_total_together() -> None:
    run = recording_of_run(start_position=None, sub_sport="track")
    anew = np.where(SECOND > 1_800, run.samples.distance_m - 5_000.0, run.samples.distance_m)

    assert "distance_unlike_records" not in words(with_samples(run, distance_m=anew))


def test_records_that_stop_halfway_double_nothing_and_bear_nothing_out() -> None:
    half = taken(recording_of_run(distance_m=20_000.0, duration_s=7_200), np.arange(3_600))

    assert words(told(half, distance_m=20_000.0, timer_s=7_200.0)) == ["timer_beyond_records"]


def test_a_damaged_file_may_have_lost_half_of_its_records() -> None:
    damaged = dataclasses.replace(recording_of_run(), flags=(Flag("undefined_message"),))

    assert words(told(damaged, distance_m=20_000.0)) == ["undefined_message"]


@pytest.mark.parametrize("distance_m", [None, 0.0])
def test_a_run_without_distance_is_named(distance_m: float | None) -> None:
    assert words(recording_of_run(distance_m=distance_m)) == ["no_distance"]


def test_a_walk_without_distance_is_not_odd() -> None:
    assert words(recording_of_run(distance_m=None, sport="walking")) == []
