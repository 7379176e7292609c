"""Watch: everything Hipwatch does for one runner, for the command line, the schedule and the web alike."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from alerts.alert.alert import Detector, Finding
from alerts.alert.alert_store import FindingRegister
from alerts.care.catalogue.catalogue import Care
from alerts.care.catalogue.library import CareLibrary
from alerts.care.explained_alert import Explained
from alerts.care.pain.advice_gate import Voice
from alerts.care.pain.advice_gate_state import hear
from alerts.care.plan.shoes import CHANGE_DAYS, ShoeChange, assign, change_before
from alerts.detectors.cadence import CadenceShift
from alerts.evaluation.criteria import Yardstick
from alerts.evaluation.history_cache import HistoryMemory
from alerts.evaluation.reevaluate import reconsider
from alerts.evaluation.replay import pain_days
from alerts.evaluation.training_status import stand
from alerts.explanation.alert_text import describe
from alerts.journal.journal import Journal
from alerts.notifications.answers import Answers
from alerts.notifications.compose.email_writer import Known
from alerts.notifications.delivery.outbox import Outbox
from alerts.notifications.policy.notification_service import Post
from alerts.notifications.route import MailRoute
from alerts.runner.profile import Runner
from alerts.service.effective_settings import Arrangement
from alerts.service.history import History
from alerts.service.rule_history import Hindsight
from ingest.errors import Outcome
from ingest.files.sources import Source
from ingest.pipeline.importer import Intake, IntakeReport
from ingest.pipeline.inbox import Inbox
from ingest.pipeline.reprocess import RebuildReport, catch_up, rebuild, retry, take_in_unknown
from ingest.storage.activity_store import ActivityStore, Original
from ingest.storage.database import Database
from ingest.training_days.table import TrainingDays

log = logging.getLogger(__name__)


@dataclass(slots=True)
class TickReport:
    """What one pass of the scheduled job did."""

    intake: IntakeReport = field(default_factory=IntakeReport)
    new_findings: list[Finding] = field(default_factory=list)
    delivered: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watch:
    """One runner's use cases; the command line, the scheduler and the tests call the same methods.

    What the runner can choose is asked of the ``arrangement`` each time: it holds from the next look on.
    """

    arrangement: Arrangement
    database: Database
    store: ActivityStore
    intake: Intake
    inbox: Inbox
    register: FindingRegister
    library: CareLibrary
    journal: Journal
    memory: HistoryMemory = field(default_factory=HistoryMemory, repr=False, compare=False)

    @property
    def care(self) -> Care:
        """The care catalogue in the language that is being spoken."""
        return self.library.spoken

    @property
    def runner(self) -> Runner:
        """Who is watched."""
        return self.arrangement().runner

    @property
    def detectors(self) -> Sequence[Detector]:
        """Every rule with its numbers, also what is switched off: the ceiling and the band rest on them."""
        return self.arrangement().rules

    @property
    def yardstick(self) -> Yardstick:
        """By what the history is judged."""
        return self.arrangement().yardstick

    @property
    def route(self) -> MailRoute | None:
        """How letters leave; None where they do not."""
        return self.arrangement().route

    @property
    def outbox(self) -> Outbox:
        """Letters on their way."""
        return Outbox(self.database, self.store.runner_id, self.arrangement().sender)

    @property
    def answers(self) -> Answers:
        """What the runner answered."""
        return Answers(self.database, self.store.runner_id)

    @property
    def history(self) -> History:
        """What was run, as the rules and the pages read it."""
        return History(self.arrangement, self.store, self.memory)

    @property
    def hindsight(self) -> Hindsight:
        """The rules over what was run: as they would have spoken, and as they spoke."""
        return Hindsight(self.arrangement, self.history, self.register, self.journal, self.answers)

    @property
    def post(self) -> Post:
        """Writes letters and sends them, as far as that is in force."""
        known = Known(
            explain=self.explain,
            voice=self.voice,
            standing=lambda now: self.voice(self.runner.day_of(now)).standing(
                stand(self.history.days(now), self.detectors, week_start=self.runner.week_start)
            ),
            active_days=lambda: [day for day, _ in self.history.dated()],
            last_taken_at=self.store.last_taken_at,
        )
        return Post(self.runner, self.route, self.outbox, self.register, known)

    def tick(self, now: datetime) -> TickReport:
        """Take in what waits in the inbox, evaluate if anything is new, deliver what is due."""
        report = TickReport(intake=self.inbox.take_in(self.intake, now=now))
        report.new_findings = self.evaluate_news(now)
        report.delivered = self.deliver(now)
        return report

    def evaluate_news(self, now: datetime) -> list[Finding]:
        """Evaluate where anything has come or was changed since the last time; the night does so anyway."""
        if self.store.runner.is_evaluated() and not self.store.is_outdated() and self.is_judged():
            return []
        return self.evaluate(now)

    def is_judged(self) -> bool:
        """Whether what was found was judged by what is in force."""
        with self.database.reading() as connection:
            return self.register.judged_by(connection) == self.yardstick.written()

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

    def take_in_unknown(self, *, now: datetime) -> IntakeReport:
        """Take in originals that the database does not know."""
        return take_in_unknown(self.intake, now=now)

    def split(self, activity_id: int, now: datetime) -> list[Finding]:
        """Let a recording that was merged with others count by itself, and look at the history again."""
        self.store.split(activity_id)
        return self.evaluate(now)

    def findings(self, since: date, days: TrainingDays) -> list[Finding]:
        """Findings about ``since`` and later, for showing.

        While a long import is under way, the newest runs first, this is what the rules say of what is in so
        far: advice is there within seconds. Entered and told is only what the whole of it says.
        """
        if self.store.runner.is_evaluated():
            return self.register.since(since)
        return [finding for finding in self.yardstick.judge(days) if finding.day >= since]

    def evaluate(self, now: datetime) -> list[Finding]:
        """Let every rule look at the whole history; enter what is new and queue a letter about it.

        Findings and letter are written in one transaction: there is never one without the other. The history
        is read while nobody else may write, so that no older look at it has the last word. After an upgrade
        everything is derived anew first. What a change of settings brought is entered and told to nobody.
        """
        catch_up(self.intake, now=now)
        with self.database.writing() as connection:
            in_force = self.arrangement()
            activities = self.store.activities()
            days = in_force.yardstick.lay_out(activities, now)
            findings = in_force.yardstick.judge(days, self.memory.look)
            quiet = reconsider(
                connection,
                self.register,
                in_force.yardstick,
                activities=activities,
                findings=findings,
                now=now,
            )
            self.store.runner.mark_evaluated(connection)
            fresh = self.register.enter(connection, findings, now=now, quiet=quiet)
            self.post.tell(connection, fresh, now)
        for finding in fresh:
            log.info("found %s (%s)", finding.key, finding.level.word)
        return fresh

    def deliver(self, now: datetime) -> Mapping[str, int]:
        """Send what is due, unless the hour is quiet; what was written before a red flag stays here."""
        return self.post.deliver(now)

    def voice(self, today: date) -> Voice:
        """What may be said on that day; an open red flag silences whatever the day."""
        return hear(self.journal, self.care, self.history.dated, today)

    def explain(self, finding: Finding, today: date, *, voice: Voice | None = None) -> Explained:
        """Put a finding into words as they fit on that day, with its advice, as far as they may be said."""
        voice = self.voice(today) if voice is None else voice
        advice = self.care.advise(finding)
        story = describe(finding, advice.evidence, units=self.runner.units, today=today)
        change = self._change_of_shoes(finding) if (today - finding.day).days <= CHANGE_DAYS else None
        if change is not None:
            story = replace(story, sentence=f"{story.sentence} {change.sentence}")
        return Explained(voice.finding(finding), voice.story(story), voice.advice(advice, self.care))

    def _pain_days(self) -> list[date]:
        return pain_days(self.journal.pain.since(date.min))

    def _change_of_shoes(self, finding: Finding) -> ShoeChange | None:
        """A change of pair before a shift of cadence, to be looked at beside it."""
        pairs = self.journal.shoes.all() if finding.kind == CadenceShift.kind else []
        if len(pairs) < 2:
            return None
        runs = self.history.shod_runs()
        return change_before(finding.day, runs, assign(runs, pairs, self.journal.shoes.chosen()))
