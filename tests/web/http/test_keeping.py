"""Pages are kept as long as they hold, and not a request longer; what one session got no other is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, abort, flash
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import ValidationError

from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainReport
from alerts.notifications.answers import Answers
from app_fixtures import NOW, days_before, lay_into, ordinary_run
from config.composition.services import Services
from config.output.data_export import InstallationSettings
from dashboard_client import TODAY, dashboard, furnished
from ingest.files.sources import collect
from ingest.storage.database import Database
from overview_samples import FakeSource
from pain_diaries import NOES
from web.app import create_app
from web.http.page_cache import MOST_PAGES, TOKEN_PLACEHOLDER, PageCache, cache_pages


@dataclass
class EmailAlert(FakeSource):
    """A source that says in what state it is."""

    number: int = 1

    def state(self, now: datetime) -> object:
        """Give what the test set."""
        return self.number, now


@dataclass
class Site:
    """A site of one page that counts how often it was made, and turns away who is told to."""

    source: EmailAlert = field(default_factory=EmailAlert)
    cache: PageCache = field(default_factory=lambda: PageCache(MOST_PAGES))
    app: Flask = field(default_factory=lambda: Flask(__name__))
    made: int = 0
    is_barred: bool = False
    fails: bool = False
    text: str = "page"

    def __post_init__(self) -> None:
        self.app.config.update(SECRET_KEY=b"x" * 32)
        self.app.add_url_rule("/", "page", self._page)
        self.app.before_request(self._bar)
        cache_pages(self.app, self.source, lambda: NOW, pages=["page"], cache=self.cache)

    def _bar(self) -> None:
        if self.is_barred:
            abort(403)

    def _page(self) -> str:
        self.made += 1
        if self.fails:
            abort(418)
        if self.text == "token":
            return f"{generate_csrf()} {self.made}"
        return f"{self.text} {self.made}"

    def visitor(self, **content: str) -> FlaskClient:
        """Open a browser whose session holds that."""
        client = self.app.test_client()
        with client.session_transaction() as held:
            held.update(content)
        return client


def test_a_page_is_made_once_while_nothing_changes() -> None:
    site = Site()
    visitor = site.visitor()

    assert [visitor.get("/").text for _ in range(3)] == ["page 1"] * 3


def test_a_page_is_made_anew_once_anything_has_changed() -> None:
    site = Site()
    visitor = site.visitor()
    before = visitor.get("/").text
    site.source.number = 2

    assert (before, visitor.get("/").text) == ("page 1", "page 2")


def test_no_session_is_given_what_another_got() -> None:
    site = Site()
    ada, eve = site.visitor(visit="a"), site.visitor(visit="b")

    assert (ada.get("/").text, eve.get("/").text, ada.get("/").text) == ("page 1", "page 2", "page 1")


def test_who_is_turned_away_gets_no_kept_page() -> None:
    site = Site()
    visitor = site.visitor()
    visitor.get("/")
    site.is_barred = True

    assert visitor.get("/").status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Accept-Language": "de"}, {"Cookie": "language=de"}], ids=["header", "cookie"]
)
def test_another_language_is_another_page(headers: dict[str, str]) -> None:
    site = Site()
    english = site.app.test_client().get("/").text

    assert (english, site.app.test_client(use_cookies=False).get("/", headers=headers).text) == (
        "page 1",
        "page 2",
    )


def test_sessions_share_what_was_made_but_not_their_tokens() -> None:
    site = Site(text="token")
    pages = [site.app.test_client().get("/").text.split() for _ in range(2)]
    (first, made), (second, made_again) = pages

    assert (made, made_again) == ("1", "1")
    assert len({first, second, TOKEN_PLACEHOLDER}) == 3


def test_the_token_of_a_shared_page_opens_its_own_session_alone() -> None:
    site = Site(text="token")
    other = site.app.test_client().get("/").text.split()[0]
    with site.app.test_client() as visitor:
        own = visitor.get("/").text.split()[0]

        assert validate_csrf(own) is None
        with pytest.raises(ValidationError):
            validate_csrf(other)


def test_a_page_that_fails_leaves_no_stand_in_behind() -> None:
    """What tells of the failure has a form too, perhaps, and that is to be accepted."""
    site = Site(text="token")
    site.app.register_error_handler(418, lambda _: (generate_csrf(), 418))
    site.fails = True

    assert TOKEN_PLACEHOLDER not in site.app.test_client().get("/").text


@pytest.mark.parametrize(
    ("address", "headers"),
    [("/?said=x", {}), ("/", {"Authorization": "Basic YTpi"})],
    ids=["query", "authorization"],
)
def test_what_else_may_say_what_a_page_is_has_it_made_anew(address: str, headers: dict[str, str]) -> None:
    site = Site()
    visitor = site.visitor()

    assert [visitor.get(address, headers=headers).text for _ in range(2)] == ["page 1", "page 2"]


def test_what_is_said_once_is_said_once(tmp_path: Path) -> None:
    with furnished(tmp_path) as services:
        app = dashboard(services)
        app.add_url_rule("/say", "say", lambda: (flash("It was kept."), "")[1])
        visitor = app.test_client()
        visitor.get("/")
        visitor.get("/say")
        told = ["It was kept." in visitor.get("/").text for _ in range(3)]

    assert told == [True, False, False]


def test_a_browser_that_has_the_page_is_told_so() -> None:
    site = Site()
    visitor = site.visitor()
    first = visitor.get("/")
    again = visitor.get("/", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "private, no-cache"
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_that_reads_otherwise_is_sent_whole() -> None:
    site = Site()
    visitor = site.visitor()
    etag = visitor.get("/").headers["ETag"]
    site.source.number = 2
    again = visitor.get("/", headers={"If-None-Match": etag})

    assert (again.status_code, again.text) == (200, "page 2")


def test_who_can_unpack_it_gets_it_packed() -> None:
    visitor = Site(text="long " * 400).visitor()
    packed, plain = visitor.get("/", headers={"Accept-Encoding": "gzip"}), visitor.get("/")

    assert packed.content_encoding == "gzip"
    assert len(packed.data) < len(plain.data) / 10
    assert set(packed.vary) == {"Accept-Encoding", "Accept-Language", "Cookie"}


def test_no_more_pages_are_kept_than_there_is_room_for() -> None:
    site = Site(cache=PageCache(2))
    visitors = [site.visitor(visit=name) for name in "abc"]
    for visitor in visitors:
        visitor.get("/")

    assert [visitor.get("/").text for visitor in visitors[1:]] == ["page 2", "page 3"]
    assert visitors[0].get("/").text == "page 4"


def test_who_logs_out_leaves_nothing_in_the_browser() -> None:
    site = Site()
    site.app.add_url_rule("/logout", "security.logout", lambda: "")
    visitor = site.visitor()

    assert "Clear-Site-Data" not in visitor.get("/").headers
    assert visitor.get("/logout").headers["Clear-Site-Data"] == '"cache"'


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    """A house whose findings have been told."""
    with furnished(tmp_path) as services:
        yield services


def words(client: FlaskClient, path: str = "/") -> str:
    """What a page says, each space a plain one."""
    return re.sub(r"\s+", " ", client.get(path).text)


def test_a_run_is_on_the_next_page(house: Services, tmp_path: Path) -> None:
    client = dashboard(house).test_client()
    before = words(client)
    files = lay_into(tmp_path / "new", [ordinary_run(days_before(0), distance_m=3_300.0)])
    house.runner_service.take_in(list(collect(files)), now=NOW, on_result=lambda *_: None)
    house.runner_service.evaluate(NOW)

    assert ("3.3 km" in before, "3.3 km" in words(client)) == (False, True)


def test_pain_is_on_the_next_page(house: Services) -> None:
    client = dashboard(house).test_client()
    before = words(client)
    report = PainReport(TODAY, BodySite.GROIN, Side.LEFT, during=4, answers=NOES | {"groin-night": True})
    house.care_service.report_pain(report, NOW)

    assert ("See a professional" in before, "See a professional" in words(client)) == (False, True)


def test_a_rule_that_was_told_to_be_quiet_is_quiet_on_the_next_page(house: Services) -> None:
    client = dashboard(house).test_client()
    before = words(client)
    Answers(house.database, house.runner_service.runner.id).snooze(
        ["single_run_spike"], until=NOW + timedelta(days=7), now=NOW
    )

    assert "As you asked" not in before
    assert "As you asked" in words(client)


def test_another_process_is_noticed(house: Services) -> None:
    client = dashboard(house).test_client()
    before = words(client)
    other = Database.open(f"sqlite:///{house.home.database}")
    Answers(other, house.runner_service.runner.id).snooze(
        ["single_run_spike"], until=NOW + timedelta(days=7), now=NOW
    )
    other.close()

    assert ("As you asked" in before, "As you asked" in words(client)) == (False, True)


def test_the_next_day_is_on_the_next_page(house: Services) -> None:
    times = [NOW]
    client = dashboard(house, clock=lambda: times[-1]).test_client()
    before = words(client)
    times.append(NOW + timedelta(days=1))

    assert ("12 May" in before, "13 May" in words(client)) == (True, True)


@pytest.mark.parametrize("path", ["/", "/calendar", "/training", "/form", "/findings", "/rules", "/runs/1"])
def test_the_pages_that_are_read_most_are_kept(house: Services, path: str) -> None:
    client = dashboard(house).test_client()
    client.get(path)

    assert client.get(path).headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["/pain", "/files", "/care/seen", "/plan"])
def test_a_page_with_something_to_type_into_is_stored_nowhere(house: Services, path: str) -> None:
    client = dashboard(house).test_client()
    client.get(path)

    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_without_a_source_that_knows_nothing_is_kept() -> None:
    client = create_app(FakeSource(), clock=lambda: NOW).test_client()

    assert [client.get("/").headers["Cache-Control"] for _ in range(2)] == ["no-store"] * 2


def test_a_choice_of_the_runner_is_on_the_next_page(house: Services) -> None:
    client = dashboard(house).test_client()
    before = words(client)
    InstallationSettings(house).chooser.choose({"runner.units": "imperial"}, NOW)

    assert ("(km)" in before, "(mi)" in before) == (True, False)
    assert "(mi)" in words(client)
