"""Everything Hipwatch does for one runner; the command line, the scheduler and the pages share it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from alerts.alert.alert import Alert, Detector
from alerts.alert.alert_store import AlertStore
from alerts.care.catalogue.catalogue import CareCatalogue
from alerts.care.catalogue.library import CareLibrary
from alerts.care.explained_alert import ExplainedAlert
from alerts.care.pain.advice_gate import AdviceGate
from alerts.care.pain.advice_gate_state import load_gate_state
from alerts.care.plan.shoes import CHANGE_DAYS, ShoeChange, assign, change_before
from alerts.detectors.cadence import CadenceShift
from alerts.evaluation.criteria import EvaluationCriteria
from alerts.evaluation.history_cache import HistoryCache
from alerts.evaluation.reevaluate import reevaluate
from alerts.evaluation.replay import pain_days
from alerts.evaluation.training_status import compute_training_status
from alerts.explanation.alert_text import describe
from alerts.journal.journal import Journal
from alerts.notifications.answers import Answers
from alerts.notifications.compose.email_writer import EmailContext
from alerts.notifications.delivery.outbox import Outbox
from alerts.notifications.policy.notification_service import NotificationService
from alerts.notifications.route import MailRoute
from alerts.runner.profile import Runner
from alerts.service.advice import RunningAdviceSource
from alerts.service.effective_settings import SettingsProvider
from alerts.service.history import History
from alerts.service.rule_history import RuleHistory
from ingest.errors import Outcome
from ingest.files.sources import Source
from ingest.pipeline.importer import Importer, ImportReport
from ingest.pipeline.inbox import Inbox
from ingest.pipeline.reprocess import (
    RebuildReport,
    import_missing,
    rebuild,
    reprocess_after_upgrade,
    retry_quarantined,
)
from ingest.storage.activity_store import ActivityStore, OriginalFile
from ingest.storage.database import Database
from ingest.training_days.table import TrainingDays

log = logging.getLogger(__name__)


@dataclass(slots=True)
class TickReport:
    """What one run of the scheduled job did."""

    intake: ImportReport = field(default_factory=ImportReport)
    new_alerts: list[Alert] = field(default_factory=list)
    delivered: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunnerService:
    """One runner's use cases: import, evaluate, notify, explain.

    ``effective_settings`` is called on each use, so that a change of settings applies at once.
    """

    effective_settings: SettingsProvider
    database: Database
    store: ActivityStore
    intake: Importer
    inbox: Inbox
    alert_store: AlertStore
    library: CareLibrary
    journal: Journal
    cache: HistoryCache = field(default_factory=HistoryCache, repr=False, compare=False)

    @property
    def care(self) -> CareCatalogue:
        """The care catalogue in the current language."""
        return self.library.current

    @property
    def runner(self) -> Runner:
        """The runner's profile."""
        return self.effective_settings().runner

    @property
    def detectors(self) -> Sequence[Detector]:
        """All rules with their parameters, including disabled ones: ceiling and range charts use them."""
        return self.effective_settings().rules

    @property
    def criteria(self) -> EvaluationCriteria:
        """The evaluation criteria in force."""
        return self.effective_settings().criteria

    @property
    def route(self) -> MailRoute | None:
        """How emails are sent; None when mail is off."""
        return self.effective_settings().route

    @property
    def outbox(self) -> Outbox:
        """The queue of outgoing emails and notifications."""
        return Outbox(self.database, self.store.runner_id, self.effective_settings().sender)

    @property
    def answers(self) -> Answers:
        """Snoozed rules, stopped emails and opinions."""
        return Answers(self.database, self.store.runner_id)

    @property
    def history(self) -> History:
        """The runner's activities and training days."""
        return History(self.effective_settings, self.store, self.cache)

    @property
    def rule_history(self) -> RuleHistory:
        """What each rule would have reported in the past, and what it did report."""
        return RuleHistory(
            self.effective_settings, self.history, self.alert_store, self.journal, self.answers
        )

    @property
    def running_advice(self) -> RunningAdviceSource:
        """Where to ask what may be run."""
        return RunningAdviceSource(
            self.runner, self.detectors, self.history, self.journal, self.alert_store, self.gate
        )

    @property
    def notifications(self) -> NotificationService:
        """Composes and sends emails and notifications."""
        known = EmailContext(
            explain=self.explain,
            gate=self.gate,
            training_status=lambda now: self.gate(self.runner.day_of(now)).training_status(
                compute_training_status(
                    self.history.days(now), self.detectors, week_start=self.runner.week_start
                )
            ),
            allowed_today=lambda now: self.running_advice.advice(now).today,
            active_days=lambda: [day for day, _ in self.history.dated()],
            last_taken_at=self.store.last_taken_at,
        )
        return NotificationService(self.runner, self.route, self.outbox, self.alert_store, known)

    def tick(self, now: datetime) -> TickReport:
        """Import what is in the inbox, evaluate if anything changed, send what is due."""
        report = TickReport(intake=self.inbox.import_new(self.intake, now=now))
        report.new_alerts = self.evaluate_news(now)
        report.delivered = self.deliver(now)
        return report

    def evaluate_news(self, now: datetime) -> list[Alert]:
        """Evaluate if files or settings changed since the last evaluation."""
        if self.store.runner.is_evaluated() and not self.store.is_outdated() and self.is_judged():
            return []
        return self.evaluate(now)

    def is_judged(self) -> bool:
        """Whether the last evaluation used the current criteria."""
        with self.database.reading() as connection:
            return self.alert_store.last_criteria(connection) == self.criteria.to_json()

    def take_in(
        self, sources: Sequence[Source], *, now: datetime, on_result: Callable[[Source, Outcome, str], None]
    ) -> ImportReport:
        """Import the given files; they stay where they are."""
        return self.intake.import_files(sources, now=now, on_result=on_result)

    def retry(
        self, *, now: datetime, on_result: Callable[[Source, Outcome, str], None] = lambda *_: None
    ) -> ImportReport:
        """Try again to import quarantined files."""
        return retry_quarantined(self.intake, now=now, on_result=on_result)

    def rebuild(
        self, originals: Sequence[OriginalFile], *, advance: Callable[[], object] = lambda: None
    ) -> RebuildReport:
        """Re-process the given original files."""
        return rebuild(self.intake, originals, advance=advance)

    def import_missing(self, *, now: datetime) -> ImportReport:
        """Import archived files that the database does not know."""
        return import_missing(self.intake, now=now)

    def split(self, activity_id: int, now: datetime) -> list[Alert]:
        """Undo a merge, so that a recording counts on its own, and evaluate again."""
        self.store.split(activity_id)
        return self.evaluate(now)

    def alerts(self, since: date, days: TrainingDays) -> list[Alert]:
        """Alerts about ``since`` and later, for display.

        While a long import is under way, the newest runs first, this is what the rules say of what is in so
        far: advice is there within seconds. Entered and told is only what the whole of it says.
        """
        if self.store.runner.is_evaluated():
            return self.alert_store.since(since)
        return [alert for alert in self.criteria.evaluate(days) if alert.day >= since]

    def evaluate(self, now: datetime) -> list[Alert]:
        """Run every rule over the whole history, store new alerts and queue their notifications.

        Alerts and email are written in one transaction: there is never one without the other. The history
        is read while nobody else may write, so that no older look at it has the last word. After an upgrade
        everything is derived anew first. What a change of settings brought is entered and told to nobody.
        """
        reprocess_after_upgrade(self.intake, now=now)
        with self.database.writing() as connection:
            settings = self.effective_settings()
            activities = self.store.activities()
            days = settings.criteria.build_days(activities, now)
            alerts = settings.criteria.evaluate(days, self.cache.look)
            quiet = reevaluate(
                connection,
                self.alert_store,
                settings.criteria,
                activities=activities,
                alerts=alerts,
                now=now,
            )
            self.store.runner.mark_evaluated(connection)
            fresh = self.alert_store.insert(connection, alerts, now=now, quiet=quiet)
            self.notifications.queue(connection, fresh, now)
        for alert in fresh:
            log.info("found %s (%s)", alert.key, alert.level.word)
        return fresh

    def deliver(self, now: datetime) -> Mapping[str, int]:
        """Send due emails outside quiet hours. Emails queued before an open red flag are held."""
        return self.notifications.deliver(now)

    def gate(self, today: date) -> AdviceGate:
        """The advice gate for that day; an open red flag locks advice on every day."""
        return load_gate_state(self.journal, self.care, self.history.dated, today)

    def explain(self, alert: Alert, today: date, *, gate: AdviceGate | None = None) -> ExplainedAlert:
        """An alert with its text and advice for that day, filtered by the advice gate."""
        gate = self.gate(today) if gate is None else gate
        advice = self.care.advise(alert)
        alert_text = describe(alert, advice.evidence, units=self.runner.units, today=today)
        change = self._change_of_shoes(alert) if (today - alert.day).days <= CHANGE_DAYS else None
        if change is not None:
            alert_text = replace(alert_text, sentence=f"{alert_text.sentence} {change.sentence}")
        return ExplainedAlert(gate.alert(alert), gate.alert_text(alert_text), gate.advice(advice, self.care))

    def _pain_days(self) -> list[date]:
        return pain_days(self.journal.pain.since(date.min))

    def _change_of_shoes(self, alert: Alert) -> ShoeChange | None:
        """A change of shoes shortly before a cadence shift, mentioned as a possible reason."""
        pairs = self.journal.shoes.all() if alert.kind == CadenceShift.kind else []
        if len(pairs) < 2:
            return None
        runs = self.history.shod_runs()
        return change_before(alert.day, runs, assign(runs, pairs, self.journal.shoes.chosen()))
