"""Where files come from: single files, folders, gzip and zip, read within limits."""

from __future__ import annotations

import dataclasses
import gzip
import io
import logging
import os
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ingest.errors import UnavailableSourceError, UnreadableSourceError
from ingest.files import limits
from ingest.files.export_manifest import MANIFEST_NAME, is_manifest, manifests_in, read_manifest
from ingest.files.filenames import RECORDING_EXTENSIONS, printable, walk_files
from ingest.files.limits import UnpackBudget, format_size, read_chunks
from ingest.files.open_no_symlinks import open_no_symlinks
from ingest.files.zip_reader import (
    UNREADABLE,
    UnreadableMember,
    ZipMember,
    ZipReader,
    error_text,
    is_os_error,
    zip_members,
)
from ingest.formats.declared_sport import NO_METADATA, DeclaredMetadata
from ingest.formats.sniff import HEAD_BYTES, SniffedHeader, sniff_header, time_in_name

log = logging.getLogger(__name__)


_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Source:
    """One file's worth of bytes and where they come from; ``name`` is for people, never for a path.

    ``root`` is the folder that somebody named and below which it was found: no link leads out of it.
    ``declared`` is what the manifest of an account export says about it.
    ``is_removed_later`` says that the file will be cleared away once it is settled, so that its bytes must be kept
    whatever it is. ``is_temporary`` says of a refusal that it was the system's. ``header`` is what a look at its
    first bytes told, where somebody looked.
    """

    path: Path
    member: str | None = None
    root: Path | None = None
    refusal: str = ""
    is_temporary: bool = False
    is_removed_later: bool = False
    declared: DeclaredMetadata = NO_METADATA
    zip_member: ZipMember | None = field(default=None, repr=False, compare=False)
    header: SniffedHeader = field(default=SniffedHeader(), repr=False, compare=False)

    @property
    def name(self) -> str:
        """What to call it in a message."""
        place = str(self.path) if self.member is None else f"{self.path}!{self.member}"
        return printable(f"“{self.declared.title}”: {place}" if self.declared.title else place)

    @property
    def can_skip(self) -> bool:
        """Whether it says of itself that it is no activity, and stays where it can be found again."""
        return self.header.is_no_activity and not self.is_removed_later

    def read(self) -> bytes:
        """Read the bytes, unpacked, within the limits.

        Raises
        ------
        UnavailableSourceError
            If the system does not hand it over, now.
        UnreadableSourceError
            If it is damaged, no regular file, or larger than the limits allow.
        """
        if self.refusal:
            raise _unreadable_error(self.refusal, is_temporary=self.is_temporary)
        try:
            return _unpacked(self._whole() if self.zip_member is None else self.zip_member.read())
        except UNREADABLE as error:
            reason = f"cannot be read: {error_text(error)}"
            raise _unreadable_error(reason, is_temporary=is_os_error(error)) from error

    def sniffed(self) -> Source:
        """The same source with a look at its first bytes and at its name; it never raises."""
        try:
            header = SniffedHeader() if self.refusal else sniff_header(_unpacked_head(self._head()))
        except (UnreadableSourceError, *UNREADABLE):
            header = SniffedHeader()
        created_at = header.created_at or time_in_name(self.member or self.path.name)
        return dataclasses.replace(self, header=dataclasses.replace(header, created_at=created_at))

    def close(self) -> None:
        """Let go of the archive that this is in, so that it can be moved."""
        if self.zip_member is not None:
            self.zip_member.reader.close()

    def _head(self) -> bytes:
        if self.zip_member is not None:
            return self.zip_member.head(HEAD_BYTES)
        with _open_regular(self.path, self.root) as file:
            return file.read(HEAD_BYTES)

    def _whole(self) -> bytes:
        most = limits.MEMBER_LIMIT_BYTES + 1
        with _open_regular(self.path, self.root) as file:
            # Asked for what it says it holds: to make room for the limit takes longer than to read a run.
            size = min(os.fstat(file.fileno()).st_size + 1, most)
            data = file.read(size)
            if len(data) == size < most:  # It has grown, or cannot tell.
                data += file.read(most - size)
        if len(data) == most:
            raise UnreadableSourceError(f"is larger than {format_size(limits.MEMBER_LIMIT_BYTES)}")
        return data


def collect(
    paths: Iterable[Path], *, root: Path | None = None, is_removed_later: bool = False
) -> Iterator[Source]:
    """All that could be a recording under the given files and folders, in a steady order.

    What cannot be opened is a source too: it says why when it is read, and the others go on. ``root`` is the
    folder in which the paths were found, where somebody looked.
    """
    for path in paths:
        if path.is_dir():
            unreadable: list[Source] = []
            declared = _folder_manifest(path)
            for source in collect(
                candidates_below(path, unreadable.append),
                root=root or path,
                is_removed_later=is_removed_later,
            ):
                yield _with_metadata(source, declared, path)
            yield from unreadable
        elif path.name.lower().endswith(".zip"):
            yield from _zip_sources(path, root)
        else:
            yield Source(path, root=root, is_removed_later=is_removed_later)


def newest_first(sources: Iterable[Source]) -> list[Source]:
    """Sources with a look at each, the newest before the older and what is no activity at the end.

    The runs that advice rests on come in within seconds, however many years come with them. A file's
    time is the one in its first bytes, else that in its name, else when it was last written.
    """
    looked = [source.sniffed() for source in sources]
    return sorted(looked, key=lambda source: (source.header.is_no_activity, -_created_at_s(source)))


def candidates_below(
    folder: Path, unreadable: Callable[[Source], object] = lambda _source: None
) -> list[Path]:
    """Candidates below a folder, sorted; a folder that cannot be listed is told as a source."""

    def refuse(path: str, error: OSError) -> None:
        unreadable(Source(Path(path), refusal=f"cannot be read: {error_text(error)}"))

    return sorted(Path(entry.path) for entry in walk_files(folder, refuse))


def _zip_sources(path: Path, root: Path | None) -> Iterator[Source]:
    reader = ZipReader(lambda: _open_regular(path, root), budget=UnpackBudget())
    listed = list(
        zip_members(reader, lambda name: name.lower().endswith(RECORDING_EXTENSIONS) or is_manifest(name))
    )
    declared = manifests_in(listed)
    for found in listed:
        if is_manifest(found.label):
            continue
        if isinstance(found, UnreadableMember):
            yield Source(path, found.label or None, refusal=found.reason, is_temporary=found.is_os_error)
        else:
            yield Source(path, found.label, zip_member=found, declared=declared.get(found.label, NO_METADATA))


def _folder_manifest(folder: Path) -> dict[str, DeclaredMetadata]:
    """What the table in an unpacked export says of the files in it."""
    table = Source(folder / MANIFEST_NAME, root=folder)
    try:
        return read_manifest(table.read()) if table.path.is_file() else {}
    except UnreadableSourceError as error:
        log.warning("%s cannot be read: %s", table.name, error)
        return {}


def _with_metadata(source: Source, declared: Mapping[str, DeclaredMetadata], folder: Path) -> Source:
    if not declared or source.member is not None:
        return source
    one = declared.get(source.path.relative_to(folder).as_posix())
    return source if one is None else dataclasses.replace(source, declared=one)


def _unreadable_error(reason: str, *, is_temporary: bool) -> UnreadableSourceError:
    return UnavailableSourceError(reason) if is_temporary else UnreadableSourceError(reason)


def _created_at_s(source: Source) -> float:
    """When a source was made, as far as can be told; what cannot be told is old. [Unix seconds]"""
    if source.header.created_at is not None:
        return source.header.created_at.timestamp()
    try:
        return source.path.stat(follow_symlinks=False).st_mtime
    except OSError:
        return 0.0


def _open_regular(path: Path, root: Path | None) -> IO[bytes]:
    file = os.fdopen(open_no_symlinks(path, root), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # judged by what was opened
        file.close()
        raise UnreadableSourceError("is not a regular file")
    return file


def _unpacked(data: bytes) -> bytes:
    """Unpack what is gzip by its content; some services name it so, some do not."""
    if not data.startswith(_GZIP):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            return b"".join(read_chunks(file, len(data)))
    except EOFError as error:
        raise UnreadableSourceError("the gzip file is cut off") from error


def _unpacked_head(head: bytes) -> bytes:
    return zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES) if head.startswith(_GZIP) else head
