"""The pages on which the runner tells something: what they take in, refuse, give back and keep quiet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from alerts.care.catalogue.loading import load_care
from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PlannedRun, SeenTo, Shoe
from app_fixtures import NOW, open_house
from config.composition.services import Services
from config.settings.load import parse_settings
from dashboard_client import SECRET, TODAY, dashboard, furnished, raise_flag, send, token_in
from forbidden_words import forbidden_in
from pdf_text import read_out
from red_flag_words import german_slips, slips
from web.app import create_app
from web.charts.hip_diagram import SPOTS, views

EVIL = '<script>alert("x")</script>\u202e'
PAGES = (
    "/",
    "/pain",
    "/care",
    "/care/seen",
    "/care/routines",
    "/care/routines?area=front",
    "/care/routines/TRK-SIDE",
    "/care/routines/LOAD-48H",
    "/plan",
    "/shoes",
    "/physio",
)
PAIN = {"spot": "knee-left", "day": TODAY.isoformat(), "during": "2", "flag": "none"}
RUN = {"day": (TODAY + timedelta(days=9)).isoformat(), "distance": "12,5", "kind": "race", "name": "Spring"}
LAST_YEAR = timedelta(days=365)
SHOE = {"name": "Blue", "first_day": TODAY.isoformat(), "note_at": "600"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    """Open a house without a run."""
    with open_house(tmp_path) as services:
        yield services


@pytest.fixture
def client(house: Services) -> FlaskClient:
    """Visit it."""
    return dashboard(house).test_client()


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Open a house in which there is something to see."""
    with furnished(tmp_path_factory.mktemp("full")) as services:
        journal = services.care_service.journal
        journal.planned.add(PlannedRun(TODAY + timedelta(days=9), 21_000.0, name=EVIL), now=NOW)
        journal.shoes.add(Shoe(EVIL, TODAY - timedelta(days=30)), now=NOW)
        yield services


def plain(page: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


# Nothing is taken in without a token


def routes(services: Services) -> list[tuple[str, str]]:
    rules = dashboard(services).url_map.iter_rules()
    return [
        (re.sub(r"<[^>]+>", "1", rule.rule), method)
        for rule in rules
        for method in rule.methods or ()
        if method not in {"GET", "HEAD"}
    ]


def test_there_are_forms_at_all(full: Services) -> None:
    assert len(routes(full)) >= 12


def test_no_route_takes_anything_without_a_token(full: Services) -> None:
    client = dashboard(full).test_client()
    answers = {(path, client.open(path, method=method).status_code) for path, method in routes(full)}

    assert {status for _, status in answers} == {400}


def test_the_token_of_another_browser_opens_nothing(client: FlaskClient, house: Services) -> None:
    other = dashboard(house).test_client()
    stolen = token_in(other.get("/pain").text)
    client.get("/pain")

    assert client.post("/pain", data={**PAIN, "csrf_token": stolen}).status_code == 400
    assert house.care_service.journal.pain.since(TODAY) == []


def test_what_another_site_sends_is_refused_though_it_had_the_token(client: FlaskClient) -> None:
    response = send(client, "/pain", "/pain", PAIN, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403


def test_a_form_without_its_token_says_what_to_do(client: FlaskClient) -> None:
    page = client.post("/pain", data=PAIN).text

    assert "nothing was changed" in page
    assert "reload the page" in page


def test_forms_need_a_secret(house: Services) -> None:
    with pytest.raises(ValueError, match="secret"):
        create_app(house.dashboard, clock=lambda: NOW, care_service=house.care_service, secret=b"short")


def test_more_than_a_form_is_refused(client: FlaskClient) -> None:
    response = send(client, "/pain", "/pain", {**PAIN, "note": "x" * 70_000})

    assert response.status_code == 413


def test_the_cookie_is_out_of_reach(client: FlaskClient) -> None:
    cookie = client.get("/pain").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_page_without_a_form_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/training").headers


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_strict_policy(full: Services, path: str) -> None:
    response = dashboard(full).test_client().get(path)

    assert response.status_code == 200
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == ("private, no-cache" if path == "/" else "no-store")


@pytest.mark.parametrize("path", PAGES)
def test_hostile_text_is_shown_as_text(full: Services, path: str) -> None:
    assert "<script" not in dashboard(full).test_client().get(path).text


@pytest.mark.parametrize("path", PAGES)
def test_no_page_says_what_hipwatch_never_says(full: Services, path: str) -> None:
    assert forbidden_in(plain(dashboard(full).test_client().get(path).text)) == []


# Pain


def test_a_pain_is_kept_and_the_page_says_so(client: FlaskClient, house: Services) -> None:
    response = send(client, "/pain", "/pain", PAIN, follow_redirects=True)
    kept = house.care_service.journal.pain.since(TODAY)

    assert response.history[0].status_code == 303
    assert [(e.report.place, e.report.side, e.report.during) for e in kept] == [(BodySite.KNEE, Side.LEFT, 2)]
    assert "Saved." in response.text


def test_the_other_side_makes_it_both(client: FlaskClient, house: Services) -> None:
    send(client, "/pain", "/pain", {**PAIN, "both": "yes"})

    assert house.care_service.journal.pain.since(TODAY)[0].report.side is Side.BOTH


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"spot": ""}, "Choose where it hurts"),
        ({"spot": "tail-left"}, "Choose where it hurts"),
        ({"during": ""}, "Say how much it hurt"),
        ({"during": "11"}, "from 0 to 10"),
        ({"flag": ""}, "None of these"),
        ({"flag": ["none", "fever"]}, "choose one"),
        ({"day": (TODAY + timedelta(days=1)).isoformat()}, "one of the last 60 days"),
        ({"day": "yesterday"}, "Enter a day"),
        ({"note": "x" * 501}, "under 500"),
    ],
)
def test_a_pain_that_lacks_something_comes_back_with_what_was_typed(
    client: FlaskClient, house: Services, change: dict[str, str], message: str
) -> None:
    response = send(client, "/pain", "/pain", {**PAIN, "note": "after the hill", **change})

    assert response.status_code == 400
    assert message in unescape(response.text)
    assert change.get("note") or "after the hill" in response.text
    assert house.care_service.journal.pain.since(TODAY - timedelta(days=99)) == []


def test_a_hostile_note_is_kept_as_text(client: FlaskClient) -> None:
    page = send(client, "/pain", "/pain", {**PAIN, "note": EVIL}, follow_redirects=True).text

    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "\u202e" not in page


def test_the_morning_after_completes_an_entry(client: FlaskClient, house: Services) -> None:
    send(client, "/pain", "/pain", {**PAIN, "day": (TODAY - timedelta(days=1)).isoformat()})
    number = house.care_service.journal.pain.since(TODAY - timedelta(days=1))[0].id
    send(client, "/pain", f"/pain/{number}/morning", {"score": "3", "flags": "none"})

    assert house.care_service.journal.pain.find(number).report.next_morning == 3


def test_a_morning_is_kept_only_with_an_answer_to_the_questions(client: FlaskClient, house: Services) -> None:
    send(client, "/pain", "/pain", {**PAIN, "day": (TODAY - timedelta(days=1)).isoformat()})
    number = house.care_service.journal.pain.since(TODAY - timedelta(days=1))[0].id
    send(client, "/pain", f"/pain/{number}/morning", {"score": "3"})

    assert house.care_service.journal.pain.find(number).report.next_morning is None


def test_a_morning_with_a_yes_asks_the_questions_with_what_is_known_filled_in(
    client: FlaskClient, house: Services
) -> None:
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    send(client, "/pain", "/pain", {**PAIN, "day": yesterday})
    number = house.care_service.journal.pain.since(TODAY - timedelta(days=1))[0].id
    answer = send(client, "/pain", f"/pain/{number}/morning", {"score": "3", "flags": "some"})
    page = client.get(answer.headers["Location"]).text

    assert house.care_service.journal.pain.find(number).report.next_morning is None
    assert 'value="knee-left" checked' in page
    assert 'name="next_morning" value="3" checked' in page
    assert f'value="{yesterday}"' in page


def test_an_entry_leads_to_the_run_before_it(full: Services) -> None:
    visitor = dashboard(full).test_client()
    send(visitor, "/pain", "/pain", PAIN)
    last = full.runner_service.store.latest(1)[0]

    assert f'href="/runs/{last.id}">The run before: yesterday' in visitor.get("/pain").text


def test_an_entry_can_be_taken_out(client: FlaskClient, house: Services) -> None:
    send(client, "/pain", "/pain", PAIN)
    number = house.care_service.journal.pain.since(TODAY)[0].id
    send(client, "/pain", f"/pain/{number}/withdraw", {})

    assert house.care_service.journal.pain.since(TODAY) == []


@pytest.mark.parametrize(("act", "flags"), [("morning", "none"), ("morning", "some"), ("withdraw", "")])
def test_an_entry_that_is_not_there_is_not_found(client: FlaskClient, act: str, flags: str) -> None:
    assert send(client, "/pain", f"/pain/99/{act}", {"score": "3", "flags": flags}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/pain/{}/morning", "/pain/{}/withdraw", "/plan/{}/withdraw", "/plan/calendar/{}/revoke"]
)
def test_a_number_that_no_database_has_is_not_found(client: FlaskClient, path: str) -> None:
    form = {"score": "3", "flags": "none"}

    assert [send(client, "/pain", path.format(n), form).status_code for n in (2**63, 2**80)] == [404, 404]


def test_every_place_has_its_button_and_all_but_elsewhere_a_shape() -> None:
    shapes = {region.spot.value for view in views() for region in view.regions}

    assert shapes == {spot.value for spot in SPOTS if spot.place is not BodySite.ELSEWHERE}


def test_every_shape_lights_up_when_it_is_chosen() -> None:
    style = (Path(__file__).parents[3] / "web" / "static" / "care.css").read_text(encoding="utf-8")
    shapes = {region.spot.value for view in views() for region in view.regions}

    assert set(re.findall(r'#spot-([\w-]+):checked\) \[for="spot-\1"\]', style)) == shapes


# Red flags


def test_a_yes_changes_every_page_to_the_professional(client: FlaskClient, house: Services) -> None:
    send(client, "/pain", "/pain", {**PAIN, "flag": "groin-night"})
    act = house.care_service.page(NOW).red_flag_lock

    assert act is not None
    assert [path for path in (*PAGES, "/nothing-here") if act.act not in client.get(path).text] == []


@pytest.mark.parametrize("flag", ["groin-night", "fever"])
def test_no_page_shows_a_routine_or_run_on_words_under_a_red_flag(tmp_path: Path, flag: str) -> None:
    with furnished(tmp_path) as services:
        services.care_service.journal.routines.done("GLU-BRIDGE", TODAY, now=NOW)
        services.care_service.journal.planned.add(PlannedRun(TODAY + timedelta(days=9), 21_000.0), now=NOW)
        raise_flag(services, flag)
        client = dashboard(services).test_client()
        said = {path: told_at(client, path) for path in {*PAGES, *readable(services)}}

    # the page of a rule names its numbers, of which one is called so
    found = {
        path: set(slips(text)) - ({"ceiling"} if path == "/rules/two_week_ramp" else set())
        for path, text in said.items()
    }
    assert {path: words for path, words in found.items() if words} == {}


def test_nothing_slips_through_in_another_language(tmp_path: Path) -> None:
    with furnished(tmp_path) as services:
        client = dashboard(services).test_client()
        shown = german_slips(plain(client.get("/care?lang=de").text))
        raise_flag(services)
        said = {path: told_at(client, path) for path in readable(services)}

    assert shown != []
    assert load_care(language="de").routines["PRO-SOON"].title in said["/care"]
    assert {path: words for path, text in said.items() if (words := german_slips(text))} == {}


def readable(services: Services) -> set[str]:
    """Every address that can be read without knowing more, whoever made its page."""
    rules = dashboard(services).url_map.iter_rules()
    named = {rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments}
    runner_service = services.runner_service
    return {
        *named,
        *(f"/findings/{one.key}" for one in runner_service.alert_store.since(TODAY - LAST_YEAR)),
        *(f"/rules/{rule.kind}" for rule in runner_service.detectors),
        *(f"/runs/{one.id}" for one in runner_service.store.latest(3)),
        *(f"/care/routines/{name}" for name in runner_service.care.routines),
        *(f"/calendar/{TODAY.year}-{TODAY.month + ahead:02}" for ahead in (-1, 0, 1)),
    }


def told_at(client: FlaskClient, path: str) -> str:
    """What an address says, on a page or on paper."""
    response = client.get(path)
    return read_out(response.data) if response.mimetype == "application/pdf" else plain(response.text)


def test_every_page_that_can_be_read_keeps_to_the_vocabulary(full: Services) -> None:
    client = dashboard(full).test_client()
    found = {path: forbidden_in(told_at(client, path)) for path in readable(full)}

    assert {path: words for path, words in found.items() if words} == {}


def test_no_drawing_is_shown_under_a_red_flag(client: FlaskClient, house: Services) -> None:
    raise_flag(house)

    assert [path for path in PAGES if 'class="pose"' in client.get(path).text] == []


def test_no_routine_can_be_ticked_under_a_red_flag(client: FlaskClient, house: Services) -> None:
    raise_flag(house)

    assert send(client, "/pain", "/care/done", {"routine": "GLU-BRIDGE"}).status_code == 404


def test_once_it_was_seen_to_the_way_back_begins(client: FlaskClient, house: Services) -> None:
    raise_flag(house)
    form = {"by": "Dr Ruiz", "day": TODAY.isoformat()}
    response = send(client, "/care/seen", "/care/seen", form, follow_redirects=True)

    assert response.request.path == "/plan"
    assert house.care_service.page(NOW).red_flag_lock is None
    assert house.care_service.journal.seen_to.all()[0].by == "Dr Ruiz"


def test_a_record_that_was_none_can_be_taken_back_and_opens_the_flag_again(
    client: FlaskClient, house: Services
) -> None:
    raise_flag(house)
    seen = {"by": "Dr <b>Ruiz</b>", "day": TODAY.isoformat()}
    send(client, "/care/seen", "/care/seen", seen)
    settled = house.care_service.red_flag_lock()
    page = plain(client.get("/care").text)
    [recorded] = house.care_service.journal.seen_to.all()
    answer = send(client, "/care/seen", f"/care/seen/{recorded.id}/withdraw", {})

    assert settled is None
    assert "seen by Dr <b>Ruiz</b>" in page
    assert answer.status_code == 303
    assert house.care_service.red_flag_lock() is not None


def test_seen_to_by_nobody_is_no_answer(client: FlaskClient, house: Services) -> None:
    raise_flag(house)
    response = send(client, "/care/seen", "/care/seen", {"by": " ", "day": TODAY.isoformat(), "note": "rest"})

    assert response.status_code == 400
    assert "Say who examined you" in response.text
    assert "rest" in response.text
    assert house.care_service.page(NOW).red_flag_lock is not None


@pytest.mark.parametrize("field", ["by", "note"])
def test_more_than_can_be_kept_of_who_saw_it_is_said_at_its_field(
    client: FlaskClient, house: Services, field: str
) -> None:
    raise_flag(house)
    form = {"by": "Dr Ruiz", "day": TODAY.isoformat(), field: "x" * 501}
    response = send(client, "/care/seen", "/care/seen", form)

    assert response.status_code == 400
    assert re.search(rf'id="{field}-problem">Keep the \w+ under', response.text)


# Routines


def test_done_today_is_one_tap_and_twice_is_once(client: FlaskClient, house: Services) -> None:
    name = house.care_service.routine_plan(NOW).ids[0]
    for _ in range(2):
        page = send(client, "/care", "/care/done", {"routine": name}, follow_redirects=True).text

    assert [one.routine for one in house.care_service.journal.routines.since(TODAY)] == [name]
    assert "Done today." in page


def test_today_names_the_routine_and_takes_its_tap(full: Services) -> None:
    visitor = dashboard(full).test_client()
    before = plain(visitor.get("/").text)
    item = next(item for item in full.care_service.routine_plan(NOW).items if item.goal)
    answer = send(visitor, "/", "/care/done", {"routine": item.routine.id, "back": "today"})
    after = plain(visitor.get("/").text)

    assert f"{item.routine.title} · {item.routine.minutes} minutes · 0 of {item.goal} this week" in before
    assert answer.headers["Location"] == "/"
    assert f"1 of {item.goal} this week · done today" in after


def test_today_names_no_routine_under_a_red_flag(tmp_path: Path) -> None:
    with furnished(tmp_path) as services:
        raise_flag(services)
        page = dashboard(services).test_client().get("/").text

    assert "routine-title" not in page


def test_a_tap_leads_nowhere_else_than_it_may(client: FlaskClient, house: Services) -> None:
    [chosen, *_] = house.care_service.routine_plan(NOW).ids
    form = {"routine": chosen, "back": "https://example.org/"}

    assert send(client, "/care", "/care/done", form).headers["Location"] == "/care"


def test_a_tap_can_be_taken_back(client: FlaskClient, house: Services) -> None:
    name = house.care_service.routine_plan(NOW).ids[0]
    send(client, "/care", "/care/done", {"routine": name})
    send(client, "/care", "/care/undone", {"routine": name})

    assert house.care_service.journal.routines.since(TODAY) == []


@pytest.mark.parametrize("name", ["", "NOTHING", "PRO-SOON", EVIL])
def test_what_is_no_routine_cannot_be_done(client: FlaskClient, name: str) -> None:
    assert send(client, "/care", "/care/done", {"routine": name}).status_code == 404


def test_every_routine_is_shown_with_dose_stop_rule_source_and_strength(full: Services) -> None:
    client = dashboard(full).test_client()
    lacking = []
    for routine in full.runner_service.care.routines.values():
        page = plain(client.get(f"/care/routines/{routine.id}").text)
        parts = (routine.dose, routine.stop, routine.source, routine.evidence, *routine.steps)
        lacking += [(routine.id, part) for part in parts if " ".join(part.split()) not in page]

    assert lacking == []


def test_a_programme_shows_and_leads_to_each_of_its_parts(full: Services) -> None:
    programme = full.runner_service.care.routines["PROG-HIPCORE"]
    page = dashboard(full).test_client().get("/care/routines/PROG-HIPCORE").text
    listed = re.findall(r'<a href="/care/routines/([A-Z-]+)">([^<]+)</a>', unescape(page))

    assert listed == list(zip(programme.parts, programme.steps, strict=True))
    assert page.count('class="pose"') == len(programme.parts) == 5


def test_the_catalogue_holds_every_routine(full: Services) -> None:
    page = dashboard(full).test_client().get("/care/routines").text

    assert [name for name in full.runner_service.care.routines if f"/care/routines/{name}" not in page] == []


def test_the_catalogue_can_be_narrowed(full: Services) -> None:
    page = dashboard(full).test_client().get("/care/routines?area=trunk").text

    assert "/care/routines/TRK-SIDE" in page
    assert "/care/routines/STR-HF" not in page


# The plan


def test_a_run_is_looked_at_without_being_kept(full: Services) -> None:
    client = dashboard(full).test_client()
    before = full.care_service.journal.planned.since(TODAY)
    page = send(client, "/plan", "/plan/check", RUN).text

    assert "The race on" in page
    assert 'value="12,5"' in page
    assert full.care_service.journal.planned.since(TODAY) == before


def test_a_run_is_planned_and_taken_out_again(client: FlaskClient, house: Services) -> None:
    send(client, "/plan", "/plan", RUN)
    planned = house.care_service.journal.planned.since(TODAY)
    send(client, "/plan", f"/plan/{planned[0].id}/withdraw", {})

    assert [(one.distance_m, one.name) for one in planned] == [(12_500.0, "Spring")]
    assert house.care_service.journal.planned.since(TODAY) == []


@pytest.mark.parametrize(
    "change",
    [
        {"distance": ""},
        {"distance": "0"},
        {"distance": "-3"},
        {"distance": "nan"},
        {"distance": "1e999"},
        {"distance": "400"},
        {"day": (TODAY - timedelta(days=1)).isoformat()},
        {"kind": "swim"},
        {"name": "x" * 90},
    ],
)
@pytest.mark.parametrize("path", ["/plan", "/plan/check"])
def test_a_run_that_cannot_be_meant_comes_back(
    client: FlaskClient, house: Services, path: str, change: dict[str, str]
) -> None:
    response = send(client, "/plan", path, {**RUN, **change})

    assert response.status_code == 400
    assert 'class="problem"' in response.text
    assert 'value="race" selected' in response.text or "kind" in change
    assert house.care_service.journal.planned.since(TODAY - timedelta(days=9)) == []


def test_a_calendar_address_is_shown_once_and_opens_until_it_is_ended(
    client: FlaskClient, house: Services
) -> None:
    page = send(client, "/plan", "/plan/calendar", {"shows": ["distances"]}, follow_redirects=True).text
    found = re.search(r"http://localhost(/feeds/[\w-]+\.ics)", page)
    assert found
    shown_again = found[1] in client.get("/plan").text
    opened = client.get(found[1])
    send(client, "/plan", f"/plan/calendar/{house.care_service.journal.calendar.all()[0].id}/revoke", {})

    assert not shown_again
    assert (opened.status_code, opened.mimetype) == (200, "text/calendar")
    assert opened.text.startswith("BEGIN:VCALENDAR")
    assert client.get(found[1]).status_code == 404


def test_a_calendar_shows_no_more_than_was_chosen(client: FlaskClient, house: Services) -> None:
    send(client, "/plan", "/plan/calendar", {})

    shows = house.care_service.journal.calendar.all()[0].shows
    assert (shows.distances, shows.routines, shows.health) == (False, False, False)


@pytest.mark.parametrize("path", ["/plan/99/withdraw", "/plan/calendar/99/revoke"])
def test_what_is_not_in_the_plan_is_not_found(client: FlaskClient, path: str) -> None:
    assert send(client, "/plan", path, {}).status_code == 404


# Shoes


def test_a_pair_is_added_changed_and_retired(client: FlaskClient, house: Services) -> None:
    send(client, "/shoes", "/shoes", SHOE)
    number = house.care_service.journal.shoes.all()[0].id
    send(client, f"/shoes/{number}", f"/shoes/{number}", {**SHOE, "name": "Bluer", "default_for": "trail"})
    send(client, "/shoes", f"/shoes/{number}/retire", {})
    pair = house.care_service.journal.shoes.all()[0]

    assert (pair.name, pair.note_at_m, pair.default_for, pair.retired_on) == (
        "Bluer",
        600_000.0,
        "trail",
        TODAY,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 200},
        {"first_day": "soon"},
        {"first_day": (TODAY + timedelta(days=1)).isoformat()},
        {"before": "much"},
        {"note_at": "9999"},
        {"default_for": "swimming"},
        {"retired_on": "2001-01-01"},
    ],
)
def test_a_pair_that_cannot_be_meant_comes_back(
    client: FlaskClient, house: Services, change: dict[str, str]
) -> None:
    response = send(client, "/shoes", "/shoes", {**SHOE, **change})

    assert response.status_code == 400
    assert house.care_service.journal.shoes.all() == []
    assert 'value="600"' in response.text or "note_at" in change


def test_the_pair_of_a_run_can_be_changed_and_left_to_the_rule_again(full: Services) -> None:
    client = dashboard(full).test_client()
    rack = full.care_service.journal.shoes
    other = rack.add(
        Shoe("Other", TODAY - timedelta(days=300), retired_on=TODAY - timedelta(days=200)), now=NOW
    )
    run = full.runner_service.history.shod_runs()[-1].activity_id
    send(client, "/shoes", "/shoes/runs", {"run": str(run), "shoe": str(other.id)})
    chosen = rack.chosen()
    send(client, "/shoes", "/shoes/runs", {"run": str(run), "shoe": ""})

    assert chosen == {run: other.id}
    assert rack.chosen() == {}


@pytest.mark.parametrize("form", [{"run": "99999", "shoe": ""}, {"run": "", "shoe": "99"}])
def test_a_run_or_pair_that_is_not_there_is_not_found(full: Services, form: dict[str, str]) -> None:
    assert send(dashboard(full).test_client(), "/shoes", "/shoes/runs", form).status_code == 404


def test_a_pair_that_is_not_there_has_no_page(client: FlaskClient) -> None:
    assert client.get("/shoes/99").status_code == 404


# The page for the physiotherapist


def test_the_physio_page_shows_everything_at_first(full: Services) -> None:
    page = dashboard(full).test_client().get("/physio").text

    assert re.findall(r'<h2 id="(\w+)-title"', page) == [
        "load",
        "pain",
        "flags",
        "cadence",
        "alerts",
        "shoes",
        "routines",
    ]


def test_the_runner_chooses_what_the_physio_page_leaves_out(full: Services) -> None:
    page = dashboard(full).test_client().get("/physio?chosen=1&show=pain").text

    assert re.findall(r'<h2 id="(\w+)-title"', page) == ["pain"]


def test_findings_that_are_left_out_stand_nowhere_on_the_physio_page(full: Services) -> None:
    page = plain(dashboard(full).test_client().get("/physio?chosen=1&show=load").text)

    assert "One run much longer" not in page
    assert "caution" not in page.lower()


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "<h1>Twelve weeks</h1>"), ("de", "<h1>Zwölf Wochen</h1>")]
)
def test_the_physio_page_of_a_runner_without_a_name_makes_none_up(
    tmp_path: Path, language: str, heading: str
) -> None:
    unnamed = {"name": parse_settings({}, origin="test").runner.name}
    with furnished(tmp_path, runner=unnamed) as services:
        page = dashboard(services).test_client().get(f"/physio?lang={language}").text

    assert heading in page


def test_the_physio_page_names_no_place_on_earth(full: Services) -> None:
    page = dashboard(full).test_client().get("/physio").text

    assert not re.search(r"\b(5[12]\.\d{2,}|latitude|longitude)\b", page)


def test_who_saw_to_it_stands_on_the_physio_page(client: FlaskClient, house: Services) -> None:
    raise_flag(house)
    house.care_service.journal.seen_to.add(SeenTo(TODAY, "Dr Ruiz"), now=NOW)

    assert "seen by Dr Ruiz" in client.get("/physio").text


def test_the_secret_of_these_tests_is_long_enough() -> None:
    assert len(SECRET) >= 32
