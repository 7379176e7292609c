"""Sports as file formats name them, and which of them count steps."""

from __future__ import annotations

import numpy as np

from ingest.formats.recording import Column

STRIDES_LIMIT_RPM = 120.0
"""No runner makes more strides a minute than this: a median above it counts steps. [1/min]"""


def counts_steps(cadence_rpm: Column) -> bool:
    """Whether a run's cadence is in steps already, as some applications write against the format."""
    moving = cadence_rpm[cadence_rpm > 0]
    return bool(len(moving)) and float(np.median(moving)) > STRIDES_LIMIT_RPM


UNKNOWN_SPORTS = frozenset({"", "generic", "all", "unknown"})
