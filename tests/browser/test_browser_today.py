"""The pages in a real browser: readable, quiet, reachable by everybody."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from alerts.views.overview import Overview
from browser_page import AXE, OpenPage, Scheme, complaints, grave_violations, serving, too_wide, weights
from keyboard import passed_over, walked
from overview_samples import HOSTILE, STATES, FakeSource, clock, spike
from web.app import create_app

pytestmark = pytest.mark.browser

FINDING = f"/findings/{spike().key}"
ADDRESSES = ("/", FINDING, "/nothing-here")
BUDGET_BYTES = 100_000
BUDGET_REQUESTS = 10


@pytest.fixture
def address() -> Iterator[str]:
    """Serve the page of a day with a caution."""
    with serving(create_app(FakeSource(), clock=clock)) as served:
        yield served


def test_a_visitor_walks_from_the_verdict_to_its_reason_and_back(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Why?").click()
    reason = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Back to Today").first.click()
    verdict = page.get_by_role("heading", level=1).inner_text()

    assert (reason, verdict[:5]) == ("One run much longer", "Rest,")


@pytest.mark.parametrize("path", ["/", FINDING])
def test_the_browser_has_nothing_to_complain_about(page: Page, address: str, path: str) -> None:
    seen = complaints(page)

    page.goto(address + path, wait_until="networkidle")

    assert seen == []


def test_hostile_names_run_no_script(page: Page) -> None:
    seen = complaints(page)
    page.on("dialog", lambda dialog: (seen.append("a dialog opened"), dialog.dismiss()))

    with serving(create_app(FakeSource(HOSTILE), clock=clock)) as address:
        page.goto(address, wait_until="networkidle")

    assert seen == []


@pytest.mark.parametrize("shown", STATES.values(), ids=STATES.keys())
def test_no_state_of_the_first_page_scrolls_sideways(page: Page, shown: Overview) -> None:
    with serving(create_app(FakeSource(shown), clock=clock)) as address:
        page.goto(address)

        assert too_wide(page) == []


@pytest.mark.parametrize("path", [FINDING, "/nothing-here"])
def test_no_other_page_scrolls_sideways(page: Page, address: str, path: str) -> None:
    page.goto(address + path)

    assert too_wide(page) == []


@pytest.mark.parametrize("width", [360, 1440])
def test_exactly_one_size_of_the_chart_is_shown(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(address)

    assert page.locator("svg.chart:visible").count() == 1


@pytest.mark.parametrize("width", [360, 1440])
def test_no_text_of_the_chart_lies_outside_it(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)

    outside = page.locator("svg.chart:visible").evaluate(
        """chart => {
            const frame = chart.getBoundingClientRect();
            return [...chart.querySelectorAll("text")].filter(text => {
                const box = text.getBoundingClientRect();
                return box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom;
            }).map(text => text.textContent);
        }"""
    )

    assert outside == []


def test_everything_works_without_scripts(open_page: OpenPage, address: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(address)
    page.get_by_text("The same weeks as a table").click()
    weeks = page.get_by_role("table").first.get_by_role("row").count()
    page.get_by_role("link", name="Why?").click()
    title = page.get_by_role("heading", level=1).inner_text()

    assert (weeks, title) == (13, "One run much longer")


def test_the_page_follows_the_dark_scheme(open_page: OpenPage, address: str) -> None:
    papers = []
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        page.goto(address)
        papers.append(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

    assert papers == ["rgb(251, 250, 247)", "rgb(18, 23, 27)"]


def test_the_keyboard_reaches_the_content_first(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"


@pytest.mark.parametrize("state", ["spike today", "mail dead", "too little", "empty"])
def test_the_tabulator_comes_by_everything_in_every_state(phone: Page, state: str) -> None:
    with serving(create_app(FakeSource(STATES[state]), clock=clock)) as address:
        phone.goto(address)
        stops = walked(phone)
        missed = passed_over(phone, stops)

    assert missed == []
    assert [stop.html for stop in stops if not stop.is_seen] == []


def test_the_first_page_is_light(page: Page, address: str) -> None:
    sizes = weights(page, address)

    assert len(sizes) <= BUDGET_REQUESTS
    assert sum(sizes) <= BUDGET_BYTES


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ADDRESSES)
def test_nothing_keeps_anybody_out(browser: Browser, address: str, path: str, scheme: Scheme) -> None:
    assert grave_violations(browser, address + path, scheme, by_every_rule=True) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["mail dead", "too little", "empty"])
def test_no_state_of_the_first_page_keeps_anybody_out(browser: Browser, state: str, scheme: Scheme) -> None:
    with serving(create_app(FakeSource(STATES[state]), clock=clock)) as address:
        found = grave_violations(browser, address, scheme, by_every_rule=True)

    assert found == []


def test_the_vendored_checker_is_the_one_that_is_documented() -> None:
    note = (AXE.parent / "README.md").read_text(encoding="utf-8")

    assert hashlib.sha256(AXE.read_bytes()).hexdigest() in note
