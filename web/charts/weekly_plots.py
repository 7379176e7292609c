"""What the weeks held besides distance: hard minutes, and load by heart rate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from alerts.text import units as words
from alerts.text.i18n import gettext, gettext_noop
from alerts.text.units import UNKNOWN, number
from alerts.views.training import HardWeek, LoadWeek
from web.charts.svg_plot import (
    BAR_SHARE,
    FRAMES,
    Axis,
    ChartFrame,
    ChartLabel,
    ChartTable,
    Plot,
    PlotBar,
    PlotSvg,
    Scale,
    Stroke,
    line_path,
    picture,
    round_ticks,
)


def weeks_axis(starts: Sequence[date]) -> Axis:
    """The weeks side by side, each called by its first day."""
    ticks = tuple((i + 0.5, words.plain_date(start)) for i, start in enumerate(starts))
    return Axis(gettext("Week starting"), 0.0, float(len(starts)), ticks)


def from_zero(title: str, values: Iterable[float], *, least: float) -> Axis:
    """An axis from zero that ends on a round number, at ``least`` or beyond it."""
    most = max(*values, least)
    ticks = round_ticks(0.0, most)
    high = ticks[-1] if ticks[-1] >= most else 2 * ticks[-1] - ticks[-2]
    ends = [*ticks, high] if high > ticks[-1] else ticks
    return Axis(title, 0.0, high, tuple((value, number(value, "g")) for value in ends))


def week_bars(
    scale: Scale, starts: Sequence[date], values: Sequence[float | None], told: Sequence[str]
) -> tuple[PlotBar, ...]:
    """A bar for each week that is known, the last as the one that still runs; ``told`` says their values."""
    return tuple(
        _bar(
            scale, i, value, gettext("Week of {day}: {value}", day=words.plain_date(starts[i]), value=told[i])
        )
        for i, value in enumerate(values)
        if value is not None
    )


def _bar(scale: Scale, index: int, value: float, title: str) -> PlotBar:
    inset = (1 - BAR_SHARE) / 2
    left, right, y = scale.x(index + inset), scale.x(index + 1 - inset), scale.y(value)
    is_current = index + 1 == round(scale.across.high)
    return PlotBar(
        x=left,
        y=y,
        width=round(right - left, 1),
        height=round(scale.base - y, 1),
        kind="bar bar-current" if is_current else "bar",
        title=title,
    )


MIDDLE = gettext_noop("{so_far}; typical for the eight weeks before: {middle}.")

LEAST_BEFORE = 4
"""Of fewer weeks before this one nothing is said."""


def hard_plot(weeks: Sequence[HardWeek]) -> Plot | None:
    """Draw the hard minutes of each week; nothing where hardly any are known."""
    values = [week.hard_min for week in weeks]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    starts = [week.first_day for week in weeks]
    up, across = from_zero(gettext("Hard running per week (min)"), known, least=10.0), weeks_axis(starts)
    told = [UNKNOWN if value is None else words.minutes(value) for value in values]

    def draw(frame: ChartFrame) -> PlotSvg:
        scale, y_ticks, x_ticks = picture(frame, across, up)
        blocks = week_bars(scale, starts, values, told)
        return PlotSvg(frame, scale.right, scale.base, y_ticks, x_ticks, blocks=blocks)

    return Plot(
        name="hard",
        heading=gettext("Hard minutes"),
        caption=_hard_caption(values),
        description=gettext(
            "Bars: minutes near or above your threshold in each week; none where that’s unknown."
        ),
        y_title=up.title,
        x_title=across.title,
        pictures=tuple(draw(frame) for frame in FRAMES),
        table=ChartTable(
            gettext("The same weeks as a table"),
            (gettext("Week starting"), gettext("Hard running")),
            tuple(
                (words.plain_date(day), value) for day, value in list(zip(starts, told, strict=True))[::-1]
            ),
        ),
    )


def _hard_caption(values: Sequence[float | None]) -> str:
    if values[-1] is None:
        return gettext("How hard this week’s runs were isn’t known.")
    so_far = gettext("{hard_minutes} so far this week", hard_minutes=words.hard_minutes(values[-1]))
    middle = _middle(values)
    if middle is None:
        return f"{so_far}."
    return gettext(MIDDLE, so_far=so_far, middle=words.minutes(middle))


def _middle(values: Sequence[float | None]) -> float | None:
    """The median of the eight weeks before this one."""
    before = [value for value in values[-9:-1] if value is not None]
    return float(np.median(before)) if len(before) >= LEAST_BEFORE else None


def load_plot(weeks: Sequence[LoadWeek]) -> Plot | None:
    """Draw the load of each week, bars after Edwards, a line after Banister; nothing without a heart rate."""
    edwards = [week.edwards_au for week in weeks]
    known = [value for value in edwards if value]
    if len(known) < 2:
        return None
    starts = [week.first_day for week in weeks]
    up, across = from_zero(gettext("Heart-rate load per week"), known, least=10.0), weeks_axis(starts)
    told = [_load_words(value) for value in edwards]

    def draw(frame: ChartFrame) -> PlotSvg:
        scale, y_ticks, x_ticks = picture(frame, across, up)
        blocks = week_bars(scale, starts, edwards, told)
        strokes, labels = _banister(scale, weeks)
        return PlotSvg(frame, scale.right, scale.base, y_ticks, x_ticks, strokes, blocks, labels=labels)

    return Plot(
        name="load",
        heading=gettext("Load by heart rate"),
        caption=_load_caption(edwards),
        description=gettext(
            "Bars: minutes weighted by heart-rate zone (Edwards’ method). Line: weighted by the share "
            "of heart-rate reserve (Banister’s method). Nothing where a run has no heart rate."
        ),
        y_title=up.title,
        x_title=across.title,
        pictures=tuple(draw(frame) for frame in FRAMES),
        table=ChartTable(
            gettext("The same weeks as a table"),
            (gettext("Week starting"), "Edwards", "Banister"),
            tuple(_load_row(week) for week in reversed(weeks)),
        ),
    )


def _banister(scale: Scale, weeks: Sequence[LoadWeek]) -> tuple[tuple[Stroke, ...], tuple[ChartLabel, ...]]:
    """The line through the middles of the weeks that are over, named at its end where that is known."""
    values = np.array([week.banister_au for week in weeks[:-1]], dtype=np.float64)
    path = line_path(scale, np.arange(0.5, len(values)), values)
    strokes = (Stroke("step-edge", path), Stroke("step-line", path))
    if np.isnan(values[-1]):
        return strokes, ()
    return strokes, (ChartLabel(scale.right + 6, scale.y(float(values[-1])) + 4, "Banister", "line"),)


def _load_row(week: LoadWeek) -> tuple[str, ...]:
    return words.plain_date(week.first_day), _load_words(week.edwards_au), _load_words(week.banister_au)


def _load_words(value: float | None) -> str:
    return UNKNOWN if value is None else number(value, ",.0f")


def _load_caption(values: Sequence[float | None]) -> str:
    if values[-1] is None:
        return gettext("This week’s runs have no heart rate.")
    so_far = gettext("Heart-rate load this week: {load} (Edwards’ method)", load=_load_words(values[-1]))
    middle = _middle(values)
    return f"{so_far}." if middle is None else gettext(MIDDLE, so_far=so_far, middle=_load_words(middle))
