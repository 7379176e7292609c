"""All alerts in groups, by whether they are open, snoozed or over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from alerts.alert.alert import Alert
from alerts.care.explained_alert import ExplainedAlert
from alerts.explanation.grouping import AlertState, all_groups


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """The leading alert of a group with the others, and its state."""

    explained: ExplainedAlert
    course: AlertState


@dataclass(frozen=True, slots=True)
class AlertList:
    """Alerts, latest first; ``snoozed`` holds the end of each snooze by rule."""

    today: date
    listed: tuple[ListedGroup, ...]
    snoozed: Mapping[str, date]


def explained_groups(
    explained: Sequence[ExplainedAlert], course: Callable[[Alert], AlertState]
) -> tuple[ListedGroup, ...]:
    """Every group with its text."""
    by_key = {one.alert.key: one for one in explained}
    return tuple(
        ListedGroup(replace(by_key[group.lead.key], also=group.also), course(group.lead))
        for group in all_groups((one.alert for one in explained), course)
    )
