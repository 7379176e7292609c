"""The log of routines done: at most one entry per routine and day, which can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from alerts.errors import JournalError
from alerts.journal.entries import RoutineDone
from alerts.journal.schema import routine_done_table as table
from ingest.storage.database import Database

ID_AT_MOST = 32


@dataclass(frozen=True, slots=True)
class RoutineLog:
    """Routines that one runner has done."""

    database: Database
    runner_id: int

    def done(self, routine: str, day: date, *, now: datetime) -> None:
        """Log a routine as done on a day; a repeat changes nothing.

        Raises
        ------
        JournalError
            If the name is none that a routine can have.
        """
        if not 0 < len(routine) <= ID_AT_MOST:
            raise JournalError("a routine's name has 1 to 32 characters")
        with self.database.writing() as connection:
            again = sa.update(table).where(self._one(routine, day)).values(withdrawn_at=None)
            if connection.execute(again).rowcount:
                return
            row = {"runner_id": self.runner_id, "routine": routine, "day": day, "done_at": now}
            connection.execute(sa.insert(table).values(row))

    def undo(self, routine: str, day: date, *, now: datetime) -> None:
        """Undo an entry; does nothing without one."""
        with self.database.writing() as connection:
            connection.execute(sa.update(table).where(self._one(routine, day)).values(withdrawn_at=now))

    def since(self, day: date) -> list[RoutineDone]:
        """Routines done on that day and later, in order."""
        query = (
            sa.select(table.c.routine, table.c.day)
            .where(table.c.runner_id == self.runner_id, table.c.withdrawn_at.is_(None), table.c.day >= day)
            .order_by(table.c.day, table.c.done_at, table.c.routine)
        )
        with self.database.reading() as connection:
            return [RoutineDone(row.routine, row.day) for row in connection.execute(query)]

    def _one(self, routine: str, day: date) -> sa.ColumnElement[bool]:
        return sa.and_(table.c.runner_id == self.runner_id, table.c.routine == routine, table.c.day == day)
