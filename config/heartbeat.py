"""A sign of life to a watcher outside, after each scheduled job: its silence is what tells."""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from config.errors import SettingsError

log = logging.getLogger(__name__)

TIMEOUT_S = 10.0


@dataclass(slots=True)
class Ping:
    """Asks one address, set by the operator; of failures in a row the first is logged, and the recovery."""

    url: str
    failed: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise SettingsError(f"schedule.ping_url: {self.url!r} must begin with http:// or https://")

    def __call__(self) -> bool:
        """Ask; tell whether it was answered. No failure reaches the work."""
        try:
            # the scheme was looked at above; what answers is not read
            with _opener().open(self.url, timeout=TIMEOUT_S):
                said = ""
        except (urllib.error.URLError, OSError, ValueError) as error:
            said = str(getattr(error, "reason", error))
        if said and not self.failed:
            log.warning("the watcher at ping_url cannot be told: %s", said)
        elif self.failed and not said:
            log.info("the watcher at ping_url is told again")
        self.failed = bool(said)
        return not said


def after(work: Callable[[datetime], object], ping: Ping | None) -> Callable[[datetime], object]:
    """Do the work, then give the sign of life; work that raises gives none."""
    if ping is None:
        return work

    def work_and_ping(now: datetime) -> None:
        work(now)
        ping()

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
