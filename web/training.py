"""The training page: half a year of weeks, hard minutes, and two ratios with the evidence against them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from flask import Blueprint, Response, render_template

from alerts import units as words
from alerts.care.catalogue import Evidence
from alerts.pages.training import HardWeek, Ratio, Training
from alerts.units import UNKNOWN, number
from alerts.words.language import marked, say
from web.chart import Chart, weekly_chart
from web.drawing import Label
from web.plot import (
    FRAMES,
    Axis,
    Block,
    Dot,
    Picture,
    Plot,
    Scale,
    Stroke,
    Table,
    line_path,
    picture,
    round_ticks,
)
from web.source import DashboardSource
from web.timeline import Words, date_axis, ordinals, timeline
from web.zoom import WHOLE_WEEKS, answer, closer_training

BAR_SHARE = 0.64
TOP_RATIO = 2.5
"""What is above is drawn at the edge: after a break a ratio has no upper end. [unitless]"""

ACUTE_CHRONIC = Words(
    "acute-chronic",
    marked("Last week against last month"),
    marked("The ratio that many watches call acute to chronic load: {value} today."),
    marked("A line of distance in seven days over a quarter of that in twenty-eight, day by day."),
)
WEEK_TO_WEEK = Words(
    "week-to-week",
    marked("This week against the week before"),
    marked("The last seven days against the seven before: {value} today."),
    marked("A line of distance in seven days over that in the seven days before, day by day."),
)


@dataclass(frozen=True, slots=True)
class TrainingPage:
    """Everything that the training page says, in finished words."""

    chart: Chart
    hard: Plot | None
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
    return TrainingPage(chart, _hard_plot(training.hard), ratios)


def _hard_plot(weeks: Sequence[HardWeek]) -> Plot | None:
    known = [week.hard_min for week in weeks if week.hard_min is not None]
    if len(known) < 2:
        return None
    ticks = round_ticks(0.0, max(*known, 10.0))
    high = ticks[-1] if ticks[-1] >= max(known) else 2 * ticks[-1] - ticks[-2]
    up = Axis(
        say("Hard running per week (min)"), 0.0, high, tuple((v, number(v, "g")) for v in _to(ticks, high))
    )
    starts = tuple((i + 0.5, words.plain_date(week.first_day)) for i, week in enumerate(weeks))
    across = Axis(say("Week starting"), 0.0, float(len(weeks)), starts)
    return Plot(
        name="hard",
        heading=say("Hard minutes"),
        caption=_hard_caption(weeks),
        description=say(
            "Bars: minutes near or above your threshold in each week; none where that is unknown."
        ),
        y_title=up.title,
        x_title=across.title,
        pictures=tuple(_bars(picture(frame, across, up), weeks) for frame in FRAMES),
        table=Table(
            say("The same weeks as a table"),
            (say("Week starting"), say("Hard running")),
            tuple((words.plain_date(w.first_day), _hard_words(w)) for w in reversed(weeks)),
        ),
    )


def _to(ticks: Sequence[float], high: float) -> list[float]:
    return [*ticks, high] if high > ticks[-1] else list(ticks)


def _bars(drawn: tuple[Scale, tuple[Label, ...], tuple[Label, ...]], weeks: Sequence[HardWeek]) -> Picture:
    scale, y_ticks, x_ticks = drawn
    blocks = tuple(
        _bar(scale, i, week, is_current=i == len(weeks) - 1)
        for i, week in enumerate(weeks)
        if week.hard_min is not None
    )
    return Picture(scale.frame, scale.right, scale.base, y_ticks, x_ticks, blocks=blocks)


def _bar(scale: Scale, index: int, week: HardWeek, *, is_current: bool) -> Block:
    inset = (1 - BAR_SHARE) / 2
    left, right = scale.x(index + inset), scale.x(index + 1 - inset)
    y = scale.y(week.hard_min or 0.0)
    return Block(
        x=left,
        y=y,
        width=round(right - left, 1),
        height=round(scale.base - y, 1),
        kind="bar bar-current" if is_current else "bar",
        title=say(
            "Week of {day}: {hard_words}", day=words.plain_date(week.first_day), hard_words=_hard_words(week)
        ),
    )


def _hard_words(week: HardWeek) -> str:
    return UNKNOWN if week.hard_min is None else words.minutes(week.hard_min)


def _hard_caption(weeks: Sequence[HardWeek]) -> str:
    before = [week.hard_min for week in weeks[-9:-1] if week.hard_min is not None]
    if weeks[-1].hard_min is None:
        return say("How hard this week’s runs were is not known.")
    so_far = say("{hard_minutes} so far this week", hard_minutes=words.hard_minutes(weeks[-1].hard_min))
    if len(before) < 4:
        return f"{so_far}."
    return say(
        "{so_far}; the middle of the eight weeks before is {middle}.",
        so_far=so_far,
        middle=words.minutes(float(np.median(before))),
    )


def _ratio_plot(said: Words, ratio: Ratio) -> Plot | None:
    known = ratio.values[np.isfinite(ratio.values)]
    if len(known) < 2:
        return None
    high = min(TOP_RATIO, max(2.0, math.ceil(2 * float(known.max())) / 2))
    up = Axis(say("Ratio"), 0.0, high, tuple((v, number(v, "g")) for v in round_ticks(0.0, high)))
    x = ordinals(ratio.days)
    tail = np.flatnonzero(np.isfinite(ratio.values))[-1]

    def paint(scale: Scale) -> tuple[list[Stroke], list[Dot], list[Label]]:
        level = Stroke(
            "even",
            f"M{scale.left} {scale.y(1.0):g}H{scale.right}",
        )
        strokes = [level, Stroke("context", line_path(scale, x, ratio.values))]
        y = scale.y(float(ratio.values[tail])) + 4
        return strokes, [], [Label(scale.right + 6, y, number(ratio.values[tail], ".2f"), "line")]

    now = ratio.values[-1]
    value = number(now, ".2f") if np.isfinite(now) else say("none")
    titled = said.spoken(value=value)
    table = Table(
        say("The same days as a table, one a week"),
        (say("Day"), say("Ratio")),
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
        training = source.almanac.training(clock())
        shown = None if training is None else training_page(training)
        return render_template("training.html", shown=shown)

    @blueprint.get("/training/closer")
    def closer() -> Response:
        training = source.almanac.training(clock(), weeks=WHOLE_WEEKS)
        return answer([] if training is None else closer_training(training))

    return blueprint
