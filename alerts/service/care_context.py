"""What is known of one runner's care at one moment, each part read once and only where it is asked for."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.alert.alert import Finding, is_open
from alerts.care.pain.advice_gate import Voice
from alerts.care.pain.advice_gate_state import way_back
from alerts.care.pain.pain_state import HISTORY_DAYS, painful_places
from alerts.care.plan.long_run_plan import Ladder, climb
from alerts.care.plan.return_to_run import ReturnLadder
from alerts.care.plan.routine_plan import Circumstances, RoutinePlan, plan_routines
from alerts.detectors.single_run import SingleRunSpike
from alerts.evaluation.training_status import is_after_long_break
from alerts.explanation.alert_text import rests_until
from alerts.journal.entries import PainEntry, PlannedRun, RoutineDone, SeenTo
from alerts.service.runner_service import Watch
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.table import TrainingDays

SEASON_DAYS = 12 * 7


@dataclass(frozen=True)
class Moment:
    """One runner at ``now``; every word in it is past the gate."""

    watch: Watch
    week_start: int
    now: datetime

    @functools.cached_property
    def today(self) -> date:
        """The runner's day."""
        return self.watch.runner.day_of(self.now)

    @functools.cached_property
    def voice(self) -> Voice:
        """What may be said."""
        return self.watch.voice(self.today)

    @functools.cached_property
    def days(self) -> TrainingDays:
        """The history."""
        return self.watch.history.days(self.now)

    @functools.cached_property
    def activities(self) -> Sequence[tuple[date, StoredActivity]]:
        """Every activity with its local day."""
        return self.watch.history.dated()

    @functools.cached_property
    def entries(self) -> Sequence[PainEntry]:
        """The diary of the season."""
        since = self.today - timedelta(days=max(SEASON_DAYS, HISTORY_DAYS) + 7)
        return self.watch.journal.pain.since(since)

    @functools.cached_property
    def done(self) -> Sequence[RoutineDone]:
        """Routines done in the season."""
        return self.watch.journal.routines.since(self.today - timedelta(days=SEASON_DAYS + 7))

    @functools.cached_property
    def seen(self) -> Sequence[SeenTo]:
        """Who saw to a red flag."""
        return self.watch.journal.seen_to.all()

    @functools.cached_property
    def open_findings(self) -> Sequence[Finding]:
        """Findings whose advice still runs, gravest first."""
        found = self.watch.register.since(self.today - timedelta(days=SEASON_DAYS))
        opened = [finding for finding in found if is_open(finding, self.today)]
        return sorted(opened, key=lambda finding: (finding.level, finding.day), reverse=True)

    @functools.cached_property
    def heard_findings(self) -> Sequence[Finding]:
        """The open ones of which the runner wants to hear; the ladder rests on all of them."""
        quiet = self.watch.answers.snoozed(self.now)
        return [finding for finding in self.open_findings if finding.kind not in quiet]

    @functools.cached_property
    def planned(self) -> Sequence[PlannedRun]:
        """Runs and races to come."""
        return self.watch.journal.planned.since(self.today)

    @property
    def rule(self) -> SingleRunSpike:
        """The single-run rule in force."""
        return next(rule for rule in self.watch.detectors if isinstance(rule, SingleRunSpike))

    @functools.cached_property
    def back(self) -> ReturnLadder | None:
        """Where the runner stands on the way back; a break is over where a ceiling is named."""
        back = way_back(self.watch.journal, lambda: self.activities, self.today, self.voice)
        return None if back is not None and back.reason == "break" and self.has_ceiling else back

    @functools.cached_property
    def has_ceiling(self) -> bool:
        """Whether the single-run rule has enough runs to name a longest one for today."""
        longest = self.rule.longest_before(self.days.runs, self.today)
        is_enough = longest is not None and longest.is_enough
        return is_enough and not is_after_long_break(self.days, self.watch.detectors, self.today)

    @functools.cached_property
    def plan(self) -> RoutinePlan:
        """The routine plan."""
        about = Circumstances(
            self.today,
            self.week_start,
            places=painful_places(self.entries, self.today),
            findings=self.heard_findings,
            done=self.done,
            was_seen=any(one.day > self.today - timedelta(days=SEASON_DAYS) for one in self.seen),
        )
        return plan_routines(self.watch.care, about, self.voice)

    @property
    def holds(self) -> bool:
        """Whether a long run of the last days asks to stay at its length."""
        return any(finding.kind == SingleRunSpike.kind for finding in self.open_findings)

    @property
    def quiet_until(self) -> date:
        """The last day that an open finding asks to leave free of running."""
        return max(map(rests_until, self.open_findings), default=date.min)

    @functools.cached_property
    def ladder(self) -> Ladder:
        """The coming two weeks."""
        return climb(
            self.days,
            self.rule,
            voice=self.voice,
            holds=self.holds,
            quiet_until=self.quiet_until,
            planned=self.planned,
            units=self.watch.runner.units,
        )
