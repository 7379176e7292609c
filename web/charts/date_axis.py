"""Charts over days: the axis of dates, lines and dots on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from alerts.text.i18n import gettext
from alerts.text.units import month_name
from web.charts.svg_plot import (
    FRAMES,
    Axis,
    ChartLabel,
    ChartTable,
    Dot,
    Plot,
    PlotSvg,
    Scale,
    Stroke,
    picture,
)


@dataclass(frozen=True, slots=True)
class ChartTexts:
    """What a chart is called and says."""

    name: str
    heading: str
    caption: str
    description: str

    def translated(self, **values: object) -> ChartTexts:
        """The same in the language that is being spoken, its caption with values."""
        return ChartTexts(
            self.name, gettext(self.heading), gettext(self.caption, **values), gettext(self.description)
        )


Paint = Callable[[Scale], tuple[Sequence[Stroke], Sequence[Dot], Sequence[ChartLabel]]]


def date_axis(first: date, last: date) -> Axis:
    """Days from first to last, marked where months begin; a new year with its number."""
    days = range(first.toordinal(), last.toordinal() + 1)
    begins = [day for day in map(date.fromordinal, days) if day.day == 1]
    ticks = tuple((float(day.toordinal()), _month(day)) for day in begins)
    return Axis(gettext("Date"), float(days[0]), float(days[-1] + 1), ticks)


def _month(day: date) -> str:
    return str(day.year) if day.month == 1 else month_name(day)


def timeline(words: ChartTexts, up: Axis, across: Axis, paint: Paint, table: ChartTable) -> Plot:
    """Draw the same in every size."""
    pictures = []
    for frame in FRAMES:
        scale, y_ticks, x_ticks = picture(frame, across, up)
        strokes, dots, labels = paint(scale)
        pictures.append(
            PlotSvg(
                frame,
                scale.right,
                scale.base,
                y_ticks,
                x_ticks,
                tuple(strokes),
                dots=tuple(dots),
                labels=tuple(labels),
            )
        )
    return Plot(
        words.name,
        words.heading,
        words.caption,
        words.description,
        up.title,
        across.title,
        tuple(pictures),
        table,
    )


def ordinals(days: Sequence[date]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Days as places on the axis."""
    return np.array([day.toordinal() for day in days], dtype=np.float64)
