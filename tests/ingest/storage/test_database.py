"""The database door: one writer, all or nothing, times with their zone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingest.errors import StoreError
from ingest.storage.database import Database, UtcDateTime

schema = sa.MetaData()
note = sa.Table("note", schema, sa.Column("id", sa.Integer, primary_key=True), sa.Column("at", UtcDateTime))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path / 'hipwatch.sqlite3'}")
    with opened.writing() as connection:
        schema.create_all(connection)
    yield opened
    opened.close()


def count(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(note)).scalar_one())


def test_every_connection_is_durable_and_never_checkpoints_by_itself(database: Database) -> None:
    with database.reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys")
        }

    assert settings == {"journal_mode": "wal", "synchronous": 2, "wal_autocheckpoint": 0, "foreign_keys": 1}


def test_a_failed_write_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError, match="midway"), database.writing() as connection:
        connection.execute(sa.insert(note).values(id=1))
        raise RuntimeError("midway")

    assert count(database) == 0


def test_two_writers_take_turns(database: Database) -> None:
    inside = 0
    most = 0
    lock = threading.Lock()

    def write(number: int) -> None:
        nonlocal inside, most
        with database.writing() as connection:
            with lock:
                inside += 1
                most = max(most, inside)
            connection.execute(sa.insert(note).values(id=number))
            with lock:
                inside -= 1

    threads = [threading.Thread(target=write, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (count(database), most) == (24, 1)


def test_a_second_door_to_the_same_file_waits_for_the_first(database: Database, tmp_path: Path) -> None:
    other = Database.open(f"sqlite:///{tmp_path / 'hipwatch.sqlite3'}")
    started = threading.Event()
    order: list[str] = []

    def second() -> None:
        started.set()
        with other.writing() as connection:
            order.append("second")
            connection.execute(sa.insert(note).values(id=2))

    with database.writing() as connection:
        thread = threading.Thread(target=second)
        thread.start()
        started.wait()
        connection.execute(sa.insert(note).values(id=1))
        order.append("first")
    thread.join()
    other.close()

    assert (order, count(database)) == (["first", "second"], 2)


def test_the_log_is_folded_in_once_it_has_grown(database: Database, tmp_path: Path) -> None:
    wal = tmp_path / "hipwatch.sqlite3-wal"
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE big (data BLOB)")
        connection.exec_driver_sql("INSERT INTO big VALUES (zeroblob(6000000))")

    assert wal.stat().st_size == 0


def test_a_time_comes_back_as_utc(database: Database) -> None:
    noon_in_tokyo = datetime(2026, 5, 12, 12, 0, tzinfo=timezone(timedelta(hours=9)))
    with database.writing() as connection:
        connection.execute(sa.insert(note).values(id=1, at=noon_in_tokyo))

    with database.reading() as connection:
        stored = connection.execute(sa.select(note.c.at)).scalar_one()

    assert (stored, stored.tzinfo) == (noon_in_tokyo, UTC)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StoreError, match="without a zone"), database.writing() as connection:
        connection.execute(sa.insert(note).values(id=1, at=datetime(2026, 5, 12)))  # noqa: DTZ001 - the claim


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StoreError) as caught:
        Database.open("postgresql+psycopg://runner:secret@127.0.0.1:1/hipwatch")

    said = str(caught.value)
    assert ("cannot be opened" in said, "127.0.0.1" in said, "secret" in said) == (True, True, False)


def test_a_full_disk_is_told_with_place_and_remedy_and_nothing_stays(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(StoreError) as caught, database.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 10")
        connection.execute(sa.insert(note).values(id=1))
        connection.exec_driver_sql("CREATE TABLE big AS SELECT zeroblob(100000)")

    said = f"database or disk is full: {tmp_path / 'hipwatch.sqlite3'}; free some space"
    assert (str(caught.value), count(database)) == (said, 0)


def test_a_database_that_cannot_be_made_is_told_with_place_and_remedy(tmp_path: Path) -> None:
    (tmp_path / "nowhere").write_bytes(b"a file where a folder should be")

    with pytest.raises(StoreError, match=r"cannot be opened: .*nowhere.*; "):
        Database.open(f"sqlite:///{tmp_path / 'nowhere' / 'hipwatch.sqlite3'}")


def test_the_last_fold_of_the_log_waits_for_who_is_writing(database: Database, tmp_path: Path) -> None:
    other = Database.open(f"sqlite:///{tmp_path / 'hipwatch.sqlite3'}")
    closing = threading.Thread(target=other.close)
    with database.writing():
        closing.start()
        closing.join(timeout=0.3)
        waited = closing.is_alive()
    closing.join()

    assert waited
