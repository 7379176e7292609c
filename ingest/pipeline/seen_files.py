"""Files that were handled and stay in place, known by path, size and time across restarts."""

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
"""Size and modification time. [bytes], [ns]"""

FLUSH_EVERY = 256
"""Number of entries written together; a crash only costs reading those files again."""

_ROWS = 500
_LONGEST_KEY = 1_000
"""Maximum length of a key; a PostgreSQL index entry is limited to 2,700 bytes. [bytes]"""


@dataclass(slots=True)
class SeenFiles:
    """One runner's handled files, skipped unless they change."""

    database: Database
    runner_id: int
    _known: dict[str, FileState] | None = None
    _fresh: dict[str, FileState] = field(default_factory=dict)

    def has(self, path: str, state: FileState) -> bool:
        """Whether the file was handled in this state."""
        if self._known is None:
            self._known = self._load()
        return self._known.get(_key(path)) == state

    def count_unseen(self, files: Mapping[str, FileState]) -> int:
        """Number of files that no process has recorded as handled."""
        known = self._load() if files else {}
        return sum(known.get(_key(path)) != state for path, state in files.items())

    def note(self, path: str, state: FileState, *, now: datetime) -> None:
        """Record a file as handled; durable at the latest after ``flush``."""
        if self._known is not None:
            self._known[_key(path)] = state
        self._fresh[_key(path)] = state
        if len(self._fresh) >= FLUSH_EVERY:
            self.flush(now=now)

    def forget(self) -> None:
        """Drop the cache, as another process may have written."""
        self._known = None

    def flush(self, *, now: datetime) -> None:
        """Write the recorded files."""
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
    """The path as a database key: invalid UTF-8 is escaped, long paths are hashed."""
    raw = path.encode() if path.isascii() else os.fsencode(path)
    key = raw.decode("utf-8", "backslashreplace")
    return key if len(key.encode()) <= _LONGEST_KEY else f"sha256:{hashlib.sha256(raw).hexdigest()}"
