"""The lines of one activity, drawn over the way or the time; second by second for who looks closer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alerts.text.i18n import gettext
from alerts.text.units import Units, number
from alerts.views.run_view import RunView, Traces
from ingest.formats.recording import FOOT_SPORTS, Column
from web.charts.chart_data import ChartData, DataSeries, rounded
from web.charts.svg_plot import (
    FRAMES,
    Axis,
    ChartLabel,
    Plot,
    PlotSvg,
    Scale,
    Stroke,
    line_path,
    picture,
    round_ticks,
)
from web.pages.runs.run_traces import RunLine, run_lines


@dataclass(frozen=True, slots=True, eq=False)
class _RunAxis:
    """What all lines of one run are drawn over."""

    axis: Axis
    x: Column


def run_plots(view: RunView) -> tuple[Plot, ...]:
    """Draw what was recorded; what was not has no chart."""
    traces = view.traces
    if traces is None or len(traces.time_s) < 2:
        return ()
    way = _run_axis(traces, view.units)
    return tuple(_plot(drawn, way) for drawn in run_lines(view, traces))


def run_chart_data(view: RunView) -> list[ChartData]:
    """Give the same lines second by second; what is marked as pace stays a speed."""
    traces = view.traces
    if traces is None or len(traces.time_s) < 2:
        return []
    way = _run_axis(traces, view.units)
    x: list[float] = way.x.round(3).tolist()
    is_on_foot = view.summary.sport in FOOT_SPORTS
    return [
        ChartData(
            name=drawn.of.name,
            title=drawn.up.title,
            x_title=way.axis.title,
            across="number",
            x=x,
            begin=0.0,
            lines=(
                DataSeries(gettext(drawn.of.word), "line", rounded(drawn.y / (drawn.unit_mps or 1.0), 2)),
            ),
            metres=view.units.metres if drawn.of.name == "pace" and is_on_foot else None,
        )
        for drawn in run_lines(view, traces)
    ]


def _run_axis(traces: Traces, units: Units) -> _RunAxis:
    """Along the way where there is one, else along the time."""
    if traces.covered_m > 0:
        x, title = (
            traces.distance_m / units.metres,
            gettext("Distance ({unit})", unit=units.abbreviation),
        )
    else:
        x, title = traces.time_s / 60, gettext("Moving time (min)")
    high = float(x[-1])
    ticks = tuple((value, number(value, "g")) for value in round_ticks(0.0, high, most=9))
    return _RunAxis(Axis(title, 0.0, high, ticks), x)


def _plot(drawn: RunLine, way: _RunAxis) -> Plot:
    of, up, y = drawn.of, drawn.up, drawn.y
    pictures = []
    for frame in FRAMES:
        scale, y_ticks, x_ticks = picture(frame, way.axis, up)
        line = line_path(scale, way.x, y)
        strokes = [Stroke("trace", line)]
        if of.name == "altitude":
            strokes = [_filled(scale, line), Stroke("relief-line", line)]
        labels = (_end_label(scale, y, gettext(of.short)),)
        pictures.append(
            PlotSvg(frame, scale.right, scale.base, y_ticks, x_ticks, tuple(strokes), labels=labels)
        )
    return Plot(
        name=of.name,
        heading=gettext(of.word),
        caption=drawn.caption,
        description=gettext(
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


def _end_label(scale: Scale, y: Column, called: str) -> ChartLabel:
    """Name the line where it ends."""
    known = np.flatnonzero(np.isfinite(y))
    tail = y[known[-max(len(y) // 40, 1) :]]
    return ChartLabel(scale.right + 6, scale.y(float(tail.mean())) + 4, called, "line")
