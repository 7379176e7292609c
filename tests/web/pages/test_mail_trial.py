"""The button for a trial letter: each step and the server's own words, to the runner's own address alone."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app_fixtures import (
    NOW,
    Clock,
    RecordingMailer,
    days_before,
    lay_into,
    open_house,
    ordinary_run,
    steady_weeks,
)
from config.composition.services import Services
from smtp_server import Postbox, serving
from web.app import create_app

TRIAL = "/settings/mail/trial"
RETRY = "/settings/mail/retry"
LONG_RUN = ordinary_run(days_before(1), distance_m=14_000.0, duration_s=2_700)


@pytest.fixture
def mailer() -> RecordingMailer:
    return RecordingMailer()


@pytest.fixture
def house(tmp_path: Path, mailer: RecordingMailer) -> Iterator[Services]:
    with open_house(tmp_path / "home", mailer=mailer) as services:
        yield services


def browse(services: Services, clock: Clock | None = None) -> FlaskClient:
    app = create_app(
        services.dashboard, clock=clock or Clock(), care_service=services.care_service, secret=b"x" * 32
    )
    return app.test_client()


def press(
    client: FlaskClient, where: str = TRIAL, *, follow_redirects: bool = False, **more: str
) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/files").get_data(as_text=True))
    assert found is not None
    form = {"csrf_token": found[1], **more}
    return client.post(where, data=form, follow_redirects=follow_redirects)


def test_the_button_stands_beside_the_state_of_mail(house: Services) -> None:
    page = browse(house).get("/").get_data(as_text=True)

    assert f'action="{TRIAL}"' in page.partition('id="services"')[2]


def test_where_mail_is_off_there_is_no_button(tmp_path: Path) -> None:
    with open_house(tmp_path, mail={"enabled": False}) as services:
        page = browse(services).get("/").get_data(as_text=True)

    assert TRIAL not in page


def test_it_goes_to_the_runners_own_address_whatever_is_sent(
    house: Services, mailer: RecordingMailer
) -> None:
    answer = press(browse(house), to="eve@example.org", address="eve@example.org")

    assert answer.status_code == 200
    assert [email["To"] for email in mailer.emails] == ["ada@example.org"]


def test_within_a_minute_no_second_letter_leaves(house: Services, mailer: RecordingMailer) -> None:
    clock = Clock()
    client = browse(house, clock)
    statuses = []
    for seconds in (0, 59, 61):
        clock.now = NOW + timedelta(seconds=seconds)
        statuses.append(press(client).status_code)

    assert (statuses, len(mailer.emails)) == ([200, 429, 200], 2)


def test_without_a_token_nothing_leaves(house: Services, mailer: RecordingMailer) -> None:
    answer = browse(house).post(TRIAL)

    assert (answer.status_code, mailer.emails) == (400, [])


def test_looking_at_the_address_sends_nothing(house: Services, mailer: RecordingMailer) -> None:
    answer = browse(house).get(TRIAL)

    assert (answer.status_code, mailer.emails) == (405, [])


def settings(port: int) -> dict[str, dict[str, object]]:
    return {"mail": {"host": "127.0.0.1", "port": port, "tls": "none"}}


def test_each_step_is_told_and_the_servers_own_words(tmp_path: Path) -> None:
    with (
        serving(Postbox({"RCPT": "550 5.1.1 <nobody> & no such user"})) as port,
        open_house(tmp_path, **settings(port)) as services,
    ):
        page = press(browse(services)).get_data(as_text=True)

    assert f"port {port} answers" in page
    assert "550 5.1.1 &lt;nobody&gt; &amp; no such user" in page


def test_an_accepted_trial_arrives(tmp_path: Path) -> None:
    postbox = Postbox()
    with serving(postbox) as port, open_house(tmp_path, **settings(port)) as services:
        page = press(browse(services)).get_data(as_text=True)

    [arrived] = postbox.received
    assert isinstance(arrived, EmailMessage)
    assert arrived["To"] == "ada@example.org"
    assert "the server accepted the letter" in page


def test_a_server_that_is_not_there_is_told_with_where_to_look(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    with open_house(tmp_path, **settings(port)) as services:
        page = press(browse(services)).get_data(as_text=True)

    assert "Connection refused" in page
    assert f"Is port {port} right" in page


def test_what_was_given_up_is_sent_again_at_the_press_of_a_button(tmp_path: Path) -> None:
    postbox = Postbox({"RCPT": "550 5.1.1 no such user"})
    with serving(postbox) as port, open_house(tmp_path, **settings(port)) as services:
        lay_into(services.home.inbox, [*steady_weeks(), LONG_RUN])
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW)
        postbox.answers.clear()
        client = browse(services)
        page = client.get("/").get_data(as_text=True)
        told = press(client, RETRY, follow_redirects=True).get_data(as_text=True)
        services.runner_service.deliver(NOW)
        after = client.get("/").get_data(as_text=True)

    assert (f'action="{RETRY}"' in page, "1 will be resent" in told) == (True, True)
    assert (len(postbox.received), RETRY in after) == (1, False)
