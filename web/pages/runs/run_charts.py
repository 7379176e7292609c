"""The lines of one activity, drawn over the way or the time; second by second for who looks closer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alerts.text.i18n import say
from alerts.text.units import Units, number
from alerts.views.run_view import RunView, Traces
from ingest.formats.recording import FOOT_SPORTS, Column
from web.charts.chart_data import Closer, Line, rounded
from web.charts.svg_plot import FRAMES, Axis, Picture, Plot, Scale, Stroke, line_path, picture, round_ticks
from web.charts.weekly_chart_svg import Label
from web.pages.runs.run_traces import Trace, traces_of


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
    return tuple(_plot(drawn, way) for drawn in traces_of(view, traces))


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
        for drawn in traces_of(view, traces)
    ]


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


def _plot(drawn: Trace, way: _Way) -> Plot:
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
