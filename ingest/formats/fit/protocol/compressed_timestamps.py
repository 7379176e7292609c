"""Times of messages whose header holds the last five bits of a timestamp instead of a field."""

from __future__ import annotations

from itertools import chain

import numpy as np

from ingest.formats.fit import profile
from ingest.formats.fit.protocol.columns import Quantity, gather_rows, raw_view
from ingest.formats.fit.protocol.message_index import Index, MessageIndex
from ingest.formats.fit.protocol.message_scanner import COMPRESSED
from ingest.formats.recording import Column

_BITS = 0x1F
_INVALID = 0xFFFFFFFF


def has_compressed_times(index: MessageIndex) -> bool:
    """Whether any message has a compressed header."""
    return bool((index.headers >= COMPRESSED).any())


def compressed_times(index: MessageIndex) -> Column:
    """Raw FIT seconds of every message with a compressed header, NaN for all others.

    Five bits roll over every 32 seconds. They count on from the message before, and from whichever
    message last had a whole timestamp, of whatever type it is.
    """
    explicit = _explicit_times(index)
    marks = np.flatnonzero((explicit >= 0) | (index.headers >= COMPRESSED))
    known = explicit[marks]
    rolled = known < 0
    # uint8 on purpose, here and below: differences wrap around as the five bits do.
    bits = np.where(rolled, index.headers[marks], (known & _BITS).astype(np.uint8)) & np.uint8(_BITS)
    scanner = np.diff(bits, prepend=np.uint8(0)) & np.uint8(_BITS)
    scanner[~rolled] = 0
    elapsed = np.cumsum(scanner, dtype=np.int64)
    anchor = np.maximum.accumulate(np.where(rolled, -1, np.arange(len(marks))))
    since = np.where(anchor >= 0, known[anchor] - elapsed[anchor], 0)
    times = np.full(len(index.headers), np.nan)
    times[marks[rolled]] = (since + elapsed)[rolled]
    return times


def _explicit_times(index: MessageIndex) -> Index:
    """Whole timestamps by message, -1 where there is none. [FIT seconds]"""
    times = np.full(len(index.headers), -1, np.int64)
    for group in chain.from_iterable(index.groups.values()):
        definition = group.kind.definition
        for field in definition.fields():
            if field.number == profile.TIMESTAMP and field.base.code == "u4":
                rows = gather_rows(index, group)
                quantity = Quantity(field.offset, field.size, field.base)
                raw = raw_view(rows, quantity, 1, big_endian=definition.big_endian)
                times[group.ordinals] = np.where(raw == _INVALID, -1, raw)
    return times
