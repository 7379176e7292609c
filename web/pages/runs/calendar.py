"""The calendar: a month day by day, with what was run, what a rule saw, what hurt and what was done."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, abort, render_template

from alerts.care.explained_alert import ExplainedAlert
from alerts.text import units as words
from alerts.text.i18n import gettext, ngettext
from alerts.text.units import Units
from alerts.views.month import Month, MonthDay, Outing, month_before, next_month
from web.http.formatting import STATES, StateBadge, duration, sport_name
from web.http.ports import DashboardSource

FIRST_YEAR = 1990
"""The oldest year that the quality gate takes for a date."""


@dataclass(frozen=True, slots=True)
class CalendarActivity:
    """One activity in its day."""

    activity_id: int
    text: str
    is_run: bool


@dataclass(frozen=True, slots=True)
class CalendarAlert:
    """A finding in its day."""

    key: str
    state: StateBadge
    title: str


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day in words; what does not apply is empty. ``phase`` is outside, future, today or past."""

    number: str
    name: str
    short: str
    iso: str
    phase: str
    is_rest: bool
    outings: tuple[CalendarActivity, ...]
    marks: tuple[CalendarAlert, ...]
    pain: str
    routine: str


@dataclass(frozen=True, slots=True)
class NeighbourMonth:
    """Another month: its name in an address, and for people."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """A month in words; a neighbour is None where there is nothing in it."""

    title: str
    sentence: str
    note: str
    weekdays: tuple[str, ...]
    cells: tuple[DayCell, ...]
    before: NeighbourMonth | None
    after: NeighbourMonth | None


def calendar_page(month: Month) -> CalendarPage:
    """Put a month into words."""
    after, before = next_month(month.first), month_before(month.first)
    has_older = month.first_activity is not None and before >= month.first_activity.replace(day=1)
    return CalendarPage(
        title=_neighbour(month.first).title,
        sentence=_sentence(month),
        note=_note(month),
        weekdays=tuple(words.weekday(cell.day) for cell in month.weeks[0]),
        cells=tuple(_cell(day, month) for week in month.weeks for day in week),
        before=_neighbour(before) if has_older else None,
        after=_neighbour(after) if after <= month.today else None,
    )


def _neighbour(first: date) -> NeighbourMonth:
    return NeighbourMonth(f"{first:%Y-%m}", words.month_of_year(first))


def _sentence(month: Month) -> str:
    runs = [o for day in month.days for o in day.outings if o.sport == "running"]
    if not runs:
        return gettext("No runs this month.") if month.today >= month.first else gettext("Upcoming.")
    ran = words.distance(sum(outing.distance_m or 0.0 for outing in runs), month.units)
    return ngettext("{ran} in {n}\xa0run.", "{ran} in {n}\xa0runs.", len(runs), ran=ran)


def _note(month: Month) -> str:
    over = [day for day in month.days if day.day <= month.today]
    rest = sum(1 for day in over if _is_rest(day, month.today))
    painful = sum(1 for day in over if day.pain)
    parts = [ngettext("{n}\xa0rest day", "{n}\xa0rest days", rest)] if over else []
    if painful:
        parts.append(ngettext("{n}\xa0day with pain", "{n}\xa0days with pain", painful))
    return f"{', '.join(parts)}." if parts else ""


def _is_rest(day: MonthDay, today: date) -> bool:
    """Whether the day went by without a run; today is not over."""
    return day.day < today and not any(outing.sport == "running" for outing in day.outings)


def _cell(day: MonthDay, month: Month) -> DayCell:
    phase = "past"
    if day.day.month != month.first.month:
        phase, day = "outside", MonthDay(day.day)
    elif day.day >= month.today:
        phase = "today" if day.day == month.today else "future"
    return DayCell(
        number=str(day.day.day),
        name=f"{words.weekday(day.day)} {words.plain_date(day.day)}",
        short=words.short_date(day.day),
        iso=day.day.isoformat(),
        phase=phase,
        is_rest=phase == "past" and not day.outings,
        outings=tuple(_outing(outing, month.units) for outing in day.outings),
        marks=tuple(_mark(explained) for explained in day.alerts),
        pain=_pain(day.pain),
        routine=ngettext("Routine done", "Routines done", day.routines) if day.routines else "",
    )


def _pain(score: int | None) -> str:
    if score is None:
        return ""
    return gettext("Pain {score} of 10", score=score) if score else gettext("No pain")


def _outing(outing: Outing, units: Units) -> CalendarActivity:
    far = duration(outing.timer_s) if not outing.distance_m else words.distance(outing.distance_m, units)
    return CalendarActivity(
        outing.activity_id, f"{sport_name(outing.sport)} {far}", outing.sport == "running"
    )


def _mark(explained: ExplainedAlert) -> CalendarAlert:
    return CalendarAlert(explained.alert.key, STATES[explained.alert.level], explained.alert_text.title)


def calendar_blueprint(source: DashboardSource, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the current month, and any other by its name."""
    blueprint = Blueprint("calendar", __name__)

    def page(first: date | None) -> str:
        shown = calendar_page(source.history_views.month(first, clock()))
        return render_template("calendar.html", shown=shown)

    @blueprint.get("/calendar")
    def current() -> str:
        return page(None)

    @blueprint.get("/calendar/<name>")
    def month(name: str) -> str:
        found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", name, re.ASCII)
        if found is None or not FIRST_YEAR <= int(found[1]) <= clock().year + 1:
            abort(404)
        return page(date(int(found[1]), int(found[2]), 1))

    return blueprint
