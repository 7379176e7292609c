"""Pings an external uptime monitor after each scheduled job."""

from __future__ import annotations

import http.client
import logging
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from config.settings.errors import SettingsError

log = logging.getLogger(__name__)

TIMEOUT_S = 10.0


@dataclass(slots=True)
class UptimePing:
    """Requests the operator's ping URL; logs the first of consecutive failures, and the recovery."""

    url: str
    failed: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise SettingsError(f"schedule.ping_url: {self.url!r} must begin with http:// or https://")
        if not host_of(self.url) or not self.url.isascii() or len(self.url.split()) != 1:
            raise SettingsError(f"schedule.ping_url: {self.url!r} is no address that can be asked")

    def __call__(self) -> bool:
        """Ask; tell whether it was answered. No failure reaches the work."""
        try:
            # the scheme was looked at above; what answers is not read
            with _opener().open(self.url, timeout=TIMEOUT_S):
                said = ""
        except (OSError, http.client.HTTPException, ValueError) as error:
            said = str(getattr(error, "reason", error)) or type(error).__name__
        if said and not self.failed:
            log.warning("the watcher at ping_url cannot be told: %s", said)
        elif self.failed and not said:
            log.info("the watcher at ping_url is told again")
        self.failed = bool(said)
        return not said


def host_of(url: str) -> str:
    """The host that an address names, which is no secret as the rest of it may be; empty for none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:  # brackets without an address in them, or a port that is no number
        return ""
    return host if host and port != 0 else ""


def ping_after(
    work: Callable[[datetime], object],
    ping: UptimePing | None,
    *,
    note: Callable[[datetime, bool], object] = lambda _now, _was_told: None,
) -> Callable[[datetime], object]:
    """Do the work, then ping and ``note`` whether it succeeded.

    Work that raises gives none.
    """
    if ping is None:
        return work

    def work_and_ping(now: datetime) -> None:
        work(now)
        note(now, ping())

    return work_and_ping


def _opener() -> urllib.request.OpenerDirector:
    """HTTP only: no file, no FTP, whatever a redirect says."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener
