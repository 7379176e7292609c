"""One month day by day: activities, alerts, pain, routines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alerts.care.explained_alert import ExplainedAlert
from alerts.journal.entries import PainEntry, RoutineDone
from alerts.text.units import METRIC, Units
from ingest.storage.stored_activity import StoredActivity


@dataclass(frozen=True, slots=True)
class Outing:
    """One activity of a day."""

    activity_id: int
    sport: str
    distance_m: float | None
    timer_s: float


@dataclass(frozen=True, slots=True)
class MonthDay:
    """One day; ``pain`` is the worst score reported, ``routines`` how many were done."""

    day: date
    outings: tuple[Outing, ...] = ()
    alerts: tuple[ExplainedAlert, ...] = ()
    pain: int | None = None
    routines: int = 0


@dataclass(frozen=True, slots=True)
class Material:
    """The data of the days of a month."""

    activities: Sequence[tuple[date, StoredActivity]] = ()
    alerts: Sequence[ExplainedAlert] = ()
    pain: Sequence[PainEntry] = ()
    done: Sequence[RoutineDone] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month in whole weeks; the first and last may include days of its neighbours.

    ``first_activity`` is the day of the oldest activity of all, None without any.
    """

    first: date
    today: date
    weeks: tuple[tuple[MonthDay, ...], ...]
    units: Units = METRIC
    first_activity: date | None = None

    @property
    def days(self) -> tuple[MonthDay, ...]:
        """The days of the month itself."""
        return tuple(day for week in self.weeks for day in week if day.day.month == self.first.month)


def build_month(
    first: date, material: Material, *, today: date, week_start: int = 0, units: Units = METRIC
) -> Month:
    """Build the month that begins on ``first``."""
    begin, stop = grid(first, week_start)
    days = [begin + timedelta(days=i) for i in range((stop - begin).days)]
    outings: defaultdict[date, list[Outing]] = defaultdict(list)
    alerts: defaultdict[date, list[ExplainedAlert]] = defaultdict(list)
    for day, activity in material.activities:
        outings[day].append(_outing(activity))
    for explained in material.alerts:
        alerts[explained.alert.day].append(explained)
    pain = _worst_by_day(material.pain)
    done = [one.day for one in material.done]
    cells = [
        MonthDay(
            day,
            tuple(outings[day]),
            tuple(sorted(alerts[day], key=lambda e: -e.alert.level)),
            pain.get(day),
            done.count(day),
        )
        for day in days
    ]
    return Month(
        first,
        today,
        tuple(tuple(cells[i : i + 7]) for i in range(0, len(cells), 7)),
        units,
        min((day for day, _ in material.activities), default=None),
    )


def grid(first: date, week_start: int) -> tuple[date, date]:
    """First day shown of the month that begins on ``first``, and the day after the last."""
    following = next_month(first)
    begin = first - timedelta(days=(first.weekday() - week_start) % 7)
    return begin, following + timedelta(days=(week_start - following.weekday()) % 7)


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=31)).replace(day=1)


def month_before(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def _outing(activity: StoredActivity) -> Outing:
    summary = activity.summary
    return Outing(activity.id, summary.sport, summary.distance_m, summary.timer_s)


def _worst_by_day(entries: Iterable[PainEntry]) -> dict[date, int]:
    worst: dict[date, int] = {}
    for entry in entries:
        worst[entry.report.day] = max(worst.get(entry.report.day, 0), entry.report.worst)
    return worst
