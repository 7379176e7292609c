"""Passwords, links, codes: each opens once or for whom it is, and guessing takes longer than a life."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP

from app_fixtures import NOW, Clock
from config.composition.services import Services
from dashboard_client import SECRET, send, token_in
from login_client import PASSWORD, enroll, guarded, house_with_accounts, log_in, path_of
from web.accounts.account_service import AccountService, HashCost
from web.accounts.account_store import AccountKind
from web.accounts.one_time_links import LIFETIME
from web.accounts.rate_limit import ACCOUNT_FREE, ADDRESS_FREE, LONGEST_LOCKOUT
from web.app import create_app

House = tuple[Services, AccountService]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_with_accounts(tmp_path) as opened:
        yield opened


@pytest.fixture
def app(house: House, clock: Clock) -> Flask:
    """A dashboard to which Ada has the key."""
    made = guarded(*house, clock=clock)
    enroll(made, house[1])
    return made


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    """Ada's browser, logged in."""
    client = app.test_client()
    log_in(client)
    return client


def guess(app: Flask, times: int, *, name: str = "ada", address: str = "192.0.2.1") -> list[int]:
    """Try wrong passwords, each from a browser of its own."""
    from_there = {"environ_base": {"REMOTE_ADDR": address}}
    return [
        log_in(app.test_client(), name, f"wrong guess {number}", **from_there).status_code
        for number in range(times)
    ]


def hashes(house: House) -> list[str]:
    with house[1].database.reading() as connection:
        return list(connection.exec_driver_sql("SELECT password_hash FROM account").scalars())


def test_passwords_are_kept_as_argon2id_at_the_cost_that_was_chosen(tmp_path: Path) -> None:
    with house_with_accounts(tmp_path) as (services, cheap):
        account_service = AccountService(cheap.database, cheap.runner_id, SECRET, cheap.address)
        enroll(guarded(services, account_service), account_service)
        kept = hashes((services, account_service))

    assert account_service.cost == HashCost(65_536, 3)
    assert kept[0].startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_a_hash_is_made_anew_at_a_login_when_its_cost_has_changed(house: House) -> None:
    services, cheap = house
    enroll(guarded(services, cheap), cheap)
    before = hashes(house)
    dearer = AccountService(cheap.database, cheap.runner_id, SECRET, cheap.address, 0, HashCost(128, 2))
    log_in(guarded(services, dearer).test_client())

    assert "m=64,t=1" in before[0]
    assert "m=128,t=2" in hashes(house)[0]


def test_guessing_an_account_has_to_wait(app: Flask) -> None:
    assert guess(app, ACCOUNT_FREE + 2) == [200] * ACCOUNT_FREE + [429, 429]


def test_the_right_password_waits_as_long(app: Flask, clock: Clock) -> None:
    guess(app, ACCOUNT_FREE)
    early = log_in(app.test_client())
    clock.now += timedelta(seconds=31)

    assert (early.status_code, early.headers["Retry-After"]) == (429, "30")
    assert "Try again in 30 seconds" in early.text
    assert log_in(app.test_client()).location == "/"


def test_a_stranger_s_guesses_do_not_keep_whoever_is_logged_in_from_confirming(
    app: Flask, ada: FlaskClient
) -> None:
    guess(app, ACCOUNT_FREE + 1)
    answer = send(ada, "/account/confirm", "/account/confirm", {"password": PASSWORD})

    assert answer.status_code == 302


def test_a_stranger_s_guesses_do_not_lock_a_browser_out_that_was_logged_in_before(
    app: Flask, ada: FlaskClient
) -> None:
    send(ada, "/account", "/logout", {})
    guess(app, ACCOUNT_FREE + 1)

    assert log_in(app.test_client()).status_code == 429
    assert log_in(ada).location == "/"


def test_a_browser_that_is_known_has_to_wait_for_its_own_guesses(app: Flask, ada: FlaskClient) -> None:
    send(ada, "/account", "/logout", {})
    statuses = [log_in(ada, password=f"wrong guess {number}").status_code for number in range(6)]

    assert statuses == [200] * ACCOUNT_FREE + [429]
    assert log_in(app.test_client()).location == "/"


@pytest.mark.parametrize("planted", ["", "x", "WzEsInguIl0.forged", None])
def test_only_the_account_s_own_browsers_are_known(app: Flask, house: House, planted: str | None) -> None:
    enroll(app, house[1], "bo", kind=AccountKind.PHYSIOTHERAPIST)
    log_in(bo := app.test_client(), "bo")
    send(bo, "/account", "/logout", {})
    if planted is not None:
        bo.set_cookie("hipwatch-known", planted)
    guess(app, ACCOUNT_FREE)

    assert log_in(bo).status_code == 429


def test_the_cookie_of_a_known_browser_opens_nothing(app: Flask, ada: FlaskClient) -> None:
    known = ada.get_cookie("hipwatch-known")
    assert known
    thief = app.test_client()
    thief.set_cookie("hipwatch-known", known.value)

    assert (known.http_only, thief.get("/").status_code) == (True, 302)


def test_guessing_in_a_stolen_session_has_to_wait_too(ada: FlaskClient) -> None:
    wrong = {"password": "guessed wrongly"}
    statuses = [send(ada, "/account/confirm", "/account/confirm", wrong).status_code for _ in range(6)]

    assert statuses == [200] * ACCOUNT_FREE + [429]


def test_the_wait_grows_up_to_a_quarter_of_an_hour(app: Flask, clock: Clock) -> None:
    guess(app, ACCOUNT_FREE)
    waits = []
    for _ in range(8):
        refused = log_in(app.test_client(), password="wrong again")
        waits.append(int(refused.headers["Retry-After"]))
        clock.now += timedelta(seconds=waits[-1])
        guess(app, 1)

    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    assert max(waits) == LONGEST_LOCKOUT.total_seconds()


def test_an_address_that_tries_many_names_has_to_wait(app: Flask) -> None:
    statuses = [guess(app, 1, name=f"name{number}")[0] for number in range(ADDRESS_FREE + 1)]

    assert statuses == [200] * ADDRESS_FREE + [429]
    assert log_in(app.test_client(), environ_base={"REMOTE_ADDR": "192.0.2.2"}).location == "/"


def test_a_household_of_ipv6_counts_as_one_address(app: Flask) -> None:
    statuses = [
        guess(app, 1, name=f"name{number}", address=f"2001:db8:1:2::{number:x}")[0]
        for number in range(ADDRESS_FREE + 1)
    ]

    assert statuses[-1] == 429


def test_a_restart_forgives_no_guess(app: Flask, house: House, clock: Clock) -> None:
    guess(app, ACCOUNT_FREE)

    assert log_in(guarded(*house, clock=clock).test_client()).status_code == 429


def test_a_day_forgives_them_all(app: Flask, clock: Clock) -> None:
    guess(app, ACCOUNT_FREE)
    clock.now += timedelta(days=1, minutes=16)

    assert guess(app, ACCOUNT_FREE) == [200] * ACCOUNT_FREE


def test_logging_in_clears_what_was_mistyped(app: Flask) -> None:
    guess(app, ACCOUNT_FREE - 1)
    log_in(app.test_client())

    assert guess(app, ACCOUNT_FREE) == [200] * ACCOUNT_FREE


def test_what_was_typed_as_a_name_is_not_kept(app: Flask, house: House) -> None:
    guess(app, 1, name="my password by mistake")
    with house[1].database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT subject FROM login_attempt").scalars().all()

    assert len(kept) == 2
    assert all(re.fullmatch(r"[0-9a-f]{64}", subject) for subject in kept)


def test_an_unknown_name_is_answered_like_a_wrong_password(app: Flask) -> None:
    known, unknown = (log_in(app.test_client(), name, "wrong guess") for name in ("ada", "eve"))

    assert bare(known.text, "ada") == bare(unknown.text, "eve")
    assert known.status_code == unknown.status_code


def bare(page: str, name: str) -> str:
    """A page without what differs by browser."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page).replace(f'value="{name}"', "")


def test_a_refused_login_says_so_and_nothing_more(app: Flask) -> None:
    page = log_in(app.test_client(), password="wrong guess").text

    assert page.count("Wrong name or password.") == 1
    assert "wrong guess" not in page


def test_a_refusal_speaks_the_visitors_language(app: Flask) -> None:
    german = {"headers": {"Accept-Language": "de"}}
    page = log_in(app.test_client(), password="wrong guess", **german).text

    assert "Wrong name or password." not in page
    assert "gehören nicht zusammen" in page


def test_an_unknown_name_costs_a_hash_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    context = app.extensions["security"].pwd_context
    looked: list[str] = []
    verify, make = context.verify, context.hash
    monkeypatch.setattr(context, "verify", lambda *a, **k: looked.append("verify") or verify(*a, **k))
    monkeypatch.setattr(context, "hash", lambda *a, **k: looked.append("hash") or make(*a, **k))
    log_in(app.test_client(), "eve", "wrong guess")
    log_in(app.test_client(), "ada", "wrong guess")

    assert looked == ["hash", "verify"]


def test_an_account_without_a_password_yet_cannot_be_opened(app: Flask, house: House) -> None:
    house[1].register.add("bo", AccountKind.PHYSIOTHERAPIST, now=NOW)

    assert log_in(app.test_client(), "bo", PASSWORD).status_code == 200


def test_a_link_works_once(app: Flask, house: House) -> None:
    path = path_of(house[1].link(1, now=NOW))
    form = {"password": PASSWORD, "again": PASSWORD}
    first = send(app.test_client(), path, path, form)
    page = app.test_client().get(path)
    client = app.test_client()
    token = token_in(client.get("/login").text)
    second = client.post(path, data={"csrf_token": token, **form})

    assert (first.status_code, page.status_code, second.status_code) == (303, 404, 404)


def test_looking_at_a_link_uses_nothing_up(app: Flask, house: House) -> None:
    path = path_of(house[1].link(1, now=NOW))

    assert [app.test_client().get(path).status_code for _ in range(3)] == [200, 200, 200]


def test_a_link_expires(app: Flask, house: House, clock: Clock) -> None:
    path = path_of(house[1].link(1, now=NOW))
    clock.now += LIFETIME - timedelta(seconds=1)
    still = app.test_client().get(path).status_code
    clock.now += timedelta(seconds=1)

    assert (still, app.test_client().get(path).status_code) == (200, 404)


def test_a_newer_link_ends_the_older(app: Flask, house: House) -> None:
    older, newer = (path_of(house[1].link(1, now=NOW)) for _ in range(2))

    assert [app.test_client().get(path).status_code for path in (older, newer)] == [404, 200]


def test_the_first_account_s_link_does_nothing_once_there_is_an_administrator(house: House) -> None:
    services, account_service = house
    path = path_of(account_service.link(None, now=NOW))
    app = guarded(services, account_service)
    account_service.register.add("ada", AccountKind.ADMINISTRATOR, now=NOW)

    assert app.test_client().get(path).status_code == 404


def test_of_a_link_only_a_digest_is_kept(house: House) -> None:
    token = house[1].link(None, now=NOW).rpartition("/")[2]
    with house[1].database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM account_ticket").all()

    assert token not in repr(kept)
    assert len(token) >= 43


def test_a_link_ends_the_browsers_that_were_logged_in(app: Flask, ada: FlaskClient, house: House) -> None:
    path = path_of(house[1].link(1, now=NOW))
    send(app.test_client(), path, path, {"password": "a new long phrase", "again": "a new long phrase"})

    assert ada.get("/").status_code == 302


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "at least 10"),
        ("x" * 129, "x" * 129, "at most 128"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "one pattern"),
        ("qwertyuiopqwe", "qwertyuiopqwe", "one pattern"),
        ("9876543210", "9876543210", "one pattern"),
        ("Password123!", "Password123!", "first passwords anyone would guess"),
        ("adaadahipwatch1", "adaadahipwatch1", "first passwords anyone would guess"),
        ("three green herons", "three green heron", "don’t match"),
    ],
)
def test_a_password_that_is_too_easy_is_refused_with_a_reason(
    app: Flask, house: House, password: str, again: str, said: str
) -> None:
    path = path_of(house[1].link(1, now=NOW))
    answer = send(app.test_client(), path, path, {"password": password, "again": again})

    assert answer.status_code == 400
    assert said in answer.text
    assert password not in answer.text


def test_a_password_means_the_same_however_its_letters_are_composed(app: Flask, house: House) -> None:
    path = path_of(house[1].link(1, now=NOW))
    typed = "caf\u00e9 under the bridge"
    send(app.test_client(), path, path, {"password": typed, "again": typed})

    assert log_in(app.test_client(), password="cafe\u0301 under the bridge").location == "/"


def set_up_app(client: FlaskClient) -> TOTP:
    """Set an authenticator app up as its owner would, a while ago, so that the current code is unused."""
    page = send(client, "/account/app", "/account/app", {"setup": "authenticator"}).text
    key = re.search(r"<code>([A-Z2-7-]+)</code>", page)
    action = re.search(r'action="(/account/app/[^"]+)"', page)
    assert key
    assert action
    app = TOTP(key=key[1], format="base32")
    for _ in range(2):  # a half-minute may end between making a code and sending it
        code = app.generate(datetime.now(UTC) - timedelta(seconds=30)).token
        done = client.post(action[1], data={"csrf_token": token_in(page), "code": code})
        if done.location:
            break
    assert done.location == "/account"
    return app


def test_a_second_factor_is_asked_for_once_it_is_set(app: Flask, ada: FlaskClient) -> None:
    authenticator = set_up_app(ada)
    client = app.test_client()
    halfway = log_in(client)
    before = client.get("/").location
    done = send(client, "/login/code", "/login/code", {"code": authenticator.generate().token})

    assert (halfway.location or "").startswith("/login/code")
    assert (before, done.status_code, client.get("/").status_code) == ("/login", 302, 200)


def test_a_code_is_taken_once(app: Flask, ada: FlaskClient) -> None:
    code = set_up_app(ada).generate().token
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        log_in(client)
        send(client, "/login/code", "/login/code", {"code": code})

    assert (first.get("/").status_code, second.get("/").status_code) == (200, 302)


def test_guessing_codes_has_to_wait_in_every_browser(app: Flask, ada: FlaskClient) -> None:
    set_up_app(ada)
    statuses = []
    for _ in range(ACCOUNT_FREE + 1):
        client = app.test_client()
        log_in(client)
        statuses.append(send(client, "/login/code", "/login/code", {"code": "000000"}).status_code)

    assert statuses == [200] * ACCOUNT_FREE + [429]


def test_a_one_time_link_does_not_get_around_the_second_factor(
    app: Flask, ada: FlaskClient, house: House
) -> None:
    set_up_app(ada)
    path = path_of(house[1].link(1, now=NOW))
    client = app.test_client()
    send(client, path, path, {"password": "a new long phrase", "again": "a new long phrase"})

    assert client.get("/").status_code == 302
    assert (log_in(client, password="a new long phrase").location or "").startswith("/login/code")


def test_a_recovery_code_stands_in_once_for_the_app(app: Flask, ada: FlaskClient, house: House) -> None:
    set_up_app(ada)
    codes = re.findall(
        r"<li><code>([^<]+)</code>",
        send(ada, "/account/recovery-codes", "/account/recovery-codes", {}).text,
    )
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        log_in(client)
        send(client, "/login/recovery", "/login/recovery", {"code": f" {codes[3].upper()} "})

    assert (first.get("/").status_code, second.get("/").status_code) == (200, 302)
    assert house[1].register.find("ada").recovery_codes_left == len(codes) - 1 == 7


def test_recovery_codes_are_shown_once_and_kept_as_digests(ada: FlaskClient, house: House) -> None:
    set_up_app(ada)
    made = send(ada, "/account/recovery-codes", "/account/recovery-codes", {}).text
    code = re.findall(r"<li><code>([^<]+)</code>", made)[0]
    with house[1].database.reading() as connection:
        kept = repr(connection.exec_driver_sql("SELECT * FROM account").all())

    assert code not in ada.get("/account/recovery-codes?show_codes=1").text
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_the_key_of_the_app_is_not_kept_plainly(ada: FlaskClient, house: House) -> None:
    key = set_up_app(ada).base32_key
    with house[1].database.reading() as connection:
        kept = repr(connection.exec_driver_sql("SELECT * FROM account").all())

    assert key not in kept


def test_without_the_app_a_login_asks_for_no_code_and_its_codes_are_gone(
    app: Flask, ada: FlaskClient, house: House
) -> None:
    set_up_app(ada)
    send(ada, "/account/recovery-codes", "/account/recovery-codes", {})
    send(ada, "/account/app", "/account/app", {"setup": "disable"})

    assert log_in(app.test_client()).location == "/"
    assert house[1].register.find("ada").recovery_codes_left == 0


def test_taking_the_second_factor_away_ends_every_browser(app: Flask, ada: FlaskClient, house: House) -> None:
    set_up_app(ada)
    house[1].register.forget_second_factor(house[1].register.find("ada"))

    assert ada.get("/").status_code == 302
    assert log_in(app.test_client()).location == "/"


@pytest.mark.parametrize("path", ["/account/app", "/account/passkeys", "/account/recovery-codes"])
def test_what_is_grave_wants_the_password_once_more(ada: FlaskClient, path: str) -> None:
    with ada.session_transaction() as session:
        session["fs_paa"] = time.time() - 16 * 60
        session.pop("fs_gexp", None)
    asked = ada.get(path)
    wrong = send(ada, "/account/confirm", "/account/confirm", {"password": "guessed wrongly"})
    still = ada.get(path)
    right = send(ada, asked.location or "", "/account/confirm", {"password": PASSWORD, "next": path})

    assert (asked.location or "").startswith("/account/confirm")
    assert (wrong.status_code, still.status_code, right.location) == (200, 302, path)
    assert ada.get(path).status_code == 200


def test_the_challenge_of_a_login_registers_no_passkey(app: Flask, ada: FlaskClient) -> None:
    asked = send(app.test_client(), "/login", "/login/passkey", {}).text
    challenge = re.search(r'action="/login/passkey/([^"?]+)', asked)
    assert challenge
    answer = send(ada, "/account/passkeys", f"/account/passkeys/{challenge[1]}", {"credential": "{}"})

    assert answer.status_code == 400


def test_a_dashboard_without_accounts_does_not_load_what_they_need(house: House) -> None:
    app = create_app(house[0].dashboard, clock=lambda: NOW, care_service=house[0].care_service, secret=SECRET)

    assert "security" not in app.extensions
