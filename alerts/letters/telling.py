"""Who is told at once: one letter about what is new, and each channel in its own form.

Everything is written inside the caller's transaction, so that a finding and its letter are there together or
not at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.engine import Connection

from alerts.findings import Finding, Level
from alerts.letters.answers import Answers
from alerts.letters.channels import Channel, as_note
from alerts.letters.letter import Letter
from alerts.letters.mailer import MAIL
from alerts.letters.outbox import Outbox
from alerts.letters.policy import fold
from alerts.letters.webhook import as_event
from alerts.letters.writing import Writer
from alerts.register import FindingRegister
from alerts.runner import MailRoute, Runner
from alerts.stories import repeated, tell_once


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells one runner what was found."""

    runner: Runner
    route: MailRoute
    outbox: Outbox
    answers: Answers
    writer: Writer
    register: FindingRegister

    def tell(self, connection: Connection, fresh: Sequence[Finding], now: datetime) -> None:
        """Queue one letter about what is new, if it is worth a letter now; each channel hears it too."""
        awake = self.answers.awake(connection, fresh, now)
        for channel in self.route.channels:
            news = self.outbox.untold(connection, awake, channel=channel.name)
            tell_channel = self._report if channel.form == "event" else self._notify
            tell_channel(connection, channel, news, now)
        if self.route.mailer is not None and self.answers.wants("finding", connection=connection):
            self._write(connection, self.outbox.untold(connection, awake), now)

    def _write(self, connection: Connection, news: Sequence[Finding], now: datetime) -> None:
        policy = self.route.policy
        told = told_lately(self.outbox, self.runner, connection, now, days=policy.pause_days)
        entered = self.register.all(connection)
        repeats = repeating(self.outbox, connection, news, entered)
        chosen = policy.choose(news, today=self.runner.day_of(now), told=told, repeats=repeats)
        if chosen:
            among = self.answers.awake(connection, entered, now)
            letter = self.writer.write(chosen, now, sort="finding", among=among)
            self.outbox.put(connection, tells=chosen, letter=letter, recipient=self.runner.email, now=now)

    def _report(
        self, connection: Connection, channel: Channel, news: Sequence[Finding], now: datetime
    ) -> None:
        """Queue an event for each finding: machines neither pause nor gather."""
        today = self.runner.day_of(now)
        for finding in news:
            if finding.level >= channel.least and self.route.policy.is_recent(finding, today):
                event = as_event(
                    self.writer.known.explain(finding, today),
                    runner_id=self.runner.id,
                    dashboard_url=self.route.dashboard_url,
                )
                self._post(connection, channel, event, [finding], now)

    def _notify(
        self, connection: Connection, channel: Channel, news: Sequence[Finding], now: datetime
    ) -> None:
        """Queue one notification for all of it, with a pause after it as after a letter."""
        today = self.runner.day_of(now)
        policy = dataclasses.replace(self.route.policy, min_level=channel.least, at_once=channel.least)
        told = told_lately(
            self.outbox, self.runner, connection, now, days=policy.pause_days, channel=channel.name
        )
        repeats = repeating(
            self.outbox, connection, news, self.register.all(connection), channel=channel.name
        )
        chosen = policy.choose(news, today=today, told=told, repeats=repeats)
        if chosen:
            leads = {cause.lead.key for cause in tell_once(chosen)}
            folded = fold([finding for finding in chosen if finding.key in leads])
            explained = [self.writer.known.explain(finding, today) for finding, _ in folded]
            note = as_note(explained, form=channel.form, dashboard_url=self.route.dashboard_url)
            self._post(connection, channel, note, chosen, now)

    def _post(
        self,
        connection: Connection,
        channel: Channel,
        letter: Letter,
        tells: Sequence[Finding],
        now: datetime,
    ) -> None:
        self.outbox.put(
            connection,
            tells=tells,
            letter=letter,
            recipient=channel.recipient,
            now=now,
            channel=channel.name,
        )


def repeating(
    outbox: Outbox,
    connection: Connection,
    news: Sequence[Finding],
    entered: Sequence[Finding],
    *,
    channel: str = MAIL,
) -> frozenset[str]:
    """Keys of the news that only repeat, to this runner and so, what was told of the same story."""
    untold = {finding.key for finding in outbox.untold(connection, entered, channel=channel)}
    return repeated(news, [finding for finding in entered if finding.key not in untold])


def told_lately(  # noqa: PLR0913 - whom, where, when
    outbox: Outbox,
    runner: Runner,
    connection: Connection,
    now: datetime,
    *,
    days: int,
    channel: str = MAIL,
) -> list[tuple[date, Level]]:
    """The days and levels of what a runner was told so lately that more could be noise."""
    lately = outbox.recent(connection, now=now, days=days, channel=channel)
    return [(runner.day_of(queued_at), level) for queued_at, level in lately]
