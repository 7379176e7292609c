"""Open files below a folder without following symbolic links, one directory at a time (openat).

A path that was listed a moment ago may lead elsewhere by now if others can write to a share.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HAS_DIR_FD = {os.open, os.rename} <= os.supports_dir_fd
"""Whether files can be opened relative to an open directory; not on Windows."""

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
# O_NONBLOCK: do not block on a pipe that replaced the file.
_FILE = os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_no_symlinks(path: Path, root: Path | None) -> int:
    """Open a file for reading and return its descriptor; ``root`` and everything above it is trusted.

    Raises
    ------
    OSError
        If there is a link below ``root``; without ``root`` only the file itself must not be a link.
    """
    with _parent_fd(path, root) as folder:
        return os.open(path, _FILE) if folder is None else os.open(path.name, _FILE, dir_fd=folder)


def rename_no_symlinks(path: Path, name: str, root: Path | None) -> Path:
    """Rename a file within its folder; returns the new path."""
    with _parent_fd(path, root) as folder:
        if folder is None:
            return path.rename(path.with_name(name))
        os.rename(path.name, name, src_dir_fd=folder, dst_dir_fd=folder)
    return path.with_name(name)


@contextmanager
def _parent_fd(path: Path, root: Path | None) -> Iterator[int | None]:
    """Open the folder of a file; None where its path is trusted or cannot be checked."""
    below = () if root is None else path.parts[len(root.parts) : -1]
    if not below or not _HAS_DIR_FD:
        yield None
        return
    held = os.open(str(root), _FOLDER)
    try:
        for name in below:
            outer, held = held, os.open(name, _FOLDER | _NO_LINK, dir_fd=held)
            os.close(outer)
        yield held
    finally:
        os.close(held)
