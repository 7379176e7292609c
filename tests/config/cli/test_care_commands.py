"""The commands of care: a script reads the catalogue, adds pain, and hears what follows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from alerts.care.catalogue.loading import load_care
from app_fixtures import create_home
from config.cli.main import main
from config.settings.data_folder import DataFolder


@pytest.fixture
def hipwatch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    create_home(DataFolder(tmp_path / "home"))
    monkeypatch.setenv("HIPWATCH_HOME", str(tmp_path / "home"))
    return CliRunner()


def run(hipwatch: CliRunner, *arguments: str) -> Result:
    return hipwatch.invoke(main, arguments)


def add(hipwatch: CliRunner, *arguments: str) -> Result:
    return run(hipwatch, "pain", "add", "--place", "knee", "--side", "left", *arguments)


def test_the_catalogue_is_listed_with_dose_stop_and_source(hipwatch: CliRunner) -> None:
    listed = json.loads(run(hipwatch, "routines", "--json").stdout)

    assert [row["id"] for row in listed] == list(load_care().routines)
    assert all(row["dose"] and row["stop"] and row["source"] and row["strength_words"] for row in listed)
    assert "PROG-HIPCORE" in [row["id"] for row in listed if row["planned"]]


def test_a_report_is_added_and_listed_with_what_follows(hipwatch: CliRunner) -> None:
    added = add(hipwatch, "--during", "4", "--no-flags", "--note", "downhill")
    listed = json.loads(run(hipwatch, "pain", "list", "--json").stdout)

    assert json.loads(added.stdout)["during"] == 4
    assert (listed["verdict"], len(listed["entries"]), listed["silenced"]) == ("hold", 1, False)


def test_red_flags_have_to_be_answered(hipwatch: CliRunner) -> None:
    refused = add(hipwatch, "--during", "4")

    assert refused.exit_code == 2
    assert "groin-night" in refused.stderr
    assert json.loads(run(hipwatch, "pain", "list", "--json").stdout)["entries"] == []


@pytest.mark.parametrize("flags", [("--yes", "moon"), ("--yes", "fever", "--no-flags")])
def test_an_answer_that_cannot_be_meant_is_refused(hipwatch: CliRunner, flags: tuple[str, ...]) -> None:
    assert add(hipwatch, "--during", "4", *flags).exit_code == 2


def test_a_yes_leaves_the_professional_alone(hipwatch: CliRunner) -> None:
    add(hipwatch, "--during", "4", "--yes", "fever")
    listed = json.loads(run(hipwatch, "routines", "--json").stdout)

    assert [row["id"] for row in listed] == ["PRO-URGENT"]


def test_a_report_without_a_score_is_told_in_one_line(hipwatch: CliRunner) -> None:
    refused = add(hipwatch, "--no-flags")

    assert refused.exit_code == 2
    assert refused.stderr.startswith("hipwatch: say how much it hurt")


def test_a_mistake_in_the_own_routines_is_told_in_one_line(hipwatch: CliRunner, tmp_path: Path) -> None:
    own = tmp_path / "home" / "care" / "routines.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[[routine]]\nid = "MY-OWN"\n', encoding="utf-8")
    refused = run(hipwatch, "routines")

    assert refused.exit_code == 2
    assert "entry 1 (MY-OWN) at line 1" in refused.stderr


def test_shoes_are_listed(hipwatch: CliRunner) -> None:
    assert json.loads(run(hipwatch, "shoes", "--json").stdout) == []
