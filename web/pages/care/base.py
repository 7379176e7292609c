"""What the pages share on which a runner tells something: the service, the day and the units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import abort
from werkzeug.wrappers import Response

from alerts.errors import JournalError
from alerts.runner.secret_urls import AddressError
from alerts.service.care_service import CareService
from alerts.text.units import Units
from web.http.forms import flash_and_redirect

ROW = f"<int(max={2**63 - 1}):number>"
"""A row's number in an address; beyond it no database has one."""


@dataclass(frozen=True, slots=True)
class RunnerPages:
    """Pages of one runner's care service, with the clock."""

    care_service: CareService
    clock: Callable[[], datetime]

    @property
    def today(self) -> date:
        """The runner's day of this request."""
        return self.care_service.runner_service.runner.day_of(self.clock())

    @property
    def units(self) -> Units:
        """The runner's units of distance."""
        return self.care_service.runner_service.runner.units


def change_and_redirect(
    change: Callable[[], object], message: str, endpoint: str, *, part: str = "message"
) -> Response:
    """Change an entry and say so on the page that comes next; one that is not there is no page."""
    try:
        change()
    except (JournalError, AddressError):
        abort(404)
    return flash_and_redirect(message, endpoint, part=part)
