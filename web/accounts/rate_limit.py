"""Rate limits of login attempts by account and by address, stored in the database.

An attempt counts before it is looked at, so that many at once gain nothing; what succeeds is taken back.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from ingest.storage.database import Database
from web.accounts.schema import attempt_table

ACCOUNT_FREE = 5
ADDRESS_FREE = 20
FIRST_WAIT = timedelta(seconds=30)
LONGEST_LOCKOUT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)

_ATTEMPT = attempt_table.c
NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class RateLimitKey:
    """What attempts are counted by, and how many failures cause no lockout."""

    word: str
    free: int


def account_key(name: str) -> RateLimitKey:
    """The account that is named, whether there is one or not."""
    return RateLimitKey(f"account:{name}", ACCOUNT_FREE)


def browser_key(name: str) -> RateLimitKey:
    """A browser that the account has logged in by before; no stranger's guesses keep it waiting."""
    return RateLimitKey(f"browser:{name}", ACCOUNT_FREE)


def confirmation_key(account_id: str) -> RateLimitKey:
    """The password of whoever is logged in, asked for once more."""
    return RateLimitKey(f"confirmation:{account_id}", ACCOUNT_FREE)


def code_key(account_id: str) -> RateLimitKey:
    """The second factor of an account; six digits want patience more than a password does."""
    return RateLimitKey(f"code:{account_id}", ACCOUNT_FREE)


def address_key(text: str) -> RateLimitKey:
    """The client's address; of an IPv6 address the network prefix."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return RateLimitKey("address:unknown", ADDRESS_FREE)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return RateLimitKey(f"address:{ipaddress.ip_network((found, 64), strict=False)}", ADDRESS_FREE)
    return RateLimitKey(f"address:{found}", ADDRESS_FREE)


def lockout_after(failures: int, free: int) -> timedelta:
    """Lockout time after N consecutive failures."""
    beyond = failures - free
    return NONE if beyond < 0 else min(LONGEST_LOCKOUT, FIRST_WAIT * 2 ** min(beyond, 16))


@dataclass(frozen=True, slots=True)
class RateLimiter:
    """Counts attempts and returns the remaining lockout."""

    database: Database
    key: bytes

    def begin(self, subjects: Sequence[RateLimitKey], *, now: datetime) -> timedelta:
        """Count an attempt; where it comes too early, count nothing and say how long it has to wait."""
        with self.database.reading() as connection:
            wait = self._wait(connection, subjects, now)
        if wait:
            return wait
        with self.database.writing() as connection:
            if wait := self._wait(connection, subjects, now):
                return wait
            connection.execute(attempt_table.delete().where(_ATTEMPT.last_at <= now - FORGOTTEN_AFTER))
            for subject in subjects:
                self._count(connection, subject, now)
        return NONE

    def succeed(self, subjects: Sequence[RateLimitKey]) -> None:
        """Take an attempt back that was none: an account's count begins anew, an address loses one."""
        with self.database.writing() as connection:
            for subject in subjects:
                this = _ATTEMPT.subject == self._digest(subject)
                if subject.word.startswith("address:"):
                    fewer = attempt_table.update().where(this).values(failures=_ATTEMPT.failures - 1)
                    connection.execute(fewer)
                else:
                    connection.execute(attempt_table.delete().where(this))

    def forgive(self, subjects: Sequence[RateLimitKey]) -> None:
        """Begin anew with these, because the owner of the machine says so."""
        keys = [self._digest(subject) for subject in subjects]
        with self.database.writing() as connection:
            connection.execute(attempt_table.delete().where(_ATTEMPT.subject.in_(keys)))

    def _wait(self, connection: sa.Connection, subjects: Sequence[RateLimitKey], now: datetime) -> timedelta:
        longest = NONE
        for subject in subjects:
            row = connection.execute(
                sa.select(attempt_table).where(_ATTEMPT.subject == self._digest(subject))
            ).first()
            if row is not None:
                longest = max(longest, row.last_at + lockout_after(row.failures, subject.free) - now)
        return longest

    def _count(self, connection: sa.Connection, subject: RateLimitKey, now: datetime) -> None:
        key = self._digest(subject)
        counted = connection.execute(
            attempt_table.update()
            .where(_ATTEMPT.subject == key)
            .values(failures=_ATTEMPT.failures + 1, last_at=now)
        )
        if not counted.rowcount:
            connection.execute(attempt_table.insert().values(subject=key, failures=1, last_at=now))

    def _digest(self, subject: RateLimitKey) -> str:
        return hmac.new(self.key, subject.word.encode(), hashlib.sha256).hexdigest()
