"""What the first bytes of a file tell: whether it can hold an activity, and when it was made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.formats.fit.file_type import peek_file_id
from ingest.formats.xml.decode import is_xml

HEAD_BYTES = 2_048
"""Enough for a FIT file_id, and for the first time in GPX and TCX. [bytes]"""

_XML_TIME = re.compile(rb"\b(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)")
_TIME_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?:[-_.T ]*(\d\d)[-_.:h]?(\d\d))?")


@dataclass(frozen=True, slots=True)
class SniffedHeader:
    """What a file seems to be; ``file_type`` is None where only reading all of it will tell."""

    file_type: str | None = None
    created_at: datetime | None = None

    @property
    def is_no_activity(self) -> bool:
        """Whether the file says of itself that it is something else."""
        return self.file_type not in {None, "activity"}


def sniff_header(head: bytes) -> SniffedHeader:
    """Look at the first bytes of a file, unpacked; it never raises."""
    if is_xml(head):
        found = _XML_TIME.search(head)
        return SniffedHeader(None, _utc(found.group(1).decode()) if found else None)
    file_id = peek_file_id(head)
    return SniffedHeader(file_id.type, file_id.created_at)


def time_in_name(name: str) -> datetime | None:
    """The date that watches and services like to put into the names of files."""
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
