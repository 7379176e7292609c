"""Figures in documents: written by the benchmark that measured them, never by hand."""

from __future__ import annotations

from pathlib import Path


def write_between(document: Path, name: str, text: str) -> None:
    """Put ``text`` between the markers ``<!-- name -->`` and ``<!-- /name -->`` of a document."""
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, found, rest = document.read_text("utf-8").partition(opening)
    _, ended, after = rest.partition(closing)
    if not found or not ended:
        raise SystemExit(f"{document} has no place for {name}: {opening} … {closing}")
    document.write_text(f"{before}{opening}\n{text.strip()}\n{closing}{after}", "utf-8")
