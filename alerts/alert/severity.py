"""Circumstances that raise the level of an alert."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from alerts.alert.alert import Alert, Level

INJURY_DAYS = 365
"""An injury before is the most consistent of all factors; studies ask for the last twelve months. [days]"""


@dataclass(frozen=True, slots=True)
class Escalation:
    """When the level of an alert is raised by one step.

    What is for information stays so: no circumstance makes an email of it. ``HIGH`` is as high as it goes.

    Parameters
    ----------
    previous_injury : date or None
        Day of the runner's last running injury; for a year from it every level is raised.
    together_days : int
        An alert is raised where another rule spoke of another day within so many days before it; 0 never.
        Plausible, and tested in no study. [days]
    """

    previous_injury: date | None = None
    together_days: int = 0

    def raised(self, alerts: Iterable[Alert]) -> list[Alert]:
        """The alerts with raised levels, in the same order.

        Only looks back, and only at levels as the rules gave them: nothing raises what was said before it.
        """
        found = list(alerts)
        grave = [(alert.kind, alert.day) for alert in found if alert.level > Level.INFO]
        return [self._raised(alert, grave) for alert in found]

    def _raised(self, alert: Alert, grave: Iterable[tuple[str, date]]) -> Alert:
        if alert.level is Level.INFO:
            return alert
        steps = int(self._follows_injury(alert.day))
        steps += any(
            kind != alert.kind and 0 < (alert.day - day).days <= self.together_days for kind, day in grave
        )
        level = Level(min(alert.level + steps, Level.HIGH))
        return alert if level == alert.level else dataclasses.replace(alert, level=level)

    def _follows_injury(self, day: date) -> bool:
        return self.previous_injury is not None and 0 <= (day - self.previous_injury).days <= INJURY_DAYS
