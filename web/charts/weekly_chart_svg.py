"""Twelve weeks as a picture: where bars, band, line and marks stand; a template draws them as inline SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from alerts.care.explained_alert import ExplainedAlert
from alerts.evaluation.training_status import Week
from alerts.text import units as words
from alerts.text.i18n import gettext
from alerts.text.units import Units, number
from web.charts.svg_plot import BAR_SHARE, Axis, ChartFrame, ChartLabel, PlotBar, Scale
from web.http.formatting import STATES, StateBadge, named

LABEL_GAP = 15.0
SLOTS = 12


WIDE = ChartFrame("wide", width=672, height=332, left=36, right=122, top=52, bottom=46, label_every=2)
NARROW = ChartFrame("narrow", width=344, height=264, left=28, right=72, top=52, bottom=46, label_every=3)


@dataclass(frozen=True, slots=True)
class WeeklyMark:
    """The gravest finding of a week, and how many there are."""

    x: float
    y: float
    state: StateBadge
    title: str
    more: str


@dataclass(frozen=True, slots=True)
class WeeklyChartSvg:
    """All that a template needs to draw one size of the chart."""

    frame: ChartFrame
    plot_right: int
    bars: tuple[PlotBar, ...]
    band: str
    ceiling: str
    y_ticks: tuple[ChartLabel, ...]
    x_ticks: tuple[ChartLabel, ...]
    labels: tuple[ChartLabel, ...]
    marks: tuple[WeeklyMark, ...]


def _scale(frame: ChartFrame, n: int, top_m: float) -> Scale:
    """Weeks from left to right, fewer than twelve at the right; distances from zero up."""
    return Scale(frame, Axis("", min(n - SLOTS, 0), n, ()), Axis("", 0.0, top_m, ()))


def draw(
    frame: ChartFrame, weeks: Sequence[Week], by_week: Sequence[Sequence[ExplainedAlert]], units: Units
) -> WeeklyChartSvg:
    """Place the weeks in a frame; one scale for bars, band and line, from zero."""
    step_m = _tick_step_m(weeks, units)
    highest_m = max(_highest_m(week) for week in weeks)
    ticks = max(1, math.ceil(highest_m / step_m))
    scale = _scale(frame, len(weeks), ticks * step_m)
    return WeeklyChartSvg(
        frame=frame,
        plot_right=frame.width - frame.right,
        bars=tuple(
            _bar(scale, i, week, units, is_current=i == len(weeks) - 1) for i, week in enumerate(weeks)
        ),
        band=_band(scale, weeks),
        ceiling=_ceiling(scale, weeks),
        y_ticks=tuple(
            ChartLabel(frame.left - 6, scale.y(i * step_m), f"{i * step_m / units.metres:g}")
            for i in range(ticks + 1)
        ),
        x_ticks=_x_ticks(scale, weeks),
        labels=_labels(scale, weeks, units, has_marks=any(by_week)),
        marks=tuple(_mark(scale, i, found) for i, found in enumerate(by_week) if found),
    )


def _highest_m(week: Week) -> float:
    return max(week.run_m, week.usual_high_m or 0.0, week.ceiling_m or 0.0)


def _tick_step_m(weeks: Sequence[Week], units: Units) -> float:
    """Find the smallest round step that needs no more than five ticks."""
    highest = max(_highest_m(week) for week in weeks) / units.metres
    steps = (m * 10**e for e in range(5) for m in (1, 2, 5))
    return units.metres * next((step for step in steps if highest / step <= 5), 100_000)


def _bar(scale: Scale, index: int, week: Week, units: Units, *, is_current: bool) -> PlotBar:
    y = scale.y(week.run_m)
    slot = (scale.right - scale.left) / (scale.across.high - scale.across.low)
    inset = slot * (1 - BAR_SHARE) / 2
    return PlotBar(
        x=round(scale.x(index) + inset, 1),
        y=y,
        width=round(slot * BAR_SHARE, 1),
        height=round(scale.base - y, 1),
        kind="bar bar-current" if is_current else "bar",
        title=gettext(
            "Week of {day}: {distance}",
            day=words.plain_date(week.first_day),
            distance=words.distance(week.run_m, units),
        ),
    )


def _band(scale: Scale, weeks: Sequence[Week]) -> str:
    """Draw the usual range as closed step shapes, one for each unbroken stretch of weeks that have one."""
    shapes = []
    for stretch in _stretches([week.usual_low_m is not None for week in weeks]):
        upper = [(scale.x(i), scale.x(i + 1), scale.y(weeks[i].usual_high_m or 0)) for i in stretch]
        lower = [(scale.x(i + 1), scale.x(i), scale.y(weeks[i].usual_low_m or 0)) for i in reversed(stretch)]
        steps = " ".join(f"L{a:g} {y:g}H{b:g}" for a, b, y in upper + lower)
        shapes.append(f"M{steps[1:]}Z")
    return "".join(shapes)


def _ceiling(scale: Scale, weeks: Sequence[Week]) -> str:
    """Draw the ceiling for one run as a step line that breaks where there is none."""
    lines = []
    for stretch in _stretches([week.ceiling_m is not None for week in weeks]):
        start = f"M{scale.x(stretch[0]):g} {scale.y(weeks[stretch[0]].ceiling_m or 0):g}"
        steps = "".join(f"V{scale.y(weeks[i].ceiling_m or 0):g}H{scale.x(i + 1):g}" for i in stretch)
        lines.append(start + steps)
    return "".join(lines)


def _stretches(present: Sequence[bool]) -> list[list[int]]:
    stretches: list[list[int]] = []
    for index, is_there in enumerate(present):
        if is_there and index and present[index - 1]:
            stretches[-1].append(index)
        elif is_there:
            stretches.append([index])
    return stretches


def _x_ticks(scale: Scale, weeks: Sequence[Week]) -> tuple[ChartLabel, ...]:
    """Name every second or third week, counted back from the current one."""
    named = range(len(weeks) - 1, -1, -scale.frame.label_every * -(-len(weeks) // SLOTS))
    y = scale.base + 17
    return tuple(
        ChartLabel(scale.x(i + 0.5), y, words.plain_date(weeks[i].first_day)) for i in reversed(named)
    )


def _labels(scale: Scale, weeks: Sequence[Week], units: Units, *, has_marks: bool) -> tuple[ChartLabel, ...]:
    """Name band and line at their right end, apart enough to be read, and the current bar on its top."""
    week, x = weeks[-1], scale.x(len(weeks)) + 6
    bar_end = scale.x(len(weeks) - (1 - BAR_SHARE) / 2)
    labels = []
    if week.run_m:
        labels.append(
            ChartLabel(bar_end, scale.y(week.run_m) - 6, number(week.run_m / units.metres, ".1f"), "current")
        )
    if has_marks:
        labels.append(ChartLabel(x, scale.frame.top - 13, gettext("alerts"), "findings"))
    usual_y = math.inf
    if week.usual_low_m is not None and week.usual_high_m is not None:
        usual_y = scale.y((week.usual_low_m + week.usual_high_m) / 2) + 4
        labels.append(
            ChartLabel(
                x, usual_y, gettext("usual") if scale.frame is NARROW else gettext("usual range"), "usual"
            )
        )
    if week.ceiling_m is not None:
        ceiling_y = scale.y(week.ceiling_m) + 4
        if abs(ceiling_y - usual_y) < LABEL_GAP:
            ceiling_y = usual_y + math.copysign(LABEL_GAP, ceiling_y - usual_y)
        labels.append(
            ChartLabel(
                x,
                ceiling_y,
                gettext("limit") if scale.frame is NARROW else gettext("limit for one run"),
                "ceiling",
            )
        )
    return tuple(labels)


def _mark(scale: Scale, index: int, found: Sequence[ExplainedAlert]) -> WeeklyMark:
    return WeeklyMark(
        x=round(scale.x(index + 0.5) - 7, 1),
        y=scale.frame.top - 24,
        state=STATES[found[0].alert.level],
        title="; ".join(named(explained) for explained in found),
        more=f"+{len(found) - 1}" if len(found) > 1 else "",
    )
