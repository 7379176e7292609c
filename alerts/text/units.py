"""Formats numbers, units and dates for people; shared by pages and emails.

They follow the language that is being spoken: English as it is written here, others by Babel's tables.
Between a number and its unit stands a no-break space, so that no line ends between them.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from datetime import date

from alerts.text.i18n import SOURCE, current_language, gettext, gettext_noop, ngettext

NBSP = "\N{NO-BREAK SPACE}"
UNKNOWN = "\N{EN DASH}"

STANDSTILL_MPS = 0.1
"""Below this speed a pace says nothing. [m/s]"""

# strftime would follow the locale of the server, and the sentences around these words do not
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FULL_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Units:
    """A runner's unit of distance."""

    name: str
    one: str
    metres: float
    abbreviation: str


METRIC = Units(
    name=gettext_noop("kilometres"), one=gettext_noop("kilometre"), metres=1_000.0, abbreviation="km"
)
IMPERIAL = Units(name=gettext_noop("miles"), one=gettext_noop("mile"), metres=1_609.344, abbreviation="mi")

FOOT_M = 0.3048


def number(value: float, spec: str = ",") -> str:
    """A number in a Python format, with the separators of the language: "1,240.5", "1.240,5"."""
    written = format(value, spec)
    if current_language() == SOURCE:
        return written
    group, decimal = _separators(current_language())
    return written.translate(str.maketrans(",.", group + decimal))


def distance(metres: float, units: Units = METRIC, *, digits: int = 1) -> str:
    """A distance with its unit: "14.2 km"."""
    if not math.isfinite(metres):
        return UNKNOWN
    return f"{number(metres / units.metres, f',.{digits}f')}{NBSP}{units.abbreviation}"


def distance_within(limit_m: float, units: Units = METRIC) -> str:
    """A limit rounded down, so that the number shown never exceeds it: 11,660 m is "11.6 km"."""
    # a float just below a tenth that it means to be is that tenth
    tenths = math.floor(limit_m / units.metres * 10 + 1e-6)
    return distance(tenths / 10 * units.metres, units)


def distance_range(low_m: float, high_m: float, units: Units = METRIC) -> str:
    """Two distances as a range of whole units, or as one where both round to the same: "25–34 km"."""
    low, high = round(low_m / units.metres), round(high_m / units.metres)
    span = f"{low}" if low == high else f"{low}–{high}"
    return f"{span}{NBSP}{units.abbreviation}"


def height(metres: float, units: Units = METRIC) -> str:
    """A climb or descent: "820 m", "2,690 ft"."""
    if not math.isfinite(metres):
        return UNKNOWN
    if units is IMPERIAL:
        return f"{number(round(metres / FOOT_M))}{NBSP}ft"
    return f"{number(round(metres))}{NBSP}m"


def pace(speed_mps: float, units: Units = METRIC) -> str:
    """A speed as the time for one unit of distance: "6:00 min/km"."""
    if not math.isfinite(speed_mps) or speed_mps < STANDSTILL_MPS:
        return UNKNOWN
    whole_s = round(units.metres / speed_mps)
    return f"{whole_s // 60}:{whole_s % 60:02d}{NBSP}min/{units.abbreviation}"


def minutes(value_min: float) -> str:
    """A duration in whole minutes, from two hours on in hours: "62 minutes", "2 h 05 min"."""
    if not math.isfinite(value_min):
        return UNKNOWN
    whole = round(value_min)
    if whole >= 120:
        return _hours_and_minutes(whole)
    return ngettext("{n}\xa0minute", "{n}\xa0minutes", whole)


def hard_minutes(value_min: float) -> str:
    """Minutes of hard running: "62 hard minutes", "2 h 05 min of hard running"."""
    if not math.isfinite(value_min):
        return UNKNOWN
    whole = round(value_min)
    if whole >= 120:
        return gettext("{time} of hard running", time=_hours_and_minutes(whole))
    return ngettext("{n}\xa0hard minute", "{n}\xa0hard minutes", whole)


def _hours_and_minutes(whole: int) -> str:
    return f"{whole // 60}{NBSP}h{NBSP}{whole % 60:02d}{NBSP}min"


def cadence(spm: float) -> str:
    """A cadence, both feet counted: "171 steps per minute"."""
    return gettext("{rate}\xa0steps per minute", rate=round(spm)) if math.isfinite(spm) else UNKNOWN


def percent(share: float) -> str:
    """A share of one in whole per cent, without a sign: 0.34 is "34 %"."""
    return f"{abs(round(100 * share))}{NBSP}%" if math.isfinite(share) else UNKNOWN


def weekday(day: date) -> str:
    """The day's name: "Sunday"."""
    return (
        WEEKDAYS[day.weekday()] if current_language() == SOURCE else _written(day, "EEEE", current_language())
    )


def month_name(day: date) -> str:
    """The month's short name: "Nov"."""
    return MONTHS[day.month - 1] if current_language() == SOURCE else _written(day, "MMM", current_language())


def month_of_year(day: date) -> str:
    """The month as a heading: "November 2026"."""
    if current_language() == SOURCE:
        return f"{FULL_MONTHS[day.month - 1]} {day.year}"
    return _written(day, "yMMMM", current_language()).replace(NBSP, " ")


def plain_date(day: date, *, today: date | None = None) -> str:
    """Day and month, and the year where it is not that of ``today``: "3 May", "3 May 2023"."""
    has_year = today is not None and today.year != day.year
    if current_language() != SOURCE:
        return _written(day, "yMMMd" if has_year else "MMMd", current_language())
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}" + (f"{NBSP}{day.year}" if has_year else "")


def short_date(day: date, *, today: date | None = None) -> str:
    """Weekday, day and month: "Sun 12 May"."""
    name = weekday(day)[:3] if current_language() == SOURCE else _written(day, "EEE", current_language())
    return f"{name}{NBSP}{plain_date(day, today=today)}"


@functools.lru_cache(maxsize=2_048)
def _written(day: date, parts: str, language: str) -> str:
    """The parts of a day as another language puts them; kept, for a calendar names few days very often."""
    from babel.dates import format_date, format_skeleton  # noqa: PLC0415 - English starts without it

    # a skeleton of a name alone would give the name as it stands in a table: "Mo" where a line says "Mo."
    is_name = len(set(parts)) == 1
    written = format_date(day, parts, language) if is_name else format_skeleton(parts, day, locale=language)
    return written.replace(" ", NBSP)


@functools.cache
def _separators(language: str) -> tuple[str, str]:
    """What stands between thousands, and before decimals."""
    from babel.numbers import get_decimal_symbol, get_group_symbol  # noqa: PLC0415 - English starts without it

    return get_group_symbol(language), get_decimal_symbol(language)
