"""Long tables worked through a block of rows at a time, so that what is worked out in between stays small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.recording import Column

BLOCK_ROWS = 1_024
"""Of so many runs at a time all bins are weighed; of 20,000 at once that would take 200 MiB."""


def by_blocks(work: Callable[..., Column], *columns: npt.NDArray[Any]) -> Column:
    """What ``work`` gives for all rows of the columns; of each row it must regard nothing but that row."""
    starts = range(0, len(columns[0]), BLOCK_ROWS)
    done = [work(*(column[start : start + BLOCK_ROWS] for column in columns)) for start in starts]
    return np.concatenate(done) if done else np.zeros(0)
