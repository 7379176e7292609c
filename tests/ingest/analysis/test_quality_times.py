"""Clocks, pauses and records that are in a file twice."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from ingest.analysis.summary import summarise
from ingest.formats.recording import Recording
from odd_runs import HOUR_S, SECOND, taken, told, with_samples, words
from support import START, recording_of_run


def repeating(repeated_s: int) -> Recording:
    """A run whose first seconds come again in the middle of the file."""
    second = np.arange(HOUR_S + 1)
    rows = np.concatenate((second[:1_800], second[:repeated_s], second[1_800:]))
    rate = 150 + 10 * np.sin(second / 60)
    return taken(recording_of_run(heart_rate_bpm=np.round(rate)), rows)


def stuttering(share: float) -> Recording:
    """A run of which that share of the records comes a second time, within the same second."""
    second = np.arange(HOUR_S + 1)
    rows = np.sort(np.concatenate((second, second[: round(share * HOUR_S)])))
    return taken(recording_of_run(), rows)


@pytest.mark.parametrize(
    ("started_at", "found"),
    [
        (datetime(1999, 12, 31, 23, 59, tzinfo=UTC), ["clock"]),
        (datetime(2000, 1, 1, tzinfo=UTC), []),
        (START + timedelta(days=1), []),
        (START + timedelta(days=1, seconds=1), ["future"]),
        (START + timedelta(days=900), ["future"]),
    ],
)
def test_a_start_long_ago_or_still_to_come_is_the_clock(started_at: datetime, found: list[str]) -> None:
    assert words(recording_of_run(started_at), now=START) == found


def test_without_now_no_start_is_still_to_come() -> None:
    assert words(recording_of_run(START + timedelta(days=900))) == []


def test_a_long_pause_is_named() -> None:
    assert words(told(recording_of_run(), timer_s=3_500.0, elapsed_s=7_100.0)) == ["elapsed_much_longer"]


@pytest.mark.parametrize("elapsed_s", [3_600.0, 7_000.0])
def test_a_pause_no_longer_than_the_run_is_not_odd(elapsed_s: float) -> None:
    assert words(told(recording_of_run(), timer_s=3_600.0, elapsed_s=elapsed_s)) == []


def test_half_an_hour_of_standing_around_after_a_short_run_is_not_odd() -> None:
    short = recording_of_run(duration_s=600, distance_m=1_800.0)

    assert words(told(short, elapsed_s=2_400.0)) == []


def test_more_time_in_motion_than_went_by_is_named() -> None:
    assert words(told(recording_of_run(), timer_s=3_600.0, elapsed_s=1_800.0)) == ["timer_beyond_elapsed"]


def test_two_times_that_differ_by_a_minute_are_rounded() -> None:
    assert words(told(recording_of_run(), timer_s=3_660.0, elapsed_s=3_600.0)) == []


@pytest.mark.parametrize(
    "claimed", [{"timer_s": 4e6, "elapsed_s": 4e6}, {"timer_s": 36e3, "elapsed_s": 36e3, "distance_m": 105e3}]
)
def test_a_timer_that_went_on_for_longer_than_the_records_counts_for_no_distance(
    claimed: dict[str, float],
) -> None:
    """46 days within an hour; 105 km in ten hours of which one hour and 10 km were recorded."""
    summary = summarise(told(recording_of_run(), **claimed))

    assert [flag.code for flag in summary.flags] == ["timer_beyond_records"]
    assert not summary.counts_distance


def test_a_few_minutes_that_were_not_recorded_are_not_odd() -> None:
    assert words(told(recording_of_run(), timer_s=4_200.0, elapsed_s=4_200.0)) == []


def test_records_that_share_a_second_are_named() -> None:
    assert words(stuttering(0.5)) == ["several_per_second"]


def test_a_second_twice_here_and_there_is_not_odd() -> None:
    assert words(stuttering(0.05)) == []


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_records_that_share_a_second_change_no_speed_and_no_heart_rate(share: float) -> None:
    once, twice = summarise(recording_of_run()), summarise(stuttering(share))

    assert once.intensity is not None
    assert twice.intensity is not None
    assert twice.intensity.speed_s.tolist() == once.intensity.speed_s.tolist()
    assert twice.intensity.median_heart_rate_s.tolist() == once.intensity.median_heart_rate_s.tolist()
    assert (twice.steady_speed_mps, twice.steady_cadence_spm) == (
        once.steady_speed_mps,
        once.steady_cadence_spm,
    )


def test_a_part_that_is_in_the_file_twice_is_named() -> None:
    assert "recorded_twice" in words(repeating(600))


def test_a_few_records_that_come_again_are_not_odd() -> None:
    assert words(repeating(60)) == []


def test_a_clock_that_was_put_back_repeats_seconds_but_no_record() -> None:
    back_s = np.where(SECOND > 1_800, 1_500.0, 0.0)
    run = recording_of_run()

    assert words(with_samples(run, timestamp_s=run.samples.timestamp_s - back_s)) == []


def test_a_run_of_the_future_counts_for_nothing() -> None:
    made = summarise(recording_of_run(START + timedelta(days=30)), now=START)

    assert (made.counts_distance, made.counts_intensity, made.counts_cadence) == (False, False, False)


def test_a_run_without_samples_is_judged_by_its_session() -> None:
    bare = taken(recording_of_run(), np.zeros(0, dtype=np.int64))

    assert words(dataclasses.replace(told(bare, timer_s=3_600.0))) == []
