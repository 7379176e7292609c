"""Groups alerts about the same running, so that they are reported once."""

from __future__ import annotations

import enum
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from alerts.alert.alert import OPEN_DAYS, Alert, Level
from alerts.detectors.hard_days import HardAfterHard
from alerts.detectors.ramp import TwoWeekRamp
from alerts.detectors.rest import NoRest
from alerts.detectors.single_run import SingleRunSpike

FORTNIGHT = timedelta(days=14)
"""As long as the advice of an alert runs, a group that it belongs to goes on."""

ORDER: Mapping[str, int] = MappingProxyType(
    {
        kind: place
        for place, kind in enumerate(
            (
                "single_run_spike",
                "two_week_ramp",
                "hard_minutes_spike",
                "cadence_shift",
                "return_after_break",
                "no_rest",
                "hard_after_hard",
                "descent_spike",
            )
        )
    }
)
"""Who leads among equals: what has the better evidence, then what has more to do."""

LOAD = frozenset({"single_run_spike", "two_week_ramp", "hard_minutes_spike"})
NOTES_ON_LOAD = frozenset({*LOAD, "no_rest", "hard_after_hard", "descent_spike"})
"""Rules about how much is run, and those whose information may be about the same of it."""

FORM = frozenset({"cadence_shift", "balance_drift", "form_fade", "no_warm_up"})
"""Rules about how it is run: never the same group as how much."""


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """Alerts about the same running: the most severe and latest one leads."""

    lead: Alert
    also: tuple[Alert, ...] = ()

    @property
    def parts(self) -> tuple[Alert, ...]:
        """All alerts, the leading one first."""
        return self.lead, *self.also

    @property
    def first(self) -> Alert:
        """The first alert above the info level; it stays the first whatever joins later."""
        return min(self.parts, key=lambda part: (part.level is Level.INFO, part.day, *_rank(part)))

    def led_by(self, lead: Alert) -> AlertGroup:
        """The same group led by another alert."""
        return AlertGroup(lead, tuple(part for part in self.parts if part is not lead))


def group_alerts(alerts: Iterable[Alert]) -> list[AlertGroup]:
    """Group alerts about the same running, in order of the first day of each group.

    One group are, while its last part is not a fortnight old: alerts of one day, unless they are about two
    of its runs; what a rule says again, as where a long run or a ramp goes on growing; a ramp that would not
    be there, had the long runs in it stayed within their ceilings; and what is for information about days
    that a more severe alert is about. How much is run and how it is run are two groups.

    Only alerts at the info level move between groups later: they wait for a more severe one to join.
    """
    over: list[list[Alert]] = []
    stories: list[list[Alert]] = []
    for alert in sorted(alerts, key=lambda f: (f.day, *_rank(f))):
        over += [group for group in stories if _is_over(group, alert.day)]
        stories = [group for group in stories if not _is_over(group, alert.day)]
        joined = _joined(alert, [group for group in stories if _belongs(alert, group)])
        parts = sorted((part for group in joined for part in group), key=_day)
        stories = [group for group in stories if not any(group is other for other in joined)]
        stories.append([*parts, alert])
    told = sorted([*over, *stories], key=lambda group: (group[0].day, *_rank(group[0])))
    return [_cause(group) for group in told]


def groups_of(chosen: Iterable[Alert], among: Iterable[Alert]) -> list[AlertGroup]:
    """The groups of the chosen alerts, each led by its most severe chosen alert."""
    mine = {alert.key: alert for alert in chosen}
    every = {alert.key: alert for alert in among} | mine
    groups = []
    for group in group_alerts(every.values()):
        lead = next((part for part in group.parts if part.key in mine), None)
        if lead is not None:
            groups.append(group.led_by(lead))
    return groups


def lead_by_key(groups: Iterable[AlertGroup]) -> Mapping[str, Alert]:
    """Maps the key of each alert that does not lead its group to the one that does."""
    return {other.key: group.lead for group in groups for other in group.also}


def _cause(group: Iterable[Alert]) -> AlertGroup:
    first, *rest = sorted(group, key=lambda f: (-f.level, _place(f), -f.day.toordinal(), f.kind))
    return AlertGroup(first, tuple(rest))


def _joined(alert: Alert, homes: Sequence[list[Alert]]) -> list[list[Alert]]:
    """The stories that an alert joins to one: the latest, and what waited as information for a group."""
    grave = [group for group in homes if _is_grave(group)]
    if alert.level is Level.INFO:
        return (grave or list(homes))[-1:]
    return [*grave[-1:], *(group for group in homes if not _is_grave(group))]


def _is_over(group: Sequence[Alert], day: date) -> bool:
    return day - group[-1].day >= FORTNIGHT


def _belongs(alert: Alert, group: Sequence[Alert]) -> bool:
    """Whether an alert is about the same running as a group of the days before."""
    if (group[0].kind in FORM) != (alert.kind in FORM):
        return False
    today = [part for part in group if part.day == alert.day]
    if today:
        return len({part.activity_id for part in (*today, alert)} - {None}) <= 1
    return (
        any(part.kind == alert.kind for part in group)
        or _is_made_by_long_runs(alert, group)
        or any(_is_note_on(alert, part) for part in group)
        or (not _is_grave(group) and any(_is_note_on(part, alert) for part in group))
    )


def _is_made_by_long_runs(ramp: Alert, group: Iterable[Alert]) -> bool:
    """Whether a ramp exists only because of long runs beyond their ceilings."""
    if ramp.kind != TwoWeekRamp.kind:
        return False
    long_runs = [p for p in group if p.kind == SingleRunSpike.kind and _first_day(ramp) <= p.day]
    return bool(long_runs) and sum(map(_beyond_m, long_runs)) >= _beyond_m(ramp)


def _beyond_m(alert: Alert) -> float:
    """Distance beyond the limit below which the rule stays quiet. [m]"""
    return alert.observed - alert.numbers.get("ceiling_m", alert.expected)


def _is_note_on(note: Alert, other: Alert) -> bool:
    """Whether one alert is information about days that the other, more severe one is about."""
    is_note = note.level is Level.INFO and note.kind in NOTES_ON_LOAD
    is_on_load = other.level > Level.INFO and other.kind in LOAD
    return is_note and is_on_load and _first_day(note) <= other.day and _first_day(other) <= note.day


def _first_day(alert: Alert) -> date:
    """The first day that an alert about running volume covers."""
    is_pair = alert.kind == HardAfterHard.kind or (alert.kind == NoRest.kind and alert.unit == "h")
    if is_pair and alert.compared_day is not None:
        return alert.compared_day
    numbers = alert.numbers
    days = numbers.get("span_days") or numbers.get("alike_days") or 1.0
    if alert.kind == TwoWeekRamp.kind:
        days = FORTNIGHT.days
    elif alert.kind == NoRest.kind and alert.unit == "days":
        days = alert.observed
    return alert.day - timedelta(days=int(days) - 1)


def _is_grave(group: Iterable[Alert]) -> bool:
    return any(part.level > Level.INFO for part in group)


def _day(alert: Alert) -> date:
    return alert.day


def _rank(alert: Alert) -> tuple[int, int, str]:
    return -alert.level, _place(alert), alert.kind


def _place(alert: Alert) -> int:
    return ORDER.get(alert.kind, len(ORDER))


class AlertState(enum.StrEnum):
    """Whether an alert is open, snoozed or over."""

    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


def state_on(today: date, snoozed: Container[str]) -> Callable[[Alert], AlertState]:
    """The state of alerts on a day, given the snoozed rules."""

    def course(alert: Alert) -> AlertState:
        if alert.day <= today - timedelta(days=OPEN_DAYS):
            return AlertState.CLOSED
        return AlertState.SNOOZED if alert.kind in snoozed else AlertState.OPEN

    return course


def all_groups(alerts: Iterable[Alert], course: Callable[[Alert], AlertState]) -> list[AlertGroup]:
    """All groups, the one with the latest alert first, led by its most severe open alert."""
    order = tuple(AlertState)
    groups = sorted(group_alerts(alerts), key=_latest, reverse=True)
    return [group.led_by(min(group.parts, key=lambda part: order.index(course(part)))) for group in groups]


def _latest(group: AlertGroup) -> date:
    return max(part.day for part in group.parts)
