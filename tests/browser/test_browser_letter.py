"""The letter in a real browser: readable on a phone, in the dark, and without asking anybody for anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from alerts.care.catalogue import load_care
from alerts.findings import Level
from alerts.letters.letter import write_letter
from alerts.units import METRIC
from findings_told import KINDS, SUNDAY, finding, tell
from pages import find_chromium, looking

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "vendor" / "axe.min.js"

Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def browser(require: Callable[[str | None, str], str]) -> Iterator[Browser]:
    """Start the system's Chromium once for all tests of this file."""
    with looking(require(find_chromium(), "Chromium is not installed")) as started:
        yield started


@pytest.fixture(scope="module")
def letter() -> str:
    """Write a letter in which every kind, state and box occurs, to somebody with a long name."""
    care = load_care()
    told = [tell(care, finding(kind, level)) for kind, level in zip(KINDS, cycle(Level), strict=False)]
    return write_letter(
        [tell(care, finding("single_run_spike", Level.HIGH)), *told],
        to=f"{'a' * 64}@example.org",
        sender="hipwatch@example.org",
        runner_name="W" * 60,
        dashboard_url="https://run.example.org/",
        units=METRIC,
        today=SUNDAY,
    ).html


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_a_letter_has_contrast(browser: Browser, letter: str, scheme: Scheme) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.set_content(letter)
    page.evaluate(AXE.read_text(encoding="utf-8"))

    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa']})")
    page.close()

    assert [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found["violations"]] == []
    assert "color-contrast" in [one["id"] for one in found["passes"]]


@pytest.mark.parametrize("width", [320, 640])
def test_a_letter_never_scrolls_sideways(browser: Browser, letter: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_content(letter)

    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()

    assert wide == width


def test_the_dark_letter_is_dark(browser: Browser, letter: str) -> None:
    page = browser.new_page(color_scheme="dark")
    page.set_content(letter)

    background = page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor")
    page.close()

    assert background == "rgb(27, 33, 38)"


def test_a_letter_asks_for_nothing(browser: Browser, letter: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(letter, wait_until="networkidle")
    page.close()

    assert asked == []
