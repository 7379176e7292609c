"""Choices on the page: what goes before what, in force at once, and no letter about the past."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from alerts.alert.alert import Level
from alerts.alert.feedback import NOT_USEFUL
from alerts.schema import job_run_table
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, ordinary_run, steady_weeks
from app_fixtures import open_house as open_any_house
from config.composition.services import Services, open_services
from config.settings.data_folder import DataFolder
from config.settings.load import parse_settings
from ingest.files.sources import collect
from support import fit_run

STRICT = {
    "detectors.single_run_spike.notice_ratio": 1.05,
    "detectors.single_run_spike.minimum_excess_m": 500.0,
}
"""By these a run of 10.99 km after ten of 10 km is a notice."""


@contextmanager
def open_house(folder: Path, *, mailer: RecordingMailer, **tables: dict[str, Any]) -> Iterator[Services]:
    """A house in which nobody asks after silence: every letter is about something found."""
    mail = {"ask_after_silence": False} | tables.pop("mail", {})
    with open_any_house(folder, mailer=mailer, mail=mail, **tables) as services:
        yield services


@pytest.fixture
def mailer() -> RecordingMailer:
    return RecordingMailer()


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten steady weeks and, yesterday, a run a little longer than usual; all of it told or not worth it."""
    folder: Path = tmp_path_factory.mktemp("furnished") / "home"
    with open_house(folder, mailer=RecordingMailer()) as services:
        take_in(services, [*steady_weeks(), longer_run()])
    return folder


@pytest.fixture
def house(furnished: Path, tmp_path: Path, mailer: RecordingMailer) -> Iterator[Services]:
    """The same house for each test."""
    shutil.copytree(furnished, tmp_path / "home")
    with open_house(tmp_path / "home", mailer=mailer) as services:
        yield services


def longer_run(days_ago: int = 1, distance_m: float = 10_990.0) -> bytes:
    return ordinary_run(days_before(days_ago), distance_m=distance_m, duration_s=2_400)


def take_in(services: Services, files: list[bytes], *, prefix: str = "run") -> None:
    sources = list(collect(lay_into(services.home.folder.parent / "files" / prefix, files, prefix=prefix)))
    services.runner_service.take_in(sources, now=NOW, on_result=lambda *_: None)
    services.runner_service.evaluate(NOW)
    services.runner_service.deliver(NOW)


def found(services: Services) -> list[str]:
    return [alert.key for alert in services.runner_service.alert_store.since(date.min)]


def mail_of_two_weeks(services: Services) -> None:
    for days in range(1, 15):
        services.runner_service.evaluate(NOW + timedelta(days=days))
        services.runner_service.deliver(NOW + timedelta(days=days))


def subjects(mailer: RecordingMailer) -> list[str]:
    return [str(email["Subject"]) for email in mailer.emails]


def reopened(folder: Path, mailer: RecordingMailer, **tables: dict[str, Any]) -> Any:  # noqa: ANN401
    runner = {"name": "Ada", "email": "ada@example.org", "time_zone": "UTC"} | tables.pop("runner", {})
    mail = {"ask_after_silence": False} | tables.pop("mail", {})
    settings = parse_settings({"runner": runner, "mail": mail, **tables}, origin="test")
    return open_services(DataFolder(folder), settings, now=NOW, mailer=mailer)


def test_a_choice_holds_at_once(house: Services) -> None:
    house.choices.choose({"runner.units": "imperial", "runner.week_start": "sunday"}, NOW)

    assert house.runner_service.runner.units.abbreviation == "mi"
    assert house.dashboard.week_start == 6


def test_another_process_holds_to_it_too(house: Services, mailer: RecordingMailer) -> None:
    assert house.runner_service.runner.units.abbreviation == "km"
    with reopened(house.home.folder, mailer) as other:
        other.choices.choose({"runner.units": "imperial"}, NOW)

    assert house.runner_service.runner.units.abbreviation == "mi"


def test_a_choice_goes_before_the_file_and_the_file_before_the_defaults(
    house: Services, mailer: RecordingMailer
) -> None:
    house.choices.choose({"mail.pause_days": 3}, NOW)
    with reopened(house.home.folder, mailer, mail={"pause_days": 5, "max_age_days": 9}) as services:
        told = services.choices.all()

    assert (told["mail.pause_days"].value, told["mail.pause_days"].origin) == (3, "page")
    assert (told["mail.max_age_days"].value, told["mail.max_age_days"].origin) == (9, "file")
    assert (told["mail.digest"].value, told["mail.digest"].origin) == ("weekly", "default")


def test_none_goes_back_to_what_the_file_says(house: Services) -> None:
    house.choices.choose({"mail.pause_days": 3}, NOW)
    house.choices.choose({"mail.pause_days": None}, NOW)

    setting = house.choices.all()["mail.pause_days"]
    assert (setting.value, setting.origin) == (7, "default")


def test_what_holds_anyway_is_no_choice(house: Services) -> None:
    kept = house.choices.choose({"mail.pause_days": 7, "runner.name": "Ada"}, NOW)

    assert kept.changes == ()


def test_every_change_is_kept_with_what_was_before(house: Services) -> None:
    house.choices.choose({"mail.pause_days": 3}, NOW)
    house.choices.choose({"mail.pause_days": None}, NOW)

    changes = [(one.was, one.became, one.is_chosen) for one in house.choices.changes("mail.pause_days")]
    assert changes == [(3, 7, False), (7, 3, True)]


def test_all_that_is_wrong_is_named_and_nothing_is_kept(house: Services) -> None:
    wrong = {
        "runner.time_zone": "Atlantis",
        "mail.digest_at": "25:00",
        "runner.email": "nobody",
        "mail.pause_days": 3,
    }
    kept = house.choices.choose(wrong, NOW)

    assert set(kept.problems) == {"runner.time_zone", "mail.digest_at", "runner.email"}
    assert house.layers.preferences.chosen() == {}


@pytest.mark.parametrize(
    "name", ["web.host", "database.url", "mail.password", "inbox.folders", "mail.host", "webhook.url", "x.y"]
)
def test_what_is_the_servers_cannot_be_chosen(house: Services, name: str) -> None:
    kept = house.choices.choose({name: "0.0.0.0"}, NOW)  # noqa: S104 - that is what is refused

    assert set(kept.problems) == {name}
    assert name not in house.choices.all()


def test_a_choice_that_does_not_fit_a_new_file_is_left_out_and_said(
    house: Services, mailer: RecordingMailer
) -> None:
    house.choices.choose({"detectors.single_run_spike.notice_ratio": 1.2}, NOW)
    stricter = {"single_run_spike": {"notice_ratio": 1.05, "caution_ratio": 1.15}}
    with reopened(house.home.folder, mailer, detectors=stricter) as services:
        setting = services.choices.all()["detectors.single_run_spike.notice_ratio"]

    assert (setting.value, setting.origin) == (1.05, "file")
    assert "rise" in setting.unfit


def test_a_stricter_threshold_enters_the_past_and_writes_no_letter(
    house: Services, mailer: RecordingMailer
) -> None:
    kept = house.choices.choose(STRICT, NOW)
    mail_of_two_weeks(house)

    assert (kept.brought, kept.taken) == (1, 0)
    assert f"single_run_spike/{days_before(1).date()}" in found(house)
    assert subjects(mailer) == []


def test_without_a_change_the_same_run_is_told(tmp_path: Path, mailer: RecordingMailer) -> None:
    """The test above would be empty if such a run were worth no letter anyway."""
    strict = {"notice_ratio": 1.05, "minimum_excess_m": 500.0}
    with open_house(tmp_path, mailer=mailer, detectors={"single_run_spike": strict}) as services:
        take_in(services, [*steady_weeks(), longer_run()])
        mail_of_two_weeks(services)

    assert len(mailer.emails) == 1


def test_a_threshold_in_the_file_writes_no_letter_about_the_past_either(
    house: Services, mailer: RecordingMailer
) -> None:
    strict = {"notice_ratio": 1.05, "minimum_excess_m": 500.0}
    with reopened(house.home.folder, mailer, detectors={"single_run_spike": strict}) as services:
        services.runner_service.tick(NOW)
        mail_of_two_weeks(services)

        assert f"single_run_spike/{days_before(1).date()}" in found(services)
    assert subjects(mailer) == []


def test_a_run_after_the_change_is_told_by_the_new_threshold(
    house: Services, mailer: RecordingMailer
) -> None:
    house.choices.choose({**STRICT, "mail.at_once_level": "notice"}, NOW)
    take_in(house, [longer_run(0, 12_300.0)], prefix="today")

    assert len(mailer.emails) == 1


def test_what_waits_for_the_gathered_letter_is_still_told_after_a_change(
    tmp_path: Path, mailer: RecordingMailer
) -> None:
    with open_house(tmp_path, mailer=mailer) as services:
        take_in(services, [*steady_weeks(), longer_run(1, 11_500.0)])
        services.choices.choose({"runner.previous_injury": "2026-01-10"}, NOW)
        mail_of_two_weeks(services)

    assert len(mailer.emails) == 1


def test_an_injury_raises_what_was_found_and_tells_nobody_again(
    tmp_path: Path, mailer: RecordingMailer
) -> None:
    with open_house(tmp_path, mailer=mailer, mail={"at_once_level": "notice"}) as services:
        take_in(services, [*steady_weeks(), longer_run(1, 11_500.0)])
        told = len(mailer.emails)
        services.choices.choose({"runner.previous_injury": "2026-01-10"}, NOW)
        mail_of_two_weeks(services)

        levels = [alert.level for alert in services.runner_service.alert_store.since(days_before(1).date())]
    assert (told, levels) == (1, [Level.CAUTION])
    assert len(mailer.emails) == told


def test_a_quiet_finding_is_no_live_figure(house: Services) -> None:
    house.choices.choose(STRICT, NOW)
    (figures,) = house.runner_service.rule_history.live_figures(NOW, kind="single_run_spike").rules

    assert figures.times == 0


def test_another_time_zone_keeps_what_was_said_of_a_finding_and_writes_no_letter(
    tmp_path: Path, mailer: RecordingMailer
) -> None:
    late = fit_run(days_before(1, hour=23), distance_m=14_000.0, duration_s=2_400, utc_offset_s=None)
    with open_house(tmp_path, mailer=mailer) as services:
        take_in(services, [*steady_weeks(last_days_ago=3), late])
        before = f"single_run_spike/{days_before(1).date()}"
        services.answers.record_opinion(before, NOT_USEFUL, now=NOW)
        services.answers.snooze(["single_run_spike"], until=NOW + timedelta(days=3), now=NOW)
        told = len(mailer.emails)
        services.choices.choose({"runner.time_zone": "Asia/Tokyo"}, NOW)
        mail_of_two_weeks(services)

        after = f"single_run_spike/{days_before(0).date()}"
        assert (before in found(services), after in found(services)) == (False, True)
        assert services.answers.opinions() == {after: NOT_USEFUL}
        assert "single_run_spike" in services.answers.snoozed(NOW)
    assert len(mailer.emails) == told == 1


def test_a_rule_that_is_off_finds_nothing_and_the_ceiling_stays(house: Services) -> None:
    house.choices.choose(STRICT, NOW)
    kept = house.choices.choose({"rules.off": ["single_run_spike"]}, NOW)
    training_status = house.dashboard.overview(NOW).training_status

    assert kept.taken == 1
    assert not [key for key in found(house) if key.startswith("single_run_spike/")]
    assert training_status is not None
    assert training_status.ceiling_m is not None


def test_letters_that_wait_go_to_the_new_address(tmp_path: Path, mailer: RecordingMailer) -> None:
    with open_house(tmp_path, mailer=mailer) as services:
        sources = list(collect(lay_into(tmp_path / "files", [*steady_weeks(), longer_run(1, 14_000.0)])))
        services.runner_service.take_in(sources, now=NOW, on_result=lambda *_: None)
        services.runner_service.evaluate(NOW)
        services.choices.choose({"runner.email": "ada@new.example.org"}, NOW)
        services.runner_service.deliver(NOW)

    assert [str(email["To"]) for email in mailer.emails] == ["ada@new.example.org"]


@pytest.mark.parametrize(("tells", "is_named"), [(False, False), (True, True)])
def test_the_subject_says_what_was_found_only_if_asked_to(
    tmp_path: Path, mailer: RecordingMailer, *, tells: bool, is_named: bool
) -> None:
    with open_house(tmp_path, mailer=mailer) as services:
        services.choices.choose({"mail.subject_tells": tells}, NOW)
        take_in(services, [*steady_weeks(), longer_run(1, 14_000.0)])

    assert any("longer" in subject for subject in subjects(mailer)) is is_named


def test_a_letter_that_is_asked_for_on_monday_comes_next_sunday(
    house: Services, mailer: RecordingMailer
) -> None:
    monday = NOW + timedelta(days=6 - NOW.weekday() + 1, hours=-9)
    house.runner_service.deliver(monday)
    house.choices.choose({"mail.sunday_letter": True}, monday)
    house.runner_service.deliver(monday + timedelta(minutes=1))
    at_once = len(mailer.emails)
    house.runner_service.deliver(monday + timedelta(days=6))

    assert (at_once, len(mailer.emails)) == (0, 1)


def test_a_gathered_letter_that_is_due_is_not_lost_by_a_change(house: Services) -> None:
    evening = NOW + timedelta(days=6 - NOW.weekday(), minutes=1)  # Sunday, 18:01
    due = house.runner_service.notifications.due(evening)
    house.choices.choose({"mail.sunday_letter": True}, evening)
    with house.database.reading() as connection:
        kept = {row.job for row in connection.execute(sa.select(job_run_table.c.job))}

    assert "digest" in due
    assert not any(job.startswith("digest/") for job in kept)
