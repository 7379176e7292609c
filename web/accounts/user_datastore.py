"""The user datastore of Flask-Security on our tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin, WebAuthnMixin
from flask_security.datastore import UserDatastore

from ingest.storage.database import Database
from web.accounts.account_store import change_account
from web.accounts.password_policy import normalised_name
from web.accounts.schema import account_table, passkey_table

_ACCOUNT = account_table.c
_PASSKEY = passkey_table.c

_COLUMNS = {
    "id": _ACCOUNT.id,
    "username": _ACCOUNT.name,
    "fs_uniquifier": _ACCOUNT.uniquifier,
    "fs_webauthn_user_handle": _ACCOUNT.passkey_handle,
}
"""What Flask-Security looks accounts up by."""


class NoRole(RoleMixin):
    """Flask-Security wants a sort of role; what an account may do is its kind, and the gate's to say."""


class Passkey(WebAuthnMixin):
    """One passkey."""

    usage = "first"
    extensions = None

    def __init__(self, row: sa.Row[Any]) -> None:
        self.id: int = row.id
        self.user_id: int = row.account_id
        self.name: str = row.name
        self.credential_id: bytes = row.credential_id
        self.public_key: bytes = row.public_key
        self.sign_count: int = row.sign_count
        self.transports: list[str] = json.loads(row.transports)
        self.device_type: str = row.device_type
        self.backup_state: bool = row.is_backed_up
        self.lastuse_datetime: datetime = row.used_at


class AccountUser(UserMixin):
    """One account, with the names that Flask-Security reads."""

    active = True
    tf_phone_number = None
    fs_uniquifier = ""
    fs_webauthn_user_handle = ""

    def __init__(self, row: sa.Row[Any], passkeys: Callable[[int], list[Passkey]]) -> None:
        self.id: int = row.id
        self.username: str = row.name
        self.email: str = row.name  # by which Flask-Security compares accounts
        self.password: str | None = row.password_hash
        self.fs_uniquifier = row.uniquifier
        self.fs_webauthn_user_handle = row.passkey_handle
        self.tf_totp_secret: str | None = row.totp_secret
        self.tf_primary_method = "authenticator" if row.totp_secret else None
        self.mf_recovery_codes: list[str] | None = json.loads(row.recovery_codes)
        self.roles: list[RoleMixin] = []
        self._passkeys = passkeys
        self.kept = self.columns()

    @property
    def webauthn(self) -> list[Passkey]:  # type: ignore[override]  # read when they are asked for: no page asks
        """The passkeys of the account."""
        return self._passkeys(self.id)

    def columns(self) -> dict[str, str | None]:
        """What may be changed, as it is stored; only what differs from what was read is written."""
        return {
            "password_hash": self.password,
            "uniquifier": self.fs_uniquifier,
            "passkey_handle": self.fs_webauthn_user_handle,
            "totp_secret": self.tf_totp_secret,
            "recovery_codes": json.dumps(self.mf_recovery_codes or []),
        }


class AccountUserDatastore(UserDatastore):
    """Reads and keeps accounts, each change in a transaction of its own."""

    def __init__(self, database: Database, runner_id: int, clock: Callable[[], datetime]) -> None:
        super().__init__(AccountUser, NoRole, Passkey)
        self.database = database
        self.runner_id = runner_id
        self.clock = clock

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> AccountUser | None:  # noqa: ANN401, ARG002, FBT001, FBT002
        """The account of that name, number or handle."""
        (key, value), *_ = kwargs.items()
        wanted = normalised_name(value) if key == "username" else value
        query = sa.select(account_table).where(_ACCOUNT.runner_id == self.runner_id, _COLUMNS[key] == wanted)
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else AccountUser(row, self.passkeys_of)

    def passkeys_of(self, account_id: int) -> list[Passkey]:
        """The passkeys of an account, oldest first."""
        query = sa.select(passkey_table).where(_PASSKEY.account_id == account_id).order_by(_PASSKEY.id)
        with self.database.reading() as connection:
            return [Passkey(one) for one in connection.execute(query)]

    def find_role(self, role: str) -> None:
        """No account has a role."""

    def put(self, model: AccountUser | Passkey) -> AccountUser | Passkey:
        """Keep what was changed."""
        with self.database.writing() as connection:
            if isinstance(model, AccountUser):
                if changed := dict(model.columns().items() - model.kept.items()):
                    change_account(connection, model.id, **changed)
                    model.kept = model.columns()
            else:
                change = passkey_table.update().where(_PASSKEY.id == model.id)
                connection.execute(
                    change.values(
                        sign_count=model.sign_count,
                        used_at=model.lastuse_datetime,
                        is_backed_up=model.backup_state,
                    )
                )
        return model

    def delete(self, model: Passkey) -> None:
        """Take a passkey away; accounts are removed on the command line."""
        with self.database.writing() as connection:
            connection.execute(passkey_table.delete().where(_PASSKEY.id == model.id))

    def commit(self) -> None:
        """Everything has been kept already."""

    def tf_reset(self, user: UserMixin) -> None:
        """Take the app away, and the codes for the day on which it is lost."""
        user.mf_recovery_codes = []
        super().tf_reset(user)

    def find_webauthn(self, credential_id: bytes) -> Passkey | None:
        """The passkey of that number, of an account of this runner."""
        query = (
            sa.select(passkey_table)
            .join(account_table, _ACCOUNT.id == _PASSKEY.account_id)
            .where(_PASSKEY.credential_id == credential_id, _ACCOUNT.runner_id == self.runner_id)
        )
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else Passkey(row)

    def find_user_from_webauthn(self, webauthn: WebAuthnMixin) -> AccountUser | None:
        """The account of a passkey."""
        return self.find_user(**webauthn.get_user_mapping())

    def create_webauthn(self, user: UserMixin, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401, ARG002
        """Keep a new passkey."""
        with self.database.writing() as connection:
            connection.execute(
                passkey_table.insert().values(
                    account_id=user.id,
                    credential_id=kwargs["credential_id"],
                    public_key=kwargs["public_key"],
                    name=kwargs["name"],
                    sign_count=kwargs["sign_count"],
                    transports=json.dumps([str(one) for one in kwargs.get("transports") or ()]),
                    device_type=str(kwargs["device_type"]),
                    is_backed_up=bool(kwargs["backup_state"]),
                    used_at=self.clock(),
                )
            )

    def use_counter(self, account_id: int, counter: int) -> bool:
        """Note that a code was used; False where that one, or a later one, was used before."""
        newer = sa.or_(_ACCOUNT.totp_counter.is_(None), _ACCOUNT.totp_counter < counter)
        with self.database.writing() as connection:
            used = connection.execute(
                account_table.update().where(_ACCOUNT.id == account_id, newer).values(totp_counter=counter)
            )
        return used.rowcount == 1

    def use_recovery_code(self, account_id: int, code: str) -> bool:
        """Take a code off the list; False where it is on it no more, or never was."""
        used = recovery_digest(code)
        query = sa.select(_ACCOUNT.recovery_codes).where(_ACCOUNT.id == account_id)
        with self.database.writing() as connection:
            left: list[str] = json.loads(connection.execute(query).scalar_one())
            if used not in left:
                return False
            left.remove(used)
            change_account(connection, account_id, recovery_codes=json.dumps(left))
        return True


def recovery_digest(code: str) -> str:
    """What is kept of a recovery code, however its groups were typed; 80 bits need no salt."""
    plain = "".join(email for email in code.casefold() if email.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
