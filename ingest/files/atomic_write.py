"""Atomic, durable file writes: write to a temporary file, fsync, then rename."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from ingest.errors import DiskError
from ingest.files.open_no_symlinks import open_no_symlinks, rename_no_symlinks

PART_PREFIX = ".part-"
MOVED_PREFIX = ".taken-"
"""Prefix of a file that is about to be removed; after a crash it is renamed back."""

CHUNK_BYTES = 1024 * 1024
"""Buffer size when copying. [bytes]"""

_LONGEST_NAME = 50
STALE_AFTER = timedelta(hours=1)
"""Age at which an unfinished file is taken as left over from a crashed process."""


def write_durably(path: Path, data: bytes, *, staging: Path | None = None) -> None:
    """Write ``data`` to ``path`` atomically: after a crash there is all of it or nothing.

    The temporary file is created in ``staging``, a folder on the same disk, else beside ``path``. A process
    that dies leaves it there for ``remove_stale_parts``.

    Raises
    ------
    DiskError
        If the disk refuses; no partial file remains.
    """
    with atomic_writer(path, staging=staging) as file:
        file.write(data)


@contextmanager
def atomic_writer(path: Path, *, staging: Path | None = None) -> Iterator[IO[bytes]]:
    """Open a file for writing that appears under its name, complete and durable, when the block ends.

    Raises
    ------
    DiskError
        If the system refuses anything within the block; no partial file remains.
    """
    with disk_errors(path):
        make_folder(path.parent)
        handle, temporary = tempfile.mkstemp(prefix=PART_PREFIX, dir=staging or path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def move_durably(path: Path, target: Path) -> None:
    """Move a file within one disk; after a crash it is in one of the two places."""
    with disk_errors(path):
        make_folder(target.parent)
        path.replace(target)
        sync_folder(target.parent)


def copy_durably(path: Path, target: Path) -> None:
    """Copy a file atomically, possibly from another disk."""
    with atomic_writer(target) as copy, path.open("rb") as original:
        shutil.copyfileobj(original, copy, CHUNK_BYTES)


def move_to_temporary_name(path: Path, root: Path) -> Path:
    """Rename a file below ``root`` to an unpredictable name that scans ignore.

    Whatever appears under the old name afterwards is another file, so that removing this one is safe.
    """
    return rename_no_symlinks(
        path, f"{MOVED_PREFIX}{secrets.token_hex(8)}-{path.name[-_LONGEST_NAME:]}", root
    )


def restore_moved(moved: Path) -> None:
    """Rename a moved file back, or to a free name if its old one is taken."""
    token, _, name = moved.name.removeprefix(MOVED_PREFIX).partition("-")
    with suppress(OSError):
        is_free = not moved.with_name(name).exists()
        moved.rename(moved.with_name(name if is_free else f"{token}-{name}"))


def make_folder(folder: Path) -> None:
    """Create a folder and its parents durably."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Flush the directory entries of a folder, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_stale_parts(folder: Path, *, now: datetime) -> int:
    """Remove temporary files left by crashed processes; returns how many."""
    swept = 0
    abandoned_s = (now - STALE_AFTER).timestamp()
    for path in folder.glob(f"{PART_PREFIX}*"):
        with suppress(OSError):  # another process removes them too, or we lack the permission
            if path.stat().st_mtime < abandoned_s:
                path.unlink()
                swept += 1
    return swept


def is_readable(path: Path, root: Path) -> bool:
    """Whether a file below a folder can be opened now; never blocks on a pipe."""
    try:
        with os.fdopen(open_no_symlinks(path, root), "rb") as file:
            file.read(1)
    except OSError:
        return False
    return True


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Convert ``OSError`` into a ``DiskError`` that says how to fix it."""
    try:
        yield
    except OSError as error:
        raise DiskError.about(error, path) from error
