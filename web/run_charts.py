"""The lines of one activity: pace, heart rate, step rate and altitude over the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from alerts import units as words
from alerts.pages.run_view import RunView, Traces
from alerts.units import FOOT_M, IMPERIAL, Units, number
from alerts.words.language import marked, say
from ingest.recording import FOOT_SPORTS, Column
from web.drawing import Label
from web.plot import (
    FRAMES,
    Axis,
    Picture,
    Plot,
    Scale,
    Stroke,
    line_path,
    picture,
    round_ticks,
    rounded_out,
)
from web.present import STEPS
from web.zoom import Closer, Line, rounded

SLOWEST_SHOWN_MPS = 1.2
"""Slower than a stroll the pace runs off any chart. [m/s]"""


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line is of: its name in the page, its word, also a short one, its unit, its axis' least span."""

    name: str
    word: str
    short: str
    unit: str
    least: float = 0.0

    @property
    def title(self) -> str:
        """The word with the unit, as an axis has it."""
        return f"{say(self.word)} ({self.unit})"


HEART_RATE = _Line("heart-rate", marked("Heart rate"), marked("heart"), "bpm", least=20)
STEP_RATE = _Line("cadence", marked("Step rate"), marked("steps"), STEPS, least=20)


@dataclass(frozen=True, slots=True, eq=False)
class _Trace:
    """A line ready to be drawn: what it is of, what it says, its axis and its values along the way."""

    of: _Line
    caption: str
    up: Axis
    y: Column
    unit_mps: float | None = None
    """Where speeds are marked as something else: one of the marked unit. [m/s]"""


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """What all lines of one run are drawn over."""

    axis: Axis
    x: Column


def run_plots(view: RunView) -> tuple[Plot, ...]:
    """Draw what was recorded; what was not has no chart."""
    traces = view.traces
    if traces is None or len(traces.time_s) < 2:
        return ()
    way = _way(traces, view.units)
    return tuple(_plot(drawn, way) for drawn in _traces(view, traces))


def closer_run(view: RunView) -> list[Closer]:
    """Give the same lines second by second; what is marked as pace stays a speed."""
    traces = view.traces
    if traces is None or len(traces.time_s) < 2:
        return []
    way = _way(traces, view.units)
    x: list[float] = way.x.round(3).tolist()
    is_on_foot = view.summary.sport in FOOT_SPORTS
    return [
        Closer(
            name=drawn.of.name,
            title=drawn.up.title,
            x_title=way.axis.title,
            across="number",
            x=x,
            begin=0.0,
            lines=(Line(say(drawn.of.word), "line", rounded(drawn.y / (drawn.unit_mps or 1.0), 2)),),
            metres=view.units.metres if drawn.of.name == "pace" and is_on_foot else None,
        )
        for drawn in _traces(view, traces)
    ]


def _traces(view: RunView, traces: Traces) -> Iterable[_Trace]:
    drawn = (
        _speed(view, traces),
        _plain(HEART_RATE, traces.heart_rate_bpm),
        _plain(STEP_RATE, traces.cadence_spm),
        _altitude(view, traces),
    )
    return (trace for trace in drawn if trace is not None)


def _way(traces: Traces, units: Units) -> _Way:
    """Along the way where there is one, else along the time."""
    if traces.covered_m > 0:
        x, title = (
            traces.distance_m / units.metres,
            say("Distance ({unit})", unit=units.abbreviation),
        )
    else:
        x, title = traces.time_s / 60, say("Time in motion (min)")
    high = float(x[-1])
    ticks = tuple((value, number(value, "g")) for value in round_ticks(0.0, high, most=9))
    return _Way(Axis(title, 0.0, high, ticks), x)


def _plain(of: _Line, values: Column) -> _Trace | None:
    known = values[np.isfinite(values)]
    if len(known) < 2:
        return None
    low, high = rounded_out(*_middle(known), least=of.least)
    ticks = tuple((value, number(value, "g")) for value in round_ticks(low, high))
    caption = say(
        "{word}: {mean}\xa0{unit} on average, at most {max}\xa0{unit}.",
        word=say(of.word),
        mean=f"{known.mean():.0f}",
        unit=of.unit,
        max=f"{known.max():.0f}",
    )
    return _Trace(of, caption, Axis(of.title, low, high, ticks), values)


def _altitude(view: RunView, traces: Traces) -> _Trace | None:
    known = traces.altitude_m[np.isfinite(traces.altitude_m)]
    if len(known) < 2:
        return None
    is_imperial = view.units is IMPERIAL
    values = traces.altitude_m / (FOOT_M if is_imperial else 1.0)
    low, high = rounded_out(float(np.nanmin(values)), float(np.nanmax(values)), least=20)
    ticks = tuple((value, number(value, ",g")) for value in round_ticks(low, high, most=4))
    caption = say(
        "Altitude: between {lowest} and {highest}.",
        lowest=words.height(float(known.min()), view.units),
        highest=words.height(float(known.max()), view.units),
    )
    of = _Line("altitude", marked("Altitude"), marked("altitude"), "ft" if is_imperial else "m")
    return _Trace(of, caption, Axis(of.title, low, high, ticks), values)


def _speed(view: RunView, traces: Traces) -> _Trace | None:
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
        of = _Line("pace", marked("Pace"), marked("pace"), f"min/{view.units.abbreviation}")
        ticks = _pace_ticks(low, high, view.units)
        caption = _pace_caption(view)
    else:
        per_hour = 3600 / view.units.metres
        of = _Line("pace", marked("Speed"), marked("speed"), f"{view.units.abbreviation}/h")
        ticks = tuple((v / per_hour, number(v, "g")) for v in round_ticks(low * per_hour, high * per_hour))
        caption = say(
            "Speed: at most {max}\xa0{unit}/h.",
            max=f"{known.max() * per_hour:.0f}",
            unit=view.units.abbreviation,
        )
        unit_mps = 1 / per_hour
    return _Trace(of, caption, Axis(of.title, low, high, ticks), speed, unit_mps)


def _pace_caption(view: RunView) -> str:
    whole = [s for s in view.splits if s.distance_m >= view.units.metres - 0.5 and s.time_s > 0]
    covered_m, timer_s = view.summary.distance_m, view.summary.timer_s
    mean = (
        say("Pace: {pace} on average", pace=words.pace(covered_m / timer_s, view.units))
        if covered_m and timer_s
        else say("Pace")
    )
    if len(whole) < 2:
        return say("{mean}, over half a minute at a time.", mean=mean)
    fastest = min(range(len(whole)), key=lambda i: whole[i].time_s)
    one = say(view.units.one)
    best = words.pace(whole[fastest].distance_m / whole[fastest].time_s, view.units)
    return say(
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


def _plot(drawn: _Trace, way: _Way) -> Plot:
    of, up, y = drawn.of, drawn.up, drawn.y
    pictures = []
    for frame in FRAMES:
        scale, y_ticks, x_ticks = picture(frame, way.axis, up)
        line = line_path(scale, way.x, y)
        strokes = [Stroke("trace", line)]
        if of.name == "altitude":
            strokes = [_filled(scale, line), Stroke("relief-line", line)]
        labels = (_end_label(scale, y, say(of.short)),)
        pictures.append(
            Picture(frame, scale.right, scale.base, y_ticks, x_ticks, tuple(strokes), labels=labels)
        )
    return Plot(
        name=of.name,
        heading=say(of.word),
        caption=drawn.caption,
        description=say(
            "A line of {title} over {along}; the splits say the same in numbers.",
            title=up.title,
            along=way.axis.title,
        ),
        y_title=up.title,
        x_title=way.axis.title,
        pictures=tuple(pictures),
    )


def _filled(scale: Scale, line: str) -> Stroke:
    """Fill a line down to the ground, where it is one piece."""
    is_whole = line.count("M") == 1
    last = line.rpartition("L")[2].partition(" ")[0]
    first = line[1:].partition(" ")[0]
    return Stroke(
        "relief",
        f"{line}L{last} {scale.base}L{first} {scale.base}Z" if is_whole else "",
    )


def _end_label(scale: Scale, y: Column, called: str) -> Label:
    """Name the line where it ends."""
    known = np.flatnonzero(np.isfinite(y))
    tail = y[known[-max(len(y) // 40, 1) :]]
    return Label(scale.right + 6, scale.y(float(tail.mean())) + 4, called, "line")
