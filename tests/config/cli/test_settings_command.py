"""`hipwatch settings` and `hipwatch doctor`: the same values that the page shows, and no secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app_fixtures import NOW, create_home
from config.cli.main import main
from config.composition.services import open_services
from config.settings.data_folder import DataFolder
from config.settings.load import load_settings
from config.settings.runner_choices import as_shown

FILE = """
[runner]
name = "Ada"
time_zone = "UTC"
[mail]
host = "mail.example.org"
password = "correct horse"
pause_days = 5
[database]
url = "postgresql+psycopg://ada:battery-staple@db.example.org/hipwatch"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    monkeypatch.setenv("HIPWATCH_HOME", str(tmp_path))
    made = DataFolder(tmp_path)
    create_home(made)
    made.settings.write_text(FILE.partition("[database]")[0], encoding="utf-8")
    return made


def choose(home: DataFolder, **chosen: Any) -> None:  # noqa: ANN401 - whatever a page may send
    with open_services(home, load_settings(home.settings), now=NOW) as services:
        services.choices.choose({name.replace("__", "."): value for name, value in chosen.items()}, NOW)


def listed(*arguments: str) -> dict[str, dict[str, Any]]:
    result = CliRunner().invoke(main, ["settings", "--json", *arguments])
    assert result.exit_code == 0
    return {row["name"]: row for row in json.loads(result.stdout)}


def test_what_was_chosen_on_the_page_is_listed_with_where_it_comes_from(home: DataFolder) -> None:
    choose(home, runner__units="imperial")
    told = listed()

    assert (told["runner.units"]["value"], told["runner.units"]["origin"]) == ("imperial", "page")
    assert (told["mail.pause_days"]["value"], told["mail.pause_days"]["origin"]) == (5, "file")
    assert told["mail.digest"]["origin"] == "default"


@pytest.mark.usefixtures("home")
def test_of_a_secret_only_is_told_whether_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIPWATCH_WEBHOOK_SECRET", "another secret one")
    result = CliRunner().invoke(main, ["settings"])

    assert not [word for word in ("correct horse", "another secret") if word in result.output]
    assert (listed()["mail.password"]["value"], listed()["mail.password"]["origin"]) == ("set", "file")
    assert (listed()["webhook.secret"]["value"], listed()["webhook.secret"]["origin"]) == (
        "set",
        "environment",
    )


def test_numbers_of_rules_are_listed_where_they_are_the_runners_own(home: DataFolder) -> None:
    choose(home, detectors__single_run_spike__notice_ratio=1.2)

    assert [name for name in listed() if name.startswith("detectors.")] == [
        "detectors.single_run_spike.notice_ratio"
    ]
    assert "detectors.form_fade.window_days" in listed("--all")


def test_doctor_goes_by_what_holds(home: DataFolder) -> None:
    choose(home, runner__time_zone="Asia/Tokyo", runner__email="ada@example.org")
    checks = {row["title"]: row for row in json.loads(CliRunner().invoke(main, ["doctor", "--json"]).stdout)}

    assert "2 chosen on the settings page" in checks["Settings"]["detail"]
    assert "Asia/Tokyo" in checks["Time zone"]["detail"]
    assert "mail.example.org" in checks["Email"]["detail"]


def test_doctor_names_a_choice_that_does_not_hold_any_more(home: DataFolder) -> None:
    choose(home, detectors__single_run_spike__notice_ratio=1.2)
    with home.settings.open("a", encoding="utf-8") as file:
        file.write("[detectors.single_run_spike]\ncaution_ratio = 1.15\n")
    checks = {row["title"]: row for row in json.loads(CliRunner().invoke(main, ["doctor", "--json"]).stdout)}

    assert "detectors.single_run_spike.notice_ratio does not hold" in checks["Settings"]["detail"]
    assert checks["Settings"]["remedy"]


def test_the_password_of_a_database_is_hidden() -> None:
    shown = as_shown("database.url", FILE.partition('url = "')[2].partition('"')[0])

    assert "battery-staple" not in shown
    assert "db.example.org" in shown
