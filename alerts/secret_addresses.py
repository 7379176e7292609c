"""Secret addresses, of whatever is handed out by them: told once, kept as a hash, revoked for good."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from ingest.database import Database

Kept = TypeVar("Kept")

TOKEN_BYTES = 32
TOKEN_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class SecretAddresses(Generic[Kept]):
    """One runner's addresses in ``table``; ``kept`` is the column that says what an address shows."""

    database: Database
    runner_id: int

    table: ClassVar[sa.Table]
    kept: ClassVar[str]

    def _issue(self, value: Kept, now: datetime) -> str:
        """Make an address; the secret is given this once."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = {
            "runner_id": self.runner_id,
            "token_sha256": _fingerprint(token),
            self.kept: value,
            "created_at": now,
        }
        with self.database.writing() as connection:
            connection.execute(sa.insert(self.table).values(row))
        return token

    def _end(self, number: int, now: datetime) -> bool:
        """End an address; False where there is none of that number in force."""
        ended = sa.update(self.table).where(self._in_force, self.table.c.id == number)
        with self.database.writing() as connection:
            return bool(connection.execute(ended.values(revoked_at=now)).rowcount)

    def _value(self, token: str) -> Kept | None:
        """What is kept of the address with this secret; None where it opens nothing."""
        if not 0 < len(token) <= TOKEN_AT_MOST:
            return None
        mine = self._in_force & (self.table.c.token_sha256 == _fingerprint(token))
        with self.database.reading() as connection:
            value: Kept | None = connection.execute(sa.select(self.table.c[self.kept]).where(mine)).scalar()
        return value

    def _rows(self) -> Sequence[RowMapping]:
        """The addresses in force, oldest first."""
        query = sa.select(self.table).where(self._in_force).order_by(self.table.c.id)
        with self.database.reading() as connection:
            return connection.execute(query).mappings().all()

    @property
    def _in_force(self) -> sa.ColumnElement[bool]:
        return (self.table.c.runner_id == self.runner_id) & self.table.c.revoked_at.is_(None)


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
