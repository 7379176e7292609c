"""The one door for files: added, duplicate, ignored or rejected, and each in exactly one place."""

from __future__ import annotations

import errno
import zipfile
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app_fixtures import NOW, lay_into, open_house
from config.composition.executors import InlineExecutor
from config.composition.services import Services
from ingest.files.archive import sha256_of
from ingest.files.sources import Source, collect
from ingest.pipeline.importer import ImportReport, _batches, _ReadFile
from ingest.pipeline.process_file import process_file
from support import START, fit_run


def take_in(services: Services, *paths: Path) -> ImportReport:
    return services.runner_service.intake.import_files(list(collect(paths)), now=NOW)


def tick(services: Services) -> ImportReport:
    services.runner_service.inbox.scan()
    return services.runner_service.tick(NOW).intake


def test_each_file_has_its_own_outcome(tmp_path: Path) -> None:
    run = fit_run()
    lay_into(tmp_path / "watch", [run, run, fit_run(file_type="course"), b"not FIT at all"])
    with open_house(tmp_path / "home") as services:
        report = take_in(services, tmp_path / "watch")

    outcome = (report.added, report.duplicates, report.ignored, len(report.rejected))
    assert outcome == (1, 1, 1, 1)


def test_a_rejected_file_says_which_and_why(tmp_path: Path) -> None:
    (path,) = lay_into(tmp_path / "watch", [b"not FIT at all"])
    with open_house(tmp_path / "home") as services:
        (rejected,) = take_in(services, path).rejected

    assert (rejected.path, "at byte" in rejected.reason) == (str(path), True)


def test_an_import_leaves_the_source_alone(tmp_path: Path) -> None:
    paths = lay_into(tmp_path / "watch", [fit_run(), b"not FIT at all"])
    with open_house(tmp_path / "home") as services:
        take_in(services, *paths)

    assert all(path.exists() for path in paths)


def test_the_original_is_kept_byte_for_byte(tmp_path: Path) -> None:
    run = fit_run()
    lay_into(tmp_path / "watch", [run])
    with open_house(tmp_path / "home") as services:
        take_in(services, tmp_path / "watch")

        assert services.runner_service.intake.archive.read(sha256_of(run)) == run


def test_what_was_taken_in_leaves_the_inbox_for_one_place(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        lay_into(services.home.inbox, [fit_run(), b"not FIT at all"])
        tick(services)
        archived = [path for path in services.home.archive.rglob("*.fit") if path.is_file()]
        waiting, aside = (
            list(services.home.inbox.iterdir()),
            services.runner_service.intake.quarantine.count(),
        )

    assert (waiting, len(archived), aside) == ([], 1, 1)


@pytest.mark.parametrize("left", [None, b"", b"half of i"])
def test_an_original_that_was_lost_comes_back_with_its_copy(tmp_path: Path, left: bytes | None) -> None:
    run = fit_run()
    with open_house(tmp_path / "home") as services:
        take_in(services, *lay_into(tmp_path / "watch", [run]))
        archive = services.runner_service.intake.archive
        path = archive.path_of(sha256_of(run))
        path.unlink()
        if left is not None:
            path.write_bytes(left)
        lay_into(services.home.inbox, [run])
        report = tick(services)

        assert (report.duplicates, list(services.home.inbox.iterdir())) == (1, [])
        assert archive.read(sha256_of(run)) == run


def test_a_file_that_still_grows_is_left_alone(tmp_path: Path) -> None:
    run = fit_run()
    with open_house(tmp_path) as services:
        (path,) = lay_into(services.home.inbox, [run[: len(run) // 2]])
        services.runner_service.inbox.scan()
        path.write_bytes(run)
        first = services.runner_service.tick(NOW).intake
        second = services.runner_service.tick(NOW).intake

    assert (first.files, second.added) == (0, 1)


def test_a_zip_in_the_inbox_goes_in_and_is_kept_whole(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        path = services.home.inbox / "export.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a/1.fit", fit_run())
            archive.writestr("photo.jpg", b"also here")
        data = path.read_bytes()
        report = tick(services)
        (kept,) = (services.home.archive / "packages").iterdir()

        assert (report.added, path.exists(), kept.read_bytes()) == (1, False, data)


def test_a_rejected_file_that_can_be_read_later_leaves_the_quarantine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = lay_into(tmp_path / "watch", [fit_run()])
    with open_house(tmp_path / "home") as services:
        with monkeypatch.context() as older:
            older.setattr("ingest.pipeline.process_file.read_recording", _not_yet)
            take_in(services, path)
        report = take_in(services, path)

        assert (report.added, services.runner_service.intake.quarantine.count()) == (1, 0)


def test_many_files_are_decoded_by_a_pool_with_the_same_outcome(tmp_path: Path) -> None:
    files = [fit_run(distance_m=5_000.0 + number, duration_s=60) for number in range(70)]
    lay_into(tmp_path / "watch", [*files, b"not FIT at all"])
    with open_house(tmp_path / "home") as services:
        report = take_in(services, tmp_path / "watch")

    assert (report.added, len(report.rejected)) == (70, 1)


def test_a_run_whose_clock_was_never_set_is_refused_with_a_reason() -> None:
    examined = process_file(fit_run(START.replace(year=1990)))

    assert (examined.outcome, "clock" in examined.reason) == ("rejected", True)


def _not_yet(_data: bytes) -> object:
    from ingest.errors import FitDecodeError  # noqa: PLC0415

    raise FitDecodeError("not understood yet", offset=0)


def test_a_file_that_the_disk_does_not_hand_over_waits_until_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_house(tmp_path) as services:
        lay_into(services.home.inbox, [fit_run()])
        with monkeypatch.context() as broken:
            broken.setattr("ingest.files.sources._open_regular", _input_output_error)
            first = tick(services)
        second = tick(services)

    assert (len(first.rejected), second.added, len(second.rejected)) == (1, 1, 0)


def test_a_zip_that_the_disk_does_not_hand_over_waits_until_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_house(tmp_path) as services:
        with zipfile.ZipFile(services.home.inbox / "export.zip", "w") as archive:
            archive.writestr("1.fit", fit_run())
        with monkeypatch.context() as broken:
            broken.setattr("ingest.files.sources._open_regular", _input_output_error)
            first = tick(services)
        second = tick(services)

    assert (len(first.rejected), second.added, len(second.rejected)) == (1, 1, 0)


def test_a_file_that_cannot_be_cleared_away_is_cleared_away_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_house(tmp_path) as services:
        (path,) = lay_into(services.home.inbox, [fit_run()])
        with monkeypatch.context() as broken:
            broken.setattr(Path, "unlink", _input_output_error)
            tick(services)
        was_there = path.exists()
        report = tick(services)

    assert (was_there, path.exists(), report.duplicates) == (True, False, 1)


def test_a_copy_of_a_rejected_file_is_rejected_for_the_same_reason(tmp_path: Path) -> None:
    lay_into(tmp_path / "watch", [b"not FIT at all"] * 2)
    with open_house(tmp_path / "home") as services:
        first, second = take_in(services, tmp_path / "watch").rejected

    assert first.reason == second.reason


def test_a_batch_ends_at_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.pipeline.importer.BATCH_BYTES", 100)
    reads = [_ReadFile(Source(Path(str(number))), bytes(40), "") for number in range(7)]

    assert [len(batch) for batch in _batches(reads)] == [3, 3, 1]


def _input_output_error(*_args: object, **_options: object) -> None:
    raise OSError(errno.EIO, "Input/output error")


def test_a_file_that_its_process_dies_of_is_set_aside_and_the_others_go_on(tmp_path: Path) -> None:
    lay_into(tmp_path / "watch", [fit_run(START + timedelta(days=day)) for day in range(3)] + [POISON])
    with open_house(tmp_path / "home") as services:
        intake = replace(services.runner_service.intake, executor_for=lambda _count: FragileExecutor())
        report = intake.import_files(list(collect([tmp_path / "watch"])), now=NOW)
        aside = services.runner_service.intake.quarantine.count()

    assert (report.added, "ended" in report.rejected[0].reason, aside) == (3, True, 1)


POISON = b"what kills its process"


class FragileExecutor(InlineExecutor):
    """Dies of poison, and of what was underway beside it, as a pool of processes does."""

    def __init__(self) -> None:
        self.underway = 0

    def submit(self, fn: Callable[..., Any], /, *args: object, **kwargs: object) -> Future[Any]:
        self.underway += 1
        if self.underway > 4 and POISON not in args:
            return super().submit(fn, *args, **kwargs)
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("died"))
        return future
