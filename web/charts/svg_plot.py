"""Charts of one quantity: scales, ticks and paths in numbers; a template draws them as inline SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.formats.recording import Column
from ingest.training_days.table import IntColumn

BAR_SHARE = 0.64
"""Width of a bar within its place."""


@dataclass(frozen=True, slots=True)
class ChartFrame:
    """A drawing's size and margins, in the drawing's own units; one unit is about one pixel."""

    name: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    label_every: int


LINE_WIDE = ChartFrame("wide", width=672, height=196, left=44, right=84, top=28, bottom=40, label_every=2)
LINE_NARROW = ChartFrame("narrow", width=344, height=180, left=40, right=74, top=28, bottom=40, label_every=3)
FRAMES = (LINE_WIDE, LINE_NARROW)

MOST_LINE_POINTS = {"wide": 320, "narrow": 160}
"""More points than half the pixels show nothing more."""


@dataclass(frozen=True, slots=True)
class ChartLabel:
    """A text at a place; ``kind`` is what it names."""

    x: float
    y: float
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its title with the unit, its ends, and where it is marked with what."""

    title: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places in a frame."""

    frame: ChartFrame
    across: Axis
    up: Axis

    @property
    def left(self) -> int:
        """Where the plot begins."""
        return self.frame.left

    @property
    def right(self) -> int:
        """Where the plot ends, and the labels of lines begin."""
        return self.frame.width - self.frame.right

    @property
    def base(self) -> int:
        """Where the plot stands."""
        return self.frame.height - self.frame.bottom

    def x(self, value: float) -> float:
        """Place a value along the horizontal axis."""
        span = self.across.high - self.across.low
        return round(self.left + (value - self.across.low) / span * (self.right - self.left), 1)

    def y(self, value: float) -> float:
        """Place a value along the vertical axis; what lies beyond its ends is drawn at the end."""
        share = (value - self.up.low) / (self.up.high - self.up.low)
        return round(self.base - min(max(share, 0.0), 1.0) * (self.base - self.frame.top), 1)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line or an area; ``kind`` says what it stands for."""

    kind: str
    d: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One value as a point, in words in ``title``."""

    x: float
    y: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class PlotBar:
    """A bar; ``title`` says it in words."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str

    @property
    def is_current(self) -> bool:
        """Whether it is the bar of the current week."""
        return self.kind == "bar bar-current"


@dataclass(frozen=True, slots=True)
class PlotSvg:
    """All that a template needs to draw one size of a plot."""

    frame: ChartFrame
    plot_right: int
    base: int
    y_ticks: tuple[ChartLabel, ...]
    x_ticks: tuple[ChartLabel, ...]
    strokes: tuple[Stroke, ...] = ()
    blocks: tuple[PlotBar, ...] = ()
    dots: tuple[Dot, ...] = ()
    labels: tuple[ChartLabel, ...] = ()


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The same data as a table: column heads, then rows of finished strings; the first cell names its row."""

    summary: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart: what it shows in a sentence, its axes in words, its sizes, and its data as a table."""

    name: str
    heading: str
    caption: str
    description: str
    y_title: str
    x_title: str
    pictures: tuple[PlotSvg, ...]
    table: ChartTable | None = None


def picture(
    frame: ChartFrame, across: Axis, up: Axis
) -> tuple[Scale, tuple[ChartLabel, ...], tuple[ChartLabel, ...]]:
    """Make the scale of a frame and place the ticks of both axes; labels that would touch are thinned."""
    scale = Scale(frame, across, up)
    y_ticks = tuple(ChartLabel(frame.left - 6, scale.y(value), text) for value, text in up.ticks)
    x_ticks = tuple(
        ChartLabel(scale.x(value), scale.base + 16, text) for value, text in _thin_ticks(across, scale)
    )
    return scale, y_ticks, x_ticks


def _thin_ticks(across: Axis, scale: Scale) -> Sequence[tuple[float, str]]:
    """Leave so many ticks that their texts keep a distance."""
    if not across.ticks:
        return ()
    widest = 7 * max(len(text) for _, text in across.ticks) + 14
    fit = max(1, (scale.right - scale.left) // widest)
    return across.ticks[:: -(-len(across.ticks) // fit)]


def round_ticks(low: float, high: float, *, most: int = 5) -> list[float]:
    """Round numbers between two values, no more than ``most``; one where the values are equal."""
    if not high > low:
        return [low]
    step = next(
        m * 10.0**e
        for e in range(-3, 8)
        for m in (1, 2, 2.5, 5)
        if (high - low) / (m * 10.0**e) <= most - 1 or (e, m) == (7, 5)
    )
    first = math.ceil(low / step - 1e-9)
    return [step * i for i in range(first, math.floor(high / step + 1e-9) + 1)]


def rounded_out(low: float, high: float, *, least: float) -> tuple[float, float]:
    """Ends of an axis around two values, at least ``least`` apart and on round numbers."""
    middle, half = (low + high) / 2, max(high - low, least) / 2
    step = 10.0 ** math.floor(math.log10(2 * half)) / 2
    return math.floor((middle - half) / step) * step, math.ceil((middle + half) / step) * step


def line_path(scale: Scale, x: Column, y: Column) -> str:
    """Draw values as a line that breaks where they are unknown; peaks and troughs survive the thinning."""
    rows = thinned(y, MOST_LINE_POINTS[scale.frame.name])
    pieces: list[str] = []
    is_open = False
    for across, up in zip(x[rows].tolist(), y[rows].tolist(), strict=True):
        if math.isnan(up):
            is_open = False
            continue
        pieces.append(f"{'L' if is_open else 'M'}{scale.x(across):g} {scale.y(up):g}")
        is_open = True
    return "".join(pieces)


def area_path(scale: Scale, x: Column, low: Column, high: Column) -> str:
    """Draw the area between two lines, one closed shape for each stretch in which both are known."""
    known = np.isfinite(low) & np.isfinite(high)
    borders = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
    shapes = []
    for start, stop in zip(borders[::2].tolist(), borders[1::2].tolist(), strict=True):
        there = [(x[i], high[i]) for i in range(start, stop)]
        back = [(x[i], low[i]) for i in range(stop - 1, start - 1, -1)]
        places = [f"{scale.x(float(a)):g} {scale.y(float(b)):g}" for a, b in there + back]
        shapes.append(f"M{'L'.join(places)}Z")
    return "".join(shapes)


def thinned(values: Column, most: int) -> IntColumn:
    """Rows that keep the lowest and the highest value of equal stretches, about ``most`` in all."""
    n = len(values)
    if n <= most:
        return np.arange(n)
    width = -(-2 * n // most)
    table = np.full((-(-n // width), width), np.nan)
    table.ravel()[:n] = values
    start = np.arange(len(table)) * width
    lowest = start + np.where(np.isnan(table), np.inf, table).argmin(axis=1)
    highest = start + np.where(np.isnan(table), -np.inf, table).argmax(axis=1)
    return np.unique(np.minimum(np.concatenate((lowest, highest)), n - 1))
