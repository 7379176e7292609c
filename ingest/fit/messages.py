"""Every field of every message as columns: for comparison with other readers, and for the curious."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ingest.fit import profile
from ingest.fit.base_types import BYTE
from ingest.fit.clock import compressed_times, has_compressed_times
from ingest.fit.columns import (
    Quantity,
    Rows,
    gather_rows,
    octets,
    physical,
    places_among,
    raw_array,
    raw_column,
)
from ingest.fit.container import open_fit
from ingest.fit.definitions import Definition
from ingest.fit.scalars import read_text
from ingest.fit.walk import Group, Index, Kind, Walk
from ingest.recording import Column

Values: TypeAlias = npt.NDArray[Any]
Messages: TypeAlias = dict[str, dict[str, Values]]

_Parts: TypeAlias = list[tuple[Index, Values]]
"""Values of the kinds of one message type, and which of its rows they are."""


def read_messages(data: bytes) -> Messages:
    """All messages by their name: for each field a column with one row for each message.

    Numbers are in the unit of the profile, as float64 with NaN for nothing; a field that is an array has
    shape (n, count). Texts are objects, None for nothing. Bytes have shape (n, size), all 255 for nothing.
    Enumerated values stay numbers and times FIT seconds; ``ingest.fit.profile`` has their names.

    Raises
    ------
    FitDecodeError
        If the data is no FIT, or holds no whole message.
    """
    fields: dict[int, dict[str, _Parts]] = {}
    counts: dict[int, int] = {}
    for walk in open_fit(data).files:
        times = compressed_times(walk) if has_compressed_times(walk) else None
        for message, groups in walk.groups.items():
            first = counts.get(message, 0)
            parts = fields.setdefault(message, {})
            for group, places in zip(groups, places_among(groups, len(walk.headers)), strict=True):
                for name, values in _columns(walk, group, times):
                    parts.setdefault(name, []).append((first + places, values))
            counts[message] = first + sum(len(group.starts) for group in groups)
    return {
        profile.message_name(message): {name: _merged(counts[message], p) for name, p in parts.items()}
        for message, parts in fields.items()
    }


def _columns(walk: Walk, group: Group, times: Column | None) -> Iterator[tuple[str, Values]]:
    """Fields of the messages of one kind; a whole timestamp wins over the one in a compressed header."""
    definition = group.kind.definition
    rows = gather_rows(walk, group)
    quantities = _native_quantities(definition)
    if definition.has_developer_fields:
        quantities = quantities | _developer_quantities(walk, group.kind, quantities.keys())
    for name, quantity in quantities.items():
        values = _values(rows, quantity, definition)
        if times is not None and name == "timestamp" and values.shape == group.ordinals.shape:
            values = np.where(np.isnan(values), times[group.ordinals], values)
        yield name, values
    if times is not None and "timestamp" not in quantities:
        yield "timestamp", times[group.ordinals]


@functools.lru_cache(maxsize=1_024)
def _native_quantities(definition: Definition) -> dict[str, Quantity]:
    """The profile's fields by name; where a definition lists one twice, the first counts."""
    known = profile.fields(definition.message)
    found: dict[str, Quantity] = {}
    for field in definition.fields():
        meaning = known.get(field.number) or profile.Field(f"unknown_{field.number}", field.base.name)
        quantity = Quantity(field.offset, field.size, field.base, meaning.scale, meaning.offset)
        found.setdefault(meaning.name, quantity)
    return found


def _developer_quantities(walk: Walk, kind: Kind, taken: Collection[str]) -> dict[str, Quantity]:
    """Developer fields by the name that the file gives them, by their numbers where that is taken."""
    found: dict[str, Quantity] = {}
    for layout in kind.definition.developer_fields():
        name = f"developer_{layout.developer}_{layout.number}"
        described = walk.descriptions.find(layout.developer, layout.number, kind.version)
        if described is None:
            found[name] = Quantity(layout.offset, layout.size, BYTE)
            continue
        if described.name and described.name not in taken and described.name not in found:
            name = described.name
        base = described.base_in(layout)
        found[name] = Quantity(layout.offset, layout.size, base, described.scale, described.offset)
    return found


def _values(rows: Rows, quantity: Quantity, definition: Definition) -> Values:
    base, big_endian = quantity.base, definition.big_endian
    if not base.code:
        raw = octets(rows, quantity.offset, quantity.size)
        return _texts(raw) if base.name == "string" else raw
    count = quantity.size // base.size
    if count == 1:
        return physical(raw_column(rows, quantity.offset, base, big_endian=big_endian), quantity)
    return physical(raw_array(rows, quantity.offset, base, count, big_endian=big_endian), quantity)


def _texts(raw: npt.NDArray[np.uint8]) -> Values:
    texts = np.empty(len(raw), object)
    texts[:] = [read_text(row.tobytes()) or None for row in raw]
    return texts


def _merged(n: int, parts: _Parts) -> Values:
    """One column of n rows from those of several kinds; as wide as the widest, of a type that holds all."""
    if len(parts) == 1 and len(parts[0][0]) == n:
        return parts[0][1]
    types = {values.dtype for _, values in parts}
    dtype = types.pop() if len(types) == 1 else np.dtype(object)
    nothing = {"f": np.nan, "u": 0xFF}.get(dtype.kind)
    width = max(values.shape[1] if values.ndim > 1 else 0 for _, values in parts)
    merged = np.full((n, width) if width else n, nothing, dtype)
    for places, values in parts:
        if width:
            columns = values if values.ndim > 1 else values[:, np.newaxis]
            merged[places, : columns.shape[1]] = columns
        else:
            merged[places] = values
    return merged
