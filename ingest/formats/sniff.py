"""Sniff the first bytes of a file: can it be an activity, and when was it created."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.formats.fit.file_type import peek_file_id
from ingest.formats.xml.decode import is_xml

HEAD_BYTES = 2_048
"""Enough for a FIT ``file_id`` and for the first time in GPX and TCX. [bytes]"""

_XML_TIME = re.compile(rb"\b(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)")
_TIME_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?:[-_.T ]*(\d\d)[-_.:h]?(\d\d))?")


@dataclass(frozen=True, slots=True)
class SniffedHeader:
    """File type and creation time; ``file_type`` is None if only decoding the whole file can tell."""

    file_type: str | None = None
    created_at: datetime | None = None

    @property
    def is_no_activity(self) -> bool:
        """Whether the file declares another type than activity."""
        return self.file_type not in {None, "activity"}


def sniff_header(head: bytes) -> SniffedHeader:
    """Read type and creation time from the first, decompressed bytes of a file; never raises."""
    if is_xml(head):
        found = _XML_TIME.search(head)
        return SniffedHeader(None, _utc(found.group(1).decode()) if found else None)
    file_id = peek_file_id(head)
    return SniffedHeader(file_id.type, file_id.created_at)


def time_in_name(name: str) -> datetime | None:
    """Parse the date that watches and services put into file names."""
    found = _TIME_IN_NAME.search(name)
    if found is None:
        return None
    year, month, day, hour, minute = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None


def _utc(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
