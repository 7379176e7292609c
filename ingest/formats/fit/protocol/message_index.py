"""The messages of one file, sorted by kind: which definition each has, and at which byte it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.formats.fit.protocol.crc import Octets
from ingest.formats.fit.protocol.developer_fields import DeveloperFieldRegistry
from ingest.formats.fit.protocol.message_scanner import (
    IS_DEFINITION,
    LOCALS,
    SENTINEL,
    MessageKind,
    MessageScanner,
)
from ingest.formats.recording import Flag

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class MessageGroup:
    """All data messages of one kind in the order of the file: which of its messages, and at which byte."""

    kind: MessageKind
    ordinals: Index
    starts: Index


@dataclass(frozen=True, slots=True, eq=False)
class MessageIndex:
    """The messages of one file; ``headers`` has an entry for each, definitions included.

    ``groups`` has the data messages by their type. ``body`` holds the messages and one byte more, ``base``
    is where it lies in the whole data, and ``stop`` is how much of it could be read. [bytes]
    """

    body: bytes
    base: int
    stop: int
    headers: Octets
    groups: Mapping[int, Sequence[MessageGroup]]
    descriptions: DeveloperFieldRegistry
    flags: tuple[Flag, ...]

    def of(self, message: int) -> Sequence[MessageGroup]:
        """The groups of one message type."""
        return self.groups.get(message, ())


def index_messages(data: bytes, base: int, end: int, limit: int) -> MessageIndex:
    """Find all whole messages between two bytes; stop where one is cut off or has no definition."""
    scanner = MessageScanner(b"".join((memoryview(data)[base:end], SENTINEL)), base, limit)
    stop = scanner.scan()
    headers = np.frombuffer(bytes(scanner.headers), np.uint8)
    return MessageIndex(
        body=scanner.body,
        base=base,
        stop=stop,
        headers=headers,
        groups=_grouped(scanner, headers),
        descriptions=scanner.descriptions,
        flags=tuple(scanner.flags),
    )


def _grouped(scanner: MessageScanner, headers: Octets) -> dict[int, list[MessageGroup]]:
    """Sort the messages by kind; their places follow from the sizes by a sum."""
    kind_numbers, defined_at = _kind_of_each(scanner, headers)
    sizes = np.array([*(kind.definition.size for kind in scanner.kinds), 0]).take(kind_numbers)
    sizes[defined_at] = scanner.lengths
    order = np.argsort(kind_numbers, kind="stable")
    starts = (np.cumsum(sizes) - sizes).take(order)
    counts = np.bincount(kind_numbers, minlength=len(scanner.kinds) + 1)
    groups: dict[int, list[MessageGroup]] = {}
    first = 0
    for kind, count in zip(scanner.kinds, counts.tolist(), strict=False):
        if count:
            part = slice(first, first + count)
            groups.setdefault(kind.definition.message, []).append(
                MessageGroup(kind, order[part], starts[part])
            )
            first += count
    return groups


def _kind_of_each(scanner: MessageScanner, headers: Octets) -> tuple[npt.NDArray[np.int16], Index]:
    """The kind of each message by number, one beyond the last for definitions, and where these are."""
    locals_ = LOCALS.take(headers)
    defined_at = np.flatnonzero(locals_ == IS_DEFINITION)
    defined_kinds = np.array(scanner.kind_numbers, np.int16)
    defined_locals = headers[defined_at] & 0x0F
    of_local = np.full(IS_DEFINITION + 1, len(scanner.kinds), np.int16)
    of_local[defined_locals] = defined_kinds
    kinds = of_local.take(locals_)
    redefined = np.flatnonzero(np.bincount(defined_locals, minlength=1) > 1)
    for local in redefined.tolist():
        defined = np.flatnonzero(defined_locals == local)
        if (defined_kinds[defined] != of_local[local]).any():
            ordinals = np.flatnonzero(locals_ == local)
            since = np.searchsorted(ordinals, defined_at[defined])
            kinds[ordinals] = np.repeat(defined_kinds[defined], np.diff(since, append=len(ordinals)))
    return kinds, defined_at
