"""One-time links, which set a first password or replace a forgotten one.

Only the digest of a link is kept, it expires, and what it is used for and its end are one transaction.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from ingest.storage.database import Database
from web.accounts.account_store import AccountKind, add_account, change_account, has_administrator
from web.accounts.schema import account_table, ticket_table, visit_table

LIFETIME = timedelta(minutes=30)

_TICKET = ticket_table.c


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """What a link is for: the password of an account, or the first account of all."""

    id: int
    account_id: int | None
    name: str


def token_digest(token: str) -> str:
    """Digest of a 256-bit secret, which needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OneTimeLinkStore:
    """The links of one runner's accounts."""

    database: Database
    runner_id: int

    def issue(self, account_id: int | None, *, now: datetime, lifetime: timedelta = LIFETIME) -> str:
        """Create a link's secret; an earlier one for the same purpose stops working."""
        token = secrets.token_urlsafe(32)
        same = _TICKET.account_id.is_(None) if account_id is None else _TICKET.account_id == account_id
        with self.database.writing() as connection:
            connection.execute(ticket_table.delete().where(sa.or_(same, _TICKET.expires_at <= now)))
            connection.execute(
                ticket_table.insert().values(
                    account_id=account_id, token_sha256=token_digest(token), expires_at=now + lifetime
                )
            )
        return token

    def read(self, token: str, *, now: datetime) -> OneTimeLink | None:
        """What the link is for; None if it is used, replaced or expired."""
        with self.database.reading() as connection:
            return self._valid(connection, token, now)

    def use(self, token: str, *, name: str, password_hash: str, now: datetime) -> bool:
        """Set the password, of the first administrator called ``name`` where there is none yet.

        Every browser that was logged in by the account is logged out. False where the link has been
        used in the meantime.

        Raises
        ------
        AccountsError
            If the first administrator cannot be called that.
        """
        with self.database.writing() as connection:
            ticket = self._valid(connection, token, now)
            if ticket is None:
                return False
            if ticket.account_id is None:
                add_account(
                    connection,
                    self.runner_id,
                    name=name,
                    kind=AccountKind.ADMINISTRATOR,
                    now=now,
                    password_hash=password_hash,
                )
            else:
                fresh = secrets.token_hex(32)
                change_account(connection, ticket.account_id, password_hash=password_hash, uniquifier=fresh)
                gone = visit_table.delete().where(visit_table.c.account_id == ticket.account_id)
                connection.execute(gone)
            connection.execute(ticket_table.delete().where(_TICKET.id == ticket.id))
        return True

    def _valid(self, connection: sa.Connection, token: str, now: datetime) -> OneTimeLink | None:
        query = (
            sa.select(_TICKET.id, _TICKET.account_id, account_table.c.name, account_table.c.runner_id)
            .outerjoin(account_table, account_table.c.id == _TICKET.account_id)
            .where(_TICKET.token_sha256 == token_digest(token), _TICKET.expires_at > now)
        )
        row = connection.execute(query).first()
        if row is None:
            return None
        if row.account_id is None:
            taken = has_administrator(connection, self.runner_id)
            return None if taken else OneTimeLink(row.id, None, "")
        return OneTimeLink(row.id, row.account_id, row.name) if row.runner_id == self.runner_id else None
