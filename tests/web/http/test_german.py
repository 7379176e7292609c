"""The pages in German: no sentence is left in English, and the gate of the red flags holds as well."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app_fixtures import RecordingMailer
from config.composition.services import Services
from dashboard_client import furnished, live_in, raise_flag, whole
from german_words import forbidden_in_german, is_english, pieces_of, slips_in_german

TYPED = {"On the hill only", "Spring half", "Blue road pair", "Grey trail pair", "English"}
"""What the runner of these tests typed, and the language that is offered."""

RUNS = re.compile(r"^/runs/\d+$")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A house in which somebody has run and told something."""
    with furnished(tmp_path_factory.mktemp("house")) as services:
        live_in(services)
        yield services


def german(app: Flask) -> FlaskClient:
    """A visitor whose browser asks for German."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    return client


def walk(client: FlaskClient) -> dict[str, str]:
    """Every page that links lead to from the first one, one run for all of them."""
    found: dict[str, str] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in found or (RUNS.match(path) and any(RUNS.match(known) for known in found)):
            continue
        answer = client.get(path)
        if answer.mimetype != "text/html":
            continue
        found[path] = answer.text
        links = (html.unescape(link) for link in re.findall(r'href="(/[^"#?]*)"', answer.text))
        waiting += [link for link in links if not link.startswith("/static")]
    return found


def test_no_page_says_a_sentence_in_english(house: Services) -> None:
    pages = walk(german(whole(house)))
    left = {
        f"{path}: {piece}"
        for path, page in pages.items()
        for piece in pieces_of(page)
        if is_english(piece) and not any(typed in piece for typed in TYPED)
    }

    assert len(pages) > 50
    assert left == set()


def test_the_same_ears_hear_english_where_it_is_spoken(house: Services) -> None:
    page = whole(house).test_client().get("/").text

    assert sum(map(is_english, pieces_of(page))) > 20


def test_no_page_says_what_is_never_said(house: Services) -> None:
    pages = walk(german(whole(house)))
    shown = {path: " ".join(pieces_of(page)) for path, page in pages.items()}

    assert {path: said for path, text in shown.items() if (said := forbidden_in_german(text))} == {}


@pytest.mark.parametrize("flag", ["groin-night", "fever"])
def test_no_german_page_sends_anybody_out_to_run_under_a_red_flag(tmp_path: Path, flag: str) -> None:
    with furnished(tmp_path) as services:
        live_in(services)
        raise_flag(services, flag)
        pages = walk(german(whole(services)))
    slipped = {path: slips_in_german(" ".join(pieces_of(page))) for path, page in pages.items()}
    about_rules = {path for path in slipped if path.startswith("/rules")}

    assert {path: said for path, said in slipped.items() if said and path not in about_rules} == {}


def test_the_same_house_without_a_red_flag_speaks(house: Services) -> None:
    """So that the scan above is not silent for want of ears."""
    client = german(whole(house))
    said = {
        path: slips_in_german(" ".join(pieces_of(client.get(path).text))) for path in ("/", "/care", "/plan")
    }

    assert [path for path, found in said.items() if not found] == []


def test_what_a_letters_links_lead_to_speaks_its_runners_language(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    german_runner = {"runner": {"language": "de"}, "web": {"url": "http://localhost"}}
    with furnished(tmp_path, mailer=mailer, **german_runner) as services:
        body = mailer.emails[0].get_body(("plain",))
        assert body is not None
        links = sorted(set(re.findall(r"http://localhost(/answer/\S+)", body.get_content())))
        client = whole(services).test_client()
        pages = {link: client.get(link).text for link in links}
    left = {link: piece for link, page in pages.items() for piece in pieces_of(page) if is_english(piece)}

    assert len(pages) > 5
    assert left == {}
