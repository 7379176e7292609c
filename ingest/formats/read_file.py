"""Decode a file of any supported format, detected from its content."""

from __future__ import annotations

from ingest.formats.declared_sport import apply_declared_sport
from ingest.formats.fit.decode import decode_fit
from ingest.formats.recording import Recording
from ingest.formats.xml.decode import decode_track, is_xml


def read_recording(data: bytes, *, declared_sport: str = "") -> Recording:
    """Decode a FIT, TCX or GPX file.

    ``declared_sport`` is used if the file itself names no sport.

    Raises
    ------
    DecodeError
        If the format is unknown or nothing can be read; the message says what is wrong and where.
    """
    recording = decode_track(data) if is_xml(data) else decode_fit(data)
    return apply_declared_sport(recording, declared_sport) if declared_sport else recording
