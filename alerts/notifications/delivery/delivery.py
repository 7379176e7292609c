"""Delivers queued emails one at a time; each attempt is recorded before it is made.

A crash between the server's "accepted" and our own note of it sends an email again, with the same
Message-ID, by which mail programs know it. Exactly once cannot be had over SMTP.
"""

from __future__ import annotations

import functools
import logging
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from alerts.errors import EmailError
from alerts.notifications.compose.email_content import Email, to_message
from alerts.notifications.delivery.mailer import Mailer, MailError, open_for_batch
from alerts.notifications.delivery.queue_health import LONGEST_WAIT, is_due
from alerts.schema import email_body_table, email_table
from ingest.storage.database import Database

log = logging.getLogger(__name__)

_FIRST_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
_PATIENCE = 3
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


@dataclass(frozen=True)
class DeliveryBatch:
    """One delivery run: what a runner's outbox holds for one channel and is due ``now``."""

    database: Database
    whose: sa.ColumnElement[bool]
    sender: str
    channel: str
    now: datetime

    def deliver(self, mailer: Mailer) -> Counter[str]:
        """Try every email once, until three failures in a row; count sent, postponed and dead."""
        outcomes: Counter[str] = Counter()
        failures_in_a_row = 0
        with open_for_batch(mailer) as line:
            email = self._turn()
            while email is not None:
                outcome, became = self._attempt(email, line)
                outcomes[outcome] += 1
                failures_in_a_row = failures_in_a_row + 1 if outcome == "postponed" else 0
                has_patience = failures_in_a_row < _PATIENCE
                email = self._turn(done=_update(email, became), takes_next=has_patience)
        return outcomes

    def _turn(self, *, done: sa.Update | None = None, takes_next: bool = True) -> RowMapping | None:
        """Record the last result and claim the next email in one transaction, as the disk is slow."""
        with self.database.writing() as connection:
            if done is not None:
                connection.execute(done)
            return self._claim(connection) if takes_next else None

    def _claim(self, connection: Connection) -> RowMapping | None:
        """Claim the email that waited longest; its next attempt is scheduled before this one is made."""
        email = connection.execute(self._next_due).mappings().first()
        if email is not None:
            attempts = email["attempts"] + 1
            booked = {
                "attempts": attempts,
                "attempted_at": self.now,
                "next_attempt_at": self.now + _wait_after(attempts),
            }
            connection.execute(_update(email, booked))
        return email

    @functools.cached_property
    def _next_due(self) -> sa.Select[Any]:
        return (
            sa.select(email_table, *email_body_table.c)
            .join(email_body_table, email_body_table.c.letter_id == email_table.c.id)
            .where(self.whose, email_table.c.channel == self.channel)
            .where(email_table.c.state == "queued", is_due(self.now))
            .order_by(email_table.c.next_attempt_at, email_table.c.id)
            .limit(1)
            .with_for_update(of=email_table, skip_locked=True)
        )

    def _attempt(self, email: RowMapping, mailer: Mailer) -> tuple[str, dict[str, Any]]:
        """Send an email; return the result and the values to store."""
        attempt = email["attempts"] + 1
        try:
            mailer.send(_in_its_envelope(email, self.sender))
        except MailError as error:
            outcome = "dead" if error.permanent else "postponed"
            said = _ADDRESS.sub("(address)", str(error))
            log.warning("letter %d %s at attempt %d: %s", email["id"], outcome, attempt, said)
            became = {"state": "dead"} if error.permanent else {}
            return outcome, became | {"last_error": str(error)}
        log.info("letter %d sent at attempt %d", email["id"], attempt)
        return "sent", {"state": "sent", "sent_at": self.now}


def _wait_after(attempts: int) -> timedelta:
    return _FIRST_WAITS[attempts - 1] if attempts <= len(_FIRST_WAITS) else LONGEST_WAIT


def _update(email: RowMapping, values: dict[str, Any]) -> sa.Update:
    return sa.update(email_table).where(email_table.c.id == email["id"]).values(values)


def _in_its_envelope(email: RowMapping, sender: str) -> EmailMessage:
    try:
        return to_message(
            Email(email["subject"], email["text"], email["html"], email["picture"], email["stop_url"]),
            to=email["recipient"],
            sender=sender,
            message_id=email["message_id"],
            date=email["queued_at"],
        )
    except (EmailError, UnicodeError) as error:
        raise MailError(str(error), permanent=True) from error
