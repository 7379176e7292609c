"""A page speaks what was pressed in its foot, else its runner's language, else the browser's."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from alerts.text.i18n import current_language
from app_fixtures import NOW, open_house
from dashboard_client import SECRET
from overview_samples import FakeSource, clock
from web.app import create_app
from web.http.language import COOKIE


@pytest.fixture
def client() -> FlaskClient:
    return create_app(FakeSource(), clock=clock).test_client()


def language_of(page: str) -> str:
    return page.partition('<html lang="')[2][:2]


@pytest.mark.parametrize(
    ("wanted", "spoken_then"),
    [("de-AT,de;q=0.9,en;q=0.5", "de"), ("en-GB", "en"), ("fr, de;q=0.3", "de"), ("fr", "en"), ("", "en")],
)
def test_a_page_speaks_the_browsers_language_where_it_can(
    client: FlaskClient, wanted: str, spoken_then: str
) -> None:
    page = client.get("/", headers={"Accept-Language": wanted}).text

    assert language_of(page) == spoken_then


def test_the_runners_own_language_goes_before_the_browsers(tmp_path: Path) -> None:
    with open_house(tmp_path, runner={"language": "de"}) as house:
        app = create_app(house.dashboard, clock=lambda: NOW, care_service=house.care_service, secret=SECRET)
        page = app.test_client().get("/", headers={"Accept-Language": "en"}).text

    assert language_of(page) == "de"


def test_what_was_pressed_in_the_foot_is_kept_by_the_browser(client: FlaskClient) -> None:
    client.get("/?lang=de")

    assert language_of(client.get("/", headers={"Accept-Language": "en"}).text) == "de"


def test_a_language_that_nobody_speaks_changes_nothing(client: FlaskClient) -> None:
    answer = client.get("/?lang=../../etc/passwd")

    assert (language_of(answer.text), COOKIE in answer.headers.get("Set-Cookie", "")) == ("en", False)


def test_the_foot_leads_to_the_same_page_in_every_other_language(client: FlaskClient) -> None:
    page = client.get("/calendar?sport=running&lang=de").text

    assert 'href="?sport=running&amp;lang=en" lang="en" hreflang="en">English</a>' in page
    assert '<span lang="de">Deutsch</span>' in page


@pytest.mark.parametrize("path", ["/%5Cevil.example", "/%09/evil.example", "/%2F/evil.example"])
def test_the_foot_of_a_page_that_is_not_there_leads_nowhere_else(client: FlaskClient, path: str) -> None:
    page = client.get(path).text

    assert 'href="?lang=de"' in page
    assert "evil.example" not in page


def test_a_refusal_speaks_the_language_too(client: FlaskClient) -> None:
    answer = client.get("/no-such-page", headers={"Accept-Language": "de"})

    assert (answer.status_code, language_of(answer.text)) == (404, "de")


def test_nothing_is_spoken_on_after_the_answer(client: FlaskClient) -> None:
    client.get("/?lang=de")

    assert current_language() == "en"
