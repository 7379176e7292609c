"""The settings and the rules in a real browser: on a phone, by keyboard, without a script, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from app_fixtures import NOW
from browser_page import PHONE, OpenPage, Scheme, grave_violations, serving, too_wide
from config.composition.services import Services
from dashboard_client import furnished, whole

pytestmark = pytest.mark.browser

RULE = "/rules/single_run_spike"
TRIED = f"{RULE}?notice_ratio=8&caution_ratio=9&high_ratio=10"
PAGES = ("/settings", "/rules", RULE, TRIED)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    """Open a house in which something was chosen and changed already."""
    with furnished(tmp_path) as services:
        services.choices.choose({"mail.pause_days": 3, "runner.name": "W" * 60}, NOW)
        services.choices.choose({"detectors.single_run_spike.notice_ratio": 1.15}, NOW)
        yield services


@pytest.fixture
def address(house: Services) -> Iterator[str]:
    """Serve it."""
    app = whole(house)
    with serving(app) as served:
        yield served


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Open a phone's window in which no script runs."""
    return open_page(viewport=PHONE, java_script_enabled=False)


def field(page: Page, name: str) -> str:
    return page.locator(f'[id="{name}"]').input_value()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out_of_any_page(browser: Browser, address: str, scheme: Scheme) -> None:
    found = {path: grave_violations(browser, address + path, scheme) for path in PAGES}

    assert found == {path: [] for path in PAGES}


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_every_page_fits_a_phone_a_tablet_and_a_desk(open_page: OpenPage, address: str, locale: str) -> None:
    looker = open_page(viewport=PHONE, locale=locale)
    found = {}
    for path in PAGES:
        looker.goto(address + path)
        looker.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found[path] = too_wide(looker)

    assert found == {path: [] for path in PAGES}


def test_enter_in_a_field_keeps_what_was_typed_and_lets_go_of_nothing(
    page: Page, address: str, house: Services
) -> None:
    page.goto(address + "/settings")
    page.locator('[id="mail.pause_days"]').fill("5")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert house.choices.all()["mail.pause_days"].value == 5
    assert "Saved." in page.locator("body").inner_text()


def test_a_time_zone_that_is_none_is_said_at_its_field_and_above(page: Page, address: str) -> None:
    page.goto(address + "/settings")
    page.locator('[id="runner.time_zone"]').fill("Atlantis")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert field(page, "runner.time_zone") == "Atlantis"
    assert page.locator('[role="alert"] a').get_attribute("href") == "#runner.time_zone"


def test_one_press_goes_back_to_what_is_shipped(page: Page, address: str) -> None:
    page.goto(address + "/settings")
    page.get_by_role("button", name="Back to “7”").click()

    assert field(page, "mail.pause_days") == "7"


def test_a_rule_is_tried_kept_and_switched_off(page: Page, address: str, house: Services) -> None:
    page.goto(address + RULE)
    page.locator('input[name="notice_ratio"]').fill("1.2")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Save these numbers").click()
    kept = page.locator("body").inner_text()
    page.get_by_role("button", name="Turn this rule off").click()

    assert "now 1.2, default 1.1" in kept
    assert "This rule is off." in page.locator("body").inner_text()
    assert house.choices.all()["rules.off"].value == ["single_run_spike"]


def test_whoever_keeps_a_deaf_rule_has_to_say_that_they_know(page: Page, address: str) -> None:
    page.goto(address + TRIED)
    page.get_by_role("button", name="Save these numbers").click()
    refused = page.locator("body").inner_text()
    page.get_by_label("I understand that this rule will hardly ever be triggered.").check()
    page.get_by_role("button", name="Save these numbers").click()

    assert "Not saved" in refused
    assert "Saved." in page.locator("body").inner_text()
