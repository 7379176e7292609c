"""What was changed of a rule, and what it said as it happened since then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from alerts import units as words
from alerts.pages.rule_view import PAIN_WITHIN_DAYS, RuleView
from alerts.preferences import Change
from alerts.words.language import say, say_many


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of a rule, in words."""

    day: str
    what: str
    was: str
    became: str


def live_words(view: RuleView, changes: Sequence[Change]) -> str:
    """Say what the rule said as it happened, since its numbers were changed last, else since it is used."""
    changed = next((change.changed_at.date() for change in changes), None)
    fired = [one for one in view.live if changed is None or one.day >= changed]
    since = changed or min((one.day for one in fired), default=None)
    if since is None or view.is_off:
        return ""
    followed = sum(one.pain_day is not None for one in fired)
    day = words.plain_date(since, today=view.today)
    if not fired:
        return say("As it happened, since {day}: never.", day=day)
    often = say_many("once", "{n} times", len(fired))
    if not view.tells_pain:
        return say("As it happened, since {day}: {often}.", day=day, often=often)
    return say(
        "As it happened, since {day}: {often}; pain was told within {days} days after {followed} of them.",
        day=day,
        often=often,
        days=PAIN_WITHIN_DAYS,
        followed=followed or say("none"),
    )


def change_rows(view: RuleView, changes: Sequence[Change]) -> list[ChangeRow]:
    """The changes of a rule's numbers and of its switch, in words."""
    rows = []
    for change in changes:
        day = words.short_date(change.changed_at.date()) + f" {change.changed_at.year}"
        if is_of(view.kind, change.name):
            name = change.name.rpartition(".")[2]
            rows.append(ChangeRow(day, name, f"{change.was:g}", f"{change.became:g}"))
        elif (view.kind in change.was) != (view.kind in change.became):
            rows.append(ChangeRow(day, say("The rule"), *_switched(view.kind, change.was, change.became)))
    return rows


def _switched(kind: str, was: Any, became: Any) -> tuple[str, str]:  # noqa: ANN401 - lists of kinds
    before, after = (say("off") if kind in listed else say("on") for listed in (was, became))
    return before, after


def is_of(kind: str, name: str) -> bool:
    """Whether a setting is a number of that rule."""
    return name.startswith(f"detectors.{kind}.")
