"""Record messages as columns: which fields of which definitions are read, and where their values go."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ingest.fit import profile, quantities
from ingest.fit.base_types import BaseType
from ingest.fit.clock import compressed_times, has_compressed_times
from ingest.fit.columns import Quantity, Raw, Rows, gather_rows, octets, physical, places_among, raw_view
from ingest.fit.definitions import Definition, FieldLayout
from ingest.fit.quantities import WANTED, Columns, samples_of
from ingest.fit.walk import Group, Index, Kind, Walk
from ingest.recording import Samples

_PACKED_BYTES = 3
_PACKED = BaseType("packed", 0, "u4", _PACKED_BYTES, 0xFFFFFF)

# What an application declares to be a native quantity counts only in the native unit: Stryd writes
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
"""One wanted field of one definition, by its number in the record message."""

_Sort = tuple[int, BaseType, float | None, float | None]
"""What raw values must share to stand in one column: field, base type, scale and shift."""


def read_records(walk: Walk) -> Samples:
    """All record messages of one file, in its order."""
    groups = walk.of(profile.RECORD)
    n = sum(len(group.starts) for group in groups)
    native: dict[_Sort, Raw] = {}
    developed: dict[_Sort, Raw] = {}
    for group, places in zip(groups, places_among(groups, len(walk.headers)), strict=True):
        rows = gather_rows(walk, group)
        definition = group.kind.definition
        for plan in _native_plan(definition):
            _put(native, n, places, plan, _raw(rows, plan[1], definition))
        for plan in _developer_plan(walk, group.kind):
            _put(developed, n, places, plan, _raw(rows, plan[1], definition))
    columns = _physical_columns(native)
    if has_compressed_times(walk):
        _fill_times(columns, walk, groups)
    # What the watch measured itself stands; an application's field counts only where the watch has none,
    # because nobody vouches for its calibration.
    return samples_of(_physical_columns(developed) | columns, n)


@functools.lru_cache(maxsize=256)
def _native_plan(definition: Definition) -> tuple[_Plan, ...]:
    known = profile.fields(profile.RECORD)
    return tuple(
        (f.number, Quantity(f.offset, f.size, f.base, known[f.number].scale, known[f.number].offset))
        for f in definition.fields()
        if f.number in WANTED and (f.base.code or _is_packed(f))
    )


def _is_packed(field: FieldLayout) -> bool:
    return field.number == quantities.SPEED_DISTANCE and field.size == _PACKED_BYTES


def _developer_plan(walk: Walk, kind: Kind) -> Iterator[_Plan]:
    """Developer fields that are declared to be one of the wanted quantities, in its native unit."""
    for layout in kind.definition.developer_fields():
        field = walk.descriptions.find(layout.developer, layout.number, kind.version)
        if field is None or field.native_field is None or field.native_message not in {None, profile.RECORD}:
            continue
        base = field.base_in(layout)
        if base.code and field.units.lower() in _NATIVE_UNITS.get(field.native_field, ()):
            yield field.native_field, Quantity(layout.offset, layout.size, base, field.scale, field.offset)


def _raw(rows: Rows, quantity: Quantity, definition: Definition) -> Raw:
    if quantity.base.code:
        return raw_view(rows, quantity.offset, quantity.base, big_endian=definition.big_endian)
    # Packed speed and distance: three bytes as one number, whatever the byte order of the definition.
    packed: Raw = octets(rows, quantity.offset, _PACKED_BYTES) @ np.array([1, 1 << 8, 1 << 16])
    return packed


def _put(columns: dict[_Sort, Raw], n: int, places: Index, plan: _Plan, raw: Raw) -> None:
    """Put raw values where they belong; rows that have none keep the value that means nothing."""
    number, quantity = plan
    base = quantity.base if quantity.base.code else _PACKED
    sort = (number, base, quantity.scale, quantity.shift)
    if len(raw) == n:
        columns.setdefault(sort, raw.astype(base.code))
        return
    if sort not in columns:
        columns[sort] = np.full(n, np.nan if base.invalid is None else base.invalid, base.code)
    columns[sort][places] = raw.astype(base.code)  # three times as fast as out of the rows directly


def _physical_columns(columns: Mapping[_Sort, Raw]) -> Columns:
    """Physical values by field; where a file changes a field's type midway, each part fills the other."""
    found: Columns = {}
    for (number, base, scale, shift), raw in columns.items():
        values = physical(raw, Quantity(0, 0, base, scale, shift))
        found[number] = (
            np.where(np.isnan(found[number]), values, found[number]) if number in found else values
        )
    return found


def _fill_times(columns: Columns, walk: Walk, groups: Sequence[Group]) -> None:
    """Take times from compressed headers where a record has no timestamp of its own."""
    ordinals = np.sort(np.concatenate([np.empty(0, np.int64), *(group.ordinals for group in groups)]))
    rolled = compressed_times(walk)[ordinals]
    explicit = columns.get(profile.TIMESTAMP, rolled)
    columns[profile.TIMESTAMP] = np.where(np.isnan(explicit), rolled, explicit)
