"""Watch: everything Hipwatch does for one runner, for the command line, the schedule and the web alike."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from alerts.care.catalogue import Care
from alerts.detectors.registry import detect
from alerts.findings import Detector, Finding
from alerts.letter import Told, write_letter
from alerts.mailer import Mailer
from alerts.outbox import Outbox
from alerts.overview import Explained
from alerts.policy import MailPolicy
from alerts.register import FindingRegister
from alerts.units import Units
from alerts.wording import describe
from ingest.daily import TrainingDays, training_days
from ingest.database import Database
from ingest.inbox import Inbox
from ingest.intake import Intake, IntakeReport
from ingest.rebuild import RebuildReport, catch_up, rebuild, retry
from ingest.sources import Source
from ingest.store import ActivityStore, Original, Outcome

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Runner:
    """Who is watched: where they live, where their letters go, what they want to read them in."""

    id: int
    name: str
    email: str
    time_zone: ZoneInfo
    units: Units
    hard_heart_rate_bpm: float | None = None

    def day_of(self, moment: datetime) -> date:
        """The runner's calendar day at that moment."""
        return moment.astimezone(self.time_zone).date()


@dataclass(frozen=True, slots=True)
class MailRoute:
    """How letters leave."""

    mailer: Mailer
    policy: MailPolicy
    dashboard_url: str


@dataclass(slots=True)
class TickReport:
    """What one pass of the scheduled job did."""

    intake: IntakeReport = field(default_factory=IntakeReport)
    new_findings: list[Finding] = field(default_factory=list)
    delivered: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watch:
    """One runner's use cases; the command line, the scheduler and the tests call the same methods."""

    runner: Runner
    database: Database
    store: ActivityStore
    intake: Intake
    inbox: Inbox
    register: FindingRegister
    outbox: Outbox
    detectors: Sequence[Detector]
    care: Care
    route: MailRoute | None

    def tick(self, now: datetime) -> TickReport:
        """Take in what waits in the inbox, evaluate if anything is new, deliver what is due."""
        report = TickReport(intake=self.inbox.take_in(self.intake, now=now))
        if not self.store.is_evaluated() or self.store.is_outdated():
            report.new_findings = self.evaluate(now)
        report.delivered = self.deliver(now)
        return report

    def take_in(
        self, sources: Sequence[Source], *, now: datetime, settled: Callable[[Source, Outcome, str], None]
    ) -> IntakeReport:
        """Take in the given files; they stay where they are."""
        return self.intake.take_in(sources, now=now, settled=settled)

    def retry(
        self, *, now: datetime, settled: Callable[[Source, Outcome, str], None] = lambda *_: None
    ) -> IntakeReport:
        """Try again to take in what was set aside."""
        return retry(self.intake, now=now, settled=settled)

    def rebuild(
        self, originals: Sequence[Original], *, advance: Callable[[], object] = lambda: None
    ) -> RebuildReport:
        """Derive anew what the given originals say."""
        return rebuild(self.intake, originals, advance=advance)

    def split(self, activity_id: int, now: datetime) -> list[Finding]:
        """Let a recording that was merged with others count by itself, and look at the history again."""
        self.store.split(activity_id)
        return self.evaluate(now)

    def training_days(self, now: datetime) -> TrainingDays:
        """The runner's history up to today."""
        return training_days(
            self.store.activities(),
            time_zone=self.runner.time_zone,
            today=self.runner.day_of(now),
            hard_heart_rate_bpm=self.runner.hard_heart_rate_bpm,
        )

    def evaluate(self, now: datetime) -> list[Finding]:
        """Let every rule look at the whole history; enter what is new and queue a letter about it.

        Findings and letter are written in one transaction: there is never one without the other. The history
        is read while nobody else may write, so that no older look at it has the last word. After an upgrade
        everything is derived anew first.
        """
        catch_up(self.intake, now=now)
        with self.database.writing() as connection:
            findings = detect(self.training_days(now), self.detectors)
            self.store.mark_evaluated(connection)
            fresh = self.register.enter(connection, findings, now=now)
            if self.route is not None:
                self._tell(connection, fresh, self.route, now)
        for finding in fresh:
            log.info("found %s (%s)", finding.key, finding.level.word)
        return fresh

    def deliver(self, now: datetime) -> Mapping[str, int]:
        """Send what is due."""
        return {} if self.route is None else self.outbox.deliver(self.route.mailer, now)

    def explain(self, finding: Finding, today: date) -> Explained:
        """Put a finding into words as they fit on that day, with its advice."""
        advice = self.care.advise(finding)
        story = describe(finding, advice.evidence, units=self.runner.units, today=today)
        return Explained(finding, story, advice)

    def _tell(
        self, connection: Connection, fresh: Sequence[Finding], route: MailRoute, now: datetime
    ) -> None:
        today = self.runner.day_of(now)
        lately = self.outbox.recent(connection, now=now, days=route.policy.pause_days)
        told = [(self.runner.day_of(queued_at), level) for queued_at, level in lately]
        news = self.outbox.untold(connection, fresh)
        chosen = route.policy.choose(news, today=today, told=told)
        if not chosen:
            return
        explained = [self.explain(finding, today) for finding in chosen]
        letter = write_letter(
            [Told(e.finding, e.story, e.advice) for e in explained],
            to=self.runner.email,
            sender=self.outbox.sender,
            runner_name=self.runner.name,
            dashboard_url=route.dashboard_url,
            units=self.runner.units,
            today=today,
        )
        self.outbox.put(
            connection,
            tells=chosen,
            letter=letter,
            recipient=self.runner.email,
            now=now,
        )
