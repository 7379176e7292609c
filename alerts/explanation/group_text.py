"""The text of an alert, and the context in which it is written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from alerts.alert.alert import Alert
from alerts.text.i18n import gettext, gettext_noop
from alerts.text.units import Units, distance, number, percent, short_date, weekday

ACT_DAYS = 14
LAPSED = gettext_noop("Take this as history: the days this advice was for have passed.")
"""An act names days; when they are over, the alert stays and the act goes."""


@dataclass(frozen=True, slots=True)
class AlertText:
    """The text of one alert in complete sentences.

    ``title`` names the alert ("One run much longer"), ``sentence`` is what happened with its number and
    date, ``act`` is the one thing to do and starts with a verb, ``study`` is the evidence and its strength in
    one sentence, ``quiet`` says what would have kept the rule quiet. ``topic`` names what was looked at
    without a word about health, fit for the subject of an email.
    """

    title: str
    sentence: str
    act: str
    study: str
    quiet: str
    topic: str = "your recent running"


@dataclass(frozen=True, slots=True)
class AlertTextContext:
    """An alert with the units and the day in which it is described."""

    alert: Alert
    units: Units
    today: date

    @property
    def is_fresh(self) -> bool:
        """Whether the weekday's name alone identifies the day."""
        return 0 <= (self.today - self.alert.day).days < 7

    @property
    def day(self) -> str:
        """The alert's day as it is named today."""
        return weekday(self.alert.day) if self.is_fresh else short_date(self.alert.day, today=self.today)

    @property
    def run(self) -> str:
        """The alert's run as a topic: "Sunday's run", "the run of Sun 12 May"."""
        return (
            gettext("{day}’s run", day=self.day)
            if self.is_fresh
            else gettext("the run on {day}", day=self.day)
        )

    @property
    def your_run(self) -> str:
        """The same as the subject of a sentence: "Your run of Sun 12 May"."""
        return (
            gettext("{day}’s run", day=self.day)
            if self.is_fresh
            else gettext("Your run on {day}", day=self.day)
        )

    @property
    def ratio(self) -> float:
        """Observed over expected; infinite if nothing was expected."""
        return self.alert.ratio if self.alert.expected > 0 else math.inf

    def against(self) -> str:
        """Observed against expected: "34 % more than", "2.3 times as much as"."""
        if math.isinf(self.ratio):
            return gettext("far more than")
        if self.ratio > 2:
            return gettext("{ratio} times as much as", ratio=number(self.ratio, ".1f"))
        change = percent(self.ratio - 1)
        if self.alert.is_rise:
            return gettext("{change} more than", change=change)
        return gettext("{change} less than", change=change)

    def against_length(self) -> str:
        """One length against another: "34 % longer than", "2.3 times as long as"."""
        if math.isinf(self.ratio):
            return gettext("far longer than")
        if self.ratio > 2:
            return gettext("{ratio} times as long as", ratio=number(self.ratio, ".1f"))
        change = percent(self.ratio - 1)
        if self.alert.is_rise:
            return gettext("{change} longer than", change=change)
        return gettext("{change} shorter than", change=change)

    def distance(self, metres: float) -> str:
        """A distance in the runner's unit."""
        return distance(metres, self.units)

    def number(self, name: str) -> float | None:
        """A named number of the alert; None if the rule stored none."""
        value = self.alert.numbers.get(name, math.nan)
        return value if math.isfinite(value) else None

    def while_it_lasts(self, act: str) -> str:
        """The advice, or a note that its days are over."""
        return act if (self.today - self.alert.day).days <= ACT_DAYS else gettext(LAPSED)
