"""A dashboard that is really served, and a browser that really looks at it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Literal

from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server

AXE = Path(__file__).parent / "browser" / "vendor" / "axe.min.js"

PHONE: ViewportSize = {"width": 360, "height": 780}

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Switches under which Chromium talks to nobody but the page's own server."""


def find_chromium() -> str | None:
    """The system's Chromium; None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the application on a free loopback port and give its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def looking(executable: str) -> Iterator[Browser]:
    """Start Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


def too_wide(page: Page) -> list[tuple[int, int]]:
    """Find the widths of a window that the page does not fit, and how wide it is there."""
    found = []
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        needed: int = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            found.append((width, needed))
    return found


def grave_violations(browser: Browser, address: str, scheme: Literal["light", "dark"]) -> list[str]:
    """Ask axe-core, with everything unfolded, for what is serious or critical; in the dark of colours only.

    Names, roles and order are the same in both schemes, and asking for them takes most of the time.
    """
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    found = grave_violations_here(page, only="cat.color" if scheme == "dark" else None)
    context.close()
    return found


def grave_violations_here(page: Page, *, only: str | None = None) -> list[str]:
    """Ask axe-core of a page as it is, with everything unfolded; of all rules, or those of one tag."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    asked = {"resultTypes": ["violations"], **({"runOnly": [only]} if only else {})}
    violations = page.evaluate("asked => axe.run(asked).then(result => result.violations)", asked)
    return [
        f"{one['id']}: {[node['html'] for node in one['nodes']]}"
        for one in violations
        if one["impact"] in ("serious", "critical")
    ]


def pressed_to(page: Page, name: str, *, most: int = 120) -> None:
    """Press the tabulator until what has the focus is called that, or belongs to a group that is."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        called: list[str] = page.evaluate(
            """() => {
                const one = document.activeElement;
                const group = one.closest("fieldset")?.querySelector("legend")?.textContent;
                const labels = [...(one.labels || [])].map(label => label.textContent);
                return [one.getAttribute("aria-label"), ...labels, one.textContent, group]
                    .filter(Boolean).map(text => text.trim());
            }"""
        )
        if any(text.startswith(name) for text in called):
            return
        seen.append(called)
    raise AssertionError(f"the tabulator never came to {name!r}, only to {seen}")
