"""Shared table access of the journal: one runner's rows, withdrawn but never deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from alerts.errors import JournalError
from ingest.storage.database import Database


@dataclass(frozen=True, slots=True)
class RunnerTable:
    """One runner's rows of ``table``; every query filters by runner."""

    database: Database
    runner_id: int

    table: ClassVar[sa.Table]

    def withdraw(self, number: int, *, now: datetime) -> None:
        """Withdraw an entry; its row is kept.

        Raises
        ------
        JournalError
            If the runner has no such entry.
        """
        self._change(number, {"withdrawn_at": now})

    @property
    def _mine(self) -> sa.ColumnElement[bool]:
        return self.table.c.runner_id == self.runner_id

    @property
    def _stands(self) -> sa.ColumnElement[bool]:
        """The runner's rows that are not withdrawn."""
        return sa.and_(self._mine, self.table.c.withdrawn_at.is_(None))

    def _add(self, row: dict[str, Any]) -> int:
        with self.database.writing() as connection:
            query = sa.insert(self.table).values({**row, "runner_id": self.runner_id})
            number: int = connection.execute(query.returning(self.table.c.id)).scalar_one()
        return number

    def _change(self, number: int, values: dict[str, Any]) -> None:
        kept = sa.update(self.table).where(self._mine, self.table.c.id == number)
        with self.database.writing() as connection:
            if not connection.execute(kept.values(values)).rowcount:
                raise JournalError(f"there is no entry {number} in the journal")

    def _rows(
        self,
        *which: sa.ColumnElement[bool],
        order: tuple[str, ...],
        connection: Connection | None = None,
    ) -> list[RowMapping]:
        columns = (self.table.c[name] for name in order)
        query = sa.select(self.table).where(*which).order_by(*columns)
        with self._within(connection) as reader:
            return list(reader.execute(query).mappings())

    @contextmanager
    def _within(self, connection: Connection | None) -> Iterator[Connection]:
        """The caller's transaction if given, else a reading connection."""
        if connection is not None:
            yield connection
            return
        with self.database.reading() as reader:
            yield reader
