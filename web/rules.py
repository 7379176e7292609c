"""The rules: what each looks at, what is known for and against it, and what it says of this runner's past."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, render_template, request

from alerts import units as words
from alerts.care.catalogue import Evidence
from alerts.findings import Finding
from alerts.pages.rule_view import PAIN_WITHIN_DAYS, Parameter, Preview, Record, RuleView
from alerts.units import Units
from web.present import STATES, State, capital, count, percent_change, quantity
from web.rule_names import rule_name
from web.source import DashboardSource

DAYS_PER_MONTH = 30.44
MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule in the list."""

    kind: str
    name: str
    strength: str
    record: str


@dataclass(frozen=True, slots=True)
class Field:
    """One number of a rule as a form shows it: as it is, and as it was typed."""

    name: str
    label: str
    unit: str
    value: str
    typed: str
    step: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Said:
    """One finding in the table of what a rule says or would say."""

    key: str
    state: State
    day: str
    observed: str
    expected: str
    difference: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class RulePage:
    """Everything that the page of one rule says, in finished words."""

    kind: str
    name: str
    sentence: str
    strength: str
    tells_pain: bool
    evidence: Evidence | None
    fields: tuple[Field, ...]
    said: tuple[Said, ...]
    gone: str
    verdict: str
    problem: str
    lines: str
    is_preview: bool


def rule_row(view: RuleView) -> RuleRow:
    """Put a rule into the list."""
    return RuleRow(view.kind, rule_name(view.kind), _strength(view.evidence), _record(view.record, view))


def _strength(evidence: Evidence | None) -> str:
    if evidence is None or evidence.grade == "none":
        return "No evidence"
    return f"{capital(evidence.grade)} evidence"


def _record(record: Record, view: RuleView, *, would: bool = False) -> str:
    """Say how often a rule spoke in how long, and after how many of them pain was told."""
    if view.first_day is None:
        return "There is no history yet to try it on."
    months = count(max(1, round((view.today - view.first_day).days / DAYS_PER_MONTH)), "month")
    times = len(record.findings)
    if not times:
        return f"It would never have spoken in your {months}." if would else f"Never in your {months}."
    often = "Once" if times == 1 else f"{times} times"
    told = f"It would have spoken {often.lower()} in your {months}" if would else f"{often} in your {months}"
    if not view.tells_pain:
        return f"{told}."
    return f"{told}; pain was told within {PAIN_WITHIN_DAYS} days after {record.with_pain or 'none'} of them."


def rule_page(view: RuleView, tried: Preview | None) -> RulePage:
    """Put a rule into words, with what it would say with other numbers where some were tried."""
    record = view.record if tried is None or tried.record is None else tried.record
    known = {finding.day for finding in view.record.findings}
    shown = sorted(record.findings, key=lambda finding: finding.day, reverse=True)[:MOST_SHOWN]
    return RulePage(
        kind=view.kind,
        name=rule_name(view.kind),
        sentence=_record(view.record, view),
        strength=_strength(view.evidence),
        tells_pain=view.tells_pain,
        evidence=view.evidence,
        fields=tuple(_field(parameter, tried) for parameter in view.parameters),
        said=tuple(_said(f, view.units, is_new=f.day not in known) for f in shown),
        gone=_gone(view.record, record, view),
        verdict="" if tried is None or tried.record is None else _record(tried.record, view, would=True),
        problem="" if tried is None else tried.problem,
        lines=_lines(view, tried),
        is_preview=tried is not None and tried.record is not None,
    )


def _field(parameter: Parameter, tried: Preview | None) -> Field:
    low, high = parameter.bounds
    value = f"{parameter.value:g}"
    chosen = tried.chosen.get(parameter.name) if tried else None
    label = parameter.words or parameter.name.replace("_", " ")
    return Field(
        name=parameter.name,
        label=capital(label),
        unit="" if parameter.unit == "unitless" else parameter.unit,
        value=value,
        typed=value if chosen is None else f"{chosen:g}",
        step="1" if parameter.is_whole else "any",
        low=f"{low:g}",
        high=f"{high:g}",
    )


def _said(finding: Finding, units: Units, *, is_new: bool) -> Said:
    return Said(
        key=finding.key,
        state=STATES[finding.level],
        day=words.short_date(finding.day) + f" {finding.day.year}",
        observed=quantity(finding.observed, finding.unit, units),
        expected=quantity(finding.expected, finding.unit, units),
        difference=percent_change(finding.observed, finding.expected),
        is_new=is_new,
    )


def _gone(before: Record, after: Record, view: RuleView) -> str:
    """Name the days on which the rule would have kept quiet."""
    still = {finding.day for finding in after.findings}
    gone = [finding.day for finding in before.findings if finding.day not in still]
    if not gone:
        return ""
    named = ", ".join(words.plain_date(day, today=view.today) for day in gone[-12:])
    more = f" and {count(len(gone) - 12, 'earlier day')}" if len(gone) > 12 else ""
    return f"It would have kept quiet on {named}{more}."


def _lines(view: RuleView, tried: Preview | None) -> str:
    """Write the lines that keep a choice, as they belong into the settings."""
    if tried is None or tried.problem:
        return ""
    changed = [p for p in view.parameters if tried.chosen.get(p.name, p.value) != p.value]
    if not changed:
        return ""
    return "\n".join([f"[detectors.{view.kind}]", *(f"{p.name} = {tried.chosen[p.name]:g}" for p in changed)])


def _chosen(view: RuleView, typed: Mapping[str, str]) -> tuple[dict[str, float], str]:
    """Read the numbers that were typed; the second is what is wrong with one that is none."""
    chosen: dict[str, float] = {}
    for parameter in view.parameters:
        text = typed.get(parameter.name, "").strip().replace(",", ".")[:20]
        if not text:
            continue
        try:
            number = float(text)
        except ValueError:
            return chosen, f"{parameter.name}: “{text}” is no number."
        if not math.isfinite(number) or (parameter.is_whole and number != int(number)):
            return chosen, f"{parameter.name} must be a {'whole ' if parameter.is_whole else ''}number."
        chosen[parameter.name] = int(number) if parameter.is_whole else number
    return chosen, ""


def rules_blueprint(source: DashboardSource, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the list of rules, and each rule with a preview of other numbers."""
    blueprint = Blueprint("rules", __name__)

    @blueprint.get("/rules")
    def page() -> str:
        return render_template("rules.html", rules=[rule_row(view) for view in source.almanac.rules(clock())])

    @blueprint.get("/rules/<kind>")
    def one(kind: str) -> str:
        view = source.almanac.rule(kind, clock())
        if view is None:
            abort(404)
        chosen, problem = _chosen(view, request.args)
        tried = None
        if problem:
            tried = Preview(chosen, problem=problem)
        elif any(chosen.get(p.name, p.value) != p.value for p in view.parameters):
            tried = source.almanac.preview(kind, chosen, clock())
        return render_template("rule.html", shown=rule_page(view, tried))

    return blueprint
