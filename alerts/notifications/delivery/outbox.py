"""The outbox: emails and notifications are queued with their alerts and kept until delivered."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from alerts.alert.alert import Alert, Level
from alerts.notifications.answers import EmailKind
from alerts.notifications.compose.email_content import Email
from alerts.notifications.delivery.delivery import DeliveryBatch
from alerts.notifications.delivery.mailer import MAIL, Mailer
from alerts.notifications.delivery.queue_health import MailHealth, read_health
from alerts.schema import email_body_table, email_table
from ingest.storage.database import Database


@dataclass(frozen=True, slots=True)
class Outbox:
    """One runner's outgoing emails; ``sender`` is the From address."""

    database: Database
    runner_id: int
    sender: str

    def not_yet_sent(
        self, connection: Connection, alerts: Sequence[Alert], *, channel: str = MAIL
    ) -> list[Alert]:
        """Alerts that no email has reported yet; one that became more severe counts again.

        One that was more severe before is none: a rule that flaps does not repeat itself.
        """
        query = sa.select(email_table.c.tells).where(self._mine, email_table.c.channel == channel)
        told = {name for tells in connection.execute(query).scalars() for name in json.loads(tells)}
        return [
            alert
            for alert in alerts
            if not any(_news(alert, level) in told for level in Level if level >= alert.level)
        ]

    def enqueue(  # noqa: PLR0913 - a row, all by keyword
        self,
        connection: Connection,
        *,
        email: Email,
        recipient: str,
        now: datetime,
        tells: Sequence[Alert] = (),
        occasion: str = "",
        sort: EmailKind = "finding",
        channel: str = MAIL,
    ) -> bool:
        """Queue an email in the caller's transaction: about alerts, the most severe first, or on an occasion.

        False, and nothing queued, if the first was told to ``recipient`` before, or the occasion was.
        """
        key = occasion or _news(tells[0])
        known = sa.select(email_table.c.id).where(
            self._mine, email_table.c.key == key, email_table.c.recipient == recipient
        )
        if connection.execute(known).first():
            return False
        row = {
            "runner_id": self.runner_id,
            "key": key,
            "recipient": recipient,
            "message_id": self._message_id(key, recipient),
            "subject": email.subject,
            "tells": json.dumps([_news(alert) for alert in tells]),
            "level": int(max((alert.level for alert in tells), default=Level.INFO)),
            "sort": sort,
            "channel": channel,
            "stop_url": email.stop_url,
            "state": "queued",
            "attempts": 0,
            "queued_at": now,
            "next_attempt_at": now,
        }
        new = sa.insert(email_table).values(row).returning(email_table.c.id)
        body = {"text": email.text, "html": email.html, "picture": email.picture}
        body["letter_id"] = connection.execute(new).scalar_one()
        connection.execute(sa.insert(email_body_table).values(body))
        return True

    def deliver(self, mailer: Mailer, now: datetime, *, channel: str = MAIL) -> Counter[str]:
        """Try every due email once; count sent, postponed and dead.

        Three failures in a row end the round: the mail server is down, and the next round goes on with
        the emails that were not tried.
        """
        return DeliveryBatch(self.database, self._mine, self.sender, channel, now).deliver(mailer)

    def recent(
        self, connection: Connection, *, now: datetime, days: int, channel: str = MAIL
    ) -> list[tuple[datetime, Level]]:
        """When emails of the last ``days`` were queued, with their level, in order.

        Those that were given up or held back told nobody anything, so they do not count.
        """
        query = (
            sa.select(email_table.c.queued_at, email_table.c.level)
            .where(
                self._mine,
                email_table.c.channel == channel,
                email_table.c.state.in_(("queued", "sent")),
                email_table.c.queued_at >= now - timedelta(days=days),
            )
            .order_by(email_table.c.queued_at, email_table.c.id)
        )
        return [(queued_at, Level(level)) for queued_at, level in connection.execute(query)]

    def health(self, now: datetime, *, channel: str = MAIL) -> MailHealth:
        """Count waiting and dead emails on one channel, with the last error."""
        with self.database.reading() as connection:
            return read_health(connection, self._mine & (email_table.c.channel == channel), now)

    def hold_queued(self, *, before: datetime) -> int:
        """Hold what was queued up to that moment and not sent; it is never sent later."""
        waiting = sa.update(email_table).where(
            self._mine, email_table.c.state.in_(("queued", "dead")), email_table.c.queued_at <= before
        )
        with self.database.writing() as connection:
            return connection.execute(waiting.values(state="held")).rowcount

    def readdress(self, connection: Connection, recipient: str) -> None:
        """Change the recipient of unsent emails, in the caller's transaction.

        What that address was told before stays here.
        """
        there = email_table.alias()
        was_told = sa.exists().where(
            there.c.runner_id == self.runner_id,
            there.c.key == email_table.c.key,
            there.c.recipient == recipient,
        )
        waiting = sa.update(email_table).where(self._astray(recipient))
        connection.execute(waiting.where(was_told).values(state="held"))
        connection.execute(waiting.values(recipient=recipient))

    def readdress_waiting(self, recipient: str) -> None:
        """Change the recipient of waiting emails, in case the settings file was corrected."""
        astray = sa.select(email_table.c.id).where(self._astray(recipient)).limit(1)
        with self.database.reading() as connection:
            is_needed = connection.execute(astray).first() is not None
        if is_needed:
            with self.database.writing() as connection:
                self.readdress(connection, recipient)

    def requeue_dead(self, now: datetime, *, written_since: datetime | None = None) -> int:
        """Queue dead emails again, once the cause has been fixed."""
        again = (
            sa.update(email_table)
            .where(self._mine, email_table.c.state == "dead")
            .where(email_table.c.queued_at >= written_since if written_since else sa.true())
            .values(state="queued", attempts=0, next_attempt_at=now)
        )
        with self.database.writing() as connection:
            return connection.execute(again).rowcount

    def forget(self, *, before: datetime) -> int:
        """Delete the content of old sent or held emails; the record that they were sent stays."""
        over = sa.select(email_table.c.id).where(
            self._mine, email_table.c.state.in_(("sent", "held")), email_table.c.queued_at < before
        )
        words = sa.delete(email_body_table).where(email_body_table.c.letter_id.in_(over))
        with self.database.writing() as connection:
            return connection.execute(words).rowcount

    @property
    def _mine(self) -> sa.ColumnElement[bool]:
        return email_table.c.runner_id == self.runner_id

    def _astray(self, recipient: str) -> sa.ColumnElement[bool]:
        """Waiting emails with another recipient."""
        waits = (email_table.c.state == "queued") & (email_table.c.channel == MAIL)
        return self._mine & waits & (email_table.c.recipient != recipient)

    def _message_id(self, key: str, recipient: str) -> str:
        name = "\n".join((str(self.runner_id), key, recipient))
        domain = parseaddr(self.sender)[1].rpartition("@")[2]
        return f"<{hashlib.sha256(name.encode()).hexdigest()[:32]}@{domain or 'localhost'}>"


def _news(alert: Alert, level: Level | None = None) -> str:
    """The key of what an email reports: an alert at a level."""
    return f"{alert.key}@{(alert.level if level is None else level).word}"
