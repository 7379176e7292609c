"""What the dashboard reads: one runner's standing, findings and the state of the service."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from alerts.alert.alert import Detector, _opened_since
from alerts.care.catalogue.alert_rates import rate_like
from alerts.care.explained_alert import Explained, leading, open_on
from alerts.detectors.single_run import SingleRunSpike
from alerts.evaluation.history_cache import Memory
from alerts.evaluation.training_status import stand
from alerts.explanation.grounds import look_up_grounds
from alerts.explanation.grouping import course_on, stories_of
from alerts.notifications.answers import SORT_WORDS, rule_words
from alerts.notifications.delivery.mailer import MAIL
from alerts.notifications.delivery.queue_health import NOTHING_SENT
from alerts.service.job_heartbeat import Heartbeat
from alerts.service.runner_service import Watch
from alerts.service.uptime_ping import Watcher
from alerts.text.rejection_reasons import retold
from alerts.views.history_views import Almanac
from alerts.views.overview import (
    FilesHealth,
    Health,
    HeldBack,
    History,
    MailStatus,
    OtherWay,
    Overview,
    RecentRun,
    Remark,
)
from alerts.views.retry_request import Errands
from alerts.views.suppressed_alerts import held_back
from ingest.analysis.quality.flags import sentence_of
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.table import TrainingDays

SEASON_DAYS = 12 * 7
RECENT_RUNS = 10
COUNTED_EVERY_S = 3.0
"""While files come and go, a page need not be made anew for each of them."""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Answers the questions of the pages from what the watch has stored; computes no rule of its own."""

    watch: Watch
    heartbeat: Heartbeat = field(default_factory=Heartbeat)
    errands: Errands = field(default_factory=Errands)
    parameter_words: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    shipped_rules: Sequence[Detector] = ()
    counts: Memory[tuple[int, int]] = field(default_factory=Memory, repr=False, compare=False)

    @property
    def almanac(self) -> Almanac:
        """Where the pages beyond the first one look things up."""
        return Almanac(self.watch, self.parameter_words, self.shipped_rules, self.errands, self.heartbeat)

    @property
    def week_start(self) -> int:
        """The weekday on which the runner's weeks begin, Monday as 0."""
        return self.watch.runner.week_start

    def overview(self, now: datetime) -> Overview:
        """Gather what the first page says at ``now``."""
        watch = self.watch
        today = watch.runner.day_of(now)
        days = watch.history.days(now)
        since = today - timedelta(days=SEASON_DAYS)
        voice = watch.voice(today)
        season = [watch.explain(finding, today, voice=voice) for finding in watch.findings(since, days)]
        awake = self._awake(season, now)
        return Overview(
            runner_name=watch.runner.name,
            time_zone=watch.runner.time_zone.key,
            now=now,
            standing=voice.standing(stand(days, watch.detectors, week_start=self.week_start)),
            history=_history(days, self._single_run()),
            open_findings=tuple(leading(open_on(today, awake), awake)),
            season=tuple(season),
            recent_runs=tuple(self._recent(season)),
            held_back=tuple(self._held_back(days, season, today)),
            files=self._files(now, today),
            mail=self._mail(now),
            units=watch.runner.units,
            silence=voice.silence,
            pain=voice.pain,
            back=voice.back,
            watcher_unheard_since=Watcher(watch.database).unheard_since(),
        )

    def state(self, now: datetime) -> object:
        """Give what is equal as long as no page would say anything else, but for what lies in folders.

        All that was taken in, told, answered or chosen is in the database, which tells whether anything in it
        has changed. What time alone changes (the day, the end of a pause) is on a page within a minute.
        """
        watch = self.watch
        stored = watch.database.state()
        rules = watch.runner, tuple(watch.detectors), watch.arrangement().off
        return stored, now.replace(second=0, microsecond=0), rules, self.heartbeat.trouble

    def lying(self) -> tuple[int, int]:
        """How many files wait and are set aside; folders are looked through every few seconds at most."""
        watch = self.watch
        key = watch.database.state(), time.monotonic() // COUNTED_EVERY_S
        return self.counts.recall(key, lambda: (watch.inbox.count(), watch.intake.quarantine.count()))

    def find(self, key: str, now: datetime) -> Explained | None:
        """Explain the finding of that key, with what it rests on and what it is told with, as of ``now``."""
        watch, today = self.watch, self.watch.runner.day_of(now)
        days = watch.history.days(now)
        shown = {finding.key: finding for finding in watch.findings(date.min, days)}
        finding = shown.get(key) or watch.register.find(key)
        if finding is None:
            return None
        course = course_on(today, watch.answers.snoozed(now))
        causes = stories_of((shown | {key: finding}).values(), course)
        cause = next(cause for cause in causes if finding in cause.parts)
        voice = watch.voice(today)
        known = look_up_grounds(finding, watch.detectors, days.runs, may_tell=voice.may_run)
        return replace(
            watch.explain(finding, today, voice=voice),
            also=tuple(part for part in cause.also if part is not finding),
            lead=None if finding is cause.lead else cause.lead,
            grounds=known,
            rate=rate_like(finding.kind, days),
        )

    def health(self, now: datetime) -> Health:
        """Tell whether the service does its work."""
        ways = self.watch.post.health(now).values()
        return Health(
            is_late=self.heartbeat.is_late(now),
            last_tick_at=self.heartbeat.last_tick_at,
            mail_queued=sum(way.queued for way in ways),
            mail_dead=sum(way.dead for way in ways),
            mail_stuck=sum(way.stuck for way in ways),
        )

    def _awake(self, opened: Iterable[Explained], now: datetime) -> list[Explained]:
        """Those whose rules the runner does not want to be quiet."""
        quiet = self.watch.answers.snoozed(now)
        return [explained for explained in opened if explained.finding.kind not in quiet]

    def _single_run(self) -> SingleRunSpike:
        return next(rule for rule in self.watch.detectors if isinstance(rule, SingleRunSpike))

    def _recent(self, season: Iterable[Explained]) -> Iterable[RecentRun]:
        by_activity: Mapping[int | None, list[Explained]] = defaultdict(list)
        for explained in season:
            by_activity[explained.finding.activity_id].append(explained)
        for activity in self.watch.store.latest(RECENT_RUNS):
            yield self._row(activity, by_activity[activity.id])

    def _held_back(self, days: TrainingDays, season: Iterable[Explained], today: date) -> Iterable[HeldBack]:
        found = [explained.finding for explained in season]
        return held_back(self.watch, days, found, since=_opened_since(today), today=today)

    def _row(self, activity: StoredActivity, findings: Sequence[Explained]) -> RecentRun:
        summary = activity.summary
        return RecentRun(
            activity_id=activity.id,
            sport=summary.sport,
            started_at=summary.started_at.astimezone(self.watch.runner.time_zone),
            distance_m=summary.distance_m,
            timer_s=summary.timer_s,
            avg_heart_rate_bpm=summary.avg_heart_rate_bpm,
            avg_cadence_spm=summary.avg_cadence_spm,
            flags=tuple(Remark(flag.word, retold(sentence_of(flag))) for flag in summary.flags),
            findings=tuple(findings),
        )

    def _files(self, now: datetime, today: date) -> FilesHealth:
        local_midnight = datetime.combine(today, datetime.min.time(), self.watch.runner.time_zone)
        waiting, set_aside = self.lying()
        return FilesHealth(
            last_taken_at=self.watch.store.last_taken_at(),
            taken_today=self.watch.store.taken_since(min(local_midnight, now)),
            waiting=waiting,
            set_aside=set_aside,
            inbox=str(self.watch.inbox.folder),
            trouble=self.heartbeat.trouble,
        )

    def _mail(self, now: datetime) -> MailStatus:
        ways = dict(self.watch.post.health(now))
        health = ways.pop(MAIL, NOTHING_SENT)
        quiet = self.watch.answers.snoozed(now).items()
        return MailStatus(
            mode=self.watch.arrangement().mail_mode,
            queued=health.queued,
            dead=health.dead,
            last_sent_at=health.last_sent_at,
            last_error=health.last_error,
            stuck=health.stuck,
            quiet=tuple((rule_words([kind]), self.watch.runner.day_of(until)) for kind, until in quiet),
            stopped=tuple(SORT_WORDS[sort] for sort in sorted(self.watch.answers.stopped())),
            others=tuple(
                OtherWay(name, way.queued, way.dead, way.stuck, way.last_sent_at, way.last_error)
                for name, way in ways.items()
            ),
        )


def _history(days: TrainingDays, rule: SingleRunSpike) -> History:
    runs = days.runs.take(days.runs.counts_distance)
    if not len(runs):
        return History(needed_runs=rule.minimum_runs, needed_days=rule.minimum_history_days)
    recent = days.run_count[-rule.window_days :]
    return History(
        runs=int(recent.sum()),
        first_run_day=runs.day[0].astype(date),
        window_days=rule.window_days,
        needed_runs=rule.minimum_runs,
        needed_days=rule.minimum_history_days,
    )
