"""Secret addresses of the calendar feed: told once, kept as a hash, revoked for good."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa

from alerts.errors import JournalError
from alerts.journal.tables import calendar_table
from alerts.secret_addresses import SecretAddresses


@dataclass(frozen=True, slots=True)
class CalendarShows:
    """What the runner lets the calendar show; others may look over a shoulder at it.

    Distances of runs; the titles of hip routines; anything that tells of pain or a professional.
    """

    distances: bool = True
    routines: bool = False
    health: bool = False


@dataclass(frozen=True, slots=True)
class CalendarAddress:
    """An address that is in force; the secret in it is not known any more."""

    id: int
    shows: CalendarShows
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CalendarAddresses(SecretAddresses[str]):
    """One runner's calendar addresses."""

    table: ClassVar[sa.Table] = calendar_table
    kept: ClassVar[str] = "shows"

    def issue(self, shows: CalendarShows, *, now: datetime) -> str:
        """Make an address; the secret is given this once and is not kept."""
        return self._issue(json.dumps(asdict(shows)), now)

    def revoke(self, number: int, *, now: datetime) -> None:
        """End an address; it never opens again.

        Raises
        ------
        JournalError
            If the runner has no such address in force.
        """
        if not self._end(number, now):
            raise JournalError(f"there is no calendar address {number}")

    def opens(self, token: str) -> CalendarShows | None:
        """What the address with this secret shows; None where it opens nothing."""
        shows = self._value(token)
        return None if shows is None else CalendarShows(**json.loads(shows))

    def all(self) -> list[CalendarAddress]:
        """The addresses in force, oldest first."""
        return [
            CalendarAddress(row["id"], CalendarShows(**json.loads(row["shows"])), row["created_at"])
            for row in self._rows()
        ]
