"""Storage of originals: accepted files by SHA-256, rejected files beside the reason."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import UnreadableSourceError
from ingest.files.atomic_write import disk_errors, move_durably, sync_folder, write_durably

REASON_SUFFIX = ".reason.txt"

FIT, GPX, TCX, XML = ".fit", ".gpx", ".tcx", ".xml"
EXTENSIONS = (FIT, GPX, TCX, XML)
"""File extensions of originals, the most frequent first."""

_HEAD_BYTES = 4_096


def sha256_of(data: bytes) -> str:
    """SHA-256 of the bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Archive:
    """Content-addressed store of the original, unchanged bytes of every activity file."""

    folder: Path

    def path_of(self, sha256: str) -> Path:
        """Path of the file with this SHA-256; it may not exist."""
        paths = [self._path(sha256, ending) for ending in EXTENSIONS]
        return next((path_ for path_ in paths if path_.exists()), paths[0])

    def stored_files(self) -> dict[str, Path]:
        """All stored files by their SHA-256."""
        return {path.stem: path for path in sorted(self.folder.glob("??/*")) if path.suffix in EXTENSIONS}

    def contains(self, sha256: str, size_bytes: int) -> bool:
        """Whether a file of that hash and size is stored; after a partial restore it may be missing."""
        return any(_size_of(self._path(sha256, ending)) == size_bytes for ending in EXTENSIONS)

    def add(self, sha256: str, data: bytes) -> None:
        """Store the bytes durably; does nothing if they are already stored intact.

        Raises
        ------
        DiskError
            If the disk refuses.
        """
        path, before = self._path(sha256, extension_of(data)), self.path_of(sha256)
        with disk_errors(path):
            if self.contains(sha256, len(data)):
                sync_folder(path.parent)  # the writer may have crashed before this sync
                return
        write_durably(path, data, staging=self.folder)
        if before != path:
            with disk_errors(before):
                before.unlink(missing_ok=True)

    def fix_extension(self, sha256: str, data: bytes) -> None:
        """Rename an original whose extension does not match its content (once all were called ``.fit``).

        Raises
        ------
        DiskError
            If the disk refuses.
        """
        path, right = self.path_of(sha256), self._path(sha256, extension_of(data))
        if path != right:
            move_durably(path, right)

    def read(self, sha256: str) -> bytes:
        """Read the bytes of an original and verify their hash.

        Raises
        ------
        UnreadableSourceError
            If the file is missing or has changed.
        """
        try:
            data = self.path_of(sha256).read_bytes()
        except OSError as error:
            raise UnreadableSourceError(
                f"the original {sha256[:12]}… cannot be read: {error.strerror}"
            ) from error
        if sha256_of(data) != sha256:
            raise UnreadableSourceError(f"the original {sha256[:12]}… has changed on disk")
        return data

    def _path(self, sha256: str, ending: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256}{ending}"


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Files that could not be imported, each with a readable reason."""

    folder: Path

    def add(self, sha256: str, data: bytes, *, name: str, reason: str) -> Path:
        """Store rejected bytes and the reason; the same bytes are stored once."""
        path = self._path_of(sha256, name)
        self._write_reason(path, name, reason)  # syncs the folder, and with it the name of an existing file
        if not path.exists():
            write_durably(path, data)
        return path

    def move_in(self, path: Path, *, name: str, reason: str) -> Path:
        """Move a rejected file in, such as one that is too large to be read."""
        with disk_errors(path), path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        target = self._path_of(sha256, name)
        self._write_reason(target, name, reason)
        move_durably(path, target)
        return target

    def release(self, sha256: str) -> None:
        """Remove the file with this SHA-256 after it has been imported."""
        with disk_errors(self.folder):
            for path in self.folder.glob(f"{sha256}-*"):
                path.unlink(missing_ok=True)

    def contains(self, sha256: str) -> bool:
        """Whether bytes with this SHA-256 are in quarantine, under any name."""
        return self._find(sha256) is not None

    def _path_of(self, sha256: str, name: str) -> Path:
        """Path for the bytes: the existing one, if they came before under another name."""
        return self._find(sha256) or self.folder / f"{sha256}-{safe_filename(name)}"

    def _find(self, sha256: str) -> Path | None:
        found = (p for p in self.folder.glob(f"{sha256}-*") if not p.name.endswith(REASON_SUFFIX))
        return next(found, None)

    def _write_reason(self, path: Path, name: str, reason: str) -> None:
        write_durably(path.with_name(path.name + REASON_SUFFIX), f"{name}\n{reason}\n".encode())

    def count(self) -> int:
        """Number of files in quarantine."""
        if not self.folder.is_dir():
            return 0
        return sum(1 for path in self.folder.iterdir() if path.name.endswith(REASON_SUFFIX))


def safe_filename(name: str) -> str:
    """Turn an untrusted name into a safe file name."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"[^A-Za-z0-9._-]+", "_", last).lstrip(".")[-80:] or "file"


def extension_of(data: bytes) -> str:
    """File extension that matches the content."""
    head = data[:_HEAD_BYTES]
    if head[8:12] == b".FIT" or b"<" not in head:
        return FIT
    return GPX if b"<gpx" in head else TCX if b"<TrainingCenterDatabase" in head else XML


def _size_of(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
