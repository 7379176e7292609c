"""The data behind a chart as JSON, for the zoomable view.

Nothing here is drawn. The pictures of a page hold as much as fits them; a chart that is looked at closer
holds all there is, further back than the page goes, and a second of a run where the picture has ten.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from flask import Response, request

from alerts.text import units as words
from alerts.text.i18n import gettext
from alerts.views.form_view import Form, Measured
from alerts.views.training import Ratio, Training
from ingest.formats.recording import Column

SeriesKind = Literal["bar", "line", "step", "dot", "low", "high"]
"""How a line is drawn; ``low`` and ``high`` are the edges of one band, in this order."""

DAY_S = 86_400
UNIX_EPOCH = date(1970, 1, 1)
AXIS_WEEKS = 26
"""So many weeks the pages show."""

WHOLE_WEEKS = 53 * 100
"""More weeks than anybody has run: all there are."""


@dataclass(frozen=True, slots=True)
class DataSeries:
    """One quantity over the places of its chart; None where it is unknown."""

    label: str
    kind: SeriesKind
    values: list[float | None]


@dataclass(frozen=True, slots=True)
class ChartData:
    """The data of one zoomable chart.

    ``x`` holds days as seconds since 1970 where ``across`` is ``day``, else plain numbers. ``begin`` is where
    the picture on the page begins. ``metres`` is the length that a pace is told for, where ``lines`` are
    speeds to be read as paces.
    """

    name: str
    title: str
    x_title: str
    across: Literal["day", "number"]
    x: list[float]
    begin: float
    lines: tuple[DataSeries, ...]
    is_from_zero: bool = False
    metres: float | None = None


def chart_data_response(charts: Iterable[ChartData]) -> Response:
    """Send charts by their names; packed, as nothing secret and nothing that others wrote stands in it."""
    body = json.dumps({chart.name: asdict(chart) for chart in charts}, separators=(",", ":")).encode()
    response = Response(mimetype="application/json")
    if request.accept_encodings["gzip"]:
        body = gzip.compress(body, 6, mtime=0)
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_data(body)
    return response


def training_chart_data(training: Training) -> list[ChartData]:
    """Weeks, hard minutes, load and ratios, as far back as there are runs."""
    weeks, unit = training.weeks, training.units
    day = gettext("Date")
    begin = _second(weeks[-min(len(weeks), AXIS_WEEKS)].first_day)
    starts = [_second(week.first_day) for week in weeks]
    ceiling = DataSeries(
        gettext("Limit for one run"), "step", _over(unit.metres, (week.ceiling_m for week in weeks))
    )
    told = (
        DataSeries(gettext("Distance"), "bar", [_rounded(week.run_m / unit.metres) for week in weeks]),
        DataSeries(gettext("Usual, from"), "low", _over(unit.metres, (week.usual_low_m for week in weeks))),
        DataSeries(
            gettext("Usual, up to"), "high", _over(unit.metres, (week.usual_high_m for week in weeks))
        ),
        *((ceiling,) if any(week.ceiling_m for week in weeks) else ()),
    )
    title = gettext("Distance per week ({unit})", unit=unit.abbreviation)
    hard = DataSeries(gettext("Hard running"), "bar", _over(1.0, (week.hard_min for week in training.hard)))
    minutes = gettext("Hard running per week (min)")
    load = (
        DataSeries("Edwards", "bar", _over(1.0, (week.edwards_au for week in training.load))),
        DataSeries("Banister", "step", _over(1.0, (week.banister_au for week in training.load))),
    )
    return [
        ChartData("weeks", title, day, "day", starts, begin, told, is_from_zero=True),
        ChartData("hard", minutes, day, "day", starts, begin, (hard,), is_from_zero=True),
        ChartData(
            "load",
            gettext("Heart-rate load per week"),
            day,
            "day",
            starts,
            begin,
            load,
            is_from_zero=True,
        ),
        _ratio("acute-chronic", training.acute_chronic, begin),
        _ratio("week-to-week", training.week_to_week, begin),
    ]


def _ratio(name: str, ratio: Ratio, begin: float) -> ChartData:
    line = DataSeries(gettext("Ratio"), "line", rounded(ratio.values, 2))
    x = [_second(day) for day in ratio.days]
    return ChartData(name, gettext("Ratio"), gettext("Date"), "day", x, begin, (line,), is_from_zero=True)


def form_chart_data(form: Form) -> list[ChartData]:
    """Cadence with its band, balance and fade, as far back as there are runs."""
    charts: list[ChartData] = []
    begin, day = _second(form.today - timedelta(weeks=AXIS_WEEKS)), gettext("Date")
    if form.cadence is not None:
        points = form.cadence.points
        pace = words.pace(form.cadence.speed_mps, form.units)
        told = (
            DataSeries(gettext("Cadence"), "dot", [_rounded(point.cadence_spm) for point in points]),
            DataSeries(gettext("Usual, from"), "low", _over(1.0, (point.low_spm for point in points))),
            DataSeries(gettext("Usual, up to"), "high", _over(1.0, (point.high_spm for point in points))),
        )
        x = [_second(point.day) for point in points]
        charts.append(
            ChartData("cadence", gettext("Cadence (spm) at {pace}", pace=pace), day, "day", x, begin, told)
        )
    for name, title, values in (
        ("balance", gettext("Left foot (%)"), form.balance),
        ("fade", gettext("Change of cadence (%)"), form.fade),
    ):
        if values:
            charts.append(_measured(name, title, values, begin))
    return charts


def _measured(name: str, title: str, values: Sequence[Measured], begin: float) -> ChartData:
    line = DataSeries(title, "dot", [round(one.value, 2) for one in values])
    return ChartData(
        name, title, gettext("Date"), "day", [_second(one.day) for one in values], begin, (line,)
    )


def _second(day: date) -> float:
    return float((day - UNIX_EPOCH).days * DAY_S)


def _rounded(value: float) -> float:
    return round(float(value), 1)


def _over(divisor: float, values: Iterable[float | None]) -> list[float | None]:
    return [None if value is None else round(value / divisor, 1) for value in values]


def rounded(values: Column, decimals: int) -> list[float | None]:
    """Values with so many decimals, None where they are unknown."""
    finite = np.isfinite(values)
    return [v if known else None for v, known in zip(values.round(decimals).tolist(), finite, strict=True)]
