"""Runners' answers: snoozed rules, stopped emails and opinions on alerts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from alerts.alert.alert import Alert
from alerts.alert.feedback import Opinion
from alerts.schema import feedback_table, snooze_table, stopped_table
from alerts.text.i18n import capitalize_first, gettext, gettext_noop
from ingest.storage.database import Database

EmailKind = Literal["finding", "digest", "sunday", "silence", "test"]
"""What an email is: about an alert, gathered, before a run, a question about silence, or a trial."""

ALL = "all"


SORT_WORDS: Mapping[str, str] = {
    "finding": gettext_noop("alert emails"),
    "digest": gettext_noop("digest emails"),
    "sunday": gettext_noop("weekly preview emails"),
    "silence": gettext_noop("“no new files” emails"),
    ALL: gettext_noop("emails"),
}
"""What can be stopped, in the plural."""


RULE_WORDS_AT_MOST = 40
RULE_WORDS: Mapping[str, str] = {
    "single_run_spike": gettext_noop("one long run"),
    "two_week_ramp": gettext_noop("two-week build-up"),
    "hard_minutes_spike": gettext_noop("hard minutes"),
    "cadence_shift": gettext_noop("cadence change"),
    "no_rest": gettext_noop("no rest days"),
    "balance_drift": gettext_noop("left-right balance"),
    "no_warm_up": gettext_noop("no warm-up"),
    "form_fade": gettext_noop("fading cadence"),
    "descent_spike": gettext_noop("much descent"),
    "hard_after_hard": gettext_noop("hard days in a row"),
    "return_after_break": gettext_noop("return after a break"),
}


def rule_words(kinds: Sequence[str]) -> str:
    """Display names of rules."""
    named = (RULE_WORDS.get(kind, kind.replace("_", " ")[:RULE_WORDS_AT_MOST]) for kind in kinds)
    return capitalize_first(", ".join(gettext(name) for name in named))


@dataclass(frozen=True, slots=True)
class Answers:
    """One runner's answers, stored until they expire or are taken back."""

    database: Database
    runner_id: int

    def snooze(self, kinds: Iterable[str], *, until: datetime, now: datetime) -> None:
        """Snooze rules until a moment; the later of two requests applies."""
        with self.database.writing() as connection:
            already = self.snoozed(now, connection=connection)
            for kind in dict.fromkeys(kinds):
                mine = (snooze_table.c.runner_id == self.runner_id) & (snooze_table.c.kind == kind)
                connection.execute(sa.delete(snooze_table).where(mine))
                row = {
                    "runner_id": self.runner_id,
                    "kind": kind,
                    "until": max(until, already.get(kind, until)),
                    "set_at": now,
                }
                connection.execute(sa.insert(snooze_table).values(row))

    def wake(self, kind: str) -> None:
        """End a snooze."""
        mine = (snooze_table.c.runner_id == self.runner_id) & (snooze_table.c.kind == kind)
        with self.database.writing() as connection:
            connection.execute(sa.delete(snooze_table).where(mine))

    def snoozed(self, now: datetime, *, connection: Connection | None = None) -> Mapping[str, datetime]:
        """Rules that are snoozed at a moment, and until when."""
        query = sa.select(snooze_table.c.kind, snooze_table.c.until).where(
            snooze_table.c.runner_id == self.runner_id, snooze_table.c.until > now
        )
        with self._within(connection) as reading:
            return {row.kind: row.until for row in reading.execute(query)}

    def without_snoozed(self, connection: Connection, alerts: Iterable[Alert], now: datetime) -> list[Alert]:
        """The alerts whose rules are not snoozed."""
        quiet = self.snoozed(now, connection=connection)
        return [alert for alert in alerts if alert.kind not in quiet]

    def stop(self, sort: str, *, now: datetime) -> None:
        """Stop emails of one kind, or all of them, until they are resumed."""
        with self.database.writing() as connection:
            if sort not in self.stopped(connection=connection):
                row = {"runner_id": self.runner_id, "sort": sort, "since": now}
                connection.execute(sa.insert(stopped_table).values(row))

    def resume(self, sort: str) -> None:
        """Resume emails of one kind; ``ALL`` clears every stop."""
        mine = stopped_table.c.runner_id == self.runner_id
        these = mine if sort == ALL else mine & stopped_table.c.sort.in_([sort, ALL])
        with self.database.writing() as connection:
            connection.execute(sa.delete(stopped_table).where(these))

    def stopped(self, *, connection: Connection | None = None) -> Collection[str]:
        """The kinds of emails that are stopped."""
        query = sa.select(stopped_table.c.sort).where(stopped_table.c.runner_id == self.runner_id)
        with self._within(connection) as reading:
            return frozenset(reading.execute(query).scalars())

    def wants(self, sort: EmailKind, *, connection: Connection | None = None) -> bool:
        """Whether emails of that kind are wanted."""
        return not {sort, ALL} & set(self.stopped(connection=connection))

    def record_opinion(self, finding_key: str, opinion: Opinion, *, now: datetime) -> None:
        """Store an opinion on an alert, replacing an earlier one."""
        row = {"runner_id": self.runner_id, "finding_key": finding_key, "word": opinion, "said_at": now}
        with self.database.writing() as connection:
            connection.execute(sa.delete(feedback_table).where(self._of(finding_key)))
            connection.execute(sa.insert(feedback_table).values(row))

    def remove_opinion(self, finding_key: str) -> None:
        """Delete the opinion on an alert."""
        with self.database.writing() as connection:
            connection.execute(sa.delete(feedback_table).where(self._of(finding_key)))

    def opinions(self) -> Mapping[str, Opinion]:
        """Opinions by alert key."""
        query = (
            sa.select(feedback_table.c.finding_key, feedback_table.c.word)
            .where(feedback_table.c.runner_id == self.runner_id)
            .order_by(feedback_table.c.said_at)
        )
        with self.database.reading() as connection:
            return {row.finding_key: row.word for row in connection.execute(query)}

    def _of(self, finding_key: str) -> sa.ColumnElement[bool]:
        mine = feedback_table.c.runner_id == self.runner_id
        return sa.and_(mine, feedback_table.c.finding_key == finding_key)

    def _within(self, connection: Connection | None) -> AbstractContextManager[Connection]:
        return self.database.reading() if connection is None else nullcontext(connection)
