"""A one-page report for a physiotherapist: twelve weeks in numbers, without a map or advice."""

from __future__ import annotations

import dataclasses
import statistics
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

import numpy as np

from alerts.alert.alert import Alert, Level
from alerts.care.catalogue.catalogue import Routine
from alerts.care.pain.advice_gate import unless_red_flag
from alerts.care.pain.pain_state import by_spot
from alerts.care.pain.red_flag_lock import RedFlagLock
from alerts.care.plan.shoes import ShoeMileage
from alerts.evaluation.training_status import CadenceBand, TrainingStatus
from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainEntry, RoutineDone, SeenTo
from alerts.journal.red_flag import RedFlag
from ingest.training_days.table import TrainingDays

WEEKS = 12

Section = Literal["load", "pain", "notes", "cadence", "shoes", "routines", "alerts", "red_flags"]
SECTIONS: tuple[Section, ...] = get_args(Section)
"""What may be left out, each by its name."""


@dataclass(frozen=True, slots=True)
class PhysioWeek:
    """One week: distance, longest run, run days, hard and cross-training minutes, alerts."""

    first_day: date
    run_m: float
    longest_m: float
    run_days: int
    hard_min: float | None
    cross_min: float
    alerts: tuple[tuple[str, Level], ...]


@dataclass(frozen=True, slots=True)
class SpotPain:
    """Pain reports of one body site; ``weekly`` is the worst score of each week, None without a report."""

    place: BodySite
    side: Side
    reports: int
    worst: int
    middle: float
    last: int
    last_day: date
    weekly: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class SeenAlert:
    """An alert as numbers, without advice."""

    kind: str
    day: date
    level: Level
    observed: float
    expected: float
    unit: str


@dataclass(frozen=True, slots=True)
class PhysioPage:
    """The report; an omitted section is empty or None and listed in ``left_out``.

    While a red flag is open ``routines`` names none; ``routine_days`` says on how many days any was done.
    ``notes`` are the runner's own words, hostile text. ``red_flags`` are questions answered yes with the day,
    ``seen_to`` who saw to them.
    """

    runner_name: str
    first_day: date
    last_day: date
    left_out: tuple[Section, ...]
    weeks: tuple[PhysioWeek, ...] = ()
    pain: tuple[SpotPain, ...] = ()
    notes: tuple[tuple[date, str], ...] = ()
    cadence: CadenceBand | None = None
    shoes: tuple[ShoeMileage, ...] = ()
    routines: tuple[tuple[str, int], ...] = ()
    routine_days: int = 0
    alerts: tuple[SeenAlert, ...] = ()
    red_flags: tuple[tuple[date, str], ...] = ()
    seen_to: tuple[SeenTo, ...] = ()


@dataclass(frozen=True, slots=True)
class PhysioMaterial:
    """The data that the report is made from."""

    runner_name: str
    today: date
    days: TrainingDays
    training_status: TrainingStatus | None
    entries: Sequence[PainEntry]
    seen_to: Sequence[SeenTo]
    done: Sequence[RoutineDone]
    shoes: Sequence[ShoeMileage]
    alerts: Sequence[Alert]
    routines: Mapping[str, Routine]
    red_flags: Sequence[RedFlag]
    week_start: int = 0
    red_flag_lock: RedFlagLock | None = None

    @property
    def first_day(self) -> date:
        """The first day of the twelve weeks."""
        this_week = self.today - timedelta(days=(self.today.weekday() - self.week_start) % 7)
        return this_week - timedelta(weeks=WEEKS - 1)


def physio_page(of: PhysioMaterial, *, leave_out: Collection[Section] = ()) -> PhysioPage:
    """Build the report without the sections that the runner leaves out."""
    entries = [e for e in of.entries if e.withdrawn_at is None and of.first_day <= e.report.day <= of.today]
    questions = {flag.id: flag.question for flag in of.red_flags}
    done = [one for one in of.done if of.first_day <= one.day <= of.today]
    season = [alert for alert in of.alerts if of.first_day <= alert.day <= of.today]
    page = PhysioPage(
        runner_name=of.runner_name,
        first_day=of.first_day,
        last_day=of.today,
        left_out=tuple(section for section in SECTIONS if section in leave_out),
        weeks=tuple(_week(of, of.first_day + timedelta(weeks=week)) for week in range(WEEKS)),
        pain=_spots(entries, of.first_day),
        notes=tuple((e.report.day, e.report.note) for e in entries if e.report.note),
        cadence=of.training_status.cadence if of.training_status else None,
        shoes=tuple(of.shoes),
        routines=unless_red_flag(of.red_flag_lock, lambda: _done(of.routines, done), instead=lambda _: ()),
        routine_days=len({one.day for one in done}),
        alerts=tuple(_seen(alert) for alert in season),
        red_flags=tuple(
            (e.report.day, questions.get(flag, flag)) for e in entries for flag in e.report.flags
        ),
        seen_to=tuple(of.seen_to),
    )
    blanks = [(name, blank) for section in page.left_out for name, blank in _BLANKS[section].items()]
    return dataclasses.replace(page, **dict(blanks))


_BLANKS: Mapping[Section, Mapping[str, Any]] = {
    "load": {"weeks": ()},
    "pain": {"pain": ()},
    "notes": {"notes": ()},
    "cadence": {"cadence": None},
    "shoes": {"shoes": ()},
    "routines": {"routines": (), "routine_days": 0},
    "alerts": {"alerts": ()},
    "red_flags": {"red_flags": (), "seen_to": ()},
}
"""What a section that is left out leaves behind."""


def _seen(alert: Alert) -> SeenAlert:
    return SeenAlert(alert.kind, alert.day, alert.level, alert.observed, alert.expected, alert.unit)


def _done(routines: Mapping[str, Routine], done: Sequence[RoutineDone]) -> tuple[tuple[str, int], ...]:
    """Routines with the number of days they were done, the most frequent first."""
    counts = Counter(one.routine for one in done).most_common()
    return tuple((routines[name].title if name in routines else name, count) for name, count in counts)


def _week(of: PhysioMaterial, first_day: date) -> PhysioWeek:
    last_day = min(first_day + timedelta(days=6), of.today)
    first, last = np.datetime64(first_day, "D"), np.datetime64(last_day, "D")
    days, runs = of.days, of.days.runs
    week = (days.day >= first) & (days.day <= last)
    counted = (runs.day >= first) & (runs.day <= last) & runs.counts_distance & (runs.distance_m > 0)
    hard_min = days.hard_min[week & np.isfinite(days.hard_min)]
    return PhysioWeek(
        first_day,
        float(days.run_m[week].sum()),
        float(runs.distance_m[counted].max(initial=0.0)),
        int((days.run_count[week] > 0).sum()),
        float(hard_min.sum()) if len(hard_min) else None,
        float(days.cross_min[week].sum()),
        tuple((f.kind, f.level) for f in of.alerts if first_day <= f.day <= last_day),
    )


def _spots(entries: Sequence[PainEntry], first_day: date) -> tuple[SpotPain, ...]:
    spots = [
        _spot(place, side, told, first_day)
        for (place, side), told in by_spot(entries).items()
        if any(entry.report.worst for entry in told)
    ]
    return tuple(sorted(spots, key=lambda spot: (-spot.worst, -spot.reports, spot.place, spot.side)))


def _spot(place: BodySite, side: Side, told: Sequence[PainEntry], first_day: date) -> SpotPain:
    worst = [entry.report.worst for entry in told]
    weekly: list[int | None] = [None] * WEEKS
    for entry in told:
        week = (entry.report.day - first_day).days // 7
        weekly[week] = max(weekly[week] or 0, entry.report.worst)
    return SpotPain(
        place,
        side,
        len(told),
        max(worst),
        statistics.median(worst),
        worst[-1],
        told[-1].report.day,
        tuple(weekly),
    )
