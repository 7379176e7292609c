"""What is stored in the data folder as pandas DataFrames, and as CSV and Parquet files."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from config.composition.services import Services
from config.output.open_folder import open_data_folder
from config.settings.errors import ConfigError
from ingest.errors import StoreError
from ingest.files.atomic_write import atomic_writer
from ingest.formats.read_file import read_recording
from ingest.storage.activity_files import part_started_at, recordings_of

if TYPE_CHECKING:
    import pandas as pd

LARGEST_ID = 2**63 - 1
"""Beyond it no database has a row."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class ExportError(ConfigError):
    """An export cannot be written; the message says what to do."""


def load_runs() -> pd.DataFrame:
    """Every stored activity, see ``ingest.dataframes.runs_frame``."""
    with open_data_folder() as services:
        return runs(services)


def load_training_days(now: datetime) -> pd.DataFrame:
    """Every calendar day from the first activity to today, see ``ingest.dataframes.training_days_frame``."""
    with open_data_folder() as services:
        return training_days(services, now)


def load_records(activity_id: int) -> pd.DataFrame:
    """Every sample of one activity, see ``ingest.dataframes.recording_frame``."""
    with open_data_folder() as services:
        return records(services, activity_id)


def runs(services: Services) -> pd.DataFrame:
    """Every stored activity of this installation, oldest first."""
    from ingest.dataframes import runs_frame  # noqa: PLC0415 - pandas takes long to load

    return runs_frame(services.runner_service.store.activities(), services.runner_service.runner.time_zone)


def training_days(services: Services, now: datetime) -> pd.DataFrame:
    """Every calendar day of this installation up to today."""
    from ingest.dataframes import training_days_frame  # noqa: PLC0415 - pandas takes long to load

    return training_days_frame(services.runner_service.history.days(now))


def records(services: Services, activity_id: int) -> pd.DataFrame:
    """Every sample of one activity, read again from its archived original file.

    Raises
    ------
    StoreError
        If there is no activity of that number.
    UnreadableSourceError, DecodeError
        If its original file is gone or can no longer be read.
    """
    from ingest.dataframes import recording_frame  # noqa: PLC0415 - pandas takes long to load

    filed = recordings_of(services.runner_service.store, activity_id) if activity_id <= LARGEST_ID else []
    if not filed:
        raise StoreError(f"there is no run {activity_id}; see hipwatch runs --all")
    recording = read_recording(services.runner_service.intake.archive.read(filed[0].sha256))
    part = part_started_at(recording, filed[0].activity.summary.started_at)
    return recording_frame(part if part is not None else recording)


def to_csv(frame: pd.DataFrame) -> str:
    """The frame as CSV: moments in ISO 8601 with ``Z``, a missing value empty.

    Text that a spreadsheet would run as a formula is preceded by an apostrophe: the name of a device comes
    from a file that anybody may have made.
    """
    import pandas as pd  # noqa: PLC0415 - takes long to load

    written = frame.copy()
    for name, column in frame.items():
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            written[name] = _iso_moments(column)
        elif isinstance(column.dtype, pd.StringDtype):
            is_formula = column.str.startswith(_FORMULA_STARTS).fillna(value=False).astype(bool)
            written[name] = column.where(~is_formula, "'" + column)
    return written.to_csv(index=False, lineterminator="\n")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write the frame as CSV; the file appears whole or not at all."""
    data = to_csv(frame).encode()
    with atomic_writer(path) as file:
        file.write(data)


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write the frame as Parquet; the file appears whole or not at all.

    Raises
    ------
    ExportError
        If pyarrow is not installed.
    """
    ensure_parquet()
    with atomic_writer(path) as file:
        frame.to_parquet(file, engine="pyarrow", index=False)


def ensure_parquet(find: Callable[[str], object | None] = importlib.util.find_spec) -> None:
    """Fail early, and say how to mend it, where Parquet files cannot be written."""
    if find("pyarrow") is None:
        raise ExportError('Parquet needs pyarrow: install it with pip install "hipwatch[parquet]"')


def _iso_moments(column: pd.Series) -> pd.Series:
    """Moments as text; to the second where all are whole seconds, else to the millisecond."""
    import pandas as pd  # noqa: PLC0415 - takes long to load

    moments = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[ms]")
    is_known = ~np.isnat(moments)
    is_whole = (moments[is_known].astype(np.int64) % 1_000 == 0).all()
    text = np.datetime_as_string(moments, unit="s" if is_whole else "ms", timezone="UTC")
    return pd.Series(text, index=column.index, dtype="string").where(pd.Series(is_known, index=column.index))
