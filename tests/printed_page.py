"""Reads what of a page belongs on paper from its HTML: what the PDF has to say, found independently of it."""

from __future__ import annotations

from collections.abc import Iterable
from html.parser import HTMLParser

from web.pages.physio.print_layout import (
    PrintBar,
    PrintBlock,
    PrintChart,
    PrintLabel,
    PrintMark,
    PrintTable,
    PrintText,
    print_lines,
)

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})
UNPRINTED_TAGS = frozenset({"script", "style", "nav", "form", "button", "details", "title", "desc"})
UNPRINTED_CLASSES = frozenset({"paper-not", "hidden", "acts", "act-form", "flash", "skip", "chart-narrow"})
TEXTS = frozenset({"h1", "h2", "h3", "p", "li", "figcaption", "th", "td", "text"})


def read_printed(page: str) -> list[PrintBlock]:
    """What of a page belongs on paper, in its order."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.blocks


class _Reader(HTMLParser):
    """Walks through the main part of a page, past what the style of print hides."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[PrintBlock] = []
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
            self.blocks.append(PrintTable())
        elif tag == "tr" and self.blocks and isinstance(self.blocks[-1], PrintTable):
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
            if isinstance(last, PrintChart) and self._label is not None:
                last.labels.append(PrintLabel(*self._label, text))
        elif tag in {"th", "td"}:
            if isinstance(last, PrintTable):
                last.rows[-1].append(text)
        elif text:
            self.blocks.append(PrintText(tag, text))

    def _draw(self, tag: str, given: dict[str, str]) -> None:
        kinds = given.get("class", "").split()
        if tag == "svg" and "chart" in kinds:
            _, _, width, height = map(float, given["viewbox"].split())
            self.blocks.append(PrintChart(width, height))
            return
        chart = self.blocks[-1] if self.blocks else None
        if not isinstance(chart, PrintChart):
            return
        if tag == "svg" and "x" in given:
            shape = next((kind.removeprefix("state-") for kind in kinds if kind.startswith("state-")), "")
            chart.marks.append(PrintMark(float(given["x"]), float(given["y"]), shape))
        elif tag == "rect":
            chart.bars.append(PrintBar(*(float(given[name]) for name in ("x", "y", "width", "height"))))
        elif tag == "path" and kinds:
            chart.lines.extend(print_lines(kinds[0], given["d"]))
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
