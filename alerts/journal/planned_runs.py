"""Planned runs and races."""

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
    """One runner's planned runs."""

    table: ClassVar[sa.Table] = planned_run_table

    def add(self, planned: PlannedRun, *, now: datetime) -> PlannedRun:
        """Store a planned run; returns its id."""
        row = {
            "day": planned.day,
            "distance_m": planned.distance_m,
            "kind": planned.kind.value,
            "name": planned.name,
            "added_at": now,
        }
        return dataclasses.replace(planned, id=self._add(row))

    def since(self, day: date) -> list[PlannedRun]:
        """Planned runs on that day and later, in order."""
        rows = self._rows(self._stands, self.table.c.day >= day, order=("day", "id"))
        return [
            PlannedRun(row["day"], row["distance_m"], RunKind(row["kind"]), row["name"], row["id"])
            for row in rows
        ]
