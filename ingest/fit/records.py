"""Record messages as columns: which fields of which definitions are read, and where their values go."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.fit import profile, quantities
from ingest.fit.base_types import BaseType
from ingest.fit.clock import compressed_times, has_compressed_times
from ingest.fit.columns import Rows, gather_rows, physical_column, raw_column
from ingest.fit.definitions import Definition
from ingest.fit.heart_rate import fill_heart_rate
from ingest.fit.quantities import WANTED, Columns, samples_of
from ingest.fit.walk import Group, Index, Kind, Walk
from ingest.recording import Column, Samples

_PACKED_BYTES = 3
_PACKED_INVALID = 0xFFFFFF

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


@dataclass(frozen=True, slots=True)
class _Plan:
    """One wanted field of one definition: where it lies and what it means."""

    number: int
    offset: int
    base: BaseType
    scale: float | None
    shift: float | None


def read_records(walk: Walk) -> Samples:
    """All record messages of one file, in its order."""
    groups = list(walk.of(profile.RECORD))
    n = sum(len(group.starts) for group in groups)
    native: Columns = {}
    developed: Columns = {}
    for group, places in zip(groups, _places(groups), strict=True):
        rows = gather_rows(walk, group)
        definition = group.kind.definition
        for plan in _plans(definition):
            _put(native, n, places, plan.number, _values(rows, plan, definition))
        for plan in _developer_plans(walk, group.kind):
            _put(developed, n, places, plan.number, _values(rows, plan, definition))
    if has_compressed_times(walk):
        ordinals = (
            np.sort(np.concatenate([group.ordinals for group in groups])) if groups else np.empty(0, int)
        )
        rolled = compressed_times(walk)[ordinals]
        explicit = native.get(profile.TIMESTAMP, rolled)
        native[profile.TIMESTAMP] = np.where(np.isnan(explicit), rolled, explicit)
    # What the watch measured itself stands; an application's field counts only where the watch has none,
    # because nobody vouches for its calibration.
    return fill_heart_rate(walk, samples_of(developed | native, n))


@functools.lru_cache(maxsize=256)
def _plans(definition: Definition) -> tuple[_Plan, ...]:
    known = profile.fields(profile.RECORD)
    return tuple(
        _Plan(f.number, f.offset, f.base, known[f.number].scale, known[f.number].offset)
        for f in definition.fields()
        if f.number in WANTED and (f.base.code or _is_packed(f.number, f.size))
    )


def _is_packed(number: int, size: int) -> bool:
    return number == quantities.SPEED_DISTANCE and size == _PACKED_BYTES


def _developer_plans(walk: Walk, kind: Kind) -> list[_Plan]:
    """Developer fields that are declared to be one of the wanted quantities, in its native unit."""
    plans = []
    for layout in kind.definition.developer_fields():
        field = walk.descriptions.find(layout.developer, layout.number, kind.version)
        if field is None or field.native_field is None or field.native_message not in {None, profile.RECORD}:
            continue
        is_native_unit = field.units.lower() in _NATIVE_UNITS.get(field.native_field, ())
        if is_native_unit and field.base.code and layout.size % field.base.size == 0:
            plans.append(_Plan(field.native_field, layout.offset, field.base, field.scale, field.offset))
    return plans


def _places(groups: Sequence[Group]) -> list[Index | None]:
    """Where the records of each group stand among all records; None where it is the only one."""
    if len(groups) < 2:
        return [None] * len(groups)
    order = np.sort(np.concatenate([group.ordinals for group in groups]))
    return [np.searchsorted(order, group.ordinals) for group in groups]


def _values(rows: Rows, plan: _Plan, definition: Definition) -> Column:
    if not plan.base.code:
        return _packed_values(rows, plan.offset)
    raw = raw_column(rows, plan.offset, plan.base, big_endian=definition.big_endian)
    return physical_column(raw, plan.base.invalid, plan.scale, plan.shift)


def _packed_values(rows: Rows, offset: int) -> Column:
    """Three bytes as one number, whatever the byte order of the definition."""
    octets = np.ndarray((len(rows), _PACKED_BYTES), np.uint8, rows, offset, (*rows.strides, 1))
    return physical_column(octets @ np.array([1, 1 << 8, 1 << 16]), _PACKED_INVALID)


def _put(columns: Columns, n: int, places: Index | None, number: int, values: Column) -> None:
    if places is None:
        columns.setdefault(number, values)
        return
    if number not in columns:
        columns[number] = np.full(n, np.nan)
    columns[number][places] = values
