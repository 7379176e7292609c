"""What the numbers of the rules mean: the comments of the shipped defaults, read once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import IO, Any

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


def extract(
    file: IO[bytes],
    _keywords: object,
    _comment_tags: object,
    options: Mapping[str, Any],  # noqa: ARG001 - Babel hands it over by its name
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Hand units and meanings to Babel, as messages for the catalogues."""
    for number, line in enumerate(file.read().decode().splitlines(), start=1):
        if said := _LINE.fullmatch(line.strip()):
            yield from ((number, None, message, []) for message in said.groups()[1:])
