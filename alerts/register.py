"""The register of findings: each is entered once, by its key, and kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from alerts.findings import Finding, Level
from alerts.tables import finding_table
from ingest.database import Database


@dataclass(frozen=True, slots=True)
class FindingRegister:
    """One runner's findings."""

    database: Database
    runner_id: int

    def enter(self, connection: Connection, findings: Sequence[Finding], *, now: datetime) -> list[Finding]:
        """Enter what was found; give what is news: what was not known before, or has become graver.

        A known finding takes its newest numbers. One that the rules no longer give (a run turned out to be a
        copy, a threshold was changed) is taken out.
        """
        mine = finding_table.c.runner_id == self.runner_id
        known = {row.key: _from_row(row) for row in connection.execute(sa.select(finding_table).where(mine))}
        given = {finding.key: finding for finding in findings}
        gone = known.keys() - given.keys()
        if gone:
            connection.execute(sa.delete(finding_table).where(mine, finding_table.c.key.in_(gone)))
        fresh = [finding for finding in findings if finding.key not in known]
        if fresh:
            rows = [{**_to_row(finding), "runner_id": self.runner_id, "found_at": now} for finding in fresh]
            connection.execute(sa.insert(finding_table), rows)
        for key, finding in given.items():
            if key in known and known[key] != finding:
                changed = sa.update(finding_table).where(mine, finding_table.c.key == key)
                connection.execute(changed.values(_to_row(finding)))
        graver = [f for f in findings if f.key in known and f.level > known[f.key].level]
        return fresh + graver

    def since(self, day: date) -> list[Finding]:
        """Findings about that day and later, in order of their day."""
        query = (
            sa.select(finding_table)
            .where(finding_table.c.runner_id == self.runner_id, finding_table.c.day >= day)
            .order_by(finding_table.c.day, finding_table.c.kind)
        )
        with self.database.reading() as connection:
            return [_from_row(row) for row in connection.execute(query)]

    def found_since(self, moment: datetime, *, connection: Connection) -> list[tuple[datetime, Finding]]:
        """Findings first entered at that moment and later, each with when."""
        query = (
            sa.select(finding_table)
            .where(finding_table.c.runner_id == self.runner_id, finding_table.c.found_at >= moment)
            .order_by(finding_table.c.day, finding_table.c.kind)
        )
        return [(row.found_at, _from_row(row)) for row in connection.execute(query)]

    def find(self, key: str) -> Finding | None:
        """Look one finding up."""
        query = sa.select(finding_table).where(
            finding_table.c.runner_id == self.runner_id, finding_table.c.key == key
        )
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _from_row(row)


def _to_row(finding: Finding) -> dict[str, object]:
    return {
        "key": finding.key,
        "kind": finding.kind,
        "day": finding.day,
        "level": int(finding.level),
        "observed": float(finding.observed),
        "expected": float(finding.expected),
        "unit": finding.unit,
        "compared_day": finding.compared_day,
        "activity_id": finding.activity_id,
        "numbers": json.dumps({name: float(value) for name, value in sorted(finding.numbers.items())}),
    }


def _from_row(row: Row[Any]) -> Finding:
    return Finding(
        kind=row.kind,
        day=row.day,
        level=Level(row.level),
        observed=row.observed,
        expected=row.expected,
        unit=row.unit,
        compared_day=row.compared_day,
        activity_id=row.activity_id,
        numbers=MappingProxyType(json.loads(row.numbers)),
    )
