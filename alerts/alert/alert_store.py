"""The register of findings: each is entered once, by its key, and kept."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from alerts.alert.alert import Finding, Level
from alerts.schema import feedback_table, finding_table, judged_table, letter_table
from ingest.storage.database import Database

NO_NEWS = -1
"""Stands where even the lowest level is no news: a change of settings brought the finding, not a run."""


@dataclass(frozen=True, slots=True)
class FindingRegister:
    """One runner's findings."""

    database: Database
    runner_id: int

    def enter(
        self,
        connection: Connection,
        findings: Sequence[Finding],
        *,
        now: datetime,
        quiet: Collection[str] = frozenset(),
    ) -> list[Finding]:
        """Enter what was found; give what is news: what was not known before, or has become graver.

        A known finding takes its newest numbers. One that the rules no longer give (a run turned out to be a
        copy, a threshold was changed) is taken out. Those whose keys are in ``quiet`` were brought or raised
        by a change of settings: they are entered, and are no news.
        """
        mine = finding_table.c.runner_id == self.runner_id
        known = {row.key: _from_row(row) for row in connection.execute(sa.select(finding_table).where(mine))}
        given = {finding.key: finding for finding in findings}
        gone = known.keys() - given.keys()
        if gone:
            connection.execute(sa.delete(finding_table).where(mine, finding_table.c.key.in_(gone)))
        fresh = [finding for finding in findings if finding.key not in known]
        if fresh:
            of_all = {"runner_id": self.runner_id, "found_at": now}
            rows = [
                {**_to_row(f), **of_all, "news_level": NO_NEWS if f.key in quiet else None} for f in fresh
            ]
            connection.execute(sa.insert(finding_table), rows)
        for key, finding in given.items():
            if key in known and known[key] != finding:
                changed = sa.update(finding_table).where(mine, finding_table.c.key == key)
                news = _as_news(finding, known[key], is_quiet=key in quiet)
                connection.execute(changed.values(_to_row(finding) | news))
        graver = [f for f in findings if f.key in known and f.level > known[f.key].level]
        return [finding for finding in fresh + graver if finding.key not in quiet]

    def rename(self, connection: Connection, moved: Mapping[str, Finding]) -> None:
        """Let findings that a change has put on another day keep what was said of them; by their old keys."""
        for old, finding in moved.items():
            mine = sa.and_(finding_table.c.runner_id == self.runner_id, finding_table.c.key == old)
            connection.execute(sa.update(finding_table).where(mine).values(key=finding.key, day=finding.day))
            self._move_opinion(connection, old, finding.key)
            told = sa.and_(
                letter_table.c.runner_id == self.runner_id, letter_table.c.tells.contains(f'"{old}@')
            )
            tells = sa.func.replace(letter_table.c.tells, f'"{old}@', f'"{finding.key}@')
            connection.execute(sa.update(letter_table).where(told).values(tells=tells))

    def _move_opinion(self, connection: Connection, old: str, new: str) -> None:
        """Keep what was said under another key, in place of what was said of a finding that is no more."""
        before, after = (
            sa.and_(feedback_table.c.runner_id == self.runner_id, feedback_table.c.finding_key == key)
            for key in (old, new)
        )
        if connection.execute(sa.select(feedback_table.c.word).where(before)).first() is None:
            return
        connection.execute(sa.delete(feedback_table).where(after))
        connection.execute(sa.update(feedback_table).where(before).values(finding_key=new))

    def judged_by(self, connection: Connection) -> str | None:
        """By what the findings were judged last, as it was written down."""
        query = sa.select(judged_table.c.yardstick).where(judged_table.c.runner_id == self.runner_id)
        return connection.execute(query).scalar()

    def note_judged_by(self, connection: Connection, yardstick: str) -> None:
        """Write down by what they are judged now."""
        mine = judged_table.c.runner_id == self.runner_id
        connection.execute(sa.delete(judged_table).where(mine))
        connection.execute(sa.insert(judged_table).values(runner_id=self.runner_id, yardstick=yardstick))

    def all(self, connection: Connection) -> list[Finding]:
        """Every finding."""
        query = sa.select(finding_table).where(finding_table.c.runner_id == self.runner_id)
        return [_from_row(row) for row in connection.execute(query)]

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
        """Findings first entered at that moment and later, each with when, at the level that was news.

        What only a change of settings brought is not among them.
        """
        news_level = sa.func.coalesce(finding_table.c.news_level, finding_table.c.level)
        query = (
            sa.select(finding_table, news_level.label("as_news"))
            .where(finding_table.c.runner_id == self.runner_id, finding_table.c.found_at >= moment)
            .where(news_level > NO_NEWS)
            .order_by(finding_table.c.day, finding_table.c.kind)
        )
        return [
            (row.found_at, dataclasses.replace(_from_row(row), level=Level(row.as_news)))
            for row in connection.execute(query)
        ]

    def find(self, key: str) -> Finding | None:
        """Look one finding up."""
        query = sa.select(finding_table).where(
            finding_table.c.runner_id == self.runner_id, finding_table.c.key == key
        )
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _from_row(row)


def _as_news(finding: Finding, before: Finding, *, is_quiet: bool) -> dict[str, object]:
    """Up to which level a finding that changed is news: one that a run made graver is, all of it."""
    if finding.level <= before.level:
        return {}
    told = sa.func.coalesce(finding_table.c.news_level, int(before.level))
    return {"news_level": told if is_quiet else None}


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
