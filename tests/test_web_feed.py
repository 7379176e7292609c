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

from alerts.findings import Finding, Level
from alerts.pages.feed import Entry, write_feed
from config.cli import main
from config.services import Services
from dashboards import EVIL, explained, spike
from houses import NOW, open_house
from web.app import create_app

ATOM = "{http://www.w3.org/2005/Atom}"
TODAY = NOW.date()
FOUND = [
    Finding("two_week_ramp", TODAY - timedelta(days=3), Level.NOTICE, 80_000.0, 60_000.0, "m"),
    Finding("single_run_spike", TODAY, Level.CAUTION, 14_000.0, 10_000.0, "m"),
]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    with open_house(tmp_path) as services:
        with services.database.writing() as connection:
            services.watch.register.enter(connection, FOUND, now=NOW)
        yield services


def client_of(house: Services) -> FlaskClient:
    return create_app(house.dashboard, clock=lambda: NOW, feed=house.feed_desk).test_client()


def test_the_feed_tells_what_was_found_to_who_knows_its_address(house: Services) -> None:
    token = house.feed_desk.addresses.issue(Level.INFO, now=NOW)
    answer = client_of(house).get(f"/feed/{token}.atom")
    read = ET.fromstring(answer.text)  # noqa: S314 - our own

    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert len(read.findall(f"{ATOM}entry")) == 2


def test_a_feed_from_a_level_on_leaves_out_what_is_slighter(house: Services) -> None:
    token = house.feed_desk.addresses.issue(Level.CAUTION, now=NOW)
    read = ET.fromstring(client_of(house).get(f"/feed/{token}.atom").text)  # noqa: S314 - our own

    assert [e.findtext(f"{ATOM}title") for e in read.findall(f"{ATOM}entry")] == ["One run much longer"]


def test_a_reader_that_has_the_feed_is_told_so_until_it_changes(house: Services) -> None:
    token = house.feed_desk.addresses.issue(Level.INFO, now=NOW)
    client = client_of(house)
    has = {"If-None-Match": client.get(f"/feed/{token}.atom").headers["ETag"]}
    again = client.get(f"/feed/{token}.atom", headers=has)
    house.answers.snooze(["two_week_ramp"], until=NOW + timedelta(days=7), now=NOW)
    changed = client.get(f"/feed/{token}.atom", headers=has)

    assert (again.status_code, again.text, changed.status_code) == (304, "", 200)


def test_a_revoked_and_a_made_up_address_open_nothing(house: Services) -> None:
    token = house.feed_desk.addresses.issue(Level.INFO, now=NOW)
    [address] = house.feed_desk.addresses.all()
    house.feed_desk.addresses.revoke(address.id, now=NOW)
    client = client_of(house)

    assert [client.get(f"/feed/{one}.atom").status_code for one in (token, "made-up", "a" * 300)] == [404] * 3


def test_the_secret_is_not_kept(house: Services) -> None:
    token = house.feed_desk.addresses.issue(Level.INFO, now=NOW)
    with house.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM feed").all()

    assert token not in repr(kept)


def test_hostile_words_stay_words() -> None:
    told = explained(spike())
    story = dataclasses.replace(told.story, title=EVIL, sentence=EVIL)
    feed = write_feed(
        [Entry(dataclasses.replace(told, story=story), NOW)], address="a", dashboard_url="http://x"
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
