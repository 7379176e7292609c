"""Bytes to a recording, whatever the format: what the content is decides, never the name."""

from __future__ import annotations

from ingest.formats.declared_sport import apply_declared_sport
from ingest.formats.fit.decode import decode_fit
from ingest.formats.recording import Recording
from ingest.formats.xml.decode import decode_track, is_xml


def read_recording(data: bytes, *, declared_sport: str = "") -> Recording:
    """Read a FIT, TCX or GPX file; ``declared_sport`` is what somebody else says of one that names no sport.

    Raises
    ------
    DecodeError
        If it is none of these, or nothing in it can be read; the message says what is wrong and where.
    """
    recording = decode_track(data) if is_xml(data) else decode_fit(data)
    return apply_declared_sport(recording, declared_sport) if declared_sport else recording
