"""Login sessions: one row for each logged-in browser; deleting the row logs it out."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from ingest.storage.database import Database
from web.accounts.account_store import AccountKind
from web.accounts.one_time_links import token_digest
from web.accounts.schema import account_table, visit_table

IDLE = timedelta(days=14)
LONGEST = timedelta(days=90)
NOTICED_EVERY = timedelta(minutes=5)
"""How exactly it is known when a browser was last seen; a write for each page would be a waste."""

_VISIT = visit_table.c

_ADMIT = (
    sa.select(
        account_table.c.runner_id,
        account_table.c.name,
        account_table.c.kind,
        account_table.c.hides,
        account_table.c.uniquifier,
        _VISIT.id,
        _VISIT.account_id,
        _VISIT.seen_at,
    )
    .join(account_table, account_table.c.id == _VISIT.account_id)
    .where(
        _VISIT.token_sha256 == sa.bindparam("token"),
        _VISIT.seen_at > sa.bindparam("idle_since"),
        _VISIT.opened_at > sa.bindparam("opened_since"),
    )
)
"""Asked for every page, so put together once."""


@dataclass(frozen=True, slots=True)
class ActiveLogin:
    """The account that a session cookie logs in."""

    session_id: int
    account_id: int
    runner_id: int
    name: str
    kind: AccountKind
    hides: tuple[str, ...]
    uniquifier: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class LoginSession:
    """One logged-in browser as it is listed."""

    id: int
    opened_at: datetime
    seen_at: datetime
    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class LoginSessionStore:
    """Storage of login sessions."""

    database: Database

    def open(self, account_id: int, *, address: str, browser: str, now: datetime) -> str:
        """Open a session and return the secret for its cookie; expired sessions are deleted."""
        token = secrets.token_urlsafe(32)
        over = sa.or_(_VISIT.seen_at <= now - IDLE, _VISIT.opened_at <= now - LONGEST)
        with self.database.writing() as connection:
            connection.execute(visit_table.delete().where(over))
            connection.execute(
                visit_table.insert().values(
                    account_id=account_id,
                    token_sha256=token_digest(token),
                    opened_at=now,
                    seen_at=now,
                    address=address[:64],
                    browser=browser[:200],
                )
            )
        return token

    def authenticate(self, token: str, *, now: datetime) -> ActiveLogin | None:
        """The login of that cookie, marked as seen; None if it was ended or has expired."""
        admitted = self.look(token, now=now)
        if admitted is not None and now - admitted.seen_at >= NOTICED_EVERY:
            self._note(admitted.session_id, now)
        return admitted

    def look(self, token: str, *, now: datetime) -> ActiveLogin | None:
        """The login of that cookie, without writing anything."""
        if not token:
            return None
        since = {"idle_since": now - IDLE, "opened_since": now - LONGEST}
        with self.database.reading() as connection:
            row = connection.execute(_ADMIT, {"token": token_digest(token), **since}).first()
        if row is None:
            return None
        return ActiveLogin(
            session_id=row.id,
            account_id=row.account_id,
            runner_id=row.runner_id,
            name=row.name,
            kind=AccountKind(row.kind),
            hides=tuple(json.loads(row.hides)),
            uniquifier=row.uniquifier,
            seen_at=row.seen_at,
        )

    def of(self, account_id: int) -> list[LoginSession]:
        """The sessions of an account, last seen first."""
        query = sa.select(visit_table).where(_VISIT.account_id == account_id).order_by(_VISIT.seen_at.desc())
        with self.database.reading() as connection:
            return [
                LoginSession(row.id, row.opened_at, row.seen_at, row.address, row.browser)
                for row in connection.execute(query)
            ]

    def end(self, account_id: int, session_id: int) -> None:
        """Log one browser of the account out."""
        self._delete(_VISIT.account_id == account_id, _VISIT.id == session_id)

    def end_others(self, account_id: int, *, but: int | None) -> None:
        """Log out every browser of the account except one."""
        self._delete(_VISIT.account_id == account_id, _VISIT.id != (but if but is not None else -1))

    def close(self, token: str) -> None:
        """Log out the browser that has that cookie."""
        self._delete(_VISIT.token_sha256 == token_digest(token))

    def _note(self, session_id: int, now: datetime) -> None:
        with self.database.writing() as connection:
            connection.execute(visit_table.update().where(_VISIT.id == session_id).values(seen_at=now))

    def _delete(self, *which: sa.ColumnElement[bool]) -> None:
        with self.database.writing() as connection:
            connection.execute(visit_table.delete().where(*which))
