"""The page for the physiotherapist as PDF: what the page says, nothing else, in text that can be copied."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainReport
from app_fixtures import NOW
from config.composition.services import Services
from dashboard_client import TODAY, dashboard, furnished, raise_flag
from pain_diaries import NOES
from pdf_text import read_out, unpacked
from printed_page import read_printed
from red_flag_words import slips
from web.pages.physio.pdf import write_pdf
from web.pages.physio.print_layout import PrintBlock, PrintChart, PrintTable, PrintText

AT = datetime(2026, 5, 12, tzinfo=UTC)
NOTE = "On the stairs, (left) \\ “only”"


def told(services: Services, note: str = NOTE) -> None:
    """Have the runner tell of a pain, and do a routine."""
    report = PainReport(TODAY, BodySite.KNEE, Side.LEFT, during=2, answers=NOES, note=note)
    services.care_service.report_pain(report, NOW)
    services.care_service.journal.routines.done("GLU-BRIDGE", TODAY, now=NOW)


def paper(services: Services, query: str = "") -> bytes:
    response = dashboard(services).test_client().get(f"/physio.pdf{query}")

    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    return response.data


def test_it_says_what_the_page_says(tmp_path: Path) -> None:
    with furnished(tmp_path) as services:
        told(services)
        page = dashboard(services).test_client().get("/physio").text
        said = read_out(paper(services))

    words = [one.text for one in read_printed(page) if isinstance(one, PrintText)]
    cells = [
        cell for one in read_printed(page) if isinstance(one, PrintTable) for row in one.rows for cell in row
    ]
    assert NOTE in " ".join(words)
    assert [text for text in (*words, *cells) if " ".join(text.split()) not in said] == []


def test_a_red_flag_that_is_left_out_is_told_by_nothing_else(tmp_path: Path) -> None:
    with furnished(tmp_path) as services:
        told(services)
        raise_flag(services)
        shown = read_out(paper(services, "?chosen=1&show=routines&show=load&show=alerts"))
        whole = read_out(paper(services))

    assert ("shown again" in shown, "Bridge" in shown, "shown again" in whole) == (False, False, True)
    assert "One day" in shown


def test_what_the_runner_leaves_out_is_left_out(tmp_path: Path) -> None:
    with furnished(tmp_path) as services:
        told(services)
        said = read_out(paper(services, "?chosen=1&show=load"))

    assert "Week starting" in said
    assert [word for word in ("stairs", "Left knee", "Bridge", "Cadence", "Alerts") if word in said] == []


def test_under_a_red_flag_it_names_no_routine_and_says_what_to_do(tmp_path: Path) -> None:
    with furnished(tmp_path) as services:
        told(services, note="")
        raise_flag(services)
        said = read_out(paper(services))

    assert slips(said) == []
    assert "See a professional within days" in said
    assert "Done on 1 day" in said


def test_nothing_on_it_is_a_picture_a_place_or_an_address(tmp_path: Path) -> None:
    with furnished(tmp_path) as services:
        pdf = paper(services)

    assert b"/Subtype /Image" not in pdf
    assert b"/URI" not in pdf
    assert not re.search(rb"\d{1,3}\.\d{5,}", unpacked(pdf))


def test_it_is_black_on_white_and_of_the_size_of_a4(tmp_path: Path) -> None:
    with furnished(tmp_path) as services:
        pdf = paper(services)

    colours = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b", unpacked(pdf))
    assert {one for one in colours if len(set(one)) > 1} == set()
    assert re.search(rb"/MediaBox \[0 0 595\.28 841\.89\]", pdf)


def test_a_browser_keeps_it_as_a_file_of_its_day(tmp_path: Path) -> None:
    with furnished(tmp_path) as services:
        response = dashboard(services).test_client().get("/physio.pdf")

    assert response.headers["Content-Disposition"] == 'attachment; filename="hipwatch-2026-05-12.pdf"'
    assert response.headers["Cache-Control"] == "no-store"


def test_the_same_page_is_the_same_file() -> None:
    blocks: list[PrintBlock] = [
        PrintText("h1", "Twelve weeks"),
        PrintTable([["Day", "Run"], ["1 May", "10 km"]]),
    ]

    assert write_pdf(blocks, made_at=AT) == write_pdf(blocks, made_at=AT)


@pytest.mark.parametrize("name", ["Łukasz", "Ελένη", "さくら", "🏃", "\u202e\u0000"])
def test_a_name_in_any_letters_is_written(name: str) -> None:
    assert write_pdf([PrintText("h1", name), PrintText("p", name)], made_at=AT).startswith(b"%PDF")


def test_a_long_table_goes_on_with_its_headings_on_the_next_sheet() -> None:
    rows = [["Heading", "Other"], *([f"row {n}", "x" * 60] for n in range(90))]

    assert read_out(write_pdf([PrintTable(rows)], made_at=AT)).count("Heading") == 2


def test_a_chart_is_read_with_bars_band_marks_and_labels(tmp_path: Path) -> None:
    with furnished(tmp_path) as services:
        page = dashboard(services).test_client().get("/physio").text

    [chart] = [one for one in read_printed(page) if isinstance(one, PrintChart)]
    assert len(chart.bars) == 12
    assert {line.kind for line in chart.lines} >= {"grid", "band"}
    assert [mark.shape for mark in chart.marks] == ["caution"]
    assert {label.anchor for label in chart.labels} == {"start", "middle", "end"}


def test_what_print_hides_is_not_read() -> None:
    page = """<p>before</p><main><nav><p>way</p></nav><p class="flash">kept</p><form><p>choice<br>s</p></form>
    <h1>Head</h1><details><p>more</p></details>
    <p>Words <b>and</b> more<span class="hidden"> and less</span></p></main><footer><p>after</p></footer>"""

    assert read_printed(page) == [PrintText("h1", "Head"), PrintText("p", "Words and more")]
