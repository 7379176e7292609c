"""What is drawn of one run: splits that add up, gaps that stay gaps, a plane that keeps distances."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.views.run_view import Traces, build_traces, project_track, split_run
from ingest.formats.recording import Samples
from support import METRES_PER_DEGREE, recording_of_run


def traces_of(**run: object) -> Traces:
    recording = recording_of_run(**run)  # type: ignore[arg-type]
    return build_traces(recording.samples, recording.sessions[0])


def test_a_run_at_an_even_pace_has_equal_splits() -> None:
    splits = split_run(traces_of(distance_m=5_000.0, duration_s=1_500), 1_000.0)

    assert [split.time_s for split in splits] == pytest.approx([300.0] * 5, abs=1.0)


@given(distance_m=st.floats(100.0, 30_000.0), unit_m=st.sampled_from([1_000.0, 1_609.344]))
def test_splits_add_up_to_the_run(distance_m: float, unit_m: float) -> None:
    """Up to the twentieth of a unit that is too short to tell."""
    traces = traces_of(distance_m=distance_m, duration_s=max(60, int(distance_m / 3)))
    splits = split_run(traces, unit_m)

    assert sum(s.distance_m for s in splits) == pytest.approx(traces.covered_m, abs=0.05 * unit_m + 1)


def test_a_pause_is_no_part_of_a_split() -> None:
    recording = recording_of_run(distance_m=2_000.0, duration_s=600)
    late = recording.samples.timestamp_s + np.where(np.arange(601) > 300, 240.0, 0.0)
    samples = dataclasses.replace(recording.samples, timestamp_s=late)
    splits = split_run(build_traces(samples, recording.sessions[0]), 1_000.0)

    assert sum(split.time_s for split in splits) == pytest.approx(600.0, abs=3.0)


def test_what_was_not_recorded_is_unknown() -> None:
    splits = split_run(
        traces_of(distance_m=1_000.0, duration_s=300, heart_rate_bpm=None, cadence_spm=None), 1_000.0
    )

    assert (splits[0].heart_rate_bpm, splits[0].cadence_spm) == (None, None)


def test_a_run_without_distance_has_no_splits() -> None:
    assert split_run(traces_of(distance_m=None, start_position=None), 1_000.0) == ()


def test_steps_count_both_feet() -> None:
    splits = split_run(traces_of(distance_m=1_000.0, duration_s=300, cadence_spm=172.0), 1_000.0)

    assert splits[0].cadence_spm == pytest.approx(172.0)


@given(latitude=st.floats(-80.0, 80.0), longitude=st.floats(-180.0, 180.0))
def test_a_way_keeps_its_length_wherever_it_is(latitude: float, longitude: float) -> None:
    """A hundred seconds due east at ten metres a second, over the date line too."""
    steps_deg = np.arange(101) * 10 / METRES_PER_DEGREE / np.cos(np.radians(latitude))
    samples = Samples.of(
        101,
        timestamp_s=np.arange(101.0),
        latitude_deg=np.full(101, latitude),
        longitude_deg=(longitude + steps_deg + 180) % 360 - 180,
    )
    track = project_track(samples)

    assert track is not None
    assert np.ptp(track.east_m) == pytest.approx(1_000.0, rel=0.001)


def test_the_line_breaks_where_no_position_was_known_for_long() -> None:
    recording = recording_of_run(distance_m=2_000.0, duration_s=600)
    latitude = recording.samples.latitude_deg.copy()
    latitude[200:300] = np.nan
    track = project_track(dataclasses.replace(recording.samples, latitude_deg=latitude))

    assert track is not None
    assert np.isnan(track.east_m).sum() == 1


def test_a_run_indoors_has_no_way() -> None:
    assert project_track(recording_of_run(start_position=None).samples) is None
