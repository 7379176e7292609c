"""The pages of care in a real browser: a sore groin from end to end, without a mouse or a script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainReport, PlannedRun, Shoe
from app_fixtures import NOW, RecordingMailer, ordinary_run
from browser_page import PHONE, OpenPage, Scheme, complaints, grave_violations, serving, too_wide
from config.composition.services import Services
from dashboard_client import TODAY, dashboard, furnished, raise_flag
from pain_diaries import NOES
from red_flag_words import slips

pytestmark = pytest.mark.browser

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


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Open a house in which there is something to see."""
    with furnished(tmp_path_factory.mktemp("house")) as services:
        journal = services.care_service.journal
        journal.planned.add(PlannedRun(TODAY + timedelta(days=9), 21_000.0, name="W" * 60), now=NOW)
        journal.shoes.add(Shoe("W" * 60, TODAY - timedelta(days=30)), now=NOW)
        yield services


@pytest.fixture(scope="module")
def address(house: Services) -> Iterator[str]:
    """Serve it."""
    with serving(dashboard(house)) as served:
        yield served


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
    page.get_by_role("button", name="Save").first.click()


def test_the_story_of_a_sore_groin(phone: Page, tmp_path: Path) -> None:
    mailer, times = RecordingMailer(), [NOW]
    with (
        furnished(tmp_path, mailer=mailer) as services,
        serving(dashboard(services, clock=lambda: times[-1])) as address,
    ):
        shown = body_of(mailer.emails[0])
        paths = addresses(services)
        before = everywhere(phone, address, paths)
        tell_of_the_groin(phone, address)
        silenced = everywhere(phone, address, paths)
        email = email_of_today(services, mailer)
        see_to_it(phone, address)
        after = everywhere(phone, address, paths)
        times.append(NOW + timedelta(days=9))
        tell_calm(services, times[-1])
        back = everywhere(phone, address, ("/", "/plan"))
        services.care_service.journal.routines.done("RTR-WALKRUN", times[-1].date(), now=times[-1])
        times.append(NOW + timedelta(days=11))
        tell_calm(services, times[-1])
        step = everywhere(phone, address, ("/", "/plan"))

    assert "14.2" in shown
    assert "Rest, or run at most" in shown
    assert [path for path in SPEAKING if not slips(before[path])] == []
    assert {path: slips(text) for path, text in silenced.items() if slips(text)} == {}
    assert [path for path, text in silenced.items() if "See a professional within days" not in text] == []
    assert "31.0" in email
    assert "See a professional within days" in email
    assert slips(email) == []
    assert [path for path, text in after.items() if PROFESSIONAL.search(text)] == []
    assert [
        path for path in ("/", "/care", "/plan") if "the professional you saw clears you" not in after[path]
    ] == []
    assert [path for path, text in back.items() if "Walk 30\xa0minutes." not in text] == []
    assert [path for path, text in step.items() if "Run 1\xa0minute, walk 1; 10 times." not in text] == []


SPEAKING = ("/", "/care", "/care/routines", "/care/routines/TRK-SIDE", "/plan", "/findings")
"""Pages that speak of running or of exercises while nothing is the matter."""

PROFESSIONAL = re.compile(
    r"have it seen (within days, and|by a)|belongs before a professional", re.IGNORECASE
)
"""What sends to somebody who has not looked yet; the catalogue's stop rules may go on saying when to."""


def addresses(services: Services) -> tuple[str, ...]:
    """Every page to which the navigation leads, those of care, and one of each finding and run."""
    [alert] = services.runner_service.alert_store.since(TODAY - timedelta(days=30))
    run = services.runner_service.store.latest(1)[0]
    more = ("/calendar", "/training", "/form", "/findings", "/rules", "/files", "/shoes", "/physio")
    return ("/", *PAGES[:5], "/plan", *more, f"/findings/{alert.key}", f"/runs/{run.id}")


def everywhere(page: Page, address: str, paths: Iterable[str]) -> dict[str, str]:
    """What each page says, with everything unfolded."""
    said = {}
    for path in paths:
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        said[path] = words(page)
    return said


def see_to_it(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="I’ve seen a professional").first.click()
    page.get_by_label("Who: a physician").fill("Dr Ruiz")
    page.get_by_role("button", name="I’ve seen a professional").click()


def tell_calm(services: Services, now: datetime) -> None:
    calm = PainReport(now.date(), BodySite.GROIN, Side.LEFT, during=0, answers=NOES)
    services.care_service.report_pain(calm, now)


def body_of(email: EmailMessage) -> str:
    """What a letter says, in both of its forms."""
    parts = [email.get_body((form,)) for form in ("plain", "html")]
    return " ".join(" ".join(part.get_content() for part in parts if part is not None).split())


def email_of_today(services: Services, mailer: RecordingMailer) -> str:
    """Let a run of more than twice the length come in, and read the letter about it."""
    run = ordinary_run(NOW - timedelta(hours=5), distance_m=31_000.0, duration_s=10_500)
    (services.home.inbox / "long.fit").write_bytes(run)
    services.runner_service.inbox.scan()
    services.runner_service.tick(NOW + timedelta(minutes=2))
    services.runner_service.deliver(NOW + timedelta(days=1))
    return body_of(mailer.emails[-1])


def test_the_place_can_be_chosen_with_the_keyboard_alone(phone: Page, address: str) -> None:
    phone.goto(f"{address}/pain")
    phone.get_by_label("Left front of the hip").focus()
    phone.keyboard.press("ArrowDown")
    phone.keyboard.press("ArrowDown")

    assert phone.evaluate("document.activeElement.value") == "groin-left"
    assert phone.get_by_label("Left groin").is_checked()


def test_everything_is_kept_without_a_script_and_nothing_is_typed_twice(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(java_script_enabled=False, viewport=PHONE)
    with furnished(tmp_path) as services, serving(dashboard(services)) as address:
        page.goto(f"{address}/pain")
        page.locator('[for="spot-outer-right"] path').click()
        page.get_by_role("group", name="After it").get_by_role("radio", name="2").check()
        page.get_by_label("Note (optional)").fill("on the stairs")
        page.get_by_role("button", name="Save").first.click()
        message = page.locator(".problem").first.inner_text()
        page.get_by_label("None of these").check()
        page.get_by_role("button", name="Save").first.click()
        kept = services.care_service.journal.pain.since(TODAY)

    assert message == "Not saved yet: check 1 answer."
    assert [(e.report.place, e.report.after, e.report.note) for e in kept] == [("outer", 2, "on the stairs")]


def test_a_shape_that_was_tapped_lights_up(phone: Page, address: str) -> None:
    phone.goto(f"{address}/pain")
    shape = phone.locator('[for="spot-knee-right"] path')
    before = shape.evaluate("one => getComputedStyle(one).fill")
    shape.click()

    assert shape.evaluate("one => getComputedStyle(one).fill") != before
    assert phone.get_by_label("Right knee").is_checked()


def test_a_routine_is_done_in_one_tap_and_taken_back_in_another(phone: Page, address: str) -> None:
    phone.goto(f"{address}/care")
    phone.get_by_role("button", name="Done today").first.click()
    done = phone.get_by_text("Done today.", exact=True).count()
    phone.get_by_role("button", name="Undo").click()

    assert done == 1
    assert phone.get_by_text("Done today.", exact=True).count() == 0


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_at_any_width(phone: Page, address: str, path: str) -> None:
    phone.goto(address + path)

    assert too_wide(phone) == []


@pytest.mark.parametrize("path", PAGES)
def test_the_browser_has_nothing_to_complain_about(phone: Page, address: str, path: str) -> None:
    seen = complaints(phone)

    phone.goto(address + path, wait_until="networkidle")

    assert seen == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_keeps_anybody_out(browser: Browser, address: str, path: str, scheme: Scheme) -> None:
    assert grave_violations(browser, address + path, scheme, by_every_rule=True) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_out_under_a_red_flag(browser: Browser, tmp_path: Path, scheme: Scheme) -> None:
    with furnished(tmp_path) as services:
        raise_flag(services)
        with serving(dashboard(services)) as address:
            paths = ("/", "/care", "/plan")
            found = [grave_violations(browser, address + path, scheme, by_every_rule=True) for path in paths]

    assert found == [[], [], []]


def test_the_physio_page_prints_on_paper_black_on_white(phone: Page, address: str) -> None:
    phone.goto(f"{address}/physio")
    phone.emulate_media(media="print", color_scheme="dark")
    paper = phone.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    choices = phone.locator(".paper-not").is_visible()
    printed = phone.pdf(prefer_css_page_size=True)

    assert (paper, choices) == ("rgb(255, 255, 255)", False)
    assert printed.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.95996 841.91998]" in printed or b"/MediaBox [0 0 595 842]" in printed
