"""Since when the watcher outside could not be told: kept, and written down only where it changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.service.uptime_ping import UptimePingLog
from config.cli.doctor import examine_setup
from config.composition.services import open_services
from config.settings.data_folder import DataFolder
from config.settings.load import load_settings
from ingest.storage.database import Database, metadata

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator[UptimePingLog]:
    database = Database.open(f"sqlite:///{tmp_path / 'hipwatch.db'}")
    metadata.create_all(database.engine)
    yield UptimePingLog(database)
    database.close()


def note(watcher: UptimePingLog, *told: bool) -> datetime | None:
    for minute, was_told in enumerate(told):
        watcher.note(NOW + minute * MINUTE, was_told=was_told)
    return watcher.failing_since()


def test_nobody_was_told_in_vain_where_nobody_is_asked(watcher: UptimePingLog) -> None:
    assert watcher.failing_since() is None


def test_it_is_since_the_first_of_several_failures(watcher: UptimePingLog) -> None:
    assert note(watcher, True, False, False) == NOW + MINUTE


def test_one_sign_of_life_that_gets_through_ends_it(watcher: UptimePingLog) -> None:
    assert note(watcher, False, False, True) is None


def test_as_long_as_nothing_changes_nothing_is_written(watcher: UptimePingLog) -> None:
    note(watcher, False)
    before = watcher.database.state()
    note(watcher, False, False)

    assert watcher.database.state() == before


@pytest.mark.parametrize(("was_told", "said"), [(True, "is told"), (False, "2026-06-01 12:00")])
def test_the_doctor_says_it_and_keeps_the_secret_of_the_address(
    tmp_path: Path, said: str, *, was_told: bool
) -> None:
    home = DataFolder(tmp_path)
    home.create()
    home.settings.write_text(
        '[runner]\ntime_zone = "UTC"\n[schedule]\nping_url = "https://hc.example.org/secret"\n', "utf-8"
    )
    with open_services(home, load_settings(home.settings), now=NOW) as services:
        UptimePingLog(services.database).note(NOW, was_told=was_told)
    [check] = [check for check in examine_setup(home, now=NOW) if check.title == "Watcher"]

    assert (check.is_fine, said in check.detail, "secret" in f"{check.detail} {check.remedy}") == (
        was_told,
        True,
        False,
    )
