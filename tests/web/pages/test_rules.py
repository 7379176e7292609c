"""The rules as pages: evidence, record and preview; and the list of findings with its filter."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from alerts.alert.alert import Level
from alerts.care.catalogue.alert_rates import read_rates
from alerts.detectors.registry import REGISTRY
from alerts.explanation.grouping import AlertState
from alerts.runner.preferences import Change
from alerts.views.alert_list import AlertList, ListedGroup, explained_groups
from app_fixtures import NOW, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.services import Services
from config.settings.load import default_text, parse_settings
from config.settings.parameter_docs import parameter_words
from dashboard_client import dashboard, furnished
from html_outline import Outline
from ingest.files.sources import collect
from overview_samples import CADENCE, RAMP, TODAY, FakeHistoryViews, explained, spike
from web.app import create_app
from web.pages.alerts.alert_list import alert_list_page
from web.pages.rules.rule_page import change_rows
from web.pages.rules.rule_record import RULE_NAMES

SPIKE = "/rules/single_run_spike"
SNOOZED_UNTIL = date(2024, 5, 20)
FOUND = AlertList(
    TODAY,
    (
        ListedGroup(explained(spike()), AlertState.OPEN),
        ListedGroup(explained(CADENCE), AlertState.SNOOZED),
        ListedGroup(explained(RAMP), AlertState.CLOSED),
    ),
    {"cadence_shift": SNOOZED_UNTIL},
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Ten steady weeks, a run a little longer than usual, and one a fifth longer."""
    folder: Path = tmp_path_factory.mktemp("house")
    with open_house(folder / "home") as services:
        longer = [
            ordinary_run(days_before(8), distance_m=10_800.0, duration_s=2_400),
            ordinary_run(days_before(1), distance_m=12_100.0, duration_s=2_700),
        ]
        files = [*steady_weeks(), *longer]
        sources = list(collect(lay_into(folder / "files", files)))
        services.runner_service.take_in(sources, now=NOW, on_result=lambda *_: None)
        services.runner_service.evaluate(NOW)
        yield services


@pytest.fixture(scope="module")
def client(house: Services) -> FlaskClient:
    return create_app(house.dashboard, clock=lambda: NOW).test_client()


def page(client: FlaskClient, path: str) -> Outline:
    answer = client.get(path)
    assert answer.status_code == 200
    return Outline(answer.get_data(as_text=True))


def test_every_rule_has_a_name() -> None:
    assert RULE_NAMES.keys() == REGISTRY.keys()


def test_every_number_of_every_rule_is_said_in_words() -> None:
    numbers = parse_settings({}, origin="test").detectors
    words = parameter_words(default_text())

    assert {kind: set(table) for kind, table in numbers.items()} == {k: set(w) for k, w in words.items()}


def test_the_list_leads_to_every_rule(client: FlaskClient) -> None:
    assert set(page(client, "/rules").values("href")) >= {f"/rules/{kind}" for kind in REGISTRY}


@pytest.mark.parametrize("kind", REGISTRY)
def test_every_rule_says_what_speaks_against_it(client: FlaskClient, kind: str) -> None:
    shown = page(client, f"/rules/{kind}")

    assert "Against" in shown.text
    assert (shown.misplaced, shown.open) == ([], [])


def test_a_rule_says_how_often_it_spoke(client: FlaskClient) -> None:
    assert "Once in your 2 months." in page(client, SPIKE).text


def test_a_rule_says_in_german_how_often_it_spoke_and_by_which_numbers(client: FlaskClient) -> None:
    shown = client.get(SPIKE, headers={"Accept-Language": "de"}).text

    assert "Einmal in deinen Aufzeichnungen (2 Monate)." in shown.replace("\N{NO-BREAK SPACE}", " ")
    assert "notice_ratio; jetzt 1,1" in shown


def counted(client: FlaskClient, path: str) -> dict[str, list[str]]:
    """The lines of the table of figures of a rule, by their titles."""
    table = client.get(path).text.split('<table class="counted">')[1].split("</table>")[0]
    rows = re.findall(r"<th scope=\"row\">(.*?)</th>(.*?)</tr>", table, re.DOTALL)
    return {re.sub(r"<.*?>", "", title): re.findall(r"<td>(.*?)</td>", cells) for title, cells in rows}


def test_a_rule_is_counted_on_the_past_and_as_it_happened(client: FlaskClient) -> None:
    assert counted(client, SPIKE) == {
        "Triggered": ["1", "1"],
        "Pain within 14 days": ["–", "–"],
        "Pain with no alert": ["–", "–"],
        "You called it useful": ["–", "0 of 1"],
        "You called it not useful": ["–", "0 of 1"],
    }


def test_a_preview_is_counted_beside_them(client: FlaskClient) -> None:
    assert counted(client, f"{SPIKE}?notice_ratio=1.25")["Triggered"] == ["1", "0", "1"]


def test_the_list_counts_every_rule_twice(client: FlaskClient) -> None:
    tables = client.get("/rules").text.split('<table class="counted">')[1:]

    assert [table.count('href="/rules/') for table in tables] == [len(REGISTRY)] * 2


def test_a_preview_says_what_would_have_been_quiet(client: FlaskClient) -> None:
    shown = page(client, f"{SPIKE}?notice_ratio=1.25").text

    assert "It wouldn’t have been triggered in your 2 months." in shown
    assert f"It would not have been triggered on {days_before(1).day} May." in shown
    assert "Save these numbers" not in shown  # nobody is there to keep them


def test_a_preview_marks_what_only_it_would_have_said(client: FlaskClient) -> None:
    assert "only now" not in page(client, SPIKE).text
    assert "only now" in page(client, f"{SPIKE}?notice_ratio=1.05&minimum_excess_m=500").text


@pytest.mark.parametrize(
    "query", ["notice_ratio=x", "notice_ratio=nan", "window_days=1.5", "notice_ratio=9", "window_days=1e9"]
)
def test_what_cannot_be_tried_is_said_and_what_was_typed_is_refused(client: FlaskClient, query: str) -> None:
    assert "Not tried." in page(client, f"{SPIKE}?{query}").text


def test_what_is_typed_is_hostile_text(client: FlaskClient) -> None:
    body = client.get(f"{SPIKE}?notice_ratio=<script>alert(1)</script>").get_data(as_text=True)

    assert "<script" not in body


def test_the_same_numbers_are_no_preview(client: FlaskClient) -> None:
    assert "With these numbers" not in page(client, f"{SPIKE}?notice_ratio=1.1").text


def test_a_change_is_told_of_the_runners_own_day() -> None:
    view = FakeHistoryViews().rule("single_run_spike", NOW)
    change = Change(
        "detectors.single_run_spike.notice_ratio",
        1.1,
        1.2,
        is_chosen=True,
        changed_at=datetime(2024, 5, 12, 20, tzinfo=UTC),
    )
    assert view is not None
    [row] = change_rows(dataclasses.replace(view, time_zone="Pacific/Auckland"), [change])

    assert row.day == "Mon\xa013\xa0May 2024"


def test_a_rule_that_is_not_there_is_no_page(client: FlaskClient) -> None:
    assert client.get("/rules/nothing").status_code == 404


def test_findings_stand_in_their_groups() -> None:
    groups = {group.name: [one.key for one in group.entries] for group in alert_list_page(FOUND).groups}

    assert groups == {"open": [spike().key], "snoozed": [CADENCE.key], "closed": [RAMP.key]}


def test_a_story_is_one_entry_led_by_what_is_open_with_links_to_its_parts() -> None:
    """A run far too long a fortnight ago, one of today that goes on with it, and a ramp of long before."""
    before, today = spike(TODAY - timedelta(days=13), Level.HIGH), spike()
    found = [explained(one) for one in (RAMP, before, today)]
    stories = explained_groups(found, lambda one: AlertState.OPEN if one == today else AlertState.CLOSED)
    open_group, *_, closed = alert_list_page(AlertList(TODAY, stories, {})).groups

    assert [(one.key, [part.key for part in one.parts]) for one in open_group.entries] == [
        (today.key, [before.key])
    ]
    assert [(one.key, one.parts) for one in closed.entries] == [(RAMP.key, ())]


def test_a_story_is_found_by_the_rule_and_level_of_any_part() -> None:
    found = [explained(one) for one in (spike(TODAY - timedelta(days=7), Level.NOTICE), spike())]
    listed = AlertList(TODAY, explained_groups(found, lambda _: AlertState.OPEN), {})

    assert len(alert_list_page(listed, level="notice").groups[0].entries) == 1


def test_the_list_says_what_is_kept_quiet_and_until_when() -> None:
    assert "Cadence at the same pace until Mon\xa020\xa0May" in alert_list_page(FOUND).reason


@pytest.mark.parametrize(
    ("kind", "level", "count"),
    [
        ("", "", 3),
        ("single_run_spike", "", 1),
        ("", "notice", 2),
        ("cadence_shift", "caution", 0),
        ("x", "y", 3),
    ],
)
def test_the_filter_shows_what_was_chosen(kind: str, level: str, count: int) -> None:
    assert sum(len(group.entries) for group in alert_list_page(FOUND, kind=kind, level=level).groups) == count


def test_a_long_list_is_cut_and_says_so() -> None:
    many = tuple(
        ListedGroup(explained(spike(TODAY - timedelta(days=20 + i))), AlertState.CLOSED) for i in range(120)
    )
    closed = alert_list_page(AlertList(TODAY, many, {})).groups[-1]

    assert len(closed.entries) == 100
    assert closed.left_out.startswith("20\xa0older alerts")


def test_the_real_list_shows_the_finding(client: FlaskClient) -> None:
    shown = page(client, "/findings?kind=single_run_spike")

    assert f"/findings/single_run_spike/{days_before(1).date()}" in shown.values("href")


def test_the_page_of_a_rule_says_how_often_it_speaks_to_those_who_run_as_often(tmp_path: Path) -> None:
    """Ten weeks of three runs, and no more of them."""
    with furnished(tmp_path) as house:
        page = dashboard(house).test_client().get("/rules/two_week_ramp").text
    rate = next(r for r in read_rates() if (r.kind, r.runs_a_week) == ("two_week_ramp", 3))

    assert (
        f"Expect about {rate.a_year:.2g} such alerts a year at your 3 runs a week ({rate.most} at most)"
        in page
    )
