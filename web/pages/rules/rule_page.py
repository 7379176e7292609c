"""A rule in words: what is known for and against it, what it says of this past, and what was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from alerts.alert.alert import Alert
from alerts.alert.evidence import Evidence
from alerts.runner.preferences import Change, Setting, numbers_of
from alerts.text import units as words
from alerts.text.i18n import gettext, ngettext
from alerts.text.units import Units, number
from alerts.views.rule_view import Parameter, Preview, Record, RuleView
from web.http.formatting import STATES, StateBadge, capitalize_first, percent_change, side_of
from web.pages.rules.rule_figures import RuleFigures, rule_figures
from web.pages.rules.rule_record import (
    rate_sentence,
    record_sentence,
    rule_name,
    rule_off_effect,
    strength_of_rule,
)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of a rule, in words."""

    day: str
    what: str
    was: str
    became: str


def change_rows(view: RuleView, changes: Sequence[Change]) -> list[ChangeRow]:
    """The changes of a rule's numbers and of its switch, in words."""
    rows = []
    for change in changes:
        on = change.changed_at.astimezone(ZoneInfo(view.time_zone)).date()
        day = f"{words.short_date(on)} {on.year}"
        if change.is_number_of(view.kind):
            name = change.name.rpartition(".")[2]
            rows.append(ChangeRow(day, name, f"{change.was:g}", f"{change.became:g}"))
        elif change.switches(view.kind):
            rows.append(ChangeRow(day, gettext("The rule"), *_switched(view.kind, change.was, change.became)))
    return rows


def _switched(kind: str, was: Any, became: Any) -> tuple[str, str]:  # noqa: ANN401 - lists of kinds
    before, after = (gettext("off") if kind in listed else gettext("on") for listed in (was, became))
    return before, after


MOST_ALERT_ROWS = 60


@dataclass(frozen=True, slots=True)
class ParameterField:
    """One number of a rule as a form shows it: as it is, as it was typed, and as it is shipped."""

    name: str
    label: str
    unit: str
    value: str
    typed: str
    step: str
    low: str
    high: str
    shipped: str = ""


@dataclass(frozen=True, slots=True)
class RuleAlertRow:
    """One finding in the table of what a rule says or would say."""

    key: str
    state: StateBadge
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
    rate: str
    tells_pain: bool
    evidence: Evidence | None
    fields: tuple[ParameterField, ...]
    said: tuple[RuleAlertRow, ...]
    gone: str
    verdict: str
    problem: str
    is_preview: bool
    is_off: bool
    red_flag_lock: str
    kept: tuple[tuple[str, str], ...]
    warning: str
    faint: str
    figures: RuleFigures
    is_own: bool
    changes: tuple[ChangeRow, ...] = ()


def rule_page(
    view: RuleView,
    tried: Preview | None,
    *,
    settings: Mapping[str, Setting] | None = None,
    changes: Sequence[Change] = (),
) -> RulePage:
    """Put a rule into words, with what it would say with other numbers where some were tried."""
    record = view.record if tried is None or tried.record is None else tried.record
    known = {alert.day for alert in view.record.alerts}
    shown = sorted(record.alerts, key=lambda alert: alert.day, reverse=True)[:MOST_ALERT_ROWS]
    return RulePage(
        kind=view.kind,
        name=rule_name(view.kind),
        sentence=record_sentence(view.record.figures, view.today, tells_pain=view.tells_pain),
        strength=strength_of_rule(view.evidence),
        rate=rate_sentence(view.rate),
        tells_pain=view.tells_pain,
        evidence=view.evidence,
        fields=tuple(_field(parameter, tried) for parameter in view.parameters),
        said=tuple(_said(f, view.units, is_new=f.day not in known) for f in shown),
        gone=_gone(view.record, record, view),
        verdict=_verdict(view, tried),
        problem="" if tried is None else tried.problem,
        is_preview=tried is not None and tried.record is not None,
        is_off=view.is_off,
        red_flag_lock=rule_off_effect(view.kind),
        kept=_kept(view, tried),
        warning=_warning(tried.record, view) if tried is not None and tried.record is not None else "",
        faint=_faint(view),
        figures=rule_figures(view, tried),
        is_own=any(
            one.origin == "page"
            for name, one in (settings or {}).items()
            if name.startswith(numbers_of(view.kind))
        ),
        changes=tuple(change_rows(view, changes)),
    )


def _verdict(view: RuleView, tried: Preview | None) -> str:
    if tried is None or tried.record is None:
        return ""
    return record_sentence(tried.record.figures, view.today, tells_pain=view.tells_pain, would=True)


def _field(parameter: Parameter, tried: Preview | None) -> ParameterField:
    low, high = parameter.bounds
    value = f"{parameter.value:g}"
    chosen = tried.chosen.get(parameter.name) if tried else None
    label = gettext(parameter.words) or parameter.name.replace("_", " ")
    return ParameterField(
        name=parameter.name,
        label=capitalize_first(label),
        unit="" if parameter.unit == "×" else gettext(parameter.unit),
        value=number(parameter.value, "g"),
        typed=value if chosen is None else f"{chosen:g}",
        step="1" if parameter.is_whole else "any",
        low=f"{low:g}",
        high=f"{high:g}",
        shipped="" if parameter.shipped in {None, parameter.value} else number(parameter.shipped, "g"),
    )


def _said(alert: Alert, units: Units, *, is_new: bool) -> RuleAlertRow:
    return RuleAlertRow(
        key=alert.key,
        state=STATES[alert.level],
        day=words.short_date(alert.day) + f" {alert.day.year}",
        observed=side_of(alert, alert.observed, units),
        expected=side_of(alert, alert.expected, units),
        difference=percent_change(alert.observed, alert.expected),
        is_new=is_new,
    )


def _gone(before: Record, after: Record, view: RuleView) -> str:
    """Name the days on which the rule would have kept quiet."""
    still = {alert.day for alert in after.alerts}
    gone = [alert.day for alert in before.alerts if alert.day not in still]
    if not gone:
        return ""
    named = ", ".join(words.plain_date(day, today=view.today) for day in gone[-12:])
    if len(gone) > 12:
        more = ngettext("{n} earlier day", "{n} earlier days", len(gone) - 12)
        named = gettext("{days} and {more}", days=named, more=more)
    return gettext("It would not have been triggered on {days}.", days=named)


def _kept(view: RuleView, tried: Preview | None) -> tuple[tuple[str, str], ...]:
    """The numbers that were tried and are others than those that hold, by name, as they would be kept."""
    if tried is None or tried.record is None:
        return ()
    chosen = {p.name: tried.chosen.get(p.name, p.value) for p in view.parameters}
    return tuple((p.name, f"{chosen[p.name]:.12g}") for p in view.parameters if chosen[p.name] != p.value)


def _warning(record: Record, view: RuleView) -> str:
    """Say where numbers leave nothing to hear: whoever keeps them says that they know."""
    if record.alerts:
        return ""
    if view.shipped:
        times = ngettext("once", "{n} times", view.shipped)
        return gettext(
            "With these numbers the rule would never have been triggered in your history; with the "
            "defaults, {times}. That’s nearly the same as turning it off.",
            times=times,
        )
    return gettext("Your history can’t show whether this rule would still be triggered with these numbers.")


def _faint(view: RuleView) -> str:
    """Say of the numbers that hold, where they are not the shipped ones, that they leave nothing to hear."""
    is_other = any(p.shipped not in {None, p.value} for p in view.parameters)
    return _warning(view.record, view) if is_other and view.shipped and not view.is_off else ""
