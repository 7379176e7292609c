"""Findings as signed JSON: posted once they are found, repeated under one name, failures told aloud."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from alerts.alert.alert import Alert, Level
from alerts.notifications.delivery.mailer import MailError
from alerts.notifications.delivery.webhook import Webhook
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.services import Services
from http_server import listening

SECRET = "a secret of enough letters"
LONG_RUN = ordinary_run(days_before(1), distance_m=14_000.0, duration_s=2_700)


def event(text: str = '{"a": 1}') -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = "<one@example.org>"
    message.set_content(text)
    return message


def webhook(url: str, **more: str) -> dict[str, Any]:
    return {"webhook": {"url": url, "secret": SECRET} | more}


def run_into(services: Services, *files: bytes) -> None:
    lay_into(services.home.inbox, list(files))
    services.runner_service.inbox.scan()
    services.runner_service.tick(NOW)


def test_a_finding_is_posted_with_its_words_beside_its_letter(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with listening() as (url, heard), open_house(tmp_path, mailer=mailer, **webhook(url)) as services:
        run_into(services, *steady_weeks(), LONG_RUN)

    [(_, body)] = heard
    told = json.loads(body)
    assert (told["key"], told["level"]) == ("single_run_spike/2026-05-11", "caution")
    assert told["act"].startswith("Rest")
    assert len(mailer.emails) == 1


def test_an_event_names_the_finding_that_it_is_told_with(tmp_path: Path) -> None:
    caution, notice = (
        Alert("two_week_ramp", days_before(ago).date(), level, 80_000.0, 50_000.0, "m")
        for ago, level in ((3, Level.CAUTION), (1, Level.NOTICE))
    )
    with listening() as (url, heard), open_house(tmp_path, **webhook(url, min_level="notice")) as services:
        with services.database.writing() as connection:
            fresh = services.runner_service.alert_store.insert(connection, [caution, notice], now=NOW)
            services.runner_service.notifications.queue(connection, fresh, NOW)
        services.runner_service.deliver(NOW)

    told = {event["key"]: event["told_with"] for event in (json.loads(body) for _, body in heard)}
    assert told == {caution.key: None, notice.key: caution.key}


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
        services.runner_service.deliver(NOW + timedelta(minutes=2))

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

    [way] = status.others
    assert (len(mailer.emails), status.dead, way.dead) == (1, 0, 1)
    assert "answered 404 no such hook" in (way.last_error or "")


def test_the_webhook_goes_on_while_mail_is_off(tmp_path: Path) -> None:
    with (
        listening() as (url, heard),
        open_house(tmp_path, mail={"enabled": False}, **webhook(url)) as services,
    ):
        run_into(services, *steady_weeks(), LONG_RUN)
        written = services.runner_service.outbox.health(NOW)

    assert [json.loads(body)["level"] for _, body in heard] == ["caution"]
    assert (written.queued, written.last_sent_at) == (0, None)


def test_a_webhook_is_told_more_than_letters_tell_where_it_asks_for_more(tmp_path: Path) -> None:
    with (
        listening() as (url, heard),
        open_house(
            tmp_path, mailer=RecordingMailer(), mail={"min_level": "high"}, **webhook(url)
        ) as services,
    ):
        run_into(services, *steady_weeks(), LONG_RUN)

    assert len(heard) == 1


def test_quiet_hours_hold_the_webhook_whatever_letters_do(tmp_path: Path) -> None:
    quiet = {"quiet_from": "17:00", "quiet_until": "19:00"}
    with (
        listening() as (url, heard),
        open_house(tmp_path, mailer=RecordingMailer(), mail=quiet, **webhook(url)) as services,
    ):
        run_into(services, *steady_weeks(), LONG_RUN)
        before = len(heard)
        services.runner_service.deliver(NOW + timedelta(hours=1))

    assert (before, len(heard)) == (0, 1)


def test_a_way_that_was_taken_away_leaves_nothing_stuck(tmp_path: Path) -> None:
    with listening((503, "down")) as (url, _), open_house(tmp_path, **webhook(url)) as services:
        run_into(services, *steady_weeks(), LONG_RUN)
    later = NOW + timedelta(days=2)
    with open_house(tmp_path, now=later) as services:
        services.runner_service.deliver(later)
        health = services.dashboard.health(later)

    assert (health.mail_queued, health.mail_stuck) == (0, 0)


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
        ("https://ada:word@run.example.org/", SECRET),
        ("https://run.example.org:70000/", SECRET),
        ("https://run.example.org/läufe", SECRET),
    ],
)
def test_what_cannot_be_meant_is_refused_at_once(url: str, secret: str) -> None:
    with pytest.raises(ValueError, match=r"address|secret|[Pp]ort"):
        Webhook(url, secret.encode())


def test_the_secret_is_not_shown() -> None:
    assert SECRET not in repr(Webhook("https://run.example.org", SECRET.encode()))
