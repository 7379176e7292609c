"""Columns out of messages: all rows of one kind by one indexing operation, then field after field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from ingest.formats.fit.protocol.definitions import BaseType
from ingest.formats.fit.protocol.message_index import Index, MessageGroup, MessageIndex
from ingest.formats.recording import Column

Rows: TypeAlias = npt.NDArray[np.void]
Raw: TypeAlias = npt.NDArray[Any]
Name = TypeVar("Name", int, str)


@dataclass(frozen=True, slots=True)
class Quantity:
    """Where a field lies in its message, and what makes its raw values physical: raw / scale - shift."""

    offset: int
    size: int
    base: BaseType
    scale: float | None = None
    shift: float | None = None


def gather_rows(index: MessageIndex, group: MessageGroup) -> Rows:
    """Whole messages of one kind, one behind the other, shape (m,).

    The window has a message at every byte of the body: its stride is one byte, so that indexing it by the
    starts copies exactly the messages that exist.
    """
    size = group.kind.definition.size
    window = np.ndarray((len(index.body) - size + 1,), f"V{size}", index.body, strides=(1,))
    return window[group.starts]


def raw_view(rows: Rows, quantity: Quantity, count: int, *, big_endian: bool) -> Raw:
    """Raw values of one field as they lie in the rows, shape (m,), of an array field (m, count)."""
    dtype = quantity.base.dtype(big_endian=big_endian)
    if count == 1:
        return np.ndarray(rows.shape, dtype, rows, quantity.offset, rows.strides)
    strides = (*rows.strides, quantity.base.size)
    return np.ndarray((len(rows), count), dtype, rows, quantity.offset, strides)


def octets(rows: Rows, offset: int, size: int) -> npt.NDArray[np.uint8]:
    """The bytes of one field as they stand, shape (m, size); a view."""
    return np.ndarray((len(rows), size), np.uint8, rows, offset, (*rows.strides, 1))


@dataclass(slots=True)
class ColumnCollector(Generic[Name]):
    """Columns of n rows in the making, from the messages of one type of whatever kinds.

    Values are put in raw and made physical once for each column. Only values of the same base type, width
    and scale can share one; where a file changes these midway, each column fills the gaps of the other.
    """

    n: int
    _raw: dict[tuple[Name, BaseType, int, float | None, float | None], Raw] = field(default_factory=dict)

    def add(self, name: Name, quantity: Quantity, places: Index, raw: Raw) -> None:
        """Put values of some rows into the column of that name; the other rows have nothing."""
        base = quantity.base
        width = raw.shape[1] if raw.ndim > 1 else 1
        sort = (name, base, width, quantity.scale, quantity.shift)
        # Converting to native byte order first takes a third of the time of a direct assignment.
        native = raw.astype(base.code)
        if len(raw) == self.n:
            self._raw.setdefault(sort, native)
            return
        if sort not in self._raw:
            nothing = np.nan if base.invalid is None else base.invalid
            self._raw[sort] = np.full((self.n, *raw.shape[1:]), nothing, base.code)
        self._raw[sort][places] = native

    def columns(self) -> dict[Name, Column]:
        """Physical values by name, NaN for nothing."""
        found: dict[Name, Column] = {}
        for (name, base, _, scale, shift), raw in self._raw.items():
            values = _physical(raw, base.invalid, scale, shift)
            found[name] = filled(found[name], values) if name in found else values
        return found


def filled(column: Column, other: Column) -> Column:
    """The column, its gaps filled from the other; as wide as the wider of the two."""
    if column.ndim == other.ndim == 1:
        return np.where(np.isnan(column), other, column)
    parts = [part if part.ndim > 1 else part[:, np.newaxis] for part in (other, column)]
    wide = np.full((len(column), max(part.shape[1] for part in parts)), np.nan)
    for part in parts:
        into = wide[:, : part.shape[1]]
        into[...] = np.where(np.isnan(part), into, part)
    return wide


def _physical(raw: Raw, invalid: int | None, scale: float | None, shift: float | None) -> Column:
    if invalid is None:
        raw = _finite(raw)
    values: Column = np.true_divide(raw, scale, dtype=np.float64) if scale else raw.astype(np.float64)
    if shift:
        values -= shift
    if invalid is not None:
        values[raw == invalid] = np.nan
    return values


def _finite(raw: Raw) -> Column:
    """Floats have no value of their own for nothing; no NaN of any kind is a measurement, nor infinity."""
    with np.errstate(invalid="ignore"):
        values: Column = raw.astype(np.float64)
    values[~np.isfinite(values)] = np.nan
    return values


def row_positions(groups: Sequence[MessageGroup], messages: int) -> list[Index]:
    """For each group, which rows its messages are among those of all groups; of so many messages in all."""
    if len(groups) == 1:
        return [np.arange(len(groups[0].starts))]
    is_one = np.zeros(messages, np.bool_)
    for group in groups:
        is_one[group.ordinals] = True
    rows = np.cumsum(is_one) - 1
    return [rows.take(group.ordinals) for group in groups]
