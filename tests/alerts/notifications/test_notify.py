"""Notifications through Apprise's own code to a server on this machine: told once, failures shown."""

from __future__ import annotations

import json
import logging
import sys
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainReport
from alerts.notifications.delivery.apprise_channel import MISSING, UNKNOWN, Notifier
from alerts.notifications.delivery.mailer import MailError
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.cli.doctor import examine_setup
from config.composition.services import Services
from config.settings.errors import SettingsError
from dashboard_client import raise_flag
from http_server import listening
from pain_diaries import NOES
from red_flag_words import slips
from web.pages.today.status import statuses

LONG_RUN = ordinary_run(days_before(1), distance_m=14_000.0, duration_s=2_700)


def phone(url: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"notify": {"phone": {"url": url.replace("http://", "json://")} | more}}


def run_into(services: Services, *files: bytes) -> None:
    lay_into(services.home.inbox, list(files))
    services.runner_service.inbox.scan()
    services.runner_service.tick(NOW)


def a_note() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Hipwatch"
    message.set_content("See http://127.0.0.1:8321")
    return message


def test_a_notification_says_little_unless_asked_for_more(tmp_path: Path) -> None:
    with (
        listening() as (url, heard),
        open_house(tmp_path, mailer=RecordingMailer(), **phone(url)) as services,
    ):
        run_into(services, *steady_weeks(), LONG_RUN)

    [(_, body)] = heard
    told = json.loads(body)
    assert told["title"] == "Hipwatch"
    assert told["message"] == "See http://127.0.0.1:8321"


def test_a_notification_tells_what_was_found_to_whoever_asked_for_all(tmp_path: Path) -> None:
    with listening() as (url, heard), open_house(tmp_path, **phone(url, says="all")) as services:
        run_into(services, *steady_weeks(), LONG_RUN)

    told = json.loads(heard[0][1])
    assert told["title"].startswith("Hipwatch: ")
    assert "14" in told["message"]
    assert "Rest" in told["message"]


def test_notifications_go_on_while_mail_is_off(tmp_path: Path) -> None:
    with (
        listening() as (url, heard),
        open_house(tmp_path, mail={"enabled": False}, **phone(url)) as services,
    ):
        run_into(services, *steady_weeks(), LONG_RUN)

    assert len(heard) == 1


def test_what_was_not_taken_is_tried_again_and_told_once(tmp_path: Path) -> None:
    with listening((503, "down")) as (url, heard), open_house(tmp_path, **phone(url)) as services:
        run_into(services, *steady_weeks(), LONG_RUN)
        for minutes in (2, 4, 6):
            services.runner_service.deliver(NOW + timedelta(minutes=minutes))

    assert [json.loads(body)["title"] for _, body in heard] == ["Hipwatch", "Hipwatch"]


def test_what_is_slighter_than_asked_for_is_not_told(tmp_path: Path) -> None:
    with listening() as (url, heard), open_house(tmp_path, **phone(url, min_level="high")) as services:
        run_into(services, *steady_weeks(), LONG_RUN)

    assert heard == []


@pytest.mark.parametrize(("runner", "told"), [(0, 1), (1, 1), (2, 0)])
def test_a_way_belongs_to_its_runner(tmp_path: Path, runner: int, told: int) -> None:
    with listening() as (url, heard), open_house(tmp_path, **phone(url, runner=runner)) as services:
        run_into(services, *steady_weeks(), LONG_RUN)

    assert len(heard) == told


def test_a_refusal_stands_on_the_page_and_in_the_doctors_words(tmp_path: Path) -> None:
    with listening((403, "")) as (url, _):
        with open_house(tmp_path, **phone(url)) as services:
            run_into(services, *steady_weeks(), LONG_RUN)
            shown = statuses(services.dashboard.overview(NOW))[-1]
        (tmp_path / "hipwatch.toml").write_text(f'[notify.phone]\nurl = "{url.replace("http", "json")}"\n')
        checked = [check for check in examine_setup(services.home, now=NOW) if check.title == "Phone"]

    assert (shown.is_trouble, "error=403" in shown.sentence) == (True, True)
    assert [(check.is_fine, "error=403" in check.detail) for check in checked] == [(False, True)]


def test_a_missing_extra_is_an_error_that_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with listening() as (url, heard), open_house(tmp_path, **phone(url)) as services:
        run_into(services, *steady_weeks(), LONG_RUN)
        [way] = services.dashboard.overview(NOW).mail.others

    assert (heard, way.queued) == ([], 1)
    assert MISSING in (way.last_error or "")
    assert MISSING in Notifier("phone", "json://run.example.org").complaint()


@pytest.mark.parametrize("url", ["bogus://token-of-ada", "tgram://token-of-ada", "token-of-ada"])
def test_an_address_that_is_none_is_an_error_that_does_not_tell_it(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(MailError, match=UNKNOWN) as failure:
        Notifier("phone", url).send(a_note())

    assert not failure.value.permanent
    assert "token-of-ada" not in f"{failure.value} {caplog.text} {Notifier('phone', url)!r}"


@pytest.mark.parametrize(("status", "permanent"), [(404, True), (429, False), (500, False)])
def test_a_refusal_is_final_where_the_service_says_so(status: int, *, permanent: bool) -> None:
    with listening((status, "")) as (url, _), pytest.raises(MailError, match=f"error={status}") as refusal:
        Notifier("phone", url.replace("http", "json", 1)).send(a_note())

    assert refusal.value.permanent is permanent


def test_a_topic_is_not_told_in_the_error(caplog: pytest.LogCaptureFixture) -> None:
    with listening((404, "")) as (url, _), pytest.raises(MailError) as refusal:
        host = url.removeprefix("http://").partition("/")[0]
        Notifier("phone", f"ntfy://{host}/topic-of-ada").send(a_note())

    assert "topic-of-ada" not in f"{refusal.value} {caplog.text}"


def test_no_phone_is_sent_to_fetch_a_picture() -> None:
    with listening((200, "")) as (url, heard):
        host = url.removeprefix("http://").partition("/")[0]
        Notifier("phone", f"ntfy://{host}/topic").send(a_note())

    [(headers, _)] = heard
    assert [name for name in headers if name.lower() == "x-icon"] == []


@pytest.mark.parametrize(
    "notify",
    [
        {"phone": {"url": ""}},
        {"mail": {"url": "json://run.example.org"}},
        {"webhook": {"url": "json://run.example.org"}},
        {"Phone!": {"url": "json://run.example.org"}},
        {"phone": {"urls": "json://run.example.org"}},
    ],
)
def test_what_cannot_be_meant_is_refused_at_the_start(tmp_path: Path, notify: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="notify"), open_house(tmp_path, notify=notify):
        pass


def test_an_open_red_flag_keeps_back_what_was_written_before_it(tmp_path: Path) -> None:
    quiet = {"quiet_from": "17:00", "quiet_until": "19:00"}
    with listening() as (url, heard), open_house(tmp_path, mail=quiet, **phone(url, says="all")) as services:
        run_into(services, *steady_weeks(), LONG_RUN)
        report = PainReport(
            NOW.date(), BodySite.GROIN, Side.LEFT, during=4, answers={**NOES, "groin-night": True}
        )
        services.care_service.report_pain(report, NOW + timedelta(minutes=1))
        services.runner_service.deliver(NOW + timedelta(hours=2))

    assert heard == []


def test_what_is_found_while_a_red_flag_is_open_sends_nobody_out_to_run(tmp_path: Path) -> None:
    with listening() as (url, heard), open_house(tmp_path, **phone(url, says="all")) as services:
        raise_flag(services)
        run_into(services, *steady_weeks(), LONG_RUN)

    [(_, body)] = heard
    assert list(slips(json.loads(body)["message"])) == []


def test_a_way_of_a_runner_whom_there_is_not_is_told_by_the_doctor(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        home = services.home
    home.settings.write_text('[notify.phone]\nurl = "json://127.0.0.1:9"\nrunner = 7\n')
    [check] = [check for check in examine_setup(home, now=NOW) if check.title == "Notify.phone"]

    assert (check.is_fine, "runner 7" in check.detail) == (False, True)
