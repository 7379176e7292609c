"""Every field of every message as columns: for comparison with other readers, and for the curious."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ingest.formats.fit import profile
from ingest.formats.fit.protocol.columns import (
    ColumnCollector,
    Quantity,
    Rows,
    filled,
    gather_rows,
    octets,
    raw_view,
    row_positions,
)
from ingest.formats.fit.protocol.compressed_timestamps import compressed_times, has_compressed_times
from ingest.formats.fit.protocol.container import FitFiles
from ingest.formats.fit.protocol.definitions import BYTE, Definition
from ingest.formats.fit.protocol.message_index import Index, MessageGroup, MessageIndex
from ingest.formats.fit.protocol.message_scanner import MessageKind
from ingest.formats.fit.protocol.scalars import read_text
from ingest.formats.recording import Column

Values: TypeAlias = npt.NDArray[Any]
Messages: TypeAlias = dict[str, dict[str, Values]]

_NOTHING = 0xFF
_TIMESTAMP = "timestamp"


def read_messages(data: bytes) -> Messages:
    """All messages by their name: for each field a column with one row for each message.

    Numbers are in the unit of the profile, as float64 with NaN for nothing; a field that is an array has
    shape (n, count). Texts are objects, None for nothing. Bytes have shape (n, size), all 255 for nothing.
    Enumerated values stay numbers and times FIT seconds; ``ingest.formats.fit.profile`` has their names.

    A column takes room in every row for its widest value: this is no way to read the files of strangers.

    Raises
    ------
    FitDecodeError
        If the data is no FIT, or holds no whole message.
    """
    files = list(FitFiles(data))
    rolled = [compressed_times(index) if has_compressed_times(index) else None for index in files]
    messages = dict.fromkeys(message for index in files for message in index.groups)
    return {profile.message_name(message): _read_type(files, rolled, message) for message in messages}


def _read_type(
    files: Sequence[MessageIndex], rolled: Sequence[Column | None], message: int
) -> dict[str, Values]:
    """All fields of one message type in all files."""
    n = sum(len(group.starts) for index in files for group in index.of(message))
    numbers: ColumnCollector[str] = ColumnCollector(n)
    others: dict[str, Values] = {}
    times = np.full(n, np.nan)
    first = 0
    for index, rolled_times in zip(files, rolled, strict=True):
        groups = index.of(message)
        for group, places in zip(groups, row_positions(groups, len(index.headers)), strict=True):
            _read_group(index, group, first + places, numbers, others)
            if rolled_times is not None:
                times[first + places] = rolled_times[group.ordinals]
        first += sum(len(group.starts) for group in groups)
    columns: dict[str, Values] = others | numbers.columns()
    if not np.isnan(times).all():
        # A whole timestamp wins over the one in a compressed header.
        columns[_TIMESTAMP] = filled(columns.get(_TIMESTAMP, times), times)
    return columns


def _read_group(
    index: MessageIndex,
    group: MessageGroup,
    places: Index,
    numbers: ColumnCollector[str],
    others: dict[str, Values],
) -> None:
    """Put the fields of the messages of one kind where they belong."""
    definition = group.kind.definition
    rows = gather_rows(index, group)
    for name, quantity in _quantities(index, group.kind).items():
        base = quantity.base
        if base.code:
            count = quantity.size // base.size
            numbers.add(
                name, quantity, places, raw_view(rows, quantity, count, big_endian=definition.big_endian)
            )
        elif base.name == "string":
            column = others.get(name)
            if column is None or column.dtype != object:
                column = others[name] = np.full(numbers.n, None, object)
            column[places] = _texts(rows, quantity)
        else:
            raw = octets(rows, quantity.offset, quantity.size)
            column = _widened(others.get(name), numbers.n, quantity.size)
            column[places, : quantity.size] = raw
            others[name] = column


def _quantities(index: MessageIndex, kind: MessageKind) -> dict[str, Quantity]:
    native = _native_quantities(kind.definition)
    if not kind.definition.has_developer_fields:
        return native
    return native | _developer_quantities(index, kind, native.keys())


@functools.lru_cache(maxsize=1_024)
def _native_quantities(definition: Definition) -> dict[str, Quantity]:
    """The profile's fields by name; where a definition lists one twice, the first counts."""
    known = profile.fields(definition.message)
    found: dict[str, Quantity] = {}
    for field in definition.fields():
        meaning = known.get(field.number) or profile.ProfileField(f"unknown_{field.number}", field.base.name)
        quantity = Quantity(field.offset, field.size, field.base, meaning.scale, meaning.offset)
        found.setdefault(meaning.name, quantity)
    return found


def _developer_quantities(
    index: MessageIndex, kind: MessageKind, taken: Collection[str]
) -> dict[str, Quantity]:
    """Developer fields by the name that the file gives them, by their numbers where that is taken."""
    found: dict[str, Quantity] = {}
    for layout in kind.definition.developer_fields():
        name = f"developer_{layout.developer}_{layout.number}"
        described = index.descriptions.find(layout.developer, layout.number, kind.version)
        if described is None:
            found[name] = Quantity(layout.offset, layout.size, BYTE)
            continue
        if described.name and described.name not in taken and described.name not in found:
            name = described.name
        base = described.base_in(layout)
        found[name] = Quantity(layout.offset, layout.size, base, described.scale, described.offset)
    return found


def _texts(rows: Rows, quantity: Quantity) -> Values:
    texts = np.empty(len(rows), object)
    texts[:] = [read_text(row.tobytes()) or None for row in octets(rows, quantity.offset, quantity.size)]
    return texts


def _widened(column: Values | None, n: int, size: int) -> Values:
    """A column of bytes that has room for so many."""
    if column is not None and column.dtype == np.uint8 and column.shape[1] >= size:
        return column
    wide = np.full((n, size), _NOTHING, np.uint8)
    if column is not None and column.dtype == np.uint8:
        wide[:, : column.shape[1]] = column
    return wide
