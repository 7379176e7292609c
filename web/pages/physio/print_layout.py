"""A page as it would be printed: headings, sentences, tables and the chart, read from the page itself.

What goes on paper is read from what the page says, so that words, choices and silence are the same on both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})
UNPRINTED_TAGS = frozenset({"script", "style", "nav", "form", "button", "details", "title", "desc"})
UNPRINTED_CLASSES = frozenset({"paper-not", "hidden", "acts", "act-form", "flash", "skip", "chart-narrow"})
TEXTS = frozenset({"h1", "h2", "h3", "p", "li", "figcaption", "th", "td", "text"})

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Words:
    """A heading, a sentence or an item of a list; ``kind`` is its tag."""

    kind: str
    text: str


@dataclass(slots=True)
class Grid:
    """A table; the first row are its headings."""

    rows: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bar:
    """An upright bar: its left upper corner, width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line or, where it is closed, an area; ``kind`` is its class."""

    kind: str
    points: tuple[Point, ...]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A text in a chart; ``anchor`` is "start", "middle" or "end" of it."""

    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The shape of a state in its box of 14 by 14."""

    x: float
    y: float
    shape: str


@dataclass(slots=True)
class Chart:
    """A chart in its own units."""

    width: float
    height: float
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


Block = Words | Grid | Chart


def read_sheet(page: str) -> list[Block]:
    """What of a page belongs on paper, in its order."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.blocks


class _Reader(HTMLParser):
    """Walks through the main part of a page, past what the style of print hides."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._is_inside = False
        self._hidden = 0
        self._text: list[str] | None = None
        self._label: tuple[float, float, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._is_inside = self._is_inside or tag == "main"
        if not self._is_inside:
            return
        if self._hidden or _is_unprinted(tag, given):
            self._hidden += tag not in VOID
            return
        if tag == "table":
            self.blocks.append(Grid())
        elif tag == "tr" and self.blocks and isinstance(self.blocks[-1], Grid):
            self.blocks[-1].rows.append([])
        elif tag in {"svg", "rect", "path", "text"}:
            self._draw(tag, given)
        if tag in TEXTS:
            self._text = []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._is_inside = False
        elif self._hidden:
            self._hidden -= tag not in VOID
        elif self._is_inside and tag in TEXTS and self._text is not None:
            self._keep(tag, " ".join("".join(self._text).split()))
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._hidden:
            self._text.append(data)

    def _keep(self, tag: str, text: str) -> None:
        last = self.blocks[-1] if self.blocks else None
        if tag == "text":
            if isinstance(last, Chart) and self._label is not None:
                last.labels.append(Label(*self._label, text))
        elif tag in {"th", "td"}:
            if isinstance(last, Grid):
                last.rows[-1].append(text)
        elif text:
            self.blocks.append(Words(tag, text))

    def _draw(self, tag: str, given: dict[str, str]) -> None:
        kinds = given.get("class", "").split()
        if tag == "svg" and "chart" in kinds:
            _, _, width, height = map(float, given["viewbox"].split())
            self.blocks.append(Chart(width, height))
            return
        chart = self.blocks[-1] if self.blocks else None
        if not isinstance(chart, Chart):
            return
        if tag == "svg" and "x" in given:
            shape = next((kind.removeprefix("state-") for kind in kinds if kind.startswith("state-")), "")
            chart.marks.append(Mark(float(given["x"]), float(given["y"]), shape))
        elif tag == "rect":
            chart.bars.append(Bar(*(float(given[name]) for name in ("x", "y", "width", "height"))))
        elif tag == "path" and kinds:
            chart.lines.append(_line(kinds[0], given["d"]))
        elif tag == "text":
            x, y = (
                float(given["x"]) + float(given.get("dx", 0)),
                float(given["y"]) + float(given.get("dy", 0)),
            )
            self._label = (x, y, _anchor(kinds))


def _is_unprinted(tag: str, given: dict[str, str]) -> bool:
    return tag in UNPRINTED_TAGS or bool(UNPRINTED_CLASSES & set(given.get("class", "").split()))


def _anchor(kinds: Iterable[str]) -> str:
    """Where a text is held, as the style sheet says it."""
    return {"tick-y": "end", "axis-x": "end", "tick-x": "middle"}.get(list(kinds)[-1], "start")


def _line(kind: str, path: str) -> Line:
    """A path of absolute moves, lines, and lines across or down."""
    points: list[Point] = []
    for command, numbers in re.findall(r"([MLHV])([^MLHVZ]*)", path):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "H":
            points += [(x, points[-1][1]) for x in values]
        elif command == "V":
            points += [(points[-1][0], y) for y in values]
        else:
            points += list(zip(values[::2], values[1::2], strict=True))
    return Line(kind, tuple(points), path.rstrip().endswith("Z"))
