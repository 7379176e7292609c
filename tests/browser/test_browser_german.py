"""The pages in German, whose words are longer: nothing is pushed off a phone or out of a chart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import FloatRect, Locator, Page

from browser_page import PHONE, OpenPage, serving, too_wide
from dashboard_client import dashboard, furnished, live_in

pytestmark = pytest.mark.browser

PATHS = (
    "/",
    "/calendar",
    "/training",
    "/form",
    "/findings",
    "/rules",
    "/runs/1",
    "/pain",
    "/care",
    "/plan",
    "/files",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a house in which somebody has run and told something."""
    with furnished(tmp_path_factory.mktemp("house")) as services:
        live_in(services)
        with serving(dashboard(services)) as served:
            yield served


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Open a window whose owner reads German."""
    return open_page(locale="de-DE")


def box_of(one: Locator) -> FloatRect:
    """Where it stands in the window."""
    box = one.bounding_box()
    assert box is not None
    return box


@pytest.mark.parametrize("path", PATHS)
def test_no_page_scrolls_sideways(page: Page, address: str, path: str) -> None:
    page.goto(address + path)

    assert page.locator("html").get_attribute("lang") == "de"
    assert too_wide(page) == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_page_that_unfolds_is_within_a_phones_window(page: Page, address: str, language: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/?lang={language}")
    page.locator("nav summary").click()
    links = page.locator("nav details a").all()

    assert len(links) > 5
    assert all(one["x"] >= 0 and one["x"] + one["width"] <= PHONE["width"] for one in map(box_of, links))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("path", ["/", "/training", "/form", "/runs/1"])
def test_no_text_of_a_chart_lies_outside_it(
    page: Page, address: str, path: str, width: int, language: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{address}{path}?lang={language}")

    outside = page.locator("svg.chart:visible").evaluate_all(
        """charts => charts.flatMap(chart => {
            const frame = chart.getBoundingClientRect();
            return [...chart.querySelectorAll("text")].filter(text => {
                const box = text.getBoundingClientRect();
                return box.left < frame.left - 1 || box.right > frame.right + 1;
            }).map(text => text.textContent);
        })"""
    )

    assert outside == []
