"""A rule that is kept quiet: heard nowhere, kept in the record, and no leave to run further."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.alert.alert import Level
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.services import Services
from config.output.listings import alert_lines, list_alerts

LONG_RUN = ordinary_run(days_before(1), distance_m=14_000.0, duration_s=2_700)
RULE = "single_run_spike"
WEEK = timedelta(days=7)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    with open_house(tmp_path, mailer=RecordingMailer()) as services:
        lay_into(services.home.inbox, [*steady_weeks(), LONG_RUN])
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW)
        yield services


def hush(services: Services) -> None:
    services.answers.snooze([RULE], until=NOW + WEEK, now=NOW)


def reasons(services: Services) -> list[str]:
    return [item.why for item in services.care_service.page(NOW).plan.items]


def test_the_list_marks_it_and_keeps_it(house: Services) -> None:
    hush(house)
    [row] = list_alerts(house.runner_service, NOW, everything=False)

    assert (row["kind"], row["quiet_until"]) == (RULE, "2026-05-19")
    assert "Quiet until 2026-05-19" in alert_lines([row])


def test_what_is_not_kept_quiet_is_not_marked(house: Services) -> None:
    [row] = list_alerts(house.runner_service, NOW, everything=False)

    assert row["quiet_until"] is None
    assert "Quiet until" not in alert_lines([row])


def test_no_routine_is_chosen_for_it(house: Services) -> None:
    before = reasons(house)
    hush(house)

    assert reasons(house) != before


def test_the_ladder_rests_on_it_all_the_same(house: Services) -> None:
    before = house.care_service.page(NOW).ladder
    hush(house)

    assert house.care_service.page(NOW).ladder == before


def test_the_feed_does_not_tell_it(house: Services) -> None:
    token = house.feed_service.addresses.issue(Level.INFO, now=NOW)
    before = house.feed_service.read(token, NOW) or ""
    hush(house)
    after = house.feed_service.read(token, NOW) or ""

    assert [RULE in before, RULE in after, "<feed" in after] == [True, False, True]
