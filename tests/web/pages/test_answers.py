"""Links in letters: looking changes nothing, pressing does one thing, and nobody else can press."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from alerts.alert.alert import Alert, Level
from alerts.notifications.compose.signed_links import LIFE, Links, Purpose
from app_fixtures import NOW, open_house
from config.composition.services import Services
from dashboard_client import raise_flag
from ingest.storage.database import metadata
from red_flag_words import slips
from web.app import create_app

URL = "https://run.example.org"
WEB = {"url": URL}
ABOUT = {
    Purpose.DONE: ("HIP-ABD",),
    Purpose.SNOOZE: ("7", "single_run_spike"),
    Purpose.HURTS: (),
    Purpose.USEFUL: ("single_run_spike/2026-05-11",),
    Purpose.NOT_USEFUL: ("single_run_spike/2026-05-11",),
    Purpose.STOP: ("digest",),
    Purpose.RESUME: ("all",),
}
PAIN = {"day": NOW.date().isoformat(), "spot": "groin-left", "during": "3", "flag": "none"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    with open_house(tmp_path, web=WEB) as services:
        yield services


def client_of(house: Services, now: datetime = NOW) -> FlaskClient:
    app = create_app(
        house.dashboard,
        clock=lambda: now,
        hosts=["run.example.org"],
        care_service=house.care_service,
        secret=b"s" * 32,
        answers=house.answer_service,
    )
    return app.test_client()


def links_of(house: Services) -> Links:
    route = house.runner_service.route
    assert route is not None
    assert route.links is not None
    return route.links


def path_of(house: Services, purpose: Purpose, *about: str) -> str:
    about = about or ABOUT[purpose]
    if purpose is Purpose.DONE:
        about = (next(iter(house.runner_service.care.routines)),)
    return links_of(house).make(purpose, *about, now=NOW).removeprefix(URL)


def everything(house: Services) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with house.database.reading() as connection:
        return {
            name: [tuple(row) for row in connection.execute(sa.select(table))]
            for name, table in metadata.tables.items()
        }


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_that_opens_every_link_changes_nothing(
    house: Services, purpose: Purpose, method: str
) -> None:
    before = everything(house)
    answer = client_of(house).open(path_of(house, purpose), method=method)

    assert (answer.status_code, everything(house) == before) == (200, True)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_no_page_of_a_link_sets_a_cookie(house: Services, purpose: Purpose) -> None:
    client = client_of(house)
    answers = [client.get(path_of(house, purpose)), client.post(path_of(house, purpose))]

    assert [answer.headers.get("Set-Cookie") for answer in answers] == [None, None]


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.HURTS])
def test_each_page_has_one_button_that_sends_to_its_own_address(house: Services, purpose: Purpose) -> None:
    path = path_of(house, purpose)
    page = client_of(house).get(path).text

    assert (page.count("<button"), f'method="post" action="{path}"' in page) == (1, True)


def test_done_enters_the_routine_today(house: Services) -> None:
    client_of(house).post(path_of(house, Purpose.DONE))
    [done] = house.runner_service.journal.routines.since(NOW.date())

    assert (done.routine, done.day) == (next(iter(house.runner_service.care.routines)), NOW.date())


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_routine_of_an_older_letter_is_neither_named_nor_noted_under_a_red_flag(
    house: Services, method: str
) -> None:
    raise_flag(house)
    page = client_of(house).open(path_of(house, Purpose.DONE), method=method).text

    assert slips(page) == []
    assert "See a professional within days" in page
    assert house.runner_service.journal.routines.since(NOW.date()) == []


def test_a_link_that_nobody_made_tells_nothing_of_a_red_flag(house: Services) -> None:
    raise_flag(house)

    assert "Have it seen" not in client_of(house).get("/answer/done/made-up").text


def test_pressing_twice_is_pressing_once(house: Services) -> None:
    client = client_of(house)
    twice = [client.post(path_of(house, Purpose.DONE)).status_code for _ in range(2)]

    assert (twice, len(house.runner_service.journal.routines.since(NOW.date()))) == ([200, 200], 1)


@pytest.mark.parametrize("days", [1, 7, 30])
def test_snooze_keeps_the_rule_quiet_for_so_long(house: Services, days: int) -> None:
    client_of(house).post(path_of(house, Purpose.SNOOZE, str(days), "two_week_ramp"))

    assert house.answers.snoozed(NOW) == {"two_week_ramp": NOW + timedelta(days=days)}
    assert house.answers.snoozed(NOW + timedelta(days=days)) == {}


def test_a_rule_kept_quiet_stands_nowhere_open_and_the_page_says_so(house: Services) -> None:
    ramp = Alert("two_week_ramp", NOW.date(), Level.CAUTION, 80_000.0, 50_000.0, "m")
    with house.database.writing() as connection:
        house.runner_service.alert_store.insert(connection, [ramp], now=NOW)
    before = house.dashboard.overview(NOW).open_alerts
    client_of(house).post(path_of(house, Purpose.SNOOZE, "7", "two_week_ramp"))
    overview = house.dashboard.overview(NOW)

    assert (len(before), overview.open_alerts, len(overview.season)) == (1, (), 1)
    assert overview.mail.quiet == (("Two-week build-up", (NOW + timedelta(days=7)).date()),)


def test_a_shorter_snooze_ends_no_longer_one(house: Services) -> None:
    client = client_of(house)
    for days in ("30", "1"):
        client.post(path_of(house, Purpose.SNOOZE, days, "two_week_ramp"))

    assert house.answers.snoozed(NOW) == {"two_week_ramp": NOW + timedelta(days=30)}


def test_what_was_not_useful_is_kept(house: Services) -> None:
    client_of(house).post(path_of(house, Purpose.NOT_USEFUL))

    assert house.answers.opinions() == {"single_run_spike/2026-05-11": "not useful"}


def test_what_was_useful_is_kept_in_place_of_what_was_said_before(house: Services) -> None:
    for purpose in (Purpose.NOT_USEFUL, Purpose.USEFUL):
        client_of(house).post(path_of(house, purpose))

    assert house.answers.opinions() == {"single_run_spike/2026-05-11": "useful"}


def test_a_report_of_pain_goes_into_the_diary(house: Services) -> None:
    answer = client_of(house).post(path_of(house, Purpose.HURTS), data=PAIN)
    [entry] = house.runner_service.journal.pain.since(date(2026, 5, 1))

    assert (answer.status_code, entry.report.place, entry.report.during) == (200, "groin", 3)


def test_a_report_of_pain_sent_twice_is_entered_once(house: Services) -> None:
    client, path = client_of(house), path_of(house, Purpose.HURTS)
    shown = [client.post(path, data=PAIN).text for _ in range(2)]

    assert shown[0] == shown[1]
    assert len(house.runner_service.journal.pain.since(date(2026, 5, 1))) == 1


def test_a_pain_that_is_worse_a_moment_later_is_entered_too(house: Services) -> None:
    client, path = client_of(house), path_of(house, Purpose.HURTS)
    for during in ("3", "5"):
        client.post(path, data=PAIN | {"during": during})

    assert len(house.runner_service.journal.pain.since(date(2026, 5, 1))) == 2


@pytest.mark.parametrize("missing", ["spot", "during", "flag"])
def test_half_a_report_is_asked_for_again_and_kept_by_nobody(house: Services, missing: str) -> None:
    given = {name: value for name, value in PAIN.items() if name != missing}
    answer = client_of(house).post(path_of(house, Purpose.HURTS), data=given)

    assert (answer.status_code, house.runner_service.journal.pain.since(date(2026, 5, 1))) == (400, [])


def test_a_mail_program_stops_letters_with_one_press_of_its_own(house: Services) -> None:
    """RFC 8058: a POST from the mail service, without cookie or page before it."""
    answer = client_of(house).post(
        path_of(house, Purpose.STOP), data={"List-Unsubscribe": "One-Click"}, base_url=URL
    )

    assert (answer.status_code, house.answers.wants("digest"), house.answers.wants("finding")) == (
        200,
        False,
        True,
    )


def test_what_was_stopped_can_be_taken_back_from_the_same_page(house: Services) -> None:
    client = client_of(house)
    page = client.post(path_of(house, Purpose.STOP, "all")).text
    undo = page.split(f'href="{URL}')[1].split('"')[0]
    client.post(undo)

    assert house.answers.stopped() == frozenset()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_changed_expired_or_used_for_something_else_is_refused(house: Services, method: str) -> None:
    path = path_of(house, Purpose.SNOOZE)
    late = NOW + LIFE[Purpose.SNOOZE] + timedelta(seconds=1)
    before = everything(house)
    answers = [
        client_of(house).open(path[:-9] + ("y" if path[-9] == "x" else "x") + path[-8:], method=method),
        client_of(house).open(path.replace("/snooze/", "/stop/"), method=method),
        client_of(house).open(path.replace("/snooze/", "/hurts/"), method=method),
        client_of(house).open(path.replace("/snooze/", "/nonsense/"), method=method),
        client_of(house, late).open(path, method=method),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert everything(house) == before


def test_without_an_address_that_readers_reach_there_is_nothing_to_press(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        assert services.answer_service is None


def test_the_key_of_the_links_is_its_owners_alone(house: Services) -> None:
    assert house.home.secret.stat().st_mode & 0o777 == 0o600
