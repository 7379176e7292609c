"""The settings page: what it shows, what it keeps, what it never says, and the rules' own."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app_fixtures import NOW, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.services import Services
from config.settings.precedence import OF_THE_RUNNER
from dashboard_client import whole
from html_outline import Outline
from ingest.files.sources import collect
from web.pages.settings.sections import FIELDS, SETTING_SECTIONS, time_zones

SECRET = b"x" * 32
SPIKE = "/rules/single_run_spike"
LAX = {"notice_ratio": "8", "caution_ratio": "9", "high_ratio": "10"}


MAIL = {"host": "mail.example.org", "user": "ada", "password": "correct horse"}
WEBHOOK = {"url": "https://hooks.example.org/services/T0KEN", "secret": "battery staple twice"}


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten steady weeks and a run a fifth longer."""
    folder: Path = tmp_path_factory.mktemp("furnished")
    with open_house(folder / "home", mail=MAIL, webhook=WEBHOOK) as services:
        files = [*steady_weeks(), ordinary_run(days_before(1), distance_m=12_100.0, duration_s=2_700)]
        sources = list(collect(lay_into(folder / "files", files)))
        services.runner_service.take_in(sources, now=NOW, on_result=lambda *_: None)
        services.runner_service.evaluate(NOW)
    return folder / "home"


@pytest.fixture
def house(furnished: Path, tmp_path: Path) -> Iterator[Services]:
    """The same house for each test, with secrets in its settings."""
    shutil.copytree(furnished, tmp_path / "home")
    with open_house(tmp_path / "home", mail=MAIL, webhook=WEBHOOK) as services:
        yield services


@pytest.fixture
def app(house: Services) -> Flask:
    return whole(house)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def page(client: FlaskClient, path: str = "/settings") -> Outline:
    answer = client.get(path)
    assert answer.status_code == 200
    return Outline(answer.get_data(as_text=True))


def typed(section: str, house: Services, **changes: str) -> dict[str, str]:
    """A section's form as a browser would send it, with some of its fields typed over."""
    settings = house.choices.all()
    fields = next(one.fields for one in SETTING_SECTIONS if one.name == section)
    values = {field.name: field.text(settings[field.name].value) for field in fields}
    sent = values | {name.replace("__", "."): value for name, value in changes.items()}
    return {name: value for name, value in sent.items() if value or FIELDS[name].kind != "check"}


def save(client: FlaskClient, section: str, form: dict[str, str]) -> TestResponse:
    return client.post(f"/settings/section/{section}", data=form)


def test_every_choice_of_a_runner_has_its_field() -> None:
    assert {*FIELDS, "rules.off"} == set(OF_THE_RUNNER)


def test_the_page_is_whole(client: FlaskClient) -> None:
    shown = page(client)

    assert (shown.misplaced, shown.open) == ([], [])


def test_no_secret_is_ever_shown(client: FlaskClient) -> None:
    body = client.get("/settings").get_data(as_text=True) + client.get("/settings/hipwatch.json").get_data(
        as_text=True
    )

    assert not [word for word in ("correct horse", "battery staple", "T0KEN") if word in body]


def test_what_is_the_servers_is_shown_and_has_no_field(client: FlaskClient) -> None:
    body = client.get("/settings").get_data(as_text=True)

    assert "mail.example.org" in body
    assert not re.search(r'name="(web|database|webhook|inbox|schedule)\.', body)
    assert 'name="mail.host"' not in body


def test_a_section_as_it_stands_changes_nothing(client: FlaskClient, house: Services) -> None:
    for section in SETTING_SECTIONS:
        save(client, section.name, typed(section.name, house))

    assert house.layers.preferences.chosen() == {}


def test_what_is_kept_is_said_and_holds(client: FlaskClient, house: Services) -> None:
    form = typed("you", house, runner__units="imperial", runner__time_zone="America/New_York")
    answer = save(client, "you", form)

    assert answer.status_code == 303
    assert house.runner_service.runner.units.abbreviation == "mi"
    assert "Saved." in page(client).text


def test_a_value_says_where_it_comes_from(client: FlaskClient, house: Services) -> None:
    save(client, "emails", typed("emails", house, mail__pause_days="3"))
    body = client.get("/settings").get_data(as_text=True)
    said = dict(re.findall(r'<p class="origin" id="([\w.]+)-origin">([^<]+)', body))

    assert said["mail.pause_days"].strip() == "your choice"
    assert said["runner.name"].strip() == "from the settings file"
    assert said["mail.digest"].strip() == "Default"


def test_a_choice_can_be_let_go_of(client: FlaskClient, house: Services) -> None:
    save(client, "emails", typed("emails", house, mail__pause_days="3"))
    client.post("/settings/back", data={"name": "mail.pause_days"})

    assert house.choices.all()["mail.pause_days"].value == 7


def test_an_unticked_box_is_a_choice(client: FlaskClient, house: Services) -> None:
    save(client, "emails", typed("emails", house, mail__ask_after_silence=""))

    assert house.choices.all()["mail.ask_after_silence"].value is False


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("you", "runner.time_zone", "Atlantis"),
        ("body", "runner.hard_heart_rate_bpm", "much"),
        ("body", "runner.hard_heart_rate_bpm", "900"),
        ("body", "runner.previous_injury", "2026-02-31"),
        ("body", "runner.previous_injury", "2026-05-13"),
        ("emails", "runner.email", "nobody"),
        ("emails", "runner.email", "a@example.org, b@example.org"),
        ("emails", "mail.digest_at", "25:00"),
        ("emails", "mail.pause_days", "-1"),
        ("emails", "mail.pause_days", "1e99"),
        ("emails", "mail.digest", "hourly"),
    ],
)
def test_what_cannot_be_meant_is_named_at_its_field_and_what_was_typed_stays(
    client: FlaskClient, house: Services, section: str, name: str, value: str
) -> None:
    answer = save(client, section, typed(section, house, **{name.replace(".", "__"): value}))
    body = answer.get_data(as_text=True)

    assert answer.status_code == 400
    assert f'id="{name}-problem"' in body
    assert f'<a href="#{name}">' in body
    assert f'aria-describedby="{name}-problem' in body
    assert f'value="{value}"' in body or FIELDS[name].kind == "select"
    assert house.layers.preferences.chosen() == {}


def test_what_is_typed_is_hostile_text(client: FlaskClient, house: Services) -> None:
    hostile = "<script>alert(1)</script>{runner}"
    save(client, "you", typed("you", house, runner__name=hostile))
    body = client.get("/settings").get_data(as_text=True)
    refused = save(client, "you", typed("you", house, runner__time_zone=hostile)).get_data(as_text=True)

    assert "<script>alert" not in body + refused


def test_a_change_can_be_looked_at_before_it_is_kept(client: FlaskClient, house: Services) -> None:
    form = typed("body", house, runner__previous_injury="2026-01-10") | {"look": "yes"}
    body = save(client, "body", form).get_data(as_text=True)

    assert "one changes its level" in body
    assert 'value="2026-01-10"' in body
    assert house.layers.preferences.chosen() == {}


def test_without_its_token_nothing_is_kept(app: Flask, house: Services) -> None:
    client = app.test_client()
    for path in ("/settings/section/you", "/settings/back", "/settings/feed", SPIKE, f"{SPIKE}/switch"):
        assert client.post(path, data={"runner.units": "imperial"}).status_code == 400

    assert house.layers.preferences.chosen() == {}


def test_a_chosen_language_goes_before_what_was_pressed_in_the_foot(
    client: FlaskClient, house: Services
) -> None:
    client.get("/settings?lang=en")
    save(client, "you", typed("you", house, runner__language="de"))

    assert '<html lang="de">' in client.get("/settings").get_data(as_text=True)


def test_an_address_of_the_feed_is_shown_once(client: FlaskClient) -> None:
    client.post("/settings/feed", data={"least": "notice"})
    first, second = (client.get("/settings").get_data(as_text=True) for _ in range(2))
    token = re.search(r"/feed/([\w-]+)\.atom", first)

    assert token
    assert client.get(f"/feed/{token[1]}.atom").status_code == 200
    assert token[1] not in second


def test_the_export_holds_everything_that_is_stored(client: FlaskClient, house: Services) -> None:
    answer = client.get("/settings/hipwatch.json")
    taken = json.loads(answer.data)

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert len(taken["activities"]) == len(house.runner_service.store.activities())
    assert [one["kind"] for one in taken["findings"]] == ["single_run_spike"]


def test_the_page_says_how_much_lies_where(client: FlaskClient, house: Services) -> None:
    said = page(client).text

    assert str(house.home.folder) in said
    assert re.search(r"archive \d[\d.]* [kM]B", said)


def test_every_time_zone_of_the_list_is_one(house: Services) -> None:
    assert "Europe/Berlin" in time_zones()
    assert house.choices.choose({"runner.time_zone": time_zones()[-1]}, NOW).problems == {}


def test_numbers_of_a_rule_are_kept_after_they_were_tried(client: FlaskClient, house: Services) -> None:
    tried = client.get(f"{SPIKE}?notice_ratio=1.15").get_data(as_text=True)
    client.post(SPIKE, data={"notice_ratio": "1.15"})
    shown = page(client, SPIKE).text

    assert "Save these numbers" in tried
    assert house.choices.all()["detectors.single_run_spike.notice_ratio"].value == 1.15
    assert "now 1.15, default 1.1" in shown
    assert re.search(r"notice_ratio from 1\.1 to 1\.15", shown)


def test_numbers_of_a_rule_go_back(client: FlaskClient, house: Services) -> None:
    client.post(SPIKE, data={"notice_ratio": "1.15"})
    client.post(f"{SPIKE}/back")

    assert house.choices.all()["detectors.single_run_spike.notice_ratio"].value == 1.1


def test_numbers_that_leave_nothing_to_hear_say_so_and_are_kept_only_by_who_knows(
    client: FlaskClient, house: Services
) -> None:
    refused = client.post(SPIKE, data=LAX)
    untouched = house.layers.preferences.chosen()
    client.post(SPIKE, data=LAX | {"knows": "yes"})

    assert refused.status_code == 400
    assert "nearly the same as turning it off" in refused.get_data(as_text=True)
    assert untouched == {}
    assert "nearly the same as turning it off" in page(client, SPIKE).text


@pytest.mark.parametrize("data", [{"notice_ratio": "99"}, {"notice_ratio": "x"}, {"notice_ratio": "2"}])
def test_numbers_that_cannot_be_are_not_kept(
    client: FlaskClient, house: Services, data: dict[str, str]
) -> None:
    answer = client.post(SPIKE, data=data | {"knows": "yes"})

    assert (answer.status_code, house.layers.preferences.chosen()) == (400, {})


def test_kept_numbers_do_not_open_the_bounds_further(client: FlaskClient) -> None:
    client.post(SPIKE, data=LAX | {"knows": "yes"})
    answer = client.post(SPIKE, data={"high_ratio": "50", "knows": "yes"})

    assert answer.status_code == 400


def test_a_rule_is_switched_off_and_on_by_its_own_switch(client: FlaskClient, house: Services) -> None:
    client.post(f"{SPIKE}/switch", data={"state": "off"})
    off = (
        page(client, SPIKE).text,
        house.runner_service.alert_store.since(date.min),
        page(client, "/rules").text,
    )
    client.post(f"{SPIKE}/switch", data={"state": "on"})

    assert "This rule is off." in off[0]
    assert off[2].count("Off.") == 1
    assert off[1] == []
    assert [alert.kind for alert in house.runner_service.alert_store.since(date.min)] == ["single_run_spike"]
    assert house.choices.all()["rules.off"].origin == "default"


def test_a_rule_says_what_is_not_told_while_it_is_off(client: FlaskClient) -> None:
    assert "You’ll no longer be alerted to a run much longer" in page(client, SPIKE).text


@pytest.mark.parametrize("kind", ["pain", "red_flags", "nothing"])
def test_what_is_no_rule_has_no_switch(client: FlaskClient, kind: str) -> None:
    assert client.post(f"/rules/{kind}/switch", data={"state": "off"}).status_code == 404


def test_the_first_page_follows_a_change_at_once(client: FlaskClient) -> None:
    before = client.get("/").get_data(as_text=True)
    client.post(SPIKE, data={"notice_ratio": "1.25", "knows": "yes"})
    after = client.get("/").get_data(as_text=True)

    assert "single_run_spike/" in before
    assert "single_run_spike/" not in after


def test_the_page_says_how_the_runner_is_told(client: FlaskClient) -> None:
    said = page(client).text

    assert "To ada@example.org, through mail.example.org." in said
    assert "webhook From Caution on." in said


@pytest.mark.parametrize("kind", ["sort", "rule"])
def test_what_was_stopped_can_be_told_again(client: FlaskClient, house: Services, kind: str) -> None:
    house.answers.stop("digest", now=NOW)
    house.answers.snooze(["form_fade"], until=NOW + timedelta(days=9), now=NOW)
    what = {"sort": "digest", "rule": "form_fade"}[kind]
    before = page(client).text
    client.post("/settings/resume", data={"kind": kind, "what": what})

    assert "Fade in long runs: muted until" in before
    assert {"sort": house.answers.stopped(), "rule": house.answers.snoozed(NOW)}[kind] in (frozenset(), {})


def test_nothing_else_is_resumed(client: FlaskClient) -> None:
    assert client.post("/settings/resume", data={"kind": "sort", "what": "x"}).status_code == 404


@pytest.mark.parametrize(("bpm", "is_deaf"), [("150", False), ("220", True), ("", False)])
def test_a_threshold_that_no_run_reaches_says_so(
    client: FlaskClient, house: Services, bpm: str, *, is_deaf: bool
) -> None:
    save(client, "body", typed("body", house, runner__hard_heart_rate_bpm=bpm))

    assert ("Your heart rate hardly ever reaches" in page(client).text) is is_deaf
