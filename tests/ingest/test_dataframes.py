"""DataFrames: aware moments, local days, missing values that are missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from ingest.analysis.summary import summarise
from ingest.dataframes import recording_frame, runs_frame, samples_frame, training_days_frame
from ingest.formats.recording import Samples
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.build import build_training_days
from support import START, recording_of_run

AUCKLAND = ZoneInfo("Pacific/Auckland")
EVENING = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)


def stored(started_at: datetime, **changes: object) -> StoredActivity:
    recording = recording_of_run(started_at, utc_offset_s=None, **changes)  # type: ignore[arg-type]
    return StoredActivity(7, summarise(recording))


def test_a_recording_has_a_row_for_each_sample_and_every_quantity() -> None:
    frame = recording_frame(recording_of_run(duration_s=60, heart_rate_bpm=None))

    assert list(frame.columns) == ["timestamp", *Samples.names()[1:]]
    assert (len(frame), frame["timestamp"].iloc[0]) == (61, pd.Timestamp(START))
    assert frame["heart_rate_bpm"].isna().all()
    assert frame["heart_rate_bpm"].dtype == "Float64"


def test_a_sample_without_a_time_has_none() -> None:
    samples = Samples.of(2, timestamp_s=np.array([np.nan, START.timestamp() + 0.25]))
    recording = recording_of_run(duration_s=0)

    frame = recording_frame(type(recording)(samples))
    assert frame["timestamp"].isna().tolist() == [True, False]
    assert frame["timestamp"].iloc[1] == pd.Timestamp(START) + timedelta(milliseconds=250)


def test_a_run_belongs_to_the_local_day_and_starts_at_an_aware_moment() -> None:
    frame = runs_frame([stored(EVENING)], AUCKLAND)

    assert frame["day"].iloc[0] == pd.Timestamp(2026, 3, 3)
    assert frame["started_at"].iloc[0] == pd.Timestamp(EVENING)
    assert (str(frame["started_at"].dt.tz), frame["day"].dt.tz) == ("UTC", None)


def test_what_a_run_does_not_tell_is_missing() -> None:
    frame = runs_frame([stored(EVENING, heart_rate_bpm=None)], AUCKLAND)

    assert frame["avg_heart_rate_bpm"].isna().all()
    assert frame["distance_m"].iloc[0] == 10_000.0


def test_frames_of_nothing_have_the_same_columns_and_types() -> None:
    some, none = runs_frame([stored(EVENING)], AUCKLAND), runs_frame([], AUCKLAND)

    assert some.dtypes.to_dict() == none.dtypes.to_dict()


def test_days_have_no_gap_and_no_false_zero() -> None:
    runs = [stored(EVENING, heart_rate_bpm=None, distance_m=None), stored(EVENING + timedelta(days=2))]
    frame = training_days_frame(build_training_days(runs, time_zone=AUCKLAND, today=date(2026, 3, 6)))

    assert frame["day"].dt.day.tolist() == [3, 4, 5, 6]
    assert frame["run_m"].tolist() == [0.0, 0.0, 10_000.0, 0.0]
    assert frame["hard_min"].isna().tolist()[1::2] == [False, False]
    assert frame["hard_min"].dtype == "Float64"


def test_samples_alone_stay_plain_floats() -> None:
    frame = samples_frame(recording_of_run(duration_s=10).samples, ("timestamp_s", "power_w"))

    assert (frame["timestamp_s"].iloc[0], frame["power_w"].isna().all()) == (START.timestamp(), True)
