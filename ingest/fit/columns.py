"""Columns out of messages: all rows of one kind by one indexing operation, then field after field."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ingest.fit.base_types import BaseType
from ingest.fit.walk import Group, Walk
from ingest.recording import Column

Rows: TypeAlias = npt.NDArray[np.void]
Raw: TypeAlias = npt.NDArray[Any]


def gather_rows(walk: Walk, group: Group) -> Rows:
    """Whole messages of one kind, one behind the other, shape (m,).

    The window has a message at every byte of the body: its stride is one byte, so that indexing it by the
    starts copies exactly the messages that exist.
    """
    size = group.kind.definition.size
    window = np.ndarray((len(walk.body) - size + 1,), f"V{size}", walk.body, strides=(1,))
    return window[group.starts]


def raw_column(rows: Rows, offset: int, base: BaseType, *, big_endian: bool) -> Raw:
    """Raw values of one field, shape (m,), in the machine's byte order; of an array its first value."""
    field = np.ndarray(rows.shape, base.dtype(big_endian=big_endian), rows, offset, rows.strides)
    return field.astype(base.code)


def raw_array(rows: Rows, offset: int, base: BaseType, count: int, *, big_endian: bool) -> Raw:
    """Raw values of an array field, shape (m, count), in the machine's byte order."""
    dtype = np.dtype(base.dtype(big_endian=big_endian))
    strides = (*rows.strides, dtype.itemsize)
    return np.ndarray((len(rows), count), dtype, rows, offset, strides).astype(base.code)


def physical_column(
    raw: Raw, invalid: int | None, scale: float | None = None, offset: float | None = None
) -> Column:
    """Physical values of raw ones, NaN where invalid: raw / scale - offset, of any shape."""
    values: Column = np.true_divide(raw, scale, dtype=np.float64) if scale else raw.astype(np.float64)
    if offset:
        values -= offset
    if invalid is not None:
        nothing = raw == invalid
        if nothing.any():
            values[nothing] = np.nan
    return values
