"""How far it is: drawn for a person, never into a pipe."""

from __future__ import annotations

import io

from rich.console import Console

from config.output.progress import bar


def drawn(total: int | None, *, terminal: bool = True) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100, legacy_windows=False)
    with bar("Reading", total, console=console) as advance:
        for _ in range(total or 3):
            advance()
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_bar_tells_how_many_how_fast_and_how_long() -> None:
    text = drawn(250)

    assert "250/250" in text
    assert "/s" in text
    assert "0:00:00" in text


def test_nothing_is_drawn_where_nobody_looks() -> None:
    assert drawn(250, terminal=False) == ""


def test_one_file_needs_no_bar() -> None:
    assert drawn(1) == ""


def test_what_is_not_known_yet_is_counted() -> None:
    assert "3/?" in drawn(None)
