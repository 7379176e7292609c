"""FIT container: headers, checksums and chained files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.errors import FitDecodeError
from ingest.formats.fit.protocol.crc import crc16
from ingest.formats.fit.protocol.message_index import MessageIndex, index_messages
from ingest.formats.recording import Flag

MAX_CHAINED = 256
MIN_MESSAGES = 1 << 18
BYTES_PER_MESSAGE = 20
"""Limits on chained files and messages (262,144 and one per 20 bytes), to bound memory."""

_SMALLEST_HEADER = 12
_HEADER_WITH_CRC = 14
_CRC_SIZE = 2


@dataclass(frozen=True, slots=True)
class _Extent:
    """Position of one file; ``stop`` is the end of its messages, None if the header does not say."""

    start: int
    first: int
    stop: int | None


@dataclass(slots=True)
class FitFiles:
    """The chained files in some data, one at a time to bound memory.

    ``flags`` lists irregularities; it is complete after the last file.
    """

    data: bytes
    flags: list[Flag] = field(default_factory=list)

    def __iter__(self) -> Iterator[MessageIndex]:
        """Index the messages of each file.

        Raises
        ------
        FitDecodeError
            If the data is not FIT, or contains no complete message.
        """
        limit = MIN_MESSAGES + len(self.data) // BYTES_PER_MESSAGE
        at, nothing_since = 0, None
        for _ in range(MAX_CHAINED):
            extent = self._read_header(at)
            end, at = self._read_extent(extent)
            walked = index_messages(self.data, extent.first, end, limit)
            limit -= len(walked.headers)
            self.flags.extend(walked.flags)
            if walked.groups:
                nothing_since = -1
                yield walked
            elif nothing_since is None:
                nothing_since = walked.base + walked.stop
            if at == len(self.data) or not self._goes_on(at):
                break
        else:
            self._flag("trailing_bytes", f"more than {MAX_CHAINED} chained files", at)
        if nothing_since != -1:
            raise FitDecodeError("no complete message", offset=nothing_since or 0)

    def _goes_on(self, at: int) -> bool:
        if self._is_header(at):
            return True
        self._flag("trailing_bytes", f"{len(self.data) - at} bytes that are no FIT", at)
        return False

    def _read_header(self, at: int) -> _Extent:
        data = self.data
        if not data:
            raise FitDecodeError("empty file", offset=0)
        if not self._is_header(at):
            raise FitDecodeError("no FIT header", offset=at)
        size, data_size = data[at], int.from_bytes(data[at + 4 : at + 8], "little")
        first = at + size
        if size >= _HEADER_WITH_CRC and len(data) >= first:
            # A zero stands for "no checksum", as older watches write it.
            crc = int.from_bytes(data[at + _SMALLEST_HEADER : at + _HEADER_WITH_CRC], "little")
            if crc and crc != crc16(data[at : at + _SMALLEST_HEADER]):
                self._flag("checksum", "the header's checksum is wrong", at + _SMALLEST_HEADER)
        if data_size == 0 and len(data) > first + _CRC_SIZE:
            return _Extent(at, first, None)
        return _Extent(at, first, first + data_size)

    def _read_extent(self, extent: _Extent) -> tuple[int, int]:
        """End of a file's messages and possible start of the next file; verifies the checksum."""
        stop, end = extent.stop, len(self.data)
        if stop is None:
            self._flag(
                "unterminated", "the header gives no length, the file was never closed", extent.start + 4
            )
            return end, end
        if stop > end:
            self._flag("truncated", f"{stop - end} bytes of the messages are missing", end)
            return end, end
        if stop + _CRC_SIZE > end:
            self._flag("truncated", "the checksum is missing", stop)
            return stop, end
        if crc16(memoryview(self.data)[extent.start : stop + _CRC_SIZE]):
            self._flag("checksum", "the checksum is wrong", stop)
        return stop, stop + _CRC_SIZE

    def _is_header(self, at: int) -> bool:
        data = self.data
        return len(data) >= at + _SMALLEST_HEADER <= at + data[at] and data[at + 8 : at + 12] == b".FIT"

    def _flag(self, code: str, what: str, at: int) -> None:
        self.flags.append(Flag(code, f"{what}, at byte {at}"))
