"""Files that are whole or absent: written beside their place, made durable, then moved in."""

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
"""A file about to be cleared away; one that a process left so when it died is given back."""

CHUNK_BYTES = 1024 * 1024
"""What a copy holds in memory at once. [bytes]"""

_LONGEST_NAME = 50
STALE_AFTER = timedelta(hours=1)
"""No write takes so long; what is older was left by a process that died."""


def write_durably(path: Path, data: bytes, *, staging: Path | None = None) -> None:
    """Write ``data`` to ``path`` so that after a crash there is all of it or nothing.

    It is written in ``staging``, a folder on the same disk, else beside its place. A process that dies
    leaves a file there that ``remove_stale_parts`` removes.

    Raises
    ------
    DiskError
        If the disk refuses; nothing of the attempt stays.
    """
    with atomic_writer(path, staging=staging) as file:
        file.write(data)


@contextmanager
def atomic_writer(path: Path, *, staging: Path | None = None) -> Iterator[IO[bytes]]:
    """A file to write piece by piece; it has its name, and after a crash all of it, once the block is left.

    Raises
    ------
    DiskError
        If the system refuses anything within the block; nothing of the attempt stays.
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
    """Move a file within its disk; after a crash it lies in one of the two places."""
    with disk_errors(path):
        make_folder(target.parent)
        path.replace(target)
        sync_folder(target.parent)


def copy_durably(path: Path, target: Path) -> None:
    """Copy a file, from another disk perhaps, so that after a crash there is all of it or nothing."""
    with atomic_writer(target) as copy, path.open("rb") as original:
        shutil.copyfileobj(original, copy, CHUNK_BYTES)


def move_to_temporary_name(path: Path, root: Path) -> Path:
    """Give a file below a folder a name that no look finds: what has its old name from now on is another.

    Nobody can know the name beforehand, so that what is done with it is done with this file or none.
    """
    return rename_no_symlinks(
        path, f"{MOVED_PREFIX}{secrets.token_hex(8)}-{path.name[-_LONGEST_NAME:]}", root
    )


def restore_moved(aside: Path) -> None:
    """Give a file that was moved aside its name again, or one beside what has that now."""
    token, _, name = aside.name.removeprefix(MOVED_PREFIX).partition("-")
    with suppress(OSError):
        is_free = not aside.with_name(name).exists()
        aside.rename(aside.with_name(name if is_free else f"{token}-{name}"))


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, their names durable."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_stale_parts(folder: Path, *, now: datetime) -> int:
    """Remove what processes that died left unfinished in a folder; tell how many files that were."""
    swept = 0
    abandoned_s = (now - STALE_AFTER).timestamp()
    for path in folder.glob(f"{PART_PREFIX}*"):
        with suppress(OSError):  # another process sweeps too, or it is not ours to remove
            if path.stat().st_mtime < abandoned_s:
                path.unlink()
                swept += 1
    return swept


def is_readable(path: Path, root: Path) -> bool:
    """Whether the system hands over a file below a folder at all, now; it waits for no pipe in its place."""
    try:
        with os.fdopen(open_no_symlinks(path, root), "rb") as file:
            file.read(1)
    except OSError:
        return False
    return True


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn what the system says of a file into a ``DiskError`` that says how to mend it."""
    try:
        yield
    except OSError as error:
        raise DiskError.about(error, path) from error
