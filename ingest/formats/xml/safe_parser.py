"""Streaming parser for untrusted XML, without building a tree.

expat is fed in chunks, so memory holds only what the handler keeps. A document type declaration is rejected
where it begins: neither format has one, and without it there are no entities to expand or fetch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from xml.parsers import expat

from ingest.errors import TrackDecodeError

CHUNK_BYTES = 64 * 1024
LONGEST_TAG_PIECES = 16
DEEPEST = 32
LONGEST_TEXT = 1_000
"""Text of an element is truncated to this; no wanted value is longer. [characters]"""


class TornXmlError(TrackDecodeError):
    """The text stops being well-formed XML, as in a truncated file."""


class XmlHandler(Protocol):
    """Receiver of parse events; ``path`` holds the element names from the root."""

    def start(self, path: list[str], attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, path: list[str], text: str) -> None:
        """An element ends; ``text`` is its own text after its last child."""


def read_xml(data: bytes, handler: XmlHandler) -> None:
    """Parse a document and call ``handler`` for every element, with prefixes removed.

    Raises
    ------
    TornXmlError
        Where the text is no longer well-formed; elements before that were reported.
    TrackDecodeError
        If it declares a document type, or is built to exhaust memory.
    """
    reader = _Reader(handler)
    parser = reader.parser
    try:
        for start in range(0, len(data), CHUNK_BYTES):
            parser.Parse(data[start : start + CHUNK_BYTES], False)
            reader.silent_pieces += 1
            if reader.silent_pieces > LONGEST_TAG_PIECES:
                reader.refuse("a single tag larger than one megabyte")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        what = f"no well-formed XML ({expat.ErrorString(error.code)})"
        raise TornXmlError(what, line=error.lineno, offset=max(parser.ErrorByteIndex, 0)) from error
    except (LookupError, ValueError) as error:
        raise TrackDecodeError("an encoding that can’t be read", line=1, offset=0) from error


def local_name(name: str) -> str:
    """A name without its prefix, as watches choose prefixes freely and some leave them undeclared."""
    return name.rpartition(":")[2]


@dataclass(slots=True)
class _Reader:
    handler: XmlHandler
    path: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    length: int = 0
    silent_pieces: int = 0
    parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)

    def __post_init__(self) -> None:
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.silent_pieces = 0
        if len(self.path) == DEEPEST:
            self.refuse(f"elements nested more than {DEEPEST} deep")
        self.path.append(local_name(name))
        self._forget_text()
        self.handler.start(self.path, attributes)

    def end(self, _name: str) -> None:
        self.silent_pieces = 0
        self.handler.end(self.path, "".join(self.text).strip())
        self._forget_text()
        self.path.pop()

    def characters(self, text: str) -> None:
        self.silent_pieces = 0
        if self.length < LONGEST_TEXT:
            self.text.append(text[: LONGEST_TEXT - self.length])
            self.length += len(text)

    def doctype(self, *_declared: object) -> None:
        self.refuse("a document type declaration, which could expand entities or read files")

    def refuse(self, what: str) -> None:
        parser = self.parser
        raise TrackDecodeError(what, line=parser.CurrentLineNumber, offset=max(parser.CurrentByteIndex, 0))

    def _forget_text(self) -> None:
        self.text.clear()
        self.length = 0
