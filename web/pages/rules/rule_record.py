"""How often a rule spoke and what came of it, in one sentence; and so the list of all rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from alerts.alert.evidence import Evidence
from alerts.care.catalogue.alert_rates import AlertRate
from alerts.evaluation.replay import RuleReplay
from alerts.explanation.alert_text import strength_of
from alerts.text.i18n import gettext, gettext_noop, ngettext
from alerts.text.units import number
from alerts.views.rule_view import PAIN_WITHIN_DAYS, RuleList
from web.http.formatting import capitalize_first

RULE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "single_run_spike": gettext_noop("One run much longer"),
        "two_week_ramp": gettext_noop("Two weeks of more running"),
        "hard_minutes_spike": gettext_noop("More hard running"),
        "cadence_shift": gettext_noop("Cadence at the same pace"),
        "no_rest": gettext_noop("No rest"),
        "balance_drift": gettext_noop("Left and right"),
        "no_warm_up": gettext_noop("Hard from the start"),
        "form_fade": gettext_noop("Fade in long runs"),
        "descent_spike": gettext_noop("One run with far more downhill"),
        "hard_after_hard": gettext_noop("Hard after hard"),
        "return_after_break": gettext_noop("Return after a break"),
    }
)


def rule_name(kind: str) -> str:
    """The name of a rule; one that has none here is called by its kind."""
    return gettext(RULE_NAMES[kind]) if kind in RULE_NAMES else capitalize_first(kind.replace("_", " "))


RULE_SILENCES: Mapping[str, str] = MappingProxyType(
    {
        "single_run_spike": gettext_noop(
            "You’ll no longer be alerted to a run much longer than those of the last month. The limit "
            "on Today stays."
        ),
        "two_week_ramp": gettext_noop(
            "You’ll no longer be alerted when two weeks are far more than those before."
        ),
        "hard_minutes_spike": gettext_noop(
            "You’ll no longer be alerted when you run hard for much longer than usual."
        ),
        "cadence_shift": gettext_noop(
            "You’ll no longer be alerted when your cadence at the same pace changes. The usual range on"
            " Today stays."
        ),
        "no_rest": gettext_noop(
            "You’ll no longer be alerted to many days without rest, or to a run too soon after a long one."
        ),
        "balance_drift": gettext_noop("You’ll no longer be alerted when your ground contact becomes uneven."),
        "no_warm_up": gettext_noop("You’ll no longer be alerted when your hard runs start hard."),
        "form_fade": gettext_noop(
            "You’ll no longer be alerted when your cadence drops towards the end of long runs."
        ),
        "descent_spike": gettext_noop(
            "You’ll no longer be alerted to a run with far more downhill than usual."
        ),
        "hard_after_hard": gettext_noop("You’ll no longer be alerted to a hard run within a day of another."),
        "return_after_break": gettext_noop("You’ll no longer be alerted on the first run after a break."),
    }
)
"""What is told no more where a rule is off."""


def rule_off_effect(kind: str) -> str:
    """What is not told while a rule is off."""
    return gettext(RULE_SILENCES[kind]) if kind in RULE_SILENCES else ""


DAYS_PER_MONTH = 30.44

NEVER = gettext_noop("Never in your {months}.")
WOULD_NEVER = gettext_noop("It wouldn’t have been triggered in your {months}.")


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule in the list."""

    kind: str
    name: str
    strength: str
    record: str
    is_off: bool = False


def rule_rows(listed: RuleList) -> list[RuleRow]:
    """Put the rules into a list."""
    return [
        RuleRow(
            row.kind,
            rule_name(row.kind),
            strength_of_rule(listed.evidence.get(row.kind)),
            record_sentence(row, listed.today, tells_pain=listed.tells_pain),
            row.kind in listed.off,
        )
        for row in listed.past.rules
    ]


def strength_of_rule(evidence: Evidence | None) -> str:
    """How strong the evidence is, or that there is none."""
    return strength_of(evidence) if evidence else gettext("No evidence")


def record_sentence(figures: RuleReplay, today: date, *, tells_pain: bool, would: bool = False) -> str:
    """Say how often a rule spoke in how long, and after how many of them pain was told."""
    if figures.first is None:
        return gettext("There’s no history yet to test it on.")
    n = max(1, round((today - figures.first).days / DAYS_PER_MONTH))
    months = ngettext("{n} month", "{n} months", n)
    if not figures.times:
        never = WOULD_NEVER if would else NEVER
        return gettext(never, months=months)
    often = _often(figures.times, months, would=would)
    if not tells_pain:
        return f"{often}."
    if not figures.followed:
        return gettext(
            "{often}; no pain was logged in the {days} days after.", often=often, days=PAIN_WITHIN_DAYS
        )
    return gettext(
        "{often}; pain was logged within {days} days after {followed} of them.",
        often=often,
        days=PAIN_WITHIN_DAYS,
        followed=figures.followed,
    )


def rate_sentence(rate: AlertRate | None) -> str:
    """Say how often it speaks to those who run as often; nothing where nobody does."""
    if rate is None:
        return ""
    return gettext(
        "Expect about {often} such alerts a year at your {runs} runs a week ({most} at most). Simulated"
        " with {runners} runners and the default numbers.",
        runs=number(rate.runs_a_week),
        often=number(rate.a_year, ".2g"),
        runners=number(rate.runners),
        most=number(rate.most),
    )


def _often(times: int, months: str, *, would: bool) -> str:
    if would:
        return ngettext(
            "It would have been triggered once in your {months}",
            "It would have been triggered {n} times in your {months}",
            times,
            months=months,
        )
    return ngettext("Once in your {months}", "{n} times in your {months}", times, months=months)
