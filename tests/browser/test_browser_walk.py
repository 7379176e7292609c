"""The whole way of a new runner through a dashboard that is really served, with a mouse and without one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from app_fixtures import ordinary_run
from browser_page import dropped, heading
from config.settings.data_folder import DataFolder
from exports import zip_of
from keyboard import pressed_to

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000
SETTINGS = """
[runner]
name = "Ada"
time_zone = "UTC"
[schedule]
scan_every_s = 1
[mail]
enabled = false
"""


@pytest.fixture
def page(phone: Page) -> Page:
    """Open a phone's window that waits long enough for a slow machine."""
    phone.set_default_timeout(PATIENCE_MS)
    return phone


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve an empty data folder as the command does, in a process of its own."""
    home = DataFolder(tmp_path / "home")
    home.create()
    home.settings.write_text(SETTINGS, encoding="utf-8")
    with served(home) as found:
        yield found


@contextmanager
def served(home: DataFolder) -> Iterator[str]:
    """Run ``hipwatch serve`` on a free port and give the address that it names."""
    command = [sys.executable, "-c", "from config.start import main; main()", "serve", "--port", "0"]
    environment = os.environ | {"HIPWATCH_HOME": str(home.folder), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            found = re.search(r"http://\S+?:\d+", line)
            if found:
                break
        else:
            pytest.fail(f"hipwatch serve ended: {said}")
        # somebody has to take what else it says, or a full pipe would stop it
        Thread(target=process.stdout.read, daemon=True).start()
        try:
            yield found[0]
        finally:
            process.terminate()


def export_of_an_account() -> bytes:
    """Ten weeks of three equal runs a week, and yesterday one that was far longer, in one zip."""
    morning = datetime.now(UTC).replace(hour=0, minute=20, second=0, microsecond=0)
    runs = {
        f"activities/{ago}.fit": ordinary_run(morning - timedelta(days=ago), distance_m=8_000.0)
        for ago in range(3, 73)
        if ago % 7 in {0, 2, 4}
    }
    long_run = ordinary_run(morning - timedelta(days=1), distance_m=14_000.0, duration_s=5_000)
    return zip_of({**runs, "activities/long.fit": long_run})


def hand_over(page: Page, address: str) -> None:
    """From the first page there is to the end of the progress."""
    page.goto(address)
    with page.expect_navigation():
        page.get_by_role("link", name="Choose files").click()
    dropped(page, ("export.zip", export_of_an_account()))
    expect(page.get_by_role("heading", level=1)).to_have_text("All up to date.", timeout=PATIENCE_MS)


def test_a_new_runner_walks_from_the_first_file_to_the_physiotherapist(page: Page, address: str) -> None:
    hand_over(page, address)
    progress = page.get_by_role("status").last.inner_text()
    page.get_by_role("link", name="Today", exact=True).last.click()
    today = heading(page)
    page.get_by_role("link", name="Why?").click()
    alert = heading(page)
    page.goto(f"{address}/rules/single_run_spike")
    page.locator("input[name=notice_ratio]").fill("1.25")
    page.get_by_role("button", name="Preview").click()
    page.wait_for_url("**notice_ratio=1.25**")
    preview = page.locator("#past-title").inner_text()
    page.get_by_role("link", name="Pain", exact=True).click()
    page.locator('[for="spot-outer-left"] path').click()
    page.get_by_role("group", name="During the run").get_by_role("radio", name="3").check()
    page.get_by_label("None of these").check()
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator(".flash").first).to_be_visible()
    page.get_by_role("link", name="Care", exact=True).click()
    page.get_by_role("button", name="Done today").first.click()
    expect(page.get_by_text("Done today.", exact=True)).to_have_count(1)
    page.goto(f"{address}/physio")
    page.emulate_media(media="print")
    printed = page.locator("main").inner_text()
    paper = page.pdf(prefer_css_page_size=True)

    assert re.sub(r"\s+", " ", progress).startswith("31 files with activities imported")
    assert today.startswith(("Rest", "Easy", "Save"))
    assert (alert, preview) == ("One run much longer", "With these numbers")
    assert "side of the hip" in printed
    assert paper.startswith(b"%PDF")


def test_the_main_things_are_done_with_the_keyboard_alone(page: Page, address: str) -> None:
    hand_over(page, address)
    page.goto(address)
    pressed_to(page, "Why?")
    page.keyboard.press("Enter")
    page.wait_for_url("**/findings/**")
    alert = heading(page)
    page.goto(address)
    pressed_to(page, "Log pain")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pain**")
    pressed_to(page, "Left front of the hip")
    page.keyboard.press("Space")
    pressed_to(page, "During the run")
    page.keyboard.press("ArrowRight")
    pressed_to(page, "None of these")
    page.keyboard.press("Space")
    pressed_to(page, "Save")
    page.keyboard.press("Enter")
    kept = page.locator(".flash").first.inner_text()
    page.goto(f"{address}/care")
    pressed_to(page, "Done today")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Done today.", exact=True)).to_have_count(1)

    assert alert == "One run much longer"
    assert "saved" in kept.lower()
