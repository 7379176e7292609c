"""The data of all pages but the first: runs, months, training, form, rules, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import IO

from alerts.alert.alert import Detector
from alerts.care.catalogue.alert_rates import rate_for
from alerts.care.explained_alert import ExplainedAlert
from alerts.detectors.cadence import CadenceShift
from alerts.detectors.registry import detect_one
from alerts.evaluation.replay import pain_days
from alerts.evaluation.training_status import compute_training_status
from alerts.explanation.grouping import state_on
from alerts.service.job_heartbeat import Heartbeat
from alerts.service.runner_service import RunnerService
from alerts.text.rejection_reasons import translate_reason
from alerts.views.alert_list import AlertList, explained_groups
from alerts.views.files_view import FilesView, build_files_view
from alerts.views.form_view import Form, matched_cadence, measured
from alerts.views.load_ratios import acwr_coupled, week_to_week
from alerts.views.month import Material, Month, build_month, grid
from alerts.views.overview import Remark
from alerts.views.retry_request import RetryRequests
from alerts.views.rule_view import Preview, RuleList, RuleView, build_record, parameters_of, preview
from alerts.views.run_view import RunView, SourceFile, build_traces, project_track, split_run
from alerts.views.training import Training, hard_weeks, latest, load_weeks
from ingest.analysis.quality.flags import flag_sentence
from ingest.errors import DiskError, IngestError, UnreadableSourceError
from ingest.files.uploads import save_upload
from ingest.formats.read_file import read_recording
from ingest.storage.activity_files import RecordingFile, part_started_at, recordings_of

WEEKS = 26
"""So many weeks the pages about training and form look back."""

LARGEST_ID = 2**63 - 1
"""Beyond it no database has a row."""


@dataclass(frozen=True, slots=True)
class HistoryViews:
    """Provides the pages' data from stored results; evaluates no rule of its own."""

    runner_service: RunnerService
    parameter_words: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    shipped: Sequence[Detector] = ()
    retry_requests: RetryRequests = field(default_factory=RetryRequests)
    heartbeat: Heartbeat = field(default_factory=Heartbeat)

    @property
    def week_start(self) -> int:
        """The weekday on which the runner's weeks begin, Monday as 0."""
        return self.runner_service.runner.week_start

    def run(self, activity_id: int, now: datetime) -> RunView | None:
        """One activity in detail; None if the runner has none with that id."""
        if not 0 < activity_id <= LARGEST_ID:
            return None
        filed = recordings_of(self.runner_service.store, activity_id)
        if not filed:
            return None
        summary = filed[0].activity.summary
        view = RunView(
            activity_id=activity_id,
            started_at=summary.started_at.astimezone(self.runner_service.runner.time_zone),
            summary=summary,
            remarks=tuple(Remark(flag.code, translate_reason(flag_sentence(flag))) for flag in summary.flags),
            alerts=self._triggered(filed[0], now),
            sources=tuple(SourceFile(f.name, f.activity.summary.device, f.counts) for f in filed),
            units=self.runner_service.runner.units,
        )
        return self._read(view, filed[0])

    def month(self, first: date | None, now: datetime) -> Month:
        """The month that begins on ``first``, by default the current one."""
        runner_service, today = self.runner_service, self.runner_service.runner.day_of(now)
        first = first or today.replace(day=1)
        begin, stop = grid(first, self.week_start)
        gate = runner_service.gate(today)
        alerts = [f for f in runner_service.alert_store.since(begin) if f.day < stop]
        material = Material(
            runner_service.history.dated(),
            [runner_service.explain(alert, today, gate=gate) for alert in alerts],
            runner_service.journal.pain.since(begin),
            runner_service.journal.routines.since(begin),
        )
        units = runner_service.runner.units
        return build_month(first, material, today=today, week_start=self.week_start, units=units)

    def training(self, now: datetime, *, weeks: int = WEEKS) -> Training | None:
        """The last weeks of training; None before the first import."""
        runner_service, today = self.runner_service, self.runner_service.runner.day_of(now)
        days, gate = runner_service.history.days(now), runner_service.gate(today)
        training_status = gate.training_status(
            compute_training_status(
                days, runner_service.detectors, week_start=self.week_start, weeks_shown=weeks
            )
        )
        if training_status is None:
            return None
        found = runner_service.alert_store.since(today - timedelta(weeks=WEEKS))
        starts = [week.first_day for week in training_status.weeks]
        return Training(
            today,
            training_status.weeks,
            tuple(runner_service.explain(alert, today, gate=gate) for alert in found),
            hard_weeks(days, starts),
            latest(days, acwr_coupled(days.run_m), 7 * weeks),
            latest(days, week_to_week(days.run_m), 7 * weeks),
            runner_service.runner.units,
            runner_service.care.evidence,
            load_weeks(days.runs, starts),
        )

    def form(self, now: datetime, *, weeks: int = WEEKS) -> Form:
        """Cadence, balance and fade of the last weeks."""
        runner_service, today = self.runner_service, self.runner_service.runner.day_of(now)
        runs, since = runner_service.history.days(now).runs, today - timedelta(weeks=weeks)
        rule = next((rule for rule in runner_service.detectors if isinstance(rule, CadenceShift)), None)
        gate = runner_service.gate(today)
        changes = [f for f in runner_service.alert_store.since(since) if f.kind == CadenceShift.kind]
        return Form(
            today,
            since,
            matched_cadence(runs, rule, since) if rule else None,
            tuple(runner_service.explain(alert, today, gate=gate) for alert in changes),
            measured(runs, runs.stance_balance_percent, since),
            measured(runs, runs.cadence_fade_percent, since),
            runner_service.runner.units,
        )

    def alerts(self, now: datetime) -> AlertList:
        """All alerts in groups, latest first."""
        runner_service, today = self.runner_service, self.runner_service.runner.day_of(now)
        snoozed = runner_service.answers.snoozed(now)
        gate = runner_service.gate(today)
        found = [
            runner_service.explain(f, today, gate=gate) for f in runner_service.alert_store.since(date.min)
        ]
        return AlertList(
            today,
            explained_groups(found, state_on(today, snoozed)),
            {kind: runner_service.runner.day_of(until) for kind, until in snoozed.items()},
        )

    def rules(self, now: datetime) -> RuleList:
        """All rules over this history, replayed and as it happened."""
        runner_service = self.runner_service
        return RuleList(
            past=runner_service.rule_history.replay(now),
            live=runner_service.rule_history.live_figures(now),
            evidence=runner_service.care.evidence,
            off=runner_service.effective_settings().off,
            today=runner_service.runner.day_of(now),
            tells_pain=bool(self._painful()),
        )

    def rule(self, kind: str, now: datetime) -> RuleView | None:
        """One rule; None if there is none of that kind."""
        runner_service, rule = self.runner_service, self._rule(kind)
        if rule is None:
            return None
        days, painful, rules = runner_service.history.days(now), self._painful(), runner_service.detectors
        shipped = self._shipped(kind) or rule
        record = build_record(rule, days, painful, rules)
        (live,) = runner_service.rule_history.live_figures(now, kind=kind).rules
        return RuleView(
            kind,
            runner_service.care.evidence.get(kind),
            parameters_of(rule, self.parameter_words.get(kind, {}), shipped),
            record,
            live,
            runner_service.runner.day_of(now),
            bool(painful),
            runner_service.runner.units,
            time_zone=runner_service.runner.time_zone.key,
            is_off=kind in runner_service.effective_settings().off,
            shipped=len(record.alerts) if shipped == rule else len(detect_one(days, shipped, rules)),
            rate=rate_for(kind, days),
        )

    def preview(self, kind: str, chosen: Mapping[str, float], now: datetime) -> Preview | None:
        """What a rule would have reported with other parameters."""
        rule = self._rule(kind)
        if rule is None:
            return None
        days = self.runner_service.history.days(now)
        shipped, rules = self._shipped(kind), self.runner_service.detectors
        return preview(rule, chosen, days, self._painful(), shipped=shipped, rules=rules)

    def files(self, now: datetime, *, since: datetime | None = None) -> FilesView:
        """What became of the files since a moment, by default since midnight."""
        return build_files_view(
            self.runner_service, self.retry_requests, now, since, trouble=self.heartbeat.trouble
        )

    def save_uploads(self, files: Iterable[tuple[IO[bytes], str]]) -> tuple[int, list[str]]:
        """Save uploads to the inbox; return how many, and why others were refused."""
        laid, refused = 0, []
        for stream, name in files:
            try:
                save_upload(self.runner_service.inbox.folder, stream, name)
            except (UnreadableSourceError, DiskError) as error:
                refused.append(str(error))
            else:
                laid += 1
        if laid:
            self.runner_service.inbox.scan()  # they lie whole: the next look finds them at rest
            self.retry_requests.run_soon()
        return laid, refused

    def request_retry(self) -> None:
        """Retry all quarantined files."""
        self.retry_requests.ask_retry()

    def _rule(self, kind: str) -> Detector | None:
        return next((rule for rule in self.runner_service.detectors if rule.kind == kind), None)

    def _painful(self) -> list[date]:
        return pain_days(self.runner_service.journal.pain.since(date.min))

    def _shipped(self, kind: str) -> Detector | None:
        return next((rule for rule in self.shipped if rule.kind == kind), None)

    def _triggered(self, filed: RecordingFile, now: datetime) -> tuple[ExplainedAlert, ...]:
        """Alerts about this activity, the most severe first."""
        runner_service, day = (
            self.runner_service,
            self.runner_service.runner.day_of(filed.activity.summary.started_at),
        )
        today = runner_service.runner.day_of(now)
        gate = runner_service.gate(today)
        # a file's own offset from UTC may put a run on the day before
        found = runner_service.alert_store.since(day - timedelta(days=1))
        about = [alert for alert in found if alert.activity_id == filed.activity.id]
        return tuple(
            runner_service.explain(f, today, gate=gate) for f in sorted(about, key=lambda f: -f.level)
        )

    def _read(self, view: RunView, filed: RecordingFile) -> RunView:
        """Decode the original file again, as samples are not stored."""
        try:
            recording = read_recording(self.runner_service.intake.archive.read(filed.sha256))
        except IngestError as error:
            return replace(view, trouble=str(error))
        part = part_started_at(recording, view.summary.started_at)
        if part is None or not len(part.samples):
            return view
        traces = build_traces(part.samples, part.sessions[0])
        return replace(
            view,
            traces=traces,
            track=project_track(part.samples),
            splits=split_run(traces, self.runner_service.runner.units.metres),
        )
