"""Where originals are kept: accepted bytes by their SHA-256, rejected ones beside the reason."""

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
"""What originals are called after; a look for one begins with what most of them are."""

_HEAD_BYTES = 4_096


def sha256_of(data: bytes) -> str:
    """SHA-256 of the bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Archive:
    """The original bytes of every activity, unchanged, named by their SHA-256 and what they are."""

    folder: Path

    def path_of(self, sha256: str) -> Path:
        """Where the bytes with this fingerprint lie, if they do."""
        paths = [self._path(sha256, ending) for ending in EXTENSIONS]
        return next((path_ for path_ in paths if path_.exists()), paths[0])

    def stored_files(self) -> dict[str, Path]:
        """Everything that is kept, by its fingerprint."""
        return {path.stem: path for path in sorted(self.folder.glob("??/*")) if path.suffix in EXTENSIONS}

    def contains(self, sha256: str, size_bytes: int) -> bool:
        """Whether a file of that name and size is there, as after a restore it may not be."""
        return any(_size_of(self._path(sha256, ending)) == size_bytes for ending in EXTENSIONS)

    def add(self, sha256: str, data: bytes) -> None:
        """Keep the bytes durably; keeping them again changes nothing, unless they were lost or cut short.

        Raises
        ------
        DiskError
            If the disk refuses.
        """
        path, before = self._path(sha256, extension_of(data)), self.path_of(sha256)
        with disk_errors(path):
            if self.contains(sha256, len(data)):
                sync_folder(path.parent)  # whoever moved it there may have died before its name was durable
                return
        write_durably(path, data, staging=self.folder)
        if before != path:
            with disk_errors(before):
                before.unlink(missing_ok=True)

    def fix_extension(self, sha256: str, data: bytes) -> None:
        """Give an original the ending that it should have: once every one of them was called ``.fit``.

        Raises
        ------
        DiskError
            If the disk refuses.
        """
        path, right = self.path_of(sha256), self._path(sha256, extension_of(data))
        if path != right:
            move_durably(path, right)

    def read(self, sha256: str) -> bytes:
        """Give the bytes back.

        Raises
        ------
        UnreadableSourceError
            If they are not there or are no longer what they were.
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
    """Files that could not be taken in, each with a readable reason, until somebody looks."""

    folder: Path

    def add(self, sha256: str, data: bytes, *, name: str, reason: str) -> Path:
        """Keep the bytes and say why; the same bytes lie here once."""
        path = self._path_of(sha256, name)
        self._write_reason(
            path, name, reason
        )  # syncs the folder, and with it the name of what lies there already
        if not path.exists():
            write_durably(path, data)
        return path

    def move_in(self, path: Path, *, name: str, reason: str) -> Path:
        """Move a file in from where it lies, as when it is too large to be read."""
        with disk_errors(path), path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        target = self._path_of(sha256, name)
        self._write_reason(target, name, reason)
        move_durably(path, target)
        return target

    def release(self, sha256: str) -> None:
        """Remove what was set aside with this fingerprint, as it has been taken in since."""
        with disk_errors(self.folder):
            for path in self.folder.glob(f"{sha256}-*"):
                path.unlink(missing_ok=True)

    def contains(self, sha256: str) -> bool:
        """Whether bytes with this fingerprint lie here, under whatever name."""
        return self._find(sha256) is not None

    def _path_of(self, sha256: str, name: str) -> Path:
        """Where the bytes belong: where they lie already, though they came under another name."""
        return self._find(sha256) or self.folder / f"{sha256}-{safe_filename(name)}"

    def _find(self, sha256: str) -> Path | None:
        found = (p for p in self.folder.glob(f"{sha256}-*") if not p.name.endswith(REASON_SUFFIX))
        return next(found, None)

    def _write_reason(self, path: Path, name: str, reason: str) -> None:
        write_durably(path.with_name(path.name + REASON_SUFFIX), f"{name}\n{reason}\n".encode())

    def count(self) -> int:
        """How many files lie here."""
        if not self.folder.is_dir():
            return 0
        return sum(1 for path in self.folder.iterdir() if path.name.endswith(REASON_SUFFIX))


def safe_filename(name: str) -> str:
    """Make a name that came from outside safe to be a file's name."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"[^A-Za-z0-9._-]+", "_", last).lstrip(".")[-80:] or "file"


def extension_of(data: bytes) -> str:
    """What a file with this content is called, so that other programs open it."""
    head = data[:_HEAD_BYTES]
    if head[8:12] == b".FIT" or b"<" not in head:
        return FIT
    return GPX if b"<gpx" in head else TCX if b"<TrainingCenterDatabase" in head else XML


def _size_of(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
