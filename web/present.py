"""Words of the pages: times, days and states; distances, paces and dates are `alerts.units`'s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from alerts import units as words
from alerts.findings import Finding, Level
from alerts.pages.overview import Explained
from alerts.units import NBSP, UNKNOWN, Units
from ingest.recording import FOOT_SPORTS

STEPS = "spm"


@dataclass(frozen=True, slots=True)
class State:
    """A state as it is always shown: a shape, a colour (both by ``shape``) and a word."""

    shape: str
    word: str


FINE = State("fine", "Fine")
STOP = State("stop", "Stop")
WAITING = State("info", "Not enough runs yet")

STATES: Mapping[Level, State] = MappingProxyType(
    {
        Level.INFO: State("info", "For information"),
        Level.NOTICE: State("notice", "Notice"),
        Level.CAUTION: State("caution", "Caution"),
        Level.HIGH: State("high", "High caution"),
    }
)

SPORTS = MappingProxyType({"running": "Run", "walking": "Walk", "hiking": "Hike", "cycling": "Ride"})

QUANTITIES = MappingProxyType(
    {
        "m": "m",
        "mps": "m/s",
        "spm": "1/min",
        "bpm": "bpm",
        "min": "min",
        "percent": "%",
        "days": "days",
        "hours": "h",
        "runs": "runs",
    }
)

NUMBERS = MappingProxyType(
    {
        "excess": "Over it by",
        "ceiling": "Ceiling on that day",
        "highest": "Most in the 12 weeks before",
        "session": "In one run",
        "session_most": "Hardest run of the six weeks before",
        "week": "In seven days",
        "week_most": "Hardest week of the six weeks before",
        "change": "Change at the same pace",
        "speed": "At a pace of",
        "baseline": "Compared with",
    }
)
"""Names of the numbers that findings carry, without their unit; others are named by their own words."""


def capital(text: str) -> str:
    """The text as the beginning of a line; the rest of it stays as it is."""
    return text[:1].upper() + text[1:]


def relative_day(day: date, today: date) -> str:
    """A day as it is called today: "today", "yesterday", "Sun 12 May"."""
    match (today - day).days:
        case 0:
            return "today"
        case 1:
            return "yesterday"
        case _:
            return words.short_date(day, today=today)


def on_day(day: date, today: date) -> str:
    """A day as part of a sentence: "today", "yesterday", "on Sun 12 May"."""
    name = relative_day(day, today)
    return name if name in ("today", "yesterday") else f"on {name}"


def clock_time(moment: datetime) -> str:
    """Hour and minute of a local time: "07:42"."""
    return f"{moment:%H:%M}"


def local_moment(moment: datetime, zone: str, today: date) -> str:
    """Day and time in the runner's zone: "today at 07:42"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{on_day(local.date(), today)} at {clock_time(local)}"


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
    return f"{distance_m / units.metres / (timer_s / 3600):.1f}{NBSP}{units.abbreviation}/h"


def count(n: int, noun: str) -> str:
    """A number of things: "1 run", "2 runs"."""
    return f"{n:,}{NBSP}{noun if n == 1 else noun + 's'}"


def sport_name(sport: str) -> str:
    """A sport of the FIT profile as a noun."""
    return SPORTS.get(sport, capital(sport.replace("_", " ")))


def percent_change(observed: float, expected: float) -> str:
    """How far one quantity is from another, with its direction: "34 % more"."""
    if not expected:
        return UNKNOWN
    change = observed / expected - 1
    return f"{words.percent(change)} {'more' if change >= 0 else 'less'}"


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
            return f"{value:.3g}{NBSP}{unit}".replace("-", "−")


def named_numbers(finding: Finding, units: Units) -> tuple[tuple[str, str], ...]:
    """Remaining numbers of a finding as pairs of name and value; the unit leaves the name for the value."""
    return tuple(_named_number(name, value, units) for name, value in finding.numbers.items())


def _named_number(name: str, value: float, units: Units) -> tuple[str, str]:
    stem, _, suffix = name.rpartition("_")
    if not stem or suffix not in QUANTITIES:
        return capital(name.replace("_", " ")), f"{value:.4g}"
    called = NUMBERS.get(stem, capital(stem.replace("_", " ")))
    if stem == "ceiling" and suffix == "m":
        return called, words.distance_within(value, units)
    return called, quantity(value, QUANTITIES[suffix], units)


def named(explained: Explained) -> str:
    """Name a finding in one line: "Caution: one run much longer"."""
    return f"{STATES[explained.finding.level].word}: {explained.story.title}"
