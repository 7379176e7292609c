"""The month as a page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from alerts.views.month import Material, Month, MonthDay, Outing, build_month
from html_outline import Outline
from overview_samples import NOW, FakeHistoryViews, FakeSource, clock, explained, spike
from web.app import create_app
from web.pages.runs.calendar import calendar_page

MAY = date(2024, 5, 1)
TODAY = NOW.date()


def month_with(**facts: object) -> Month:
    """May 2024 with one day, the tenth, of which something is known."""
    empty = build_month(MAY, Material(), today=TODAY)
    tenth = MonthDay(date(2024, 5, 10), **facts)  # type: ignore[arg-type]
    weeks = tuple(tuple(tenth if day.day == tenth.day else day for day in week) for week in empty.weeks)
    return Month(MAY, TODAY, weeks)


@pytest.fixture
def client() -> FlaskClient:
    return create_app(FakeSource(), clock=clock).test_client()


def test_a_month_says_how_far_was_run() -> None:
    outings = (Outing(1, "running", 8_100.0, 2_700.0), Outing(2, "cycling", 20_000.0, 3_600.0))

    assert calendar_page(month_with(outings=outings)).sentence == "8.1\xa0km in 1\xa0run."


def test_a_day_that_went_by_without_anything_is_rest() -> None:
    assert [c.number for c in calendar_page(month_with()).cells if c.is_rest] == [
        str(n) for n in range(1, 12)
    ]


def test_a_ride_is_no_rest_and_no_run() -> None:
    page = calendar_page(month_with(outings=(Outing(2, "cycling", 20_000.0, 3_600.0),)))

    assert not next(c for c in page.cells if c.iso == "2024-05-10").is_rest
    assert page.note == "11\xa0rest days."


def test_pain_is_told_in_words() -> None:
    assert next(c for c in calendar_page(month_with(pain=4)).cells if c.pain).pain == "Pain 4 of 10"


def test_a_finding_carries_its_word_and_leads_to_its_explanation() -> None:
    page = calendar_page(month_with(alerts=(explained(spike(date(2024, 5, 10))),)))
    mark = next(cell.marks[0] for cell in page.cells if cell.marks)

    assert (mark.state.word, mark.key) == ("Caution", "single_run_spike/2024-05-10")


def test_there_is_no_way_into_the_future_nor_before_the_first_run() -> None:
    page = calendar_page(month_with())

    assert (page.before, page.after) == (None, None)


@pytest.mark.parametrize(
    "name", ["2024-13", "2024-1", "1989-12", "2026-01", "9999-12", "٢٠٢٤-05", "x", "2024-05-01"]
)
def test_what_is_no_month_is_no_page(client: FlaskClient, name: str) -> None:
    assert client.get(f"/calendar/{name}").status_code == 404


def test_every_tag_of_the_page_is_closed_in_order(client: FlaskClient) -> None:
    page = Outline(client.get("/calendar").get_data(as_text=True))

    assert (page.misplaced, page.open) == ([], [])


def test_the_name_of_a_sport_is_hostile_text(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "<script>alert(1)</script>"
    shown = month_with(outings=(Outing(1, evil, 1_000.0, 300.0),))
    monkeypatch.setattr(FakeHistoryViews, "month", lambda *_: shown)
    page = create_app(FakeSource(), clock=clock).test_client().get("/calendar").get_data(as_text=True)

    assert "<script" not in page


def test_the_neighbours_of_a_month_that_is_long_over_can_be_reached() -> None:
    month = build_month(MAY, Material(), today=TODAY + timedelta(days=60))
    page = calendar_page(Month(MAY, month.today, month.weeks, first_activity=date(2023, 1, 1)))

    assert page.before is not None
    assert page.after is not None
    assert (page.before.title, page.after.title) == ("April 2024", "June 2024")
