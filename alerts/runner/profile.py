"""A runner's profile and how emails reach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from alerts.text.units import Units

UNNAMED = "Runner"
"""What the settings call somebody who gave no name."""


@dataclass(frozen=True, slots=True)
class Runner:
    """A runner's profile: time zone, email address, units and language.

    ``language`` is a code of `LANGUAGES`; empty, the browser decides for pages, and emails are English.
    ``week_start`` is the weekday on which weeks begin, Monday as 0.
    """

    id: int
    name: str
    email: str
    time_zone: ZoneInfo
    units: Units
    hard_heart_rate_bpm: float | None = None
    language: str = ""
    week_start: int = 0

    @property
    def own_name(self) -> str:
        """The runner's name; empty if none was given."""
        return "" if self.name == UNNAMED else self.name

    def day_of(self, moment: datetime) -> date:
        """The runner's calendar day at that moment."""
        return moment.astimezone(self.time_zone).date()
