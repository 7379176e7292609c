"""Which alerts are worth an email, which wait for a digest, and when there would be too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alerts.alert.alert import Alert, Level

GATHERED_DAYS = 14
"""What was found so long ago and told by no email is left to the page. [days]"""


@dataclass(frozen=True, slots=True)
class MailPolicy:
    """What the runner wants to receive by email.

    Parameters
    ----------
    min_level : Level
        The lowest level that is worth an email.
    max_age_days : int
        Alerts about days longer ago are shown, never mailed: importing years of history sends nothing.
        [days]
    pause_days : int
        At most one email in so many days, unless what comes is more severe or high. [days]
    at_once : Level
        From this level on an alert is told at once; what is less severe goes along with it, or waits to be
        gathered.
    notes_pause_days : int
        What only waited makes an email of its own no sooner than so long after any other. [days]
    """

    min_level: Level
    max_age_days: int
    pause_days: int
    at_once: Level = Level.INFO
    notes_pause_days: int = 0

    @property
    def longest_pause_days(self) -> int:
        """How far back earlier emails matter. [days]"""
        return max(self.pause_days, self.notes_pause_days)

    def choose(
        self,
        alerts: Sequence[Alert],
        *,
        today: date,
        told: Sequence[tuple[date, Level]],
        waiting: Sequence[tuple[date, Alert]] = (),
    ) -> list[Alert]:
        """Choose the alerts for an email now; ``told`` are days and levels of earlier emails.

        What is ``waiting``, each with the day on which it was found, makes no email and goes along with one:
        a caution that came within a pause would else be passed over by each email that follows.
        """
        worth = [alert for alert in alerts if self.is_news(alert, today)]
        gravest = max((alert.level for alert in worth), default=None)
        if gravest is None or gravest < self.at_once or self._is_noise(gravest, today, told):
            return []
        known = {alert.key for alert in worth}
        return _gravest_first([*worth, *(f for f in self._waited(waiting, today) if f.key not in known)])

    def gather(
        self,
        found: Sequence[tuple[date, Alert]],
        *,
        today: date,
        told: Sequence[tuple[date, Level]],
        is_asked: bool = False,
    ) -> list[Alert]:
        """Choose waiting alerts for a digest; ``found`` holds the day each was found.

        An email that the runner ``is_asked`` for waits for no pause.
        """
        worth = self._waited(found, today)
        gravest = max((alert.level for alert in worth), default=None)
        if gravest is None:
            return []
        only_notes = gravest < self.at_once and any(
            (today - day).days < self.notes_pause_days for day, _ in told
        )
        if not is_asked and (only_notes or self._is_noise(gravest, today, told)):
            return []
        return _gravest_first(worth)

    def is_news(self, alert: Alert, on: date) -> bool:
        """Whether an alert found on that day is worth reporting."""
        return alert.level >= self.min_level and self.is_recent(alert, on)

    def is_recent(self, alert: Alert, on: date) -> bool:
        """Whether an alert's day is recent on that day."""
        return on - timedelta(days=self.max_age_days) <= alert.day <= on

    def _waited(self, found: Sequence[tuple[date, Alert]], today: date) -> list[Alert]:
        """Alerts that were worth reporting when found, in the last two weeks."""
        since = today - timedelta(days=GATHERED_DAYS)
        return [alert for on, alert in found if on > since and self.is_news(alert, on)]

    def _is_noise(self, gravest: Level, today: date, told: Sequence[tuple[date, Level]]) -> bool:
        since = today - timedelta(days=self.pause_days)
        lately = [level for day, level in told if day > since]
        return bool(lately) and gravest < Level.HIGH and gravest <= max(lately)


def _gravest_first(alerts: Sequence[Alert]) -> list[Alert]:
    return sorted(alerts, key=lambda alert: (-alert.level, alert.day))


def one_per_rule(alerts: Sequence[Alert]) -> list[tuple[Alert, int]]:
    """The most severe and latest alert of each rule, with the number of its alerts.

    A rule that says the same of several days is one thing to read, not several.
    """
    by_rule: dict[str, list[Alert]] = {}
    for alert in alerts:
        by_rule.setdefault(alert.kind, []).append(alert)
    return [(max(of, key=lambda f: (f.level, f.day)), len(of)) for of in by_rule.values()]
