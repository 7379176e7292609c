"""Takes the pictures of docs/screenshots: every page on a phone and a desktop, light and dark.

Run it from the checkout: ``python benchmarks/screenshots.py``; ``--only run today`` takes those alone, and a
folder takes every state of the first page too, into that folder.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, StorageState

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

from palette import with_palette  # noqa: E402

from app_fixtures import NOW, days_before, open_house, ordinary_run  # noqa: E402
from browser_page import find_chromium, looking, serving  # noqa: E402
from config.composition.services import open_services  # noqa: E402
from config.demo.show import show_demo  # noqa: E402
from dashboard_client import furnished, live_in, raise_flag, whole  # noqa: E402
from ingest.files.sources import collect  # noqa: E402
from login_client import PASSWORD, enroll, guarded, house_with_accounts  # noqa: E402
from overview_samples import EMPTY, MAIL_DEAD, RETURNING, SPIKE_TODAY, STEADY, TOO_LITTLE, FakeSource, clock  # noqa: E402
from web.app import create_app  # noqa: E402

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (360, 1440)
FOLDER = ROOT / "docs" / "screenshots"
FIRST_PAGES = {
    "today-spike": SPIKE_TODAY,
    "today-steady": STEADY,
    "today-returning": RETURNING,
    "today-too-little": TOO_LITTLE,
    "today-mail-dead": MAIL_DEAD,
    "nothing-yet": EMPTY,
}
EMPTY_HOUSE = {"first-run": "/"}
"""Pages of a house that nobody has moved into."""

LIVED_IN = {
    "pain": "/pain",
    "care": "/care",
    "routine": "/care/routines/GLU-STEPDOWN",
    "plan": "/plan",
    "calendar": "/calendar",
    "shoes": "/shoes",
    "physio": "/physio",
    "files": "/files",
    "progress": "/files/progress?still",
    "settings": "/settings",
    "today-german": "/?lang=de",
}
"""Pages of a house in which a runner has told something, and in which files wait and were set aside."""

DEMO = {
    "today-caution": "/",
    "run": "/runs/{latest}",
    "training": "/training",
    "form": "/form",
    "findings": "/findings",
    "finding": "/findings/{finding}",
    "rules": "/rules",
    "rule": "/rules/single_run_spike?notice_ratio=1.02&minimum_excess_m=300",
}
"""Pages of the made-up runner of `hipwatch demo`."""

SILENCED = {"red-flag-today": "/", "red-flag-care": "/care"}
"""Pages of the same house after a yes to a red flag."""

GUARDED = {"account": "/account", "account-app": "/account/app", "account-passkeys": "/account/passkeys"}
"""Pages behind a login."""


SHOWN_PLACE = "/home/ada/hipwatch"
HIDE_PLACES = """([folder, shown]) => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const parts = texts.currentNode.data.split(folder + "/");
        const rest = parts.slice(1).map(part => shown + part.replace(/^[^/]*/, ""));
        texts.currentNode.data = [parts[0], ...rest].join("");
    }
}"""
"""Folders of this machine look as those of a runner do."""


@dataclass(frozen=True, slots=True)
class Set:
    """Pages that are served together: by name their addresses, and what a browser has to hold to see them."""

    addresses: Mapping[str, str]
    held: StorageState | None = None
    prepare: Mapping[str, Callable[[Page], None]] = field(default_factory=dict)


@contextmanager
def first_pages(_: Browser) -> Iterator[Set]:
    """Serve the first page in every state."""
    addresses = {}
    with ExitStack() as stack:
        for name, overview in FIRST_PAGES.items():
            addresses[name] = stack.enter_context(serving(create_app(FakeSource(overview), clock=clock)))
        yield Set(addresses)


@contextmanager
def empty(_: Browser) -> Iterator[Set]:
    """Serve a house without a single run."""
    with tempfile.TemporaryDirectory() as folder, open_house(Path(folder)) as services:
        services.runner_service.tick(NOW)
        with serving(whole(services)) as address:
            yield Set(_at(address, EMPTY_HOUSE))


@contextmanager
def lived_in(_: Browser) -> Iterator[Set]:
    """Serve a house with ten weeks of running, something told, and files in every state."""
    with tempfile.TemporaryDirectory() as folder, furnished(Path(folder)) as services:
        live_in(services)
        broken = services.home.folder / "race-day.fit"
        broken.write_bytes(b"The watch was unplugged while this was copied.")
        services.runner_service.take_in(list(collect([broken])), now=NOW, on_result=lambda *_: None)
        (services.home.inbox / "evening-run.fit").write_bytes(ordinary_run(days_before(0)))
        with serving(whole(services)) as address:
            yield Set(_at(address, LIVED_IN))


@contextmanager
def silenced(_: Browser) -> Iterator[Set]:
    """Serve a house in which a red flag is open."""
    with tempfile.TemporaryDirectory() as folder, furnished(Path(folder)) as services:
        live_in(services)
        raise_flag(services)
        with serving(whole(services)) as address:
            yield Set(_at(address, SILENCED))


@contextmanager
def demo(_: Browser | None = None) -> Iterator[Set]:
    """Serve the demo's fourteen months, one chart of them looked at closer."""
    with tempfile.TemporaryDirectory() as folder:
        quiet = lambda _title, _total: nullcontext(lambda: None)  # noqa: E731
        home, settings = show_demo(Path(folder) / "demo", now=NOW, echo=lambda _: None, progress=quiet)
        with open_services(home, settings, now=NOW) as services, serving(whole(services)) as address:
            latest = services.runner_service.store.latest(1)[0].id
            alert = services.runner_service.alert_store.since(NOW.date().replace(day=1))[-1].key
            addresses = _at(address, DEMO, latest=latest, finding=alert)
            addresses["training-closer"] = addresses["training"]
            yield Set(addresses, prepare={"training-closer": look_closer})


def look_closer(page: Page) -> None:
    """Open the first chart, as far back as it goes."""
    page.get_by_role("button", name="Look closer").first.click()
    page.get_by_role("button", name="All of it").click()
    page.locator(".uplot canvas").wait_for()


@contextmanager
def behind_the_login(browser: Browser) -> Iterator[Set]:
    """Serve a house to which Ada has the key, and let her in."""
    now = lambda: datetime.now(UTC)  # noqa: E731 - a login lives by the real time
    with (
        tempfile.TemporaryDirectory() as folder,
        house_with_accounts(Path(folder)) as (services, care_service),
    ):
        app = guarded(services, care_service, clock=now)
        enroll(app, care_service, now=now())
        with serving(app) as served:
            address = served.replace("127.0.0.1", "localhost")
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{address}/login")
            page.get_by_label("Name").fill("ada")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            page.wait_for_url(f"{address}/")
            held = context.storage_state()
            context.close()
            yield Set(_at(address, GUARDED), held)


@contextmanager
def before_the_login(_: Browser) -> Iterator[Set]:
    """Serve the same house to somebody who is not let in yet."""
    now = lambda: datetime.now(UTC)  # noqa: E731
    with (
        tempfile.TemporaryDirectory() as folder,
        house_with_accounts(Path(folder)) as (services, care_service),
    ):
        app = guarded(services, care_service, clock=now)
        enroll(app, care_service, now=now())
        with serving(app) as served:
            yield Set({"login": served.replace("127.0.0.1", "localhost") + "/login"})


def _at(address: str, pages: Mapping[str, str], **places: object) -> dict[str, str]:
    return {name: address + path.format(**places) for name, path in pages.items()}


SETS: tuple[Callable[[Browser], AbstractContextManager[Set]], ...] = (
    first_pages,
    empty,
    lived_in,
    silenced,
    demo,
    behind_the_login,
    before_the_login,
)


def photograph(browser: Browser, pages: Set, name: str, folder: Path) -> None:
    """Photograph one page in every width and scheme."""
    blank = browser.new_page()
    for width in WIDTHS:
        for scheme in SCHEMES:
            page = browser.new_page(
                viewport={"width": width, "height": 800},
                color_scheme=scheme,
                device_scale_factor=1,
                storage_state=pages.held,
            )
            answer = page.goto(pages.addresses[name])
            if answer is None or not answer.ok:
                sys.exit(f"{name} could not be made")
            pages.prepare.get(name, lambda _: None)(page)
            page.evaluate(HIDE_PLACES, [tempfile.gettempdir(), SHOWN_PLACE])
            target = folder / f"{name}-{width}-{scheme}.png"
            picture = page.screenshot(full_page=True)
            page.close()
            target.write_bytes(with_palette(picture, blank))
            print(target)
    blank.close()


def main() -> None:
    """Photograph what the documentation shows, or every state of every page into the folder that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="take every state into this folder")
    parser.add_argument("--only", nargs="+", default=(), help="names of pages, without width and scheme")
    chosen = parser.parse_args()
    executable = find_chromium()
    if executable is None:
        sys.exit("No Chromium found; the pictures were left as they are.")
    folder = chosen.folder or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    left_out = set() if chosen.folder else FIRST_PAGES.keys()
    with looking(executable) as browser:
        for made in SETS:
            with made(browser) as pages:
                for name in pages.addresses:
                    if name in chosen.only or not (chosen.only or name in left_out):
                        photograph(browser, pages, name, folder)


if __name__ == "__main__":
    main()
