"""What the numbers of the rules mean: the comments of the shipped defaults, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_TABLE = re.compile(r"\[detectors\.(\w+)\]")
_LINE = re.compile(r"(\w+)\s*=\s*[^#]+#\s*\[([^\]]+)\]\s*(.+)")

Words = Mapping[str, Mapping[str, tuple[str, str]]]


def parameter_words(text: str) -> Words:
    """Unit and meaning of each number, by rule and name, from the comments of a settings file."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    table: dict[str, tuple[str, str]] = {}
    for line in text.splitlines():
        if opened := _TABLE.fullmatch(line.strip()):
            table = found.setdefault(opened[1], {})
        elif line.startswith("["):
            table = {}
        elif said := _LINE.fullmatch(line.strip()):
            table[said[1]] = (said[2], said[3])
    return MappingProxyType(found)
