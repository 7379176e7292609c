"""Findings as the pages show them, and the page that explains one from end to end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from alerts.alert.alert import Alert
from alerts.alert.evidence import Evidence
from alerts.alert.feedback import OPINIONS, Opinion
from alerts.care.catalogue.catalogue import Routine
from alerts.care.explained_alert import ExplainedAlert
from alerts.explanation.alert_text import strength_of
from alerts.notifications.answers import Answers
from alerts.notifications.compose.answer_links import SNOOZES
from alerts.runner.profile import Runner
from alerts.service.care_service import CareService
from alerts.text import units as words
from alerts.text.i18n import gettext, gettext_noop
from alerts.text.units import Units, number, short_date
from web.http.formatting import (
    STATES,
    StateBadge,
    capitalize_first,
    named_numbers,
    no_alert_range_text,
    percent_change,
    relative_day,
    side_of,
)
from web.http.ports import DashboardSource
from web.pages.rules.rule_record import rate_sentence, rule_name

TAKEN_BACK = "none"
AWAKE = "0"
DAYS = frozenset(str(days) for days, _ in SNOOZES)


@dataclass(frozen=True, slots=True)
class FeedbackForm:
    """What the page asks: ``opinion`` is what was said, ``quiet`` until when nothing is told, in words."""

    opinion: Opinion | None
    quiet: str
    snoozes: tuple[tuple[str, str], ...]


def feedback_form(answers: Answers, runner: Runner, alert: Alert, now: datetime) -> FeedbackForm:
    """Say what was answered so far, and what can be."""
    until = answers.snoozed(now).get(alert.kind)
    return FeedbackForm(
        answers.opinions().get(alert.key),
        "" if until is None else _quiet(runner, alert, until),
        tuple(
            (str(days), capitalize_first(gettext("muted for {time}", time=gettext(span))))
            for days, span in SNOOZES
        ),
    )


def apply_feedback(
    answers: Answers, runner: Runner, alert: Alert, sent: Mapping[str, str], now: datetime
) -> str | None:
    """Do what was answered and say so; None, and nothing done, where that is no answer."""
    word, days = sent.get("opinion", ""), sent.get("quiet_days", "")
    if word == TAKEN_BACK:
        answers.remove_opinion(alert.key)
        return gettext("Undone.")
    if word in OPINIONS:
        answers.record_opinion(alert.key, OPINIONS[word], now=now)
        return gettext("Thanks for your feedback.")
    if days == AWAKE:
        answers.wake(alert.kind)
        return gettext("Notifications are back on.")
    if days in DAYS:
        answers.snooze([alert.kind], until=now + timedelta(days=int(days)), now=now)
        return _quiet(runner, alert, answers.snoozed(now)[alert.kind])
    return None


def _quiet(runner: Runner, alert: Alert, until: datetime) -> str:
    day = short_date(runner.day_of(until))
    return gettext("{rule}: muted until {day}.", rule=rule_name(alert.kind), day=day)


SIDES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "single_run_spike": (gettext_noop("This run"), gettext_noop("Longest run of the 30 days before")),
        "two_week_ramp": (
            gettext_noop("These 14 days"),
            gettext_noop("Average of the 14-day periods before"),
        ),
        "hard_minutes_spike": (gettext_noop("Hard running"), gettext_noop("Most in the six weeks before")),
        "cadence_shift": (
            gettext_noop("Cadence in these runs"),
            gettext_noop("Cadence of the two months before"),
        ),
        "balance_drift": (
            gettext_noop("Left foot in these runs"),
            gettext_noop("Left foot in the two months before"),
        ),
        "no_warm_up": (gettext_noop("Hard from the start"), gettext_noop("No alert up to")),
        "form_fade": (gettext_noop("Last third against first"), gettext_noop("No fade")),
        "descent_spike": (gettext_noop("Descent of this run"), gettext_noop("Most of the six weeks before")),
        "hard_after_hard": (gettext_noop("Between the hard runs"), gettext_noop("Enough")),
        "return_after_break": (gettext_noop("Days off"), gettext_noop("Longest break before")),
    }
)
"""What the two numbers of a finding are called."""


@dataclass(frozen=True, slots=True)
class RelatedAlert:
    """Another finding of a story, as a link to its page."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class AlertEntry:
    """A finding in a list: its state, its words, how strong the evidence is, what belongs to its story."""

    key: str
    state: StateBadge
    title: str
    day: str
    sentence: str
    act: str
    strength: str
    parts: tuple[RelatedAlert, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertNumber:
    """A number of a finding by its name; ``run_id`` is the run that it is about."""

    name: str
    value: str
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class AlertExplanation:
    """A finding from end to end: what was seen, how sure it is, what to do, what would have kept it quiet."""

    entry: AlertEntry
    study: str
    quiet: str
    numbers: tuple[AlertNumber, ...]
    evidence: Evidence
    routines: tuple[Routine, ...]
    stop: str
    lead: RelatedAlert | None = None
    rate: str = ""


def alert_entry(explained: ExplainedAlert, today: date) -> AlertEntry:
    """Put a finding into a list."""
    alert, alert_text = explained.alert, explained.alert_text
    return AlertEntry(
        key=alert.key,
        state=STATES[alert.level],
        title=alert_text.title,
        day=capitalize_first(relative_day(alert.day, today)),
        sentence=alert_text.sentence,
        act=alert_text.act,
        strength=_strength(explained.advice.evidence),
        parts=tuple(_part(part, today) for part in sorted(explained.also, key=lambda part: part.day)),
    )


def _part(alert: Alert, today: date) -> RelatedAlert:
    day = words.short_date(alert.day, today=today)
    return RelatedAlert(alert.key, gettext("{what} ({day})", what=rule_name(alert.kind), day=day))


def alert_explanation(explained: ExplainedAlert, *, units: Units, today: date) -> AlertExplanation:
    """Put a finding onto its own page."""
    advice = explained.advice
    return AlertExplanation(
        entry=alert_entry(explained, today),
        study=explained.alert_text.study,
        quiet=explained.alert_text.quiet,
        numbers=_numbers(explained, units, today),
        evidence=advice.evidence,
        routines=advice.routines,
        stop=advice.stop,
        lead=_part(explained.lead, today) if explained.lead else None,
        rate=rate_sentence(explained.rate),
    )


def _strength(evidence: Evidence) -> str:
    people = gettext(" · study of {n} runners", n=number(evidence.n)) if evidence.n else ""
    return f"{strength_of(evidence)}{people}"


def _numbers(explained: ExplainedAlert, units: Units, today: date) -> tuple[AlertNumber, ...]:
    """Both sides with their days and runs, where the rule is quiet, and what else was noted."""
    alert, known = explained.alert, explained.grounds
    observed, expected = SIDES.get(alert.kind, (gettext_noop("Observed"), gettext_noop("Expected")))
    figures = [
        AlertNumber(gettext(observed), side_of(alert, alert.observed, units)),
        AlertNumber(gettext(expected), side_of(alert, alert.expected, units)),
        AlertNumber(gettext("Difference"), percent_change(alert.observed, alert.expected)),
        AlertNumber(gettext("Day"), words.short_date(alert.day, today=today), alert.activity_id),
    ]
    if alert.compared_day is not None:
        other, day = known.compared_run, words.short_date(alert.compared_day, today=today)
        figures.append(
            AlertNumber(gettext("Compared with"), day, other.activity_id)
            if other
            else AlertNumber(gettext("Compared up to"), day)  # with a span of days, whose last one is known
        )
    if known.band is not None and not any(name.startswith("ceiling_") for name in alert.numbers):
        figures.append(
            AlertNumber(gettext("No alert up to"), no_alert_range_text(known.band, alert.unit, units))
        )
    return (*figures, *(AlertNumber(*pair) for pair in named_numbers(alert, units)))


def alerts_blueprint(
    source: DashboardSource, clock: Callable[[], datetime], care_service: CareService | None = None
) -> Blueprint:
    """Answer the page of one finding, and take in what is said on it."""
    blueprint = Blueprint("alerts", __name__)

    @blueprint.get("/findings/<path:key>")
    def one(key: str) -> str:
        now = clock()
        explained = _found(source, key, now)
        overview = source.overview(now)
        return render_template(
            "finding.html",
            shown=alert_explanation(explained, units=overview.units, today=overview.today),
            runner_name=overview.runner_name,
            kind=explained.alert.kind,
            asked=feedback_form(
                care_service.runner_service.answers, care_service.runner_service.runner, explained.alert, now
            )
            if care_service
            else None,
        )

    if care_service is not None:
        runner_service = care_service.runner_service

        @blueprint.post("/findings/<path:key>")
        def answer(key: str) -> Response:
            now = clock()
            alert = _found(source, key, now).alert
            message = apply_feedback(runner_service.answers, runner_service.runner, alert, request.form, now)
            if message is None:
                abort(404)
            flash(message)
            return redirect(url_for("alerts.one", key=key), code=303)

    return blueprint


def _found(source: DashboardSource, key: str, now: datetime) -> ExplainedAlert:
    explained = source.find(key, now)
    if explained is None:
        abort(404)
    return explained
