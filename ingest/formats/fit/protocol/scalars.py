"""Scalar field values of single messages, such as those that describe a file or a session."""

from __future__ import annotations

import functools
import math
import struct
from collections.abc import Mapping

from ingest.formats.fit import profile
from ingest.formats.fit.protocol.definitions import BaseType, Definition

Scalar = float | str

_STRUCT_CODES = {"u1": "B", "i1": "b", "u2": "H", "i2": "h", "u4": "I", "i4": "i", "u8": "Q", "i8": "q"}
_STRUCT_CODES |= {"f4": "f", "f8": "d"}


def read_scalars(
    definition: Definition, body: bytes, start: int, wanted: frozenset[int]
) -> dict[int, Scalar]:
    """Raw values of the wanted fields of one message; the first element of an array, nothing where invalid.

    If a field is listed twice, its first valid value is used.
    """
    values: dict[int, Scalar] = {}
    for number, offset, size, reader, invalid in _scalar_plan(definition, wanted):
        if reader is None:
            text = read_text(body[start + offset : start + offset + size])
            if text:
                values.setdefault(number, text)
            continue
        value = reader.unpack_from(body, start + offset)[0]
        if value != invalid and value == value:  # noqa: PLR0124 (a float is invalid where it is NaN)
            values.setdefault(number, value)
    return values


def physical(message: int, values: Mapping[int, Scalar], number: int) -> float | None:
    """A number in the profile's unit; None if missing or not finite."""
    raw = values.get(number)
    if raw is None or isinstance(raw, str) or not math.isfinite(raw):
        return None
    field = profile.fields(message)[number]
    return float(raw) / (field.scale or 1) - (field.offset or 0)


def whole(values: Mapping[int, Scalar], number: int) -> int | None:
    """An integer as stored; None if missing, a text, or beyond 64 bits."""
    raw = values.get(number)
    if raw is None or isinstance(raw, str) or not abs(raw) < 1 << 64:
        return None
    return int(raw)


def text(values: Mapping[int, Scalar], number: int) -> str:
    """A text; empty if missing."""
    raw = values.get(number)
    return raw if isinstance(raw, str) else ""


def read_text(raw: bytes) -> str:
    """Text up to its first NUL; invalid UTF-8 becomes a replacement character."""
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace")


@functools.lru_cache(maxsize=256)
def _scalar_plan(
    definition: Definition, wanted: frozenset[int]
) -> tuple[tuple[int, int, int, struct.Struct | None, int | None], ...]:
    order = ">" if definition.big_endian else "<"
    return tuple(
        (field.number, field.offset, field.size, _reader(order, field.base), field.base.invalid)
        for field in definition.fields()
        if field.number in wanted and (field.base.code or field.base.name == "string")
    )


@functools.cache
def _reader(order: str, base: BaseType) -> struct.Struct | None:
    return struct.Struct(order + _STRUCT_CODES[base.code]) if base.code else None
