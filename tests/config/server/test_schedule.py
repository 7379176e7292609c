"""Once a night in every zone, and a schedule that no clock can stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine

from alerts.schema import job_run_table
from config.server.schedule import (
    JOB_ABANDONED_AFTER,
    NIGHTLY,
    JobRunStore,
    Jobs,
    Nightly,
    Schedule,
    build_scheduler,
    due_date,
)
from ingest.storage.database import Database, metadata

AT = time(3, 17)
BERLIN = ZoneInfo("Europe/Berlin")
# With clocks set over midnight (Beirut, Havana, Santiago), by half an hour (Lord Howe), by two (Troll),
# across 03:17 itself (Chatham, Helsinki, Kyiv) and for a month of the moon (Casablanca).
ZONES = """
Africa/Cairo Africa/Casablanca America/Anchorage America/Havana America/Los_Angeles America/New_York
America/Nuuk America/Santiago America/Scoresbysund America/St_Johns Antarctica/Troll Asia/Beirut
Asia/Jerusalem Atlantic/Azores Australia/Adelaide Australia/Lord_Howe Australia/Sydney Europe/Berlin
Europe/Helsinki Europe/Kyiv Europe/London Pacific/Auckland Pacific/Chatham Pacific/Easter
"""
PATIENCE_S = 10


def clock_changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The hours of a year after which the zone's offset is another."""
    hours = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(365 * 24)]
    offsets = [hour.astimezone(zone).utcoffset() for hour in hours]
    return [hour for hour, before, after in zip(hours, offsets, offsets[1:], strict=False) if before != after]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'hipwatch.db'}")
    metadata.create_all(database.engine)
    yield database
    database.close()


class Clock:
    """A clock that is set by hand, and a job that notes when it ran."""

    def __init__(self, now: datetime, database: Database, zone: ZoneInfo = BERLIN) -> None:
        self.now = now
        self.ran: list[datetime] = []
        self.nightly = Nightly(self.ran.append, JobRunStore(database), lambda: zone, AT, lambda: self.now)

    def show(self, *moments: datetime) -> list[datetime]:
        """Let a tick fall on each moment; give those at which the job ran."""
        self.ran.clear()
        for moment in moments:
            self.now = moment
            self.nightly()
        return list(self.ran)


@pytest.mark.parametrize("year", [2026, 2027])
@pytest.mark.parametrize("name", ZONES.split())
def test_each_day_around_a_clock_change_has_one_night(name: str, year: int) -> None:
    zone = ZoneInfo(name)
    changes = clock_changes(zone, year)
    for change in changes:
        first = change - timedelta(hours=50)
        ran_at: dict[date, datetime] = {}
        for minute in range(100 * 60):
            now = first + timedelta(minutes=minute)
            day = due_date(now, at=AT, time_zone=zone)
            if day is not None:
                ran_at.setdefault(day, now.astimezone(zone))

        middle = change.astimezone(zone).date()
        nights = [ran_at[middle + timedelta(days=days)] for days in (-1, 0, 1)]
        assert all(
            night.date() == middle + timedelta(days=n) for n, night in zip((-1, 0, 1), nights, strict=True)
        )
        assert all(AT <= night.time() < time(4, 31) for night in nights)
    assert len(changes) >= 2


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "America/Havana", "Pacific/Chatham", "Australia/Lord_Howe"]
)
def test_the_ledger_holds_off_the_hour_that_comes_twice(name: str, database: Database) -> None:
    zone = ZoneInfo(name)
    for change in clock_changes(zone, 2026):
        first = change - timedelta(hours=40)
        ran = Clock(first, database, zone).show(*(first + timedelta(minutes=13 * n) for n in range(370)))

        days = [moment.astimezone(zone).date() for moment in ran]
        assert days == sorted(set(days))
        assert len(days) >= 3


def test_nothing_runs_before_its_time() -> None:
    early = datetime(2026, 6, 1, 3, 16, 59, tzinfo=BERLIN)

    assert due_date(early, at=AT, time_zone=BERLIN) is None
    assert due_date(early + timedelta(seconds=1), at=AT, time_zone=BERLIN) == date(2026, 6, 1)


def test_after_eight_hours_asleep_the_night_is_made_up_for_once(database: Database) -> None:
    asleep = datetime(2026, 6, 1, 0, 30, tzinfo=BERLIN)
    awake = [asleep + timedelta(hours=8, minutes=n) for n in range(30)]

    assert Clock(asleep, database).show(asleep, *awake) == [awake[0]]


def test_a_clock_that_jumps_ahead_and_back_repeats_no_day(database: Database) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=BERLIN)
    day = timedelta(days=1)
    clock = Clock(noon, database)

    assert clock.show(noon, noon + day, noon, noon + day) == [noon, noon + day]
    assert clock.show(noon + 2 * day) == [noon + 2 * day]


def test_a_clock_that_jumps_back_a_day_loses_no_later_day(database: Database) -> None:
    noon = datetime(2026, 6, 2, 12, tzinfo=BERLIN)
    day = timedelta(days=1)
    clock = Clock(noon, database)
    clock.show(noon - day, noon, noon - day)

    assert clock.show(*(noon + n * timedelta(hours=6) for n in range(9))) == [
        noon + timedelta(hours=18),
        noon + timedelta(hours=42),
    ]


def test_a_clock_once_wildly_wrong_does_not_end_the_nights(database: Database) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=BERLIN)

    assert len(Clock(noon, database).show(datetime(2099, 1, 1, 12, tzinfo=UTC), noon)) == 2


def test_a_night_that_went_well_is_noted(database: Database) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    Clock(noon, database).show(noon)

    with database.reading() as connection:
        [run] = connection.execute(sa.select(job_run_table)).mappings()
    assert (run["outcome"], run["finished_at"]) == ("done", noon)


def test_a_restart_repeats_nothing(database: Database) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=BERLIN)
    Clock(noon, database).show(noon)

    assert Clock(noon, database).show(noon + timedelta(minutes=1)) == []


def test_a_night_that_was_killed_is_given_out_again_after_an_hour(database: Database) -> None:
    ledger, day, noon = JobRunStore(database), date(2026, 6, 1), datetime(2026, 6, 1, 12, tzinfo=UTC)
    ledger.claim(NIGHTLY, day, noon)

    assert not ledger.claim(NIGHTLY, day, noon + JOB_ABANDONED_AFTER - timedelta(minutes=1))
    assert ledger.claim(NIGHTLY, day, noon + JOB_ABANDONED_AFTER)
    assert not ledger.claim(NIGHTLY, day, noon + JOB_ABANDONED_AFTER)


def test_a_night_that_fails_is_noted_and_not_repeated_that_day(database: Database) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=BERLIN)

    def fail(_now: datetime) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Nightly(fail, JobRunStore(database), lambda: BERLIN, AT, lambda: noon)()

    with database.reading() as connection:
        outcomes = connection.execute(sa.select(job_run_table.c.outcome)).scalars().all()
    assert outcomes == ["failed"]
    assert Clock(noon, database).show(noon + timedelta(hours=3)) == []


class Beat:
    """A job that can be waited for."""

    def __init__(self) -> None:
        self.times: list[datetime] = []
        self.came = threading.Event()
        self.fails = False

    def __call__(self, now: datetime) -> None:
        """Note the time, and fail where told to."""
        self.times.append(now)
        self.came.set()
        if self.fails:
            raise ZeroDivisionError("on purpose")

    def comes_again(self) -> bool:
        """Wait for two runs, of which the second certainly began after the question."""
        self.came.clear()
        if not self.came.wait(PATIENCE_S):
            return False
        self.came.clear()
        return self.came.wait(PATIENCE_S)


@pytest.fixture
def beat(database: Database) -> Iterator[Beat]:
    """The tick of a real scheduler that runs every fiftieth of a second."""
    beat = Beat()
    schedule = build_scheduler(
        Jobs(tick=beat, nightly=lambda _now: None),
        zone_of_runner=lambda: BERLIN,
        ledger=JobRunStore(database),
        every_s=0.02,
    )
    schedule.start()
    yield beat
    schedule.shutdown()


def test_a_started_schedule_runs_both_jobs_at_once_and_the_nightly_once(database: Database) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=BERLIN)
    tick, nightly = Beat(), Beat()
    schedule = build_scheduler(
        Jobs(tick, nightly),
        zone_of_runner=lambda: BERLIN,
        ledger=JobRunStore(database),
        clock=lambda: noon,
        every_s=0.02,
    )
    schedule.start()
    came = nightly.came.wait(PATIENCE_S) and tick.comes_again()
    schedule.shutdown()

    assert came
    assert nightly.times == [noon]


def test_a_job_that_raises_is_logged_and_runs_again(beat: Beat, caplog: pytest.LogCaptureFixture) -> None:
    beat.fails = True
    caplog.set_level(logging.ERROR)

    assert beat.comes_again()
    assert "ZeroDivisionError: on purpose" in caplog.text


@pytest.mark.parametrize("days", [1, -1, 20_000])
def test_a_clock_that_is_set_does_not_stop_the_schedule(beat: Beat, days: int) -> None:
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        assert beat.comes_again()
        traveller.shift(timedelta(days=days))

        assert beat.comes_again()


def test_shutdown_waits_for_the_job_under_way(database: Database) -> None:
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def slow(_now: datetime) -> None:
        begun.set()
        may_end.wait(PATIENCE_S)
        ended.set()

    schedule = build_scheduler(
        Jobs(slow, lambda _now: None), zone_of_runner=lambda: BERLIN, ledger=JobRunStore(database)
    )
    schedule.start()
    begun.wait(PATIENCE_S)
    threading.Timer(0.05, may_end.set).start()
    schedule.shutdown()

    assert ended.is_set()


@dataclass
class SlowJob:
    """A job that lasts until it is let go, run by a schedule whose next minute never comes."""

    database: Database
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    may_end: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def tick(self, _now: datetime) -> None:
        """Begin, and wait."""
        self.begun.release()
        assert self.may_end.acquire(timeout=PATIENCE_S)

    def scheduled(self) -> Schedule:
        """Start a schedule of it, and wait until it is under way."""
        schedule = build_scheduler(
            Jobs(tick=self.tick, nightly=lambda _now: None),
            zone_of_runner=lambda: BERLIN,
            ledger=JobRunStore(self.database),
            every_s=3_600.0,
        )
        schedule.start()
        assert self.begun.acquire(timeout=PATIENCE_S)
        return schedule


def test_who_hurries_while_a_job_is_under_way_need_not_wait_for_the_next_minute(database: Database) -> None:
    slow = SlowJob(database)
    schedule = slow.scheduled()
    schedule.run_soon()
    slow.may_end.release(2)
    ran_again = slow.begun.acquire(timeout=PATIENCE_S)
    schedule.shutdown()

    assert ran_again


def test_nothing_that_was_hurried_for_begins_once_the_schedule_ends(database: Database) -> None:
    slow = SlowJob(database)
    schedule = slow.scheduled()
    schedule.run_soon()
    ending = threading.Thread(target=schedule.shutdown)
    ending.start()
    schedule.ending.wait(PATIENCE_S)
    slow.may_end.release(2)
    ending.join(PATIENCE_S)

    assert not slow.begun.acquire(blocking=False)


def test_the_night_follows_a_runner_who_moves(database: Database) -> None:
    ran: list[datetime] = []
    zones = [ZoneInfo("Asia/Tokyo")]
    now = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)  # 21:00 there, 05:00 in Los Angeles
    nightly = Nightly(ran.append, JobRunStore(database), lambda: zones[0], time(22), lambda: now)
    nightly()
    zones[0] = ZoneInfo("Pacific/Auckland")  # where it is past midnight
    nightly()
    zones[0] = ZoneInfo("Australia/Sydney")  # and 22:00 here
    nightly()

    assert ran == [now]
