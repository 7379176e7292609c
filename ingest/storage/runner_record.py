"""A runner as the database knows them: since when, and which version of the history the rules have seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ingest.storage.database import Database
from ingest.storage.schema import runner_table


@dataclass(frozen=True, slots=True)
class RunnerRecord:
    """One runner's own row."""

    database: Database
    runner_id: int

    def enroll(self, *, now: datetime) -> None:
        """Make sure that the runner exists."""
        known = sa.select(runner_table.c.id).where(self._mine)
        with self.database.reading() as connection:
            if connection.execute(known).first():
                return
        with self.database.writing() as connection:
            if not connection.execute(known).first():
                connection.execute(
                    sa.insert(runner_table).values(id=self.runner_id, created_at=now),
                )

    def enrolled_at(self) -> datetime:
        """When the runner came."""
        query = sa.select(runner_table.c.created_at).where(self._mine)
        with self.database.reading() as connection:
            enrolled_at: datetime = connection.execute(query).scalar_one()
        return enrolled_at

    def is_evaluated(self) -> bool:
        """Whether the rules have seen the history as it is now."""
        seen = runner_table.c.evaluated_version == runner_table.c.history_version
        with self.database.reading() as connection:
            query = sa.select(seen).where(self._mine)
            return bool(connection.execute(query).scalar())

    def history_version(self) -> int:
        """A number that grows with every change of the history."""
        with self.database.reading() as connection:
            query = sa.select(runner_table.c.history_version).where(self._mine)
            return int(connection.execute(query).scalar() or 0)

    def mark_evaluated(self, connection: Connection) -> None:
        """Note, within the writer's transaction in which it was read, that the rules have seen it."""
        mine = sa.update(runner_table).where(self._mine)
        connection.execute(mine.values(evaluated_version=runner_table.c.history_version))

    def note_change(self, connection: Connection) -> None:
        """Note, within the transaction of a change, that the history is another one now."""
        mine = sa.update(runner_table).where(self._mine)
        connection.execute(mine.values(history_version=runner_table.c.history_version + 1))

    @property
    def _mine(self) -> sa.ColumnElement[bool]:
        return runner_table.c.id == self.runner_id
