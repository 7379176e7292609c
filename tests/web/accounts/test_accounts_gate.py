"""What stands in front of every page: nothing is open that is not named, and nobody stays who was put out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app_fixtures import NOW
from config.composition.services import Services
from dashboard_client import raise_flag, send, token_in
from login_client import PASSWORD, enroll, guarded, house_with_accounts, log_in, path_of
from web.accounts.access_control import LOGIN, PUBLIC, UNUSED, upload_check
from web.accounts.account_service import AccountService
from web.accounts.account_store import AccountKind
from web.accounts.login_sessions import IDLE, LONGEST

House = tuple[Services, AccountService]

VALUES = {"path": "x", "int": "1", "default": "x", "string": "x"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_with_accounts(tmp_path) as opened:
        yield opened


@pytest.fixture
def app(house: House) -> Flask:
    """A dashboard to which Ada has the key."""
    made = guarded(*house)
    enroll(made, house[1])
    return made


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    """Ada's browser, logged in."""
    client = app.test_client()
    log_in(client)
    return client


def filled(rule: Rule) -> str:
    """The address of a route, with something in every place."""
    return re.sub(r"<(?:(\w+)[^:>]*:)?\w+>", lambda found: VALUES.get(found[1] or "default", "x"), rule.rule)


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Every route as endpoint, method and address."""
    return [
        (rule.endpoint, method, filled(rule))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"OPTIONS"})
    ]


def test_no_route_answers_a_stranger_unless_it_is_named(app: Flask) -> None:
    answered = {
        (endpoint, method)
        for endpoint, method, path in routes(app)
        if endpoint not in PUBLIC | LOGIN | UNUSED and not is_turned_away(app, method, path)
    }

    assert answered == set()


def is_turned_away(app: Flask, method: str, path: str) -> bool:
    answer = app.test_client().open(path, method=method)
    if method in {"GET", "HEAD"}:
        return answer.status_code == 302 and (answer.location or "").startswith("/login")
    return answer.status_code == 401


def test_what_is_named_as_open_is_there(app: Flask, house: House) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert (LOGIN | UNUSED | PUBLIC) - known == {
        "answers.ask",
        "answers.act",
        "answers.hurts",
        "answers.report",
    }
    assert house[0].answer_service is None  # no letter of this house holds anything to press


def test_no_open_page_tells_a_stranger_anything(app: Flask, house: House) -> None:
    raise_flag(house[0])
    told = {
        path
        for endpoint, method, path in routes(app)
        if method == "GET" and endpoint in PUBLIC | LOGIN
        for text in [app.test_client().get(path, follow_redirects=True).text]
        if re.search(r"Ada|groin|examined|href=\"/pain|class=\"pages\"", text)
    }

    assert told == set()


def test_the_unused_pages_of_flask_security_are_not_there(app: Flask, ada: FlaskClient) -> None:
    found = [path for endpoint, _, path in routes(app) if endpoint in UNUSED]

    assert found
    assert {ada.get(path).status_code for path in found} | {ada.post(path).status_code for path in found} == {
        404
    }


def test_an_address_that_is_not_there_is_turned_away_too(app: Flask) -> None:
    assert app.test_client().get("/nothing-here").location == "/login?next=/nothing-here"


def test_a_stranger_hears_one_word_of_the_health(app: Flask) -> None:
    assert set(json.loads(app.test_client().get("/healthz").text)) == {"status"}


def test_the_runner_hears_all_of_it(ada: FlaskClient) -> None:
    assert "mail_queued" in json.loads(ada.get("/healthz").text)


def test_without_an_account_the_machine_s_owner_needs_no_login(house: House) -> None:
    client = guarded(*house).test_client()

    assert [client.get(path).status_code for path in ("/", "/pain", "/healthz")] == [200, 200, 200]
    assert [client.get(path).location for path in ("/login", "/account")] == ["/", "/"]
    assert "/account" not in client.get("/").text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via", "X-Forwarded-Host"])
def test_without_an_account_nothing_opens_to_what_a_proxy_hands_on(house: House, header: str) -> None:
    client = guarded(*house).test_client()
    passed = {header: "localhost"}

    assert [client.get(path, headers=passed).status_code for path in ("/", "/pain", "/login")] == [403] * 3
    assert set(json.loads(client.get("/healthz", headers=passed).text)) == {"status"}


def judged(
    app: Flask, account_service: AccountService, client: FlaskClient, path: str = "/files", **headers: str
) -> bool:
    """Whether this browser may bring an archive to that path."""
    cookie = client.get_cookie("hipwatch")
    sent_along = headers | ({"COOKIE": f"hipwatch={cookie.value}"} if cookie else {})
    return upload_check(app, account_service, lambda: NOW)("POST", path, sent_along)


def test_only_whoever_may_hand_files_over_may_send_much(app: Flask, ada: FlaskClient, house: House) -> None:
    enroll(app, house[1], "bo", kind=AccountKind.PHYSIOTHERAPIST)
    log_in(bo := app.test_client(), "bo")
    stranger = app.test_client()
    stranger.get("/login")

    assert [judged(app, house[1], one) for one in (ada, bo, stranger)] == [True, False, False]


def test_what_is_sent_elsewhere_or_from_elsewhere_may_not_be_much(
    app: Flask, ada: FlaskClient, house: House
) -> None:
    assert not judged(app, house[1], ada, "/pain")
    assert not judged(app, house[1], ada, SEC_FETCH_SITE="cross-site")
    assert judged(app, house[1], ada, SEC_FETCH_SITE="same-origin")


def test_without_an_account_only_this_machine_may_send_much(house: House) -> None:
    services, account_service = house
    app, closed = guarded(services, account_service), guarded(services, account_service, closed=True)

    assert judged(app, account_service, app.test_client())
    assert not judged(app, account_service, app.test_client(), X_FORWARDED_FOR="192.0.2.1")
    assert not judged(closed, account_service, closed.test_client())


@pytest.mark.parametrize("path", ["/", "/training", "/findings", "/account", "/physio"])
def test_where_one_logs_in_a_browser_keeps_nothing(ada: FlaskClient, path: str) -> None:
    answers = [ada.get(path) for _ in range(3)]

    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_an_account_made_while_it_runs_closes_the_dashboard(house: House) -> None:
    client = guarded(*house).test_client()
    before = client.get("/").status_code
    house[1].register.add("ada", AccountKind.ADMINISTRATOR, now=NOW)

    assert (before, client.get("/").status_code) == (200, 302)


def test_an_account_made_by_another_process_closes_it_too(tmp_path: Path) -> None:
    with house_with_accounts(tmp_path) as house, house_with_accounts(tmp_path) as (_, other):
        client = guarded(*house).test_client()
        before = client.get("/").status_code
        other.register.add("ada", AccountKind.ADMINISTRATOR, now=NOW)
        after = client.get("/")

    assert (before, after.status_code, after.location) == (200, 302, "/login")


def test_a_dashboard_that_was_closed_does_not_open_by_losing_its_accounts(app: Flask, house: House) -> None:
    app.test_client().get("/")
    house[1].register.remove(house[1].register.find("ada"))

    assert app.test_client().get("/").status_code == 403


def test_before_the_first_account_only_its_link_is_answered(house: House) -> None:
    services, account_service = house
    app = guarded(services, account_service, closed=True)
    path = path_of(account_service.link(None, now=NOW))
    answers = {
        (endpoint, app.test_client().open(where, method=method).status_code)
        for endpoint, method, where in routes(app)
        if endpoint not in PUBLIC | UNUSED
    }

    assert {status for _, status in answers} == {403}
    assert app.test_client().get(path).status_code == 200


def test_the_first_administrator_is_made_by_the_link(house: House) -> None:
    services, account_service = house
    app = guarded(services, account_service, closed=True)
    path = path_of(account_service.link(None, now=NOW))
    form = {"name": "Ada", "password": PASSWORD, "again": PASSWORD}
    made = send(app.test_client(), path, path, form)

    assert made.location == "/login"
    assert [(one.name, one.kind) for one in account_service.register.all()] == [
        ("ada", AccountKind.ADMINISTRATOR)
    ]
    assert log_in(app.test_client()).location == "/"


def test_a_login_leads_back_to_where_one_came_from(app: Flask) -> None:
    client = app.test_client()
    asked = client.get("/pain?x=1").location
    assert asked is not None
    form = {"username": "ada", "password": PASSWORD, "next": "/pain?x=1"}

    assert asked == "/login?next=/pain?x%3D1"
    assert send(client, asked, "/login", form).location == "/pain?x=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
    ],
)
def test_a_login_leads_to_no_other_site(app: Flask, elsewhere: str) -> None:
    client = app.test_client()
    form = {"username": "ada", "password": PASSWORD, "next": elsewhere}
    answer = send(client, "/login", "/login", form)

    there = answer.location or "/"
    assert urljoin("http://localhost/", there).startswith("http://localhost/")
    assert "\\" not in there


def test_a_login_begins_a_new_session(app: Flask) -> None:
    client = app.test_client()
    client.get("/login")
    with client.session_transaction() as before:
        planted = dict(before)
    log_in(client)
    with client.session_transaction() as after:
        fresh = dict(after)
    log_in(other := app.test_client())
    with other.session_transaction() as second:
        again = second["visit"]

    assert "visit" not in planted
    assert fresh.get("csrf_token") != planted["csrf_token"]
    assert fresh["visit"] != again


def test_a_cookie_planted_before_the_login_opens_nothing_after_it(app: Flask) -> None:
    victim, attacker = app.test_client(), app.test_client()
    victim.get("/login")
    planted = victim.get_cookie("hipwatch")
    assert planted
    log_in(victim)
    attacker.set_cookie("hipwatch", planted.value)

    assert (victim.get("/").status_code, attacker.get("/").status_code) == (200, 302)


def test_after_logging_out_the_old_cookie_opens_nothing(app: Flask, ada: FlaskClient) -> None:
    cookie = ada.get_cookie("hipwatch")
    assert cookie
    left = send(ada, "/account", "/logout", {})
    thief = app.test_client()
    thief.set_cookie("hipwatch", cookie.value)

    assert (left.location, left.headers["Clear-Site-Data"]) == ("/login", '"cache"')
    assert thief.get("/").status_code == 302


def test_a_browser_that_was_ended_is_out_at_once(app: Flask, ada: FlaskClient) -> None:
    log_in(other := app.test_client())
    before = other.get("/").status_code
    number = re.search(r"/account/visits/(\d+)/end", ada.get("/account").text)
    assert number
    send(ada, "/account", number[0], {})

    assert (before, other.get("/").status_code, ada.get("/").status_code) == (200, 302, 200)


def test_every_other_browser_can_be_ended_at_once(app: Flask, ada: FlaskClient) -> None:
    others = [app.test_client() for _ in range(3)]
    for other in others:
        log_in(other)
    send(ada, "/account", "/account/visits/end", {})

    assert [other.get("/").status_code for other in others] == [302, 302, 302]
    assert ada.get("/").status_code == 200


def test_nobody_ends_the_browser_of_another_account(app: Flask, ada: FlaskClient, house: House) -> None:
    enroll(app, house[1], "bo", kind=AccountKind.PHYSIOTHERAPIST)
    log_in(bo := app.test_client(), "bo")
    adas = house[1].login_sessions.of(house[1].register.find("ada").id)[0].id
    send(bo, "/account", f"/account/visits/{adas}/end", {})

    assert ada.get("/").status_code == 200


@pytest.mark.parametrize("gone", [IDLE, LONGEST])
def test_a_visit_ends_by_itself(house: House, gone: timedelta) -> None:
    times = [NOW]
    app = guarded(*house, clock=lambda: times[-1])
    enroll(app, house[1])
    log_in(client := app.test_client())
    step = timedelta(days=7) if gone == LONGEST else gone
    statuses = [look(client, times, step) for _ in range(gone // step + 1)]

    assert statuses[-1] == 302
    assert all(status == 200 for status in statuses[:-2])


def look(client: FlaskClient, times: list[datetime], step: timedelta) -> int:
    """Let time pass and look again."""
    times.append(times[-1] + step)
    return client.get("/").status_code


def test_a_new_password_ends_every_other_browser(app: Flask, ada: FlaskClient) -> None:
    log_in(other := app.test_client())
    new = "seven slow trams at night"
    form = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    changed = send(ada, "/account/password", "/account/password", form)

    assert changed.location == "/account"
    assert (ada.get("/").status_code, other.get("/").status_code) == (200, 302)
    assert log_in(app.test_client(), password=PASSWORD).status_code == 200
    assert log_in(app.test_client(), password=new).location == "/"


def test_a_new_password_wants_the_old_one(app: Flask, ada: FlaskClient) -> None:
    new = "seven slow trams at night"
    form = {"password": "guessed wrongly", "new_password": new, "new_password_confirm": new}
    send(ada, "/account/password", "/account/password", form)

    assert log_in(app.test_client()).location == "/"


def test_a_reset_ends_password_and_browsers_at_once(app: Flask, ada: FlaskClient, house: House) -> None:
    house[1].register.forget_password(house[1].register.find("ada"))

    assert ada.get("/").status_code == 302
    assert log_in(app.test_client()).status_code == 200


def test_a_cookie_of_another_runner_s_account_opens_nothing(
    app: Flask, ada: FlaskClient, house: House
) -> None:
    with house[1].database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO runner (id, created_at) VALUES (2, '2026-05-01 00:00:00')")
        connection.exec_driver_sql("UPDATE account SET runner_id = 2")
        connection.exec_driver_sql(
            "INSERT INTO account (runner_id, name, kind, uniquifier, passkey_handle, created_at)"
            " VALUES (1, 'cy', 'administrator', 'u', 'h', '2026-05-01 00:00:00')"
        )

    assert ada.get("/").status_code == 302
    assert log_in(app.test_client()).status_code == 200


def test_the_physiotherapist_sees_one_page_and_their_account(app: Flask, house: House) -> None:
    enroll(app, house[1], "bo", kind=AccountKind.PHYSIOTHERAPIST)
    log_in(bo := app.test_client(), "bo")
    home = bo.get("/").location
    opened = {
        path
        for endpoint, method, path in routes(app)
        if method == "GET" and endpoint not in PUBLIC | UNUSED and bo.get(path).status_code == 200
    }

    assert home == "/physio"
    assert opened == {
        "/physio",
        "/physio.pdf",
        "/account",
        "/account/app",
        "/account/confirm",
        "/account/confirm/passkey",
        "/account/passkeys",
        "/account/password",
        "/account/recovery-codes",
    }


def test_the_physiotherapist_changes_nothing_of_the_runner_s(app: Flask, house: House) -> None:
    enroll(app, house[1], "bo", kind=AccountKind.PHYSIOTHERAPIST)
    log_in(bo := app.test_client(), "bo")
    token = token_in(bo.get("/account").text)
    taken = {
        path: status
        for endpoint, method, path in routes(app)
        if method == "POST" and endpoint.partition(".")[0] not in {"security", "account", "answers"}
        for status in [bo.post(path, data={"csrf_token": token}).status_code]
        if status != 403
    }

    assert taken == {}


def test_what_the_runner_hides_the_physiotherapist_cannot_ask_for(app: Flask, house: House) -> None:
    enroll(app, house[1], "bo", kind=AccountKind.PHYSIOTHERAPIST, hides=("notes", "red_flags"))
    raise_flag(house[0])
    log_in(bo := app.test_client(), "bo")
    log_in(ada := app.test_client())
    asked = "/physio?chosen=1&show=red_flags&show=pain"

    assert "night" in ada.get(asked).text
    assert "night" not in bo.get(asked).text


def test_every_form_behind_the_login_wants_its_token(app: Flask, ada: FlaskClient) -> None:
    taken = {
        path: status
        for endpoint, method, path in routes(app)
        if method == "POST" and endpoint not in PUBLIC | UNUSED | LOGIN
        for status in [ada.post(path).status_code]
        if status != 400
    }

    assert taken == {}


def test_the_login_itself_wants_a_token(app: Flask) -> None:
    answer = app.test_client().post("/login", data={"username": "ada", "password": PASSWORD})

    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/logout", "/account/visits/end", "/account/password"])
def test_what_another_site_sends_is_refused(ada: FlaskClient, path: str) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}

    assert send(ada, "/account", path, {}, headers=headers).status_code == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    cookie = log_in(app.test_client()).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # it is plain HTTP here


def test_behind_https_the_cookie_never_leaves_it(tmp_path: Path) -> None:
    with house_with_accounts(tmp_path, address="https://runs.example.org") as (services, account_service):
        app = guarded(services, account_service, hosts=("runs.example.org",))
        answer = app.test_client().get("https://runs.example.org/login")
        account_service.register.add("ada", AccountKind.ADMINISTRATOR, now=NOW)
        answer = app.test_client().get("https://runs.example.org/login")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-hipwatch=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_a_proxy_is_believed_only_where_one_is_set(tmp_path: Path) -> None:
    seen = []
    for proxies in (0, 1):
        with house_with_accounts(tmp_path / str(proxies), proxies=proxies) as (services, account_service):
            app = guarded(services, account_service)
            enroll(app, account_service)
            client = app.test_client()
            log_in(client, headers={"X-Forwarded-For": "203.0.113.7"})
            seen.append(account_service.login_sessions.of(account_service.register.find("ada").id)[0].address)

    assert seen == ["127.0.0.1", "203.0.113.7"]


def test_a_forwarded_name_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    with house_with_accounts(tmp_path, proxies=1) as (services, account_service):
        client = guarded(services, account_service).test_client()

        assert client.get("/", headers={"X-Forwarded-Host": "evil.example"}).status_code == 400


def test_every_page_of_an_account_carries_the_strict_policy(app: Flask, ada: FlaskClient) -> None:
    stranger = app.test_client()
    answers = [ada.get("/account"), ada.get("/account/passkeys"), stranger.get("/login"), stranger.get("/x")]

    assert {"unsafe" in answer.headers["Content-Security-Policy"] for answer in answers} == {False}
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
