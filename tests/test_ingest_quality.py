"""The gate lets through what a rule may rest on, and says why not."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from ingest.load import intensity_histograms
from ingest.quality import RULES, Verdict, inspect, inspect_heart_rate, sentence_of, surface, verdict
from ingest.recording import Flag, Recording
from ingest.seconds import every_second
from support import START, recording_of_run

HOUR_S = 3_600


def words(recording: Recording, *, now: datetime | None = None) -> list[str]:
    return [flag.word for flag in inspect(recording.sessions[0], recording.samples, now=now)]


def heart_words(recording: Recording) -> list[str]:
    seconds = every_second(recording.samples, 2 * recording.samples.cadence_rpm)
    return [flag.word for flag in inspect_heart_rate(seconds, intensity_histograms(seconds))]


def scattered(share: float, leap_deg: float) -> Recording:
    """A run of which that share of the steps between positions is a leap to the side."""
    recording = recording_of_run()
    leaps = np.zeros(HOUR_S + 1)
    leaps[: round(share * HOUR_S)] = leap_deg
    longitude = recording.samples.longitude_deg + np.cumsum(leaps)
    return dataclasses.replace(
        recording, samples=dataclasses.replace(recording.samples, longitude_deg=longitude)
    )


def leaping(leap_m: float, *, over_s: int = 1) -> Recording:
    """A run whose distance leaps once, halfway."""
    recording = recording_of_run()
    second = np.arange(HOUR_S + 1)
    distance_m = recording.samples.distance_m + leap_m * np.clip((second - 1_800) / over_s, 0, 1)
    kept = (second <= 1_800) | (second >= 1_800 + over_s)
    samples = dataclasses.replace(recording.samples, distance_m=np.where(kept, distance_m, np.nan))
    return dataclasses.replace(recording, samples=samples)


def test_an_ordinary_run_is_not_odd() -> None:
    recording = recording_of_run()

    assert words(recording, now=START) + heart_words(recording) == []


def test_faster_than_seven_metres_a_second_on_average_is_impossible() -> None:
    assert words(recording_of_run(distance_m=7.1 * HOUR_S)) == ["impossible_speed"]


def test_seven_metres_a_second_are_possible() -> None:
    assert words(recording_of_run(distance_m=7.0 * HOUR_S)) == []


def test_a_fast_ride_is_possible() -> None:
    assert words(recording_of_run(distance_m=11.0 * HOUR_S, sport="cycling")) == []


@pytest.mark.parametrize(("share", "found"), [(0.04, []), (0.06, ["impossible_speed"])])
def test_positions_far_apart_are_impossible_when_many(share: float, found: list[str]) -> None:
    assert words(scattered(share, 0.0005)) == found


def test_positions_ten_metres_apart_are_possible() -> None:
    assert words(scattered(0.5, 0.00014)) == []


@pytest.mark.parametrize(
    ("started_at", "found"),
    [
        (datetime(1999, 12, 31, 23, 59, tzinfo=UTC), ["clock"]),
        (datetime(2000, 1, 1, tzinfo=UTC), []),
        (START + timedelta(days=1), []),
        (START + timedelta(days=1, seconds=1), ["clock"]),
    ],
)
def test_a_start_long_ago_or_still_to_come_is_the_clock(started_at: datetime, found: list[str]) -> None:
    assert words(recording_of_run(started_at), now=START) == found


def test_without_now_no_start_is_still_to_come() -> None:
    assert words(recording_of_run(START + timedelta(days=900))) == []


def test_a_distance_that_leaps_is_found() -> None:
    assert words(leaping(600.0)) == ["distance_jump"]


def test_a_leap_of_less_than_a_twentieth_is_let_pass() -> None:
    assert words(leaping(500.0)) == []


def test_a_distance_gained_in_ten_seconds_without_samples_is_no_leap() -> None:
    assert words(leaping(600.0, over_s=10)) == []


@pytest.mark.parametrize("distance_m", [None, 0.0])
def test_a_run_without_distance_is_named(distance_m: float | None) -> None:
    assert words(recording_of_run(distance_m=distance_m)) == ["no_distance"]


def test_a_walk_without_distance_is_not_odd() -> None:
    assert words(recording_of_run(distance_m=None, sport="walking")) == []


@pytest.mark.parametrize("sub_sport", ["treadmill", "indoor_running"])
def test_a_treadmill_is_named(sub_sport: str) -> None:
    assert words(recording_of_run(sub_sport=sub_sport)) == ["treadmill"]


def test_a_long_pause_is_named() -> None:
    assert words(recording_of_run(distance_m=5_000.0, timer_s=1_700.0)) == ["elapsed_much_longer"]


def test_a_short_pause_is_not_odd() -> None:
    assert words(recording_of_run(timer_s=2_000.0)) == []


@pytest.mark.parametrize(("missing_s", "found"), [(1_000, []), (1_200, ["heart_rate_dropouts"])])
def test_heart_rate_that_is_missing_for_long_is_named(missing_s: int, found: list[str]) -> None:
    rate = np.where(np.arange(HOUR_S + 1) < missing_s, np.nan, 150.0)

    assert heart_words(recording_of_run(heart_rate_bpm=rate)) == found


def test_a_run_without_heart_rate_has_no_dropouts() -> None:
    assert heart_words(recording_of_run(heart_rate_bpm=None)) == []


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("impossible_speed", Verdict(False, False, False)),
        ("clock", Verdict(False, False, False)),
        ("distance_jump", Verdict(False, True, True)),
        ("no_distance", Verdict(False, True, False)),
        ("heart_rate_dropouts", Verdict(True, False, True)),
        ("treadmill", Verdict(True, True, True)),
        ("truncated", Verdict(True, True, True)),
        ("unterminated", Verdict(True, True, True)),
        ("checksum", Verdict(True, True, True)),
        ("never_heard_of", Verdict(True, True, True)),
    ],
)
def test_a_flag_decides_what_counts(word: str, expected: Verdict) -> None:
    assert verdict([Flag(word)]) == expected


def test_what_one_flag_refuses_no_other_allows() -> None:
    assert verdict([Flag("distance_jump"), Flag("heart_rate_dropouts")]) == Verdict(False, False, True)


def test_without_flags_everything_counts() -> None:
    assert verdict([]) == Verdict(True, True, True)


@pytest.mark.parametrize("word", RULES)
def test_every_rule_has_a_sentence(word: str) -> None:
    assert sentence_of(Flag(word)).endswith(".")


def test_an_unknown_word_is_told_with_what_was_seen() -> None:
    assert sentence_of(Flag("odd_thing", "seen at byte 12")) == "seen at byte 12"


@pytest.mark.parametrize(
    ("sub_sport", "ground"),
    [
        (None, "road"),
        ("street", "road"),
        ("generic", "road"),
        ("trail", "trail"),
        ("track", "track"),
        ("treadmill", "treadmill"),
        ("indoor_running", "treadmill"),
    ],
)
def test_cadence_is_compared_on_the_same_ground(sub_sport: str | None, ground: str) -> None:
    assert surface(sub_sport) == ground
