"""Files that stay where they are and were dealt with: known by path, size and time, over restarts."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from ingest.storage.database import Database
from ingest.storage.schema import seen_file_table

FileState = tuple[int, int]
"""Size and time of last change. [bytes], [ns]"""

FLUSH_EVERY = 256
"""So many notes are written together; a kill costs no more than reading their files again."""

_ROWS = 500
_LONGEST_KEY = 1_000
"""An index of PostgreSQL takes no more than 2,700 bytes. [bytes]"""


@dataclass(slots=True)
class SeenFiles:
    """One runner's files that need not be looked into again unless they change."""

    database: Database
    runner_id: int
    _known: dict[str, FileState] | None = None
    _fresh: dict[str, FileState] = field(default_factory=dict)

    def has(self, path: str, state: FileState) -> bool:
        """Whether this file was dealt with as it is now."""
        if self._known is None:
            self._known = self._load()
        return self._known.get(_key(path)) == state

    def count_unseen(self, files: Mapping[str, FileState]) -> int:
        """How many of these files nobody has dealt with, as written down by whatever process."""
        known = self._load() if files else {}
        return sum(known.get(_key(path)) != state for path, state in files.items())

    def note(self, path: str, state: FileState, *, now: datetime) -> None:
        """Remember that a file was dealt with; durable at the latest after ``flush``."""
        if self._known is not None:
            self._known[_key(path)] = state
        self._fresh[_key(path)] = state
        if len(self._fresh) >= FLUSH_EVERY:
            self.flush(now=now)

    def forget(self) -> None:
        """Read anew what is known, as another process may have written."""
        self._known = None

    def flush(self, *, now: datetime) -> None:
        """Write down what was noted."""
        if not self._fresh:
            return
        table = seen_file_table
        keys = list(self._fresh)
        with self.database.writing() as connection:
            for start in range(0, len(keys), _ROWS):
                same = table.c.path.in_(keys[start : start + _ROWS])
                connection.execute(sa.delete(table).where(table.c.runner_id == self.runner_id, same))
            connection.execute(sa.insert(table), [self._row(key, now) for key in keys])
        self._fresh = {}

    def _row(self, key: str, now: datetime) -> Mapping[str, object]:
        size_bytes, mtime_ns = self._fresh[key]
        return {
            "runner_id": self.runner_id,
            "path": key,
            "size_bytes": size_bytes,
            "mtime_ns": mtime_ns,
            "seen_at": now,
        }

    def _load(self) -> dict[str, FileState]:
        table = seen_file_table
        query = sa.select(table.c.path, table.c.size_bytes, table.c.mtime_ns)
        with self.database.reading() as connection:
            rows = connection.execute(query.where(table.c.runner_id == self.runner_id))
            return {path: (size_bytes, mtime_ns) for path, size_bytes, mtime_ns in rows}


def _key(path: str) -> str:
    """The path as a database can hold it: what is no UTF-8 is spelt out, what is too long told by a hash."""
    raw = path.encode() if path.isascii() else os.fsencode(path)
    key = raw.decode("utf-8", "backslashreplace")
    return key if len(key.encode()) <= _LONGEST_KEY else f"sha256:{hashlib.sha256(raw).hexdigest()}"
