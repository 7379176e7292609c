"""One process at a time: a lock that the system itself releases, however the holder ends."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

_utc_now = partial(datetime.now, UTC)
_HOLDER = re.compile(r"pid (\d+)\nsince (\S+)\n")


class AlreadyRunningError(Exception):
    """Another process holds the lock; ``pid`` and ``since`` are None until it has said so."""

    def __init__(self, path: Path, *, pid: int | None, since: datetime | None) -> None:
        who = f"process {pid} since {since:%Y-%m-%d %H:%M:%S} UTC" if pid and since else "another process"
        super().__init__(f"Hipwatch is running already: {who} holds {path}")
        self.pid = pid
        self.since = since


@contextmanager
def single_instance(path: Path, *, clock: Callable[[], datetime] = _utc_now) -> Iterator[None]:
    """Hold the lock while the block runs; the file says who holds it, for people to read.

    The file stays behind empty: to remove it would let a third process lock a file that nobody sees. A child
    that was forked shares the lock and outlives us with it; one that was spawned does not.

    Raises
    ------
    AlreadyRunningError
        At once, if another process holds the lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not "w": a second process must not wipe out the name of the first.
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+", encoding="utf-8") as file:
        if not _try_lock(file.fileno()):
            pid, since = _holder(file.read())
            raise AlreadyRunningError(path, pid=pid, since=since)
        _write(file.fileno(), f"pid {os.getpid()}\nsince {clock().astimezone(UTC).isoformat()}\n")
        try:
            yield
        finally:
            _write(file.fileno(), "")


def _holder(text: str) -> tuple[int | None, datetime | None]:
    found = _HOLDER.fullmatch(text)
    return (int(found[1]), datetime.fromisoformat(found[2])) if found else (None, None)


def _write(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, text.encode())


if sys.platform == "win32":
    import msvcrt

    # Windows forbids reading what is locked, so a byte far behind the text is.
    _FAR_BEHIND_THE_TEXT = 1 << 30

    def _try_lock(handle: int) -> bool:
        os.lseek(handle, _FAR_BEHIND_THE_TEXT, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
