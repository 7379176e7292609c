"""Secret URLs: shown once, stored as a hash, revocable."""

from __future__ import annotations

import hashlib
import secrets
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

import sqlalchemy as sa

from alerts.errors import AlertsError
from ingest.storage.database import Database

Shown = TypeVar("Shown")

TOKEN_BYTES = 32
TOKEN_AT_MOST = 200


class AddressError(AlertsError):
    """The runner has no such active URL."""


@dataclass(frozen=True, slots=True)
class SecretAddress(Generic[Shown]):
    """An active secret URL and what it shows; its secret is no longer known."""

    id: int
    shows: Shown
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SecretAddresses(ABC, Generic[Shown]):
    """One runner's secret URLs in ``table``; ``column`` stores what each shows."""

    database: Database
    runner_id: int

    table: ClassVar[sa.Table]
    column: ClassVar[str]
    called: ClassVar[str]

    @staticmethod
    @abstractmethod
    def written(shows: Shown) -> int | str:
        """What a URL shows, as stored."""

    @staticmethod
    @abstractmethod
    def read(kept: Any) -> Shown:  # noqa: ANN401 - a column's value
        """What a URL shows, from its stored form."""

    def issue(self, shows: Shown, *, now: datetime) -> str:
        """Create a URL; its secret is returned once and not stored."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = {
            "runner_id": self.runner_id,
            "token_sha256": _fingerprint(token),
            self.column: self.written(shows),
            "created_at": now,
        }
        with self.database.writing() as connection:
            connection.execute(sa.insert(self.table).values(row))
        return token

    def revoke(self, number: int, *, now: datetime) -> None:
        """Revoke a URL for good.

        Raises
        ------
        AddressError
            If the runner has no such address in force.
        """
        ended = sa.update(self.table).where(self._in_force, self.table.c.id == number)
        with self.database.writing() as connection:
            if not connection.execute(ended.values(revoked_at=now)).rowcount:
                raise AddressError(f"there is no {self.called} {number}")

    def opens(self, token: str) -> Shown | None:
        """What the URL with this secret shows; None if it is not active."""
        if not 0 < len(token) <= TOKEN_AT_MOST:
            return None
        mine = self._in_force & (self.table.c.token_sha256 == _fingerprint(token))
        with self.database.reading() as connection:
            kept = connection.execute(sa.select(self.table.c[self.column]).where(mine)).scalar()
        return None if kept is None else self.read(kept)

    def all(self) -> list[SecretAddress[Shown]]:
        """The active URLs, oldest first."""
        query = sa.select(self.table).where(self._in_force).order_by(self.table.c.id)
        with self.database.reading() as connection:
            return [
                SecretAddress(row["id"], self.read(row[self.column]), row["created_at"])
                for row in connection.execute(query).mappings()
            ]

    @property
    def _in_force(self) -> sa.ColumnElement[bool]:
        return (self.table.c.runner_id == self.runner_id) & self.table.c.revoked_at.is_(None)


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
