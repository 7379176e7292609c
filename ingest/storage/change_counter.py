"""Change counter in the header of an SQLite file, readable by every process."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PROGRESS_INTERVAL_S = 10.0
"""Minimum time between two increments during a long import. [s]"""

_LARGEST_COUNT = 2**31 - 1


class ChangeCounter:
    """Returns a version token that changes whenever any process commits user-visible data.

    The counter is SQLite's application-defined ``PRAGMA user_version``. It is committed in the same
    transaction as the change; reading it takes about 10 µs.
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
        """Current value of the counter."""
        with self._lock:
            if self._connection is None:
                self._connection = self._connect()
            return _count(self._connection)

    @contextmanager
    def bump(self, writer: sqlite3.Connection, *, is_progress: bool) -> Iterator[None]:
        """Increment the counter with a transaction if the block changes any row.

        With ``is_progress`` it is incremented at most every ten seconds, else with the next other change.
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
        """Close the connection; the next call opens another."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
