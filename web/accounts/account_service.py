"""The accounts of one runner, for the pages and the command line."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.evaluation.history_cache import Cache
from ingest.storage.database import Database
from web.accounts.account_store import Account, AccountStore
from web.accounts.login_sessions import LoginSessionStore
from web.accounts.one_time_links import LIFETIME, OneTimeLinkStore
from web.accounts.rate_limit import RateLimiter, account_key, code_key, confirmation_key


@dataclass(frozen=True, slots=True)
class HashCost:
    """Cost of one Argon2 hash, and so of each guess at a stolen one."""

    memory_kib: int = 65_536
    passes: int = 3


@dataclass(frozen=True, slots=True)
class AccountService:
    """The accounts of one runner.

    ``address`` is where the dashboard is opened, for links; with ``https`` cookies are sent over HTTPS
    alone. ``proxies`` counts the reverse proxies in front whose word about the visitor is believed.
    """

    database: Database
    runner_id: int
    secret: bytes
    address: str
    proxies: int = 0
    cost: HashCost = HashCost()
    known: Cache[bool] = field(default_factory=Cache, repr=False, compare=False)

    @property
    def https(self) -> bool:
        """Whether the dashboard is opened by HTTPS."""
        return self.address.startswith("https://")

    @property
    def register(self) -> AccountStore:
        """The accounts."""
        return AccountStore(self.database, self.runner_id)

    def is_used(self) -> bool:
        """Whether anybody has an account, so that everybody has to log in.

        It is asked at every request, and looked up only where anything at all was written since.
        """
        return self.known.get_or_compute(self.database.state(), self.register.exist)

    @property
    def one_time_links(self) -> OneTimeLinkStore:
        """One-time links."""
        return OneTimeLinkStore(self.database, self.runner_id)

    @property
    def login_sessions(self) -> LoginSessionStore:
        """The login sessions."""
        return LoginSessionStore(self.database)

    @property
    def rate_limiter(self) -> RateLimiter:
        """The rate limiter of login attempts."""
        return RateLimiter(self.database, self.key("throttle"))

    def key(self, purpose: str) -> bytes:
        """A key for one purpose, derived from the secret."""
        return hmac.new(self.secret, b"accounts:" + purpose.encode(), hashlib.sha256).digest()

    def link(self, account_id: int | None, *, now: datetime, lifetime: timedelta = LIFETIME) -> str:
        """Make a one-time link: to set the password of an account, or to make the first one."""
        token = self.one_time_links.issue(account_id, now=now, lifetime=lifetime)
        return f"{self.address.rstrip('/')}/account/link/{token}"

    def forgive(self, one: Account) -> None:
        """Lift an account's lockout."""
        self.rate_limiter.forgive(
            [account_key(one.name), code_key(str(one.id)), confirmation_key(str(one.id))]
        )
