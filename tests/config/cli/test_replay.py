"""`hipwatch replay` and what raises a level, in a whole Hipwatch."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from alerts.alert.alert import Level
from alerts.alert.feedback import NOT_USEFUL
from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainReport
from alerts.notifications.answers import Answers
from app_fixtures import NOW, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.cli.main import main
from config.composition.services import Services
from config.settings.errors import SettingsError

SPIKE = [*steady_weeks(), ordinary_run(days_before(1), distance_m=13_000.0, duration_s=2_400)]
"""Ten weeks of 10 km three times a week, then 13 km: 30 % more."""


def taken(services: Services) -> None:
    lay_into(services.home.inbox, SPIKE)
    services.runner_service.inbox.scan()
    services.runner_service.tick(NOW)


def hurts(services: Services, days_ago: int) -> None:
    report = PainReport((NOW - timedelta(days=days_ago)).date(), BodySite.OUTER, Side.LEFT, during=3)
    services.runner_service.journal.pain.report(report, asked=(), now=NOW)


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setenv("HIPWATCH_HOME", str(folder))
    for module in ("output.open_folder", "cli.replay_command"):
        monkeypatch.setattr(f"config.{module}.now", lambda: NOW)
    return CliRunner().invoke(main, ["replay", *arguments])


def test_the_replay_says_what_was_found_and_what_followed(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        taken(services)
        hurts(services, 0)
        table = services.runner_service.rule_history.replay(NOW)
        live = services.runner_service.rule_history.live_figures(NOW)
    spoke = {row.kind: (row.times, row.followed) for row in table.rules if row.times}

    assert spoke["single_run_spike"] == (1, 1)
    assert next(row for row in live.rules if row.kind == "single_run_spike").times == 1
    assert (table.pain_days, table.unannounced) == ((NOW.date(),), ())


def test_another_threshold_changes_what_is_replayed_and_nothing_else(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        taken(services)
        before = services.runner_service.alert_store.since(days_before(400).date())
        table = services.runner_service.rule_history.replay(
            NOW, kind="single_run_spike", changes={"notice_ratio": "1.3"}
        )

        assert [row.times for row in table.rules] == [0]
        assert services.runner_service.alert_store.since(days_before(400).date()) == before


def test_the_command_prints_counts_for_people_and_days_for_scripts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_house(tmp_path) as services:
        taken(services)
    told = run(tmp_path, monkeypatch, "--rule", "single_run_spike")
    listed = json.loads(run(tmp_path, monkeypatch, "--json").stdout)

    assert "0 of 1" in told.output
    assert "%" not in told.output
    assert [rule["spoke"] for rule in listed["rules"] if rule["kind"] == "single_run_spike"] == [1]
    assert listed["rules"][0]["parameters"]["window_days"] == 30


def test_beside_the_replay_stands_what_was_said_as_it_happened_and_of_what_use_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_house(tmp_path) as services:
        taken(services)
        (spike,) = services.runner_service.alert_store.since(days_before(3).date())
        Answers(services.database, services.runner_service.runner.id).record_opinion(
            spike.key, NOT_USEFUL, now=NOW
        )
    told = run(tmp_path, monkeypatch, "--rule", spike.kind)
    listed = json.loads(run(tmp_path, monkeypatch, "--json").stdout)
    row = next(row for row in listed["live"]["rules"] if row["kind"] == spike.kind)

    counted = [spike.kind, "1", "0", "of", "1", "0", "of", "0", "0", "1", str(spike.day)]
    assert told.output.splitlines()[-1].split() == counted
    assert (row["useful"], row["not_useful"], row["first"]) == (0, 1, str(spike.day))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "notice_rato=1.2"], "notice_ratio"),
        (["--rule", "single_run"], "single_run_spike"),
        (["--set", "notice_ratio=much"], "notice_ratio"),
    ],
)
def test_a_slip_of_the_pen_is_named_with_what_is_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    with open_house(tmp_path):
        pass
    result = run(tmp_path, monkeypatch, *arguments)

    assert (result.exit_code, said in result.output) == (2, True)


def test_an_injury_in_the_year_before_raises_what_is_found(tmp_path: Path) -> None:
    injured = (NOW - timedelta(days=100)).date().isoformat()
    levels = []
    for name, runner in (("without", {}), ("with", {"previous_injury": injured})):
        with open_house(tmp_path / name, runner=runner) as services:
            taken(services)
            found = services.runner_service.alert_store.since(days_before(400).date())
            levels.append(next(f.level for f in found if f.kind == "single_run_spike"))

    assert levels == [Level.NOTICE, Level.CAUTION]


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(SettingsError, match="previous_injury"),
        open_house(tmp_path, runner={"previous_injury": "2026-02-30"}),
    ):
        pass
