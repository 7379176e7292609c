"""Pain, routines, rest and the return to running of one runner, for pages, scripts and the calendar."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.care.catalogue.catalogue import Routine
from alerts.care.pain.advice_gate import unless_red_flag
from alerts.care.pain.advice_gate_state import current_red_flag_lock
from alerts.care.pain.pain_state import PainState
from alerts.care.pain.red_flag_lock import RedFlagLock
from alerts.care.pain.routine_effect import RoutineEffect, find_routine_effects
from alerts.care.plan.calendar_feed import Coming, events, write_calendar
from alerts.care.plan.cross_training import CrossTraining, exchange_run
from alerts.care.plan.long_run_plan import LongRunPlan
from alerts.care.plan.planned_run_check import PlanCheck, check
from alerts.care.plan.return_to_run import ReturnPlan
from alerts.care.plan.routine_plan import RoutinePlan
from alerts.care.plan.shoes import ShoeMileage, assign, shoe_mileages
from alerts.errors import JournalError
from alerts.evaluation.training_status import compute_training_status
from alerts.journal.entries import PainEntry, PainReport, PlannedRun
from alerts.journal.journal import Journal
from alerts.service.care_context import SEASON_DAYS, CareContext
from alerts.service.physio_report import PhysioMaterial, PhysioPage, Section, physio_page
from alerts.service.runner_service import RunnerService
from alerts.text.i18n import use_language

USUAL_RUNS = 10
"""So many of the last runs say how long a run usually takes."""


@dataclass(frozen=True, slots=True)
class CarePage:
    """Everything on the care page, filtered by the advice gate.

    ``entries`` are the reports of the last 14 days, latest first; ``mornings`` those of yesterday whose next
    morning is still to be told.
    """

    today: date
    red_flag_lock: RedFlagLock | None
    pain: PainState
    entries: tuple[PainEntry, ...]
    mornings: tuple[PainEntry, ...]
    plan: RoutinePlan
    back: ReturnPlan | None
    ladder: LongRunPlan
    cross_training: CrossTraining | None
    checks: tuple[PlanCheck, ...]
    routine_effect: tuple[RoutineEffect, ...]


@dataclass(frozen=True, slots=True)
class CareService:
    """One runner's care, from journal and history; all advice passes ``alerts.care.pain.advice_gate``."""

    runner_service: RunnerService

    @property
    def week_start(self) -> int:
        """The weekday on which the runner's weeks begin, Monday as 0."""
        return self.runner_service.runner.week_start

    @property
    def journal(self) -> Journal:
        """The runner's journal."""
        return self.runner_service.journal

    def page(self, now: datetime) -> CarePage:
        """Collect what the care page shows."""
        at = CareContext(self.runner_service, self.week_start, now)
        recent = [e for e in at.entries if e.report.day > at.today - timedelta(days=14)]
        yesterday = at.today - timedelta(days=1)
        return CarePage(
            at.today,
            at.gate.red_flag_lock,
            at.gate.pain,
            tuple(reversed(recent)),
            tuple(e for e in recent if e.report.day == yesterday and e.report.next_morning is None),
            at.plan,
            at.back,
            at.ladder,
            _swap(at),
            tuple(_check(at, planned) for planned in at.planned),
            _beside(at),
        )

    def report_pain(self, report: PainReport, now: datetime) -> PainEntry:
        """Store a pain report with the run before it; every red-flag question must be answered.

        Raises
        ------
        JournalError
            If a question was not answered, or the day is still to come.
        """
        if report.day > self.runner_service.runner.day_of(now):
            raise JournalError(f"{report.day} is still to come; tell of pain once it was felt")
        days = {report.day, report.day - timedelta(days=1)}
        before = [a.id for day, a in self.runner_service.history.dated() if a.summary.is_run and day in days]
        return self.journal.pain.report(
            report,
            asked=self.runner_service.care.red_flags,
            now=now,
            activity_id=before[-1] if before else None,
        )

    def routine_plan(self, now: datetime) -> RoutinePlan:
        """The routines for these days."""
        return CareContext(self.runner_service, self.week_start, now).plan

    def red_flag_lock(self) -> RedFlagLock | None:
        """The red-flag lock, or None if no red flag is open."""
        return current_red_flag_lock(self.journal, self.runner_service.care)

    def routines(self) -> tuple[Routine, ...]:
        """The whole catalogue; while a red flag is open, only the referral to a professional."""
        return unless_red_flag(
            self.red_flag_lock(),
            lambda: tuple(self.runner_service.care.routines.values()),
            instead=lambda red_flag_lock: (red_flag_lock.professional,),
        )

    def check(self, planned: PlannedRun, now: datetime) -> PlanCheck:
        """Check a run before it is run, planned or hypothetical."""
        return _check(CareContext(self.runner_service, self.week_start, now), planned)

    def shoes(self) -> tuple[ShoeMileage, ...]:
        """The distance on every pair."""
        runs, rack = self.runner_service.history.shod_runs(), self.journal.shoes
        pairs = rack.all()
        assigned = assign(runs, pairs, rack.chosen())
        return shoe_mileages(runs, pairs, assigned, units=self.runner_service.runner.units)

    def calendar(self, token: str, now: datetime) -> str | None:
        """The calendar feed behind a secret address; None if the address is not valid."""
        shows = self.journal.calendar.opens(token)
        if shows is None:
            return None
        with use_language(
            self.runner_service.runner.language
        ):  # a calendar's own language is not its runner's
            at = CareContext(self.runner_service, self.week_start, now)
            coming = Coming(at.today, at.ladder, at.back, at.plan)
            listed = events(coming, shows=shows, gate=at.gate, units=self.runner_service.runner.units)
        return write_calendar(listed, name="Hipwatch", runner_id=self.runner_service.runner.id, now=now)

    def physio(self, now: datetime, *, leave_out: Collection[Section] = ()) -> PhysioPage:
        """The twelve-week report for a physiotherapist."""
        at = CareContext(self.runner_service, self.week_start, now)
        material = PhysioMaterial(
            self.runner_service.runner.own_name,
            at.today,
            at.days,
            compute_training_status(at.days, self.runner_service.detectors, week_start=self.week_start),
            at.entries,
            self.journal.seen_to.all(),
            at.done,
            self.shoes(),
            self.runner_service.alert_store.since(at.today - timedelta(days=SEASON_DAYS + 7)),
            self.runner_service.care.routines,
            self.runner_service.care.red_flags,
            self.week_start,
            at.gate.red_flag_lock,
        )
        return physio_page(material, leave_out=leave_out)


def _swap(at: CareContext) -> CrossTraining | None:
    """The usual run of the last ones, exchanged; None where there is none."""
    took = [a.summary.timer_s for _, a in at.activities if a.summary.is_run and a.summary.timer_s > 0]
    lately = sorted(took[-USUAL_RUNS:])
    return exchange_run(lately[len(lately) // 2] / 60, at.gate) if lately else None


def _check(at: CareContext, planned: PlannedRun) -> PlanCheck:
    before = [one for one in at.planned if one.day < planned.day]
    advice = at.advice
    return check(planned, advice.about, at.rule, gate=at.gate, back=advice.next_step, before=before)


def _beside(at: CareContext) -> tuple[RoutineEffect, ...]:
    return unless_red_flag(
        at.gate.red_flag_lock,
        lambda: find_routine_effects(at.entries, at.done, at.runner_service.care.routines, at.today),
        instead=lambda _: (),
    )
