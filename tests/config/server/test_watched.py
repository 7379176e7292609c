"""Watched folders and account exports at the command line."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app_fixtures import lay_into
from config.cli.main import main
from exports import gpx_run, tcx_run, zip_of
from support import START, fit_run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HIPWATCH_HOME", str(folder))
    return folder


def hipwatch(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def runner_service(home: Path, folder: Path) -> None:
    (home / "hipwatch.toml").write_text(f"[inbox]\nfolders = [{str(folder)!r}]\n")


def test_tick_takes_in_a_watched_folder_once(home: Path, tmp_path: Path) -> None:
    runner_service(home, tmp_path / "watch")
    (path,) = lay_into(tmp_path / "watch", [fit_run(duration_s=60)])
    told = [json.loads(hipwatch("tick", "--json").stdout) for _ in range(3)]

    # What was written this minute is left to the second tick, which finds it unchanged.
    assert [tick["added"] for tick in told] == [0, 1, 0]
    assert [tick["duplicates"] for tick in told] == [0, 0, 0]
    assert path.exists()


def test_doctor_names_a_watched_folder_that_is_not_there(home: Path, tmp_path: Path) -> None:
    runner_service(home, tmp_path / "watch")
    missing = [
        check for check in json.loads(hipwatch("doctor", "--json").stdout) if "Watched" in check["title"]
    ]
    (tmp_path / "watch").mkdir()
    there = [
        check for check in json.loads(hipwatch("doctor", "--json").stdout) if "Watched" in check["title"]
    ]

    assert [(check["is_fine"], "No such file" in check["detail"]) for check in missing] == [(False, True)]
    assert [check["is_fine"] for check in there] == [True]


@pytest.mark.usefixtures("home")
def test_import_counts_what_an_account_export_holds_beside_runs(tmp_path: Path) -> None:
    inner = {f"me@example.org_{number}.fit": fit_run(file_type="monitoring_b") for number in range(30)}
    inner["me@example.org_run.fit"] = fit_run(duration_s=60)
    export = tmp_path / "export.zip"
    export.write_bytes(zip_of({"DI_CONNECT/Part1.zip": zip_of(inner), "customer.json": b"{}"}))
    answer = json.loads(hipwatch("import", export, "--json").stdout)

    assert (answer["added"], answer["ignored"], answer["rejected"]) == (1, 30, [])
    assert export.exists()


@pytest.mark.usefixtures("home")
def test_import_takes_gpx_and_tcx(tmp_path: Path) -> None:
    (tmp_path / "a.gpx").write_text(gpx_run())
    (tmp_path / "b.tcx").write_text(tcx_run(START + timedelta(days=1)))
    answer = json.loads(hipwatch("import", tmp_path / "a.gpx", tmp_path / "b.tcx", "--json").stdout)

    assert (answer["added"], answer["rejected"]) == (2, [])


def test_decode_tells_the_facts_of_a_gpx_file(tmp_path: Path) -> None:
    (tmp_path / "a.gpx").write_text(gpx_run())
    facts = json.loads(hipwatch("decode", tmp_path / "a.gpx").stdout)

    assert (facts["sport"], facts["timer_s"], facts["avg_cadence_spm"]) == ("running", 600.0, 170.0)


def test_decode_of_hostile_xml_is_an_error_with_a_line(tmp_path: Path) -> None:
    (tmp_path / "a.gpx").write_text('<!DOCTYPE gpx [<!ENTITY a "b">]>\n<gpx/>')
    result = hipwatch("decode", tmp_path / "a.gpx")

    assert (result.exit_code, "in line 1" in json.loads(result.stdout)["error"]) == (2, True)
