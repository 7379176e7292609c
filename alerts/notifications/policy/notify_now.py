"""Immediate notifications: one email about new alerts, and each channel in its own format.

Everything is written inside the caller's transaction, so that an alert and its email are there together or
not at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from alerts.alert.alert import Alert
from alerts.alert.alert_store import AlertStore
from alerts.explanation.grouping import all_groups, group_alerts, lead_by_key, state_on
from alerts.notifications.answers import Answers
from alerts.notifications.compose.email_content import Email
from alerts.notifications.compose.email_writer import EmailWriter
from alerts.notifications.delivery.channels import Channel, as_notification
from alerts.notifications.delivery.mailer import MAIL
from alerts.notifications.delivery.outbox import Outbox
from alerts.notifications.delivery.webhook import as_event
from alerts.notifications.policy.mail_policy import MailPolicy, one_per_rule
from alerts.notifications.policy.sent_history import SentHistory
from alerts.notifications.route import MailRoute
from alerts.runner.profile import Runner


@dataclass(frozen=True, slots=True)
class ImmediateNotifier:
    """Queues immediate notifications for one runner."""

    runner: Runner
    route: MailRoute
    outbox: Outbox
    answers: Answers
    writer: EmailWriter
    alert_store: AlertStore

    def queue(self, connection: Connection, fresh: Sequence[Alert], now: datetime) -> None:
        """Queue one email about new alerts, if they are worth one now, and each channel's message."""
        awake = self.answers.without_snoozed(connection, fresh, now)
        if not awake:
            return
        for channel in self.route.channels:
            news = self.outbox.not_yet_sent(connection, awake, channel=channel.name)
            tell_channel = self._report if channel.form == "event" else self._notify
            tell_channel(connection, channel, news, now)
        if self.route.mailer is not None and self.answers.wants("finding", connection=connection):
            self._write(connection, self.outbox.not_yet_sent(connection, awake), now)

    def _write(self, connection: Connection, news: Sequence[Alert], now: datetime) -> None:
        chosen = self._choose(connection, self.route.policy, news, now)
        if chosen:
            among = self.answers.without_snoozed(connection, self.alert_store.all(connection), now)
            email = self.writer.write(chosen, now, sort="finding", among=among)
            self.outbox.enqueue(connection, tells=chosen, email=email, recipient=self.runner.email, now=now)

    def _choose(
        self,
        connection: Connection,
        policy: MailPolicy,
        news: Sequence[Alert],
        now: datetime,
        *,
        channel: str = MAIL,
    ) -> list[Alert]:
        """The alerts to send now on one channel: none, or new and waiting ones."""
        ledger = SentHistory(self.runner, self.outbox, self.answers, self.alert_store, channel)
        return policy.choose(
            news,
            today=self.runner.day_of(now),
            told=ledger.lately(connection, now, days=policy.pause_days),
            waiting=ledger.waiting(connection, now),
        )

    def _report(self, connection: Connection, channel: Channel, news: Sequence[Alert], now: datetime) -> None:
        """Queue an event per alert: programs need neither pauses nor digests."""
        today = self.runner.day_of(now)
        course = state_on(today, self.answers.snoozed(now, connection=connection))
        leads = lead_by_key(all_groups(self.alert_store.all(connection), course))
        for alert in news:
            if alert.level >= channel.least and self.route.policy.is_recent(alert, today):
                event = as_event(
                    self.writer.known.explain(alert, today),
                    lead=leads.get(alert.key),
                    runner_id=self.runner.id,
                    dashboard_url=self.route.dashboard_url,
                )
                self._post(connection, channel, event, [alert], now)

    def _notify(self, connection: Connection, channel: Channel, news: Sequence[Alert], now: datetime) -> None:
        """Queue one notification about all alerts, with the same pause as after an email."""
        today = self.runner.day_of(now)
        policy = dataclasses.replace(self.route.policy, min_level=channel.least, at_once=channel.least)
        chosen = self._choose(connection, policy, news, now, channel=channel.name)
        if chosen:
            leads = {group.lead.key for group in group_alerts(chosen)}
            folded = one_per_rule([alert for alert in chosen if alert.key in leads])
            explained = [self.writer.known.explain(alert, today) for alert, _ in folded]
            note = as_notification(explained, form=channel.form, dashboard_url=self.route.dashboard_url)
            self._post(connection, channel, note, chosen, now)

    def _post(
        self,
        connection: Connection,
        channel: Channel,
        email: Email,
        tells: Sequence[Alert],
        now: datetime,
    ) -> None:
        self.outbox.enqueue(
            connection,
            tells=tells,
            email=email,
            recipient=channel.recipient,
            now=now,
            channel=channel.name,
        )
