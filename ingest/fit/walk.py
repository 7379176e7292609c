"""One pass over the headers of all messages of one file: which definition each has, and where it starts."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ingest.fit import profile
from ingest.fit.crc import Octets
from ingest.fit.definitions import DEVELOPER_FLAG, Definition, definition_length, parse_definition
from ingest.fit.developer import Descriptions
from ingest.recording import Flag

Index = npt.NDArray[np.int64]

MAX_DEFINITIONS = 1 << 14
MIN_MESSAGES = 1 << 18
BYTES_PER_MESSAGE = 20
"""No watch defines more, or writes more messages than 262144 and one for each 20 bytes of its file.

What lies beyond is not read: it bounds what a hostile file can make of our memory.
"""

_WINDOW = MIN_MESSAGES

COMPRESSED = 0x80
_DEFINITION = 0x40
_SENTINEL = b"\x40"
_IS_DEFINITION = 0xFF


def _local(header: int) -> int:
    """The local type that a header names: compressed ones have two bits for it, others four."""
    if header & COMPRESSED:
        return header >> 5 & 0x03
    return _IS_DEFINITION if header & _DEFINITION else header & 0x0F


_LOCAL = tuple(_local(header) for header in range(256))
_LOCALS = np.array(_LOCAL, np.uint8)


@dataclass(frozen=True, slots=True)
class Kind:
    """A definition together with how many developer field descriptions stood before it."""

    definition: Definition
    version: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """All data messages of one kind in the order of the file: which of its messages, and at which byte."""

    kind: Kind
    ordinals: Index
    starts: Index


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """The messages of one file; ``headers`` has an entry for each, definitions included.

    ``groups`` has the data messages by type.
    ``body`` holds the messages and one byte more, ``base`` is where it lies in the whole data, and
    ``stop`` is how much of it could be read. [bytes]
    """

    body: bytes
    base: int
    stop: int
    headers: Octets
    groups: Mapping[int, Sequence[Group]]
    descriptions: Descriptions
    flags: tuple[Flag, ...]

    def of(self, message: int) -> Sequence[Group]:
        """The groups of one message type."""
        return self.groups.get(message, ())


def walk(data: bytes, base: int, end: int) -> Walk:
    """Find all whole messages between two bytes; stop where one is cut off or has no definition."""
    walker = _Walker(b"".join((memoryview(data)[base:end], _SENTINEL)), base)
    stop = walker.step_through()
    headers = np.frombuffer(bytes(walker.headers), np.uint8)
    return Walk(
        body=walker.body,
        base=base,
        stop=stop,
        headers=headers,
        groups=walker.locate(headers),
        descriptions=walker.descriptions,
        flags=tuple(walker.flags),
    )


@dataclass(slots=True)
class _Walker:
    """What the loop notes down: a header for each message, a length and a kind for each definition."""

    body: bytes
    base: int
    headers: list[int] = field(default_factory=list)
    lengths: array[int] = field(default_factory=lambda: array("i"))
    kind_numbers: array[int] = field(default_factory=lambda: array("i"))
    kinds: list[Kind] = field(default_factory=list)
    known: dict[tuple[bytes, int], int] = field(default_factory=dict)
    current: dict[int, Kind] = field(default_factory=dict)
    sizes: list[int | None] = field(default_factory=lambda: [None] * 256)
    descriptions: Descriptions = field(default_factory=Descriptions)
    flags: list[Flag] = field(default_factory=list)

    def step_through(self) -> int:
        """Read header after header; the byte at which that ended.

        The inner loop is where the time goes, so it knows data messages only: whatever else comes has no
        entry in ``sizes``, and the sentinel behind the last message is one of these. It runs into the end
        of a window, where there is time to see whether all this is still reasonable.
        """
        body, sizes, headers = self.body, self.sizes, self.headers
        limit = MIN_MESSAGES + len(body) // BYTES_PER_MESSAGE
        first = 0
        while len(headers) <= limit:
            window = body[first : first + _WINDOW]
            at = 0
            try:
                while True:
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
        self._flag("truncated", f"more than {limit} messages", first)
        return first

    def _without_last(self, end: int) -> int:
        """Take back the message that reaches beyond the last byte; where it starts."""
        size = self.sizes[self.headers.pop()] or 0
        self._flag("truncated", f"a message of {size} bytes is cut off", end - size)
        return end - size

    def _take_unusual(self, header: int, at: int) -> int:
        """Take what is no plain data message; its length, 0 where reading ends."""
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
        if definition.misfit and not any(flag.word == "bad_field_size" for flag in self.flags):
            name = profile.message_name(definition.message)
            self._flag("bad_field_size", f"a field of {name} has no bytes or is no multiple of its type", at)
        number = self.known[key] = len(self.kinds)
        self.kinds.append(Kind(definition, key[1]))
        return number

    def _assign(self, local: int, kind: Kind) -> None:
        """Let the local type mean this kind from here on."""
        self.current[local] = kind
        # Descriptions of developer fields are read on the way: definitions behind them rest on them.
        is_plain = kind.definition.message != profile.FIELD_DESCRIPTION
        size = kind.definition.size if is_plain else None
        for header in range(local, _DEFINITION, 16):
            self.sizes[header] = size
        if local < 4:
            first = COMPRESSED | local << 5
            self.sizes[first : first + 32] = [size] * 32

    def locate(self, headers: Octets) -> dict[int, list[Group]]:
        """Sort the messages by kind; their places follow from the sizes by a sum."""
        kind_numbers, defined_at = self._kind_of_each(headers)
        sizes = np.array([*(kind.definition.size for kind in self.kinds), 0]).take(kind_numbers)
        sizes[defined_at] = self.lengths
        order = np.argsort(kind_numbers, kind="stable")
        starts = (np.cumsum(sizes) - sizes).take(order)
        counts = np.bincount(kind_numbers, minlength=len(self.kinds) + 1)
        groups: dict[int, list[Group]] = {}
        first = 0
        for kind, count in zip(self.kinds, counts.tolist(), strict=False):
            if count:
                part = slice(first, first + count)
                groups.setdefault(kind.definition.message, []).append(Group(kind, order[part], starts[part]))
                first += count
        return groups

    def _kind_of_each(self, headers: Octets) -> tuple[npt.NDArray[np.int16], Index]:
        """The kind of each message by number, one beyond the last for definitions, and where these are."""
        locals_ = _LOCALS.take(headers)
        defined_at = np.flatnonzero(locals_ == _IS_DEFINITION)
        defined_kinds = np.array(self.kind_numbers, np.int16)
        defined_locals = headers[defined_at] & 0x0F
        of_local = np.full(_IS_DEFINITION + 1, len(self.kinds), np.int16)
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

    def _flag(self, word: str, what: str, at: int) -> None:
        self.flags.append(Flag(word, f"{what}, at byte {self.base + at}"))
