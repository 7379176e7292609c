"""All findings: open, kept quiet, closed, by rule and by how much they ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request

from alerts.alert.alert import Finding, Level
from alerts.explanation.grouping import Course
from alerts.text import units as words
from alerts.text.i18n import marked, say, say_many
from alerts.views.alert_list import FindingList, Listed
from web.http.formatting import STATES
from web.http.ports import DashboardSource
from web.pages.alerts.alert_page import Entry, entry
from web.pages.rules.rule_record import rule_name

HEADINGS = (
    (Course.OPEN, marked("Open")),
    (Course.SNOOZED, marked("Kept quiet")),
    (Course.CLOSED, marked("Over")),
)
MOST_SHOWN = 100
"""More on one page help nobody; the newest are shown, and the filter finds the others."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter."""

    value: str
    title: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that stand alike."""

    name: str
    title: str
    entries: tuple[Entry, ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """Everything that the list says, in finished words."""

    sentence: str
    reason: str
    kinds: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    groups: tuple[Group, ...]
    is_filtered: bool


def list_page(found: FindingList, *, kind: str = "", level: str = "") -> ListPage:
    """Put the list into words, only the rule and level that were chosen; an unknown choice is none."""
    kinds = sorted({part.kind for one in found.listed for part in _parts(one)}, key=rule_name)
    kind = kind if kind in kinds else ""
    level = level if level in {one.word for one in Level} else ""
    shown = [one for one in found.listed if _fits(one, kind, level)]
    return ListPage(
        sentence=_sentence(found),
        reason=_reason(found),
        kinds=(Choice("", say("every rule"), not kind), *(Choice(k, rule_name(k), k == kind) for k in kinds)),
        levels=(
            Choice("", say("every level"), not level),
            *(Choice(one.word, STATES[one].word, one.word == level) for one in reversed(Level)),
        ),
        groups=tuple(_group(course, title, shown, found) for course, title in HEADINGS),
        is_filtered=bool(kind or level),
    )


def _parts(one: Listed) -> tuple[Finding, ...]:
    return one.explained.finding, *one.explained.also


def _fits(one: Listed, kind: str, level: str) -> bool:
    """Whether any part of a story is of that rule and level."""
    return any(kind in ("", part.kind) and level in ("", part.level.word) for part in _parts(one))


def _sentence(found: FindingList) -> str:
    still = sum(one.course is not Course.CLOSED for one in found.listed)
    if not still:
        return say("Nothing is open.")
    return say_many("{n}\xa0finding is open.", "{n}\xa0findings are open.", still)


def _reason(found: FindingList) -> str:
    quiet = ", ".join(
        say(
            "{rule} until {day}",
            rule=rule_name(kind),
            day=words.short_date(until, today=found.today),
        )
        for kind, until in sorted(found.snoozed.items())
    )
    kept = say(" Kept quiet in letters, as you asked: {quiet}.", quiet=quiet) if quiet else ""
    return say("A finding is open for two weeks; then its advice has run its course.{kept}", kept=kept)


def _group(course: Course, title: str, shown: list[Listed], found: FindingList) -> Group:
    own = [one for one in shown if one.course is course]
    more = len(own) - MOST_SHOWN
    return Group(
        name=course.value,
        title=f"{say(title)} ({len(own)})" if own else say(title),
        entries=tuple(entry(one.explained, found.today) for one in own[:MOST_SHOWN]),
        left_out=say_many(
            "{n}\xa0older finding not shown; choose a rule to see fewer.",
            "{n}\xa0older findings not shown; choose a rule to see fewer.",
            more,
            n=words.number(more),
        )
        if more > 0
        else "",
    )


def finding_list_blueprint(source: DashboardSource, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the list of findings."""
    blueprint = Blueprint("finding_list", __name__)

    @blueprint.get("/findings")
    def page() -> str:
        chosen = {name: request.args.get(name, "") for name in ("kind", "level")}
        return render_template(
            "finding_list.html", shown=list_page(source.almanac.findings(clock()), **chosen)
        )

    return blueprint
