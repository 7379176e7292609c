"""All findings: open, kept quiet, closed, by rule and by how much they ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request

from alerts.alert.alert import Alert, Level
from alerts.explanation.grouping import AlertState
from alerts.text import units as words
from alerts.text.i18n import gettext, gettext_noop, ngettext
from alerts.views.alert_list import AlertList, ListedGroup
from web.http.formatting import STATES
from web.http.ports import DashboardSource
from web.pages.alerts.alert_page import AlertEntry, alert_entry
from web.pages.rules.rule_record import rule_name

HEADINGS = (
    (AlertState.OPEN, gettext_noop("Open")),
    (AlertState.SNOOZED, gettext_noop("Muted")),
    (AlertState.CLOSED, gettext_noop("Past")),
)
MOST_ALERTS_LISTED = 100
"""More on one page help nobody; the newest are shown, and the filter finds the others."""


@dataclass(frozen=True, slots=True)
class FilterOption:
    """One value of a filter."""

    value: str
    title: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class AlertListGroup:
    """Findings that stand alike."""

    name: str
    title: str
    entries: tuple[AlertEntry, ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class AlertListPage:
    """Everything that the list says, in finished words."""

    sentence: str
    reason: str
    kinds: tuple[FilterOption, ...]
    levels: tuple[FilterOption, ...]
    groups: tuple[AlertListGroup, ...]
    is_filtered: bool


def alert_list_page(found: AlertList, *, kind: str = "", level: str = "") -> AlertListPage:
    """Put the list into words, only the rule and level that were chosen; an unknown choice is none."""
    kinds = sorted({part.kind for one in found.listed for part in _parts(one)}, key=rule_name)
    kind = kind if kind in kinds else ""
    level = level if level in {one.word for one in Level} else ""
    shown = [one for one in found.listed if _fits(one, kind, level)]
    return AlertListPage(
        sentence=_sentence(found),
        reason=_reason(found),
        kinds=(
            FilterOption("", gettext("all rules"), not kind),
            *(FilterOption(k, rule_name(k), k == kind) for k in kinds),
        ),
        levels=(
            FilterOption("", gettext("all levels"), not level),
            *(FilterOption(one.word, STATES[one].word, one.word == level) for one in reversed(Level)),
        ),
        groups=tuple(_group(course, title, shown, found) for course, title in HEADINGS),
        is_filtered=bool(kind or level),
    )


def _parts(one: ListedGroup) -> tuple[Alert, ...]:
    return one.explained.alert, *one.explained.also


def _fits(one: ListedGroup, kind: str, level: str) -> bool:
    """Whether any part of a story is of that rule and level."""
    return any(kind in ("", part.kind) and level in ("", part.level.word) for part in _parts(one))


def _sentence(found: AlertList) -> str:
    still = sum(one.course is not AlertState.CLOSED for one in found.listed)
    if not still:
        return gettext("No open alerts.")
    return ngettext("{n}\xa0open alert.", "{n}\xa0open alerts.", still)


def _reason(found: AlertList) -> str:
    quiet = ", ".join(
        gettext(
            "{rule} until {day}",
            rule=rule_name(kind),
            day=words.short_date(until, today=found.today),
        )
        for kind, until in sorted(found.snoozed.items())
    )
    kept = gettext(" Muted in emails, as you asked: {quiet}.", quiet=quiet) if quiet else ""
    return gettext("An alert stays open for two weeks; then its advice no longer applies.{kept}", kept=kept)


def _group(course: AlertState, title: str, shown: list[ListedGroup], found: AlertList) -> AlertListGroup:
    own = [one for one in shown if one.course is course]
    more = len(own) - MOST_ALERTS_LISTED
    return AlertListGroup(
        name=course.value,
        title=f"{gettext(title)} ({len(own)})" if own else gettext(title),
        entries=tuple(alert_entry(one.explained, found.today) for one in own[:MOST_ALERTS_LISTED]),
        left_out=ngettext(
            "{n}\xa0older alert not shown; choose a rule to see fewer.",
            "{n}\xa0older alerts not shown; choose a rule to see fewer.",
            more,
            n=words.number(more),
        )
        if more > 0
        else "",
    )


def alert_list_blueprint(source: DashboardSource, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the list of findings."""
    blueprint = Blueprint("alert_list", __name__)

    @blueprint.get("/findings")
    def page() -> str:
        chosen = {name: request.args.get(name, "") for name in ("kind", "level")}
        return render_template(
            "finding_list.html", shown=alert_list_page(source.history_views.alerts(clock()), **chosen)
        )

    return blueprint
