"""Unknown sports, and cadence recorded in steps instead of strides."""

from __future__ import annotations

import numpy as np

from ingest.formats.recording import Column

STRIDES_LIMIT_RPM = 120.0
"""A median cadence above this must count steps: no runner makes more strides per minute. [1/min]"""


def counts_steps(cadence_rpm: Column) -> bool:
    """Whether the cadence of a run counts steps, as some applications write against the format."""
    moving = cadence_rpm[cadence_rpm > 0]
    return bool(len(moving)) and float(np.median(moving)) > STRIDES_LIMIT_RPM


UNKNOWN_SPORTS = frozenset({"", "generic", "all", "unknown"})
