"""Numbers as a person reads them: one place for units, rounding and dates, shared by page and letter.

Between a number and its unit stands a no-break space, so that no line ends between them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

NBSP = "\N{NO-BREAK SPACE}"
UNKNOWN = "\N{EN DASH}"

STANDSTILL_MPS = 0.1
"""Below this speed a pace says nothing. [m/s]"""

# strftime would follow the locale of the server, and the sentences around these words do not
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Units:
    """The unit in which a runner thinks of distance."""

    name: str
    metres: float
    abbreviation: str


METRIC = Units(name="kilometres", metres=1_000.0, abbreviation="km")
IMPERIAL = Units(name="miles", metres=1_609.344, abbreviation="mi")

FOOT_M = 0.3048


def distance(metres: float, units: Units = METRIC, *, digits: int = 1) -> str:
    """A distance with its unit: "14.2 km"."""
    if not math.isfinite(metres):
        return UNKNOWN
    return f"{metres / units.metres:,.{digits}f}{NBSP}{units.abbreviation}"


def distance_within(limit_m: float, units: Units = METRIC) -> str:
    """A limit rounded down, so that what is shown as allowed is allowed: 11,660 m is "11.6 km"."""
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
        return f"{round(metres / FOOT_M):,}{NBSP}ft"
    return f"{round(metres):,}{NBSP}m"


def pace(speed_mps: float, units: Units = METRIC) -> str:
    """A speed as the time for one unit of distance: "6:00 min/km"."""
    if not math.isfinite(speed_mps) or speed_mps < STANDSTILL_MPS:
        return UNKNOWN
    whole_s = round(units.metres / speed_mps)
    return f"{whole_s // 60}:{whole_s % 60:02d}{NBSP}min/{units.abbreviation}"


def minutes(value_min: float) -> str:
    """A time in whole minutes, from two hours on in hours: "62 minutes", "2 h 05 min"."""
    if not math.isfinite(value_min):
        return UNKNOWN
    whole = round(value_min)
    if whole >= 120:
        return f"{whole // 60}{NBSP}h{NBSP}{whole % 60:02d}{NBSP}min"
    return f"{whole}{NBSP}{'minute' if whole == 1 else 'minutes'}"


def hard_minutes(value_min: float) -> str:
    """Minutes of hard running: "62 hard minutes", "2 h 05 min of hard running"."""
    amount = minutes(value_min)
    number, _, word = amount.rpartition(NBSP)
    return f"{number}{NBSP}hard {word}" if word.startswith("minute") else f"{amount} of hard running"


def cadence(spm: float) -> str:
    """A step rate, both feet counted: "171 steps per minute"."""
    return f"{round(spm)}{NBSP}steps per minute" if math.isfinite(spm) else UNKNOWN


def percent(share: float) -> str:
    """A share of one in whole per cent, without a sign: 0.34 is "34 %"."""
    return f"{abs(round(100 * share))}{NBSP}%" if math.isfinite(share) else UNKNOWN


def weekday(day: date) -> str:
    """The day's name: "Sunday"."""
    return WEEKDAYS[day.weekday()]


def plain_date(day: date, *, today: date | None = None) -> str:
    """Day and month, and the year where it is not that of ``today``: "3 May", "3 May 2023"."""
    year = "" if today is None or today.year == day.year else f"{NBSP}{day.year}"
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}{year}"


def short_date(day: date, *, today: date | None = None) -> str:
    """Weekday, day and month: "Sun 12 May"."""
    return f"{weekday(day)[:3]}{NBSP}{plain_date(day, today=today)}"
