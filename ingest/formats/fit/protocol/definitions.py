"""FIT definition messages: layout of the data messages that follow."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BaseType:
    """FIT base type; ``code`` is its NumPy type without byte order, empty for strings and bytes."""

    name: str
    number: int
    code: str
    size: int
    invalid: int | None

    def dtype(self, *, big_endian: bool) -> str:
        """NumPy type string with its byte order."""
        return (">" if big_endian else "<") + self.code


BASE_TYPES: dict[int, BaseType] = {
    base.number: base
    for base in (
        BaseType("enum", 0x00, "u1", 1, 0xFF),
        BaseType("sint8", 0x01, "i1", 1, 0x7F),
        BaseType("uint8", 0x02, "u1", 1, 0xFF),
        BaseType("sint16", 0x83, "i2", 2, 0x7FFF),
        BaseType("uint16", 0x84, "u2", 2, 0xFFFF),
        BaseType("sint32", 0x85, "i4", 4, 0x7FFFFFFF),
        BaseType("uint32", 0x86, "u4", 4, 0xFFFFFFFF),
        BaseType("string", 0x07, "", 1, None),
        BaseType("float32", 0x88, "f4", 4, None),
        BaseType("float64", 0x89, "f8", 8, None),
        BaseType("uint8z", 0x0A, "u1", 1, 0),
        BaseType("uint16z", 0x8B, "u2", 2, 0),
        BaseType("uint32z", 0x8C, "u4", 4, 0),
        BaseType("byte", 0x0D, "", 1, None),
        BaseType("sint64", 0x8E, "i8", 8, 0x7FFFFFFFFFFFFFFF),
        BaseType("uint64", 0x8F, "u8", 8, 0xFFFFFFFFFFFFFFFF),
        BaseType("uint64z", 0x90, "u8", 8, 0),
    )
}

BY_NAME = {base.name: base for base in BASE_TYPES.values()}

BYTE = BY_NAME["byte"]


HEAD = 6
"""Bytes of a definition before its first field: header, reserved, byte order, message, message, count."""

DEVELOPER_FLAG = 0x20
_CACHED = 1_024


@dataclass(frozen=True, slots=True)
class FieldLayout:
    """Position of one field; ``offset`` counts from the header byte of its message. [bytes]"""

    number: int
    offset: int
    size: int
    base: BaseType

    @property
    def count(self) -> int:
        """Number of values in the field."""
        return self.size // self.base.size


@dataclass(frozen=True, slots=True)
class DeveloperLayout:
    """Position of one developer field; its type is in a separate description."""

    developer: int
    number: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition message, parsed lazily.

    Watches repeat and alternate definitions by the thousand, and most fields are never read. ``size`` is
    that of a data message including its header byte. [bytes] ``misfit`` is set if a field has no bytes, or a
    size that is no multiple of its type's.
    """

    raw: bytes
    message: int
    size: int
    misfit: bool

    @property
    def big_endian(self) -> bool:
        """Whether the data messages are big-endian."""
        return bool(self.raw[2])

    @property
    def has_developer_fields(self) -> bool:
        """Whether the definition lists developer fields."""
        return bool(self.raw[0] & DEVELOPER_FLAG)

    def fields(self) -> Iterator[FieldLayout]:
        """Non-empty fields in byte order.

        Files of COROS have sizes that are no multiple of the type's. Such a field is treated as plain bytes,
        so that the following fields keep their offsets.
        """
        offset = 1
        for at in range(HEAD, HEAD + 3 * self.raw[5], 3):
            number, size, base_number = self.raw[at : at + 3]
            base = BASE_TYPES.get(base_number, BYTE)
            if size:
                yield FieldLayout(number, offset, size, BYTE if size % base.size else base)
            offset += size

    def developer_fields(self) -> Iterator[DeveloperLayout]:
        """Non-empty developer fields in byte order."""
        if not self.has_developer_fields:
            return
        at = HEAD + 3 * self.raw[5]
        offset = 1 + sum(self.raw[HEAD + 1 : at : 3])
        for entry in range(at + 1, len(self.raw), 3):
            number, size, developer = self.raw[entry : entry + 3]
            if size:
                yield DeveloperLayout(developer, number, offset, size)
            offset += size


def definition_length(body: bytes, at: int) -> int:
    """Length of the definition message at ``at``; raises IndexError if it is truncated. [bytes]"""
    length = HEAD + 3 * body[at + 5]
    return length + 1 + 3 * body[at + length] if body[at] & DEVELOPER_FLAG else length


@functools.lru_cache(maxsize=_CACHED)
def parse_definition(raw: bytes) -> Definition:
    """Parse a definition message; equal bytes return the same cached object."""
    fields_end = HEAD + 3 * raw[5]
    size = 1 + sum(raw[HEAD + 1 : fields_end : 3]) + sum(raw[fields_end + 2 :: 3])
    message = int.from_bytes(raw[3:5], "big" if raw[2] else "little")
    misfit = any(raw[at + 1] % BASE_TYPES.get(raw[at + 2], BYTE).size for at in range(HEAD, fields_end, 3))
    misfit = misfit or 0 in raw[HEAD + 1 : fields_end : 3] or 0 in raw[fields_end + 2 :: 3]
    return Definition(raw, message, size, misfit)
