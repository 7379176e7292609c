"""Signed answer links: each has one purpose and expires."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import MappingProxyType

from itsdangerous import BadData, URLSafeSerializer

TOKEN_AT_MOST = 1_000


class Purpose(enum.StrEnum):
    """What a link does; the value is part of its URL."""

    DONE = "done"
    SNOOZE = "snooze"
    HURTS = "hurts"
    USEFUL = "useful"
    NOT_USEFUL = "not-useful"
    STOP = "stop"
    RESUME = "resume"


LIFE: Mapping[Purpose, timedelta] = MappingProxyType(
    {
        Purpose.DONE: timedelta(days=14),
        Purpose.SNOOZE: timedelta(days=30),
        Purpose.HURTS: timedelta(days=30),
        Purpose.USEFUL: timedelta(days=90),
        Purpose.NOT_USEFUL: timedelta(days=90),
        # Whoever wants no more emails may have found an old one.
        Purpose.STOP: timedelta(days=400),
        Purpose.RESUME: timedelta(days=400),
    }
)


@dataclass(frozen=True, slots=True)
class Links:
    """Creates and reads signed links of one runner under ``base_url``, the public address of the pages."""

    secret: bytes = field(repr=False)
    runner_id: int
    base_url: str

    def make(self, purpose: Purpose, *about: str, now: datetime) -> str:
        """The URL that does this one thing until it expires."""
        return f"{self.base_url.rstrip('/')}/answer/{purpose}/{self.token(purpose, *about, now=now)}"

    def token(self, purpose: Purpose, *about: str, now: datetime) -> str:
        """The signed part of the URL."""
        expires_s = int((now + LIFE[purpose]).timestamp())
        return str(self._serializer(purpose).dumps([self.runner_id, expires_s, *about]))

    def read(self, purpose: Purpose, token: str, *, now: datetime) -> tuple[str, ...] | None:
        """What the link refers to; None if it is forged, expired or has another purpose."""
        if len(token) > TOKEN_AT_MOST:
            return None
        try:
            runner_id, expires_s, *about = self._serializer(purpose).loads(token)
        except (BadData, ValueError):
            return None
        is_ours = runner_id == self.runner_id and now <= datetime.fromtimestamp(expires_s, UTC)
        return tuple(about) if is_ours else None

    def _serializer(self, purpose: Purpose) -> URLSafeSerializer:
        return URLSafeSerializer(
            self.secret,
            salt=f"hipwatch answer {purpose}",
            signer_kwargs={"key_derivation": "hmac", "digest_method": sha256},
        )
