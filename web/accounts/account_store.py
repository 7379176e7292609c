"""Storage of one runner's accounts."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from ingest.storage.database import Database
from web.accounts.password_policy import MAX_NAME_LENGTH, AccountsError, is_valid_name, normalised_name
from web.accounts.schema import account_table, passkey_table, visit_table

_ACCOUNT = account_table.c

_EXIST = sa.select(_ACCOUNT.id).where(_ACCOUNT.runner_id == sa.bindparam("runner_id")).limit(1)
"""Put together once."""


class AccountKind(StrEnum):
    """What an account may do."""

    ADMINISTRATOR = "administrator"
    PHYSIOTHERAPIST = "physiotherapist"


@dataclass(frozen=True, slots=True)
class Account:
    """One account as it is listed, without any secret."""

    id: int
    name: str
    kind: AccountKind
    hides: tuple[str, ...]
    has_password: bool
    has_app: bool
    recovery_codes_left: int
    passkeys: int
    created_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountStore:
    """The accounts of a runner; every query names the runner."""

    database: Database
    runner_id: int

    def exist(self) -> bool:
        """Whether anybody has an account, so that everybody has to log in."""
        with self.database.reading() as connection:
            return connection.execute(_EXIST, {"runner_id": self.runner_id}).first() is not None

    def all(self) -> list[Account]:
        """Every account, oldest first."""
        passkeys = (
            sa.select(sa.func.count())
            .where(passkey_table.c.account_id == _ACCOUNT.id)
            .scalar_subquery()
            .label("passkeys")
        )
        seen_at = (
            sa.select(sa.func.max(visit_table.c.seen_at))
            .where(visit_table.c.account_id == _ACCOUNT.id)
            .scalar_subquery()
            .label("seen_at")
        )
        query = (
            sa.select(account_table, passkeys, seen_at)
            .where(_ACCOUNT.runner_id == self.runner_id)
            .order_by(_ACCOUNT.id)
        )
        with self.database.reading() as connection:
            return [_account(row) for row in connection.execute(query)]

    def find(self, name: str) -> Account:
        """The account of that name.

        Raises
        ------
        AccountsError
            If there is none.
        """
        tidy = normalised_name(name)
        for account in self.all():
            if account.name == tidy:
                return account
        raise AccountsError(f"there is no account {tidy!r}; hipwatch accounts list shows those there are")

    def add(self, name: str, kind: AccountKind, *, now: datetime, hides: Sequence[str] = ()) -> int:
        """Create an account without a password and return its number.

        Raises
        ------
        AccountsError
            If the name cannot be one or is taken, or if there is no administrator yet.
        """
        with self.database.writing() as connection:
            return add_account(connection, self.runner_id, name=name, kind=kind, now=now, hides=tuple(hides))

    def remove(self, account: Account) -> None:
        """Delete an account and its login sessions.

        Raises
        ------
        AccountsError
            If others would be left without an administrator.
        """
        others = [other for other in self.all() if other.id != account.id]
        if others and not any(other.kind is AccountKind.ADMINISTRATOR for other in others):
            raise AccountsError(
                f"{account.name!r} is the last administrator; remove the other accounts first"
            )
        with self.database.writing() as connection:
            connection.execute(account_table.delete().where(_ACCOUNT.id == account.id))

    def forget_password(self, account: Account) -> None:
        """Remove the password; a new one-time link sets the next."""
        self._change(account, password_hash=None)

    def forget_second_factor(self, account: Account) -> None:
        """Remove app, recovery codes and passkeys, for a lost phone."""
        self._change(account, totp_secret=None, totp_counter=None, recovery_codes="[]")
        with self.database.writing() as connection:
            connection.execute(passkey_table.delete().where(passkey_table.c.account_id == account.id))

    def _change(self, account: Account, **values: object) -> None:
        with self.database.writing() as connection:
            change_account(connection, account.id, uniquifier=secrets.token_hex(32), **values)
            connection.execute(visit_table.delete().where(visit_table.c.account_id == account.id))


def add_account(  # noqa: PLR0913 - one column each
    connection: sa.Connection,
    runner_id: int,
    *,
    name: str,
    kind: AccountKind,
    now: datetime,
    hides: tuple[str, ...] = (),
    password_hash: str | None = None,
) -> int:
    """Insert an account within an open transaction."""
    tidy = normalised_name(name)
    if not is_valid_name(tidy):
        raise AccountsError(f"{name!r} is no name: letters and digits, up to {MAX_NAME_LENGTH} of them")
    if connection.execute(sa.select(_ACCOUNT.id).where(_ACCOUNT.name == tidy)).first():
        raise AccountsError(f"there is an account {tidy!r} already")
    if kind is not AccountKind.ADMINISTRATOR and not has_administrator(connection, runner_id):
        raise AccountsError("the first account has to be an administrator's")
    made = connection.execute(
        account_table.insert()
        .values(
            runner_id=runner_id,
            name=tidy,
            kind=kind,
            hides=json.dumps(hides),
            password_hash=password_hash,
            uniquifier=secrets.token_hex(32),
            passkey_handle=secrets.token_hex(32),
            created_at=now,
        )
        .returning(_ACCOUNT.id)
    )
    return int(made.scalar_one())


def has_administrator(connection: sa.Connection, runner_id: int) -> bool:
    """Whether the runner has one."""
    query = sa.select(_ACCOUNT.id).where(
        _ACCOUNT.runner_id == runner_id, _ACCOUNT.kind == AccountKind.ADMINISTRATOR
    )
    return connection.execute(query).first() is not None


def change_account(connection: sa.Connection, account_id: int, **values: object) -> None:
    """Update columns of an account within an open transaction."""
    connection.execute(account_table.update().where(_ACCOUNT.id == account_id).values(**values))


def _account(row: sa.Row[Any]) -> Account:
    return Account(
        id=row.id,
        name=row.name,
        kind=AccountKind(row.kind),
        hides=tuple(json.loads(row.hides)),
        has_password=row.password_hash is not None,
        has_app=row.totp_secret is not None,
        recovery_codes_left=len(json.loads(row.recovery_codes)),
        passkeys=row.passkeys,
        created_at=row.created_at,
        seen_at=row.seen_at,
    )
