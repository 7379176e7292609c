"""Scanner for FIT messages: the only loop over the bytes of a file, from header to header."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

import numpy as np

from ingest.formats.fit import profile
from ingest.formats.fit.protocol.definitions import (
    DEVELOPER_FLAG,
    Definition,
    definition_length,
    parse_definition,
)
from ingest.formats.fit.protocol.developer_fields import DeveloperFieldRegistry
from ingest.formats.recording import Flag

MAX_DEFINITIONS = 1 << 14
"""Limit on definitions, to bound memory."""

_WINDOW = 1 << 18
"""Bytes scanned at once; a malicious file may have one message per byte. [bytes]"""

_STRIDE = 32
"""Number of consecutive headers compared at once."""

_MOST_SINGLY = 256
"""Maximum number of messages read singly before equal headers are tried again."""

COMPRESSED = 0x80
_DEFINITION = 0x40
SENTINEL = b"\x40"
IS_DEFINITION = 0xFF


def _local(header: int) -> int:
    """Local message type of a header: two bits for compressed headers, else four."""
    if header & COMPRESSED:
        return header >> 5 & 0x03
    return IS_DEFINITION if header & _DEFINITION else header & 0x0F


_LOCAL = tuple(_local(header) for header in range(256))
LOCALS = np.array(_LOCAL, np.uint8)
_ALIKE = tuple(bytes([header]) * _STRIDE for header in range(256))


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A definition, with the number of developer field descriptions before it."""

    definition: Definition
    version: int = 0


@dataclass(slots=True)
class MessageScanner:
    """Scanner state: a header for each message, a length and a kind for each definition.

    ``body`` ends with the sentinel and starts at ``base`` in the whole data; ``limit`` is the maximum number
    of messages.
    """

    body: bytes
    base: int
    limit: int
    headers: bytearray = field(default_factory=bytearray)
    lengths: array[int] = field(default_factory=lambda: array("i"))
    kind_numbers: array[int] = field(default_factory=lambda: array("i"))
    kinds: list[MessageKind] = field(default_factory=list)
    known: dict[tuple[bytes, int], int] = field(default_factory=dict)
    current: dict[int, MessageKind] = field(default_factory=dict)
    sizes: list[int | None] = field(default_factory=lambda: [None] * 256)
    descriptions: DeveloperFieldRegistry = field(default_factory=DeveloperFieldRegistry)
    flags: list[Flag] = field(default_factory=list)

    def scan(self) -> int:
        """Scan header after header; returns the offset at which scanning ended.

        The inner loop is the hot path and knows data messages only: anything else, including the sentinel,
        has no entry in ``sizes``. An IndexError at the end of a window returns control to the outer loop,
        which checks the limits. Runs of equal messages skip the inner loop.
        """
        body, sizes, headers = self.body, self.sizes, self.headers
        first = 0
        while len(headers) <= self.limit:
            window = body[first : first + _WINDOW]
            at, singly = 0, _STRIDE
            try:
                while True:
                    behind = self._take_alike(window, at)
                    singly = _STRIDE if behind > at else min(2 * singly, _MOST_SINGLY)
                    at = behind
                    for _ in range(singly):
                        header = window[at]
                        size = sizes[header]
                        if size is not None:
                            headers.append(header)
                            at += size
                        elif step := self._take_unusual(header, first + at):
                            at += step
                        else:
                            return first + at
            except IndexError:
                first += at
            if first >= len(body):
                return self._without_last(first)
        self._flag("truncated", f"more than {self.limit} messages", first)
        return first

    def _take_alike(self, window: bytes, at: int) -> int:
        """Skip over many consecutive messages of one kind, as most watches write them."""
        header = window[at]
        size = self.sizes[header]
        while size and window[at : at + _STRIDE * size : size] == _ALIKE[header]:
            self.headers += _ALIKE[header]
            at += _STRIDE * size
        return at

    def _without_last(self, end: int) -> int:
        """Drop a message that is cut off; returns its offset."""
        size = self.sizes[self.headers.pop()] or 0
        self._flag("truncated", f"a message of {size} bytes is cut off", end - size)
        return end - size

    def _take_unusual(self, header: int, at: int) -> int:
        """Handle anything but a plain data message; returns its length, 0 where scanning ends."""
        if at >= len(self.body) - 1:
            return 0
        if header & (COMPRESSED | _DEFINITION) == _DEFINITION:
            return self._take_definition(header, at)
        kind = self.current.get(_LOCAL[header])
        if kind is None:
            self._flag("undefined_message", f"local message {_LOCAL[header]} has no definition", at)
            return 0
        size = kind.definition.size
        if at + size >= len(self.body):
            self._flag("truncated", f"a message of {size} bytes is cut off", at)
            return 0
        self.headers.append(header)
        self.descriptions.add(kind.definition, self.body, at)
        return size

    def _take_definition(self, header: int, at: int) -> int:
        try:
            length = definition_length(self.body, at)
        except IndexError:
            length = len(self.body)
        if at + length >= len(self.body):
            self._flag("truncated", "a definition is cut off", at)
            return 0
        raw = self.body[at : at + length]
        key = (raw, self.descriptions.version if header & DEVELOPER_FLAG else 0)
        number = self.known.get(key)
        if number is None:
            number = self._learn(key, at)
        if len(self.kinds) > MAX_DEFINITIONS:
            self._flag("truncated", f"more than {MAX_DEFINITIONS} definitions", at)
            return 0
        self.headers.append(header)
        self.lengths.append(length)
        self.kind_numbers.append(number)
        self._assign(header & 0x0F, self.kinds[number])
        return length

    def _learn(self, key: tuple[bytes, int], at: int) -> int:
        definition = parse_definition(key[0])
        if definition.misfit and not any(flag.code == "bad_field_size" for flag in self.flags):
            name = profile.message_name(definition.message)
            self._flag("bad_field_size", f"a field of {name} has no bytes or is no multiple of its type", at)
        number = self.known[key] = len(self.kinds)
        self.kinds.append(MessageKind(definition, key[1]))
        return number

    def _assign(self, local: int, kind: MessageKind) -> None:
        """Assign a kind to a local message type from here on."""
        self.current[local] = kind
        # Developer field descriptions are read during the scan: later definitions depend on them.
        is_plain = kind.definition.message != profile.FIELD_DESCRIPTION
        size = kind.definition.size if is_plain else None
        for header in range(local, _DEFINITION, 16):
            self.sizes[header] = size
        if local < 4:
            first = COMPRESSED | local << 5
            self.sizes[first : first + 32] = [size] * 32

    def _flag(self, code: str, what: str, at: int) -> None:
        self.flags.append(Flag(code, f"{what}, at byte {self.base + at}"))
