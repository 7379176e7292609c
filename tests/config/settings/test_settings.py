"""Settings: defaults, what was changed, and a clear word about what does not fit."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from config.settings.errors import SettingsError
from config.settings.load import commented, default_text, load_settings, parse_settings


def test_the_first_start_writes_a_file_in_which_nothing_is_set(tmp_path: Path) -> None:
    path = tmp_path / "hipwatch.toml"
    load_settings(path, environment={})

    written = tomllib.loads(path.read_text())
    assert not any(leaf for table in written.values() for leaf in leaves(table))


def test_every_default_stands_in_the_file_with_one_mark_before_it(tmp_path: Path) -> None:
    path = tmp_path / "hipwatch.toml"
    load_settings(path, environment={})
    shipped = default_text().splitlines()
    settings = [line for line in shipped if line and not line.startswith(("#", "["))]

    assert {f"# {line}" for line in settings} <= set(path.read_text().splitlines())


def test_a_second_start_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "hipwatch.toml"
    path.write_text('[runner]\nname = "Ada"\n')
    settings = load_settings(path, environment={})

    assert (settings.runner.name, path.read_text()) == ("Ada", '[runner]\nname = "Ada"\n')


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"mail": {"hots": "x"}}, "unknown setting 'mail.hots'; the nearest known one is 'mail.host'"),
        ({"mial": {}}, "unknown setting 'mial'; the nearest known one is 'mail'"),
        ({"mail": {"port": "x"}}, "mail.port: Expected `int`, got `str`"),
        ({"mail": 25}, "'mail' is a table: write [mail] and its settings below"),
        ({"runner": {"units": "furlongs"}}, "runner.units: Invalid enum value 'furlongs'"),
        ({"schedule": {"scan_every_s": 0}}, "schedule.scan_every_s: Expected `int` >= 1"),
        ({"schedule": {"nightly_at": "25:99"}}, "schedule.nightly_at: Expected `str` matching regex"),
        ({"mail": {"host": "smtp..example.org"}}, "mail.host: Expected `str` matching regex"),
        ({"mail": {"pause_days": 99_999_999}}, "mail.pause_days: Expected `int` <= 365"),
        (
            {"detectors": {"single_run_spike": {"notice_ration": 1.2}}},
            "the nearest known one is 'detectors.single_run_spike.notice_ratio'",
        ),
    ],
)
def test_what_does_not_fit_is_named_with_its_remedy(chosen: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(chosen, origin="hipwatch.toml")

    assert str(caught.value).startswith("hipwatch.toml: ")
    assert said in str(caught.value)


def test_a_file_that_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "hipwatch.toml"
    path.write_text("[runner\n")

    with pytest.raises(SettingsError, match=r"hipwatch\.toml: .*line 1"):
        load_settings(path, environment={})


def test_a_file_that_begins_with_a_mark_of_its_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "hipwatch.toml"
    path.write_text('[runner]\nname = "Ada"\n', encoding="utf-8-sig")

    assert load_settings(path, environment={}).runner.name == "Ada"


def test_the_password_may_come_from_the_environment(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "hipwatch.toml", environment={"HIPWATCH_MAIL_PASSWORD": "pä$$ wörd#"})

    assert settings.mail.password == "pä$$ wörd#"


def test_the_password_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a # b = c\n")
    settings = parse_settings({"mail": {"password_file": str(secret)}}, origin="hipwatch.toml")

    assert settings.mail.password == "a # b = c"


def test_a_password_file_that_is_not_there_is_a_clear_error() -> None:
    with pytest.raises(SettingsError, match=r"mail\.password_file .*No such file"):
        parse_settings({"mail": {"password_file": "/no/such/file"}}, origin="hipwatch.toml")


def test_no_password_is_shown_when_settings_are_printed() -> None:
    settings = parse_settings({"mail": {"password": "secret"}}, origin="hipwatch.toml")

    assert "secret" not in repr(settings)


def test_comments_and_tables_stay_as_they_are() -> None:
    assert commented("# why\n[mail]\n\nport = 587\n") == "# why\n[mail]\n\n# port = 587\n"


def leaves(table: object) -> list[object]:
    if not isinstance(table, dict):
        return [table]
    return [leaf for value in table.values() for leaf in leaves(value)]
