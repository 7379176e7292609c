"""Values derived from a history, cached until the history changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Generic, TypeVar

from alerts.detectors.incremental import Look
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.table import TrainingDays

T = TypeVar("T")


@dataclass(slots=True)
class Cache(Generic[T]):
    """A thread-safe cache of one value under one key."""

    _key: Hashable = None
    _kept: T | None = None
    _lock: Lock = field(default_factory=Lock)

    def get_or_compute(self, key: Hashable, make: Callable[[], T]) -> T:
        """The cached value if the key matches, else what ``make`` returns."""
        with self._lock:
            if self._kept is None or self._key != key:
                self._kept, self._key = make(), key
            return self._kept


@dataclass(slots=True)
class Incremental(Generic[T]):
    """A value that is computed from its predecessor."""

    _kept: T | None = None
    _lock: Lock = field(default_factory=Lock)

    def update(self, make: Callable[[T | None], T]) -> T:
        """Replace the value by what ``make`` returns for the last one (None at first)."""
        with self._lock:
            self._kept = make(self._kept)
            return self._kept


@dataclass(frozen=True, slots=True)
class HistoryCache:
    """The cached activities and training days of one runner, and the last rule results."""

    activities: Cache[list[StoredActivity]] = field(default_factory=Cache)
    dated: Cache[list[tuple[date, StoredActivity]]] = field(default_factory=Cache)
    days: Cache[TrainingDays] = field(default_factory=Cache)
    look: Incremental[Look] = field(default_factory=Incremental)
