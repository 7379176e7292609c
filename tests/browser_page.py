"""A dashboard that is really served, and a browser that really looks at it."""

from __future__ import annotations

import logging
import re
import shutil
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from http_server import running

AXE = Path(__file__).parent / "browser" / "vendor" / "axe.min.js"

PHONE: ViewportSize = {"width": 360, "height": 780}

Scheme = Literal["light", "dark"]

OpenPage = Callable[..., Page]
"""Opens a window as ``Browser.new_context`` is told."""

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

DROP = """([files, where]) => {
    const carried = new DataTransfer();
    for (const [name, content] of files) {
        const bytes = Uint8Array.from(atob(content), one => one.charCodeAt(0));
        carried.items.add(new File([bytes], name));
    }
    const drop = kind => document.querySelector(where).dispatchEvent(
        new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
    return ["dragenter", "dragover", "drop"].map(drop);
}"""
"""Lets files be dragged in and dropped; what no handler prevents, the browser does: it opens the file."""


def find_chromium() -> str | None:
    """The system's Chromium; None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the application on a free loopback port and give its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with running(make_server("127.0.0.1", 0, app, threaded=True)) as address:
        yield address


@contextmanager
def looking(executable: str) -> Iterator[Browser]:
    """Start Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


def heading(page: Page) -> str:
    """The sentence that a page begins with, each space a plain one."""
    return re.sub(r"\s+", " ", page.get_by_role("heading", level=1).inner_text())


def complaints(page: Page) -> list[str]:
    """Collect what the browser reports from now on: the policy broken, script errors, failed requests."""
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("requestfailed", lambda request: seen.append(request.url))
    return seen


def weights(page: Page, address: str) -> list[int]:
    """Open an address and tell how much each answer brought over the wire. [bytes]"""
    sizes: list[int] = []
    page.on(
        "requestfinished",
        lambda request: sizes.append(
            sum(request.sizes()[part] for part in ("responseBodySize", "responseHeadersSize"))
        ),
    )
    page.goto(address, wait_until="networkidle")
    return sizes


def too_wide(page: Page) -> list[tuple[int, int]]:
    """Find the widths of a window that the page does not fit, and how wide it is there."""
    found = []
    for width in (360, 768, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        needed: int = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            found.append((width, needed))
    return found


def grave_violations(
    browser: Browser, address: str, scheme: Scheme, *, by_every_rule: bool = False
) -> list[str]:
    """Ask axe-core, with everything unfolded, for what is serious or critical.

    In the dark of colours only, unless ``by_every_rule``: names, roles and order are the same in both
    schemes, and asking for them takes most of the time.
    """
    with browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(address)
        return grave_violations_here(page, *(() if scheme == "light" or by_every_rule else ("cat.color",)))


def grave_violations_here(page: Page, *tags: str) -> list[str]:
    """Ask axe-core of a page as it is, with everything unfolded; by all rules, or by those of some tags."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    violations = judged(page, *tags)["violations"]
    return named([one for one in violations if one["impact"] in ("serious", "critical")])


def judged(page: Page, *tags: str) -> dict[str, Any]:
    """Hear all that axe-core says of a page as it is."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    asked = {"resultTypes": ["violations"], **({"runOnly": list(tags)} if tags else {})}
    answer: dict[str, Any] = page.evaluate("asked => axe.run(asked)", asked)
    return answer


def named(violations: Iterable[dict[str, Any]]) -> list[str]:
    """Name each violation and the elements that it is about."""
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in violations]


def dropped(page: Page, *files: tuple[str, bytes], where: str = "form[data-drop]") -> list[bool]:
    """Drop files made here; for each step of it, whether the browser would go on and open them itself."""
    carried = [[name, b64encode(content).decode()] for name, content in files]
    gone_on: list[bool] = page.evaluate(DROP, [carried, where])
    return gone_on
