"""The calendar feed: the coming days as all-day events of RFC 5545.

Written by hand: all-day events need five properties, and what can go wrong (escaping, folding, line ends) is
forty lines that are tested against the standard. Others may look over a shoulder at a calendar, so it shows
no more than the runner chose.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from alerts.care.pain.advice_gate import AdviceGate, unless_red_flag
from alerts.care.plan.long_run_plan import LongRunPlan
from alerts.care.plan.return_to_run import ReturnPlan
from alerts.care.plan.routine_plan import RoutinePlan
from alerts.journal.calendar_urls import CalendarShows
from alerts.journal.entries import PlannedRun, RunKind
from alerts.text.i18n import gettext, gettext_noop
from alerts.text.units import METRIC, Units, distance

LINE_OCTETS = 75
NEUTRAL = gettext_noop("Open Hipwatch")
"""Says that there is something to read, and nothing of what."""

RUNS = {
    "easy": gettext_noop("Easy run"),
    "long": gettext_noop("Long run"),
    "walk-run": gettext_noop("Walk and run"),
}
PLANNED = {
    RunKind.RUN: gettext_noop("Planned run"),
    RunKind.LONG: gettext_noop("Planned long"),
    RunKind.RACE: gettext_noop("Planned race"),
}


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One all-day event; ``kind`` and ``day`` make its lasting name."""

    kind: str
    day: date
    summary: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Coming:
    """What the feed is made of: the two-week ladder, the way back where there is one, the routine plan."""

    today: date
    ladder: LongRunPlan
    back: ReturnPlan | None
    routines: RoutinePlan


def events(
    coming: Coming, *, shows: CalendarShows, gate: AdviceGate, units: Units = METRIC
) -> list[CalendarEvent]:
    """Choose what the calendar says; while a red flag is open, one event without a word about running."""
    return unless_red_flag(
        gate.red_flag_lock,
        lambda: (
            list(_events(coming, shows, units))
            if gate.may_run
            else [_look(coming.today, gettext("Pain"), gate.pain.act, shows)]
        ),
        instead=lambda red_flag_lock: [
            _look(coming.today, red_flag_lock.professional.title, red_flag_lock.act, shows)
        ],
    )


def write_calendar(listed: Iterable[CalendarEvent], *, name: str, runner_id: int, now: datetime) -> str:
    """Write events as an iCalendar object (RFC 5545), with CRLF line ends and lines of 75 octets at most.

    ``now`` is the aware time at which it is made. An event keeps its UID as long as its kind and day stay.
    """
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Hipwatch//Hipwatch//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for event in listed:
        lines += _event_lines(event, runner_id=runner_id, stamp=stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """Text as a value of RFC 5545, 3.3.11: backslash, semicolon, comma and line ends escaped."""
    plain = "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or unicodedata.category(c)[0] != "C")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """A content line folded to 75 octets (RFC 5545, 3.1), never inside a character."""
    pieces, octets = [""], 0
    for character in line:
        size = len(character.encode())
        if octets + size > LINE_OCTETS:
            pieces.append("")
            octets = 1  # the space that opens a continuation
        pieces[-1] += character
        octets += size
    return "\r\n ".join(pieces)


def _event_lines(event: CalendarEvent, *, runner_id: int, stamp: str) -> list[str]:
    name = hashlib.sha256(f"{runner_id}/{event.kind}/{event.day.isoformat()}".encode()).hexdigest()[:32]
    lines = [
        "BEGIN:VEVENT",
        f"UID:{name}@hipwatch",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(event.summary)}",
        "TRANSP:TRANSPARENT",
    ]
    if event.description:
        lines.append(f"DESCRIPTION:{escaped(event.description)}")
    return [*lines, "END:VEVENT"]


def _look(today: date, title: str, act: str, shows: CalendarShows) -> CalendarEvent:
    if shows.health:
        return CalendarEvent("look", today, title, act)
    return CalendarEvent("look", today, gettext(NEUTRAL))


def _events(coming: Coming, shows: CalendarShows, units: Units) -> Iterator[CalendarEvent]:
    back = coming.back
    if back is not None and back.from_day is not None:
        words = back.steps[back.at].words if shows.distances and back.steps else ""
        yield CalendarEvent(
            "back", back.from_day, gettext("Walk and run") if back.at else gettext("Walk"), words
        )
    for plan_day in coming.ladder.days:
        if plan_day.planned is not None:
            yield _of_plan(plan_day.planned, shows, units)
        if back is None and plan_day.kind in RUNS:
            description = plan_day.sentence if shows.distances else ""
            yield CalendarEvent(plan_day.kind, plan_day.day, gettext(RUNS[plan_day.kind]), description)
    if shows.routines and coming.routines.items:
        titles = ", ".join(item.routine.title for item in coming.routines.items)
        yield CalendarEvent("routines", coming.today, gettext("Hip routine"), titles)


def _of_plan(planned: PlannedRun, shows: CalendarShows, units: Units) -> CalendarEvent:
    name = planned.name or gettext(PLANNED[planned.kind])
    far = distance(planned.distance_m, units) if shows.distances else ""
    return CalendarEvent(f"planned-{planned.id}", planned.day, name, far)
