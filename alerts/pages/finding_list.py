"""Every finding there is, by whether its advice still runs."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from alerts.pages.overview import Explained

OPEN_DAYS = 14
"""A finding is open for so long: after that its advice has run its course. [days]"""


class Course(enum.StrEnum):
    """Where a finding stands: its advice still runs, its rule is kept quiet for a while, or it is over."""

    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Listed:
    """A finding and where it stands."""

    explained: Explained
    course: Course


@dataclass(frozen=True, slots=True)
class FindingList:
    """Findings, latest first; ``snoozed`` says of the rules that are kept quiet until when they are."""

    today: date
    listed: tuple[Listed, ...]
    snoozed: Mapping[str, datetime]
