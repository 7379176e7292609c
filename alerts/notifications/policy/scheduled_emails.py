"""Scheduled emails: digest, week ahead, and the question after missing files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from alerts.alert.alert import Alert
from alerts.alert.alert_store import AlertStore
from alerts.explanation.grouping import groups_of
from alerts.notifications.answers import Answers, EmailKind
from alerts.notifications.compose.digest import gathered, sync_gap_opening, week_ahead_opening
from alerts.notifications.compose.email_parts import Opening
from alerts.notifications.compose.email_writer import EmailWriter
from alerts.notifications.delivery.outbox import Outbox
from alerts.notifications.policy.mail_policy import one_per_rule
from alerts.notifications.policy.sent_history import SentHistory
from alerts.notifications.policy.sync_gap import LEAST_QUIET_DAYS, find_sync_gap
from alerts.notifications.policy.timing import SendTime
from alerts.notifications.route import MailRoute
from alerts.runner.profile import Runner
from alerts.schema import job_run_table

ASKS_AT = SendTime(time(10))


@dataclass(frozen=True, slots=True)
class ScheduledEmails:
    """Sends each scheduled email once; the email and its job record share a transaction."""

    runner: Runner
    route: MailRoute
    outbox: Outbox
    answers: Answers
    writer: EmailWriter
    alert_store: AlertStore

    def send_due(self, now: datetime) -> None:
        """Queue the scheduled emails that are due; each counts as done even if it would be empty."""
        met = self.due(now)
        with self.outbox.database.reading() as connection:
            if all(self._is_kept(connection, job, moment) for job, moment in met.items()):
                return
        with self.outbox.database.writing() as connection:
            begun = {job: moment for job, moment in met.items() if self._begin(connection, job, moment, now)}
            asked = begun.pop("silence", None)
            if begun:
                self._gather(connection, begun, now)
            if asked:
                self._ask_after_silence(connection, now)

    def due(self, now: datetime) -> Mapping[str, datetime]:
        """The latest due time of each kind that is not too old to catch up, sent or not."""
        timing = self.route.timing
        due = {"sunday": timing.due_sunday(now), "digest": timing.due_digest(now)}
        if self.route.asks_after_silence:
            due["silence"] = ASKS_AT.latest(now, self.runner.time_zone)
        return {job: moment for job, moment in due.items() if moment is not None}

    def skip_missed(self, connection: Connection, earlier: Mapping[str, datetime], now: datetime) -> None:
        """Mark what is due now as done unless it was due ``earlier``: it starts at its next time."""
        for job, moment in self.due(now).items():
            if earlier.get(job) != moment:
                self._begin(connection, job, moment, now)

    def _gather(self, connection: Connection, begun: Mapping[str, datetime], now: datetime) -> None:
        """One email if both are due; none while a red flag is open.

        What was found after the appointment waits for the next.
        """
        today = self.runner.day_of(now)
        gate = self.writer.known.gate(today)
        if gate.red_flag_lock is not None:
            return
        training_status = None
        if "sunday" in begun and self._wants(connection, "sunday"):
            training_status = gate.training_status(self.writer.known.training_status(now))
        chosen: list[Alert] = []
        entered = self.alert_store.all(connection)
        if training_status or ("digest" in begun and self._wants(connection, "digest")):
            ledger = SentHistory(self.runner, self.outbox, self.answers, self.alert_store)
            waiting, policy = ledger.waiting(connection, max(begun.values())), self.route.policy
            chosen = policy.gather(
                waiting,
                today=today,
                told=ledger.lately(connection, now, days=policy.longest_pause_days),
                is_asked=training_status is not None or self.route.timing.asked_daily,
            )
        if training_status:
            allowed = self.writer.known.allowed_today(now)
            opening = week_ahead_opening(training_status, allowed, gate, units=self.runner.units)
            self._queue(connection, "sunday", chosen, opening, now, among=entered)
        elif chosen:
            told = [group.lead for group in groups_of(chosen, entered)]
            self._queue(connection, "digest", chosen, gathered(len(one_per_rule(told))), now, among=entered)

    def _ask_after_silence(self, connection: Connection, now: datetime) -> None:
        """Ask whether syncing stopped, unless advice was not to run.

        A history that was imported long after its last run has no sync behind it that could have stopped.
        """
        today = self.runner.day_of(now)
        if not self._wants(connection, "silence") or not self.writer.known.gate(today).may_run:
            return
        sync_gap, came = (
            find_sync_gap(self.writer.known.active_days(), today),
            self.writer.known.last_taken_at(),
        )
        if sync_gap and came and (self.runner.day_of(came) - sync_gap.last_day).days <= LEAST_QUIET_DAYS:
            opening = sync_gap_opening(sync_gap, today=today)
            self._queue(connection, "silence", [], opening, now, about=sync_gap.last_day)

    def _queue(  # noqa: PLR0913 - an email and its occasion
        self,
        connection: Connection,
        sort: EmailKind,
        chosen: Sequence[Alert],
        opening: Opening,
        now: datetime,
        *,
        about: date | None = None,
        among: Sequence[Alert] = (),
    ) -> None:
        occasion = f"{sort}/{(about or self.runner.day_of(now)).isoformat()}"
        awake = self.answers.without_snoozed(connection, among, now)
        email = self.writer.write(chosen, now, sort=sort, opening=opening, among=awake)
        self.outbox.enqueue(
            connection,
            tells=chosen,
            email=email,
            recipient=self.runner.email,
            now=now,
            occasion=occasion,
            sort=sort,
        )

    def _wants(self, connection: Connection, sort: EmailKind) -> bool:
        return self.answers.wants(sort, connection=connection)

    def _is_kept(self, connection: Connection, job: str, moment: datetime) -> bool:
        kept = sa.select(job_run_table.c.job).where(
            job_run_table.c.job == self._job(job),
            job_run_table.c.local_date == self.runner.day_of(moment),
        )
        return connection.execute(kept).first() is not None

    def _begin(self, connection: Connection, job: str, moment: datetime, now: datetime) -> bool:
        if self._is_kept(connection, job, moment):
            return False
        row = {
            "job": self._job(job),
            "local_date": self.runner.day_of(moment),
            "started_at": now,
            "finished_at": now,
            "outcome": "done",
        }
        connection.execute(sa.insert(job_run_table).values(row))
        return True

    def _job(self, job: str) -> str:
        return f"{job}/{self.runner.id}"
