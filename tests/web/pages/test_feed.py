"""The Atom feed: read by whoever knows its address, until that is revoked."""

from __future__ import annotations

import dataclasses
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from alerts.alert.alert import Alert, Level
from alerts.views.atom_feed import FeedEntry, write_feed
from app_fixtures import NOW, open_house
from config.cli.main import main
from config.composition.services import Services
from overview_samples import EVIL, explained, spike
from web.app import create_app

ATOM = "{http://www.w3.org/2005/Atom}"
TODAY = NOW.date()
FOUND = [
    Alert("two_week_ramp", TODAY - timedelta(days=3), Level.NOTICE, 80_000.0, 60_000.0, "m"),
    Alert("single_run_spike", TODAY, Level.CAUTION, 14_000.0, 10_000.0, "m"),
]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    with open_house(tmp_path) as services:
        with services.database.writing() as connection:
            services.runner_service.alert_store.insert(connection, FOUND, now=NOW)
        yield services


def client_of(house: Services) -> FlaskClient:
    return create_app(house.dashboard, clock=lambda: NOW, feed=house.feed_service).test_client()


def test_the_feed_tells_what_was_found_to_who_knows_its_address(house: Services) -> None:
    token = house.feed_service.addresses.issue(Level.INFO, now=NOW)
    answer = client_of(house).get(f"/feed/{token}.atom")
    read = ET.fromstring(answer.text)  # noqa: S314 - our own

    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert len(read.findall(f"{ATOM}entry")) == 2


def test_a_feed_from_a_level_on_leaves_out_what_is_slighter(house: Services) -> None:
    token = house.feed_service.addresses.issue(Level.CAUTION, now=NOW)
    read = ET.fromstring(client_of(house).get(f"/feed/{token}.atom").text)  # noqa: S314 - our own

    assert [e.findtext(f"{ATOM}title") for e in read.findall(f"{ATOM}entry")] == ["One run much longer"]


def grown(house: Services, *found: Alert) -> tuple[str | None, ...]:
    """The one entry of a feed of notices and above after each of these was found, an hour apart."""
    token = house.feed_service.addresses.issue(Level.NOTICE, now=NOW)
    for hours in range(len(found)):
        with house.database.writing() as connection:
            house.runner_service.alert_store.insert(
                connection, found[: hours + 1], now=NOW + timedelta(hours=hours)
            )
    [entry] = ET.fromstring(house.feed_service.read(token, NOW) or "").findall(f"{ATOM}entry")  # noqa: S314
    link = entry.find(f"{ATOM}link")
    assert link is not None
    return entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated"), link.get("href")


def test_a_story_that_grows_graver_is_the_same_entry_brought_up_to_date(house: Services) -> None:
    notice = FOUND[0]
    caution = dataclasses.replace(notice, day=TODAY, level=Level.CAUTION)
    name, first_at, first = grown(house, notice)
    again, later_at, later = grown(house, notice, caution)

    assert name == again
    assert (first_at, later_at) == (NOW.isoformat(), (NOW + timedelta(hours=1)).isoformat())
    assert [(link or "").rpartition("/findings/")[2] for link in (first, later)] == [notice.key, caution.key]


def test_more_of_a_story_that_is_slighter_brings_up_nothing(house: Services) -> None:
    caution = dataclasses.replace(FOUND[0], level=Level.CAUTION)
    more = dataclasses.replace(FOUND[0], day=TODAY)

    assert grown(house, caution) == grown(house, caution, more)


def test_information_that_a_story_draws_in_does_not_rename_it(house: Services) -> None:
    """A hilly run of the days before, found once the ramp had been told."""
    descent = Alert("descent_spike", TODAY - timedelta(days=5), Level.INFO, 900.0, 500.0, "m")

    assert grown(house, FOUND[0])[0] == grown(house, FOUND[0], descent)[0]


def test_a_reader_that_has_the_feed_is_told_so_until_it_changes(house: Services) -> None:
    token = house.feed_service.addresses.issue(Level.INFO, now=NOW)
    client = client_of(house)
    has = {"If-None-Match": client.get(f"/feed/{token}.atom").headers["ETag"]}
    again = client.get(f"/feed/{token}.atom", headers=has)
    house.answers.snooze(["two_week_ramp"], until=NOW + timedelta(days=7), now=NOW)
    changed = client.get(f"/feed/{token}.atom", headers=has)

    assert (again.status_code, again.text, changed.status_code) == (304, "", 200)


def test_a_revoked_and_a_made_up_address_open_nothing(house: Services) -> None:
    token = house.feed_service.addresses.issue(Level.INFO, now=NOW)
    [address] = house.feed_service.addresses.all()
    house.feed_service.addresses.revoke(address.id, now=NOW)
    client = client_of(house)

    assert [client.get(f"/feed/{one}.atom").status_code for one in (token, "made-up", "a" * 300)] == [404] * 3


def test_the_secret_is_not_kept(house: Services) -> None:
    token = house.feed_service.addresses.issue(Level.INFO, now=NOW)
    with house.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM feed").all()

    assert token not in repr(kept)


def test_hostile_words_stay_words() -> None:
    told = explained(spike())
    alert_text = dataclasses.replace(told.alert_text, title=EVIL, sentence=EVIL)
    feed = write_feed(
        [FeedEntry(dataclasses.replace(told, alert_text=alert_text), NOW, "a story")],
        address="a",
        dashboard_url="http://x",
    )
    [entry] = ET.fromstring(feed).findall(f"{ATOM}entry")  # noqa: S314 - our own

    assert entry.findtext(f"{ATOM}title") == EVIL


def test_an_empty_feed_is_a_feed() -> None:
    read = ET.fromstring(write_feed([], address="a", dashboard_url="http://x"))  # noqa: S314 - our own

    assert read.findtext(f"{ATOM}title") == "Hipwatch"


def test_the_command_makes_lists_and_revokes(tmp_path: Path) -> None:
    def hipwatch(*words: str) -> str:
        ran = CliRunner().invoke(main, words, env={"HIPWATCH_HOME": str(tmp_path), "TZ": "UTC"})
        assert ran.exit_code == 0, ran.output
        return ran.stdout

    address = json.loads(hipwatch("feed", "new", "--level", "caution", "--json"))["address"]
    [listed] = json.loads(hipwatch("feed", "list", "--json"))
    hipwatch("feed", "revoke", str(listed["id"]))

    assert address.endswith(".atom")
    assert (listed["level"], json.loads(hipwatch("feed", "list", "--json"))) == ("caution", [])
