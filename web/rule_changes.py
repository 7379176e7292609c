"""What was changed of a rule, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from alerts import units as words
from alerts.pages.rule_view import RuleView
from alerts.preferences import Change
from alerts.words.language import say


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
            rows.append(ChangeRow(day, say("The rule"), *_switched(view.kind, change.was, change.became)))
    return rows


def _switched(kind: str, was: Any, became: Any) -> tuple[str, str]:  # noqa: ANN401 - lists of kinds
    before, after = (say("off") if kind in listed else say("on") for listed in (was, became))
    return before, after
