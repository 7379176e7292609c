"""The physiotherapist's report in finished words: what the page and its PDF are both made of."""

from __future__ import annotations

from dataclasses import dataclass

from web.charts.weekly_chart import WeeklyChart


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table; the first cell of each row names it. ``caption`` is for screen readers."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ReportItem:
    """An item of a list; ``note`` is in the runner's own words."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section: its heading, then whatever of chart, table, list and sentence it has."""

    name: str
    heading: str
    chart: WeeklyChart | None = None
    table: ReportTable | None = None
    items: tuple[ReportItem, ...] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class PhysioReport:
    """The whole report, without the sections that were left out."""

    title: str
    intro: str
    sections: tuple[ReportSection, ...]
