"""Columns out of messages: all rows of one kind by one indexing operation, then field after field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ingest.fit.base_types import BaseType
from ingest.fit.walk import Group, Index, Walk
from ingest.recording import Column

Rows: TypeAlias = npt.NDArray[np.void]
Raw: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Quantity:
    """Where a field lies in its message, and what makes its raw values physical: raw / scale - shift."""

    offset: int
    size: int
    base: BaseType
    scale: float | None = None
    shift: float | None = None


def gather_rows(walk: Walk, group: Group) -> Rows:
    """Whole messages of one kind, one behind the other, shape (m,).

    The window has a message at every byte of the body: its stride is one byte, so that indexing it by the
    starts copies exactly the messages that exist.
    """
    size = group.kind.definition.size
    window = np.ndarray((len(walk.body) - size + 1,), f"V{size}", walk.body, strides=(1,))
    return window[group.starts]


def raw_view(rows: Rows, offset: int, base: BaseType, *, big_endian: bool) -> Raw:
    """Raw values of one field as they lie in the rows, shape (m,); of an array its first value."""
    return np.ndarray(rows.shape, base.dtype(big_endian=big_endian), rows, offset, rows.strides)


def raw_column(rows: Rows, offset: int, base: BaseType, *, big_endian: bool) -> Raw:
    """Raw values of one field, shape (m,), in the machine's byte order; of an array its first value."""
    return raw_view(rows, offset, base, big_endian=big_endian).astype(base.code)


def raw_array(rows: Rows, offset: int, base: BaseType, count: int, *, big_endian: bool) -> Raw:
    """Raw values of an array field, shape (m, count), in the machine's byte order."""
    dtype = np.dtype(base.dtype(big_endian=big_endian))
    strides = (*rows.strides, dtype.itemsize)
    return np.ndarray((len(rows), count), dtype, rows, offset, strides).astype(base.code)


def octets(rows: Rows, offset: int, size: int) -> npt.NDArray[np.uint8]:
    """The bytes of one field as they stand, shape (m, size); a view."""
    return np.ndarray((len(rows), size), np.uint8, rows, offset, (*rows.strides, 1))


def physical(raw: Raw, quantity: Quantity) -> Column:
    """Physical values of raw ones, of whatever shape; NaN where invalid."""
    scale, invalid = quantity.scale, quantity.base.invalid
    values: Column = np.true_divide(raw, scale, dtype=np.float64) if scale else raw.astype(np.float64)
    if quantity.shift:
        values -= quantity.shift
    if invalid is not None:
        values[raw == invalid] = np.nan
    return values


def places_among(groups: Sequence[Group], messages: int) -> list[Index]:
    """For each group, which rows its messages are among those of all groups; of so many messages in all."""
    if len(groups) == 1:
        return [np.arange(len(groups[0].starts))]
    is_one = np.zeros(messages, np.bool_)
    for group in groups:
        is_one[group.ordinals] = True
    rows = np.cumsum(is_one) - 1
    return [rows.take(group.ordinals) for group in groups]
