"""What is known of one runner's care at one moment, each part read once and only where it is asked for."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.alert.alert import Alert, is_open
from alerts.care.pain.advice_gate import AdviceGate
from alerts.care.pain.advice_gate_state import current_return_plan
from alerts.care.pain.pain_state import HISTORY_DAYS, painful_places
from alerts.care.plan.long_run_plan import LongRunPlan, build_long_run_plan
from alerts.care.plan.return_to_run import ReturnPlan
from alerts.care.plan.routine_plan import Circumstances, RoutinePlan, plan_routines
from alerts.detectors.single_run import SingleRunSpike
from alerts.evaluation.training_status import is_after_long_break
from alerts.explanation.alert_text import rests_until
from alerts.journal.entries import PainEntry, PlannedRun, RoutineDone, SeenTo
from alerts.service.runner_service import RunnerService
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.table import TrainingDays

SEASON_DAYS = 12 * 7


@dataclass(frozen=True)
class CareContext:
    """One runner at ``now``; every word in it is past the gate."""

    runner_service: RunnerService
    week_start: int
    now: datetime

    @functools.cached_property
    def today(self) -> date:
        """The runner's day."""
        return self.runner_service.runner.day_of(self.now)

    @functools.cached_property
    def gate(self) -> AdviceGate:
        """What may be said."""
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
        """The diary of the season."""
        since = self.today - timedelta(days=max(SEASON_DAYS, HISTORY_DAYS) + 7)
        return self.runner_service.journal.pain.since(since)

    @functools.cached_property
    def done(self) -> Sequence[RoutineDone]:
        """Routines done in the season."""
        return self.runner_service.journal.routines.since(self.today - timedelta(days=SEASON_DAYS + 7))

    @functools.cached_property
    def seen(self) -> Sequence[SeenTo]:
        """Who saw to a red flag."""
        return self.runner_service.journal.seen_to.all()

    @functools.cached_property
    def open_alerts(self) -> Sequence[Alert]:
        """Findings whose advice still runs, gravest first."""
        found = self.runner_service.alert_store.since(self.today - timedelta(days=SEASON_DAYS))
        opened = [alert for alert in found if is_open(alert, self.today)]
        return sorted(opened, key=lambda alert: (alert.level, alert.day), reverse=True)

    @functools.cached_property
    def unmuted_alerts(self) -> Sequence[Alert]:
        """The open ones of which the runner wants to hear; the ladder rests on all of them."""
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
    def back(self) -> ReturnPlan | None:
        """Where the runner stands on the way back; a break is over where a ceiling is named."""
        back = current_return_plan(
            self.runner_service.journal, lambda: self.activities, self.today, self.gate
        )
        return None if back is not None and back.reason == "break" and self.has_ceiling else back

    @functools.cached_property
    def has_ceiling(self) -> bool:
        """Whether the single-run rule has enough runs to name a longest one for today."""
        longest = self.rule.longest_before(self.days.runs, self.today)
        is_enough = longest is not None and longest.is_enough
        return is_enough and not is_after_long_break(self.days, self.runner_service.detectors, self.today)

    @functools.cached_property
    def plan(self) -> RoutinePlan:
        """The routine plan."""
        about = Circumstances(
            self.today,
            self.week_start,
            places=painful_places(self.entries, self.today),
            alerts=self.unmuted_alerts,
            done=self.done,
            was_seen=any(one.day > self.today - timedelta(days=SEASON_DAYS) for one in self.seen),
        )
        return plan_routines(self.runner_service.care, about, self.gate)

    @property
    def holds(self) -> bool:
        """Whether a long run of the last days asks to stay at its length."""
        return any(alert.kind == SingleRunSpike.kind for alert in self.open_alerts)

    @property
    def quiet_until(self) -> date:
        """The last day that an open finding asks to leave free of running."""
        return max(map(rests_until, self.open_alerts), default=date.min)

    @functools.cached_property
    def ladder(self) -> LongRunPlan:
        """The coming two weeks."""
        return build_long_run_plan(
            self.days,
            self.rule,
            gate=self.gate,
            holds=self.holds,
            quiet_until=self.quiet_until,
            planned=self.planned,
            units=self.runner_service.runner.units,
        )
