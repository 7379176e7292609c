"""When emails are composed and when they may arrive: local times, across time-zone changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.notifications.delivery.mailer import MAIL

CATCH_UP = timedelta(hours=36)
"""A gathered email whose time passed while nothing ran is still written so long after it."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A time of day without deliveries; may span midnight; empty if both ends are equal."""

    begins: time
    ends: time

    def include(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether local time is within the quiet hours."""
        shown = moment.astimezone(zone).time()
        if self.begins <= self.ends:
            return self.begins <= shown < self.ends
        return shown >= self.begins or shown < self.ends


@dataclass(frozen=True, slots=True)
class SendTime:
    """A time of day, daily or on one weekday (Monday is 0)."""

    at: time
    weekday: int | None = None

    def latest(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The last such moment up to ``now``; None if it is too old to catch up.

        Where clocks skip ``at`` it is when they have skipped it; where they show it twice, the first time.
        """
        today = now.astimezone(zone).date()
        reach = CATCH_UP.days + 2
        for day in (today - timedelta(days=back) for back in range(reach)):
            met = datetime.combine(day, self.at, zone).astimezone(UTC)
            if (self.weekday is None or day.weekday() == self.weekday) and met <= now:
                return met if now - met <= CATCH_UP else None
        return None


NEVER_QUIET = QuietHours(time(0), time(0))


@dataclass(frozen=True, slots=True)
class Timing:
    """When this runner wants to be notified.

    ``quiet`` are the hours in which no email arrives, ``quiet_elsewhere`` those of all other ways.
    ``digest`` is when what can wait is gathered into one email, None where it does not wait. ``sunday`` is
    when the email before a run is written, None where it is not wanted.
    """

    zone: ZoneInfo
    quiet: QuietHours = NEVER_QUIET
    quiet_elsewhere: QuietHours = NEVER_QUIET
    digest: SendTime | None = None
    sunday: SendTime | None = None

    @property
    def asked_daily(self) -> bool:
        """Whether the runner asked for a daily email."""
        return self.digest is not None and self.digest.weekday is None

    def may_deliver(self, now: datetime, *, on: str = MAIL) -> bool:
        """Whether deliveries on that channel are allowed now."""
        quiet = self.quiet if on == MAIL else self.quiet_elsewhere
        return not quiet.include(now, self.zone)

    def due_digest(self, now: datetime) -> datetime | None:
        """The due time of the digest, sent or not."""
        return self.digest.latest(now, self.zone) if self.digest else None

    def due_sunday(self, now: datetime) -> datetime | None:
        """The due time of the week-ahead email, sent or not."""
        return self.sunday.latest(now, self.zone) if self.sunday else None
