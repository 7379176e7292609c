"""The observer of an SQLite database: every change is told to every process, progress only now and then."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.storage.change_counter import PROGRESS_INTERVAL_S, ChangeCounter


@dataclass
class Watched:
    """A database, somebody who writes, the time they believe in, and somebody else who watches."""

    path: Path
    now_s: float = 0.0

    def __post_init__(self) -> None:
        self.connection = sqlite3.connect(self.path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("CREATE TABLE note (text)")
        self.writer = ChangeCounter(self.connect, clock=lambda: self.now_s)
        self.observer = ChangeCounter(self.connect, clock=lambda: 0.0)

    def connect(self) -> sqlite3.Connection:
        """Open a connection of its own."""
        return sqlite3.connect(self.path)

    def write(self, note: str = "x", *, is_progress: bool = False, end: str = "COMMIT") -> None:
        """Write something and commit it, or end otherwise."""
        self.connection.execute("BEGIN IMMEDIATE")
        with self.writer.bump(self.connection, is_progress=is_progress):
            self.connection.execute("INSERT INTO note SELECT ? WHERE ? != ''", (note, note))
        self.connection.execute(end)

    def progress(self) -> None:
        """Commit something after which more comes."""
        self.write(is_progress=True)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    opened = Watched(tmp_path / "notes.sqlite3")
    yield opened
    opened.observer.close()
    opened.connection.close()


def test_nothing_written_is_nothing_told(watched: Watched) -> None:
    before = watched.observer.state()
    watched.write(note="")

    assert watched.observer.state() == before


def test_whatever_is_committed_is_told_of(watched: Watched) -> None:
    states = [watched.observer.state()]
    for _ in range(3):
        watched.write()
        states.append(watched.observer.state())

    assert len(set(states)) == 4


def test_what_is_taken_back_is_not_told_of(watched: Watched) -> None:
    before = watched.observer.state()
    watched.write(end="ROLLBACK")

    assert watched.observer.state() == before


def test_the_first_progress_is_told_of_at_once(watched: Watched) -> None:
    before = watched.observer.state()
    watched.progress()

    assert watched.observer.state() != before


def test_progress_soon_after_progress_is_not_told_of_in_any_process(watched: Watched) -> None:
    watched.progress()
    before = watched.observer.state()
    for _ in range(3):
        watched.progress()

    assert watched.observer.state() == before


def test_progress_is_told_of_after_some_seconds(watched: Watched) -> None:
    watched.progress()
    watched.progress()
    before = watched.observer.state()
    watched.now_s = PROGRESS_INTERVAL_S
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


def test_the_count_begins_again_before_sqlite_could_not_hold_it(watched: Watched) -> None:
    watched.connection.execute(f"PRAGMA user_version = {2**31 - 2}")
    states = [watched.observer.state()]
    for _ in range(2):
        watched.write()
        states.append(watched.observer.state())

    assert states == [2**31 - 2, 0, 1]
