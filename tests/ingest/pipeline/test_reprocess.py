"""What was derived is derived again, what was set aside tried again; a kill leaves old or new, never half."""

from __future__ import annotations

import dataclasses
import gzip
import zipfile
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from app_fixtures import NOW, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.executors import InlineExecutor
from config.composition.services import Services
from exports import gpx_run
from ingest.files.archive import sha256_of
from ingest.files.sources import collect
from ingest.formats.recording import Device
from ingest.pipeline.importer import ImportReport
from ingest.pipeline.reprocess import import_missing, rebuild, reprocess_after_upgrade, retry_quarantined
from ingest.storage.activity_store import ActivityStore, OriginalFile
from ingest.storage.database import metadata
from support import fit_run

T = TypeVar("T")

PHONE = Device("strava", "phone")

RUN = ordinary_run(days_before(1))
OTHER_RUN = ordinary_run(days_before(3))
COPY = fit_run(days_before(1), distance_m=10_200.0, duration_s=1_790, device=PHONE, heart_rate_bpm=None)

Dump = dict[str, list[tuple[object, ...]]]


def dump(services: Services) -> Dump:
    """Every row of every table, without the counters of how often it was looked at."""
    counters = {"history_version", "evaluated_version"}
    with services.database.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(query)), key=repr)
            for table in metadata.sorted_tables
            for query in [sa.select(*(column for column in table.c if column.name not in counters))]
        }


def take_in(services: Services, *files: bytes) -> ImportReport:
    folder = services.home.folder / "watch"
    paths = lay_into(folder, list(files), prefix=f"run-{sha256_of(b''.join(files))[:8]}")
    return services.runner_service.intake.import_files(list(collect(paths)), now=NOW)


def tamper(services: Services, statement: str) -> None:
    with services.database.writing() as connection:
        connection.exec_driver_sql(statement)


def forget_how_it_was_read(services: Services) -> None:
    """As if an earlier Hipwatch had looked at everything."""
    tamper(services, "UPDATE original SET examined_by = '0.0.1'")


def set_aside(services: Services, data: bytes, name: str = "run.fit") -> None:
    """As if an earlier Hipwatch had not been able to read these bytes."""
    sha256 = sha256_of(data)
    services.runner_service.intake.quarantine.add(sha256, data, name=name, reason="unknown")
    row = OriginalFile(sha256, name, len(data), "", "rejected", "unknown", NOW)
    with services.database.writing() as connection:
        services.runner_service.store.add(connection, row, ())


def quarantined(services: Services) -> list[Path]:
    return sorted(path for path in services.home.quarantine.iterdir() if not path.name.startswith("."))


def test_where_nothing_changed_the_result_is_identical(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        odd = [fit_run(days_before(-3)), fit_run(file_type="course"), b"not FIT"]
        take_in(services, *steady_weeks(4), RUN, COPY, *odd)
        services.runner_service.evaluate(NOW)
        before = dump(services)
        rebuild(services.runner_service.intake, services.runner_service.store.originals())
        services.runner_service.evaluate(NOW)

        assert dump(services) == before


def test_everything_derived_is_derived_anew(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        take_in(services, RUN, COPY, OTHER_RUN)
        before = dump(services)
        tamper(
            services, "UPDATE activity SET distance_m = 1, sport = 'rowing', intensity = NULL, same_as = NULL"
        )
        rebuild(services.runner_service.intake, services.runner_service.store.originals())

        assert dump(services) == before


def test_an_archive_whose_database_was_lost_is_taken_in_again(tmp_path: Path) -> None:
    course = fit_run(file_type="course")
    with open_house(tmp_path) as services:
        lay_into(services.home.inbox, [RUN, OTHER_RUN, course])
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW)
        before = len(services.runner_service.store.activities())
        tamper(services, "DELETE FROM activity")
        tamper(services, "DELETE FROM original")
        report = import_missing(services.runner_service.intake, now=NOW)
        again = import_missing(services.runner_service.intake, now=NOW)

        assert (report.added, report.ignored, again.files) == (2, 1, 0)
        assert len(services.runner_service.store.activities()) == before


def test_what_the_runner_split_stays_split(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        take_in(services, RUN, COPY)
        services.runner_service.store.split(2)
        rebuild(services.runner_service.intake, services.runner_service.store.originals())

        assert len(services.runner_service.store.activities()) == 2


def test_a_part_that_a_file_no_longer_has_goes(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        take_in(services, RUN, OTHER_RUN)
        before = dump(services)
        columns = [c.name for c in metadata.tables["activity"].columns if c.name not in {"id", "part"}]
        listed = ", ".join(columns)
        tamper(
            services,
            f"INSERT INTO activity (id, part, {listed}) SELECT 9, 1, {listed} FROM activity WHERE id = 1",  # noqa: S608
        )
        tamper(services, "UPDATE activity SET same_as = 9 WHERE id = 2")
        rebuild(services.runner_service.intake, services.runner_service.store.originals())

        assert dump(services) == before


def test_a_file_that_is_gone_keeps_what_was_known_of_it(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        take_in(services, RUN)
        before = dump(services)
        services.runner_service.intake.archive.path_of(sha256_of(RUN)).unlink()
        report = rebuild(services.runner_service.intake, services.runner_service.store.originals())

        assert (dump(services) == before, len(report.failed), report.files) == (True, 1, 1)


def test_a_rebuild_calls_originals_of_an_older_archive_after_what_they_are(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        data = gpx_run().encode()
        take_in(services, data)
        archive = services.runner_service.intake.archive
        path = archive.path_of(sha256_of(data))
        path.rename(path.with_suffix(".fit"))
        before = dump(services)
        report = rebuild(services.runner_service.intake, services.runner_service.store.originals())

        assert (archive.path_of(sha256_of(data)), report.failed) == (path, [])
        assert dump(services) == before


def test_a_file_that_changed_on_disk_is_not_believed(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        take_in(services, RUN)
        services.runner_service.intake.archive.path_of(sha256_of(RUN)).write_bytes(OTHER_RUN)
        report = rebuild(services.runner_service.intake, services.runner_service.store.originals())

    assert "has changed on disk" in report.failed[0].reason


class Dying(InlineExecutor):
    """Loses the first few of the processes that it gives work to."""

    def __init__(self, deaths: int) -> None:
        self.deaths = deaths

    def submit(self, fn: Callable[..., T], /, *args: object, **kwargs: object) -> Future[T]:
        if self.deaths == 0:
            return super().submit(fn, *args, **kwargs)
        self.deaths -= 1
        lost: Future[T] = Future()
        lost.set_exception(BrokenExecutor("gone"))
        return lost


@pytest.mark.parametrize(("deaths", "failed"), [(1, 0), (2, 1)])
def test_a_process_that_is_lost_costs_no_run(tmp_path: Path, deaths: int, failed: int) -> None:
    with open_house(tmp_path) as services:
        take_in(services, RUN)
        before = dump(services)
        intake = dataclasses.replace(services.runner_service.intake, executor_for=lambda _: Dying(deaths))
        report = rebuild(intake, services.runner_service.store.originals())

        assert (dump(services) == before, len(report.failed)) == (True, failed)


@pytest.mark.parametrize("dies_at", range(4))
def test_killed_at_any_file_the_next_run_completes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    files = [RUN, COPY, OTHER_RUN, ordinary_run(days_before(5))]
    derive = ActivityStore.derive
    count = iter(range(100))

    def die(*arguments: object) -> None:
        if next(count) == dies_at:
            raise KeyboardInterrupt
        derive(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("ingest.pipeline.reprocess.BATCH_FILES", 2)
    with open_house(tmp_path) as services:
        take_in(services, *files)
        derived = dump(services)
        tamper(services, "UPDATE activity SET distance_m = 1")
        with monkeypatch.context() as mortal, pytest.raises(KeyboardInterrupt):
            mortal.setattr(ActivityStore, "derive", die)
            rebuild(services.runner_service.intake, services.runner_service.store.originals())
        halfway = [activity.summary.distance_m for activity in services.runner_service.store.activities()]
        rebuild(services.runner_service.intake, services.runner_service.store.originals())

        assert all(distance_m in {1.0, 10_000.0} for distance_m in halfway)
        assert dump(services) == derived


def test_after_an_upgrade_everything_is_derived_anew_once(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        take_in(services, RUN, OTHER_RUN)
        before = dump(services)
        tamper(services, "UPDATE activity SET distance_m = 1")
        forget_how_it_was_read(services)
        first, second = (reprocess_after_upgrade(services.runner_service.intake, now=NOW) for _ in range(2))

        assert (first, second, dump(services) == before) == (True, False, True)


def test_a_kill_during_the_catching_up_leaves_it_due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with open_house(tmp_path) as services:
        take_in(services, RUN, COPY)
        before = dump(services)
        tamper(services, "UPDATE activity SET same_as = NULL")
        forget_how_it_was_read(services)
        with monkeypatch.context() as mortal, pytest.raises(KeyboardInterrupt):
            mortal.setattr(ActivityStore, "match_all", die)
            reprocess_after_upgrade(services.runner_service.intake, now=NOW)
        reprocess_after_upgrade(services.runner_service.intake, now=NOW)

        assert dump(services) == before


def test_after_an_upgrade_what_was_set_aside_is_tried_again(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        set_aside(services, RUN)
        forget_how_it_was_read(services)
        services.runner_service.tick(NOW)

        assert (len(services.runner_service.store.activities()), quarantined(services)) == (1, [])


def test_without_an_upgrade_nothing_is_tried_again(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        set_aside(services, RUN)
        services.runner_service.tick(NOW)

        assert services.runner_service.store.activities() == []


def test_an_original_that_nobody_can_read_is_tried_once_for_each_version(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        take_in(services, RUN)
        services.runner_service.intake.archive.path_of(sha256_of(RUN)).unlink()
        forget_how_it_was_read(services)

        assert [reprocess_after_upgrade(services.runner_service.intake, now=NOW) for _ in range(2)] == [
            True,
            False,
        ]


def test_what_is_set_aside_comes_in_when_it_can_be_read(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        set_aside(services, RUN)
        report = retry_quarantined(services.runner_service.intake, now=NOW)

        assert (report.added, report.rejected, quarantined(services)) == (1, [], [])


def test_a_packed_file_that_is_set_aside_comes_in_too(tmp_path: Path) -> None:
    packed = tmp_path / "run.fit.gz"
    packed.write_bytes(gzip.compress(RUN))
    with open_house(tmp_path / "home") as services:
        services.runner_service.intake.quarantine.move_in(packed, name=packed.name, reason="unknown")
        report = retry_quarantined(services.runner_service.intake, now=NOW)

        assert (report.added, quarantined(services)) == (1, [])


def test_an_archive_that_is_set_aside_is_kept_whole_once_its_files_are_in(tmp_path: Path) -> None:
    package = tmp_path / "export.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("run.fit", RUN)
        archive.writestr("notes.txt", "kept too")
    with open_house(tmp_path / "home") as services:
        services.runner_service.intake.quarantine.move_in(package, name=package.name, reason="too large")
        report = retry_quarantined(services.runner_service.intake, now=NOW)
        kept = list((services.home.archive / "packages").iterdir())

        assert (report.added, quarantined(services), len(kept)) == (1, [], 1)


def test_what_still_cannot_be_read_stays_as_it_lies(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        take_in(services, b"not FIT at all")
        before = [(path.name, path.read_bytes()) for path in quarantined(services)]
        report = retry_quarantined(services.runner_service.intake, now=NOW)
        after = [(path.name, path.read_bytes()) for path in quarantined(services)]

    assert (report.added, len(report.rejected), after) == (0, 1, before)


def test_what_was_taken_in_since_leaves_quarantine(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        take_in(services, RUN)
        services.runner_service.intake.quarantine.add(sha256_of(RUN), RUN, name="run.fit", reason="unknown")
        report = retry_quarantined(services.runner_service.intake, now=NOW)

        assert (report.duplicates, quarantined(services)) == (1, [])
