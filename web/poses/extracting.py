"""The words of the drawings, handed to Babel for the catalogues of other languages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import IO, Any


def extract(
    file: IO[bytes],
    _keywords: object,
    _comment_tags: object,
    options: Mapping[str, Any],  # noqa: ARG001 - Babel hands it over by its name
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Find what a drawing says instead of being seen, and what stands below its two positions."""
    text = file.read().decode()
    lines = text.splitlines()
    for name, exercise in tomllib.loads(text).items():
        at = lines.index(f"[{name}]") + 1
        yield from ((at, None, said, []) for said in (exercise["alt"], *exercise.get("captions", ())))
