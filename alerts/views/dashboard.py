"""What the dashboard shows: one runner's status, alerts and the health of the service."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from alerts.alert.alert import Detector, _opened_since
from alerts.care.catalogue.alert_rates import rate_for
from alerts.care.explained_alert import ExplainedAlert, group_leads, open_alerts_on
from alerts.detectors.single_run import SingleRunSpike
from alerts.evaluation.history_cache import Cache
from alerts.evaluation.training_status import compute_training_status
from alerts.explanation.alert_basis import look_up_grounds
from alerts.explanation.grouping import all_groups, state_on
from alerts.notifications.answers import SORT_WORDS, rule_words
from alerts.notifications.delivery.mailer import MAIL
from alerts.notifications.delivery.queue_health import NOTHING_SENT
from alerts.service.job_heartbeat import Heartbeat
from alerts.service.runner_service import RunnerService
from alerts.service.uptime_ping import UptimePingLog
from alerts.text.rejection_reasons import translate_reason
from alerts.views.history_views import HistoryViews
from alerts.views.overview import (
    FilesHealth,
    Health,
    HistoryExtent,
    MailStatus,
    OtherWay,
    Overview,
    RecentRun,
    Remark,
    SuppressedAlert,
)
from alerts.views.retry_request import RetryRequests
from alerts.views.suppressed_alerts import suppressed_alerts
from ingest.analysis.quality.flags import flag_sentence
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.table import TrainingDays

SEASON_DAYS = 12 * 7
RECENT_RUNS = 10
COUNTED_EVERY_S = 3.0
"""While files come and go, a page need not be made anew for each of them."""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Provides the pages' data from stored results; evaluates no rule of its own."""

    runner_service: RunnerService
    heartbeat: Heartbeat = field(default_factory=Heartbeat)
    retry_requests: RetryRequests = field(default_factory=RetryRequests)
    parameter_words: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    default_rules: Sequence[Detector] = ()
    counts: Cache[tuple[int, int]] = field(default_factory=Cache, repr=False, compare=False)

    @property
    def history_views(self) -> HistoryViews:
        """The data of all pages but the first."""
        return HistoryViews(
            self.runner_service, self.parameter_words, self.default_rules, self.retry_requests, self.heartbeat
        )

    @property
    def week_start(self) -> int:
        """The weekday on which the runner's weeks begin, Monday as 0."""
        return self.runner_service.runner.week_start

    def overview(self, now: datetime) -> Overview:
        """Collect the data of the first page at ``now``."""
        runner_service = self.runner_service
        today = runner_service.runner.day_of(now)
        days = runner_service.history.days(now)
        since = today - timedelta(days=SEASON_DAYS)
        gate = runner_service.gate(today)
        season = [
            runner_service.explain(alert, today, gate=gate) for alert in runner_service.alerts(since, days)
        ]
        awake = self._awake(season, now)
        return Overview(
            runner_name=runner_service.runner.name,
            time_zone=runner_service.runner.time_zone.key,
            now=now,
            training_status=gate.training_status(
                compute_training_status(days, runner_service.detectors, week_start=self.week_start)
            ),
            history=_history(days, self._single_run()),
            allowed=runner_service.running_advice.advice(now).today,
            open_alerts=tuple(group_leads(open_alerts_on(today, awake), awake)),
            season=tuple(season),
            recent_runs=tuple(self._recent(season)),
            suppressed_alerts=tuple(self._held_back(days, season, today)),
            files=self._files(now, today),
            mail=self._mail(now),
            units=runner_service.runner.units,
            red_flag_lock=gate.red_flag_lock,
            pain=gate.pain,
            back=gate.back,
            uptime_ping_failing_since=UptimePingLog(runner_service.database).failing_since(),
        )

    def state(self, now: datetime) -> object:
        """Version token for caching: equal as long as no page changes, apart from files in folders.

        All that was imported, told, answered or chosen is in the database, which tells whether anything in it
        has changed. What time alone changes (the day, the end of a pause) is on a page within a minute.
        """
        runner_service = self.runner_service
        stored = runner_service.database.state()
        rules = (
            runner_service.runner,
            tuple(runner_service.detectors),
            runner_service.effective_settings().off,
        )
        return stored, now.replace(second=0, microsecond=0), rules, self.heartbeat.trouble

    def file_counts(self) -> tuple[int, int]:
        """Numbers of waiting and quarantined files, counted every few seconds at most."""
        runner_service = self.runner_service
        key = runner_service.database.state(), time.monotonic() // COUNTED_EVERY_S
        return self.counts.get_or_compute(
            key, lambda: (runner_service.inbox.count(), runner_service.intake.quarantine.count())
        )

    def find(self, key: str, now: datetime) -> ExplainedAlert | None:
        """The alert with that key, explained as of ``now``, with its basis and group."""
        runner_service, today = self.runner_service, self.runner_service.runner.day_of(now)
        days = runner_service.history.days(now)
        shown = {alert.key: alert for alert in runner_service.alerts(date.min, days)}
        alert = shown.get(key) or runner_service.alert_store.find(key)
        if alert is None:
            return None
        course = state_on(today, runner_service.answers.snoozed(now))
        groups = all_groups((shown | {key: alert}).values(), course)
        group = next(group for group in groups if alert in group.parts)
        gate = runner_service.gate(today)
        known = look_up_grounds(alert, runner_service.detectors, days.runs, may_tell=gate.may_run)
        return replace(
            runner_service.explain(alert, today, gate=gate),
            also=tuple(part for part in group.also if part is not alert),
            lead=None if alert is group.lead else group.lead,
            grounds=known,
            rate=rate_for(alert.kind, days),
        )

    def health(self, now: datetime) -> Health:
        """Whether the service works."""
        ways = self.runner_service.notifications.health(now).values()
        return Health(
            is_late=self.heartbeat.is_late(now),
            last_tick_at=self.heartbeat.last_tick_at,
            mail_queued=sum(way.queued for way in ways),
            mail_dead=sum(way.dead for way in ways),
            mail_stuck=sum(way.stuck for way in ways),
        )

    def _awake(self, opened: Iterable[ExplainedAlert], now: datetime) -> list[ExplainedAlert]:
        """Alerts of rules that are not snoozed."""
        quiet = self.runner_service.answers.snoozed(now)
        return [explained for explained in opened if explained.alert.kind not in quiet]

    def _single_run(self) -> SingleRunSpike:
        return next(rule for rule in self.runner_service.detectors if isinstance(rule, SingleRunSpike))

    def _recent(self, season: Iterable[ExplainedAlert]) -> Iterable[RecentRun]:
        by_activity: Mapping[int | None, list[ExplainedAlert]] = defaultdict(list)
        for explained in season:
            by_activity[explained.alert.activity_id].append(explained)
        for activity in self.runner_service.store.latest(RECENT_RUNS):
            yield self._row(activity, by_activity[activity.id])

    def _held_back(
        self, days: TrainingDays, season: Iterable[ExplainedAlert], today: date
    ) -> Iterable[SuppressedAlert]:
        found = [explained.alert for explained in season]
        return suppressed_alerts(self.runner_service, days, found, since=_opened_since(today), today=today)

    def _row(self, activity: StoredActivity, alerts: Sequence[ExplainedAlert]) -> RecentRun:
        summary = activity.summary
        return RecentRun(
            activity_id=activity.id,
            sport=summary.sport,
            started_at=summary.started_at.astimezone(self.runner_service.runner.time_zone),
            distance_m=summary.distance_m,
            timer_s=summary.timer_s,
            avg_heart_rate_bpm=summary.avg_heart_rate_bpm,
            avg_cadence_spm=summary.avg_cadence_spm,
            flags=tuple(Remark(flag.code, translate_reason(flag_sentence(flag))) for flag in summary.flags),
            alerts=tuple(alerts),
        )

    def _files(self, now: datetime, today: date) -> FilesHealth:
        local_midnight = datetime.combine(today, datetime.min.time(), self.runner_service.runner.time_zone)
        waiting, set_aside = self.file_counts()
        return FilesHealth(
            last_taken_at=self.runner_service.store.last_taken_at(),
            taken_today=self.runner_service.store.taken_since(min(local_midnight, now)),
            waiting=waiting,
            set_aside=set_aside,
            inbox=str(self.runner_service.inbox.folder),
            trouble=self.heartbeat.trouble,
        )

    def _mail(self, now: datetime) -> MailStatus:
        ways = dict(self.runner_service.notifications.health(now))
        health = ways.pop(MAIL, NOTHING_SENT)
        quiet = self.runner_service.answers.snoozed(now).items()
        return MailStatus(
            mode=self.runner_service.effective_settings().mail_mode,
            queued=health.queued,
            dead=health.dead,
            last_sent_at=health.last_sent_at,
            last_error=health.last_error,
            stuck=health.stuck,
            quiet=tuple(
                (rule_words([kind]), self.runner_service.runner.day_of(until)) for kind, until in quiet
            ),
            stopped=tuple(SORT_WORDS[sort] for sort in sorted(self.runner_service.answers.stopped())),
            others=tuple(
                OtherWay(name, way.queued, way.dead, way.stuck, way.last_sent_at, way.last_error)
                for name, way in ways.items()
            ),
        )


def _history(days: TrainingDays, rule: SingleRunSpike) -> HistoryExtent:
    runs = days.runs.take(days.runs.counts_distance)
    if not len(runs):
        return HistoryExtent(needed_runs=rule.minimum_runs, needed_days=rule.minimum_history_days)
    recent = days.run_count[-rule.window_days :]
    return HistoryExtent(
        runs=int(recent.sum()),
        first_run_day=runs.day[0].astype(date),
        window_days=rule.window_days,
        needed_runs=rule.minimum_runs,
        needed_days=rule.minimum_history_days,
    )
