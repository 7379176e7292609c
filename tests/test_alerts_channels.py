"""Findings as signed JSON: posted once they are found, repeated under one name, failures told aloud."""

from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from alerts.letters.channels import Webhook
from alerts.letters.mailer import MailError
from config.services import Services
from houses import NOW, RecordingMailer, days_before, lay_into, open_house, ordinary_run, steady_weeks

SECRET = "a secret of enough letters"
LONG_RUN = ordinary_run(days_before(1), distance_m=14_000.0, duration_s=2_700)


class Listener(http.server.BaseHTTPRequestHandler):
    """Keeps what is posted, and answers as it is told to."""

    heard: list[tuple[dict[str, str], bytes]]
    answers: list[tuple[int, str]]

    def do_POST(self) -> None:
        """Keep and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((dict(self.headers), body))
        status, words = self.answers.pop(0) if self.answers else (204, "")
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(words.encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def listening(*answers: tuple[int, str]) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    heard: list[tuple[dict[str, str], bytes]] = []
    handler = type("One", (Listener,), {"heard": heard, "answers": list(answers)})
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook?for=ada", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def event(text: str = '{"a": 1}') -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = "<one@example.org>"
    message.set_content(text)
    return message


def webhook(url: str, **more: str) -> dict[str, Any]:
    return {"webhook": {"url": url, "secret": SECRET} | more}


def run_into(services: Services, *files: bytes) -> None:
    lay_into(services.home.inbox, list(files))
    services.watch.inbox.look()
    services.watch.tick(NOW)


def test_a_finding_is_posted_with_its_words_beside_its_letter(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with listening() as (url, heard), open_house(tmp_path, mailer=mailer, **webhook(url)) as services:
        run_into(services, *steady_weeks(), LONG_RUN)

    [(_, body)] = heard
    told = json.loads(body)
    assert (told["key"], told["level"]) == ("single_run_spike/2026-05-11", "caution")
    assert told["act"].startswith("Rest")
    assert len(mailer.letters) == 1


def test_the_body_is_signed_with_the_secret() -> None:
    with listening() as (url, heard):
        Webhook(url, SECRET.encode()).send(event())

    [(headers, body)] = heard
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["Hipwatch-Signature"] == f"sha256={expected}"
    assert (headers["Hipwatch-Id"], body) == ("one@example.org", b'{"a": 1}')


def test_what_was_not_taken_is_posted_again_under_the_same_name(tmp_path: Path) -> None:
    with (
        listening((503, "down")) as (url, heard),
        open_house(tmp_path, mailer=RecordingMailer(), **webhook(url)) as services,
    ):
        run_into(services, *steady_weeks(), LONG_RUN)
        services.watch.deliver(NOW + timedelta(minutes=2))

    assert len(heard) == 2
    assert heard[0][0]["Hipwatch-Id"] == heard[1][0]["Hipwatch-Id"]


def test_a_refusal_stands_on_the_page_and_the_letter_arrives_nevertheless(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with (
        listening((404, "no such hook")) as (url, _),
        open_house(tmp_path, mailer=mailer, **webhook(url)) as services,
    ):
        run_into(services, *steady_weeks(), LONG_RUN)
        status = services.dashboard.overview(NOW).mail

    assert (len(mailer.letters), status.dead) == (1, 1)
    assert "answered 404 no such hook" in (status.last_error or "")


def test_what_is_slighter_than_asked_for_is_not_posted(tmp_path: Path) -> None:
    with (
        listening() as (url, heard),
        open_house(tmp_path, mailer=RecordingMailer(), **webhook(url, min_level="high")) as services,
    ):
        run_into(services, *steady_weeks(), LONG_RUN)

    assert heard == []


@pytest.mark.parametrize(
    ("status", "permanent"), [(400, True), (410, True), (429, False), (500, False), (302, False)]
)
def test_a_refusal_is_told_in_the_other_sides_words(status: int, *, permanent: bool) -> None:
    with listening((status, "because")) as (url, heard), pytest.raises(MailError, match="because") as refusal:
        Webhook(url, SECRET.encode()).send(event())

    assert (refusal.value.permanent, len(heard)) == (permanent, 1)


def test_nobody_there_is_worth_another_try() -> None:
    with listening() as (url, _):
        pass
    with pytest.raises(MailError, match="cannot be reached") as failure:
        Webhook(url, SECRET.encode()).send(event())

    assert not failure.value.permanent


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("file:///etc/passwd", SECRET),
        ("https://", SECRET),
        ("run.example.org", SECRET),
        ("http://x", "short"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_once(url: str, secret: str) -> None:
    with pytest.raises(ValueError, match=r"address|secret"):
        Webhook(url, secret.encode())


def test_the_secret_is_not_shown() -> None:
    assert SECRET not in repr(Webhook("https://run.example.org", SECRET.encode()))
