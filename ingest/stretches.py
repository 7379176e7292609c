"""Stretches of seconds in which something holds."""

from __future__ import annotations

import numpy as np

from ingest.seconds import Mask


def longer_than(holds: Mask, limit: int) -> Mask:
    """Stretches of True that are longer than ``limit``."""
    edges = np.diff(holds.astype(np.int8), prepend=0, append=0)
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    is_long = stops - starts > limit
    marks = np.zeros(len(holds) + 1, dtype=np.int8)
    marks[starts[is_long]] = 1
    marks[stops[is_long]] = -1
    return np.asarray(np.cumsum(marks)[:-1] > 0)
