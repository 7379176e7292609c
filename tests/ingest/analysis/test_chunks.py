"""Long tables, worked through in blocks."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.analysis.thresholds import CHUNK_ROWS, in_chunks


@pytest.mark.parametrize("rows", [0, 1, CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1, 3 * CHUNK_ROWS])
def test_every_row_is_worked_out_once_and_in_its_place(rows: int) -> None:
    wide, limit = np.arange(2.0 * rows).reshape(rows, 2), np.arange(float(rows))

    found = in_chunks(lambda values, most: values.sum(axis=1) - most, wide, limit)

    assert np.array_equal(found, wide.sum(axis=1) - limit)


def test_no_block_is_longer_than_it_may_be() -> None:
    lengths: list[int] = []

    in_chunks(lambda rows: np.full(len(rows), lengths.append(len(rows)) or 0.0), np.zeros(2 * CHUNK_ROWS + 1))

    assert max(lengths) == CHUNK_ROWS
