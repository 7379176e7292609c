"""What is written is read back, as exactly as FIT keeps it."""

from __future__ import annotations

import dataclasses
import io

import fitparse
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats.fit.decode import decode_fit
from ingest.formats.fit.encode import encode_fit
from ingest.formats.recording import Recording, Samples
from support import START, fit_run, recording_of_run

PRECISION = {
    "timestamp_s": 0.5,
    "distance_m": 0.005,
    "speed_mps": 0.0005,
    "heart_rate_bpm": 0.5,
    "cadence_rpm": 1 / 256,
    "latitude_deg": 90 / 2**31,
    "longitude_deg": 90 / 2**31,
    "altitude_m": 0.1,
    "power_w": 0.5,
    "stance_time_ms": 0.05,
    "stance_time_balance_percent": 0.005,
    "vertical_oscillation_mm": 0.05,
    "vertical_ratio_percent": 0.005,
    "step_length_mm": 0.05,
    "temperature_c": 0.5,
}

RANGES = {
    "timestamp_s": (1e9, 4e9),
    "distance_m": (0, 1e6),
    "speed_mps": (0, 100),
    "heart_rate_bpm": (0, 254),
    "cadence_rpm": (0, 254),
    "latitude_deg": (-90, 90),
    "longitude_deg": (-179, 179),
    "altitude_m": (-499, 9_000),
    "power_w": (0, 2_000),
    "stance_time_ms": (0, 1_000),
    "stance_time_balance_percent": (0, 100),
    "vertical_oscillation_mm": (0, 300),
    "vertical_ratio_percent": (0, 100),
    "step_length_mm": (0, 2_000),
    "temperature_c": (-40, 60),
}


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    """Recordings with any of the columns, and gaps in them."""
    n = draw(st.integers(1, 20))
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    columns = {
        name: np.where(
            chance.random(n) < draw(st.sampled_from([0.0, 0.3, 1.0])), np.nan, chance.uniform(*limits, n)
        )
        for name, limits in RANGES.items()
    }
    run = recording_of_run(duration_s=60)
    return dataclasses.replace(run, samples=Samples.of(n, **columns))


@settings(max_examples=150)
@given(recording=recordings(), big_endian=st.booleans())
def test_every_column_survives_the_round_trip(recording: Recording, *, big_endian: bool) -> None:
    read = decode_fit(encode_fit(recording, big_endian=big_endian))

    for name, written, found in zip(
        Samples.names(), recording.samples.columns(), read.samples.columns(), strict=True
    ):
        np.testing.assert_allclose(found, written, rtol=0, atol=PRECISION[name] * 1.001, err_msg=name)


@given(
    distance_m=st.floats(0.0, 100_000.0),
    duration_s=st.integers(1, 900),
    sport=st.sampled_from(["running", "cycling", "walking", "jump_rope", "200"]),
    sub_sport=st.sampled_from([None, "trail", "treadmill", "201"]),
    utc_offset_s=st.none() | st.integers(-60, 60).map(lambda quarters: quarters * 900),
    threshold=st.none() | st.integers(100, 210),
)
@settings(max_examples=60)
def test_the_facts_of_a_run_survive_the_round_trip(
    *,
    distance_m: float,
    duration_s: int,
    sport: str,
    sub_sport: str | None,
    utc_offset_s: int | None,
    threshold: int | None,
) -> None:
    run = recording_of_run(
        distance_m=round(distance_m, 2),
        duration_s=duration_s,
        sport=sport,
        sub_sport=sub_sport,
        utc_offset_s=utc_offset_s,
        threshold_heart_rate_bpm=threshold,
    )

    read = decode_fit(encode_fit(run))

    expected = dataclasses.replace(run, samples=read.samples)
    for field in dataclasses.fields(Recording):
        assert getattr(read, field.name) == getattr(expected, field.name), field.name


def test_fitparse_reads_what_is_written() -> None:
    """The reader that knows no mercy: it checks the checksum and refuses unknown layouts."""
    messages = list(fitparse.FitFile(io.BytesIO(fit_run(duration_s=60)), check_crc=True).get_messages())

    assert [message.name for message in messages] == ["file_id", *["record"] * 61, "session", "activity"]


@pytest.mark.parametrize("file_type", ["course", "workout", "settings"])
def test_files_that_are_no_activity_can_be_written(file_type: str) -> None:
    read = decode_fit(fit_run(START, duration_s=10, file_type=file_type))

    assert (read.file_type, read.sessions) == (file_type, ())


def test_a_column_without_any_value_takes_no_room() -> None:
    with_heart_rate = fit_run(duration_s=100)
    without = fit_run(duration_s=100, heart_rate_bpm=None)

    assert len(with_heart_rate) - len(without) == 101 + 3
