"""The blocks of a printed page, and the physiotherapist's report as such blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from alerts.care.pain.red_flag_lock import RedFlagLock
from alerts.text.i18n import gettext
from web.charts.svg_plot import ChartLabel
from web.charts.weekly_chart import WeeklyChart
from web.charts.weekly_chart_svg import WeeklyChartSvg
from web.pages.physio.report_sections import PhysioReport, ReportSection

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PrintText:
    """A heading, a sentence or an item of a list; ``kind`` is its tag."""

    kind: str
    text: str


@dataclass(slots=True)
class PrintTable:
    """A table; the first row are its headings."""

    rows: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PrintBar:
    """An upright bar: its left upper corner, width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PrintLine:
    """A line or, where it is closed, an area; ``kind`` is its class."""

    kind: str
    points: tuple[Point, ...]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class PrintLabel:
    """A text in a chart; ``anchor`` is "start", "middle" or "end" of it."""

    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class PrintMark:
    """The shape of a state in its box of 14 by 14."""

    x: float
    y: float
    shape: str


@dataclass(slots=True)
class PrintChart:
    """A chart in its own units."""

    width: float
    height: float
    bars: list[PrintBar] = field(default_factory=list)
    lines: list[PrintLine] = field(default_factory=list)
    labels: list[PrintLabel] = field(default_factory=list)
    marks: list[PrintMark] = field(default_factory=list)


PrintBlock = PrintText | PrintTable | PrintChart


def physio_blocks(report: PhysioReport, red_flag_lock: RedFlagLock | None) -> list[PrintBlock]:
    """The report as it is printed; an open red flag comes before everything else, as on the page."""
    blocks: list[PrintBlock] = []
    if red_flag_lock is not None:
        stop = f"{gettext('Stop')} {red_flag_lock.act}"
        steps = " ".join(red_flag_lock.professional.steps)
        blocks += [PrintText("p", _one_line(stop)), PrintText("p", _one_line(steps))]
    blocks += [PrintText("h1", _one_line(report.title)), PrintText("p", _one_line(report.intro))]
    for section in report.sections:
        blocks += _section(section)
    return blocks


def _section(section: ReportSection) -> Iterator[PrintBlock]:
    yield PrintText("h2", _one_line(section.heading))
    if section.chart is not None:
        yield PrintText("figcaption", _one_line(section.chart.caption))
        yield print_chart(section.chart)
    if section.table is not None:
        yield PrintTable(
            [[_one_line(cell) for cell in row] for row in (section.table.heads, *section.table.rows)]
        )
    for item in section.items:
        yield PrintText("li", _one_line(f"{item.text} {item.note}"))
    if section.sentence:
        yield PrintText("p", _one_line(section.sentence))


def _one_line(text: str) -> str:
    """The text with each run of white space, also one that does not break, as one blank."""
    return " ".join(text.split())


def print_chart(chart: WeeklyChart) -> PrintChart:
    """The wide drawing of the weekly chart."""
    svg = chart.drawings[0]
    frame = svg.frame
    printed = PrintChart(frame.width, frame.height)
    printed.bars += [PrintBar(bar.x, bar.y, bar.width, bar.height) for bar in svg.bars]
    printed.lines += [
        PrintLine("grid", ((frame.left, tick.y), (svg.plot_right, tick.y)), is_closed=False)
        for tick in svg.y_ticks
    ]
    printed.lines += [*print_lines("band", svg.band), *print_lines("step-line", svg.ceiling)]
    printed.labels += _chart_labels(svg, chart.unit)
    printed.marks += [PrintMark(mark.x, mark.y, mark.state.shape) for mark in svg.marks]
    return printed


def _chart_labels(svg: WeeklyChartSvg, unit: str) -> Iterator[PrintLabel]:
    """Labels where ``_chart.html`` and the style sheet put them."""
    yield PrintLabel(0, 12, "start", _one_line(gettext("Distance per week ({unit})", unit=unit)))
    yield from (_label(tick, "end", dy=4) for tick in svg.y_ticks)
    yield from (
        PrintLabel(mark.x + 16, mark.y + 11, "start", _one_line(mark.more)) for mark in svg.marks if mark.more
    )
    yield from (_label(tick, "middle") for tick in svg.x_ticks)
    yield PrintLabel(svg.plot_right, svg.frame.height - 6, "end", gettext("Week starting"))
    yield from (_label(label, "start") for label in svg.labels)


def _label(label: ChartLabel, anchor: str, *, dy: float = 0) -> PrintLabel:
    return PrintLabel(label.x, label.y + dy, anchor, _one_line(label.text))


def print_lines(kind: str, path: str) -> list[PrintLine]:
    """The unbroken lines of an SVG path of absolute moves, lines, and lines across or down."""
    return [_line(kind, part) for part in re.findall(r"M[^M]*", path)]


def _line(kind: str, path: str) -> PrintLine:
    points: list[Point] = []
    for command, numbers in re.findall(r"([MLHV])([^MLHVZ]*)", path):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "H":
            points += [(x, points[-1][1]) for x in values]
        elif command == "V":
            points += [(points[-1][0], y) for y in values]
        else:
            points += list(zip(values[::2], values[1::2], strict=True))
    return PrintLine(kind, tuple(points), path.rstrip().endswith("Z"))
