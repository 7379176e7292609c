"""Charts that are looked at closer, in a real browser: asked for, not forced on anybody, and by keys too."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app_fixtures import NOW, days_before, lay_into, open_house, steady_weeks
from browser_page import PHONE, OpenPage, Scheme, complaints, grave_violations_here, serving
from ingest.files.sources import collect
from keyboard import focused, pressed, pressed_to, tabbed
from support import fit_run
from web.app import create_app

pytestmark = pytest.mark.browser

PAGES = ("/training", "/form", "/runs/1")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve forty weeks, more than a page shows, and an hour and a half with everything in it."""
    seconds = np.arange(5_401)
    everything = fit_run(
        days_before(290),
        distance_m=15_000.0,
        duration_s=5_400,
        heart_rate_bpm=145 + 15 * np.sin(seconds / 300),
        altitude_m=40 + 20 * np.sin(seconds / 700),
    )
    folder = tmp_path_factory.mktemp("house")
    with open_house(folder / "home") as services:
        files = lay_into(folder / "files", [everything, *steady_weeks(40)])
        services.runner_service.take_in(list(collect(files)), now=NOW, on_result=lambda *_: None)
        services.runner_service.evaluate(NOW)
        app = create_app(
            services.dashboard, clock=lambda: NOW, care_service=services.care_service, secret=b"x" * 32
        )
        with serving(app) as served:
            yield served


def shown(page: Page) -> str:
    """From where to where the first open chart shows."""
    return page.locator("[data-said]").first.inner_text()


def look_closer(page: Page) -> None:
    """Open the first chart of a page."""
    page.get_by_role("button", name="Explore").first.click()
    expect(page.locator(".uplot canvas").first).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_every_chart_opens_under_the_strict_policy(page: Page, address: str, path: str) -> None:
    seen = complaints(page)
    page.goto(address + path)
    figures = page.locator("figure[data-zoom]").count()
    for _ in range(figures):
        look_closer(page)
    expect(page.locator(".uplot canvas")).to_have_count(figures)

    assert figures >= 1
    assert seen == []


def test_nothing_is_fetched_before_somebody_asks(page: Page, address: str) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"{address}/training", wait_until="networkidle")
    before = [url for url in fetched if "uplot" in url or "closer" in url]
    look_closer(page)

    assert before == []
    assert {url.rpartition("/")[2] for url in fetched if "uplot" in url or "closer" in url} == {
        "uplot.iife.min.js",
        "uplot.min.css",
        "closer",
    }


def test_the_picture_goes_and_comes_back(page: Page, address: str) -> None:
    page.goto(f"{address}/training")
    pictures = page.locator("figure[data-zoom=weeks] svg.chart:visible")
    look_closer(page)
    while_open = pictures.count()
    page.get_by_role("button", name="Close").click()

    assert (while_open, pictures.count(), page.locator(".uplot").count()) == (0, 1, 0)


def test_a_chart_reaches_further_back_than_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}/training")
    look_closer(page)
    at_first = shown(page)
    page.get_by_role("button", name="Reset").click()

    assert (at_first, shown(page)) == ("Date: 13 Nov 2025 – 14 May 2026", "Date: 17 Jul 2025 – 14 May 2026")


def test_the_keyboard_alone_moves_through_a_chart(page: Page, address: str) -> None:
    page.goto(f"{address}/runs/1")
    pressed_to(page, "Explore")
    page.keyboard.press("Enter")
    expect(page.locator(".uplot canvas").first).to_be_visible()
    kept_focus = page.evaluate("document.activeElement.textContent")
    places = [shown(page)]
    for _ in range(5):
        tabbed(page, "Shift+Tab")
    for _ in range(4):
        page.keyboard.press("Enter")
        places.append(shown(page))
        tabbed(page)
    pressed(page, "Close")
    stop = focused(page)

    assert kept_focus == "Close"
    assert stop is not None
    assert stop.is_seen
    assert stop.is_called("Explore")
    assert places == [
        "Distance (km): 0 – 15",
        "Distance (km): 3.75 – 11.25",
        "Distance (km): 0 – 15",
        "Distance (km): 0 – 15",
        "Distance (km): 0 – 15",
    ]


def test_a_pace_stays_a_pace(page: Page, address: str) -> None:
    page.goto(f"{address}/runs/1")
    look_closer(page)
    page.locator(".u-over").first.hover()

    assert page.locator(".u-legend .u-value").nth(1).inner_text() == "6:00"


def test_without_a_script_there_is_nothing_to_press(open_page: OpenPage, address: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{address}/training")
    buttons, pictures = page.get_by_role("button").count(), page.locator("svg.chart:visible").count()

    assert buttons == 0
    assert pictures >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_an_open_chart_keeps_nobody_out(open_page: OpenPage, address: str, path: str, scheme: Scheme) -> None:
    page = open_page(color_scheme=scheme, viewport=PHONE)
    page.goto(address + path)
    look_closer(page)
    found, width = grave_violations_here(page), page.evaluate("document.documentElement.scrollWidth")

    assert found == []
    assert width == PHONE["width"]
