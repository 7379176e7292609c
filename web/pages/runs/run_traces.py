"""The lines of one activity before they are drawn: pace, heart rate, step rate, altitude; words and axes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from alerts.text import units as words
from alerts.text.i18n import gettext, gettext_noop
from alerts.text.units import FOOT_M, IMPERIAL, Units, number
from alerts.views.run_view import RunView, Traces
from ingest.formats.recording import FOOT_SPORTS, Column
from web.charts.svg_plot import Axis, round_ticks, rounded_out
from web.http.formatting import STEPS

SLOWEST_SHOWN_MPS = 1.2
"""Slower than a stroll the pace runs off any chart. [m/s]"""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a line is of: its name in the page, its word, also a short one, its unit, its axis' least span."""

    name: str
    word: str
    short: str
    unit: str
    least: float = 0.0

    @property
    def title(self) -> str:
        """The word with the unit, as an axis has it."""
        return f"{gettext(self.word)} ({self.unit})"


HEART_RATE = Measure("heart-rate", gettext_noop("Heart rate"), gettext_noop("heart"), "bpm", least=20)
STEP_RATE = Measure("cadence", gettext_noop("Cadence"), gettext_noop("cadence"), STEPS, least=20)


@dataclass(frozen=True, slots=True, eq=False)
class RunLine:
    """A line ready to be drawn: what it is of, what it says, its axis and its values along the way."""

    of: Measure
    caption: str
    up: Axis
    y: Column
    unit_mps: float | None = None
    """Where speeds are marked as something else: one of the marked unit. [m/s]"""


def run_lines(view: RunView, traces: Traces) -> Iterable[RunLine]:
    """The lines of what was recorded."""
    drawn = (
        _speed(view, traces),
        _plain(HEART_RATE, traces.heart_rate_bpm),
        _plain(STEP_RATE, traces.cadence_spm),
        _altitude(view, traces),
    )
    return (trace for trace in drawn if trace is not None)


def _plain(of: Measure, values: Column) -> RunLine | None:
    known = values[np.isfinite(values)]
    if len(known) < 2:
        return None
    low, high = rounded_out(*_middle(known), least=of.least)
    ticks = tuple((value, number(value, "g")) for value in round_ticks(low, high))
    caption = gettext(
        "{word}: {mean}\xa0{unit} on average, at most {max}\xa0{unit}.",
        word=gettext(of.word),
        mean=f"{known.mean():.0f}",
        unit=of.unit,
        max=f"{known.max():.0f}",
    )
    return RunLine(of, caption, Axis(of.title, low, high, ticks), values)


def _altitude(view: RunView, traces: Traces) -> RunLine | None:
    known = traces.altitude_m[np.isfinite(traces.altitude_m)]
    if len(known) < 2:
        return None
    is_imperial = view.units is IMPERIAL
    values = traces.altitude_m / (FOOT_M if is_imperial else 1.0)
    low, high = rounded_out(float(np.nanmin(values)), float(np.nanmax(values)), least=20)
    ticks = tuple((value, number(value, ",g")) for value in round_ticks(low, high, most=4))
    caption = gettext(
        "Altitude: between {lowest} and {highest}.",
        lowest=words.height(float(known.min()), view.units),
        highest=words.height(float(known.max()), view.units),
    )
    of = Measure("altitude", gettext_noop("Altitude"), gettext_noop("altitude"), "ft" if is_imperial else "m")
    return RunLine(of, caption, Axis(of.title, low, high, ticks), values)


def _speed(view: RunView, traces: Traces) -> RunLine | None:
    """Speed along the axis, on foot marked as pace: faster is higher, and a walk does not run off."""
    speed = np.where(traces.speed_mps >= SLOWEST_SHOWN_MPS, traces.speed_mps, np.nan)
    known = speed[np.isfinite(speed)]
    if len(known) < 2:
        return None
    low, high = _middle(known)
    margin = max(0.12 * (high - low), 0.25)
    low, high = max(low - margin, SLOWEST_SHOWN_MPS), high + margin
    unit_mps = None
    if view.summary.sport in FOOT_SPORTS:
        of = Measure("pace", gettext_noop("Pace"), gettext_noop("pace"), f"min/{view.units.abbreviation}")
        ticks = _pace_ticks(low, high, view.units)
        caption = _pace_caption(view)
    else:
        per_hour = 3600 / view.units.metres
        of = Measure("pace", gettext_noop("Speed"), gettext_noop("speed"), f"{view.units.abbreviation}/h")
        ticks = tuple((v / per_hour, number(v, "g")) for v in round_ticks(low * per_hour, high * per_hour))
        caption = gettext(
            "Speed: at most {max}\xa0{unit}/h.",
            max=f"{known.max() * per_hour:.0f}",
            unit=view.units.abbreviation,
        )
        unit_mps = 1 / per_hour
    return RunLine(of, caption, Axis(of.title, low, high, ticks), speed, unit_mps)


def _pace_caption(view: RunView) -> str:
    whole = [s for s in view.splits if s.distance_m >= view.units.metres - 0.5 and s.time_s > 0]
    covered_m, timer_s = view.summary.distance_m, view.summary.timer_s
    mean = (
        gettext("Pace: {pace} on average", pace=words.pace(covered_m / timer_s, view.units))
        if covered_m and timer_s
        else gettext("Pace")
    )
    if len(whole) < 2:
        return gettext("{mean}, over half a minute at a time.", mean=mean)
    fastest = min(range(len(whole)), key=lambda i: whole[i].time_s)
    one = gettext(view.units.one)
    best = words.pace(whole[fastest].distance_m / whole[fastest].time_s, view.units)
    return gettext(
        "{mean}; {one} {fastest} was the fastest, at {best}.",
        mean=mean,
        one=one,
        fastest=fastest + 1,
        best=best,
    )


def _pace_ticks(low_mps: float, high_mps: float, units: Units) -> tuple[tuple[float, str], ...]:
    """Round paces within the axis, from the slowest on."""
    slow_s, fast_s = units.metres / low_mps, units.metres / high_mps
    step_s = next((s for s in (15, 30, 60, 120, 300, 600) if (slow_s - fast_s) / s <= 5), 1200)
    first = int(fast_s // step_s + 1)
    paces_s = range(first * step_s, int(slow_s) + 1, step_s)
    return tuple((units.metres / s, f"{s // 60}:{s % 60:02d}") for s in paces_s)


def _middle(known: Column) -> tuple[float, float]:
    """All but the wildest: one spike must not flatten the rest."""
    low, high = np.percentile(known, (0.5, 99.5))
    return float(low), float(high)
