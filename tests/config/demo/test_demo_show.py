"""`hipwatch demo`: it finds what was planted, on its day, and nothing else above a notice."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.cli.main import main
from config.demo.plan import planted
from config.demo.story import HOME


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def shown(folder: Path) -> Result:
    result = CliRunner().invoke(main, ["demo", "--no-serve", "--dir", str(folder)])
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def alerts(shown: Result, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:  # noqa: ARG001
    monkeypatch.setenv("HIPWATCH_HOME", str(folder))
    listed: list[dict[str, str]] = json.loads(CliRunner().invoke(main, ["alerts", "--all", "--json"]).stdout)
    return listed


def today() -> date:
    return datetime.now(HOME).date()


def test_the_four_planted_events_are_found_on_their_days(alerts: list[dict[str, str]]) -> None:
    events = {(event.kind, event.day.isoformat()) for event in planted(today())}

    assert events <= {(alert["kind"], alert["day"]) for alert in alerts}
    assert len(events) == 4


def test_nothing_else_is_more_than_a_notice(alerts: list[dict[str, str]]) -> None:
    events = {event.kind for event in planted(today())}
    grave = [alert["kind"] for alert in alerts if alert["level"] in {"caution", "high"}]

    assert (set(grave) <= events, len(grave) == len(set(grave))) == (True, True)


@pytest.mark.usefixtures("alerts")
def test_what_happened_is_counted_since_the_first_file_came() -> None:
    told = json.loads(CliRunner().invoke(main, ["replay", "--json"]).stdout)

    assert told["live"]["first"] == told["first"]


def test_each_event_has_its_letter_in_the_folder(shown: Result, folder: Path) -> None:
    emails = list((folder / "mail").glob("*.eml"))

    assert (len(emails), str(folder / "mail") in shown.stderr) == (4, True)


def test_a_demo_is_shown_again_without_living_through_it(shown: Result, folder: Path) -> None:  # noqa: ARG001
    again = CliRunner().invoke(main, ["demo", "--no-serve", "--dir", str(folder)])

    assert (again.exit_code, "files went in" in again.stderr) == (0, False)


def test_made_up_runs_are_never_mixed_with_real_ones(tmp_path: Path) -> None:
    (tmp_path / "hipwatch.sqlite3").write_bytes(b"somebody's years")
    result = CliRunner().invoke(main, ["demo", "--no-serve", "--dir", str(tmp_path)])

    assert (result.exit_code, "not empty" in result.stderr) == (2, True)


def test_a_demo_that_was_interrupted_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    (tmp_path / "demo.txt").write_text("Begun 2026-05-12T18:00:00+00:00\n")
    result = CliRunner().invoke(main, ["demo", "--no-serve", "--dir", str(tmp_path)])

    assert (result.exit_code, "interrupted" in result.stderr) == (2, True)
