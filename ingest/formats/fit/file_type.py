"""What a FIT file is, from its first hundred bytes: most files of an account export are no activity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ingest.formats.fit import profile
from ingest.formats.fit.file_metadata import fit_datetime
from ingest.formats.fit.protocol.definitions import Definition, definition_length, parse_definition
from ingest.formats.fit.protocol.scalars import read_scalars, whole

_SMALLEST_HEADER = 12
_COMPRESSED, _DEFINITION = 0x80, 0x40
_TYPE, _TIME_CREATED = 0, 4


@dataclass(frozen=True, slots=True)
class FileId:
    """What a file says of itself; ``type`` is the profile's name, or the number it has no name for."""

    type: str | None = None
    created_at: datetime | None = None


def peek_file_id(head: bytes) -> FileId:
    """Read the file_id from the first bytes of a file, whole or not; it never raises."""
    if len(head) < _SMALLEST_HEADER or head[8:12] != b".FIT":
        return FileId()
    at = head[0]
    definitions: dict[int, Definition] = {}
    while at < len(head):
        header = head[at]
        if header & _COMPRESSED:
            return FileId()
        if header & _DEFINITION:
            definition = _definition(head, at)
            if definition is None:
                return FileId()
            definitions[header & 0x0F] = definition
            at += len(definition.raw)
            continue
        known = definitions.get(header & 0x0F)
        if known is None or at + known.size > len(head):
            return FileId()
        if known.message == profile.FILE_ID:
            return _file_id(known, head, at)
        at += known.size
    return FileId()


def _definition(head: bytes, at: int) -> Definition | None:
    try:
        length = definition_length(head, at)
    except IndexError:
        return None
    return parse_definition(head[at : at + length]) if at + length <= len(head) else None


def _file_id(definition: Definition, head: bytes, at: int) -> FileId:
    values = read_scalars(definition, head, at, frozenset({_TYPE, _TIME_CREATED}))
    number, created = whole(values, _TYPE), whole(values, _TIME_CREATED)
    name = None if number is None else profile.names("file").get(number, str(number))
    return FileId(name, fit_datetime(created))
