"""Every place that tells findings tells the same stories, led by the same."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from alert_factory import KINDS
from alerts.alert.alert import Alert, Level
from alerts.explanation.grouping import AlertState
from app_fixtures import NOW, open_house
from config.composition.services import Services
from config.output.listings import list_alerts
from http_server import listening

SECRET = "a secret of enough letters"


def by_chance(seed: int, *, days_ago: int) -> list[Alert]:
    """Findings of so many days, of all rules and levels."""
    chance = np.random.default_rng(seed)
    drawn = [
        Alert(
            str(chance.choice(KINDS)),
            NOW.date() - timedelta(days=int(chance.integers(days_ago))),
            Level(int(chance.integers(4))),
            2.0,
            1.0,
            "m",
        )
        for _ in range(20)
    ]
    return list({alert.key: alert for alert in drawn}.values())


def enter(services: Services, alerts: list[Alert]) -> None:
    with services.database.writing() as connection:
        fresh = services.runner_service.alert_store.insert(connection, alerts, now=NOW)
        services.runner_service.notifications.queue(connection, fresh, NOW)


@pytest.mark.parametrize("seed", range(6))
def test_pages_and_lists_agree_on_what_leads_and_what_is_told_with_it(tmp_path: Path, seed: int) -> None:
    with open_house(tmp_path) as services:
        enter(services, by_chance(seed, days_ago=40))
        board = services.dashboard
        first_page = {one.alert.key for one in board.overview(NOW).open_alerts}
        listed = board.history_views.alerts(NOW).listed
        rows = list_alerts(services.runner_service, NOW, everything=True)
        own_pages = [found for row in rows if (found := board.find(row["key"], NOW))]

    leads = {one.explained.alert.key for one in listed}
    lead_by_key = {part.key: one.explained.alert.key for one in listed for part in one.explained.also}
    assert first_page == {one.explained.alert.key for one in listed if one.course is AlertState.OPEN}
    assert {row["key"]: row["told_with"] for row in rows} == dict.fromkeys(leads) | lead_by_key
    assert {page.alert.key: page.lead and page.lead.key for page in own_pages} == (
        dict.fromkeys(leads) | lead_by_key
    )


@pytest.mark.parametrize("seed", range(3))
def test_events_agree_with_the_list(tmp_path: Path, seed: int) -> None:
    hook = {"url": "", "secret": SECRET, "min_level": "info"}
    with listening() as (url, heard), open_house(tmp_path, webhook=hook | {"url": url}) as services:
        enter(services, by_chance(seed, days_ago=40))
        services.runner_service.deliver(NOW)
        rows = {
            row["key"]: row["told_with"] for row in list_alerts(services.runner_service, NOW, everything=True)
        }

    events = {event["key"]: event["told_with"] for event in (json.loads(body) for _, body in heard)}
    assert events
    assert events == {key: rows[key] for key in events}
