"""Developer fields, described by messages within the file that uses them.

Descriptions apply to one file only: field 0 of an application may differ in the next.
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
    """Description of one developer field; physical value = raw / scale - offset."""

    name: str
    base: BaseType
    units: str
    scale: int | None
    offset: int | None
    native_message: int | None
    native_field: int | None

    def base_in(self, layout: DeveloperLayout) -> BaseType:
        """Base type in a layout; plain bytes if the size is no multiple of the type's."""
        return BYTE if layout.size % self.base.size else self.base


@dataclass(slots=True)
class DeveloperFieldRegistry:
    """Field descriptions in file order; each applies until it is replaced."""

    _versions: dict[tuple[int, int], tuple[list[int], list[DeveloperField]]] = field(default_factory=dict)
    version: int = 0

    def add(self, definition: Definition, body: bytes, start: int) -> None:
        """Add a field_description message; ignored beyond four thousand."""
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
        """The description in force after ``version`` descriptions."""
        versions, fields = self._versions.get((developer, number), ([], []))
        at = bisect_right(versions, version)
        return fields[at - 1] if at else None
