"""Limits on input size, enforced on the bytes actually read, as headers may lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from ingest.errors import UnreadableSourceError

MEMBER_LIMIT_BYTES = 64 * 1024 * 1024
ARCHIVE_LIMIT_BYTES = 2 * 1024 * 1024 * 1024
ARCHIVE_LIMIT_MEMBERS = 100_000
"""Room for twenty years of a watch that writes a dozen monitoring files a day beside its runs."""

DIRECTORY_LIMIT_BYTES = 16 * 1024 * 1024
"""Room for a hundred thousand members with long names. [bytes]"""

RATIO_LIMIT = 200
RATIO_FREE_BYTES = 1024 * 1024
"""Size below which any compression ratio is accepted. [bytes]"""

DEPTH_LIMIT = 2
NESTED_LIMIT = 200

REMEDY = "unpack it yourself and import the folder"
_CHUNK_BYTES = 256 * 1024


@dataclass(slots=True)
class UnpackBudget:
    """What may still be unpacked from one archive, including nested archives."""

    bytes_left: int = field(default_factory=lambda: ARCHIVE_LIMIT_BYTES)
    spool_left: int = field(default_factory=lambda: ARCHIVE_LIMIT_BYTES)
    members_left: int = field(default_factory=lambda: ARCHIVE_LIMIT_MEMBERS)
    nested_left: int = field(default_factory=lambda: NESTED_LIMIT)

    def spend(self, size_bytes: int) -> None:
        """Count bytes unpacked from members."""
        self.bytes_left -= size_bytes
        if self.bytes_left < 0:
            raise UnreadableSourceError(
                f"the archive unpacks to more than {format_size(ARCHIVE_LIMIT_BYTES)}; {REMEDY}"
            )

    def spend_members(self, count: int) -> None:
        """Count listed members."""
        self.members_left -= count
        if self.members_left < 0:
            raise UnreadableSourceError(f"holds more than {ARCHIVE_LIMIT_MEMBERS} files; {REMEDY}")

    def spend_nested(self) -> None:
        """Count a nested archive."""
        self.nested_left -= 1
        if self.nested_left < 0:
            raise UnreadableSourceError(f"more than {NESTED_LIMIT} archives within one; {REMEDY}")

    def spend_spool(self, size_bytes: int) -> None:
        """Count bytes unpacked from nested archives."""
        self.spool_left -= size_bytes
        if self.spool_left < 0:
            raise UnreadableSourceError(
                f"the archives within it unpack to more than {format_size(ARCHIVE_LIMIT_BYTES)}; {REMEDY}"
            )


class ByteReader(Protocol):
    """A readable binary stream."""

    def read(self, size: int, /) -> bytes:
        """Read up to ``size`` bytes; empty at the end."""


def read_chunks(file: ByteReader, packed_bytes: int, *, limit_bytes: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of a stream in chunks, raising once they exceed the limits."""
    limit_bytes = MEMBER_LIMIT_BYTES if limit_bytes is None else limit_bytes
    unpacked = 0
    while piece := file.read(_CHUNK_BYTES):
        unpacked += len(piece)
        if unpacked > limit_bytes:
            raise UnreadableSourceError(f"is larger than {format_size(limit_bytes)}")
        if unpacked > max(RATIO_FREE_BYTES, RATIO_LIMIT * packed_bytes):
            raise UnreadableSourceError(f"unpacks to more than {RATIO_LIMIT} times its size")
        yield piece


def format_size(size_bytes: int) -> str:
    """Format a limit for people."""
    return f"{size_bytes >> 30} GiB" if size_bytes >= 1 << 30 else f"{size_bytes >> 20} MiB"
