"""The demo's promise: the rules find the four planted events on their days, and nothing else above notice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.alert.alert import Alert, Level
from alerts.detectors.registry import detect
from config.demo.plan import plan, planted
from config.demo.story import HOME, DemoFile, demo_files, demo_recordings
from config.settings.build import build_detectors
from config.settings.load import parse_settings
from ingest.analysis.summary import summarise
from ingest.formats.fit.decode import decode_fit
from ingest.formats.recording import Recording
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.build import build_training_days

TODAY = date(2026, 5, 12)

LEVELS = {
    "two_week_ramp": Level.CAUTION,
    "hard_minutes_spike": Level.CAUTION,
    "cadence_shift": Level.NOTICE,
    "single_run_spike": Level.CAUTION,
}

TODAYS = {
    "monday after the clocks went forward": date(2026, 3, 30),
    "tuesday, leap day of the story's first spring": date(2025, 3, 4),
    "wednesday, new year": date(2025, 1, 1),
    "thursday, leap day": date(2024, 2, 29),
    "friday, second of january": date(2026, 1, 2),
    "saturday, day before the clocks go back": date(2026, 10, 24),
    "sunday, clocks go back": date(2026, 10, 25),
}


@pytest.fixture(scope="module")
def files() -> list[DemoFile]:
    return list(demo_files(TODAY))


def found(recordings: Iterable[Recording], today: date, zone: ZoneInfo = HOME) -> list[Alert]:
    """Take recordings all the way to findings, with the parameters as they are shipped."""
    activities = [
        StoredActivity(number, summarise(part))
        for number, part in enumerate(part for recording in recordings for part in recording.parts())
    ]
    days = build_training_days(activities, time_zone=zone, today=today)
    return detect(days, build_detectors(parse_settings({}, origin="defaults").detectors))


def expected(today: date) -> list[tuple[str, date, Level]]:
    return [(event.kind, event.day, LEVELS[event.kind]) for event in planted(today)]


def seen(alerts: Iterable[Alert]) -> list[tuple[str, date, Level]]:
    return [(alert.kind, alert.day, alert.level) for alert in alerts]


@pytest.mark.parametrize("today", TODAYS.values(), ids=TODAYS)
def test_the_rules_find_what_is_planted_and_nothing_else(today: date) -> None:
    alerts = found((recording for _, recording in demo_recordings(today)), today)

    assert seen(alerts) == expected(today)


def test_the_files_tell_the_same_story_as_the_recordings(files: list[DemoFile]) -> None:
    alerts = found((decode_fit(file.data) for file in files), TODAY)

    assert seen(alerts) == expected(TODAY)


def test_a_runner_on_the_other_side_of_the_world_has_the_same_story() -> None:
    zone = ZoneInfo("Pacific/Auckland")
    alerts = found((recording for _, recording in demo_recordings(TODAY, zone=zone)), TODAY, zone)

    assert seen(alerts) == expected(TODAY)


def test_every_file_is_named_after_its_local_start(files: list[DemoFile]) -> None:
    starts = [datetime.combine(session.day, session.at) for session in plan(TODAY)]

    assert [f"{at:%Y-%m-%d-%H%M%S}" for at in starts] == [file.name[:17] for file in files]


def test_no_two_files_have_the_same_name(files: list[DemoFile]) -> None:
    assert len({file.name for file in files}) == len(files)


def test_files_arrive_one_after_the_other_and_before_today(files: list[DemoFile]) -> None:
    arrivals = [file.arrived_at for file in files]

    assert arrivals == sorted(arrivals)
    assert arrivals[-1] < datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=HOME)


def test_a_file_arrives_within_minutes_of_its_end(files: list[DemoFile]) -> None:
    for file in files[::20]:
        session = decode_fit(file.data).sessions[0]
        ended_at = (session.started_at or file.arrived_at) + timedelta(seconds=session.elapsed_s or 0)

        assert timedelta(minutes=2) <= file.arrived_at - ended_at <= timedelta(minutes=12)


def test_a_file_is_the_same_whenever_it_is_written(files: list[DemoFile]) -> None:
    again = next(demo_files(TODAY))

    assert again == files[0]
