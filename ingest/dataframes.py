"""Recordings, runs and training days as pandas DataFrames; the only module here that imports pandas.

Column names end in their unit. Moments are UTC and aware of it, ``day`` is the runner's local calendar day
without a time zone, and a value that is missing is ``pandas.NA`` (``NaT`` for a moment).
"""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from ingest.formats.recording import Recording, Samples
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.merge_sessions import local_days
from ingest.training_days.table import TrainingDays

MAIN_QUANTITIES = (
    "timestamp_s",
    "distance_m",
    "speed_mps",
    "heart_rate_bpm",
    "cadence_rpm",
    "latitude_deg",
    "longitude_deg",
    "altitude_m",
)


def samples_frame(samples: Samples, columns: Sequence[str] = MAIN_QUANTITIES) -> pd.DataFrame:
    """The given columns as plain floats, NaN where missing; copied once, as one block, so it is fast."""
    block = np.stack([getattr(samples, name) for name in columns])
    return pd.DataFrame(block.T, columns=list(columns), copy=False)


def recording_frame(recording: Recording) -> pd.DataFrame:
    """Every sample of a recording in the order of the file.

    The first column is ``timestamp`` (UTC, to the millisecond). The others are those of ``Samples``, except
    that a column without any value is still there, all missing: every recording has the same columns.
    """
    samples = recording.samples
    quantities = [name for name in Samples.names() if name != "timestamp_s"]
    return pd.DataFrame(
        {"timestamp": _utc(samples.timestamp_s)}
        | {name: pd.array(getattr(samples, name), dtype="Float64") for name in quantities}
    )


def runs_frame(activities: Sequence[StoredActivity], time_zone: ZoneInfo) -> pd.DataFrame:
    """One row for each activity, other sports included (see ``sport``).

    Parameters
    ----------
    activities : sequence of StoredActivity
        As ``ActivityStore.activities`` returns them: duplicates once, in order of their start.
    time_zone : ZoneInfo
        The runner's zone; a file that tells its own offset from UTC is dated by that.

    Returns
    -------
    DataFrame
        ``quality`` holds the codes of the quality flags, separated by spaces. The three ``counts_…`` columns
        say whether the run counts towards distance, intensity and cadence.
    """
    summaries = [activity.summary for activity in activities]

    def floats(name: str) -> object:
        values = [getattr(summary, name) for summary in summaries]
        return pd.array(np.array(values, dtype=np.float64), dtype="Float64")

    def texts(values: Sequence[str | None]) -> object:
        return pd.array(list(values), dtype="string")

    def whether(name: str) -> object:
        return pd.array([getattr(summary, name) for summary in summaries], dtype="boolean")

    started_s = np.array([summary.started_at.timestamp() for summary in summaries], np.float64)
    return pd.DataFrame(
        {
            "activity_id": pd.array([activity.id for activity in activities], dtype="Int64"),
            "started_at": _utc(started_s),
            "day": local_days(summaries, time_zone).astype("datetime64[s]"),
            "sport": texts([summary.sport for summary in summaries]),
            "sub_sport": texts([summary.sub_sport for summary in summaries]),
            "distance_m": floats("distance_m"),
            "timer_s": floats("timer_s"),
            "elapsed_s": floats("elapsed_s"),
            "ascent_m": floats("ascent_m"),
            "descent_m": floats("descent_m"),
            "avg_heart_rate_bpm": floats("avg_heart_rate_bpm"),
            "max_heart_rate_bpm": floats("max_heart_rate_bpm"),
            "avg_cadence_spm": floats("avg_cadence_spm"),
            "steady_speed_mps": floats("steady_speed_mps"),
            "steady_cadence_spm": floats("steady_cadence_spm"),
            "stance_time_ms": floats("stance_time_ms"),
            "stance_balance_percent": floats("stance_balance_percent"),
            "vertical_ratio_percent": floats("vertical_ratio_percent"),
            "device": texts([summary.device or None for summary in summaries]),
            "counts_distance": whether("counts_distance"),
            "counts_intensity": whether("counts_intensity"),
            "counts_cadence": whether("counts_cadence"),
            "quality": texts([" ".join(flag.code for flag in summary.flags) for summary in summaries]),
        }
    )


def training_days_frame(days: TrainingDays) -> pd.DataFrame:
    """One row for each calendar day without a gap, rest days included, up to the last day of the table.

    ``hard_min`` is missing on days whose runs have neither heart rate nor speed to judge them by.
    """
    return pd.DataFrame(
        {
            "day": days.day.astype("datetime64[s]"),
            "run_m": pd.array(days.run_m, dtype="Float64"),
            "run_count": pd.array(days.run_count, dtype="Int64"),
            "hard_min": pd.array(days.hard_min, dtype="Float64"),
            "cross_min": pd.array(days.cross_min, dtype="Float64"),
        }
    )


def _utc(unix_s: np.ndarray[tuple[int], np.dtype[np.float64]]) -> pd.DatetimeIndex:
    """Aware moments from Unix seconds; NaT where there is none."""
    is_known = np.isfinite(unix_s)
    milliseconds = np.round(np.where(is_known, unix_s, 0.0) * 1_000).astype(np.int64)
    moments = milliseconds.astype("datetime64[ms]")
    moments[~is_known] = np.datetime64("NaT")
    return pd.DatetimeIndex(moments).tz_localize("UTC")
