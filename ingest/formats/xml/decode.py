"""Decode a GPX or TCX file into a ``Recording``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from ingest.errors import TrackDecodeError
from ingest.formats.recording import Flag, Recording
from ingest.formats.xml.gpx import GpxHandler
from ingest.formats.xml.points import TrackPoints
from ingest.formats.xml.safe_parser import TornXmlError, XmlHandler, read_xml
from ingest.formats.xml.tcx import TcxHandler

_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class _Format(XmlHandler, Protocol):
    points: TrackPoints

    def finish(self, flags: tuple[Flag, ...]) -> Recording:
        """Return the recording."""


_FORMATS: Mapping[str, Callable[[], _Format]] = MappingProxyType(
    {"gpx": GpxHandler, "TrainingCenterDatabase": TcxHandler}
)


def is_xml(data: bytes) -> bool:
    """Whether the data begins like XML, ignoring leading white space."""
    return data.startswith(_BYTE_ORDER_MARKS[1:]) or _trimmed(data[:1024]).startswith(b"<")


def decode_track(data: bytes) -> Recording:
    """Decode a GPX or TCX file; data before any damage is kept, and the damage is flagged.

    Raises
    ------
    TrackDecodeError
        If the data is neither, has no point before the damage, or is malicious.
    """
    chosen = _ByRoot()
    flags: tuple[Flag, ...] = ()
    try:
        read_xml(_trimmed(data), chosen)
    except TornXmlError as error:
        if chosen.format is None or not len(chosen.format.points):
            raise
        flags = (Flag("truncated", str(error)),)
    if chosen.format is None:
        raise TrackDecodeError("no XML element", line=1, offset=0)
    return chosen.format.finish(flags)


@dataclass(slots=True)
class _ByRoot:
    """Forwards elements to the handler of the format named by the root element."""

    format: _Format | None = None

    def start(self, path: list[str], attributes: Mapping[str, str]) -> None:
        if self.format is None:
            if path[0] not in _FORMATS:
                what = f"XML, but neither GPX nor TCX: its root is {path[0]!r:.40}"
                raise TrackDecodeError(what, line=1, offset=0)
            self.format = _FORMATS[path[0]]()
        self.format.start(path, attributes)

    def end(self, path: list[str], text: str) -> None:
        if self.format is not None:
            self.format.end(path, text)


def _trimmed(data: bytes) -> bytes:
    """Strip white space before the XML declaration, where it is not allowed."""
    return data.removeprefix(_BYTE_ORDER_MARKS[0]).lstrip()
