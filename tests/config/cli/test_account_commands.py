"""`hipwatch accounts`: links instead of passwords, and what each command ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app_fixtures import create_home
from config.cli.main import main
from config.settings.data_folder import DataFolder


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create_home(DataFolder(tmp_path / "home"))
    monkeypatch.setenv("HIPWATCH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TZ", "UTC")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["accounts", *arguments])


def accounts() -> list[dict[str, object]]:
    listed = json.loads(run("list", "--json").stdout)
    assert isinstance(listed, list)
    return listed


def test_an_account_begins_with_a_link_and_without_a_password() -> None:
    added = run("add", "Ada")

    assert added.exit_code == 0
    assert added.stdout.startswith("http://127.0.0.1:8321/account/link/")
    assert [(one["name"], one["kind"], one["has_password"]) for one in accounts()] == [
        ("ada", "administrator", False)
    ]


def test_no_command_takes_a_password() -> None:
    options = [
        option
        for command in main.commands["accounts"].commands.values()  # type: ignore[attr-defined]
        for parameter in command.params
        for option in parameter.opts
        if "pass" in option
    ]

    assert options == []


def test_what_scripts_read_is_json_alone() -> None:
    assert set(json.loads(run("add", "ada", "--json").stdout)) == {"link", "valid_until"}


def test_a_name_is_taken_once_however_it_is_written() -> None:
    run("add", "ada")
    again = run("add", " ADA ")

    assert (again.exit_code, "already" in again.stderr) == (2, True)


@pytest.mark.parametrize("name", ["", "-", "<script>", "a b", "x" * 41, "a\nb"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    refused = run("add", "--", name)

    assert (refused.exit_code, "no name" in refused.stderr) == (2, True)


def test_the_first_account_is_an_administrator_s() -> None:
    refused = run("add", "bo", "--physiotherapist")

    assert (refused.exit_code, accounts()) == (2, [])


def test_a_physiotherapist_s_account_keeps_what_it_hides() -> None:
    run("add", "ada")
    run("add", "bo", "--physiotherapist", "--without", "notes")

    assert [(one["kind"], one["hides"]) for one in accounts()][1] == ("physiotherapist", ["notes"])


def test_only_a_physiotherapist_s_account_hides_anything() -> None:
    assert run("add", "ada", "--without", "notes").exit_code == 2


def test_a_reset_tells_a_new_link() -> None:
    first = run("add", "ada").stdout
    second = run("reset", "ada").stdout

    assert second.startswith("http://127.0.0.1:8321/account/link/")
    assert first != second


@pytest.mark.parametrize("command", ["reset", "remove", "remove-second-factor"])
def test_an_account_that_is_not_there_is_a_clear_error(command: str) -> None:
    refused = run(command, "eve")

    assert (refused.exit_code, "hipwatch accounts list" in refused.stderr) == (2, True)


def test_the_last_administrator_stays_while_others_have_accounts() -> None:
    run("add", "ada")
    run("add", "bo", "--physiotherapist")
    refused = run("remove", "ada")

    assert (refused.exit_code, len(accounts())) == (2, 2)


def test_removing_the_last_account_says_what_follows() -> None:
    run("add", "ada")
    removed = run("remove", "ada")

    assert "opens without login" in removed.stderr
    assert accounts() == []


@pytest.mark.parametrize(
    ("host", "names", "said"),
    [
        ("127.0.0.1", (), "opens to this computer without login"),
        ("0.0.0.0", (), "hipwatch accounts add"),  # noqa: S104 - the claim
        ("0.0.0.0", ("ada",), "asks for a login: ada"),  # noqa: S104 - the claim
    ],
)
def test_the_doctor_says_who_logs_in(tmp_path: Path, host: str, names: tuple[str, ...], said: str) -> None:
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "hipwatch.toml").write_text(f'[web]\nhost = "{host}"\n')
    for name in names:
        run("add", name)

    assert said in CliRunner().invoke(main, ["doctor"]).stdout


def test_the_second_factor_can_be_taken_away_without_one() -> None:
    run("add", "ada")

    assert run("remove-second-factor", "ada").exit_code == 0
