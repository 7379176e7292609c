"""Accounts in a real browser: from the one-time link to a passkey, on a phone, mostly without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Page

from browser_page import PHONE, OpenPage, Scheme, complaints, judged, named, serving, too_wide, weights
from config.composition.services import Services
from keyboard import followed, passed_over, typed, walked
from login_client import PASSWORD, enroll, guarded, house_with_accounts, path_of
from web.accounts.account_service import AccountService

pytestmark = pytest.mark.browser

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


House = tuple[Services, AccountService, str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Serve a house to which Ada has the key."""
    with house_with_accounts(tmp_path_factory.mktemp("house")) as (services, account_service):
        app = guarded(services, account_service, clock=now)
        enroll(app, account_service, now=now())
        with serving(app) as address:
            yield services, account_service, address.replace("127.0.0.1", "localhost")


@pytest.fixture
def address(house: House) -> str:
    """Where it is served, by name."""
    return house[2]


def log_in(page: Page, address: str, name: str = "ada", password: str = PASSWORD) -> None:
    """Log in as a person does."""
    page.goto(f"{address}/login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_from_the_link_to_a_second_factor_and_out_without_a_script(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(java_script_enabled=False, viewport=PHONE)
    with house_with_accounts(tmp_path) as (services, account_service):
        link = path_of(account_service.link(None, now=now()))
        with serving(guarded(services, account_service, clock=now, closed=True)) as address:
            page.goto(address)
            shut = page.locator("h1").inner_text()
            page.goto(address + link)
            page.get_by_label("Your name here").fill("Ada")
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_label("Password again").fill(PASSWORD)
            page.get_by_role("button", name="Save").click()
            log_in(page, address)
            page.get_by_role("link", name="Account").click()
            app = set_up_app(page)
            page.get_by_role("link", name="Create them now").click()
            page.get_by_role("button", name="Create new codes").click()
            codes = page.locator(".codes li").all_inner_texts()
            page.get_by_role("link", name="Back to your account").click()
            page.get_by_role("button", name="Log out", exact=True).click()
            log_in(page, address)
            page.get_by_label("Six digits").fill(app.generate().token)
            page.get_by_role("button", name="Log in").click()
            inside = page.url

    assert shut == "This Hipwatch isn’t set up yet."
    assert len(codes) == 8
    assert inside == f"{address}/"


def set_up_app(page: Page) -> TOTP:
    """Type the key into an app, and the app's code into the page."""
    page.get_by_role("link", name="Set up").click()
    page.get_by_role("button", name="Set up").click()
    app = TOTP(key=page.locator("main code").inner_text(), format="base32")
    page.get_by_label("Six digits").fill(app.generate(now() - timedelta(seconds=30)).token)
    page.get_by_role("button", name="Save").click()
    return app


def test_the_code_to_scan_is_shown_whole_and_dark_on_light(phone: Page, address: str) -> None:
    phone.emulate_media(color_scheme="dark")
    log_in(phone, address)
    phone.goto(f"{address}/account/app")
    phone.get_by_role("button", name="Set up").click()
    picture = phone.locator("img.qr")
    ground = picture.evaluate("one => getComputedStyle(one).backgroundColor")

    assert picture.evaluate("one => one.complete && one.naturalWidth > 0")
    assert ground == "rgb(255, 255, 255)"


def test_a_passkey_is_made_and_opens_the_dashboard_alone(phone: Page, address: str) -> None:
    seen: list[str] = []
    phone.on("console", lambda said: seen.append(said.text) if said.type in {"error", "warning"} else None)
    give_passkeys(phone)
    log_in(phone, address)
    phone.goto(f"{address}/account/passkeys")
    phone.get_by_label("Name").fill("my phone")
    phone.get_by_role("button", name="Create a passkey").click()
    phone.get_by_role("button", name="Create the passkey").click()
    phone.get_by_text("Passkey saved.").wait_for()
    phone.goto(f"{address}/account")
    phone.get_by_role("button", name="Log out", exact=True).click()
    phone.get_by_role("link", name="Log in with a passkey").click()
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_role("button", name="Use the passkey").click()
    phone.wait_for_url(f"{address}/")
    inside = phone.get_by_role("link", name="Account").count()
    phone.goto(f"{address}/account/passkeys")
    phone.get_by_role("button", name="Remove").click()

    assert inside == 1
    assert phone.get_by_text("my phone").count() == 0
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


def test_a_device_that_refuses_leaves_a_way_out(phone: Page, address: str) -> None:
    phone.goto(f"{address}/login/passkey")
    phone.get_by_role("button", name="Continue").click()
    phone.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')) }")
    phone.get_by_role("button", name="Use the passkey").click()
    phone.get_by_role("alert").filter(has_text="didn’t work").wait_for()

    assert phone.get_by_role("link", name="Log in with your password").is_visible()


def test_by_a_number_the_page_says_that_passkeys_want_a_name(phone: Page, address: str) -> None:
    numbered = address.replace("localhost", "127.0.0.1")
    log_in(phone, numbered)
    phone.goto(f"{numbered}/account/passkeys")

    assert phone.get_by_role("button", name="Create a passkey").count() == 0
    assert phone.get_by_text("only for a host name").is_visible()


def test_the_list_of_browsers_ends_another_one(page: Page, phone: Page, address: str) -> None:
    log_in(page, address)
    log_in(phone, address)
    phone.goto(f"{address}/account")
    phone.get_by_role("button", name="Log out all others").click()
    page.goto(address)

    assert page.url == f"{address}/login"
    assert phone.get_by_text("this one").count() == 1


def test_the_keyboard_alone_sets_a_password_logs_in_and_out(phone: Page, tmp_path: Path) -> None:
    with house_with_accounts(tmp_path) as (services, account_service):
        link = path_of(account_service.link(None, now=now()))
        with serving(guarded(services, account_service, clock=now, closed=True)) as address:
            phone.goto(address + link)
            for name, text in (
                ("Your name", "Ada"),
                ("Password", PASSWORD),
                ("Password again", PASSWORD),
            ):
                typed(phone, name, text)
            followed(phone, "Save")
            phone.goto(f"{address}/login")
            typed(phone, "Name", "ada")
            typed(phone, "Password", PASSWORD)
            with phone.expect_navigation():
                phone.keyboard.press("Enter")
            followed(phone, "Account")
            inside = phone.url
            followed(phone, "Log out")
            phone.goto(address)
            outside = phone.url

    assert inside == f"{address}/account"
    assert outside == f"{address}/login"


@pytest.mark.parametrize("path", [*BEFORE, *BEHIND])
def test_the_tabulator_comes_by_everything_and_leads_out_again(phone: Page, address: str, path: str) -> None:
    if path in BEHIND:
        log_in(phone, address)
        phone.wait_for_url(f"{address}/")
    phone.goto(address + path)
    stops = walked(phone)

    assert passed_over(phone, stops) == []
    assert [stop.html for stop in stops if not stop.is_seen] == []


@pytest.mark.parametrize("path", [*BEFORE, *BEHIND])
def test_no_page_scrolls_sideways_or_complains(phone: Page, address: str, path: str) -> None:
    if path in BEHIND:
        log_in(phone, address)
        phone.wait_for_url(f"{address}/", wait_until="networkidle")
    seen = complaints(phone)
    phone.goto(address + path, wait_until="networkidle")

    assert too_wide(phone) == []
    assert [text for text in seen if "404" not in text] == []  # a link that does nothing is not found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*BEFORE, *BEHIND])
def test_nothing_keeps_anybody_out(open_page: OpenPage, address: str, path: str, scheme: Scheme) -> None:
    page = open_page(color_scheme=scheme)
    if path in BEHIND:
        log_in(page, address)
    page.goto(address + path)

    assert named(judged(page)["violations"]) == []


def test_a_login_page_is_small_and_asks_for_little(phone: Page, address: str) -> None:
    sizes = weights(phone, f"{address}/login")

    assert len(sizes) <= 10
    assert sum(sizes) <= 100_000
    assert re.search(r"/login$", phone.url)
