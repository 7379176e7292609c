"""What was worked out of a history, kept until the history changes: ten years are not read for every page."""

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
    """One thing and the key under which it holds; asked by several threads, it is worked out once."""

    _key: Hashable = None
    _kept: T | None = None
    _lock: Lock = field(default_factory=Lock)

    def get_or_compute(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under that key, else what ``make`` gives now."""
        with self._lock:
            if self._kept is None or self._key != key:
                self._kept, self._key = make(), key
            return self._kept


@dataclass(slots=True)
class Incremental(Generic[T]):
    """The last of several things, each of which is made from the one before it."""

    _kept: T | None = None
    _lock: Lock = field(default_factory=Lock)

    def update(self, make: Callable[[T | None], T]) -> T:
        """What ``make`` gives of the last one, None where there was none; it is the last one now."""
        with self._lock:
            self._kept = make(self._kept)
            return self._kept


@dataclass(frozen=True, slots=True)
class HistoryCache:
    """The activities of one runner and the days they make, as of one version; what the rules saw last."""

    activities: Cache[list[StoredActivity]] = field(default_factory=Cache)
    dated: Cache[list[tuple[date, StoredActivity]]] = field(default_factory=Cache)
    days: Cache[TrainingDays] = field(default_factory=Cache)
    look: Incremental[Look] = field(default_factory=Incremental)
