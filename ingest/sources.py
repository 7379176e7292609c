"""Where files come from: single files, folders, gzip and zip, read within limits."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import UnreadableSourceError

MEMBER_LIMIT_BYTES = 64 * 1024 * 1024
ARCHIVE_LIMIT_BYTES = 2 * 1024 * 1024 * 1024
ARCHIVE_LIMIT_MEMBERS = 20_000
RATIO_LIMIT = 200

FILE_ENDINGS = (".fit", ".fit.gz", ".zip")
UNFINISHED = (".part", ".tmp", ".crdownload", ".partial")

# zipfile answers an unknown compression with NotImplementedError and a password with RuntimeError.
_UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Source:
    """One file's worth of bytes and where they come from; ``name`` is for people, never for a path."""

    path: Path
    member: str | None = None
    refusal: str = ""

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return str(self.path) if self.member is None else f"{self.path}!{self.member}"

    def read(self) -> bytes:
        """Read the bytes, unpacked, within the limits.

        Raises
        ------
        UnreadableSourceError
            If it cannot be opened, is no regular file, or is larger than the limits allow.
        """
        if self.refusal:
            raise UnreadableSourceError(self.refusal)
        try:
            if self.member is not None:
                with zipfile.ZipFile(self.path) as archive:
                    return _unpack(_read_member(archive, self.member), self.member)
            return _unpack(_read_regular(self.path), self.path.name)
        except _UNREADABLE as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise UnreadableSourceError(f"cannot be read: {reason}") from error


def collect(paths: Iterable[Path]) -> Iterator[Source]:
    """All that could be an activity under the given files and folders, in a steady order.

    What cannot be opened is a source too: it says why when it is read, and the others go on.
    """
    for path in paths:
        if path.is_dir():
            yield from collect(file for file in walk(path) if is_candidate(file))
        elif path.name.lower().endswith(".zip"):
            yield from _members(path)
        else:
            yield Source(path)


def walk(folder: Path) -> Iterator[Path]:
    """Regular files below a folder, sorted; links are not followed, hidden names are left alone."""
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if entry.name.startswith((".", "~syncthing~")):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from walk(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def is_candidate(path: Path) -> bool:
    """Whether the name says that this could be taken in; unfinished downloads are not."""
    name = path.name.lower()
    return name.endswith(FILE_ENDINGS) and not name.startswith(".") and not name.endswith(UNFINISHED)


def _members(path: Path) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (OSError, zipfile.BadZipFile) as error:
        yield Source(path, refusal=f"is no readable zip archive: {error}")
        return
    if len(infos) > ARCHIVE_LIMIT_MEMBERS:
        yield Source(path, refusal=f"holds {len(infos)} files; the limit is {ARCHIVE_LIMIT_MEMBERS}")
        return
    if sum(info.file_size for info in infos) > ARCHIVE_LIMIT_BYTES:
        yield Source(path, refusal=f"unpacks to more than {ARCHIVE_LIMIT_BYTES >> 30} GiB")
        return
    for info in infos:
        if not info.is_dir() and info.filename.lower().endswith((".fit", ".fit.gz")):
            yield Source(path, info.filename)


def _read_regular(path: Path) -> bytes:
    # Opened without following a link or waiting on a pipe, then judged by what was opened.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableSourceError("is no regular file")
        data = file.read(MEMBER_LIMIT_BYTES + 1)
    return _within_limit(data)


def _read_member(archive: zipfile.ZipFile, member: str) -> bytes:
    packed_bytes = max(archive.getinfo(member).compress_size, 1)
    with archive.open(member) as file:
        data = file.read(MEMBER_LIMIT_BYTES + 1)
    if len(data) > 1024 * 1024 and len(data) > RATIO_LIMIT * packed_bytes:
        raise UnreadableSourceError(f"unpacks to more than {RATIO_LIMIT} times its size")
    return _within_limit(data)


def _unpack(data: bytes, name: str) -> bytes:
    if not name.lower().endswith(".gz"):
        return data
    unpacker = zlib.decompressobj(wbits=31)
    unpacked = unpacker.decompress(data, MEMBER_LIMIT_BYTES + 1)
    if not unpacker.eof and len(unpacked) <= MEMBER_LIMIT_BYTES:
        raise UnreadableSourceError("the gzip file is cut off")
    return _within_limit(unpacked)


def _within_limit(data: bytes) -> bytes:
    if len(data) > MEMBER_LIMIT_BYTES:
        raise UnreadableSourceError(f"is larger than {MEMBER_LIMIT_BYTES >> 20} MiB")
    return data
