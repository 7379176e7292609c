"""A finding names the run it is compared with, and where its rule would have kept quiet."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from alert_factory import KINDS, alert
from alerts.alert.alert import Alert, Level
from alerts.detectors.registry import REGISTRY, detect
from alerts.explanation.alert_basis import ComparedRun, ValueRange, compared_run, no_alert_range
from app_fixtures import NOW, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.cli.main import main
from config.output.listings import alert_lines, list_alerts
from training_days_builder import OWN_EVENT, Outing, every, history, on, rules


def test_the_compared_run_is_the_longest_of_its_day() -> None:
    runs = [*every(3, 30), Outing(20, 10_000.0), Outing(20, 4_000.0), Outing(30, 13_000.0)]
    days = history(runs)
    found = next(f for f in detect(days, rules()) if f.day == on(30) and f.kind == "single_run_spike")

    assert compared_run(found, days.runs) == ComparedRun(1_007, on(20), "distance_m", 10_000.0)


def test_what_is_compared_with_many_runs_names_none() -> None:
    assert compared_run(alert("cadence_shift"), history(every(2, 30)).runs) is None


@pytest.mark.parametrize(
    ("kind", "band"),
    [
        ("single_run_spike", ValueRange(high=11_660.0)),
        ("two_week_ramp", ValueRange(high=77_110.0)),
        ("hard_minutes_spike", ValueRange(high=60.0)),
        ("no_rest", ValueRange(high=11.0)),
        ("no_warm_up", ValueRange(high=2.0)),
        ("form_fade", ValueRange(low=-3.0)),
        ("hard_after_hard", ValueRange(low=2.0)),
        ("return_after_break", ValueRange(high=13.0)),
    ],
)
def test_the_band_says_where_quiet_ends(kind: str, band: ValueRange) -> None:
    assert no_alert_range(alert(kind), rules()) == band


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_seen_lies_outside_of_the_band(kind: str) -> None:
    found = alert(kind)
    band = no_alert_range(found, rules())

    assert band is not None
    assert not (band.low or float("-inf")) <= found.observed <= (band.high or float("inf"))


@pytest.mark.parametrize("kind", REGISTRY)
def test_the_rule_itself_speaks_outside_of_its_band(kind: str) -> None:
    found = next(f for f in detect(history(OWN_EVENT[kind]), rules()) if f.kind == kind)
    band = no_alert_range(found, rules())

    assert band is not None
    low = float("-inf") if band.low is None else band.low
    high = float("inf") if band.high is None else band.high
    assert not low < found.observed < high


def test_the_list_for_scripts_explains_a_finding_from_end_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [*steady_weeks(), ordinary_run(days_before(1), distance_m=13_000.0, duration_s=2_400)]
    with open_house(tmp_path) as services:
        lay_into(services.home.inbox, runs)
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW)
    monkeypatch.setenv("HIPWATCH_HOME", str(tmp_path))
    for module in ("output.open_folder", "cli.main"):
        monkeypatch.setattr(f"config.{module}.now", lambda: NOW)
    listed = json.loads(CliRunner().invoke(main, ["alerts", "--json"]).stdout)
    told = next(row for row in listed if row["kind"] == "single_run_spike")

    assert told["compared_run"]["value"] == pytest.approx(10_000.0)
    assert told["compared_run"]["day"] == told["compared_day"]
    assert told["band"] == {"low": None, "high": pytest.approx(11_000.0)}
    assert told["quiet"].startswith("Up to 11.0")
    assert told["evidence"]["source"].startswith("Br J Sports Med")
    assert told["told_with"] is None
    assert (told["rate"]["kind"], told["rate"]["runs_a_week"]) == ("single_run_spike", 3)


def test_the_list_for_scripts_names_what_leads_the_story_on_the_pages(tmp_path: Path) -> None:
    """The graver ramp is over when the slighter one still runs."""
    grave, slight = (
        Alert("two_week_ramp", days_before(ago).date(), level, 80_000.0, 50_000.0, "m")
        for ago, level in ((16, Level.CAUTION), (4, Level.NOTICE))
    )
    with open_house(tmp_path) as services:
        with services.database.writing() as connection:
            services.runner_service.alert_store.insert(connection, [grave, slight], now=NOW)
        listed = list_alerts(services.runner_service, NOW, everything=True)
        page = services.dashboard.history_views.alerts(NOW).listed[0].explained.alert

    assert [row["told_with"] for row in listed] == [slight.key, None]
    assert page == slight
    assert f"\n    Told with {slight.key}.\n" in alert_lines(listed)


def test_a_band_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ValueRange().low = 1.0  # type: ignore[misc]
