"""Accounts in a real browser: from the one-time link to a passkey, on a phone, mostly without a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Browser, Page, ViewportSize

from config.services import Services
from doors import PASSWORD, enroll, guarded, house_with_desk, path_of
from pages import AXE, find_chromium, looking, serving, too_wide
from web.accounts.desk import AccountDesk

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 360, "height": 780}
BEHIND = (
    "/account",
    "/account/password",
    "/account/app",
    "/account/recovery-codes",
    "/account/passkeys",
    "/account/confirm",
)
BEFORE = ("/login", "/login/passkey", "/account/link/nothing")


def now() -> datetime:
    """A second factor lives by the real time."""
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def browser(require: Callable[[str | None, str], str]) -> Iterator[Browser]:
    """Start the system's Chromium once for all tests of this file."""
    with looking(require(find_chromium(), "Chromium is not installed")) as started:
        yield started


House = tuple[Services, AccountDesk, str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Serve a house to which Ada has the key."""
    with house_with_desk(tmp_path_factory.mktemp("house")) as (services, desk):
        app = guarded(services, desk, clock=now)
        enroll(app, desk, now=now())
        with serving(app) as address:
            yield services, desk, address.replace("127.0.0.1", "localhost")


@pytest.fixture
def address(house: House) -> str:
    """Where it is served, by name."""
    return house[2]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a phone's window of its own."""
    context = browser.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


def log_in(page: Page, address: str, name: str = "ada", password: str = PASSWORD) -> None:
    """Log in as a person does."""
    page.goto(f"{address}/login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_from_the_link_to_a_second_factor_and_out_without_a_script(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    with house_with_desk(tmp_path) as (services, desk):
        link = path_of(desk.link(None, now=now()))
        with serving(guarded(services, desk, clock=now, closed=True)) as address:
            page.goto(address)
            shut = page.locator("h1").inner_text()
            page.goto(address + link)
            page.get_by_label("Your name here").fill("Ada")
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_label("Password once more").fill(PASSWORD)
            page.get_by_role("button", name="Keep").click()
            log_in(page, address)
            page.get_by_role("link", name="Account").click()
            app = set_up_app(page)
            page.get_by_role("link", name="Make them now").click()
            page.get_by_role("button", name="Make new codes").click()
            codes = page.locator(".codes li").all_inner_texts()
            page.get_by_role("link", name="Back to your account").click()
            page.get_by_role("button", name="Log out").click()
            log_in(page, address)
            page.get_by_label("Six digits").fill(app.generate().token)
            page.get_by_role("button", name="Log in").click()
            inside = page.url
    context.close()

    assert shut == "This Hipwatch is not set up yet."
    assert len(codes) == 8
    assert inside == f"{address}/"


def set_up_app(page: Page) -> TOTP:
    """Type the key into an app, and the app's code into the page."""
    page.get_by_role("link", name="Set it up").click()
    page.get_by_role("button", name="Set it up").click()
    app = TOTP(key=page.locator("main code").inner_text(), format="base32")
    page.get_by_label("Six digits").fill(app.generate(now() - timedelta(seconds=30)).token)
    page.get_by_role("button", name="Keep").click()
    return app


def test_the_code_to_scan_is_shown_whole_and_dark_on_light(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    log_in(page, address)
    page.goto(f"{address}/account/app")
    page.get_by_role("button", name="Set it up").click()
    picture = page.locator("img.qr")
    ground = picture.evaluate("one => getComputedStyle(one).backgroundColor")

    assert picture.evaluate("one => one.complete && one.naturalWidth > 0")
    assert ground == "rgb(255, 255, 255)"


def test_a_passkey_is_made_and_opens_the_dashboard_alone(page: Page, address: str) -> None:
    seen: list[str] = []
    page.on("console", lambda said: seen.append(said.text) if said.type in {"error", "warning"} else None)
    give_passkeys(page)
    log_in(page, address)
    page.goto(f"{address}/account/passkeys")
    page.get_by_label("A name for it").fill("my phone")
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_text("Kept: the new passkey.").wait_for()
    page.goto(f"{address}/account")
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("link", name="Log in with a passkey").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Use the passkey").click()
    page.wait_for_url(f"{address}/")
    inside = page.get_by_role("link", name="Account").count()
    page.goto(f"{address}/account/passkeys")
    page.get_by_role("button", name="Remove").click()

    assert inside == 1
    assert page.get_by_text("my phone").count() == 0
    assert seen == []


def give_passkeys(page: Page) -> None:
    """Let the browser have a device that keeps passkeys and knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_device_that_refuses_leaves_a_way_out(page: Page, address: str) -> None:
    page.goto(f"{address}/login/passkey")
    page.get_by_role("button", name="Go on").click()
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')) }")
    page.get_by_role("button", name="Use the passkey").click()
    page.get_by_role("alert").filter(has_text="did not work").wait_for()

    assert page.get_by_role("link", name="Log in with your password").is_visible()


def test_by_a_number_the_page_says_that_passkeys_want_a_name(page: Page, address: str) -> None:
    numbered = address.replace("localhost", "127.0.0.1")
    log_in(page, numbered)
    page.goto(f"{numbered}/account/passkeys")

    assert page.get_by_role("button", name="Make a passkey").count() == 0
    assert page.get_by_text("only for a name").is_visible()


def test_the_list_of_browsers_ends_another_one(browser: Browser, page: Page, address: str) -> None:
    other = browser.new_context().new_page()
    log_in(other, address)
    log_in(page, address)
    page.goto(f"{address}/account")
    page.get_by_role("button", name="Log every other one out").click()
    other.goto(address)
    landed = other.url
    other.context.close()

    assert landed == f"{address}/login"
    assert page.get_by_text("this one").count() == 1


def test_the_keyboard_alone_logs_in(page: Page, address: str) -> None:
    page.goto(f"{address}/login")
    page.get_by_label("Name").focus()
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")

    assert page.get_by_role("link", name="Account").count() == 1


@pytest.mark.parametrize("path", [*BEFORE, *BEHIND])
def test_no_page_scrolls_sideways_or_complains(page: Page, address: str, path: str) -> None:
    seen: list[str] = []
    if path in BEHIND:
        log_in(page, address)
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.goto(address + path, wait_until="networkidle")

    assert too_wide(page) == []
    assert [text for text in seen if "404" not in text] == []  # a link that does nothing is not found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*BEFORE, *BEHIND])
def test_nothing_keeps_anybody_out(
    browser: Browser, address: str, path: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    if path in BEHIND:
        log_in(page, address)
    page.goto(address + path)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate("axe.run().then(result => result.violations)")
    context.close()

    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []


def test_a_login_page_is_small_and_asks_for_little(page: Page, address: str) -> None:
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", "0"))))
    page.goto(f"{address}/login", wait_until="networkidle")

    assert len(sizes) <= 10
    assert sum(sizes) <= 100_000
    assert re.search(r"/login$", page.url)
