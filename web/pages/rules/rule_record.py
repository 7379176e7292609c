"""How often a rule spoke and what came of it, in one sentence; and so the list of all rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from alerts.alert.evidence import Evidence
from alerts.care.catalogue.alert_rates import Rate
from alerts.evaluation.replay import RuleReplay
from alerts.explanation.alert_text import strength_of
from alerts.text.i18n import gettext, gettext_noop, ngettext
from alerts.text.units import number
from alerts.views.rule_view import PAIN_WITHIN_DAYS, RuleList
from web.http.formatting import capital

RULE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "single_run_spike": gettext_noop("One run much longer"),
        "two_week_ramp": gettext_noop("Two weeks of more running"),
        "hard_minutes_spike": gettext_noop("More hard running"),
        "cadence_shift": gettext_noop("Step rate at the same pace"),
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
    return gettext(RULE_NAMES[kind]) if kind in RULE_NAMES else capital(kind.replace("_", " "))


RULE_SILENCES: Mapping[str, str] = MappingProxyType(
    {
        "single_run_spike": gettext_noop(
            "Then nobody tells you of a run much longer than those of the last month."
            " The ceiling on the first page stays."
        ),
        "two_week_ramp": gettext_noop(
            "Then nobody tells you that two weeks were far more than those before."
        ),
        "hard_minutes_spike": gettext_noop(
            "Then nobody tells you that you ran hard for much longer than usual."
        ),
        "cadence_shift": gettext_noop(
            "Then nobody tells you that your steps at the same pace have changed."
            " The band on the first page stays."
        ),
        "no_rest": gettext_noop(
            "Then nobody tells you of many days without rest, or of a run too soon after a long one."
        ),
        "balance_drift": gettext_noop("Then nobody tells you that your ground contact moves to one foot."),
        "no_warm_up": gettext_noop("Then nobody tells you that your hard runs begin hard."),
        "form_fade": gettext_noop(
            "Then nobody tells you that your steps become fewer towards the end of long runs."
        ),
        "descent_spike": gettext_noop("Then nobody tells you of a run with far more downhill than usual."),
        "hard_after_hard": gettext_noop("Then nobody tells you of a hard run within a day of another."),
        "return_after_break": gettext_noop(
            "Then nobody tells you how to begin again on the first run after a break."
        ),
    }
)
"""What is told no more where a rule is off."""


def rule_off_effect(kind: str) -> str:
    """What is not told while a rule is off."""
    return gettext(RULE_SILENCES[kind]) if kind in RULE_SILENCES else ""


DAYS_PER_MONTH = 30.44

NEVER = gettext_noop("Never in your {months}.")
WOULD_NEVER = gettext_noop("It would never have spoken in your {months}.")


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
        return gettext("There is no history yet to try it on.")
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
            "{often}; no pain was told in the {days} days after.", often=often, days=PAIN_WITHIN_DAYS
        )
    return gettext(
        "{often}; pain was told within {days} days after {followed} of them.",
        often=often,
        days=PAIN_WITHIN_DAYS,
        followed=figures.followed,
    )


def rate_sentence(rate: Rate | None) -> str:
    """Say how often it speaks to those who run as often; nothing where nobody does."""
    if rate is None:
        return ""
    return gettext(
        "Findings of this rule in a year, with the numbers that it is shipped with, among {runners} made-up"
        " runners who run about as often as you, {runs} times a week: {often} on average, {most} at most.",
        runs=number(rate.runs_a_week),
        often=number(rate.a_year, ".2g"),
        runners=number(rate.runners),
        most=number(rate.most),
    )


def _often(times: int, months: str, *, would: bool) -> str:
    if would:
        return ngettext(
            "It would have spoken once in your {months}",
            "It would have spoken {n} times in your {months}",
            times,
            months=months,
        )
    return ngettext("Once in your {months}", "{n} times in your {months}", times, months=months)
