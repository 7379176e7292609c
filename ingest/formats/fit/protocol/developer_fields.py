"""Fields that applications define themselves, described by messages of the file that uses them.

Nothing here outlives its file: field 0 of an application in one file is not field 0 in the next.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from ingest.formats.fit.protocol.definitions import BASE_TYPES, BYTE, BaseType, Definition, DeveloperLayout
from ingest.formats.fit.protocol.scalars import read_scalars, text, whole

_LIMIT = 4_096
_WANTED = frozenset({0, 1, 2, 3, 6, 7, 8, 14, 15})


@dataclass(frozen=True, slots=True)
class DeveloperField:
    """What a file says of one developer field; physical value = raw / scale - offset."""

    name: str
    base: BaseType
    units: str
    scale: int | None
    offset: int | None
    native_message: int | None
    native_field: int | None

    def base_in(self, layout: DeveloperLayout) -> BaseType:
        """Its type where it lies; plain bytes where the size is no multiple of the type's."""
        return BYTE if layout.size % self.base.size else self.base


@dataclass(slots=True)
class DeveloperFieldRegistry:
    """Descriptions in the order of the file; each holds from its place onward, until it is replaced."""

    _versions: dict[tuple[int, int], tuple[list[int], list[DeveloperField]]] = field(default_factory=dict)
    version: int = 0

    def add(self, definition: Definition, body: bytes, start: int) -> None:
        """Take in one field_description message; beyond four thousand they are ignored."""
        values = read_scalars(definition, body, start, _WANTED)
        developer, number = whole(values, 0), whole(values, 1)
        if developer is None or number is None or self.version >= _LIMIT:
            return
        base = whole(values, 2)
        described = DeveloperField(
            name=text(values, 3),
            base=BYTE if base is None else BASE_TYPES.get(base, BYTE),
            units=text(values, 8),
            scale=whole(values, 6) or None,
            offset=whole(values, 7),
            native_message=whole(values, 14),
            native_field=whole(values, 15),
        )
        self.version += 1
        versions, fields = self._versions.setdefault((developer, number), ([], []))
        versions.append(self.version)
        fields.append(described)

    def find(self, developer: int, number: int, version: int) -> DeveloperField | None:
        """The description that held when ``version`` descriptions had been read."""
        versions, fields = self._versions.get((developer, number), ([], []))
        at = bisect_right(versions, version)
        return fields[at - 1] if at else None
