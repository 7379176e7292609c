"""Notifications of one runner: queues emails and messages, sends them and reports queue health."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from alerts.alert.alert import Alert
from alerts.alert.alert_store import AlertStore
from alerts.notifications.answers import Answers
from alerts.notifications.compose.email_writer import EmailContext, EmailWriter
from alerts.notifications.delivery.mailer import MAIL, Mailer
from alerts.notifications.delivery.outbox import Outbox
from alerts.notifications.delivery.queue_health import MailHealth
from alerts.notifications.policy.expired_emails import ExpiredEmails
from alerts.notifications.policy.notify_now import ImmediateNotifier
from alerts.notifications.policy.scheduled_emails import ScheduledEmails
from alerts.notifications.route import MailRoute
from alerts.runner.profile import Runner
from alerts.text.i18n import use_language


@dataclass(frozen=True, slots=True)
class NotificationService:
    """Composes and delivers notifications; does nothing without a route."""

    runner: Runner
    route: MailRoute | None
    outbox: Outbox
    alert_store: AlertStore
    known: EmailContext

    def queue(self, connection: Connection, fresh: Sequence[Alert], now: datetime) -> None:
        """Queue notifications about new alerts, in the caller's transaction."""
        if self.route is not None:
            writer = self._writer(self.route)
            notifier = ImmediateNotifier(
                self.runner, self.route, self.outbox, self._answers, writer, self.alert_store
            )
            with use_language(self.runner.language):
                notifier.queue(connection, fresh, now)

    def deliver(self, now: datetime) -> Counter[str]:
        """Send due emails outside quiet hours. Emails queued before an open red flag are held."""
        sent: Counter[str] = Counter()
        gate = self.known.gate(self.runner.day_of(now))
        if gate.red_flag_lock is not None:
            self.outbox.hold_queued(before=gate.red_flag_lock.latest_at)
        if self.route is None:
            return sent
        scheduled_emails = self._appointments
        if scheduled_emails is not None:
            with use_language(self.runner.language):
                scheduled_emails.send_due(now)
        if self.route.mailer is not None:
            self.outbox.readdress_waiting(self.runner.email)
        with use_language(self.runner.language):
            self._late_post(self.route).replace_expired(now, gate)
        for name, mailer in self._ways():
            if self.route.timing.may_deliver(now, on=name):
                sent += self.outbox.deliver(mailer, now, channel=name)
        return sent

    def due(self, now: datetime) -> Mapping[str, datetime]:
        """Scheduled emails whose time has come, sent or not."""
        return self._appointments.due(now) if self._appointments else {}

    def skip_missed(self, connection: Connection, earlier: Mapping[str, datetime], now: datetime) -> None:
        """Do not send scheduled emails whose due time a settings change moved into the past."""
        if self._appointments:
            self._appointments.skip_missed(connection, earlier, now)

    def health(self, now: datetime) -> Mapping[str, MailHealth]:
        """Queue health per channel; disabled channels are skipped."""
        return {name: self.outbox.health(now, channel=name) for name, _ in self._ways()}

    def _ways(self) -> Iterator[tuple[str, Mailer]]:
        if self.route is not None:
            if self.route.mailer is not None:
                yield MAIL, self.route.mailer
            yield from ((channel.name, channel.mailer) for channel in self.route.channels)

    @property
    def _appointments(self) -> ScheduledEmails | None:
        if self.route is None or self.route.mailer is None:
            return None
        writer = self._writer(self.route)
        return ScheduledEmails(self.runner, self.route, self.outbox, self._answers, writer, self.alert_store)

    def _late_post(self, route: MailRoute) -> ExpiredEmails:
        writer = self._writer(route)
        return ExpiredEmails(self.runner, route, self.outbox, self._answers, writer, self.alert_store)

    @property
    def _answers(self) -> Answers:
        return Answers(self.outbox.database, self.runner.id)

    def _writer(self, route: MailRoute) -> EmailWriter:
        return EmailWriter(self.runner, route, self.outbox.sender, self.known)
