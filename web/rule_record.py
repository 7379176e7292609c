"""How often a rule spoke and what came of it, in one sentence; and so the list of all rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from alerts.care.catalogue import Evidence
from alerts.care.rates import Rate
from alerts.pages.rule_view import PAIN_WITHIN_DAYS, RuleList
from alerts.replay import RuleReplay
from alerts.units import number
from alerts.words.language import marked, say, say_many
from alerts.words.wording import strength_of
from web.rule_names import rule_name

DAYS_PER_MONTH = 30.44

NEVER = marked("Never in your {months}.")
WOULD_NEVER = marked("It would never have spoken in your {months}.")


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
    return strength_of(evidence) if evidence else say("No evidence")


def record_sentence(figures: RuleReplay, today: date, *, tells_pain: bool, would: bool = False) -> str:
    """Say how often a rule spoke in how long, and after how many of them pain was told."""
    if figures.first is None:
        return say("There is no history yet to try it on.")
    n = max(1, round((today - figures.first).days / DAYS_PER_MONTH))
    months = say_many("{n} month", "{n} months", n)
    if not figures.times:
        never = WOULD_NEVER if would else NEVER
        return say(never, months=months)
    often = _often(figures.times, months, would=would)
    if not tells_pain:
        return f"{often}."
    if not figures.followed:
        return say("{often}; no pain was told in the {days} days after.", often=often, days=PAIN_WITHIN_DAYS)
    return say(
        "{often}; pain was told within {days} days after {followed} of them.",
        often=often,
        days=PAIN_WITHIN_DAYS,
        followed=figures.followed,
    )


def rate_sentence(rate: Rate | None) -> str:
    """Say how often it speaks to those who run as often; nothing where nobody does."""
    if rate is None:
        return ""
    return say(
        "Findings of this rule in a year, with the numbers that it is shipped with, among {runners} made-up"
        " runners who run about as often as you, {runs} times a week: {often} on average, {most} at most.",
        runs=number(rate.runs_a_week),
        often=number(rate.a_year, ".2g"),
        runners=number(rate.runners),
        most=number(rate.most),
    )


def _often(times: int, months: str, *, would: bool) -> str:
    if would:
        return say_many(
            "It would have spoken once in your {months}",
            "It would have spoken {n} times in your {months}",
            times,
            months=months,
        )
    return say_many("Once in your {months}", "{n} times in your {months}", times, months=months)
