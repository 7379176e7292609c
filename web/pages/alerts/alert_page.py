"""Findings as the pages show them, and the page that explains one from end to end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from alerts.alert.alert import Finding
from alerts.alert.evidence import Evidence
from alerts.alert.feedback import OPINIONS, Opinion
from alerts.care.catalogue.catalogue import Routine
from alerts.care.explained_alert import Explained
from alerts.explanation.alert_text import strength_of
from alerts.notifications.answers import Answers
from alerts.notifications.compose.answer_links import SNOOZES
from alerts.runner.profile import Runner
from alerts.service.care_service import CareDesk
from alerts.text import units as words
from alerts.text.i18n import marked, say
from alerts.text.units import Units, number, short_date
from web.http.formatting import (
    STATES,
    State,
    capital,
    named_numbers,
    percent_change,
    quiet_span,
    relative_day,
    side_of,
)
from web.http.ports import DashboardSource
from web.pages.rules.rule_record import rate_sentence, rule_name

TAKEN_BACK = "none"
AWAKE = "0"
DAYS = frozenset(str(days) for days, _ in SNOOZES)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page asks: ``opinion`` is what was said, ``quiet`` until when nothing is told, in words."""

    opinion: Opinion | None
    quiet: str
    snoozes: tuple[tuple[str, str], ...]


def asked(answers: Answers, runner: Runner, finding: Finding, now: datetime) -> Asked:
    """Say what was answered so far, and what can be."""
    until = answers.snoozed(now).get(finding.kind)
    return Asked(
        answers.said().get(finding.key),
        "" if until is None else _quiet(runner, finding, until),
        tuple((str(days), capital(say("quiet for {time}", time=say(span)))) for days, span in SNOOZES),
    )


def take(
    answers: Answers, runner: Runner, finding: Finding, sent: Mapping[str, str], now: datetime
) -> str | None:
    """Do what was answered and say so; None, and nothing done, where that is no answer."""
    word, days = sent.get("opinion", ""), sent.get("quiet_days", "")
    if word == TAKEN_BACK:
        answers.unsay(finding.key)
        return say("Taken back.")
    if word in OPINIONS:
        answers.say(finding.key, OPINIONS[word], now=now)
        return say("Noted. Thank you for saying so.")
    if days == AWAKE:
        answers.wake(finding.kind)
        return say("As you like: it is told again.")
    if days in DAYS:
        answers.snooze([finding.kind], until=now + timedelta(days=int(days)), now=now)
        return _quiet(runner, finding, answers.snoozed(now)[finding.kind])
    return None


def _quiet(runner: Runner, finding: Finding, until: datetime) -> str:
    day = short_date(runner.day_of(until))
    return say("{rule}: quiet until {day}.", rule=rule_name(finding.kind), day=day)


SIDES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "single_run_spike": (marked("This run"), marked("Longest run of the 30 days before")),
        "two_week_ramp": (marked("These 14 days"), marked("Average of the 14-day spans before")),
        "hard_minutes_spike": (marked("Hard running"), marked("Most in the six weeks before")),
        "cadence_shift": (marked("Step rate in these runs"), marked("Step rate of the two months before")),
        "balance_drift": (marked("Left foot in these runs"), marked("Left foot in the two months before")),
        "no_warm_up": (marked("Hard from the start"), marked("Quiet")),
        "form_fade": (marked("Last third against first"), marked("No fade")),
        "descent_spike": (marked("Descent of this run"), marked("Most of the six weeks before")),
        "hard_after_hard": (marked("From hard to hard"), marked("Enough")),
        "return_after_break": (marked("Days off"), marked("Longest pause before")),
    }
)
"""What the two numbers of a finding are called."""


@dataclass(frozen=True, slots=True)
class Part:
    """Another finding of a story, as a link to its page."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding in a list: its state, its words, how strong the evidence is, what belongs to its story."""

    key: str
    state: State
    title: str
    day: str
    sentence: str
    act: str
    strength: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a finding by its name; ``run_id`` is the run that it is about."""

    name: str
    value: str
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding from end to end: what was seen, how sure it is, what to do, what would have kept it quiet."""

    entry: Entry
    study: str
    quiet: str
    numbers: tuple[Figure, ...]
    evidence: Evidence
    routines: tuple[Routine, ...]
    stop: str
    lead: Part | None = None
    rate: str = ""


def entry(explained: Explained, today: date) -> Entry:
    """Put a finding into a list."""
    finding, story = explained.finding, explained.story
    return Entry(
        key=finding.key,
        state=STATES[finding.level],
        title=story.title,
        day=capital(relative_day(finding.day, today)),
        sentence=story.sentence,
        act=story.act,
        strength=_strength(explained.advice.evidence),
        parts=tuple(_part(part, today) for part in sorted(explained.also, key=lambda part: part.day)),
    )


def _part(finding: Finding, today: date) -> Part:
    day = words.short_date(finding.day, today=today)
    return Part(finding.key, say("{what} ({day})", what=rule_name(finding.kind), day=day))


def explanation(explained: Explained, *, units: Units, today: date) -> Explanation:
    """Put a finding onto its own page."""
    advice = explained.advice
    return Explanation(
        entry=entry(explained, today),
        study=explained.story.study,
        quiet=explained.story.quiet,
        numbers=_numbers(explained, units, today),
        evidence=advice.evidence,
        routines=advice.routines,
        stop=advice.stop,
        lead=_part(explained.lead, today) if explained.lead else None,
        rate=rate_sentence(explained.rate),
    )


def _strength(evidence: Evidence) -> str:
    people = say(" · study of {n} runners", n=number(evidence.n)) if evidence.n else ""
    return f"{strength_of(evidence)}{people}"


def _numbers(explained: Explained, units: Units, today: date) -> tuple[Figure, ...]:
    """Both sides with their days and runs, where the rule is quiet, and what else was noted."""
    finding, known = explained.finding, explained.grounds
    observed, expected = SIDES.get(finding.kind, (marked("Seen"), marked("Expected")))
    figures = [
        Figure(say(observed), side_of(finding, finding.observed, units)),
        Figure(say(expected), side_of(finding, finding.expected, units)),
        Figure(say("Difference"), percent_change(finding.observed, finding.expected)),
        Figure(say("Day"), words.short_date(finding.day, today=today), finding.activity_id),
    ]
    if finding.compared_day is not None:
        other, day = known.compared_run, words.short_date(finding.compared_day, today=today)
        figures.append(
            Figure(say("Compared with"), day, other.activity_id)
            if other
            else Figure(say("Compared up to"), day)  # with a span of days, whose last one is known
        )
    if known.band is not None and not any(name.startswith("ceiling_") for name in finding.numbers):
        figures.append(Figure(say("The rule is quiet at"), quiet_span(known.band, finding.unit, units)))
    return (*figures, *(Figure(*pair) for pair in named_numbers(finding, units)))


def findings_blueprint(
    source: DashboardSource, clock: Callable[[], datetime], desk: CareDesk | None = None
) -> Blueprint:
    """Answer the page of one finding, and take in what is said on it."""
    blueprint = Blueprint("findings", __name__)

    @blueprint.get("/findings/<path:key>")
    def one(key: str) -> str:
        now = clock()
        explained = _found(source, key, now)
        overview = source.overview(now)
        return render_template(
            "finding.html",
            shown=explanation(explained, units=overview.units, today=overview.today),
            runner_name=overview.runner_name,
            kind=explained.finding.kind,
            asked=asked(desk.watch.answers, desk.watch.runner, explained.finding, now) if desk else None,
        )

    if desk is not None:
        watch = desk.watch

        @blueprint.post("/findings/<path:key>")
        def answer(key: str) -> Response:
            now = clock()
            finding = _found(source, key, now).finding
            message = take(watch.answers, watch.runner, finding, request.form, now)
            if message is None:
                abort(404)
            flash(message)
            return redirect(url_for("findings.one", key=key), code=303)

    return blueprint


def _found(source: DashboardSource, key: str, now: datetime) -> Explained:
    explained = source.find(key, now)
    if explained is None:
        abort(404)
    return explained
