"""Text of the pages: times, days and states; `alerts.text.units` has distances, paces and dates."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol
from zoneinfo import ZoneInfo

from alerts.alert.alert import Alert, Level
from alerts.care.explained_alert import ExplainedAlert
from alerts.explanation.alert_basis import ValueRange
from alerts.text import i18n as language
from alerts.text import units as words
from alerts.text.i18n import gettext, gettext_noop, ngettext
from alerts.text.units import NBSP, UNKNOWN, Units, number
from ingest.formats.recording import FOOT_SPORTS

STEPS = "spm"

capitalize_first = language.capitalize_first
"""For the templates and whoever writes for them."""


@dataclass(frozen=True, slots=True)
class StateBadge:
    """A state's shape, colour (both by ``shape``) and word."""

    shape: str
    name: str

    @property
    def word(self) -> str:
        """The word in the language that is being spoken."""
        return gettext(self.name)


FINE = StateBadge("fine", gettext_noop("Fine"))
STOP = StateBadge("stop", gettext_noop("Stop"))
WAITING = StateBadge("info", gettext_noop("Not enough runs yet"))

STATES: Mapping[Level, StateBadge] = MappingProxyType(
    {
        Level.INFO: StateBadge("info", gettext_noop("For information")),
        Level.NOTICE: StateBadge("notice", gettext_noop("Notice")),
        Level.CAUTION: StateBadge("caution", gettext_noop("Caution")),
        Level.HIGH: StateBadge("high", gettext_noop("High caution")),
    }
)

SPORTS = MappingProxyType(
    {
        "running": gettext_noop("Run"),
        "walking": gettext_noop("Walk"),
        "hiking": gettext_noop("Hike"),
        "cycling": gettext_noop("Ride"),
    }
)

COUNTED: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {
        "run": lambda n: ngettext("{n}\xa0run", "{n}\xa0runs", n, n=number(n)),
        "day": lambda n: ngettext("{n}\xa0day", "{n}\xa0days", n, n=number(n)),
        "split": lambda n: ngettext("{n}\xa0split", "{n}\xa0splits", n, n=number(n)),
        "finding": lambda n: ngettext("{n}\xa0finding", "{n}\xa0findings", n, n=number(n)),
    }
)
"""What is counted, by one and by many."""

QUANTITIES = MappingProxyType(
    {
        "m": "m",
        "mps": "m/s",
        "spm": "1/min",
        "bpm": "bpm",
        "min": "min",
        "percent": "%",
        "days": gettext_noop("days"),
        "hours": "h",
        "runs": gettext_noop("runs"),
    }
)

NUMBERS = MappingProxyType(
    {
        "excess": gettext_noop("Over it by"),
        "ceiling": gettext_noop("Limit on that day"),
        "highest": gettext_noop("Most in the 12 weeks before"),
        "session": gettext_noop("In one run"),
        "session_most": gettext_noop("Hardest run of the six weeks before"),
        "week": gettext_noop("In seven days"),
        "week_most": gettext_noop("Hardest week of the six weeks before"),
        "change": gettext_noop("Change at the same pace"),
        "speed": gettext_noop("At a pace of"),
        "baseline": gettext_noop("Compared with"),
        "changed": gettext_noop("Since the change"),
        "span": gettext_noop("Looked at together"),
        "alike": gettext_noop("Days compared"),
        "rest": gettext_noop("Long enough gap"),
        "hard": gettext_noop("Hard runs compared"),
        "no_cool_down": gettext_noop("Of these, with a hard end"),
        "fading": gettext_noop("Of these, fading"),
        "long": gettext_noop("Long runs compared"),
        "first": gettext_noop("Hard in the first of the two"),
        "second": gettext_noop("Hard in the second"),
        "return_ceiling": gettext_noop("Enough to begin with"),
    }
)
"""Names of the numbers that findings carry, without their unit; others are named by their own words."""

HEIGHTS = frozenset({"descent_spike"})
"""Findings whose metres are a height."""


def relative_day(day: date, today: date) -> str:
    """A day as it is called today: "today", "yesterday", "Sun 12 May"."""
    match (today - day).days:
        case 0:
            return gettext("today")
        case 1:
            return gettext("yesterday")
        case _:
            return words.short_date(day, today=today)


def on_day(day: date, today: date) -> str:
    """A day as part of a sentence: "today", "yesterday", "on Sun 12 May"."""
    name = relative_day(day, today)
    return name if (today - day).days in (0, 1) else gettext("on {day}", day=name)


def clock_time(moment: datetime) -> str:
    """Hour and minute of a local time: "07:42"."""
    return f"{moment:%H:%M}"


def local_moment(moment: datetime, zone: str, today: date) -> str:
    """Day and time in the runner's zone: "today at 07:42"."""
    local = moment.astimezone(ZoneInfo(zone))
    return gettext("{day} at {time}", day=on_day(local.date(), today), time=clock_time(local))


def duration(timer_s: float) -> str:
    """A time in motion as watches show it: "48:05", "1:22:21"."""
    whole = round(timer_s)
    hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def pace_or_speed(sport: str, distance_m: float | None, timer_s: float, units: Units) -> str:
    """How fast an activity was: on foot as a pace, otherwise as a speed."""
    if not distance_m or not timer_s:
        return UNKNOWN
    if sport in FOOT_SPORTS:
        return words.pace(distance_m / timer_s, units)
    speed = number(distance_m / units.metres / (timer_s / 3600), ".1f")
    return f"{speed}{NBSP}{units.abbreviation}/h"


def count(n: int, noun: str) -> str:
    """A number of things: "1 run", "2 runs"."""
    return COUNTED[noun](n)


def sport_name(sport: str) -> str:
    """A sport of the FIT profile as a noun."""
    return gettext(SPORTS.get(sport, capitalize_first(sport.replace("_", " "))))


def percent_change(observed: float, expected: float) -> str:
    """How far one quantity is from another, with its direction: "34 % more"."""
    if not expected:
        return UNKNOWN
    change = observed / expected - 1
    share = words.percent(change)
    return gettext("{share} more", share=share) if change >= 0 else gettext("{share} less", share=share)


def quantity(value: float, unit: str, units: Units) -> str:
    """A finding's number in its unit, as a person reads it."""
    match unit:
        case "m":
            return words.distance(value, units)
        case "min":
            return words.minutes(value)
        case "1/min":
            return f"{value:.0f}{NBSP}{STEPS}"
        case "m/s":
            return words.pace(value, units)
        case _:
            return f"{number(value, '.3g')}{NBSP}{gettext(unit)}".replace("-", "−")


class MeasuredSides(Protocol):
    """What a rule saw, as far as its numbers are to be written."""

    @property
    def kind(self) -> str:
        """The rule."""
        ...

    @property
    def unit(self) -> str:
        """The unit of both sides."""
        ...


def side_of(alert: MeasuredSides, value: float, units: Units) -> str:
    """One of the two sides of a finding as a person reads it."""
    if alert.kind in HEIGHTS:
        return words.height(value, units)
    return quantity(value, alert.unit, units)


def no_alert_range_text(band: ValueRange, unit: str, units: Units) -> str:
    """Where a rule is quiet, rounded inwards, so that what is named is quiet: "up to 9", "168 to 174 spm"."""
    tenths = 10 if unit == "%" else 1
    low = None if band.low is None else quantity(math.ceil(band.low * tenths) / tenths, unit, units)
    high = None if band.high is None else quantity(math.floor(band.high * tenths) / tenths, unit, units)
    if low is None:
        return gettext("up to {most}", most=high)
    if high is None:
        return gettext("{least} and more", least=low)
    return gettext("{least} to {most}", least=low.partition(NBSP)[0], most=high)


def named_numbers(alert: Alert, units: Units) -> tuple[tuple[str, str], ...]:
    """Remaining numbers of a finding as pairs of name and value; the unit leaves the name for the value."""
    return tuple(_named_number(alert, name, value, units) for name, value in alert.numbers.items())


def _named_number(alert: Alert, name: str, value: float, units: Units) -> tuple[str, str]:
    stem, _, suffix = name.rpartition("_")
    if not stem or suffix not in QUANTITIES:
        return gettext(capitalize_first(name.replace("_", " "))), number(value, ".4g")
    called = gettext(NUMBERS.get(stem, capitalize_first(stem.replace("_", " "))))
    if suffix == "m" and alert.kind in HEIGHTS:
        return called, words.height(value, units)
    if stem == "ceiling" and suffix == "m":
        return called, words.distance_within(value, units)
    return called, quantity(value, QUANTITIES[suffix], units)


def named(explained: ExplainedAlert) -> str:
    """Name a finding in one line: "Caution: one run much longer"."""
    return f"{STATES[explained.alert.level].word}: {explained.alert_text.title}"
