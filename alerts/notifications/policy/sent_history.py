"""What one runner was sent on one channel, and what still waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from alerts.alert.alert import Alert, Level
from alerts.alert.alert_store import AlertStore
from alerts.notifications.answers import Answers
from alerts.notifications.delivery.mailer import MAIL
from alerts.notifications.delivery.outbox import Outbox
from alerts.notifications.policy.mail_policy import GATHERED_DAYS
from alerts.runner.profile import Runner


@dataclass(frozen=True, slots=True)
class SentHistory:
    """Reads, in the caller's transaction, what decides about the next email."""

    runner: Runner
    outbox: Outbox
    answers: Answers
    alert_store: AlertStore
    channel: str = MAIL

    def lately(self, connection: Connection, now: datetime, *, days: int) -> list[tuple[date, Level]]:
        """Days and levels of recent emails, to limit how many are sent."""
        emails = self.outbox.recent(connection, now=now, days=days, channel=self.channel)
        return [(self.runner.day_of(queued_at), level) for queued_at, level in emails]

    def waiting(self, connection: Connection, moment: datetime) -> list[tuple[date, Alert]]:
        """Alerts found before a moment and not sent yet, with the day each was found."""
        entered = self.alert_store.found_since(moment - timedelta(days=GATHERED_DAYS), connection=connection)
        on = {f.key: self.runner.day_of(found_at) for found_at, f in entered if found_at <= moment}
        awake = self.answers.without_snoozed(connection, [f for _, f in entered if f.key in on], moment)
        untold = self.outbox.not_yet_sent(connection, awake, channel=self.channel)
        return [(on[alert.key], alert) for alert in untold]
