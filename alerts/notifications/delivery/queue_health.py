"""Queue health: what waits, since when, and what is dead or stuck."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from alerts.schema import email_table

LONGEST_WAIT = timedelta(hours=4)
"""Between two attempts to send an email."""

STUCK_AFTER = timedelta(hours=6)
"""An email that was tried in vain for so long needs somebody to look at the mail server."""

UNATTENDED_AFTER = timedelta(days=1)
"""An email that nobody tried to send for so long is held by no quiet hour."""

LATE = "late/"
"""So begins the key of an email that stands in for others that waited for days."""


@dataclass(frozen=True, slots=True)
class MailHealth:
    """Queue health; ``due`` of the ``queued`` emails could be sent now.

    ``stuck`` of them have waited for longer than greylisting, a restart or a quiet night explain.
    """

    queued: int
    due: int
    dead: int
    last_sent_at: datetime | None
    last_error: str | None
    stuck: int = 0


NOTHING_SENT = MailHealth(0, 0, 0, None, None)


def read_health(connection: Connection, whose: sa.ColumnElement[bool], now: datetime) -> MailHealth:
    """Count a runner's emails, with the mail server's last error."""
    waits, given_up = email_table.c.state == "queued", email_table.c.state == "dead"
    counts = sa.select(
        sa.func.count().filter(waits),
        sa.func.count().filter(waits, is_due(now)),
        sa.func.count().filter(given_up),
        sa.func.max(email_table.c.sent_at),
        sa.func.count().filter(waits, _is_stuck(now)),
    ).where(whose)
    last_error = (
        sa.select(email_table.c.last_error)
        .where(whose, waits | given_up, email_table.c.last_error.is_not(None))
        .order_by(email_table.c.attempted_at.desc(), email_table.c.id.desc())
        .limit(1)
    )
    queued, due, dead, last_sent_at, stuck = connection.execute(counts).one()
    words = connection.execute(last_error).scalar()
    return MailHealth(queued, due, dead, last_sent_at, words, stuck)


def is_due(now: datetime) -> sa.ColumnElement[bool]:
    """Whether an email is due at a moment.

    Nothing is ever booked further ahead than the longest wait: such a time was read off a wrong clock.
    """
    return (email_table.c.next_attempt_at <= now) | (email_table.c.next_attempt_at > now + LONGEST_WAIT)


def _is_stuck(now: datetime) -> sa.ColumnElement[bool]:
    waited = (email_table.c.queued_at <= now - STUCK_AFTER) | email_table.c.key.startswith(LATE)
    tried_in_vain = (email_table.c.attempts > 0) & waited
    return tried_in_vain | (email_table.c.next_attempt_at <= now - UNATTENDED_AFTER)
