"""Every finding there is, as stories, by whether their advice still runs."""

from __future__ import annotations

import enum
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

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


def course_on(today: date, snoozed: Container[str]) -> Callable[[Finding], Course]:
    """Where findings stand on a day on which these rules are kept quiet."""

    def course(finding: Finding) -> Course:
        if finding.day <= today - timedelta(days=OPEN_DAYS):
            return Course.CLOSED
        return Course.SNOOZED if finding.kind in snoozed else Course.OPEN

    return course


def stories_of(findings: Iterable[Finding], course: Callable[[Finding], Course]) -> list[Cause]:
    """Every story, the one with the latest part first; led by the gravest part whose advice still runs."""
    order = tuple(Course)
    causes = sorted(tell_once(findings), key=_latest, reverse=True)
    return [cause.led_by(min(cause.parts, key=lambda part: order.index(course(part)))) for cause in causes]


def as_stories(explained: Sequence[Explained], course: Callable[[Finding], Course]) -> tuple[Listed, ...]:
    """Every story in words."""
    by_key = {one.finding.key: one for one in explained}
    return tuple(
        Listed(replace(by_key[cause.lead.key], also=cause.also), course(cause.lead))
        for cause in stories_of((one.finding for one in explained), course)
    )


def _latest(cause: Cause) -> date:
    return max(part.day for part in cause.parts)
