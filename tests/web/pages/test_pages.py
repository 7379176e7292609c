"""The pages as a browser gets them, from a source made by hand."""

from __future__ import annotations

import dataclasses
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from alerts.views.overview import Health, Overview
from html_outline import Outline
from overview_samples import (
    CADENCE,
    EMPTY,
    EVIL,
    HOSTILE,
    NOW,
    SPIKE_TODAY,
    STATES,
    STEADY,
    FakeSource,
    clock,
    spike,
)
from web.app import create_app

FINDING = f"/findings/{spike().key}"


def client_of(overview: Overview = SPIKE_TODAY) -> FlaskClient:
    """Put an overview behind the pages."""
    return create_app(FakeSource(overview), clock=clock).test_client()


def outline(path: str = "/", overview: Overview = SPIKE_TODAY) -> Outline:
    """Read a page."""
    return Outline(client_of(overview).get(path).get_data(as_text=True))


@pytest.mark.parametrize("overview", STATES.values(), ids=STATES.keys())
def test_every_state_of_the_first_page_is_sound_html(overview: Overview) -> None:
    page = outline("/", overview)

    assert (page.misplaced, page.open) == ([], [])
    assert (page.count("h1"), page.count("main"), page.values("lang", "html")) == (1, 1, ["en"])
    assert "width=device-width, initial-scale=1" in page.values("content", "meta")


@pytest.mark.parametrize("path", [FINDING, f"/findings/{CADENCE.key}", "/nothing-here"])
def test_every_other_page_is_sound_html(path: str) -> None:
    page = outline(path)

    assert (page.misplaced, page.open, page.count("h1")) == ([], [], 1)


@pytest.mark.parametrize("path", ["/", FINDING])
def test_no_name_within_a_page_is_given_twice(path: str) -> None:
    names = outline(path).values("id")

    assert len(names) == len(set(names))


@pytest.mark.parametrize("overview", STATES.values(), ids=STATES.keys())
def test_no_link_of_the_first_page_is_dead(overview: Overview) -> None:
    client = client_of(overview)
    page = outline("/", overview)
    names = page.values("id")
    dead = [
        link
        for link in page.values("href")
        if (link[1:] not in names if link.startswith("#") else _answer_to(client, link) != 200)
    ]

    assert dead == []


def _answer_to(client: FlaskClient, link: str) -> int:
    return client.get(urljoin("/", link), follow_redirects=True).status_code


def test_the_first_page_leads_with_the_act_and_links_to_its_reason() -> None:
    page = outline()

    assert "Rest, or run at most 30 minutes very easily, until Wednesday." in page.text
    assert FINDING in page.values("href", "a")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("steady", "Up to 11.6 km is within your range."),
        ("returning", "Up to 5.3 km is within your range."),
        ("too little", "Run as you usually do; there isn’t enough yet to compare with."),
        ("mail dead", "3 emails couldn’t be sent and won’t be retried."),
        ("empty", "Add your watch’s files."),
    ],
)
def test_each_state_says_its_sentence(state: str, sentence: str) -> None:
    assert sentence in outline("/", STATES[state]).text


def test_an_open_finding_says_level_strength_and_act() -> None:
    text = outline().text

    assert "Notice Cadence lower at the same pace Sat 4 May · Weak evidence · study of 45 runners" in text


def test_a_quiet_page_says_that_nothing_stands_out() -> None:
    assert "Nothing in your last runs stands out" in outline("/", STEADY).text


def test_a_run_with_too_much_to_it_names_its_finding_in_the_list() -> None:
    assert "Today 07:42 Run" in outline().text
    assert "Caution: One run much longer" in outline().text


def test_the_first_run_page_teaches_three_ways_and_names_the_inbox() -> None:
    named = dataclasses.replace(EMPTY, files=dataclasses.replace(EMPTY.files, inbox="/srv/runs/inbox"))

    text = outline("/", named).text

    assert all(way in text for way in ("/srv/runs/inbox", "hipwatch import PATH", "hipwatch demo"))


def test_a_finding_is_explained_from_end_to_end() -> None:
    text = outline(FINDING).text

    for part in (
        "Sunday’s 14.2 km was 34 % longer",
        "Longest run of the 30 days before 10.6 km",
        "Moderate evidence",
        "Against One cohort",
        "What it does not show That the long run was the cause",
        "Two quiet days",
        "How much Once, straight after the run",
        "When to stop, for all of this. Stop if pain is sharp or rising",
        "Up to 11.6 km on that day wouldn’t have triggered this.",
        "not medical advice",
    ):
        assert part in text


@pytest.mark.parametrize("key", ["single_run_spike/2020-01-01", "x", "..%2f..%2fetc", "%00", EVIL])
def test_an_unknown_finding_is_a_plain_404(key: str) -> None:
    response = client_of().get(f"/findings/{key}")

    assert response.status_code == 404
    assert "Page not found." in response.get_data(as_text=True)


def test_hostile_text_stays_text() -> None:
    client = client_of(HOSTILE)

    for path in ("/", FINDING):
        source = client.get(path).get_data(as_text=True)

        assert "<script" not in source
        assert "&lt;script&gt;" in source


def test_a_hostile_inbox_stays_text() -> None:
    source = client_of(dataclasses.replace(HOSTILE, training_status=None)).get("/").get_data(as_text=True)

    assert "<script" not in source


def test_a_failure_says_what_is_kept() -> None:
    class Broken(FakeSource):
        def overview(self, now: object) -> Overview:
            raise RuntimeError(now)

    response = create_app(Broken(), clock=clock).test_client().get("/")

    assert response.status_code == 500
    assert "Your runs and alerts are safe." in response.get_data(as_text=True)


def test_a_page_asks_for_the_time_of_its_request() -> None:
    asked: list[object] = []

    class Listening(FakeSource):
        def overview(self, now: object) -> Overview:
            asked.append(now)
            return STEADY

    create_app(Listening(), clock=clock).test_client().get("/")

    assert asked == [NOW]


@pytest.mark.parametrize(("is_late", "status", "word"), [(False, 200, "ok"), (True, 503, "late")])
def test_a_monitor_reads_whether_the_work_is_done(*, is_late: bool, status: int, word: str) -> None:
    source = FakeSource(answer=Health(is_late=is_late, last_tick_at=NOW, mail_queued=2, mail_dead=1))

    response = create_app(source, clock=clock).test_client().get("/healthz")

    assert response.status_code == status
    assert response.get_json() == {
        "status": word,
        "last_tick_at": "2024-05-12T14:20:00+00:00",
        "mail_queued": 2,
        "mail_dead": 1,
        "mail_stuck": 0,
    }


def test_a_monitor_hears_that_letters_do_not_leave() -> None:
    source = FakeSource(answer=Health(is_late=False, last_tick_at=NOW, mail_queued=2, mail_stuck=2))

    response = create_app(source, clock=clock).test_client().get("/healthz")

    assert (response.status_code, response.get_json()["status"]) == (503, "mail is stuck")
