"""The observer of an SQLite database: every change is told, progress only now and then."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.observer import PROGRESS_TOLD_EVERY_S, Observer


@dataclass
class Watched:
    """A database, somebody who writes, an observer, and the time it believes in."""

    path: Path
    now_s: float = 0.0

    def __post_init__(self) -> None:
        self.writer = sqlite3.connect(self.path, isolation_level=None)
        self.writer.execute("PRAGMA journal_mode = WAL")
        self.writer.execute("CREATE TABLE note (text)")
        self.observer = Observer(lambda: sqlite3.connect(self.path), clock=lambda: self.now_s)
        self.observer.state()

    def write(self) -> None:
        """Commit something."""
        self.writer.execute("INSERT INTO note VALUES ('x')")

    def progress(self) -> None:
        """Commit something after which more comes."""
        with self.observer.progress():
            self.write()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    opened = Watched(tmp_path / "notes.sqlite3")
    yield opened
    opened.observer.close()
    opened.writer.close()


def test_nothing_written_is_nothing_told(watched: Watched) -> None:
    assert watched.observer.state() == watched.observer.state()


def test_whatever_is_committed_is_told_of(watched: Watched) -> None:
    states = [watched.observer.state()]
    for _ in range(3):
        watched.write()
        states.append(watched.observer.state())

    assert len(set(states)) == 4


def test_what_is_not_committed_yet_is_not_told_of(watched: Watched) -> None:
    before = watched.observer.state()
    watched.writer.execute("BEGIN")
    watched.write()

    assert watched.observer.state() == before


def test_the_first_progress_is_told_of_at_once(watched: Watched) -> None:
    before = watched.observer.state()
    watched.progress()

    assert watched.observer.state() != before


def test_progress_soon_after_progress_is_not_told_of(watched: Watched) -> None:
    watched.progress()
    before = watched.observer.state()
    for _ in range(3):
        watched.progress()

    assert watched.observer.state() == before


def test_progress_is_told_of_after_some_seconds(watched: Watched) -> None:
    watched.progress()
    watched.progress()
    before = watched.observer.state()
    watched.now_s = PROGRESS_TOLD_EVERY_S
    watched.progress()

    assert watched.observer.state() != before


def test_any_other_change_is_told_of_in_the_midst_of_progress(watched: Watched) -> None:
    watched.progress()
    watched.progress()
    before = watched.observer.state()
    watched.write()
    after = watched.observer.state()
    watched.progress()

    assert after != before
    assert watched.observer.state() == after
