"""The base types of the FIT protocol: number, width and the value that means "nothing"."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BaseType:
    """One base type; ``code`` is its NumPy type without byte order, empty for strings and bytes."""

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
