"""The pages of care in a real browser: a sore groin from end to end, without a mouse or a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from alerts.care.places import Place, Side
from alerts.journal.entries import PainReport, PlannedRun, Shoe
from config.services import Services
from desks import TODAY, dashboard, furnished, raise_flag
from diaries import NOES
from gate_words import slips
from houses import NOW, RecordingMailer, ordinary_run
from pages import find_chromium, looking, serving

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PHONE: ViewportSize = {"width": 360, "height": 780}
PAGES = (
    "/pain",
    "/care",
    "/care/seen",
    "/care/routines",
    "/care/routines/TRK-SIDE",
    "/plan",
    "/shoes",
    "/shoes/1",
    "/physio",
)

Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def browser(require: Callable[[str | None, str], str]) -> Iterator[Browser]:
    """Start the system's Chromium once for all tests of this file."""
    with looking(require(find_chromium(), "Chromium is not installed")) as started:
        yield started


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Open a house in which there is something to see."""
    with furnished(tmp_path_factory.mktemp("house")) as services:
        journal = services.care_desk.journal
        journal.planned.add(PlannedRun(TODAY + timedelta(days=9), 21_000.0, name="W" * 60), now=NOW)
        journal.shoes.add(Shoe("W" * 60, TODAY - timedelta(days=30)), now=NOW)
        yield services


@pytest.fixture(scope="module")
def address(house: Services) -> Iterator[str]:
    """Serve it."""
    with serving(dashboard(house)) as served:
        yield served


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a phone's window of its own."""
    context = browser.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


def words(page: Page) -> str:
    """What a page says."""
    return page.locator("body").inner_text()


def tell_of_the_groin(page: Page, address: str) -> None:
    """Two taps to the place, then a number, a yes to the pain at night, and keep."""
    page.goto(address)
    page.get_by_role("link", name="Log pain").click()
    page.locator('[for="spot-groin-left"] path').click()
    page.get_by_role("group", name="During the run").get_by_role("radio", name="4").check()
    page.get_by_label("Does it hurt there at night or at rest?").check()
    page.get_by_role("button", name="Keep").first.click()


def test_the_story_of_a_sore_groin(page: Page, tmp_path: Path) -> None:
    mailer, times = RecordingMailer(), [NOW]
    with (
        furnished(tmp_path, mailer=mailer) as services,
        serving(dashboard(services, clock=lambda: times[-1])) as address,
    ):
        spoken = str(mailer.letters[0].get_body(("plain",)))
        tell_of_the_groin(page, address)
        told = {path: words_at(page, address + path) for path in ("/", *PAGES[:-2], "/physio")}
        letter = letter_of_today(services, mailer)
        page.get_by_role("link", name="It was seen to").first.click()
        page.get_by_label("Who: a physician").fill("Dr Ruiz")
        page.get_by_role("button", name="It was seen to").click()
        after = words(page)
        times.append(NOW + timedelta(days=9))
        calm = PainReport(times[-1].date(), Place.GROIN, Side.LEFT, during=0, answers=NOES)
        services.care_desk.report_pain(calm, times[-1])
        back = words_at(page, f"{address}/plan")

    assert "14.2" in spoken
    assert {path: slips(text) for path, text in told.items() if slips(text)} == {}
    assert all("Have it seen within days" in text for text in told.values())
    assert "Have it seen within days" in letter
    assert slips(letter) == []
    assert "do not run until somebody has examined you" not in after
    assert "The way back, step by step" in back
    assert "Walk 30" in back


def words_at(page: Page, address: str) -> str:
    page.goto(address)
    return words(page)


def letter_of_today(services: Services, mailer: RecordingMailer) -> str:
    """Let a run of more than twice the length come in, and read the letter about it."""
    run = ordinary_run(NOW - timedelta(hours=5), distance_m=31_000.0, duration_s=10_500)
    (services.home.inbox / "long.fit").write_bytes(run)
    services.watch.inbox.look()
    services.watch.tick(NOW + timedelta(minutes=2))
    services.watch.deliver(NOW + timedelta(days=1))
    return " ".join(mailer.letters[-1].get_body(("plain",)).get_content().split())  # type: ignore[union-attr]


def test_the_place_can_be_chosen_with_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/pain")
    page.get_by_label("Left front of the hip").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")

    assert page.evaluate("document.activeElement.value") == "groin-left"
    assert page.get_by_label("Left groin").is_checked()


def test_everything_is_kept_without_a_script_and_nothing_is_typed_twice(
    browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    with furnished(tmp_path) as services, serving(dashboard(services)) as address:
        page = context.new_page()
        page.goto(f"{address}/pain")
        page.locator('[for="spot-outer-right"] path').click()
        page.get_by_role("group", name="After it").get_by_role("radio", name="2").check()
        page.get_by_label("Note, if you like").fill("on the stairs")
        page.get_by_role("button", name="Keep").first.click()
        message = page.locator(".problem").first.inner_text()
        page.get_by_label("None of these").check()
        page.get_by_role("button", name="Keep").first.click()
        kept = services.care_desk.journal.pain.since(TODAY)
    context.close()

    assert message == "Nothing was kept yet: 1 answer needs a look."
    assert [(e.report.place, e.report.after, e.report.note) for e in kept] == [("outer", 2, "on the stairs")]


def test_a_shape_that_was_tapped_lights_up(page: Page, address: str) -> None:
    page.goto(f"{address}/pain")
    shape = page.locator('[for="spot-knee-right"] path')
    before = shape.evaluate("one => getComputedStyle(one).fill")
    shape.click()

    assert shape.evaluate("one => getComputedStyle(one).fill") != before
    assert page.get_by_label("Right knee").is_checked()


def test_a_routine_is_done_in_one_tap_and_taken_back_in_another(page: Page, address: str) -> None:
    page.goto(f"{address}/care")
    page.get_by_role("button", name="Done today").first.click()
    done = page.get_by_text("Done today.", exact=True).count()
    page.get_by_role("button", name="Take it back").click()

    assert done == 1
    assert page.get_by_text("Done today.", exact=True).count() == 0


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_at_any_width(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    too_wide = []
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        needed: int = page.evaluate("document.documentElement.scrollWidth")
        too_wide += [(width, needed)] if needed > width else []

    assert too_wide == []


@pytest.mark.parametrize("path", PAGES)
def test_the_browser_has_nothing_to_complain_about(page: Page, address: str, path: str) -> None:
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))

    page.goto(address + path, wait_until="networkidle")

    assert seen == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_keeps_anybody_out(browser: Browser, address: str, path: str, scheme: Scheme) -> None:
    assert grave_violations(browser, address + path, scheme) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_out_under_a_red_flag(browser: Browser, tmp_path: Path, scheme: Scheme) -> None:
    with furnished(tmp_path) as services:
        raise_flag(services)
        with serving(dashboard(services)) as address:
            found = [grave_violations(browser, address + path, scheme) for path in ("/", "/care", "/plan")]

    assert found == [[], [], []]


def grave_violations(browser: Browser, address: str, scheme: Scheme) -> list[str]:
    """Ask axe-core for what is serious or critical."""
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate("axe.run().then(result => result.violations)")
    context.close()
    return [
        f"{one['id']}: {[node['html'] for node in one['nodes']]}"
        for one in violations
        if one["impact"] in ("serious", "critical")
    ]


def test_the_physio_page_prints_on_paper_black_on_white(page: Page, address: str) -> None:
    page.goto(f"{address}/physio")
    page.emulate_media(media="print", color_scheme="dark")
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    choices = page.locator(".paper-not").is_visible()
    printed = page.pdf(prefer_css_page_size=True)

    assert (paper, choices) == ("rgb(255, 255, 255)", False)
    assert printed.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.95996 841.91998]" in printed or b"/MediaBox [0 0 595 842]" in printed
