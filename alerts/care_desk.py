"""The care desk: pain, routines, rest and the way back of one runner, for pages, scripts and the calendar."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.beside import Beside, beside
from alerts.calendar_feed import Coming, events, write_calendar
from alerts.care.catalogue import Routine
from alerts.dashboard import is_open
from alerts.detectors.single_run import SingleRunSpike
from alerts.findings import Finding
from alerts.journal.entries import PainEntry, PainReport, PlannedRun, RoutineDone
from alerts.journal.journal import Journal
from alerts.ladder import Ladder, climb
from alerts.pain import HISTORY_DAYS, PainState, painful_places
from alerts.physio import PhysioMaterial, PhysioPage, Section, physio_page
from alerts.plan import Circumstances, RoutinePlan, plan_routines
from alerts.plan_check import PlanCheck, check
from alerts.redflags import Silence
from alerts.returning import Outings, ReturnLadder, come_back
from alerts.shoes import ShoeStanding, assign, shoe_standings
from alerts.standing import stand
from alerts.swap import Swap, swap
from alerts.voice import Voice, speak
from alerts.watch import Watch
from ingest.daily import StoredActivity, TrainingDays

SEASON_DAYS = 12 * 7
WALK_SPORTS = frozenset({"walking", "hiking"})
WALK_LEAST_S = 25 * 60
"""A walk this long counts as the half-hour walk of the way back; watches are stopped early. [s]"""

USUAL_RUNS = 10
"""So many of the last runs say how long a run usually takes."""


@dataclass(frozen=True, slots=True)
class CarePage:
    """Everything that the care page says at one moment, all of it past the gate.

    ``entries`` are the reports of the last 14 days, latest first; ``mornings`` those of yesterday whose next
    morning is still to be told.
    """

    today: date
    silence: Silence | None
    pain: PainState
    entries: tuple[PainEntry, ...]
    mornings: tuple[PainEntry, ...]
    plan: RoutinePlan
    back: ReturnLadder | None
    ladder: Ladder
    swap: Swap | None
    checks: tuple[PlanCheck, ...]
    beside: tuple[Beside, ...]


@dataclass(frozen=True)
class _Moment:
    """What is known at one moment, each part read once and only where it is asked for."""

    watch: Watch
    week_start: int
    now: datetime

    @functools.cached_property
    def today(self) -> date:
        return self.watch.runner.day_of(self.now)

    @functools.cached_property
    def voice(self) -> Voice:
        return self.watch.voice(self.today)

    @functools.cached_property
    def days(self) -> TrainingDays:
        return self.watch.training_days(self.now)

    @functools.cached_property
    def activities(self) -> Sequence[tuple[date, StoredActivity]]:
        return self.watch.dated_activities()

    @functools.cached_property
    def entries(self) -> Sequence[PainEntry]:
        since = self.today - timedelta(days=max(SEASON_DAYS, HISTORY_DAYS) + 7)
        return self.watch.journal.pain.since(since)

    @functools.cached_property
    def done(self) -> Sequence[RoutineDone]:
        return self.watch.journal.routines.since(self.today - timedelta(days=SEASON_DAYS + 7))

    @functools.cached_property
    def open_findings(self) -> Sequence[Finding]:
        found = self.watch.register.since(self.today - timedelta(days=SEASON_DAYS))
        opened = [finding for finding in found if is_open(finding, self.today)]
        return sorted(opened, key=lambda finding: (finding.level, finding.day), reverse=True)

    @functools.cached_property
    def planned(self) -> Sequence[PlannedRun]:
        return self.watch.journal.planned.since(self.today)

    @property
    def rule(self) -> SingleRunSpike:
        return next(rule for rule in self.watch.detectors if isinstance(rule, SingleRunSpike))

    @functools.cached_property
    def back(self) -> ReturnLadder | None:
        return come_back(_outings(self), self.entries, today=self.today, voice=self.voice)

    @functools.cached_property
    def plan(self) -> RoutinePlan:
        about = Circumstances(
            self.today,
            self.week_start,
            places=painful_places(self.entries, self.today),
            findings=self.open_findings,
            done=self.done,
            was_seen=bool(self.watch.journal.seen_to.all()),
        )
        return plan_routines(self.watch.care, about, self.voice)

    @functools.cached_property
    def ladder(self) -> Ladder:
        return climb(
            self.days,
            self.rule,
            voice=self.voice,
            holds=any(finding.kind == SingleRunSpike.kind for finding in self.open_findings),
            planned=self.planned,
            units=self.watch.runner.units,
        )


@dataclass(frozen=True, slots=True)
class CareDesk:
    """One runner's care, put together from journal and history; every word of it passes ``alerts.voice``."""

    watch: Watch
    week_start: int = 0

    @property
    def journal(self) -> Journal:
        """What the runner told."""
        return self.watch.journal

    def page(self, now: datetime) -> CarePage:
        """Gather what the care page says."""
        at = _Moment(self.watch, self.week_start, now)
        recent = [e for e in at.entries if e.report.day > at.today - timedelta(days=14)]
        yesterday = at.today - timedelta(days=1)
        return CarePage(
            at.today,
            at.voice.silence,
            at.voice.pain,
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
        """Enter a report with the run before it; every red flag of the catalogue must have its answer.

        Raises
        ------
        JournalError
            If a question was not answered.
        """
        days = {report.day, report.day - timedelta(days=1)}
        before = [a.id for day, a in self.watch.dated_activities() if a.summary.is_run and day in days]
        return self.journal.pain.report(
            report,
            asked=self.watch.care.red_flags,
            now=now,
            activity_id=before[-1] if before else None,
        )

    def routine_plan(self, now: datetime) -> RoutinePlan:
        """What to do in these days."""
        return _Moment(self.watch, self.week_start, now).plan

    def routines(self, now: datetime) -> tuple[Routine, ...]:
        """The whole catalogue; while a red flag is open, the way to a professional alone."""
        voice = self.watch.voice(self.watch.runner.day_of(now))
        return speak(
            voice.silence,
            lambda: tuple(self.watch.care.routines.values()),
            instead=lambda silence: (silence.professional,),
        )

    def check(self, planned: PlannedRun, now: datetime) -> PlanCheck:
        """Look at a run before it is run, planned or only thought of."""
        return _check(_Moment(self.watch, self.week_start, now), planned)

    def shoes(self) -> tuple[ShoeStanding, ...]:
        """How far every pair went."""
        runs, rack = self.watch.shod_runs(), self.journal.shoes
        pairs = rack.all()
        assigned = assign(runs, pairs, rack.chosen())
        return shoe_standings(runs, pairs, assigned, units=self.watch.runner.units)

    def calendar(self, token: str, now: datetime) -> str | None:
        """The feed behind a secret address; None where the address opens nothing."""
        shows = self.journal.calendar.opens(token)
        if shows is None:
            return None
        at = _Moment(self.watch, self.week_start, now)
        coming = Coming(at.today, at.ladder, at.back, at.plan)
        listed = events(coming, shows=shows, voice=at.voice, units=self.watch.runner.units)
        return write_calendar(listed, name="Hipwatch", runner_id=self.watch.runner.id, now=now)

    def physio(self, now: datetime, *, leave_out: Collection[Section] = ()) -> PhysioPage:
        """Twelve weeks on one page."""
        at = _Moment(self.watch, self.week_start, now)
        material = PhysioMaterial(
            self.watch.runner.name,
            at.today,
            at.days,
            stand(at.days, self.watch.detectors, week_start=self.week_start),
            at.entries,
            self.journal.seen_to.all(),
            at.done,
            self.shoes(),
            self.watch.register.since(at.today - timedelta(days=SEASON_DAYS + 7)),
            self.watch.care.routines,
            self.watch.care.red_flags,
            self.week_start,
        )
        return physio_page(material, leave_out=leave_out)


def _outings(at: _Moment) -> Outings:
    runs = [(day, a.summary.distance_m or 0.0) for day, a in at.activities if a.summary.is_run]
    walks = [
        day
        for day, a in at.activities
        if a.summary.sport in WALK_SPORTS and a.summary.timer_s >= WALK_LEAST_S
    ]
    return Outings(runs, walks, [one.day for one in at.done if one.routine == "RTR-WALKRUN"])


def _swap(at: _Moment) -> Swap | None:
    """The usual run of the last ones, exchanged; None where there is none."""
    took = [a.summary.timer_s for _, a in at.activities if a.summary.is_run and a.summary.timer_s > 0]
    lately = sorted(took[-USUAL_RUNS:])
    return swap(lately[len(lately) // 2] / 60, at.voice) if lately else None


def _check(at: _Moment, planned: PlannedRun) -> PlanCheck:
    before = [one for one in at.planned if one.day < planned.day]
    units = at.watch.runner.units
    return check(planned, at.days, at.rule, voice=at.voice, before=before, units=units)


def _beside(at: _Moment) -> tuple[Beside, ...]:
    return speak(
        at.voice.silence,
        lambda: beside(at.entries, at.done, at.watch.care.routines, at.today),
        instead=lambda _: (),
    )
