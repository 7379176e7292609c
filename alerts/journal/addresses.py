"""Secret addresses of the calendar feed: told once, kept as a hash, revoked for good."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from alerts.errors import JournalError
from alerts.journal.tables import calendar_table as table
from ingest.database import Database

TOKEN_BYTES = 32
TOKEN_AT_MOST = 200


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
class CalendarAddresses:
    """One runner's calendar addresses."""

    database: Database
    runner_id: int

    def issue(self, shows: CalendarShows, *, now: datetime) -> str:
        """Make an address; the secret is given this once and is not kept."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = {
            "runner_id": self.runner_id,
            "token_sha256": _fingerprint(token),
            "shows": json.dumps(asdict(shows)),
            "created_at": now,
        }
        with self.database.writing() as connection:
            connection.execute(sa.insert(table).values(row))
        return token

    def revoke(self, number: int, *, now: datetime) -> None:
        """End an address; it never opens again.

        Raises
        ------
        JournalError
            If the runner has no such address.
        """
        mine = sa.update(table).where(self._mine, table.c.id == number)
        with self.database.writing() as connection:
            if not connection.execute(mine.values(revoked_at=now)).rowcount:
                raise JournalError(f"there is no calendar address {number}")

    def opens(self, token: str) -> CalendarShows | None:
        """What the address with this secret shows; None where it opens nothing."""
        if not 0 < len(token) <= TOKEN_AT_MOST:
            return None
        query = sa.select(table.c.shows).where(
            self._mine, table.c.token_sha256 == _fingerprint(token), table.c.revoked_at.is_(None)
        )
        with self.database.reading() as connection:
            shows = connection.execute(query).scalar()
        return None if shows is None else CalendarShows(**json.loads(shows))

    def all(self) -> list[CalendarAddress]:
        """The addresses in force, oldest first."""
        query = sa.select(table).where(self._mine, table.c.revoked_at.is_(None)).order_by(table.c.id)
        with self.database.reading() as connection:
            return [
                CalendarAddress(row["id"], CalendarShows(**json.loads(row["shows"])), row["created_at"])
                for row in connection.execute(query).mappings()
            ]

    @property
    def _mine(self) -> sa.ColumnElement[bool]:
        return table.c.runner_id == self.runner_id


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
