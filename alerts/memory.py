"""What was worked out of a history, kept until the history changes: ten years are not read for every page."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Generic, TypeVar

from ingest.daily import StoredActivity, TrainingDays

T = TypeVar("T")


@dataclass(slots=True)
class Memory(Generic[T]):
    """One thing and the key under which it holds; asked by several threads, it is worked out once."""

    _key: Hashable = None
    _kept: T | None = None
    _lock: Lock = field(default_factory=Lock)

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under that key, else what ``make`` gives now."""
        with self._lock:
            if self._kept is None or self._key != key:
                self._kept, self._key = make(), key
            return self._kept


@dataclass(frozen=True, slots=True)
class HistoryMemory:
    """The activities of one runner and the days they make, as of one version of the history."""

    activities: Memory[list[StoredActivity]] = field(default_factory=Memory)
    dated: Memory[list[tuple[date, StoredActivity]]] = field(default_factory=Memory)
    days: Memory[TrainingDays] = field(default_factory=Memory)
