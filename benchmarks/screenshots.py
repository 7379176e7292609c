"""Takes the pictures of docs/screenshots: the pages on a phone and a desktop, light and dark.

Run it from the checkout: ``python benchmarks/screenshots.py``
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

from palette import with_palette  # noqa: E402

from config.demo.show import show_demo  # noqa: E402
from config.services import open_services  # noqa: E402
from dashboards import EMPTY, MAIL_DEAD, RETURNING, SPIKE_TODAY, STEADY, TOO_LITTLE, FakeSource, clock, spike  # noqa: E402
from desks import dashboard, furnished, live_in, raise_flag  # noqa: E402
from houses import NOW  # noqa: E402
from pages import find_chromium, looking, serving  # noqa: E402
from web.app import create_app  # noqa: E402

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (360, 1440)
FOLDER = ROOT / "docs" / "screenshots"
PAGES = {
    "today-caution": (SPIKE_TODAY, "/"),
    "today-steady": (STEADY, "/"),
    "today-returning": (RETURNING, "/"),
    "today-too-little": (TOO_LITTLE, "/"),
    "today-mail-dead": (MAIL_DEAD, "/"),
    "first-run": (EMPTY, "/"),
    "finding": (SPIKE_TODAY, f"/findings/{spike().key}"),
}
KEPT = ("today-caution", "finding")
LIVED_IN = {
    "pain": "/pain",
    "care": "/care",
    "routine": "/care/routines/GLU-STEPDOWN",
    "plan": "/plan",
    "shoes": "/shoes",
    "physio": "/physio",
}
"""Pages of a house in which a runner has told something."""

DEMO = {
    "run": "/runs/{latest}",
    "calendar": "/calendar/2026-04",
    "training": "/training",
    "form": "/form",
    "findings": "/findings",
    "rules": "/rules",
    "rule": "/rules/single_run_spike?notice_ratio=1.02&minimum_excess_m=300",
    "files": "/files",
}
"""Pages of the made-up runner of `hipwatch demo`."""

SILENCED = {"red-flag-today": "/", "red-flag-care": "/care"}
"""Pages of the same house after a yes to a red flag."""


def take(browser: Browser, name: str, folder: Path) -> None:
    """Photograph one page of a made-up day in every width and scheme."""
    overview, path = PAGES[name]
    with serving(create_app(FakeSource(overview), clock=clock)) as address:
        photograph(browser, address + path, name, folder)


@contextmanager
def house(*, is_silenced: bool) -> Iterator[str]:
    """Serve a house with ten weeks of running and something told."""
    with tempfile.TemporaryDirectory() as folder, furnished(Path(folder)) as services:
        live_in(services)
        if is_silenced:
            raise_flag(services)
        with serving(dashboard(services)) as address:
            yield address


@contextmanager
def demo() -> Iterator[tuple[str, int]]:
    """Serve the demo's fourteen months; give the address and the number of the latest activity."""
    with tempfile.TemporaryDirectory() as folder:
        quiet = lambda _title, _total: nullcontext(lambda: None)  # noqa: E731
        home, settings = show_demo(Path(folder) / "demo", now=NOW, say=lambda _: None, progress=quiet)
        with open_services(home, settings, now=NOW) as services:
            app = create_app(
                services.dashboard, clock=lambda: NOW, desk=services.care_desk, secret=b"screenshots" * 4
            )
            with serving(app) as address:
                yield address, services.watch.store.latest(1)[0].id


def photograph_demo(browser: Browser, folder: Path) -> None:
    """Photograph the pages of the demo."""
    with demo() as (address, latest):
        for name, path in DEMO.items():
            photograph(browser, address + path.format(latest=latest), name, folder)


def photograph(browser: Browser, address: str, name: str, folder: Path) -> None:
    """Photograph one address in every width and scheme."""
    blank = browser.new_page()
    for width in WIDTHS:
        for scheme in SCHEMES:
            page = browser.new_page(
                viewport={"width": width, "height": 800}, color_scheme=scheme, device_scale_factor=1
            )
            page.goto(address)
            target = folder / f"{name}-{width}-{scheme}.png"
            picture = page.screenshot(full_page=True)
            page.close()
            target.write_bytes(with_palette(picture, blank))
            print(target)
    blank.close()


def main() -> None:
    """Photograph what the documentation shows, or every page into the folder that is named."""
    executable = find_chromium()
    if executable is None:
        sys.exit("No Chromium found; the pictures were left as they are.")
    folder, names = (Path(sys.argv[1]), tuple(PAGES)) if len(sys.argv) > 1 else (FOLDER, KEPT)
    folder.mkdir(parents=True, exist_ok=True)
    with looking(executable) as browser:
        for name in names:
            take(browser, name, folder)
        for is_silenced, pages in ((False, LIVED_IN), (True, SILENCED)):
            with house(is_silenced=is_silenced) as address:
                for name, path in pages.items():
                    photograph(browser, address + path, name, folder)
        photograph_demo(browser, folder)


if __name__ == "__main__":
    main()
