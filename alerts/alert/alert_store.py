"""Stores alerts; each is inserted once, by its key."""

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

from alerts.alert.alert import Alert, Level
from alerts.schema import alert_table, email_table, feedback_table, judged_table
from ingest.storage.database import Database

NO_NEWS = -1
"""Stands where even the lowest level is no news: a change of settings brought the alert, not a run."""


@dataclass(frozen=True, slots=True)
class AlertStore:
    """One runner's alerts."""

    database: Database
    runner_id: int

    def insert(
        self,
        connection: Connection,
        alerts: Sequence[Alert],
        *,
        now: datetime,
        quiet: Collection[str] = frozenset(),
    ) -> list[Alert]:
        """Insert or update alerts; return those that are new or have become more severe.

        A known alert takes its newest numbers. One that the rules no longer give (a run turned out to be a
        copy, a threshold was changed) is taken out. Those whose keys are in ``quiet`` were brought or raised
        by a change of settings: they are entered, and are no news.
        """
        mine = alert_table.c.runner_id == self.runner_id
        known = {row.key: _from_row(row) for row in connection.execute(sa.select(alert_table).where(mine))}
        given = {alert.key: alert for alert in alerts}
        gone = known.keys() - given.keys()
        if gone:
            connection.execute(sa.delete(alert_table).where(mine, alert_table.c.key.in_(gone)))
        fresh = [alert for alert in alerts if alert.key not in known]
        if fresh:
            of_all = {"runner_id": self.runner_id, "found_at": now}
            rows = [
                {**_to_row(f), **of_all, "news_level": NO_NEWS if f.key in quiet else None} for f in fresh
            ]
            connection.execute(sa.insert(alert_table), rows)
        for key, alert in given.items():
            if key in known and known[key] != alert:
                changed = sa.update(alert_table).where(mine, alert_table.c.key == key)
                news = _as_news(alert, known[key], is_quiet=key in quiet)
                connection.execute(changed.values(_to_row(alert) | news))
        graver = [f for f in alerts if f.key in known and f.level > known[f.key].level]
        return [alert for alert in fresh + graver if alert.key not in quiet]

    def rename(self, connection: Connection, moved: Mapping[str, Alert]) -> None:
        """Move alerts and their opinions to new keys when a change shifted their day."""
        for old, alert in moved.items():
            mine = sa.and_(alert_table.c.runner_id == self.runner_id, alert_table.c.key == old)
            connection.execute(sa.update(alert_table).where(mine).values(key=alert.key, day=alert.day))
            self._move_opinion(connection, old, alert.key)
            told = sa.and_(
                email_table.c.runner_id == self.runner_id, email_table.c.tells.contains(f'"{old}@')
            )
            tells = sa.func.replace(email_table.c.tells, f'"{old}@', f'"{alert.key}@')
            connection.execute(sa.update(email_table).where(told).values(tells=tells))

    def _move_opinion(self, connection: Connection, old: str, new: str) -> None:
        """Move an opinion to another key, replacing one of an alert that no longer exists."""
        before, after = (
            sa.and_(feedback_table.c.runner_id == self.runner_id, feedback_table.c.finding_key == key)
            for key in (old, new)
        )
        if connection.execute(sa.select(feedback_table.c.word).where(before)).first() is None:
            return
        connection.execute(sa.delete(feedback_table).where(after))
        connection.execute(sa.update(feedback_table).where(before).values(finding_key=new))

    def last_criteria(self, connection: Connection) -> str | None:
        """The criteria of the last evaluation, as JSON."""
        query = sa.select(judged_table.c.yardstick).where(judged_table.c.runner_id == self.runner_id)
        return connection.execute(query).scalar()

    def save_criteria(self, connection: Connection, yardstick: str) -> None:
        """Store the criteria of this evaluation."""
        mine = judged_table.c.runner_id == self.runner_id
        connection.execute(sa.delete(judged_table).where(mine))
        connection.execute(sa.insert(judged_table).values(runner_id=self.runner_id, yardstick=yardstick))

    def all(self, connection: Connection) -> list[Alert]:
        """Every alert."""
        query = sa.select(alert_table).where(alert_table.c.runner_id == self.runner_id)
        return [_from_row(row) for row in connection.execute(query)]

    def since(self, day: date) -> list[Alert]:
        """Alerts about that day and later, by day."""
        query = (
            sa.select(alert_table)
            .where(alert_table.c.runner_id == self.runner_id, alert_table.c.day >= day)
            .order_by(alert_table.c.day, alert_table.c.kind)
        )
        with self.database.reading() as connection:
            return [_from_row(row) for row in connection.execute(query)]

    def found_since(self, moment: datetime, *, connection: Connection) -> list[tuple[datetime, Alert]]:
        """Alerts first stored at that moment or later, each with the time and its level then.

        What only a change of settings brought is not among them.
        """
        news_level = sa.func.coalesce(alert_table.c.news_level, alert_table.c.level)
        query = (
            sa.select(alert_table, news_level.label("as_news"))
            .where(alert_table.c.runner_id == self.runner_id, alert_table.c.found_at >= moment)
            .where(news_level > NO_NEWS)
            .order_by(alert_table.c.day, alert_table.c.kind)
        )
        return [
            (row.found_at, dataclasses.replace(_from_row(row), level=Level(row.as_news)))
            for row in connection.execute(query)
        ]

    def find(self, key: str) -> Alert | None:
        """The alert with that key."""
        query = sa.select(alert_table).where(
            alert_table.c.runner_id == self.runner_id, alert_table.c.key == key
        )
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _from_row(row)


def _as_news(alert: Alert, before: Alert, *, is_quiet: bool) -> dict[str, object]:
    """Up to which level an alert that changed is news: one that a run made more severe is, all of it."""
    if alert.level <= before.level:
        return {}
    told = sa.func.coalesce(alert_table.c.news_level, int(before.level))
    return {"news_level": told if is_quiet else None}


def _to_row(alert: Alert) -> dict[str, object]:
    return {
        "key": alert.key,
        "kind": alert.kind,
        "day": alert.day,
        "level": int(alert.level),
        "observed": float(alert.observed),
        "expected": float(alert.expected),
        "unit": alert.unit,
        "compared_day": alert.compared_day,
        "activity_id": alert.activity_id,
        "numbers": json.dumps({name: float(value) for name, value in sorted(alert.numbers.items())}),
    }


def _from_row(row: Row[Any]) -> Alert:
    return Alert(
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
