"""Read record messages as columns."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ingest.formats.fit import profile, quantities
from ingest.formats.fit.protocol.columns import (
    ColumnCollector,
    Quantity,
    Raw,
    Rows,
    filled,
    gather_rows,
    octets,
    raw_view,
    row_positions,
)
from ingest.formats.fit.protocol.compressed_timestamps import compressed_times, has_compressed_times
from ingest.formats.fit.protocol.definitions import BaseType, Definition
from ingest.formats.fit.protocol.message_index import MessageGroup, MessageIndex
from ingest.formats.fit.protocol.message_scanner import MessageKind
from ingest.formats.fit.quantities import NO_SAMPLES, WANTED, Columns, samples_of
from ingest.formats.recording import Samples

_PACKED_BYTES = 3
_PACKED = BaseType("packed", 0, "u4", _PACKED_BYTES, 0xFFFFFF)

# A developer field declared as a native quantity is used only in the native unit: Stryd writes
# "vertical oscillation" in centimetres, and some count steps where the profile counts revolutions.
_NATIVE_UNITS: Mapping[int, frozenset[str]] = {
    quantities.HEART_RATE: frozenset({"bpm"}),
    quantities.CADENCE: frozenset({"rpm"}),
    quantities.DISTANCE: frozenset({"m", "meters", "metres"}),
    quantities.SPEED: frozenset({"m/s"}),
    quantities.ENHANCED_SPEED: frozenset({"m/s"}),
    quantities.POWER: frozenset({"w", "watt", "watts"}),
    quantities.STANCE_TIME: frozenset({"ms", "milliseconds"}),
    quantities.STANCE_TIME_BALANCE: frozenset({"%", "percent"}),
    quantities.VERTICAL_OSCILLATION: frozenset({"mm", "millimeters", "millimetres"}),
}


_Plan = tuple[int, Quantity]
"""One wanted field of one definition."""


def read_records(index: MessageIndex) -> Samples:
    """All record messages of one file, in file order."""
    groups = index.of(profile.RECORD)
    if not groups:
        return NO_SAMPLES  # as in a file of heart rates that a watch chains behind the activity
    n = sum(len(group.starts) for group in groups)
    native: ColumnCollector[int] = ColumnCollector(n)
    developed: ColumnCollector[int] = ColumnCollector(n)
    for group, places in zip(groups, row_positions(groups, len(index.headers)), strict=True):
        rows = gather_rows(index, group)
        definition = group.kind.definition
        for number, quantity in _native_plan(definition):
            native.add(number, quantity, places, _raw(rows, quantity, definition))
        for number, quantity in _developer_plan(index, group.kind):
            developed.add(number, quantity, places, _raw(rows, quantity, definition))
    columns = native.columns()
    if has_compressed_times(index):
        _fill_times(columns, index, groups)
    # The watch's own measurement has priority; a developer field is used only where there is none,
    # because its calibration is unknown.
    return samples_of(developed.columns() | columns, n)


@functools.lru_cache(maxsize=256)
def _native_plan(definition: Definition) -> tuple[_Plan, ...]:
    known = profile.fields(profile.RECORD)
    plan: dict[int, Quantity] = {}
    for field in definition.fields():
        is_packed = field.number == quantities.SPEED_DISTANCE and field.size == _PACKED_BYTES
        base = _PACKED if is_packed else field.base
        if field.number in WANTED and base.code:
            meaning = known[field.number]
            quantity = Quantity(field.offset, field.size, base, meaning.scale, meaning.offset)
            plan.setdefault(field.number, quantity)
    return tuple(plan.items())


def _developer_plan(index: MessageIndex, kind: MessageKind) -> Iterator[_Plan]:
    """Developer fields that are declared as a wanted native quantity, in its unit."""
    for layout in kind.definition.developer_fields():
        field = index.descriptions.find(layout.developer, layout.number, kind.version)
        if field is None or field.native_field is None or field.native_message not in {None, profile.RECORD}:
            continue
        base = field.base_in(layout)
        if base.code and field.units.lower() in _NATIVE_UNITS.get(field.native_field, ()):
            yield field.native_field, Quantity(layout.offset, layout.size, base, field.scale, field.offset)


def _raw(rows: Rows, quantity: Quantity, definition: Definition) -> Raw:
    if quantity.base is not _PACKED:
        return raw_view(rows, quantity, 1, big_endian=definition.big_endian)
    # Speed and distance: three bytes as one number, whatever the byte order of the definition.
    packed: Raw = octets(rows, quantity.offset, _PACKED_BYTES) @ np.array([1, 1 << 8, 1 << 16])
    return packed


def _fill_times(columns: Columns, index: MessageIndex, groups: Sequence[MessageGroup]) -> None:
    """Fill missing timestamps from compressed headers."""
    ordinals = np.sort(np.concatenate([np.empty(0, np.int64), *(group.ordinals for group in groups)]))
    rolled = compressed_times(index)[ordinals]
    columns[profile.TIMESTAMP] = filled(columns.get(profile.TIMESTAMP, rolled), rolled)
