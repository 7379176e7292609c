"""The schema: what the steps make is what the code expects, and nothing half-way stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import alerts.tables  # noqa: F401 - adds its tables
import ingest.store  # noqa: F401 - adds its tables
from config.migrate import migrate
from ingest.database import Database, metadata
from ingest.errors import StoreError


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path / 'hipwatch.sqlite3'}")
    yield opened
    opened.close()


def test_the_steps_make_the_schema_that_the_code_expects(database: Database) -> None:
    migrate(database)

    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_second_start_keeps_what_is_there(database: Database) -> None:
    migrate(database)
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO runner VALUES (1, '2026-05-12 00:00:00')")
    migrate(database)

    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT id FROM runner").scalars().all() == [1]


def test_a_database_of_a_newer_hipwatch_is_left_alone(database: Database) -> None:
    migrate(database)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StoreError, match=r"newer Hipwatch \(schema 9999\)"):
        migrate(database)


def test_a_step_that_fails_leaves_the_database_as_it_was(database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE letter (id INTEGER)")

    with pytest.raises(StoreError, match="letter"):
        migrate(database)

    with database.reading() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars().all()
    assert names == ["letter"]
