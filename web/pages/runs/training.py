"""The training page: half a year of weeks, hard minutes, load, and two ratios with the evidence against."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from flask import Blueprint, Response, render_template

from alerts.alert.evidence import Evidence
from alerts.text import units as words
from alerts.text.i18n import gettext, gettext_noop
from alerts.text.units import UNKNOWN, number
from alerts.views.training import Ratio, Training
from web.charts.chart_data import WHOLE_WEEKS, chart_data_response, training_chart_data
from web.charts.date_axis import ChartTexts, date_axis, ordinals, timeline
from web.charts.svg_plot import Axis, ChartLabel, ChartTable, Dot, Plot, Scale, Stroke, line_path, round_ticks
from web.charts.weekly_chart import WeeklyChart, weekly_chart
from web.charts.weekly_plots import hard_plot, load_plot
from web.http.ports import DashboardSource

TOP_RATIO = 2.5
"""What is above is drawn at the edge: after a break a ratio has no upper end. [unitless]"""

ACUTE_CHRONIC = ChartTexts(
    "acute-chronic",
    gettext_noop("Last week against last month"),
    gettext_noop("Many watches call this the acute-to-chronic load ratio: {value} today."),
    gettext_noop("A line of distance in seven days over a quarter of that in twenty-eight, day by day."),
)
WEEK_TO_WEEK = ChartTexts(
    "week-to-week",
    gettext_noop("This week against the week before"),
    gettext_noop("The last seven days against the seven before: {value} today."),
    gettext_noop("A line of distance in seven days over that in the seven days before, day by day."),
)


@dataclass(frozen=True, slots=True)
class TrainingPage:
    """Everything that the training page says, in finished words."""

    chart: WeeklyChart
    hard: Plot | None
    load: Plot | None
    ratios: tuple[tuple[Plot, Evidence | None], ...]


def training_page(training: Training) -> TrainingPage | None:
    """Put half a year into words; None where there is no week yet."""
    chart = weekly_chart(training.weeks, training.season, training.units)
    if chart is None:
        return None
    drawn = (
        (_ratio_plot(ACUTE_CHRONIC, training.acute_chronic), training.evidence.get("acute_chronic_ratio")),
        (_ratio_plot(WEEK_TO_WEEK, training.week_to_week), training.evidence.get("week_to_week")),
    )
    ratios = tuple((plot, evidence) for plot, evidence in drawn if plot is not None)
    return TrainingPage(chart, hard_plot(training.hard), load_plot(training.load), ratios)


def _ratio_plot(said: ChartTexts, ratio: Ratio) -> Plot | None:
    known = ratio.values[np.isfinite(ratio.values)]
    if len(known) < 2:
        return None
    high = min(TOP_RATIO, max(2.0, math.ceil(2 * float(known.max())) / 2))
    up = Axis(gettext("Ratio"), 0.0, high, tuple((v, number(v, "g")) for v in round_ticks(0.0, high)))
    x = ordinals(ratio.days)
    tail = np.flatnonzero(np.isfinite(ratio.values))[-1]

    def paint(scale: Scale) -> tuple[list[Stroke], list[Dot], list[ChartLabel]]:
        level = Stroke(
            "even",
            f"M{scale.left} {scale.y(1.0):g}H{scale.right}",
        )
        strokes = [level, Stroke("context", line_path(scale, x, ratio.values))]
        y = scale.y(float(ratio.values[tail])) + 4
        return strokes, [], [ChartLabel(scale.right + 6, y, number(ratio.values[tail], ".2f"), "line")]

    now = ratio.values[-1]
    value = number(now, ".2f") if np.isfinite(now) else gettext("none")
    titled = said.translated(value=value)
    table = ChartTable(
        gettext("The same days as a table, one a week"),
        (gettext("Day"), gettext("Ratio")),
        tuple(
            (words.short_date(day), number(v, ".2f") if np.isfinite(v) else UNKNOWN)
            for day, v in list(zip(ratio.days, ratio.values.tolist(), strict=True))[::-7]
        ),
    )
    return timeline(titled, up, date_axis(ratio.days[0], ratio.days[-1]), paint, table)


def training_blueprint(source: DashboardSource, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the training page."""
    blueprint = Blueprint("training", __name__)

    @blueprint.get("/training")
    def page() -> str:
        training = source.history_views.training(clock())
        shown = None if training is None else training_page(training)
        return render_template("training.html", shown=shown)

    @blueprint.get("/training/closer")
    def closer() -> Response:
        training = source.history_views.training(clock(), weeks=WHOLE_WEEKS)
        return chart_data_response([] if training is None else training_chart_data(training))

    return blueprint
