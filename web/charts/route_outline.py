"""The route of a run as a line with a scale: no map and no request to a server."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from alerts.text.i18n import gettext
from alerts.text.units import Units, distance
from alerts.views.run_view import Track
from ingest.formats.recording import Column
from web.charts.svg_plot import ChartLabel

SIZE = 320
MARGIN = 16
MOST_ROUTE_POINTS = 500
LETTER_WIDTH, LETTER_HEIGHT = 7, 10


@dataclass(frozen=True, slots=True)
class RouteOutline:
    """The line in a square of ``SIZE``, its start and end, and a bar that says how long a distance is."""

    size: int
    d: str
    start: tuple[float, float]
    end: tuple[float, float]
    bar_width: float
    bar: str
    labels: tuple[ChartLabel, ...]
    description: str


def draw_route(track: Track, units: Units) -> RouteOutline | None:
    """Fit a track into the square, north up; None where it did not move."""
    east, north = track.east_m, track.north_m
    span_m = max(float(np.ptp(east[np.isfinite(east)])), float(np.ptp(north[np.isfinite(north)])))
    if span_m < 1:
        return None
    pixels_per_m = (SIZE - 2 * MARGIN) / span_m
    x = SIZE / 2 + (east - (np.nanmin(east) + np.nanmax(east)) / 2) * pixels_per_m
    y = SIZE / 2 - (north - (np.nanmin(north) + np.nanmax(north)) / 2) * pixels_per_m
    known = np.flatnonzero(np.isfinite(x))
    first, last = known[0], known[-1]
    bar_m = _bar_m(span_m, units)
    start, end = _place(x, y, first), _place(x, y, last)
    way = np.column_stack((x[known], y[known]))
    is_loop = math.dist(start, end) < 0.06 * SIZE
    labels = [_beside(start, gettext("start and end") if is_loop else gettext("start"), way)]
    if not is_loop:
        labels.append(_beside(end, gettext("end"), way))
    return RouteOutline(
        size=SIZE,
        d=_line(x, y),
        start=start,
        end=end,
        bar_width=round(bar_m * pixels_per_m, 1),
        bar=distance(bar_m, units, digits=0 if bar_m >= units.metres else 1),
        labels=tuple(labels),
        description=_described(span_m, units, is_loop=is_loop),
    )


def _described(span_m: float, units: Units, *, is_loop: bool) -> str:
    across = distance(span_m, units)
    if is_loop:
        return gettext(
            "Shape of the route, north up, {across} across; it ends where it started.", across=across
        )
    return gettext("Shape of the route, north up, {across} across; it ends somewhere else.", across=across)


def _beside(place: tuple[float, float], text: str, way: Column) -> ChartLabel:
    """Name a place on the side where there is room: level, above or below, where least of the way runs."""
    is_left = place[0] > 0.6 * SIZE
    x = place[0] - 8 if is_left else place[0] + 8
    width = LETTER_WIDTH * len(text)
    is_across = np.abs(way[:, 0] - (x - width / 2 if is_left else x + width / 2)) < width / 2 + 2

    def covered(baseline: float) -> int:
        is_level = np.abs(way[:, 1] - (baseline - LETTER_HEIGHT / 2)) < LETTER_HEIGHT / 2 + 2
        return int(np.count_nonzero(is_across & is_level))

    y = min((place[1] + 4, place[1] - 6, place[1] + 16), key=covered)
    return ChartLabel(x, round(y, 1), text, "left" if is_left else "right")


def _place(x: Column, y: Column, row: int) -> tuple[float, float]:
    return round(float(x[row]), 1), round(float(y[row]), 1)


def _line(x: Column, y: Column) -> str:
    gaps = np.flatnonzero(np.isnan(x))
    rows = np.unique(
        np.concatenate((np.arange(0, len(x), max(1, len(x) // MOST_ROUTE_POINTS)), gaps, [len(x) - 1]))
    )
    pieces, is_open = [], False
    for across, up in zip(x[rows].tolist(), y[rows].tolist(), strict=True):
        if math.isnan(across):
            is_open = False
            continue
        pieces.append(f"{'L' if is_open else 'M'}{across:.1f} {up:.1f}")
        is_open = True
    return "".join(pieces)


def _bar_m(span_m: float, units: Units) -> float:
    """Find a round distance, about a quarter of the whole."""
    steps = (units.metres * m * 10.0**e for e in range(3, -3, -1) for m in (5, 2, 1))
    return next((step for step in steps if step <= span_m / 3), units.metres / 100)
