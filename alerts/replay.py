"""The rules over one's own past: when each would have spoken, and what the pain diary says to that.

Every rule is causal: what it finds for a day rests on that day and those before it. So one pass over the
whole history finds what a look on every single day would have found.
"""

from __future__ import annotations

import dataclasses
import difflib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from alerts.detectors.making import make_rule
from alerts.detectors.registry import detect
from alerts.errors import ReplayError
from alerts.findings import Detector, Finding, Level
from alerts.journal.entries import PainEntry
from ingest.daily import TrainingDays

FOLLOW_DAYS = 14
"""Pain that comes within so many days of a finding followed it; of the same day counts. [days]"""

LEAST_FOR_SHARE = 20
"""Of fewer events a percentage would say more than is known."""

LIVE_DAYS = 7
"""A finding entered within so many days of its own was made as it happened. [days]"""


@dataclass(frozen=True, slots=True)
class Fired:
    """One day on which a rule speaks; ``pain_day`` is the first with pain within 14 days, None without."""

    day: date
    level: Level
    pain_day: date | None = None


@dataclass(frozen=True, slots=True)
class RuleReplay:
    """One rule over a history: when it speaks, and the days with pain before which it did not.

    ``not_useful`` is how often the runner said so of what it told; of a replay nobody ever did.
    """

    kind: str
    fired: tuple[Fired, ...] = ()
    unannounced: tuple[date, ...] = ()
    parameters: Mapping[str, float] | None = None
    not_useful: int = 0

    @property
    def times(self) -> int:
        """How often it speaks."""
        return len(self.fired)

    @property
    def followed(self) -> int:
        """How often pain was reported within 14 days."""
        return sum(1 for one in self.fired if one.pain_day is not None)

    @property
    def share_followed(self) -> float | None:
        """The share that was followed, None where there are fewer than twenty."""
        return self.followed / self.times if self.times >= LEAST_FOR_SHARE else None


@dataclass(frozen=True, slots=True)
class ReplayTable:
    """All rules over a history from ``first`` to ``last``; both are None where it is empty.

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
    """Let the rules look at every day of a history, and hold against it the days on which it hurt.

    With ``kind``, all of them look, for some hear of others, and only that one is told.
    """
    rules = list(detectors)
    first = days.day[0].astype(date) if len(days) else None
    told = {rule.kind: parameters(rule) for rule in rules if kind in (None, rule.kind)}
    found = [finding for finding in detect(days, rules) if finding.kind in told]
    table = compare(found, pain, kinds=told, first=first, last=days.today)
    return dataclasses.replace(
        table, rules=tuple(dataclasses.replace(row, parameters=told[row.kind]) for row in table.rules)
    )


def compare(
    findings: Iterable[Finding],
    pain: Iterable[date],
    *,
    kinds: Iterable[str],
    first: date | None,
    last: date | None,
) -> ReplayTable:
    """Hold findings against the days on which it hurt; each day counts once."""
    if first is None or last is None:
        return ReplayTable(None, None, (), (), tuple(RuleReplay(kind) for kind in kinds))
    known = sorted({day for day in pain if first <= day <= last})
    found = [finding for finding in findings if first <= finding.day <= last]
    rows = []
    for kind in kinds:
        own = [finding for finding in found if finding.kind == kind]
        fired = tuple(Fired(f.day, f.level, _pain_after(f.day, known)) for f in own)
        rows.append(RuleReplay(kind, fired, _unannounced(known, [f.day for f in own])))
    return ReplayTable(
        first, last, tuple(known), _unannounced(known, sorted(f.day for f in found)), tuple(rows)
    )


def as_it_happened(
    entered: Iterable[tuple[date, Finding]],
    pain: Iterable[date],
    *,
    kinds: Iterable[str],
    last: date,
    not_useful: Collection[str] = frozenset(),
) -> ReplayTable:
    """The same figures of what was really found on its day; ``entered`` holds the day of each entry.

    Findings about years that were imported at once are not among them. ``not_useful`` are the keys of those
    of which the runner said so.
    """
    live = [(on, finding) for on, finding in entered if (on - finding.day).days <= LIVE_DAYS]
    first = min((finding.day for _, finding in live), default=None)
    table = compare(
        [finding for _, finding in live], pain, kinds=kinds, first=first, last=last if first else None
    )
    useless = Counter(finding.kind for _, finding in live if finding.key in not_useful)
    rows = tuple(dataclasses.replace(row, not_useful=useless[row.kind]) for row in table.rules)
    return dataclasses.replace(table, rules=rows)


def pain_days(entries: Iterable[PainEntry]) -> list[date]:
    """The days on which it hurt: reports above 0 that were not withdrawn."""
    return sorted({e.report.day for e in entries if e.withdrawn_at is None and e.report.worst > 0})


def parameters(rule: Detector) -> dict[str, float]:
    """A rule's parameters by their names."""
    return dataclasses.asdict(cast("Any", rule))


def adjusted(
    detectors: Sequence[Detector], changes: Mapping[str, str], *, kind: str | None = None
) -> tuple[Detector, ...]:
    """The rules with some parameters changed, only the rule ``kind`` where it is named.

    A change is called "ratio" or "descent_spike.ratio"; a plain name changes every rule that has it.

    Raises
    ------
    ReplayError
        If no such rule or parameter is there (the nearest is named), or the value cannot be.
    """
    kinds = [rule.kind for rule in detectors]
    if kind is not None and kind not in kinds:
        raise ReplayError(f"there is no rule {kind!r}; the nearest is {_nearest(kind, kinds)!r}")
    chosen = [rule for rule in detectors if kind in (None, rule.kind)]
    names = {f"{rule.kind}.{name}" for rule in chosen for name in parameters(rule)}
    for name in changes:
        if not any(name in (known, known.partition(".")[2]) for known in names):
            near = _nearest(name, sorted(names | {known.partition(".")[2] for known in names}))
            raise ReplayError(f"no rule has a parameter {name!r}; the nearest is {near!r}")
    return tuple(_changed(rule, changes) for rule in chosen)


def _changed(rule: Detector, changes: Mapping[str, str]) -> Detector:
    own = parameters(rule)
    new = {
        name: text
        for name in own
        for called, text in changes.items()
        if called in (name, f"{rule.kind}.{name}")
    }
    try:
        return make_rule(type(rule), {**own, **new})
    except ValueError as error:
        raise ReplayError(f"{rule.kind}: {error}") from error


def _nearest(name: str, known: Sequence[str]) -> str:
    return difflib.get_close_matches(name, known, n=1, cutoff=0)[0]


def _pain_after(day: date, pain: Sequence[date]) -> date | None:
    at = bisect_left(pain, day)
    return pain[at] if at < len(pain) and (pain[at] - day).days <= FOLLOW_DAYS else None


def _unannounced(pain: Sequence[date], spoken: Sequence[date]) -> tuple[date, ...]:
    """The days with pain before which nothing was said for 14 days."""

    def is_announced(day: date) -> bool:
        return bisect_right(spoken, day) > bisect_left(spoken, day - timedelta(days=FOLLOW_DAYS))

    return tuple(day for day in pain if not is_announced(day))
