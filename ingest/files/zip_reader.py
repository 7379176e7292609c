"""Zip archives read within limits: sizes in headers are not trusted, bytes are counted."""

from __future__ import annotations

import errno
import io
import os
import tempfile
import weakref
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO

from ingest.errors import UnreadableSourceError
from ingest.files import limits
from ingest.files.limits import REMEDY, UnpackBudget, format_size, read_chunks

SMALL_DIRECTORY = 64
"""Archives with at most this many members are reopened for each, so that thousands need not stay open."""

_TAIL_BYTES = 1 << 17
"""An archive ends with a record and a comment of up to 64 KiB; more is never read at once."""

# zipfile raises these for malformed headers, among them NotImplementedError, RuntimeError or ValueError.
UNREADABLE = (
    OSError,
    EOFError,
    MemoryError,
    zlib.error,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class ZipMember:
    """One file in an archive; ``label`` is its unique display name."""

    reader: ZipReader
    info: zipfile.ZipInfo = field(repr=False)
    label: str

    def read(self) -> bytes:
        """Unpack the member.

        Raises
        ------
        UnreadableSourceError
            If it is larger than the limits allow.
        OSError, zipfile.BadZipFile, …
            Any of ``UNREADABLE``, if it is damaged.
        """
        with self.reader.opened() as archive, archive.open(self.info) as file:
            data = bytearray()
            for piece in read_chunks(file, self.info.compress_size):
                self.reader.budget.spend(len(piece))
                data += piece
        return bytes(data)

    def head(self, size: int) -> bytes:
        """The first bytes of the member."""
        with self.reader.opened() as archive, archive.open(self.info) as file:
            return file.read(size)


class ZipReader:
    """One zip archive, opened on demand and closed when nothing refers to it any more."""

    def __init__(
        self,
        open_file: Callable[[], IO[bytes]],
        *,
        budget: UnpackBudget,
        depth: int = 0,
        is_spool: bool = False,
    ) -> None:
        self._open_file = open_file
        self._is_spool = is_spool
        self._archive: zipfile.ZipFile | None = None
        self._keeps_open = False
        self._closed: Callable[[], object] = lambda: None
        self.budget = budget
        self.depth = depth

    @contextmanager
    def opened(self) -> Iterator[zipfile.ZipFile]:
        """Open the archive for reading."""
        if self._archive is not None:
            yield self._archive
            return
        file = self._open_file()
        # A spooled file cannot be reopened: it stays open as long as this reader is referenced.
        close_file = _leave_open if self._is_spool else file.close
        try:
            archive = zipfile.ZipFile(_BoundedFile(file))
        except BaseException:
            close_file()
            raise
        self._keeps_open = self._keeps_open or len(archive.filelist) > SMALL_DIRECTORY
        if self._keeps_open:
            # Reading a long directory again for each member would take hours.
            self._archive = archive
            self._closed = weakref.finalize(self, _close, archive, close_file)
            yield archive
            return
        try:
            yield archive
        finally:
            _close(archive, close_file)

    def infos(self) -> list[zipfile.ZipInfo]:
        """What is in the archive, folders left out."""
        with self.opened() as archive:
            return [info for info in archive.infolist() if not info.is_dir()]

    def close(self) -> None:
        """Let go of the file, as somebody wants to move it; reading opens it again."""
        self._archive = None
        self._closed()

    def nested(self, info: zipfile.ZipInfo) -> ZipReader:
        """Spool an archive within this one to a file that vanishes with it.

        Raises
        ------
        UnreadableSourceError
            If it lies too deep, or the limits do not allow it.
        """
        if self.depth == limits.DEPTH_LIMIT:
            raise UnreadableSourceError(f"archives are nested more than {limits.DEPTH_LIMIT} deep")
        self.budget.spend_nested()
        spool = tempfile.TemporaryFile(prefix="hipwatch-")  # noqa: SIM115 - it lives as long as the package
        try:
            with self.opened() as archive, archive.open(info) as file:
                for piece in read_chunks(file, info.compress_size, limit_bytes=limits.ARCHIVE_LIMIT_BYTES):
                    self.budget.spend_spool(len(piece))
                    spool.write(piece)
            inner = ZipReader(lambda: spool, budget=self.budget, depth=self.depth + 1, is_spool=True)
        except BaseException:
            spool.close()
            raise
        weakref.finalize(inner, spool.close)
        return inner


def _leave_open() -> None:
    pass


def _close(archive: zipfile.ZipFile, close_file: Callable[[], object]) -> None:
    archive.close()
    with suppress(OSError):
        close_file()


class _BoundedFile(io.RawIOBase):
    """A file that refuses reads larger than the directory limit.

    ``zipfile`` reads the list of contents in one piece, as long as the archive claims it is.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        most = limits.DIRECTORY_LIMIT_BYTES
        if size < 0:
            return self._file.read(_TAIL_BYTES)
        if size > most:
            raise UnreadableSourceError(f"its table of contents is larger than {format_size(most)}")
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        try:
            return self._file.seek(offset, whence)
        except OSError as error:
            if whence != os.SEEK_SET or error.errno != errno.EINVAL:
                raise
            # An invalid offset: the archive is damaged, retrying will not help.
            raise zipfile.BadZipFile("names a place outside of the file") from error

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


_ENCRYPTED = 0x1

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Supported compression methods.

``zipfile`` decompresses bzip2 and LZMA input in one piece, whatever size was
requested: 700 bytes can become 700 MB.
"""


@dataclass(frozen=True, slots=True)
class UnreadableMember:
    """A member, or the archive itself, that cannot be read, and why."""

    label: str
    reason: str
    is_os_error: bool = False


def zip_members(
    reader: ZipReader, wanted: Callable[[str], bool], prefix: str = ""
) -> Iterator[ZipMember | UnreadableMember]:
    """Yield the wanted members of an archive, including nested archives; unreadable ones with the reason."""
    try:
        infos = reader.infos()
        reader.budget.spend_members(len(infos))
    except UnreadableSourceError as error:
        yield UnreadableMember(prefix.rstrip("!"), str(error))
        return
    except UNREADABLE as error:
        reason = f"is no readable zip archive: {error_text(error)}"
        yield UnreadableMember(prefix.rstrip("!"), reason, is_os_error(error))
        return
    names: Counter[str] = Counter()
    for info in infos:
        name = info.filename.replace("\\", "/")
        if any(part.startswith((".", "__MACOSX")) for part in name.split("/") if part not in {".", ".."}):
            continue
        is_archive = name.lower().endswith(".zip")
        if not is_archive and not wanted(name.rpartition("/")[2]):
            continue
        names[name] += 1
        label = prefix + name + (f" ({names[name]})" if names[name] > 1 else "")
        if info.flag_bits & _ENCRYPTED:
            yield UnreadableMember(label, f"is encrypted; {REMEDY}")
        elif info.compress_type not in _METHODS:
            yield UnreadableMember(label, f"is packed in a way that Hipwatch does not read; {REMEDY}")
        elif is_archive:
            yield from _nested_members(reader, info, wanted, label)
        else:
            yield ZipMember(reader, info, label)


def error_text(error: BaseException) -> str:
    """The message of an error, short."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def is_os_error(error: BaseException) -> bool:
    """Whether the operating system refused access, so that another attempt may succeed."""
    return isinstance(error, OSError) and error.errno is not None


def _nested_members(
    reader: ZipReader, info: zipfile.ZipInfo, wanted: Callable[[str], bool], label: str
) -> Iterator[ZipMember | UnreadableMember]:
    try:
        inner = reader.nested(info)
    except (UnreadableSourceError, *UNREADABLE) as error:
        yield UnreadableMember(label, f"cannot be read: {error_text(error)}", is_os_error(error))
        return
    yield from zip_members(inner, wanted, f"{label}!")
