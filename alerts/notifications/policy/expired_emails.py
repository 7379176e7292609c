"""Replaces emails that waited too long by one current email that says what was found.

An email names what fits on its day. After weeks without a mail server, or with mail switched off, that is
advice for a day that is over; so what it told is told anew, in short, and the email itself stays here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from alerts.alert.alert import Alert
from alerts.alert.alert_store import AlertStore
from alerts.care.pain.advice_gate import AdviceGate
from alerts.notifications.answers import ALL, Answers, EmailKind
from alerts.notifications.compose.digest import missed
from alerts.notifications.compose.email_content import Email
from alerts.notifications.compose.email_writer import EmailWriter
from alerts.notifications.delivery.channels import as_notification
from alerts.notifications.delivery.mailer import MAIL
from alerts.notifications.delivery.outbox import Outbox
from alerts.notifications.delivery.queue_health import LATE
from alerts.notifications.route import MailRoute
from alerts.runner.profile import Runner
from alerts.schema import email_body_table, email_table

KEEPS = timedelta(days=7)
KEEPS_BY_SORT: Mapping[EmailKind, timedelta] = MappingProxyType(
    {"sunday": timedelta(days=3), "silence": timedelta(days=3)}
)
"""How long an email may wait and still be sent as it was written; a week's email is for that week."""

_WAITS = email_table.c.state == "queued"


@dataclass(frozen=True, slots=True)
class ExpiredEmails:
    """Replaces one runner's expired emails before delivery."""

    runner: Runner
    route: MailRoute
    outbox: Outbox
    answers: Answers
    writer: EmailWriter
    alert_store: AlertStore

    def replace_expired(self, now: datetime, gate: AdviceGate) -> None:
        """Hold stopped and expired emails, and queue one replacement per channel.

        Late is also what was written before a pain that stops running. Events for machines are never late:
        each says of which day it is.
        """
        ways = [channel.name for channel in self.route.channels if channel.form != "event"]
        ways += [MAIL] if self.route.mailer is not None else []
        with self.outbox.database.reading() as connection:
            found = [
                way
                for way in ways
                if self._stopped(connection, way) or self._late(connection, way, now, gate)
            ]
        for way in found:
            with self.outbox.database.writing() as connection:
                self._keep(connection, self._stopped(connection, way))
                late = self._keep(connection, self._late(connection, way, now, gate))
                if late:
                    late = [*late, *self._keep(connection, self._told_anew(connection, way))]
                    self._tell_anew(connection, way, late, now, gate)
                    self._let_ask_again(connection, late)

    def _stopped(self, connection: Connection, way: str) -> Sequence[RowMapping]:
        stopped = self.answers.stopped(connection=connection) if way == MAIL else ()
        if not stopped:
            return []
        return self._waiting(connection, way, sa.true() if ALL in stopped else _sort_in(stopped))

    def _late(
        self, connection: Connection, way: str, now: datetime, gate: AdviceGate
    ) -> Sequence[RowMapping]:
        queued_at = email_table.c.queued_at
        hurts = None if gate.may_run else gate.pain.entry
        before = [] if hurts is None else [queued_at <= hurts.reported_at]
        soon = [_sort_in([sort]) & (queued_at < now - keeps) for sort, keeps in KEEPS_BY_SORT.items()]
        return self._waiting(connection, way, sa.or_(queued_at < now - KEEPS, *soon, *before))

    def _told_anew(self, connection: Connection, way: str) -> Sequence[RowMapping]:
        """Earlier replacements that could not be sent either; at most one waits at a time."""
        return self._waiting(connection, way, email_table.c.key.startswith(LATE))

    def _waiting(
        self, connection: Connection, way: str, which: sa.ColumnElement[bool]
    ) -> Sequence[RowMapping]:
        mine = email_table.c.runner_id == self.runner.id
        query = sa.select(email_table).where(mine, _WAITS, email_table.c.channel == way, which)
        return connection.execute(query.order_by(email_table.c.queued_at)).mappings().all()

    def _keep(self, connection: Connection, emails: Sequence[RowMapping]) -> Sequence[RowMapping]:
        """Hold these emails; return those that no other process has claimed meanwhile."""
        these = email_table.c.id.in_([email["id"] for email in emails])
        held = sa.update(email_table).where(these, _WAITS).values(state="held")
        kept = set(connection.execute(held.returning(email_table.c.id)).scalars())
        return [email for email in emails if email["id"] in kept]

    def _tell_anew(
        self, connection: Connection, way: str, late: Sequence[RowMapping], now: datetime, gate: AdviceGate
    ) -> None:
        """Queue the replacement; nothing is queued while a red flag is open."""
        told = self._alerts(connection, late, now)
        if not told or gate.red_flag_lock is not None:
            return
        since = min(self._began(email) for email in late)
        occasion = f"{LATE}{since.isoformat()}/{now.isoformat()}"
        recipients = {channel.name: channel.recipient for channel in self.route.channels}
        recipient = recipients.get(way, self.runner.email)
        email = self._letter(told, since, now) if way == MAIL else self._note()
        self.outbox.enqueue(
            connection,
            tells=told,
            email=email,
            recipient=recipient,
            now=now,
            occasion=occasion,
            channel=way,
        )
        # It is no new trouble: the server that refused those has not taken this one either.
        written = email_table.c.key == occasion, email_table.c.recipient == recipient
        connection.execute(sa.update(email_table).where(*written).values(_in_vain(late)))

    def _let_ask_again(self, connection: Connection, late: Sequence[RowMapping]) -> None:
        """Delete an unread question about missing files, so that it can be asked again."""
        asked = [email["id"] for email in late if email["sort"] == "silence"]
        connection.execute(sa.delete(email_body_table).where(email_body_table.c.letter_id.in_(asked)))
        connection.execute(sa.delete(email_table).where(email_table.c.id.in_(asked)))

    def _alerts(self, connection: Connection, late: Sequence[RowMapping], now: datetime) -> list[Alert]:
        """The alerts of those emails that still exist, by day, without snoozed rules."""
        keys = {news.rpartition("@")[0] for email in late for news in json.loads(email["tells"])}
        known = [alert for alert in self.alert_store.all(connection) if alert.key in keys]
        return sorted(self.answers.without_snoozed(connection, known, now), key=lambda alert: alert.day)

    def _letter(self, told: Sequence[Alert], since: date, now: datetime) -> Email:
        today = self.runner.day_of(now)
        titles = [(one.day, self.writer.known.explain(one, today).alert_text.title) for one in told]
        return self.writer.write([], now, sort="finding", opening=missed(titles, since=since, today=today))

    def _note(self) -> Email:
        return as_notification([], form="little", dashboard_url=self.route.dashboard_url)

    def _began(self, email: RowMapping) -> date:
        """Since when sending has failed; a replacement carries this in its key."""
        key: str = email["key"]
        if key.startswith(LATE):
            return date.fromisoformat(key.split("/")[1])
        return self.runner.day_of(email["queued_at"])


def _sort_in(sorts: Collection[str]) -> sa.ColumnElement[bool]:
    return email_table.c.sort.in_(list(sorts))


def _in_vain(emails: Sequence[RowMapping]) -> dict[str, Any]:
    """The attempts and last error of the email that was tried most often."""
    tried = max(emails, key=lambda email: email["attempts"])
    return {name: tried[name] for name in ("attempts", "attempted_at", "last_error")}
