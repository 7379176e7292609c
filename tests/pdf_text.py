"""PDFs read as a program would that copies their text."""

from __future__ import annotations

import re
import zlib


def unpacked(pdf: bytes) -> bytes:
    """The streams of a PDF, unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"\n".join(zlib.decompress(one) for one in packed)


def read_out(pdf: bytes) -> str:
    """The text of a PDF in a standard font, as what copies or reads it aloud finds it."""
    told = re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", unpacked(pdf), re.DOTALL)
    words = (re.sub(rb"\\(.)", rb"\1", one).decode("windows-1252") for one in told)
    return " ".join(" ".join(words).split())
