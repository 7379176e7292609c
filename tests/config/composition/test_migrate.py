"""The schema: what the steps make is what the code expects, and nothing half-way stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import alerts.journal.schema
import alerts.schema  # noqa: F401 - adds its tables
import ingest.storage.activity_store  # noqa: F401 - adds its tables
import web.accounts.schema  # noqa: F401 - adds its tables
from alerts.notifications.delivery.outbox import Outbox
from config.composition.migrate import migrate
from ingest.errors import StoreError
from ingest.storage.database import Database, metadata


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
        connection.exec_driver_sql("INSERT INTO runner VALUES (1, '2026-05-12 00:00:00', 0, 0)")
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


def test_letters_of_before_count_as_having_told_their_finding(database: Database) -> None:
    migrate(database, to="0004")
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO runner VALUES (1, '2026-05-01 00:00:00')")
        connection.exec_driver_sql(
            "INSERT INTO letter (runner_id, key, recipient, message_id, subject, text, html, level, state,"
            " attempts, queued_at, next_attempt_at) VALUES (1, 'spike/2026-05-01', 'a@example.org', '<1@x>',"
            " 's', 't', 'h', 2, 'sent', 1, '2026-05-01 00:00:00', '2026-05-01 00:00:00')"
        )
    migrate(database)

    with database.reading() as connection:
        email = connection.exec_driver_sql("SELECT key, tells, message_id FROM letter").one()
    assert tuple(email) == ("spike/2026-05-01@caution", '["spike/2026-05-01@caution"]', "<1@x>")


def test_a_database_of_the_first_schema_keeps_its_rows(database: Database) -> None:
    activity = (
        "INSERT INTO activity VALUES ({id}, 1, '{sha}', 0, 'running', NULL, '2026-05-01 06:30:00', 7200,"
        " 3600, 3700, 10000, 150,"
        " 180, 170, 10, 10, 'garmin fr965', NULL, 2.8, 170, 60, x'00', 3600, '[]', 1, 1, 1)"
    )
    migrate(database, to="0001")
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO runner VALUES (1, '2026-05-01 00:00:00')")
        for number, sha256 in ((7, "a" * 64), (9, "b" * 64)):
            connection.exec_driver_sql(activity.format(id=number, sha=sha256))
            connection.exec_driver_sql(
                "INSERT INTO original"
                " VALUES (1, ?, 'run.fit', 9, 'activity', 'activity', '', '2026-05-02 00:00:00')",
                (sha256,),
            )
        before = connection.exec_driver_sql("SELECT * FROM activity ORDER BY id").all()
    migrate(database)

    with database.reading() as connection:
        after = connection.exec_driver_sql("SELECT * FROM activity ORDER BY id").all()
        examined_by = connection.exec_driver_sql("SELECT DISTINCT examined_by FROM original").scalars().all()
    assert [tuple(row[: len(before[0])]) for row in after] == [tuple(row) for row in before]
    assert {value for row in after for value in row[len(before[0]) :]} == {None}
    assert examined_by == [""]


def test_letters_that_wait_keep_what_they_say(database: Database) -> None:
    migrate(database, to="0009")
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO runner (id, created_at) VALUES (1, '2026-05-01 00:00:00')")
        connection.exec_driver_sql(
            "INSERT INTO letter (runner_id, key, recipient, message_id, subject, text, html, picture, level,"
            " state, attempts, queued_at, next_attempt_at) VALUES (1, 'a@caution', 'a@example.org', '<1@x>',"
            " 's', 'words', '<p>words</p>', x'89', 2,"
            " 'queued', 0, '2026-05-01 00:00:00', '2026-05-01 00:00:00')"
        )
    migrate(database)
    handed: list[EmailMessage] = []
    with database.reading() as connection:
        due = connection.exec_driver_sql("SELECT letter_id, text, html, picture FROM letter_body").one()

    class Taker:
        def send(self, message: EmailMessage) -> None:
            handed.append(message)

    Outbox(database, 1, "h@example.org").deliver(Taker(), datetime(2026, 5, 2, tzinfo=UTC))

    assert tuple(due) == (1, "words", "<p>words</p>", b"\x89")
    assert [str(message["Message-ID"]) for message in handed] == ["<1@x>"]


def test_alerts_hidden_from_an_account_stay_hidden_under_their_new_name(database: Database) -> None:
    migrate(database, to="0012")
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO runner VALUES (1, '2026-05-01 00:00:00', 0, 0)")
        connection.exec_driver_sql(
            "INSERT INTO account (runner_id, name, kind, hides, uniquifier, passkey_handle, created_at)"
            " VALUES (1, 'bo', 'x', '[\"notes\", \"findings\"]', 'u', 'h', '2026-05-01 00:00:00')"
        )
    migrate(database)

    with database.reading() as connection:
        hides = connection.exec_driver_sql("SELECT hides FROM account").scalar_one()
    assert hides == '["notes", "alerts"]'
