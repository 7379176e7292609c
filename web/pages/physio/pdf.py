"""A printed page as PDF, on A4 and in black and white; the only door to fpdf2.

The standard fonts of every PDF reader hold the letters of western Europe. Where a name needs others, a font
of this computer is put in; where there is none, a letter that cannot be shown is a question mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from web.pages.physio.print_layout import PrintBlock, PrintChart, PrintLabel, PrintMark, PrintTable, PrintText

STANDARD, WIDE = "Helvetica", "Wide"
CODE_PAGE = "windows-1252"
WIDE_FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "C:/Windows/Fonts/arial.ttf",
)
"""Fonts with the letters of more languages, where systems usually keep them."""

ToSheet = Callable[[float, float], tuple[float, float]]
"""Puts a point of a chart onto the sheet."""

PLAINER = str.maketrans({"\u2212": "-", "\u202f": "\u00a0", "\u2009": "\u00a0", "\u2011": "-"})

MARGIN_MM, BOTTOM_MM, LINE_MM = 16.0, 18.0, 5.0
CHART_MM = 150.0
CHART_PT = 8.0
SIZES = {"h1": (16.0, "B", 3.0), "h2": (12.0, "B", 2.0), "h3": (10.0, "B", 1.0)}
"""Size, style and the space below, by the kind of a heading."""

TEXT_PT, TABLE_PT = 10.0, 8.5
BLACK, BAR_GREY, BAND_GREY, LINE_GREY = 0, 150, 225, 120

SHAPES = {
    "notice": ((6.0, 0.4), (11.6, 6.0), (6.0, 11.6), (0.4, 6.0)),
    "caution": ((6.0, 0.8), (11.8, 11.2), (0.2, 11.2)),
    "high": ((6.0, 0.2), (12.0, 11.6), (0.0, 11.6)),
    "stop": ((0.8, 0.8), (11.2, 0.8), (11.2, 11.2), (0.8, 11.2)),
}
"""The corners of each state's shape, as the page draws them; the others are round."""


def write_pdf(blocks: Sequence[PrintBlock], *, made_at: datetime, language: str = "en") -> bytes:
    """Write what a page says as a PDF, with text that can be marked and copied.

    ``made_at`` stands in the file, so that the same page of the same moment is the same file.
    """
    title = next((one.text for one in blocks if isinstance(one, PrintText) and one.kind == "h1"), "")
    document = _Document(title, _font_for(blocks))
    document.set_creation_date(made_at)
    document.set_lang(language)
    document.add_page()
    for block in blocks:
        if isinstance(block, PrintText):
            document.write_text(block)
        elif isinstance(block, PrintTable):
            document.write_table(block)
        else:
            document.draw_chart(block)
    return bytes(document.output())


def _font_for(blocks: Iterable[PrintBlock]) -> Path | None:
    """A font of this computer, where the letters of the standard ones do not suffice and there is one."""
    try:
        for text in _texts(blocks):
            text.translate(PLAINER).encode(CODE_PAGE)
    except UnicodeEncodeError:
        return next((path for path in map(Path, WIDE_FONTS) if path.is_file()), None)
    return None


def _texts(blocks: Iterable[PrintBlock]) -> Iterable[str]:
    for block in blocks:
        if isinstance(block, PrintText):
            yield block.text
        elif isinstance(block, PrintTable):
            yield from (cell for row in block.rows for cell in row)
        else:
            yield from (label.text for label in block.labels)


class _Document(FPDF):
    """Sheets of A4 with the title and the number at the foot."""

    def __init__(self, title: str, font: Path | None) -> None:
        super().__init__(format="A4")
        self.core_fonts_encoding = CODE_PAGE
        self._is_wide = font is not None
        if font is not None:
            for style in ("", "B"):
                self.add_font(WIDE, style, font)
        self._title = self.fitting(title)
        self.set_title(self._title)
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=BOTTOM_MM)

    def fitting(self, text: str) -> str:
        """The text in letters that the font has."""
        plain = text.translate(PLAINER)
        return plain if self._is_wide else plain.encode(CODE_PAGE, "replace").decode(CODE_PAGE)

    def choose(self, size_pt: float, style: str = "") -> None:
        """Take the font in a size."""
        self.set_font(WIDE if self._is_wide else STANDARD, style, size_pt)

    def footer(self) -> None:
        """Write the title and the number of the sheet."""
        self.set_y(-12)
        self.choose(8)
        self.cell(0, 5, f"Hipwatch \u00b7 {self._title}")
        self.set_y(-12)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")

    def write_text(self, words: PrintText) -> None:
        """Write a heading, a sentence or an item."""
        size_pt, style, below_mm = SIZES.get(words.kind, (TEXT_PT, "", 1.5))
        if words.kind == "h2":
            self.ln(3)
            if self.will_page_break(6 * LINE_MM):
                self.add_page()
        self.choose(size_pt, style)
        indent_mm = 4.0 if words.kind == "li" else 0.0
        self.set_x(self.l_margin + indent_mm)
        text = f"\u2022 {words.text}" if words.kind == "li" else words.text
        self.multi_cell(0, size_pt / 2, self.fitting(text), align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(below_mm)

    def write_table(self, grid: PrintTable) -> None:
        """Write a table; its headings are repeated on the next sheet."""
        rows = [[self.fitting(cell) for cell in row] for row in grid.rows]
        if not rows:
            return
        self.set_draw_color(LINE_GREY)
        self.set_line_width(0.1)
        self.choose(TABLE_PT, "B")
        columns = zip(*rows, strict=True)
        widths = [max(self.get_string_width(cell) for cell in column) + 4 for column in columns]
        self.choose(TABLE_PT)
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=[min(width, 70.0) for width in widths],
            width=min(sum(widths), self.epw),
            align="LEFT",
            text_align="LEFT",
            line_height=LINE_MM,
            headings_style=FontFace(emphasis="BOLD"),
        ) as table:
            for row in rows:
                table.row(row)
        self.ln(2)

    def draw_chart(self, chart: PrintChart) -> None:
        """Draw a chart in greys: the band behind the bars, its edges before them."""
        scale = CHART_MM / chart.width
        if self.will_page_break(chart.height * scale):
            self.add_page()
        left, top = self.l_margin, self.get_y()

        def at(x: float, y: float) -> tuple[float, float]:
            return left + x * scale, top + y * scale

        self.set_line_width(0.2)
        self.set_fill_color(BAND_GREY)
        for line in (one for one in chart.lines if one.is_closed):
            self.polygon([at(*point) for point in line.points], style="F")
        self.set_fill_color(BAR_GREY)
        for bar in chart.bars:
            self.rect(*at(bar.x, bar.y), bar.width * scale, bar.height * scale, style="F")
        for line in chart.lines:
            self.set_draw_color(LINE_GREY if line.kind == "grid" else BLACK)
            self.set_line_width(0.1 if line.kind == "grid" else 0.3)
            self.polyline([at(*point) for point in line.points])
        self.set_fill_color(BLACK)
        for mark in chart.marks:
            self._mark(mark, at, scale)
        self.choose(CHART_PT)
        for label in chart.labels:
            self._label(label, *at(label.x, label.y))
        self.set_y(top + chart.height * scale + 2)

    def _mark(self, mark: PrintMark, at: ToSheet, scale: float) -> None:
        size = 14 / 12
        corners = SHAPES.get(mark.shape)
        if corners is None:
            self.circle(*at(mark.x + 7, mark.y + 7), 5 * scale, style="F")
            return
        self.polygon([at(mark.x + x * size, mark.y + y * size) for x, y in corners], style="F")

    def _label(self, label: PrintLabel, x: float, y: float) -> None:
        text = self.fitting(label.text)
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[label.anchor]
        self.text(x - shift * self.get_string_width(text), y, text)
