"""Who is watched, and how letters reach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from alerts.letters.channels import Channel
from alerts.letters.links import Links
from alerts.letters.mailer import Mailer
from alerts.letters.policy import MailPolicy
from alerts.letters.timing import Timing
from alerts.units import Units

UNNAMED = "Runner"
"""What the settings call somebody who gave no name."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Who is watched: where they live, where their letters go, what they want to read them in.

    ``language`` is a code of `LANGUAGES`; empty, the browser decides for pages, and letters are English.
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
        """The name that the runner gave; empty where none was given."""
        return "" if self.name == UNNAMED else self.name

    def day_of(self, moment: datetime) -> date:
        """The runner's calendar day at that moment."""
        return moment.astimezone(self.time_zone).date()


@dataclass(frozen=True, slots=True)
class MailRoute:
    """How letters leave, and when; without ``links`` they cannot be answered by pressing on something.

    Without a ``mailer`` no letter is written, and what is found is told on the ``channels`` alone.
    ``asks_after_silence`` allows one question when no file came for longer than is usual; ``subject_tells``
    lets the subject say what was found.
    """

    mailer: Mailer | None
    policy: MailPolicy
    timing: Timing
    dashboard_url: str
    links: Links | None = None
    asks_after_silence: bool = True
    channels: tuple[Channel, ...] = ()
    subject_tells: bool = False
