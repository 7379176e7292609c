"""The letter in a real browser: readable on a phone, in the dark, and without asking anybody for anything."""

from __future__ import annotations

from itertools import cycle

import pytest
from playwright.sync_api import Page

from alert_factory import KINDS, SUNDAY, alert, tell
from alerts.alert.alert import Level
from alerts.care.catalogue.loading import load_care
from alerts.notifications.compose.email_content import write_email
from alerts.text.units import METRIC
from browser_page import OpenPage, Scheme, judged, named

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def email() -> str:
    """Write a letter in which every kind, state and box occurs, to somebody with a long name."""
    care = load_care()
    told = [tell(care, alert(kind, level)) for kind, level in zip(KINDS, cycle(Level), strict=False)]
    return write_email(
        [tell(care, alert("single_run_spike", Level.HIGH)), *told],
        to=f"{'a' * 64}@example.org",
        sender="hipwatch@example.org",
        runner_name="W" * 60,
        dashboard_url="https://run.example.org/",
        units=METRIC,
        today=SUNDAY,
    ).html


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_a_letter_has_contrast(open_page: OpenPage, email: str, scheme: Scheme) -> None:
    page = open_page(color_scheme=scheme)
    page.set_content(email)
    found = judged(page, "wcag2a", "wcag2aa")

    assert named(found["violations"]) == []
    assert "color-contrast" in [one["id"] for one in found["passes"]]


@pytest.mark.parametrize("width", [320, 640])
def test_a_letter_never_scrolls_sideways(page: Page, email: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(email)

    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_dark_letter_is_dark(open_page: OpenPage, email: str) -> None:
    page = open_page(color_scheme="dark")
    page.set_content(email)
    background = page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor")

    assert background == "rgb(27, 33, 38)"


def test_a_letter_asks_for_nothing(page: Page, email: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(email, wait_until="networkidle")

    assert asked == []
