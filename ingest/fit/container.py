"""The outside of FIT data: headers, checksums, and files that were put one behind the other."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ingest.errors import FitDecodeError
from ingest.fit.crc import crc16
from ingest.fit.walk import Walk, walk
from ingest.recording import Flag

MAX_CHAINED = 1_024

_SMALLEST_HEADER = 12
_HEADER_WITH_CRC = 14
_CRC_SIZE = 2


@dataclass(frozen=True, slots=True)
class FitData:
    """The files that lie in some data, in their order, and what is odd around them."""

    files: tuple[Walk, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class _Extent:
    """Where one file's messages lie; ``stop`` is None where its header says nothing of it."""

    start: int
    first: int
    stop: int | None


def open_fit(data: bytes) -> FitData:
    """Find the messages of all files in the data.

    Raises
    ------
    FitDecodeError
        If the data is no FIT, or holds no whole message.
    """
    files: list[Walk] = []
    flags: list[Flag] = []
    at: int | None = 0
    while at is not None:
        extent = _read_header(data, at, flags)
        walked, at = _read_file(data, extent, flags)
        files.append(walked)
        flags.extend(walked.flags)
        if at is not None and not _is_header(data, at):
            flags.append(_flag("trailing_bytes", f"{len(data) - at} bytes that are no FIT", at))
            break
        if at is not None and len(files) == MAX_CHAINED:
            flags.append(_flag("trailing_bytes", f"more than {MAX_CHAINED} chained files", at))
            break
    if not any(walked.groups for walked in files):
        raise FitDecodeError("no whole message", offset=files[0].base + files[0].stop)
    return FitData(tuple(files), tuple(flags))


def _read_file(data: bytes, extent: _Extent, flags: list[Flag]) -> tuple[Walk, int | None]:
    """The messages of one file, and where the next one would start; None at the end of the data."""
    first, stop = extent.first, extent.stop
    if stop is None:
        flags.append(_flag("unterminated", "the header gives no length, the file was never closed", 4))
        return walk(data, first, len(data)), None
    if stop > len(data):
        missing = stop - len(data)
        flags.append(_flag("truncated", f"{missing} bytes of the messages are missing", len(data)))
        return walk(data, first, len(data)), None
    crc = data[stop : stop + _CRC_SIZE]
    if len(crc) < _CRC_SIZE:
        flags.append(_flag("truncated", "the checksum is missing", stop))
        return walk(data, first, stop), None
    if crc16(memoryview(data)[extent.start : stop + _CRC_SIZE]):
        flags.append(_flag("checksum", "the checksum is wrong", stop))
    end = stop + _CRC_SIZE
    return walk(data, first, stop), end if end < len(data) else None


def _read_header(data: bytes, at: int, flags: list[Flag]) -> _Extent:
    if not data:
        raise FitDecodeError("empty file", offset=0)
    if not _is_header(data, at):
        raise FitDecodeError("no FIT header", offset=at)
    size, data_size = data[at], int.from_bytes(data[at + 4 : at + 8], "little")
    first = at + size
    if size >= _HEADER_WITH_CRC and len(data) >= first:
        # A zero stands for "no checksum", as older watches write it.
        (crc,) = struct.unpack_from("<H", data, at + _SMALLEST_HEADER)
        if crc and crc != crc16(data[at : at + _SMALLEST_HEADER]):
            flags.append(_flag("checksum", "the header's checksum is wrong", at + _SMALLEST_HEADER))
    if data_size == 0 and len(data) > first + _CRC_SIZE:
        return _Extent(at, first, None)
    return _Extent(at, first, first + data_size)


def _is_header(data: bytes, at: int) -> bool:
    return len(data) >= at + _SMALLEST_HEADER <= at + data[at] and data[at + 8 : at + 12] == b".FIT"


def _flag(word: str, what: str, at: int) -> Flag:
    return Flag(word, f"{what}, at byte {at}")
