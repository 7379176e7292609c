"""The page of a finding: whether it was useful is asked, kept, taken back, and counted for its rule."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from alerts.alert.alert import Alert, Level
from alerts.evaluation.replay import RuleReplay
from app_fixtures import NOW, days_before
from config.composition.services import Services
from dashboard_client import TODAY, dashboard, furnished, send

KEY = f"single_run_spike/{days_before(1).date()}"
PAGE = f"/findings/{KEY}"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    with furnished(tmp_path) as services:
        yield services


def gettext(house: Services, *opinions: str) -> str:
    """Press on the page what was found of it, one after the other; the page that is shown then."""
    client = dashboard(house).test_client()
    for opinion in opinions:
        send(client, PAGE, PAGE, {"opinion": opinion})
    return client.get(PAGE).text


def figures(house: Services) -> RuleReplay:
    (row,) = house.runner_service.rule_history.live_figures(NOW, kind="single_run_spike").rules
    return row


@pytest.mark.parametrize("opinion", ["useful", "not useful"])
def test_what_is_pressed_is_kept_and_said_on_the_page(house: Services, opinion: str) -> None:
    page = gettext(house, opinion)

    assert (
        house.answers.opinions(),
        {"useful": "You said it was useful.", "not useful": "You said it wasn’t useful."}[opinion] in page,
    ) == ({KEY: opinion}, True)


def test_whoever_thinks_again_is_counted_once(house: Services) -> None:
    gettext(house, "useful", "not useful")

    assert (figures(house).useful, figures(house).not_useful) == (0, 1)


def test_what_was_said_can_be_taken_back(house: Services) -> None:
    page = gettext(house, "useful", "none")

    assert (house.answers.opinions(), "You called it" in page) == ({}, False)


def test_the_page_of_the_rule_counts_it(house: Services) -> None:
    gettext(house, "useful")
    page = dashboard(house).test_client().get("/rules/single_run_spike").text
    row = page.split("You called it useful</th>")[1].split("</tr>")[0]

    assert row == "<td>–</td><td>1 of 1</td>"


@pytest.mark.parametrize("days", ["1", "7", "30"])
def test_a_rule_is_kept_quiet_from_the_page_of_its_finding(house: Services, days: str) -> None:
    client = dashboard(house).test_client()
    send(client, PAGE, PAGE, {"quiet_days": days})

    assert house.answers.snoozed(NOW) == {"single_run_spike": NOW + timedelta(days=int(days))}
    assert "One run much longer: muted until" in client.get(PAGE).text


def test_a_rule_that_is_quiet_speaks_again_at_a_press(house: Services) -> None:
    client = dashboard(house).test_client()
    for days in ("30", "0"):
        send(client, PAGE, PAGE, {"quiet_days": days})

    assert house.answers.snoozed(NOW) == {}


def test_looking_at_the_page_says_nothing(house: Services) -> None:
    dashboard(house).test_client().get(PAGE, query_string={"opinion": "useful"})

    assert house.answers.opinions() == {}


@pytest.mark.parametrize(
    ("path", "opinion"),
    [(PAGE, "a nuisance"), (PAGE, ""), ("/findings/single_run_spike/1999-01-01", "useful")],
)
def test_what_cannot_be_said_is_refused(house: Services, path: str, opinion: str) -> None:
    answer = send(dashboard(house).test_client(), PAGE, path, {"opinion": opinion})

    assert (answer.status_code, house.answers.opinions()) == (404, {})


def test_no_other_span_of_quiet_is_taken(house: Services) -> None:
    answer = send(dashboard(house).test_client(), PAGE, PAGE, {"quiet_days": "3650"})

    assert (answer.status_code, house.answers.snoozed(NOW)) == (404, {})


def test_without_the_token_of_the_page_nothing_is_taken(house: Services) -> None:
    answer = dashboard(house).test_client().post(PAGE, data={"opinion": "useful"})

    assert (answer.status_code, house.answers.opinions()) == (400, {})


def test_what_is_called_not_useful_changes_no_number_and_no_finding(house: Services) -> None:
    rules, found = house.runner_service.detectors, house.runner_service.alert_store.since(date.min)
    gettext(house, "not useful")
    house.runner_service.evaluate(NOW)

    assert (house.runner_service.detectors, house.runner_service.alert_store.since(date.min)) == (
        rules,
        found,
    )


def numbers(house: Services, page: str = PAGE) -> dict[str, str]:
    """The numbers on the page of a finding, with their links."""
    shown = dashboard(house).test_client().get(page).text.replace("\N{NO-BREAK SPACE}", " ")
    return dict(re.findall(r"<div><dt>([^<]*)</dt><dd>(.*?)</dd></div>", shown))


def test_a_finding_leads_to_its_run_and_to_the_run_that_it_is_compared_with(house: Services) -> None:
    days = house.runner_service.history.days(NOW).runs
    ran = {days.day[row].astype(date): days.activity_id[row] for row in range(len(days))}
    shown = numbers(house)
    found = house.runner_service.alert_store.find(KEY)

    assert found is not None
    assert found.compared_day is not None
    assert f'href="/runs/{ran[found.day]}"' in shown["Day"]
    assert f'href="/runs/{ran[found.compared_day]}"' in shown["Compared with"]


def test_a_finding_says_how_often_its_rule_speaks_to_those_who_run_as_often(house: Services) -> None:
    page = dashboard(house).test_client().get(PAGE).text

    assert "such alerts a year at your 3 runs a week" in page


def test_the_advice_of_a_finding_lapses_on_its_page_as_everywhere(house: Services) -> None:
    app = dashboard(house, clock=lambda: NOW + timedelta(days=60))

    assert "Take this as history" in app.test_client().get(PAGE).text


def test_a_finding_that_moves_by_a_day_brings_its_opinion_along(house: Services) -> None:
    """What was said of another finding of that day, which is no more, gives way."""
    found = house.runner_service.alert_store.find(KEY)
    assert found is not None
    moved = dataclasses.replace(found, day=found.day - timedelta(days=1))
    for key in (KEY, moved.key):
        house.answers.record_opinion(key, "not useful", now=NOW)
    house.answers.record_opinion(KEY, "useful", now=NOW)
    with house.database.writing() as connection:
        house.runner_service.alert_store.rename(connection, {KEY: moved})

    assert house.answers.opinions() == {moved.key: "useful"}


def told(days: int, level: Level = Level.NOTICE) -> Alert:
    """A ramp so many days ago."""
    return Alert("two_week_ramp", TODAY - timedelta(days=days), level, 80_000.0, 50_000.0, "m")


LEAD, PART, OTHER = told(3, Level.CAUTION), told(6), told(9)


def story_on(house: Services, page: Alert, *, now: datetime = NOW) -> list[str]:
    """The links of a finding's page to what it is told with."""
    with house.database.writing() as connection:
        house.runner_service.alert_store.insert(connection, [OTHER, PART, LEAD], now=NOW)
    shown = dashboard(house, clock=lambda: now).test_client().get(f"/findings/{page.key}").text
    alert_text = re.search('<section aria-labelledby="story-title">.*?</section>', shown, re.DOTALL)
    return re.findall(r'href="/findings/([^"]+)"', alert_text[0] if alert_text else "")


def test_the_page_of_a_part_leads_to_what_leads_its_story_and_to_the_other_parts(house: Services) -> None:
    assert story_on(house, PART) == [LEAD.key, OTHER.key]


def test_the_page_of_what_leads_a_story_leads_to_its_parts(house: Services) -> None:
    assert story_on(house, LEAD) == [OTHER.key, PART.key]


def test_a_part_whose_advice_still_runs_leads_where_that_of_the_graver_is_over(house: Services) -> None:
    recent = told(0)
    with house.database.writing() as connection:
        house.runner_service.alert_store.insert(connection, [LEAD, recent], now=NOW)
    later = NOW + timedelta(days=12)
    found = house.dashboard.find(LEAD.key, later)
    listed = house.dashboard.history_views.alerts(later).listed[0]

    assert found is not None
    assert (found.lead, listed.explained.alert) == (recent, recent)


def test_a_finding_that_stands_alone_tells_no_story(house: Services) -> None:
    page = dashboard(house).test_client().get(PAGE).text

    assert "story-title" not in page
