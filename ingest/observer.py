"""Whether anybody has changed an SQLite database: a count of commits, watched by one that never writes."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PROGRESS_TOLD_EVERY_S = 5.0
"""While thousands of files are taken in, nobody needs to hear of every few dozen."""


class Observer:
    """Tells a state that stays equal to itself until somebody, in whatever process, commits.

    SQLite counts for each connection the commits of all others (``PRAGMA data_version``), so the one asked
    here is never written with. Asking it takes a hundredth of a millisecond.
    """

    def __init__(
        self, connect: Callable[[], sqlite3.Connection], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self._asking = threading.Lock()
        self._told_at_s = -math.inf
        self._latest, self._stands_for = -1, -1

    def state(self) -> int:
        """Give the state of now; that of progress which need not be told of is the state before it."""
        count = self._count()
        return self._stands_for if count == self._latest else count

    @contextmanager
    def progress(self) -> Iterator[None]:
        """Write progress within: told of if some seconds have gone by, else with whatever is written next.

        The caller holds the one writer's lock, so that nobody else commits within.
        """
        now_s = self._clock()
        if now_s - self._told_at_s >= PROGRESS_TOLD_EVERY_S:
            self._told_at_s = now_s
            yield
            return
        before = self.state()
        yield
        self._stands_for, self._latest = before, self._count()

    def close(self) -> None:
        """Let the connection go; the next question opens another."""
        with self._asking:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _count(self) -> int:
        with self._asking:
            if self._connection is None:
                self._connection = self._connect()
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
