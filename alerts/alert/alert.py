"""An alert: one observation of a rule, with the numbers that explain it."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import ClassVar, Protocol

from alerts.statistics.rolling import day_number
from ingest.training_days.table import TrainingDays


class Level(enum.IntEnum):
    """The severity of an alert; higher is more urgent."""

    INFO = 0
    NOTICE = 1
    CAUTION = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """The display name of the level."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Alert:
    """One observation of a rule on one day.

    ``observed`` and ``expected`` are in ``unit`` ("m", "min", "1/min"), SI and unrounded. ``compared_day`` is
    the day of the run or the end of the window it is compared with. ``activity_id`` is the run itself where
    the alert is about one. ``numbers`` holds what else its sentence needs; each name ends in its unit.
    """

    kind: str
    day: date
    level: Level
    observed: float
    expected: float
    unit: str
    compared_day: date | None = None
    activity_id: int | None = None
    numbers: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def key(self) -> str:
        """A stable identifier: the same run evaluated again gives the same key."""
        return f"{self.kind}/{self.day.isoformat()}"

    @property
    def ratio(self) -> float:
        """Observed over expected; infinite where nothing was expected. [unitless]"""
        return self.observed / self.expected if self.expected else math.inf

    @property
    def is_rise(self) -> bool:
        """Whether more was observed than expected."""
        return self.observed > self.expected


@dataclass(frozen=True, slots=True)
class Before:
    """A rule's earlier alerts, about days before ``since``, in order; all it remembers of those days."""

    since: date
    alerts: tuple[Alert, ...] = ()

    @property
    def day(self) -> int:
        """The day number of ``since``. [days]"""
        return day_number(self.since)

    def of(self, kind: str) -> Before:
        """The alerts of one rule."""
        return Before(self.since, tuple(alert for alert in self.alerts if alert.kind == kind))

    @property
    def last(self) -> Alert | None:
        """The latest alert."""
        return self.alerts[-1] if self.alerts else None

    def quiet_until(self, cool_down_days: int) -> int:
        """The first day on which the rule may alert again, after its minimum interval. [day number]"""
        return max(self.day, day_number(self.last.day) + cool_down_days) if self.last else self.day


NOTHING = Before(date.min)
"""Nothing was said yet: the whole history is asked for."""


class Detector(Protocol):
    """A rule: a frozen dataclass of unit-suffixed parameters with a pure call.

    Causal: what it finds for a day rests on that day and the days before it. At most one alert per day.
    Alerts come in order of their day. What it found before a day is all that it needs to know to go on
    from there: with ``before``, the history may begin ``reach_days`` before ``before.since``.
    """

    kind: ClassVar[str]

    @property
    def reach_days(self) -> int | None:
        """How many days back the rule looks; None for no limit. [days]"""
        ...

    def __call__(self, days: TrainingDays, before: Before = NOTHING) -> list[Alert]:
        """Find in a history all that this rule says from ``before.since`` to its last day."""
        ...


def is_open(alert: Alert, today: date) -> bool:
    """Whether the alert's advice still applies."""
    return alert.day >= _opened_since(today)


def _opened_since(today: date) -> date:
    """The first day whose alerts are open."""
    return today - timedelta(days=OPEN_DAYS - 1)


OPEN_DAYS = 14
"""An alert is open for so long: after that its advice has run its course. [days]"""
