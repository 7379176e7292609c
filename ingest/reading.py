"""Bytes to a recording, whatever the format: what the content is decides, never the name."""

from __future__ import annotations

from ingest.fit.decode import decode_fit
from ingest.recording import Recording
from ingest.tracks.decode import decode_track, is_xml


def read_recording(data: bytes) -> Recording:
    """Read a FIT, TCX or GPX file.

    Raises
    ------
    DecodeError
        If it is none of these, or nothing in it can be read; the message says what is wrong and where.
    """
    return decode_track(data) if is_xml(data) else decode_fit(data)
