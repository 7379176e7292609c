"""Secret URLs of the calendar feed, and what each one shows."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import ClassVar

import sqlalchemy as sa

from alerts.journal.schema import calendar_table
from alerts.runner.secret_urls import SecretAddresses


@dataclass(frozen=True, slots=True)
class CalendarShows:
    """What the calendar may show, as others may see it.

    Distances of runs; the titles of hip routines; anything that tells of pain or a professional.
    """

    distances: bool = True
    routines: bool = False
    health: bool = False


@dataclass(frozen=True, slots=True)
class CalendarAddresses(SecretAddresses[CalendarShows]):
    """One runner's calendar URLs."""

    table: ClassVar[sa.Table] = calendar_table
    column: ClassVar[str] = "shows"
    called: ClassVar[str] = "calendar address"

    @staticmethod
    def written(shows: CalendarShows) -> str:
        """The choices as stored."""
        return json.dumps(asdict(shows))

    @staticmethod
    def read(kept: str) -> CalendarShows:
        """The choices from their stored form."""
        return CalendarShows(**json.loads(kept))
