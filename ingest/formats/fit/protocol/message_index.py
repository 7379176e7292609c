"""Index of the messages in one file: definition and byte offset of each, grouped by kind."""

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
    """All data messages with one definition: their positions in the file and byte offsets."""

    kind: MessageKind
    ordinals: Index
    starts: Index


@dataclass(frozen=True, slots=True, eq=False)
class MessageIndex:
    """Index of the messages in one file; ``headers`` includes definitions.

    ``groups`` has the data messages by global message number. ``body`` is the message data and one sentinel
    byte, ``base`` its offset in the whole data, and ``stop`` how much of it was readable. [bytes]
    """

    body: bytes
    base: int
    stop: int
    headers: Octets
    groups: Mapping[int, Sequence[MessageGroup]]
    descriptions: DeveloperFieldRegistry
    flags: tuple[Flag, ...]

    def of(self, message: int) -> Sequence[MessageGroup]:
        """Groups of one global message number."""
        return self.groups.get(message, ())


def index_messages(data: bytes, base: int, end: int, limit: int) -> MessageIndex:
    """Index all complete messages between two offsets; stops at a truncated or undefined one."""
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
    """Group messages by kind; byte offsets are the cumulative sizes."""
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
    """Kind number of each message (one past the last for definitions), and positions of the definitions."""
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
