"""The rules over one's own past: when each would have triggered, compared with the pain diary.

Every rule is causal: what it finds for a day rests on that day and those before it. So one pass over the
whole history finds what a look on every single day would have found.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from alerts.alert.alert import Alert, Detector, Level
from alerts.alert.feedback import NOT_USEFUL, USEFUL, Opinion
from alerts.detectors.registry import detect
from alerts.evaluation.parameter_override import parameters
from alerts.journal.entries import PainEntry
from ingest.training_days.table import TrainingDays

FOLLOW_DAYS = 14
"""Pain that comes within so many days of an alert followed it; of the same day counts. [days]"""

LEAST_FOR_SHARE = 20
"""Of fewer events a percentage would say more than is known."""

LIVE_DAYS = 7
"""An alert entered within so many days of its own was made as it happened. [days]"""

NO_DAYS: Mapping[str, date] = MappingProxyType({})
NOTHING_SAID: Mapping[str, Opinion] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Fired:
    """One day on which a rule triggers; ``pain_day`` is the first pain day within 14 days, else None."""

    day: date
    level: Level
    pain_day: date | None = None


@dataclass(frozen=True, slots=True)
class RuleReplay:
    """One rule over a history: when it triggers, and pain days without an alert before.

    It is counted from ``first`` on, None where there is no history; ``pain_days`` are the days with pain
    since then, ``unannounced`` those of them before which it did not speak. ``useful`` and ``not_useful`` are
    how often the runner said so of what it told; None of a replay, which nobody was told.
    """

    kind: str
    fired: tuple[Fired, ...] = ()
    unannounced: tuple[date, ...] = ()
    parameters: Mapping[str, float] | None = None
    first: date | None = None
    pain_days: tuple[date, ...] = ()
    useful: int | None = None
    not_useful: int | None = None

    @property
    def times(self) -> int:
        """How often the rule triggers."""
        return len(self.fired)

    @property
    def followed(self) -> int:
        """How often pain was reported within 14 days."""
        return sum(1 for one in self.fired if one.pain_day is not None)

    @property
    def share_followed(self) -> float | None:
        """The share followed by pain; None for fewer than twenty alerts."""
        return self.followed / self.times if self.times >= LEAST_FOR_SHARE else None


@dataclass(frozen=True, slots=True)
class ReplayTable:
    """All rules over a history from ``first`` to ``last``; both None for an empty history.

    ``pain_days`` are the days of that history with pain in the diary; ``unannounced`` those of them before
    which no rule spoke at all.
    """

    first: date | None
    last: date | None
    pain_days: tuple[date, ...]
    unannounced: tuple[date, ...]
    rules: tuple[RuleReplay, ...]


def replay(
    days: TrainingDays, detectors: Iterable[Detector], pain: Iterable[date], *, kind: str | None = None
) -> ReplayTable:
    """Run the rules over every day of a history and compare with the days of pain.

    With ``kind``, all of them look, for some hear of others, and only that one is told.
    """
    rules = list(detectors)
    first = days.day[0].astype(date) if len(days) else None
    told = {rule.kind: parameters(rule) for rule in rules if kind in (None, rule.kind)}
    found = [alert for alert in detect(days, rules) if alert.kind in told]
    table = compare(found, pain, kinds=told, first=first, last=days.today)
    return dataclasses.replace(
        table, rules=tuple(dataclasses.replace(row, parameters=told[row.kind]) for row in table.rules)
    )


def compare(  # noqa: PLR0913 - what was found, where it hurt, and over which days
    alerts: Iterable[Alert],
    pain: Iterable[date],
    *,
    kinds: Iterable[str],
    first: date | None,
    last: date | None,
    since: Mapping[str, date] = NO_DAYS,
) -> ReplayTable:
    """Compare alerts with the days of pain; each day counts once.

    A rule that ``since`` names is counted from that day on; what it said before still announces pain.
    """
    if first is None or last is None:
        return ReplayTable(None, None, (), (), tuple(RuleReplay(kind) for kind in kinds))
    known = sorted({day for day in pain if first <= day <= last})
    found = [alert for alert in alerts if first <= alert.day <= last]
    rows = [
        _row(kind, [f for f in found if f.kind == kind], known, max(first, since.get(kind, first)))
        for kind in kinds
    ]
    return ReplayTable(
        first, last, tuple(known), _unannounced(known, sorted(f.day for f in found)), tuple(rows)
    )


def _row(kind: str, own: Sequence[Alert], pain: Sequence[date], first: date) -> RuleReplay:
    painful = pain[bisect_left(pain, first) :]
    fired = tuple(Fired(f.day, f.level, _pain_after(f.day, painful)) for f in own if f.day >= first)
    unannounced = _unannounced(painful, [f.day for f in own])
    return RuleReplay(kind, fired, unannounced, first=first, pain_days=tuple(painful))


def as_it_happened(  # noqa: PLR0913 - what was found, what was said to it, and since when
    entered: Iterable[tuple[date, Alert]],
    pain: Iterable[date],
    *,
    kinds: Iterable[str],
    first: date,
    last: date,
    since: Mapping[str, date] = NO_DAYS,
    said: Mapping[str, Opinion] = NOTHING_SAID,
) -> ReplayTable:
    """The same figures for alerts stored on their day; ``entered`` holds the day each was found.

    Alerts about years that were imported at once are not among them. It begins on ``first``, when somebody
    began to look, or with what was found in the days before; for each rule on the day that ``since`` names,
    when its numbers became what they are. ``said`` is what the runner said of alerts, by their keys.
    """
    told = list(kinds)
    live = [alert for on, alert in entered if (on - alert.day).days <= LIVE_DAYS]
    begun = min([first, *(alert.day for alert in live)])
    found = [alert for alert in live if alert.kind in told]
    table = compare(found, pain, kinds=told, first=begun, last=last, since=since)
    return dataclasses.replace(table, rules=tuple(_with_opinions(row, found, said) for row in table.rules))


def _with_opinions(row: RuleReplay, found: Iterable[Alert], said: Mapping[str, Opinion]) -> RuleReplay:
    """Count the runner's opinions of the alerts that a row counts."""
    told = {one.day for one in row.fired}
    opinions = Counter(said.get(f.key) for f in found if f.kind == row.kind and f.day in told)
    return dataclasses.replace(row, useful=opinions[USEFUL], not_useful=opinions[NOT_USEFUL])


def pain_days(entries: Iterable[PainEntry]) -> list[date]:
    """Days with pain: reports above 0 that were not withdrawn."""
    return sorted({e.report.day for e in entries if e.withdrawn_at is None and e.report.worst > 0})


def _pain_after(day: date, pain: Sequence[date]) -> date | None:
    at = bisect_left(pain, day)
    return pain[at] if at < len(pain) and (pain[at] - day).days <= FOLLOW_DAYS else None


def _unannounced(pain: Sequence[date], fired_days: Sequence[date]) -> tuple[date, ...]:
    """Pain days without an alert in the 14 days before."""

    def is_announced(day: date) -> bool:
        return bisect_right(fired_days, day) > bisect_left(fired_days, day - timedelta(days=FOLLOW_DAYS))

    return tuple(day for day in pain if not is_announced(day))
