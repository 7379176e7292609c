"""The pages beyond the first one in a real browser, over a history that was really taken in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from app_fixtures import NOW, days_before, lay_into, open_house, ordinary_run, steady_weeks
from browser_page import OpenPage, Scheme, complaints, grave_violations, serving, too_wide
from config.composition.services import Services
from ingest.files.sources import collect
from support import fit_run
from web.app import create_app

pytestmark = pytest.mark.browser

PATHS = (
    "/runs/1",
    "/calendar",
    "/training",
    "/form",
    "/findings",
    "/rules",
    "/rules/single_run_spike?notice_ratio=1.25",
    "/files",
    "/files/progress",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A long run with everything in it, ten steady weeks, a run too long, and a file that is none."""
    folder: Path = tmp_path_factory.mktemp("house")
    seconds = np.arange(5_401)
    everything = fit_run(
        days_before(75),
        distance_m=15_000.0,
        duration_s=5_400,
        heart_rate_bpm=145 + 15 * np.sin(seconds / 300),
        altitude_m=40 + 20 * np.sin(seconds / 700),
    )
    too_long = ordinary_run(days_before(1), distance_m=13_000.0, duration_s=2_700)
    with open_house(folder / "home") as services:
        files = lay_into(folder / "files", [everything, *steady_weeks(), too_long])
        broken = folder / "files" / ("x" * 90 + ".fit")
        broken.write_bytes(b"no recording at all")
        services.runner_service.take_in(list(collect([*files, broken])), now=NOW, on_result=lambda *_: None)
        services.runner_service.evaluate(NOW)
        yield services


@pytest.fixture(scope="module")
def address(house: Services) -> Iterator[str]:
    """Serve that history."""
    app = create_app(house.dashboard, clock=lambda: NOW, care_service=house.care_service, secret=b"x" * 32)
    with serving(app) as served:
        yield served


@pytest.mark.parametrize("path", PATHS)
def test_no_page_scrolls_sideways_or_breaks_the_policy(page: Page, address: str, path: str) -> None:
    seen = complaints(page)
    page.goto(address + path)

    assert (too_wide(page), seen) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_no_page_keeps_anybody_out(browser: Browser, address: str, path: str, scheme: Scheme) -> None:
    assert grave_violations(browser, address + path, scheme) == []


def test_a_visitor_walks_from_the_calendar_to_a_run_and_its_reason(page: Page, address: str) -> None:
    page.goto(f"{address}/calendar")
    page.get_by_role("link", name="Run 13.0 km").click()
    page.get_by_role("link", name=re.compile("^One run")).click()

    assert page.get_by_role("heading", level=1).inner_text().startswith("One run")


def test_a_file_that_is_handed_over_becomes_a_run(house: Services, page: Page, address: str) -> None:
    run = fit_run(days_before(0), distance_m=5_500.0, duration_s=1_800)
    page.goto(f"{address}/files")
    page.get_by_label("Choose files or drop them here").set_input_files(
        {"name": "today.fit", "mimeType": "application/octet-stream", "buffer": run}
    )
    page.get_by_role("button", name="Upload").click()
    waiting = page.get_by_role("heading", level=1).inner_text()
    house.runner_service.tick(NOW)
    page.reload()
    finished = page.get_by_role("heading", level=1).inner_text()
    page.goto(f"{address}/calendar")

    assert (re.sub(r"\s", " ", waiting), finished) == ("1 file is waiting.", "All up to date.")
    assert page.get_by_role("link", name="Run 5.5 km").count() == 1


def test_other_numbers_are_tried_without_a_script(open_page: OpenPage, address: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{address}/rules/single_run_spike")
    page.locator("input[name=notice_ratio]").fill("1.25")
    page.get_by_role("button", name="Preview").click()

    assert page.locator("#past-title").inner_text() == "With these numbers"
