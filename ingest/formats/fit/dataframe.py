"""A recording as a pandas DataFrame; the only module here that needs pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ingest.formats.recording import Recording

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


def to_frame(recording: Recording, columns: tuple[str, ...] = MAIN_QUANTITIES) -> pd.DataFrame:
    """The given columns of the samples, one row for each; copied once, as one block."""
    block = np.stack([getattr(recording.samples, name) for name in columns])
    return pd.DataFrame(block.T, columns=list(columns), copy=False)
