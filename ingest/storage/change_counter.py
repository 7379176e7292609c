"""Whether anybody has changed an SQLite database: a count within it, that every process reads."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PROGRESS_INTERVAL_S = 10.0
"""While thousands of files are taken in, nobody needs to hear of every few dozen."""

_LARGEST_COUNT = 2**31 - 1


class ChangeCounter:
    """Tells a state that stays equal to itself until somebody, in whatever process, commits what is news.

    The count stands in the header of the file, in the number that SQLite leaves to the application (``PRAGMA
    user_version``), and is committed with what it tells of: whoever writes says for everybody whether it is
    news. To read it takes a hundredth of a millisecond.
    """

    def __init__(
        self, connect: Callable[[], sqlite3.Connection], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        self._bumped_at_s = -math.inf

    def state(self) -> int:
        """Give the state of now."""
        with self._lock:
            if self._connection is None:
                self._connection = self._connect()
            return _count(self._connection)

    @contextmanager
    def bump(self, writer: sqlite3.Connection, *, is_progress: bool) -> Iterator[None]:
        """Tell with a transaction of what was changed in it, if anything was.

        Progress is told of if some seconds have gone by, else with whatever is written next.
        """
        before = writer.total_changes
        yield
        if writer.total_changes == before:
            return
        if is_progress:
            now_s = self._clock()
            if now_s - self._bumped_at_s < PROGRESS_INTERVAL_S:
                return
            self._bumped_at_s = now_s
        writer.execute(f"PRAGMA user_version = {(_count(writer) + 1) % _LARGEST_COUNT}")

    def close(self) -> None:
        """Let the connection go; the next question opens another."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
