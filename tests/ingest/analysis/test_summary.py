"""A summary says what the watch says, and fills in what it leaves out."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.analysis.summary import ActivitySummary, UnusableActivityError, summarise
from ingest.formats.fit.decode import decode_fit
from ingest.formats.recording import Flag, Recording, Samples, Session
from support import START, recording_of_run

HOUR_S = 3_600
SHARED = Path(__file__).parents[4] / "shared" / "fit"


def told(recording: Recording, **changes: object) -> Recording:
    """The same recording whose session says something else."""
    session = dataclasses.replace(recording.sessions[0], **changes)  # type: ignore[arg-type]
    return dataclasses.replace(recording, sessions=(session,))


def without_samples(recording: Recording) -> Recording:
    return dataclasses.replace(recording, samples=Samples.of(0), sessions=told(recording, stop=0).sessions)


def in_steps(recording: Recording) -> Recording:
    doubled = dataclasses.replace(recording.samples, cadence_rpm=2 * recording.samples.cadence_rpm)
    return dataclasses.replace(recording, samples=doubled)


@settings(max_examples=25)
@given(
    distance_m=st.floats(100.0, 25_000.0),
    timer_s=st.floats(1.0, 90_000.0),
    average_bpm=st.floats(60.0, 200.0),
)
def test_what_the_watch_says_is_taken_over(distance_m: float, timer_s: float, average_bpm: float) -> None:
    recording = recording_of_run(duration_s=60)
    summary = summarise(
        told(recording, distance_m=distance_m, timer_s=timer_s, avg_heart_rate_bpm=average_bpm)
    )

    assert (summary.distance_m, summary.timer_s) == (distance_m, timer_s)
    assert summary.avg_heart_rate_bpm == average_bpm


def test_a_summary_knows_sport_start_device_and_size() -> None:
    summary = summarise(recording_of_run(sub_sport="trail", utc_offset_s=3_600))

    assert (summary.sport, summary.sub_sport, summary.started_at) == ("running", "trail", START)
    assert (summary.device, summary.utc_offset_s, summary.records) == ("garmin fr965", 3_600, HOUR_S + 1)


def test_an_ordinary_run_counts_for_everything() -> None:
    summary = summarise(recording_of_run())

    assert summary.flags == ()
    assert summary.counts_distance
    assert summary.counts_intensity
    assert summary.counts_cadence


def test_the_last_distance_stands_in_for_the_sessions() -> None:
    assert summarise(told(recording_of_run(), distance_m=None)).distance_m == 10_000.0


def test_the_recorded_time_stands_in_for_the_timer() -> None:
    paused_s = np.where(np.arange(HOUR_S + 1) > 1_000, 900.0, 0.0)
    recording = told(recording_of_run(), timer_s=None, elapsed_s=None)
    samples = dataclasses.replace(recording.samples, timestamp_s=recording.samples.timestamp_s + paused_s)
    summary = summarise(dataclasses.replace(recording, samples=samples))

    assert summary.timer_s == HOUR_S - 1
    assert summary.elapsed_s == HOUR_S + 900


def test_the_samples_stand_in_for_the_averages() -> None:
    rate = np.where(np.arange(HOUR_S + 1) % 2 == 0, 150.0, 152.0)
    recording = recording_of_run(heart_rate_bpm=rate, cadence_spm=172.0)
    summary = summarise(
        told(recording, avg_heart_rate_bpm=None, max_heart_rate_bpm=None, avg_cadence_rpm=None)
    )

    assert summary.avg_heart_rate_bpm == pytest.approx(151, abs=0.001)
    assert (summary.max_heart_rate_bpm, summary.avg_cadence_spm) == (152, 172)


def test_the_first_dated_sample_stands_in_for_the_start() -> None:
    recording = told(recording_of_run(), started_at=None)
    timestamps = recording.samples.timestamp_s.copy()
    timestamps[:60] = np.arange(60) + datetime(1989, 12, 31, tzinfo=UTC).timestamp()
    samples = dataclasses.replace(recording.samples, timestamp_s=timestamps)

    assert summarise(dataclasses.replace(recording, samples=samples)).started_at == START + timedelta(
        seconds=60
    )


def test_a_clock_that_was_never_set_makes_a_run_unusable() -> None:
    recording = told(recording_of_run(datetime(1989, 12, 31, tzinfo=UTC)), started_at=None)

    with pytest.raises(UnusableActivityError, match="never set"):
        summarise(recording)


def test_neither_timer_nor_samples_makes_a_run_unusable() -> None:
    with pytest.raises(UnusableActivityError, match="how long"):
        summarise(told(without_samples(recording_of_run()), timer_s=None))


def test_a_run_without_samples_keeps_what_its_session_says() -> None:
    summary = summarise(without_samples(recording_of_run()))

    assert (summary.distance_m, summary.timer_s, summary.intensity) == (10_000.0, HOUR_S, None)


@pytest.mark.parametrize("sessions", [(), 2 * (Session("running", started_at=START),)])
def test_a_summary_is_of_one_session(sessions: tuple[Session, ...]) -> None:
    with pytest.raises(ValueError, match="expected one"):
        summarise(dataclasses.replace(recording_of_run(duration_s=60), sessions=sessions))


def test_each_part_of_a_recording_is_summed_up_by_itself() -> None:
    recording = recording_of_run(heart_rate_bpm=np.where(np.arange(HOUR_S + 1) < 1_800, 140.0, 160.0))
    whole = recording.sessions[0]
    halves = (
        dataclasses.replace(whole, max_heart_rate_bpm=None, stop=1_800),
        dataclasses.replace(whole, max_heart_rate_bpm=None, first=1_800),
    )
    parts = dataclasses.replace(recording, sessions=halves).parts()

    assert [summarise(part).max_heart_rate_bpm for part in parts] == [140, 160]


def test_cadence_is_in_steps_of_both_feet() -> None:
    summary = summarise(recording_of_run(cadence_spm=172.0))

    assert (summary.avg_cadence_spm, summary.steady_cadence_spm) == (172.0, 172.0)


def test_cadence_that_is_in_steps_already_is_not_doubled() -> None:
    summary = summarise(told(in_steps(recording_of_run(cadence_spm=172.0)), avg_cadence_rpm=172.0))

    assert (summary.avg_cadence_spm, summary.steady_cadence_spm) == (172.0, 172.0)
    assert [flag.code for flag in summary.flags] == ["cadence_in_steps"]


def test_a_session_in_strides_over_samples_in_steps_is_understood() -> None:
    summary = summarise(told(in_steps(recording_of_run(cadence_spm=172.0)), avg_cadence_rpm=86.0))

    assert (summary.avg_cadence_spm, summary.steady_cadence_spm) == (172.0, 172.0)


def test_a_ride_has_neither_steps_nor_steady_running() -> None:
    summary = summarise(recording_of_run(sport="cycling", cadence_spm=172.0))

    assert (summary.avg_cadence_spm, summary.steady_windows) == (None, 0)
    assert not summary.is_run


def test_the_decoders_flags_are_kept() -> None:
    recording = dataclasses.replace(recording_of_run(), flags=(Flag("truncated", "at byte 9"),))

    assert summarise(recording).flags == (Flag("truncated", "at byte 9"),)


def test_what_the_gate_finds_decides_what_counts() -> None:
    summary = summarise(recording_of_run(distance_m=None))

    assert (summary.counts_distance, summary.counts_intensity, summary.counts_cadence) == (
        False,
        True,
        False,
    )


@pytest.mark.parametrize(("offset_s", "kept"), [(50_400, 50_400), (-43_200, -43_200), (90_000, None)])
def test_an_offset_from_no_place_on_earth_is_dropped(offset_s: int, kept: int | None) -> None:
    assert summarise(recording_of_run(duration_s=60, utc_offset_s=offset_s)).utc_offset_s == kept


def test_a_start_in_the_future_is_seen_when_now_is_told() -> None:
    summary = summarise(recording_of_run(), now=START - timedelta(days=2))

    assert [flag.code for flag in summary.flags] == ["future"]


def real_runs() -> Iterator[tuple[ActivitySummary, float | None]]:
    """Runs of watches, and the cadence that another decoder reads in them."""
    for name, expected in json.loads((SHARED / "expected.json").read_text()).items():
        if expected["error"] or expected["file_type"] != "activity":
            continue
        recording = decode_fit((SHARED / "files" / name).read_bytes())
        for part, session in zip(recording.parts(), expected["sessions"], strict=True):
            if session["sport"] == "running" and part.sessions[0].started_at is not None:
                yield summarise(part), session["avg_cadence_spm"]


needs_recordings = pytest.mark.skipif(not SHARED.exists(), reason="no folder of real watch files here")


@pytest.mark.recordings
@needs_recordings
def test_real_runs_have_the_cadence_that_others_read() -> None:
    cadences = [(summary.avg_cadence_spm, cadence) for summary, cadence in real_runs() if cadence]

    assert len(cadences) > 10
    assert [mine for mine, _ in cadences] == pytest.approx([theirs for _, theirs in cadences], abs=1e-4)


@pytest.mark.recordings
@needs_recordings
def test_the_best_minutes_of_real_runs_are_faster_than_their_average() -> None:
    efforts_mps = [
        (summary.intensity.best_effort_m[0] / 180, (summary.distance_m or 0) / summary.timer_s)
        for summary, _ in real_runs()
        if summary.intensity is not None and np.isfinite(summary.intensity.best_effort_m[0])
    ]

    assert len(efforts_mps) > 10
    assert all(0.95 * average < best < 7 for best, average in efforts_mps)
