"""A runner's database row: when they joined, and which version of the history the rules have evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ingest.storage.database import Database
from ingest.storage.schema import runner_table


@dataclass(frozen=True, slots=True)
class RunnerRecord:
    """One runner's row."""

    database: Database
    runner_id: int

    def enroll(self, *, now: datetime) -> None:
        """Insert the runner if missing."""
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
        """When the runner was created."""
        query = sa.select(runner_table.c.created_at).where(self._mine)
        with self.database.reading() as connection:
            enrolled_at: datetime = connection.execute(query).scalar_one()
        return enrolled_at

    def is_evaluated(self) -> bool:
        """Whether the rules have evaluated the current history."""
        seen = runner_table.c.evaluated_version == runner_table.c.history_version
        with self.database.reading() as connection:
            query = sa.select(seen).where(self._mine)
            return bool(connection.execute(query).scalar())

    def history_version(self) -> int:
        """A number that increases with every change of the history."""
        with self.database.reading() as connection:
            query = sa.select(runner_table.c.history_version).where(self._mine)
            return int(connection.execute(query).scalar() or 0)

    def mark_evaluated(self, connection: Connection) -> None:
        """Record that the history was evaluated, within the transaction in which it was read."""
        mine = sa.update(runner_table).where(self._mine)
        connection.execute(mine.values(evaluated_version=runner_table.c.history_version))

    def note_change(self, connection: Connection) -> None:
        """Increment the history version, within the transaction of a change."""
        mine = sa.update(runner_table).where(self._mine)
        connection.execute(mine.values(history_version=runner_table.c.history_version + 1))

    @property
    def _mine(self) -> sa.ColumnElement[bool]:
        return runner_table.c.id == self.runner_id
