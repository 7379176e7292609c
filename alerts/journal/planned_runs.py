"""Runs and races that are still to come."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa

from alerts.journal.entries import PlannedRun, RunKind
from alerts.journal.runner_table import RunnerTable
from alerts.journal.schema import planned_run_table


@dataclass(frozen=True, slots=True)
class PlannedRuns(RunnerTable):
    """What one runner plans."""

    table: ClassVar[sa.Table] = planned_run_table

    def add(self, planned: PlannedRun, *, now: datetime) -> PlannedRun:
        """Plan a run; its number is given."""
        row = {
            "day": planned.day,
            "distance_m": planned.distance_m,
            "kind": planned.kind.value,
            "name": planned.name,
            "added_at": now,
        }
        return dataclasses.replace(planned, id=self._add(row))

    def since(self, day: date) -> list[PlannedRun]:
        """What is planned for that day and later, in order."""
        rows = self._rows(self._stands, self.table.c.day >= day, order=("day", "id"))
        return [
            PlannedRun(row["day"], row["distance_m"], RunKind(row["kind"]), row["name"], row["id"])
            for row in rows
        ]
