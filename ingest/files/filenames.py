"""Which files are importable, by their names, and how names are displayed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

RECORDING_EXTENSIONS = (".fit", ".tcx", ".gpx", ".fit.gz", ".tcx.gz", ".gpx.gz")
FILE_EXTENSIONS = (*RECORDING_EXTENSIONS, ".zip")
UNFINISHED_SUFFIXES = (".part", ".tmp", ".crdownload", ".partial")
HIDDEN_PREFIXES = (".", "~syncthing~")


def is_candidate(name: str) -> bool:
    """Whether a file name is importable; unfinished downloads are not."""
    lower = name.lower()
    return (
        lower.endswith(FILE_EXTENSIONS)
        and not lower.startswith(HIDDEN_PREFIXES)
        and not lower.endswith(UNFINISHED_SUFFIXES)
    )


def walk_files(
    folder: Path,
    unreadable: Callable[[str, OSError], object] = lambda _path, _error: None,
    *,
    apart: frozenset[str] = frozenset(),
    wanted: Callable[[str], bool] = is_candidate,
) -> Iterator[os.DirEntry[str]]:
    """Yield regular files below a folder whose names are wanted, in no particular order.

    Symbolic links, hidden folders and the folders in ``apart`` are skipped. ``unreadable`` is called with
    each folder that cannot be listed; the others continue.
    """
    waiting = [str(folder)]
    while waiting:
        path = waiting.pop()
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if not entry.name.startswith(HIDDEN_PREFIXES) and entry.path not in apart:
                            waiting.append(entry.path)
                    elif wanted(entry.name) and entry.is_file(follow_symlinks=False):
                        yield entry
        except OSError as error:
            unreadable(path, error)


def printable(name: str) -> str:
    """Escape the non-printable characters of an untrusted name."""
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)
