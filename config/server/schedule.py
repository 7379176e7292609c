"""The schedule: a job each minute and one each night; the only module that uses APScheduler."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from threading import Event
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from alerts.schema import job_run_table
from ingest.storage.database import Database

NIGHTLY = "nightly"
NIGHTLY_AT = time(3, 17)
JOB_ABANDONED_AFTER = timedelta(hours=1)
_utc_now = partial(datetime.now, UTC)


def due_date(now: datetime, *, at: time, time_zone: ZoneInfo) -> date | None:
    """Give the calendar day in the zone whose daily job is due or was, None before ``at``.

    On a day whose clocks skip ``at`` the job is due when they have skipped it. A day whose clocks show ``at``
    twice is given twice, and all day long: that the job runs once is the ledger's part.
    """
    local = now.astimezone(time_zone)
    return local.date() if local.time() >= at else None


@dataclass(frozen=True, slots=True)
class JobRunStore:
    """Which daily job ran for which calendar day, stored in the database."""

    database: Database

    def claim(self, job: str, local_date: date, now: datetime) -> bool:
        """Take the job of that day; False if it is taken already.

        A run that is not finished after ``JOB_ABANDONED_AFTER`` was killed; its day can be taken again.
        """
        this_run = _is(job, local_date)
        taken = sa.select(job_run_table).where(
            this_run,
            job_run_table.c.finished_at.is_not(None)
            | (job_run_table.c.started_at > now - JOB_ABANDONED_AFTER),
        )
        with self.database.reading() as connection:
            if connection.execute(taken).first():
                return False
        values = {"job": job, "local_date": local_date, "started_at": now}
        with self.database.writing() as connection:
            if connection.execute(taken).first():
                return False
            connection.execute(sa.delete(job_run_table).where(this_run))
            connection.execute(sa.insert(job_run_table).values(values))
        return True

    def finish(self, job: str, local_date: date, now: datetime, *, outcome: str) -> None:
        """Note how the job of that day ended: done or failed."""
        ended = sa.update(job_run_table).where(_is(job, local_date))
        with self.database.writing() as connection:
            connection.execute(ended.values(finished_at=now, outcome=outcome))


def _is(job: str, local_date: date) -> sa.ColumnElement[bool]:
    return (job_run_table.c.job == job) & (job_run_table.c.local_date == local_date)


@dataclass(frozen=True, slots=True)
class Jobs:
    """What is to be done; each job is handed the time."""

    tick: Callable[[datetime], object]
    nightly: Callable[[datetime], object]


@dataclass(frozen=True, slots=True)
class Nightly:
    """Looks at every tick whether the night's job has yet to run, so that a late start still catches up."""

    work: Callable[[datetime], object]
    ledger: JobRunStore
    zone_of_runner: Callable[[], ZoneInfo]
    at: time = NIGHTLY_AT
    clock: Callable[[], datetime] = _utc_now

    def __call__(self) -> bool:
        """Do the work if it is due and nobody has done it; tell whether it was done now.

        Work that fails is not repeated the same day.
        """
        now = self.clock()
        local_date = due_date(now, at=self.at, time_zone=self.zone_of_runner())
        if local_date is None or not self.ledger.claim(NIGHTLY, local_date, now):
            return False
        outcome = "failed"
        try:
            self.work(now)
            outcome = "done"
        finally:
            self.ledger.finish(NIGHTLY, local_date, self.clock(), outcome=outcome)
        return True


@dataclass(frozen=True, slots=True)
class Schedule:
    """The running of the jobs, in a thread of this process."""

    _scheduler: BackgroundScheduler
    ending: Event

    def start(self) -> None:
        """Run every job now and then at its times."""
        self._scheduler.start()

    def run_soon(self) -> None:
        """Scan the inbox as soon as the running job has finished."""
        self._scheduler.modify_job("tick", next_run_time=_utc_now())

    def shutdown(self) -> None:
        """Start nothing more; return when the job under way has finished."""
        self.ending.set()
        self._scheduler.shutdown(wait=True)


def build_scheduler(  # noqa: PLR0913 - all but one by keyword, half of them with a default
    jobs: Jobs,
    *,
    zone_of_runner: Callable[[], ZoneInfo],
    ledger: JobRunStore,
    clock: Callable[[], datetime] = _utc_now,
    every_s: float = 60.0,
    nightly_at: time = NIGHTLY_AT,
) -> Schedule:
    """Set up the jobs: they take turns, never overlap, and what they missed they do once.

    A job that raises is logged by APScheduler with its traceback, and runs again when its time comes.
    """
    scheduler = BackgroundScheduler(
        # Local time is due_date's concern; the machinery itself counts seconds and knows no summer.
        timezone=UTC,
        jobstores={"default": _Store()},
        executors={"default": ThreadPoolExecutor(max_workers=1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    nightly = Nightly(jobs.nightly, ledger, zone_of_runner, nightly_at, clock)
    period = timedelta(seconds=every_s)
    ending = Event()

    def tick() -> None:
        if not ending.is_set():
            jobs.tick(clock())

    # two: of those for which hurry was asked while one is under way, the first waits its turn
    scheduler.add_job(tick, _Every(period), id="tick", name="tick", max_instances=2)
    scheduler.add_job(nightly, _Every(period), id=NIGHTLY, name=NIGHTLY)
    return Schedule(scheduler, ending)


class _Every(BaseTrigger):  # type: ignore[misc]
    """Now, and again a period after each time.

    APScheduler's own interval lists all the times it missed before it coalesces them: for a small computer
    that wakes up in 1970 and then learns the date these are thirty million.
    """

    __slots__ = ("period",)

    def __init__(self, period: timedelta) -> None:
        self.period = period

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Count from now, not from what was missed."""
        return now if previous_fire_time is None else now + self.period


class _Store(MemoryJobStore):  # type: ignore[misc]
    """Keeps jobs in memory, and notices a clock that was set back: it would leave them waiting till then."""

    def get_due_jobs(self, now: datetime) -> list[Job]:
        """Bring forward what waits longer than its period, then give what is due."""
        for job in self.get_all_jobs():
            if job.next_run_time > now + job.trigger.period:
                job.modify(next_run_time=now)
        due: list[Job] = super().get_due_jobs(now)
        return due
