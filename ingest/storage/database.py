"""Database connections: one writer at a time, readers are never blocked."""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from ingest.errors import StoreError, remedy_for
from ingest.storage.change_counter import ChangeCounter

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    }
)
"""Schema shared by all packages."""

_DISK_ERRORS = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_READONLY: errno.EACCES,
}
"""Operating-system errors behind SQLite's primary result codes."""

CHECKPOINT_BYTES = 4 * 1024 * 1024
WRITER_PATIENCE_S = 60
WRITER_LOCK = 0x48697077
"""Advisory lock of the single writer in PostgreSQL; an arbitrary unique number."""


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware time, stored as naive UTC and returned as UTC."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Convert to UTC; a naive time is a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Attach UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class Database:
    """Connections for reading and for writing; a single writer at a time, on every database.

    SQLite is used so that its WAL-reset bug (3.7.0 to 3.51.2) cannot occur: one connection writes at a time,
    across processes too, automatic checkpoints are off, and checkpoints run only under the writer's lock.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = threading.Lock()
        self._change_counter = ChangeCounter(self._detached)
        self._file = _sqlite_file(engine.url)
        self._between_processes: AbstractContextManager[object] = (
            FileLock(f"{self._file}.lock", timeout=WRITER_PATIENCE_S, poll_interval=0.01)
            if self._file
            else nullcontext()
        )

    @classmethod
    def open(cls, url: str | URL) -> Database:
        """Connect to ``url`` and, for SQLite, set the pragmas.

        Raises
        ------
        StoreError
            If the database cannot be reached or opened.
        """
        try:
            engine = sa.create_engine(make_url(url), pool_pre_ping=not str(url).startswith("sqlite"))
        except (ArgumentError, ModuleNotFoundError) as error:
            raise StoreError(f"the database URL cannot be used: {error}") from error
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        database = cls(engine)
        try:
            with database._translated(), database._between_processes, engine.connect() as connection:
                if engine.dialect.name == "sqlite":
                    connection.connection.dbapi_connection.execute("PRAGMA journal_mode = WAL")  # type: ignore[union-attr]
        except StoreError as error:
            engine.dispose()
            raise StoreError(f"the database {engine.url!r} cannot be opened: {error}") from error
        return database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection with a consistent, read-only snapshot."""
        with self._translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, is_progress: bool = False) -> Iterator[Connection]:
        """Open the single writing connection; the block is one transaction.

        ``is_progress`` means that similar writes follow at once, so that ``state`` need not change for each.
        """
        with self._translated(), self._writing, self._between_processes:
            with (
                self.engine.connect().execution_options(hipwatch_writes=True) as connection,
                connection.begin(),
                self._bump_counter(connection, is_progress=is_progress),
            ):
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
                yield connection
            self._checkpoint_if_due()

    def state(self) -> object:
        """Version token for caching: equal until any process commits a change.

        For a database in memory no two tokens are equal. SQLite writes made with ``is_progress`` change the
        token every few seconds at most, or with the next other write.
        """
        with self._translated():
            if self.engine.dialect.name == "postgresql":
                with self.engine.connect() as connection:
                    return connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar()
            return object() if self._file is None else self._change_counter.state()

    def close(self) -> None:
        """Close every connection, as writer, because SQLite checkpoints when the last one closes."""
        with self._translated(), self._writing, self._between_processes:
            self._change_counter.close()
            self.engine.dispose()

    def _bump_counter(self, connection: Connection, *, is_progress: bool) -> AbstractContextManager[None]:
        raw = connection.connection.driver_connection if self._file else None
        return self._change_counter.bump(raw, is_progress=is_progress) if raw else nullcontext()

    def _detached(self) -> sqlite3.Connection:
        """Open a connection outside the pool, set up like the others."""
        raw = self.engine.raw_connection()
        connection: sqlite3.Connection = raw.driver_connection  # type: ignore[assignment]
        raw.detach()
        return connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StoreError(self._message(error)) from error
        except TimeoutError as error:
            raise StoreError("another process has been writing to the database for a minute") from error
        except OSError as error:
            where = error.filename or self._file
            raise StoreError(f"{error.strerror}: {where}; {remedy_for(error.errno or 0)}") from error

    def _message(self, error: SQLAlchemyError | sqlite3.Error) -> str:
        cause = getattr(error, "orig", None) or error
        message = str(cause).splitlines()[0]
        number = _DISK_ERRORS.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
        return message if number is None else f"{message}: {self._file}; {remedy_for(number)}"

    def _checkpoint_if_due(self) -> None:
        if self._file is None:
            return
        wal = Path(f"{self._file}-wal")
        if wal.exists() and wal.stat().st_size > CHECKPOINT_BYTES:
            raw = self.engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                raw.close()


def _sqlite_file(url: URL) -> str | None:
    in_memory = url.database in (None, "", ":memory:")
    return url.database if url.get_backend_name() == "sqlite" and not in_memory else None


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    # The driver must not begin transactions by itself: writers begin IMMEDIATE, readers deferred.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "busy_timeout = 30000",
        "wal_autocheckpoint = 0",
        "mmap_size = 0",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("hipwatch_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
