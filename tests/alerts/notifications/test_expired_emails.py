"""Letters that waited too long: no advice for another day leaves, and nothing that was found is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa

from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainReport
from alerts.notifications.delivery.mailer import MailError
from alerts.schema import email_table
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.services import Services
from dashboard_client import raise_flag
from pain_diaries import NOES

LONG_RUN = ordinary_run(days_before(1), distance_m=14_000.0, duration_s=2_700)
DAY = timedelta(days=1)
QUIET = {"ask_after_silence": False}
TITLE = "Hipwatch: alerts that couldn’t be sent in time"


class MovingMailer(RecordingMailer):
    """Takes letters only while it is up."""

    is_up = False

    def send(self, message: EmailMessage) -> None:
        if not self.is_up:
            raise MailError("mail.example.org:587 cannot be reached: Connection refused", permanent=False)
        super().send(message)


@pytest.fixture
def mailer() -> MovingMailer:
    return MovingMailer()


@pytest.fixture
def house(tmp_path: Path, mailer: MovingMailer) -> Iterator[Services]:
    """A house in which a caution was found and its letter could not be sent."""
    with open_house(tmp_path, mailer=mailer, mail=QUIET) as services:
        find(services)
        yield services


def find(services: Services) -> None:
    lay_into(services.home.inbox, [*steady_weeks(), LONG_RUN])
    services.runner_service.inbox.scan()
    services.runner_service.tick(NOW)


def wait(services: Services, days: int) -> None:
    """Let ticks fall four times a day."""
    for quarter in range(days * 4):
        services.runner_service.deliver(NOW + quarter * DAY / 4)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).replace("\N{NO-BREAK SPACE}", " ").split())


def states(services: Services) -> list[str]:
    with services.database.reading() as connection:
        return list(connection.execute(sa.select(email_table.c.state).order_by(email_table.c.id)).scalars())


def test_a_letter_of_some_days_is_sent_as_it_was_written(house: Services, mailer: MovingMailer) -> None:
    wait(house, 6)
    mailer.is_up = True
    house.runner_service.deliver(NOW + 6 * DAY)

    [email] = mailer.emails
    assert email["Subject"] != TITLE


def test_after_weeks_one_letter_says_what_was_found_and_nothing_that_was_advised(
    house: Services, mailer: MovingMailer
) -> None:
    wait(house, 21)
    mailer.is_up = True
    house.runner_service.deliver(NOW + 21 * DAY)
    house.runner_service.deliver(NOW + 22 * DAY)

    [email] = mailer.emails
    text = text_of(email)
    assert email["Subject"] == TITLE
    assert "Emails written since Tue 12 May weren’t sent in time" in text
    assert "Mon 11 May: " in text
    assert "What to do" not in text


def test_it_is_dated_when_it_was_written(house: Services, mailer: MovingMailer) -> None:
    wait(house, 21)
    mailer.is_up = True
    house.runner_service.deliver(NOW + 21 * DAY)

    [email] = mailer.emails
    assert email["Date"].datetime > NOW + 7 * DAY


def test_one_message_waits_at_most_however_long_it_takes(house: Services) -> None:
    wait(house, 40)

    assert states(house).count("queued") == 1


def test_what_was_found_is_not_told_once_more(house: Services, mailer: MovingMailer) -> None:
    wait(house, 21)
    mailer.is_up = True
    house.runner_service.deliver(NOW + 21 * DAY)
    with house.database.writing() as connection:
        alerts = house.runner_service.alert_store.all(connection)
        house.runner_service.notifications.queue(connection, alerts, NOW + 21 * DAY)
    house.runner_service.deliver(NOW + 21 * DAY)

    assert len(mailer.emails) == 1


def test_the_trouble_is_no_smaller_for_a_letter_that_was_written_just_now(house: Services) -> None:
    stuck = [
        house.runner_service.deliver(NOW + hours * DAY / 24) is not None
        and house.dashboard.health(NOW + hours * DAY / 24).mail_stuck
        for hours in range(24, 24 * 16, 5)
    ]

    assert set(stuck) == {1}


def test_what_a_run_that_is_gone_had_brought_is_told_no_more(house: Services, mailer: MovingMailer) -> None:
    with house.database.writing() as connection:
        house.runner_service.alert_store.insert(connection, [], now=NOW)
    mailer.is_up = True
    house.runner_service.deliver(NOW + 8 * DAY)

    assert mailer.emails == []


def test_nothing_is_told_anew_while_a_red_flag_is_open(house: Services, mailer: MovingMailer) -> None:
    raise_flag(house)
    mailer.is_up = True
    house.runner_service.deliver(NOW + 8 * DAY)

    assert mailer.emails == []


def test_what_was_advised_before_a_pain_that_stops_running_is_not_sent_after_it(
    house: Services, mailer: MovingMailer
) -> None:
    report = PainReport(NOW.date(), BodySite.KNEE, Side.LEFT, during=7, answers=NOES)
    house.care_service.report_pain(report, NOW + timedelta(hours=1))
    mailer.is_up = True
    house.runner_service.deliver(NOW + timedelta(hours=2))

    assert [email["Subject"] for email in mailer.emails] == [TITLE]


def test_a_red_flag_holds_back_what_was_written_also_while_mail_is_off(
    tmp_path: Path, mailer: MovingMailer
) -> None:
    with open_house(tmp_path, mailer=mailer, mail=QUIET) as services:
        find(services)
    with open_house(tmp_path, mail={"enabled": False}) as services:
        report = PainReport(
            NOW.date(), BodySite.GROIN, Side.LEFT, during=4, answers=NOES | {"groin-night": True}
        )
        services.care_service.report_pain(report, NOW + timedelta(hours=1))
        services.runner_service.deliver(NOW + timedelta(hours=2))

        assert states(services) == ["held"]


def test_a_letter_that_is_wanted_no_more_stays_here(house: Services, mailer: MovingMailer) -> None:
    house.answers.stop("finding", now=NOW)
    mailer.is_up = True
    house.runner_service.deliver(NOW + DAY)

    assert (mailer.emails, states(house)) == ([], ["held"])


def test_the_letter_before_a_week_is_not_sent_when_the_week_is_half_over(
    tmp_path: Path, mailer: MovingMailer
) -> None:
    asked = QUIET | {"sunday_letter": True}
    with open_house(tmp_path, mailer=mailer, mail=asked) as services:
        lay_into(services.home.inbox, steady_weeks())
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW)
        wait(services, 9)
        mailer.is_up = True
        services.runner_service.deliver(NOW + 9 * DAY)

        assert (mailer.emails, states(services)) == ([], ["held"])


def test_an_address_mended_in_the_settings_file_gets_what_was_refused(tmp_path: Path) -> None:
    mailer = MovingMailer()
    with open_house(tmp_path, mailer=mailer, mail=QUIET, runner={"email": "adda@example.org"}) as services:
        find(services)
    mailer.is_up = True
    with open_house(tmp_path, mailer=mailer, mail=QUIET) as services:
        services.runner_service.deliver(NOW + DAY)

    assert [email["To"] for email in mailer.emails] == ["ada@example.org"]


def test_an_address_that_was_told_before_is_not_told_again(tmp_path: Path) -> None:
    mailer = MovingMailer()
    with open_house(tmp_path, mailer=mailer, mail=QUIET) as services:
        find(services)
        with services.database.writing() as connection:
            [row] = connection.execute(sa.select(email_table)).mappings()
            twin = dict(row) | {
                "id": None,
                "recipient": "old@example.org",
                "message_id": "<twin@example.org>",
            }
            twin.pop("id")
            connection.execute(sa.update(email_table).values(state="sent"))
            connection.execute(sa.insert(email_table).values(twin))
        services.runner_service.deliver(NOW + DAY)

        assert states(services) == ["sent", "held"]


def test_a_question_after_silence_that_could_not_be_asked_is_asked_once_later(
    tmp_path: Path, mailer: MovingMailer
) -> None:
    with open_house(tmp_path, mailer=mailer) as services:
        lay_into(services.home.inbox, steady_weeks())
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW)
        wait(services, 14)
        mailer.is_up = True
        for day in range(14, 18):
            services.runner_service.deliver(NOW + day * DAY)

    assert [email["Subject"] for email in mailer.emails] == [
        "Hipwatch: resting, or has the sync stopped?",
    ]
    assert mailer.emails[0]["Date"].datetime > NOW + 10 * DAY


def test_a_notification_that_is_late_says_once_that_there_is_something(tmp_path: Path) -> None:
    phone = {"url": "json://127.0.0.1:9/", "says": "all"}
    with open_house(tmp_path, mail={"enabled": False}, notify={"phone": phone}) as services:
        find(services)
        services.runner_service.deliver(NOW + 8 * DAY)
        with services.database.reading() as connection:
            waiting = sa.select(email_table.c.subject).where(email_table.c.state == "queued")
            subjects = list(connection.execute(waiting).scalars())

    assert subjects == ["Hipwatch"]
