"""A least-recently-used cache whose entries are valid for one version of what they were made from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Generic, TypeVar, cast

V = TypeVar("V")
T = TypeVar("T")

LOCKS = 16
"""Values that can be computed side by side; whoever asks for one that is being computed waits for it."""


@dataclass(frozen=True, slots=True)
class _Entry(Generic[V]):
    version: object
    value: V


@dataclass(slots=True)  # a frozen one cannot be made by its alias LruCache[...] on Python 3.11
class LruCache(Generic[V]):
    """A thread-safe LRU cache; an entry of another version counts as missing.

    Parameters
    ----------
    max_entries : int
        Entries kept; beyond it the least recently used one is dropped.
    """

    max_entries: int
    _entries: OrderedDict[Hashable, _Entry[V]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _computing: tuple[RLock, ...] = field(default_factory=lambda: tuple(RLock() for _ in range(LOCKS)))

    def get(self, key: Hashable, version: object) -> V | None:
        """The value of that key and version; None if there is none."""
        found = self._find(key, version)
        return None if found is None else found.value

    def put(self, key: Hashable, version: object, value: V) -> None:
        """Store a value in place of an older one."""
        with self._lock:
            self._entries[key] = _Entry(version, value)
            self._entries.move_to_end(key)
            while len(self._entries) > self.max_entries:
                self._entries.popitem(last=False)

    def lock_for(self, key: Hashable) -> RLock:
        """The lock to hold while computing the value of that key."""
        return self._computing[hash(key) % LOCKS]

    def get_or_compute(self, key: Hashable, version: object, compute: Callable[[], T]) -> T:
        """The value of that key and version, computed once for all who ask at the same time."""
        with self.lock_for(key):
            found = self._find(key, version)
            if found is not None:
                return cast("T", found.value)
            value = compute()
            self.put(key, version, cast("V", value))
            return value

    def _find(self, key: Hashable, version: object) -> _Entry[V] | None:
        with self._lock:
            found = self._entries.get(key)
            if found is None or found.version != version:
                return None
            self._entries.move_to_end(key)
            return found
