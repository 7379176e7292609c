"""Looks that outlive their process: what may be taken at once, and what waits for another look."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.pipeline.last_scan import SETTLED_AFTER, LastScan, ScanResult, settled_files

NOW = datetime(2026, 5, 12, 18, 0, tzinfo=UTC)


def written(ago: timedelta, size_bytes: int = 10) -> tuple[int, int]:
    """A file's size and the time when somebody last wrote to it."""
    return size_bytes, int((NOW - ago).timestamp()) * 1_000_000_000


@pytest.mark.parametrize(
    ("before", "found", "rests"),
    [
        (None, written(SETTLED_AFTER), True),
        (None, written(SETTLED_AFTER - timedelta(seconds=1)), False),
        (None, written(-timedelta(days=1)), False),
        (written(timedelta(0)), written(timedelta(0)), True),
        (written(timedelta(0)), written(timedelta(0), size_bytes=11), False),
    ],
)
def test_a_file_rests_after_a_minute_or_where_two_processes_saw_it_alike(
    before: tuple[int, int] | None, found: tuple[int, int], *, rests: bool
) -> None:
    seen: ScanResult = {} if before is None else {"run.fit": before}

    assert ("run.fit" in settled_files({"run.fit": found}, seen, now=NOW)) is rests


def test_a_look_comes_back_as_it_was_whatever_files_are_called(tmp_path: Path) -> None:
    look = {os.fsdecode(b"caf\xe9.fit"): (1, 2), "Läufe\n.fit": (3, 4)}
    remembered = LastScan(tmp_path / "last-look.json")
    remembered.save(look)

    assert remembered.load() == look


def test_where_nothing_is_left_no_file_is_left_either(tmp_path: Path) -> None:
    remembered = LastScan(tmp_path / "last-look.json")
    remembered.save({"run.fit": (1, 2)})
    remembered.save({})

    assert (remembered.load(), list(tmp_path.iterdir())) == ({}, [])


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", '{"run.fit": 1}', '{"run.fit": [1, 2, 3]}', '{"run.fit": [null, 2]}']
)
def test_a_look_that_cannot_be_understood_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "last-look.json").write_text(text)

    assert LastScan(tmp_path / "last-look.json").load() == {}
