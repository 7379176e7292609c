"""Whether pings to the external uptime monitor get through; stored, because the doctor command asks too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from alerts.schema import job_run_table
from ingest.storage.database import Database

_THIS = job_run_table.c.job == "watcher"


@dataclass(frozen=True, slots=True)
class UptimePingLog:
    """Remembers since when pings have failed; writes only when that changes."""

    database: Database

    def note(self, now: datetime, *, was_told: bool) -> None:
        """Store the first of several failures in a row, until a ping succeeds."""
        if was_told == (self.failing_since() is None):
            return
        with self.database.writing() as connection:
            connection.execute(sa.delete(job_run_table).where(_THIS))
            if not was_told:
                row = {"job": "watcher", "local_date": now.date(), "started_at": now, "outcome": "failed"}
                connection.execute(sa.insert(job_run_table).values(row))

    def failing_since(self) -> datetime | None:
        """Since when pings have failed; None if the last one succeeded or none is configured."""
        with self.database.reading() as connection:
            return connection.execute(sa.select(job_run_table.c.started_at).where(_THIS)).scalar()
