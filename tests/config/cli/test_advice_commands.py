"""`hipwatch today` and `hipwatch plan`: what may be run, for scripts and for readers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app_fixtures import NOW, create_home, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.cli import advice_commands
from config.cli.main import main
from config.settings.data_folder import DataFolder

TODAY_KEYS = {"level", "headline", "easy_up_to_m", "long_up_to_m", "rest", "why", "until"}
PLAN_KEYS = {"day", "kind", "up_to_m", "why"}
OVER_LONG = ordinary_run(days_before(1), distance_m=14_200.0, duration_s=4_800)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    create_home(DataFolder(folder))
    monkeypatch.setenv("HIPWATCH_HOME", str(folder))
    monkeypatch.setattr(advice_commands, "now", lambda: NOW)
    return folder


def fill(home: Path, files: Sequence[bytes]) -> None:
    with open_house(home) as services:
        lay_into(services.home.inbox, [*files])
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW)


def said(command: str) -> Any:  # noqa: ANN401 - whatever the command prints as JSON
    done = CliRunner().invoke(main, [command, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_without_a_run_there_is_nothing_to_say(home: Path) -> None:
    assert home.exists()
    assert (said("today"), said("plan")) == (None, [])
    assert "There are no runs yet." in CliRunner().invoke(main, ["today"]).output


def test_today_says_what_may_be_run_and_why(home: Path) -> None:
    fill(home, steady_weeks())
    today = said("today")

    assert set(today) >= TODAY_KEYS
    assert (today["level"], today["rest"], today["reason"]) == ("fine", False, "step")
    assert today["long_up_to_m"] == pytest.approx(11_000.0, rel=0.01)
    text = CliRunner().invoke(main, ["today"]).output
    assert today["headline"] in text
    assert today["why"] in text


def test_the_plan_has_fourteen_days_and_begins_with_today(home: Path) -> None:
    fill(home, steady_weeks())
    days = said("plan")

    assert len(days) == 14
    assert all(set(day) >= PLAN_KEYS for day in days)
    assert days[0]["day"] == NOW.date().isoformat()
    assert {day["kind"] for day in days} <= {"rest", "easy", "long"}
    assert "No run planned" in CliRunner().invoke(main, ["plan"]).output


def test_the_day_after_an_over_long_run_both_commands_hold(home: Path) -> None:
    fill(home, [*steady_weeks(last_days_ago=3), OVER_LONG])
    today, days = said("today"), said("plan")

    assert (today["level"], today["reason"], today["long_up_to_m"]) == ("hold", "over_long", None)
    assert days[0]["up_to_m"] in {None, today["easy_up_to_m"]}
    assert max(day["up_to_m"] or 0 for day in days) <= 10_050.0


def test_muting_a_rule_and_stopping_emails_changes_no_advice(home: Path) -> None:
    fill(home, [*steady_weeks(last_days_ago=3), OVER_LONG])
    before = said("today"), said("plan")
    with open_house(home) as services:
        kinds = [
            alert.kind for alert in services.runner_service.alert_store.since(NOW.date() - timedelta(30))
        ]
        assert "single_run_spike" in kinds
        services.answers.snooze(kinds, until=NOW + timedelta(days=30), now=NOW)
        services.answers.stop("all", now=NOW)

    assert (said("today"), said("plan")) == before
