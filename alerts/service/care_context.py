"""Everything known about one runner's care at one moment; each part is loaded once, on first use."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.alert.alert import Alert
from alerts.care.pain.advice_gate import AdviceGate
from alerts.care.pain.pain_state import HISTORY_DAYS, painful_places
from alerts.care.plan.long_run_plan import LongRunPlan
from alerts.care.plan.return_to_run import ReturnPlan
from alerts.care.plan.routine_plan import RoutineCircumstances, RoutinePlan, plan_routines
from alerts.detectors.single_run import SingleRunSpike
from alerts.journal.entries import PainEntry, PlannedRun, RoutineDone, SeenTo
from alerts.service.advice import RunningAdvice
from alerts.service.runner_service import RunnerService
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.table import TrainingDays

SEASON_DAYS = 12 * 7


@dataclass(frozen=True)
class CareContext:
    """One runner's care data at ``now``, filtered by the advice gate."""

    runner_service: RunnerService
    week_start: int
    now: datetime

    @functools.cached_property
    def today(self) -> date:
        """The runner's day."""
        return self.runner_service.runner.day_of(self.now)

    @functools.cached_property
    def gate(self) -> AdviceGate:
        """The advice gate for today."""
        return self.runner_service.gate(self.today)

    @functools.cached_property
    def days(self) -> TrainingDays:
        """The history."""
        return self.runner_service.history.days(self.now)

    @functools.cached_property
    def activities(self) -> Sequence[tuple[date, StoredActivity]]:
        """Every activity with its local day."""
        return self.runner_service.history.dated()

    @functools.cached_property
    def entries(self) -> Sequence[PainEntry]:
        """Pain diary entries of the last twelve weeks."""
        since = self.today - timedelta(days=max(SEASON_DAYS, HISTORY_DAYS) + 7)
        return self.runner_service.journal.pain.since(since)

    @functools.cached_property
    def done(self) -> Sequence[RoutineDone]:
        """Routines done in the last twelve weeks."""
        return self.runner_service.journal.routines.since(self.today - timedelta(days=SEASON_DAYS + 7))

    @functools.cached_property
    def seen(self) -> Sequence[SeenTo]:
        """Who examined a red flag."""
        return self.runner_service.journal.seen_to.all()

    @functools.cached_property
    def open_alerts(self) -> Sequence[Alert]:
        """Alerts whose advice still applies, the most severe first."""
        return self.runner_service.running_advice.open_alerts(self.today)

    @functools.cached_property
    def unmuted_alerts(self) -> Sequence[Alert]:
        """Open alerts of rules that are not snoozed; the long-run plan uses all of them."""
        quiet = self.runner_service.answers.snoozed(self.now)
        return [alert for alert in self.open_alerts if alert.kind not in quiet]

    @functools.cached_property
    def planned(self) -> Sequence[PlannedRun]:
        """Runs and races to come."""
        return self.runner_service.journal.planned.since(self.today)

    @property
    def rule(self) -> SingleRunSpike:
        """The single-run rule in force."""
        return next(rule for rule in self.runner_service.detectors if isinstance(rule, SingleRunSpike))

    @functools.cached_property
    def advice(self) -> RunningAdvice:
        """What may be run."""
        return self.runner_service.running_advice.advice(self.now)

    @property
    def back(self) -> ReturnPlan | None:
        """Where the runner stands on the return to running."""
        return self.advice.back

    @functools.cached_property
    def plan(self) -> RoutinePlan:
        """The routine plan."""
        about = RoutineCircumstances(
            self.today,
            self.week_start,
            places=painful_places(self.entries, self.today),
            alerts=self.unmuted_alerts,
            done=self.done,
            was_seen=any(one.day > self.today - timedelta(days=SEASON_DAYS) for one in self.seen),
        )
        return plan_routines(self.runner_service.care, about, self.gate)

    @functools.cached_property
    def ladder(self) -> LongRunPlan:
        """The coming two weeks."""
        return self.advice.plan
