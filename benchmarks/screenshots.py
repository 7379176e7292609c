"""Takes the pictures of docs/screenshots: first page and explanation, phone and desktop, light and dark.

Run it from the checkout: ``python benchmarks/screenshots.py``
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from dashboards import EMPTY, MAIL_DEAD, RETURNING, SPIKE_TODAY, STEADY, TOO_LITTLE, FakeSource, clock, spike  # noqa: E402
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


def take(browser: Browser, name: str, folder: Path) -> None:
    """Photograph one page in every width and scheme."""
    overview, path = PAGES[name]
    with serving(create_app(FakeSource(overview), clock=clock)) as address:
        for width in WIDTHS:
            for scheme in SCHEMES:
                page = browser.new_page(
                    viewport={"width": width, "height": 800}, color_scheme=scheme, device_scale_factor=1
                )
                page.goto(address + path)
                target = folder / f"{name}-{width}-{scheme}.png"
                page.screenshot(path=target, full_page=True)
                page.close()
                print(target)


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


if __name__ == "__main__":
    main()
