"""The command line is a contract: names in the JSON, exit codes, what goes to which stream."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app_fixtures import create_home, lay_into, let_rest, ordinary_run
from config.cli.main import main
from config.settings.data_folder import DataFolder
from ingest.formats.recording import Device
from support import START, fit_run


@pytest.fixture
def new_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that is not there yet."""
    folder = tmp_path / "home"
    monkeypatch.setenv("HIPWATCH_HOME", str(folder))
    return folder


@pytest.fixture
def home(new_home: Path) -> Path:
    """A data folder with an empty database."""
    create_home(DataFolder(new_home))
    return new_home


def hipwatch(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def recent_history() -> list[bytes]:
    """Ten weeks of three equal runs, and yesterday one of 14 km."""
    today = datetime.now(UTC).replace(hour=5, minute=0, second=0, microsecond=0)
    ordinary = [ordinary_run(today - timedelta(days=ago)) for ago in range(72, 1, -1) if ago % 7 in {2, 4, 6}]
    return [*ordinary, ordinary_run(today - timedelta(days=1), distance_m=14_000.0, duration_s=2_700)]


def test_import_answers_with_what_became_of_each_file(new_home: Path, tmp_path: Path) -> None:
    run = fit_run()
    paths = lay_into(tmp_path / "watch", [run, run, fit_run(file_type="workout"), b"not FIT"])
    result = hipwatch("import", tmp_path / "watch", "--json")

    answer = json.loads(result.stdout)
    assert {name: answer[name] for name in ("added", "duplicates", "ignored")} == {
        "added": 1,
        "duplicates": 1,
        "ignored": 1,
    }
    assert [set(one) for one in answer["rejected"]] == [{"path", "reason"}]
    assert (answer["rejected"][0]["path"], answer["seconds"] > 0) == (str(paths[3]), True)
    assert new_home.is_dir()


@pytest.mark.parametrize(("files", "code"), [([fit_run()], 0), ([fit_run(), b"not FIT"], 1)])
@pytest.mark.usefixtures("home")
def test_import_ends_with_one_where_something_was_rejected(
    tmp_path: Path, files: list[bytes], code: int
) -> None:
    lay_into(tmp_path / "watch", files)

    assert hipwatch("import", tmp_path / "watch").exit_code == code


@pytest.mark.usefixtures("home")
def test_a_path_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    assert hipwatch("import", tmp_path / "nowhere").exit_code == 2


def test_decode_prints_the_facts_of_one_file(tmp_path: Path) -> None:
    (path,) = lay_into(tmp_path, [fit_run(START, distance_m=10_000.0, duration_s=3_600, cadence_spm=172.0)])
    facts = json.loads(hipwatch("decode", path).stdout)

    expected = {
        "sport": "running",
        "sub_sport": None,
        "started_at": "2026-03-02T06:30:00Z",
        "records": 3_601,
        "distance_m": 10_000.0,
        "timer_s": 3_600.0,
        "avg_heart_rate_bpm": 150,
        "avg_cadence_spm": 172.0,
        "quality": [],
    }
    assert {name: facts[name] for name in expected} == expected
    assert (len(facts["sessions"]), "fr965" in facts["device"]) == (1, True)


def test_decode_reads_what_a_link_leads_to_as_import_does(tmp_path: Path) -> None:
    (path,) = lay_into(tmp_path, [fit_run(duration_s=60)])
    (tmp_path / "link.fit").symlink_to(path)

    assert json.loads(hipwatch("decode", tmp_path / "link.fit").stdout)["records"] == 61


def test_decode_names_the_type_of_what_is_no_activity(tmp_path: Path) -> None:
    (path,) = lay_into(tmp_path, [fit_run(file_type="course")])

    assert json.loads(hipwatch("decode", path).stdout)["file_type"] == "course"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04" * 100])
def test_decode_of_what_cannot_be_read_is_an_error_with_a_byte(tmp_path: Path, data: bytes) -> None:
    (path,) = lay_into(tmp_path, [data])
    result = hipwatch("decode", path)

    assert (result.exit_code, "at byte" in json.loads(result.stdout)["error"]) == (2, True)


def test_decode_of_a_missing_file_is_an_error() -> None:
    result = hipwatch("decode", "/no/such.fit")

    assert (result.exit_code, "No such file" in json.loads(result.stdout)["error"]) == (2, True)


@pytest.mark.usefixtures("home")
def test_alerts_lists_what_scripts_rely_on(tmp_path: Path) -> None:
    lay_into(tmp_path / "watch", recent_history())
    hipwatch("import", tmp_path / "watch")
    (alert,) = json.loads(hipwatch("alerts", "--json").stdout)

    needed = {"key", "kind", "day", "level", "observed", "expected", "unit", "evidence", "advice"}
    assert needed <= set(alert)
    assert (alert["kind"], alert["level"], alert["unit"]) == ("single_run_spike", "caution", "m")
    assert all(isinstance(routine, str) for routine in alert["advice"])


@pytest.mark.usefixtures("home")
def test_old_findings_are_listed_on_request_only(tmp_path: Path) -> None:
    history = [
        fit_run(START + timedelta(days=2 * number), distance_m=10_000.0, duration_s=1_800)
        for number in range(20)
    ]
    lay_into(tmp_path / "watch", [*history, fit_run(START + timedelta(days=41), distance_m=15_000.0)])
    hipwatch("import", tmp_path / "watch")

    listed = [json.loads(hipwatch("alerts", *more, "--json").stdout) for more in ((), ("--all",))]
    assert [len(one) for one in listed] == [0, 1]


def test_tick_takes_in_what_waits_and_lays_the_letter_beside_it(home: Path) -> None:
    hipwatch("doctor")
    let_rest(lay_into(home / "inbox", recent_history()))
    result = hipwatch("tick", "--json")

    emails = list((home / "mail").glob("*.eml"))
    assert (json.loads(result.stdout)["added"], len(emails), list((home / "inbox").iterdir())) == (32, 1, [])


def test_a_tick_leaves_what_was_written_just_now_to_the_next(home: Path) -> None:
    """A copy that stalls for a second is not taken half; the next tick knows what this one saw."""
    hipwatch("doctor")
    lay_into(home / "inbox", [fit_run()])
    ticks = [hipwatch("tick", "--json") for _ in range(3)]

    assert [json.loads(tick.stdout)["added"] for tick in ticks] == [0, 1, 0]
    assert ["1 left for the next tick" in tick.stderr for tick in ticks] == [True, False, False]


@pytest.mark.usefixtures("home")
def test_runs_lists_every_activity(tmp_path: Path) -> None:
    lay_into(tmp_path / "watch", [fit_run(), fit_run(START + timedelta(days=1), sport="cycling")])
    hipwatch("import", tmp_path / "watch")

    listed = json.loads(hipwatch("runs", "--json").stdout)
    assert [one["sport"] for one in listed] == ["running", "cycling"]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("command", ["runs", "alerts"])
def test_a_list_for_people_is_no_json(tmp_path: Path, command: str) -> None:
    lay_into(tmp_path / "watch", recent_history())
    hipwatch("import", tmp_path / "watch")

    assert "km" in hipwatch(command).stdout


def test_a_slip_in_the_settings_is_named_with_its_remedy(home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "hipwatch.toml").write_text("[mail]\nhots = 'x'\n")
    result = hipwatch("runs")

    assert (result.exit_code, "nearest known one is 'mail.host'" in result.stderr) == (2, True)


def test_doctor_says_where_to_put_files_when_there_are_none(home: Path) -> None:
    result = hipwatch("doctor")

    assert (result.exit_code, str(home / "inbox") in result.stdout) == (1, True)


def test_doctor_is_content_with_a_house_in_order(home: Path) -> None:
    hipwatch("doctor")
    let_rest(lay_into(home / "inbox", recent_history()))
    hipwatch("tick")

    result = hipwatch("doctor", "--json")
    assert (result.exit_code, all(check["is_fine"] for check in json.loads(result.stdout))) == (0, True)


def recorded_twice() -> list[bytes]:
    """One run by a watch, and by a phone that knows less of it."""
    return [fit_run(), fit_run(device=Device("strava", "phone"), heart_rate_bpm=None)]


@pytest.mark.usefixtures("home")
def test_runs_name_the_recordings_that_were_merged(tmp_path: Path) -> None:
    paths = lay_into(tmp_path / "watch", recorded_twice())
    hipwatch("import", tmp_path / "watch")

    (run,) = json.loads(hipwatch("runs", "--json").stdout)
    assert [(one["device"], one["name"]) for one in run["sources"]] == [
        ("garmin fr965", str(paths[0])),
        ("strava phone", str(paths[1])),
    ]
    assert "2 recordings" in hipwatch("runs").stdout


@pytest.mark.usefixtures("home")
def test_runs_all_shows_what_counts_for_each_recording(tmp_path: Path) -> None:
    lay_into(tmp_path / "watch", recorded_twice())
    hipwatch("import", tmp_path / "watch")

    listed = {one["device"]: one for one in json.loads(hipwatch("runs", "--all", "--json").stdout)}
    runner_service, phone = listed["garmin fr965"], listed["strava phone"]
    assert (runner_service["same_as"], phone["same_as"]) == (None, runner_service["id"])
    assert f"counted as {runner_service['id']}" in hipwatch("runs", "--all").stdout


@pytest.mark.usefixtures("home")
def test_a_wrong_match_is_undone_for_good(tmp_path: Path) -> None:
    lay_into(tmp_path / "watch", recorded_twice())
    hipwatch("import", tmp_path / "watch")
    codes = [hipwatch("runs", "split", "2").exit_code, hipwatch("rebuild").exit_code]

    listed = json.loads(hipwatch("runs", "--json").stdout)
    assert (codes, [one.get("sources") for one in listed]) == ([0, 0], [None, None])


@pytest.mark.usefixtures("home")
def test_what_is_not_merged_cannot_be_split() -> None:
    result = hipwatch("runs", "split", "7")

    assert (result.exit_code, result.stderr) == (2, "hipwatch: there is no activity 7\n")


@pytest.mark.usefixtures("home")
def test_retry_answers_like_import(tmp_path: Path) -> None:
    lay_into(tmp_path / "watch", [b"not FIT"])
    first = hipwatch("import", tmp_path / "watch", "--json")
    again = hipwatch("retry", "--json")

    reports = [json.loads(result.stdout) for result in (first, again)]
    assert (again.exit_code, len(reports[1]["rejected"])) == (1, 1)
    assert reports[0].keys() == reports[1].keys()


@pytest.mark.usefixtures("home")
def test_retry_with_nothing_set_aside_is_content() -> None:
    assert hipwatch("retry").exit_code == 0


def test_rebuild_says_what_it_could_not_derive_again(home: Path, tmp_path: Path) -> None:
    lay_into(tmp_path / "watch", [fit_run()])
    hipwatch("import", tmp_path / "watch")
    whole = hipwatch("rebuild", "--json")
    next(path for path in (home / "archive").rglob("*.fit") if path.is_file()).unlink()
    broken = hipwatch("rebuild", "--json")

    assert (whole.exit_code, json.loads(whole.stdout)["failed"]) == (0, [])
    assert (broken.exit_code, len(json.loads(broken.stdout)["failed"])) == (1, 1)
