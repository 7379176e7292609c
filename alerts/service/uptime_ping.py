"""Whether the watcher outside, who is told after each job, hears anything: kept, as the doctor asks too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from alerts.schema import job_run_table
from ingest.storage.database import Database

_THIS = job_run_table.c.job == "watcher"


@dataclass(frozen=True, slots=True)
class UptimePingLog:
    """Remembers since when the watcher could not be told; nothing is written while that stays as it is."""

    database: Database

    def note(self, now: datetime, *, was_told: bool) -> None:
        """Keep the first failure of several in a row, until one sign of life gets through."""
        if was_told == (self.failing_since() is None):
            return
        with self.database.writing() as connection:
            connection.execute(sa.delete(job_run_table).where(_THIS))
            if not was_told:
                row = {"job": "watcher", "local_date": now.date(), "started_at": now, "outcome": "failed"}
                connection.execute(sa.insert(job_run_table).values(row))

    def failing_since(self) -> datetime | None:
        """Since when no sign of life got through; None where the last did, or none is asked for."""
        with self.database.reading() as connection:
            return connection.execute(sa.select(job_run_table.c.started_at).where(_THIS)).scalar()
