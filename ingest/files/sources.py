"""Sources of files: single files, folders, gzip and zip archives, read within limits."""

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
    """One file to import and where its bytes come from.

    ``name`` is for messages only, never for a path. ``root`` is the folder below which the file was found;
    no symbolic link may lead out of it. ``declared`` is what the manifest of an account export says about
    the file. ``is_removed_later`` is set if the file is deleted after import, so that its bytes must be
    archived in any case. ``is_temporary`` marks a ``refusal`` by the operating system, which may succeed
    later. ``header`` is what the first bytes say, if they were sniffed.
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
        """Display name for messages."""
        place = str(self.path) if self.member is None else f"{self.path}!{self.member}"
        return printable(f"“{self.declared.title}”: {place}" if self.declared.title else place)

    @property
    def can_skip(self) -> bool:
        """Whether the file declares itself not to be an activity and stays where it is."""
        return self.header.is_no_activity and not self.is_removed_later

    def read(self) -> bytes:
        """Read the bytes, decompressed, within the limits.

        Raises
        ------
        UnavailableSourceError
            If the operating system refuses access at the moment.
        UnreadableSourceError
            If it is damaged, not a regular file, or larger than the limits allow.
        """
        if self.refusal:
            raise _unreadable_error(self.refusal, is_temporary=self.is_temporary)
        try:
            return _unpacked(self._whole() if self.zip_member is None else self.zip_member.read())
        except UNREADABLE as error:
            reason = f"cannot be read: {error_text(error)}"
            raise _unreadable_error(reason, is_temporary=is_os_error(error)) from error

    def sniffed(self) -> Source:
        """The same source with its header sniffed and its creation time set; never raises."""
        try:
            header = SniffedHeader() if self.refusal else sniff_header(_unpacked_head(self._head()))
        except (UnreadableSourceError, *UNREADABLE):
            header = SniffedHeader()
        created_at = header.created_at or time_in_name(self.member or self.path.name)
        return dataclasses.replace(self, header=dataclasses.replace(header, created_at=created_at))

    def close(self) -> None:
        """Close the archive that contains this source, so that it can be moved."""
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
            # Read the reported size: allocating the limit takes longer than reading a run.
            size = min(os.fstat(file.fileno()).st_size + 1, most)
            data = file.read(size)
            if len(data) == size < most:  # It has grown, or its size is unknown.
                data += file.read(most - size)
        if len(data) == most:
            raise UnreadableSourceError(f"is larger than {format_size(limits.MEMBER_LIMIT_BYTES)}")
        return data


def collect(
    paths: Iterable[Path], *, root: Path | None = None, is_removed_later: bool = False
) -> Iterator[Source]:
    """Find every possible recording in the given files and folders, in a stable order.

    A file that cannot be opened is yielded too: reading it raises the reason, and the others continue.
    ``root`` is the watched folder in which the paths were found, if any.
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
    """Sniff sources and sort them: newest first, files that are no activity last.

    Recent runs, on which advice rests, are then imported within seconds, however long the history. A file's
    time is taken from its first bytes, else from its name, else from its modification time.
    """
    looked = [source.sniffed() for source in sources]
    return sorted(looked, key=lambda source: (source.header.is_no_activity, -_created_at_s(source)))


def candidates_below(
    folder: Path, unreadable: Callable[[Source], object] = lambda _source: None
) -> list[Path]:
    """Importable files below a folder, sorted; ``unreadable`` gets folders that cannot be listed."""

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
    """Read the manifest of an unpacked account export."""
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
    """Creation time of a source; 0 if unknown. [Unix s]"""
    if source.header.created_at is not None:
        return source.header.created_at.timestamp()
    try:
        return source.path.stat(follow_symlinks=False).st_mtime
    except OSError:
        return 0.0


def _open_regular(path: Path, root: Path | None) -> IO[bytes]:
    file = os.fdopen(open_no_symlinks(path, root), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # check what was opened, not the path
        file.close()
        raise UnreadableSourceError("is not a regular file")
    return file


def _unpacked(data: bytes) -> bytes:
    """Decompress gzip data, recognised by content rather than by name."""
    if not data.startswith(_GZIP):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            return b"".join(read_chunks(file, len(data)))
    except EOFError as error:
        raise UnreadableSourceError("the gzip file is cut off") from error


def _unpacked_head(head: bytes) -> bytes:
    return zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES) if head.startswith(_GZIP) else head
