"""Every finding there is, as stories, by whether their advice still runs."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from alerts.findings import Finding
from alerts.pages.overview import Explained
from alerts.stories import Cause, tell_once

OPEN_DAYS = 14
"""A finding is open for so long: after that its advice has run its course. [days]"""


class Course(enum.StrEnum):
    """Where a finding stands: its advice still runs, its rule is kept quiet for a while, or it is over."""

    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Listed:
    """The finding that leads a story, with the others of it, and where it stands."""

    explained: Explained
    course: Course


@dataclass(frozen=True, slots=True)
class FindingList:
    """Findings, latest first; ``snoozed`` says of the rules that are kept quiet until which day they are."""

    today: date
    listed: tuple[Listed, ...]
    snoozed: Mapping[str, date]


def as_stories(explained: Sequence[Explained], course: Callable[[Finding], Course]) -> tuple[Listed, ...]:
    """Every story, the one with the latest part first; led by the gravest part whose advice still runs."""
    by_key = {one.finding.key: one for one in explained}

    def listed(cause: Cause) -> Listed:
        at = min((course(part) for part in cause.parts), key=tuple(Course).index)
        lead = next(part for part in cause.parts if course(part) is at)
        also = tuple(part for part in cause.parts if part is not lead)
        return Listed(replace(by_key[lead.key], also=also), at)

    causes = sorted(tell_once(one.finding for one in explained), key=_latest, reverse=True)
    return tuple(listed(cause) for cause in causes)


def _latest(cause: Cause) -> date:
    return max(part.day for part in cause.parts)
