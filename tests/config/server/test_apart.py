"""A large import in a process of its own: all of it is taken in there, and a death loses nothing."""

from __future__ import annotations

import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Never

import pytest

import config.server.import_process
from alerts.service.runner_service import RunnerService
from app_fixtures import NOW, lay_into, open_house
from config.composition.executors import FEW_FILES
from config.composition.services import Services
from config.server.import_process import LITTLE_BYTES, ImportSubprocess, is_large
from config.server.serve import tick_of
from dashboard_client import dashboard
from ingest.errors import WorkerLostError
from ingest.files import sources
from ingest.pipeline.importer import ImportReport
from ingest.pipeline.inbox import Inbox
from ingest.pipeline.last_scan import ScanResult
from support import START, fit_run

PATIENCE_S = 60.0


def short_runs(count: int) -> list[bytes]:
    return [fit_run(START + timedelta(hours=n), duration_s=60) for n in range(count)]


def rested(services: Services, folder: Path, files: list[bytes]) -> list[Path]:
    """Lay files into a folder and look at them once."""
    paths = lay_into(folder, files)
    services.runner_service.inbox.scan()
    return paths


def apart_of(services: Services) -> ImportSubprocess:
    return ImportSubprocess(services.home, services.layers.base)


@pytest.mark.parametrize(
    ("sizes_bytes", "expected"),
    [([1] * FEW_FILES, False), ([1] * (FEW_FILES + 1), True), ([LITTLE_BYTES], False), ([9_000_000], True)],
)
def test_much_is_many_files_or_a_large_one(sizes_bytes: list[int], expected: bool) -> None:  # noqa: FBT001
    look = {f"run-{n}.fit": (size_bytes, 0) for n, size_bytes in enumerate(sizes_bytes)}

    assert is_large(look) is expected


def test_the_inbox_is_emptied_by_another_process(tmp_path: Path) -> None:
    with open_house(tmp_path / "home") as services:
        rested(services, services.home.inbox, [*short_runs(2), b"no recording"])
        report = apart_of(services).take_in(services.runner_service.inbox, now=NOW)
        taken = len(services.runner_service.history.activities())

    assert (report.added, len(report.rejected), taken) == (2, 1, 2)
    assert list(services.home.inbox.iterdir()) == []


def test_a_watched_folder_is_not_taken_in_again_by_this_process(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    with open_house(tmp_path / "home", inbox={"folders": [str(watched)]}) as services:
        paths = rested(services, watched, short_runs(2))
        first = apart_of(services).take_in(services.runner_service.inbox, now=NOW)
        again = services.runner_service.inbox.import_new(services.runner_service.intake, now=NOW)

    assert (first.added, again.files, [path.exists() for path in paths]) == (2, 0, [True, True])


def test_what_another_process_could_not_finish_still_waits(tmp_path: Path) -> None:
    with open_house(tmp_path / "home") as services:
        rested(services, services.home.inbox, short_runs(3))
        killer = threading.Thread(target=kill_the_first_child)
        killer.start()
        with pytest.raises(WorkerLostError):
            apart_of(services).take_in(services.runner_service.inbox, now=NOW)
        killer.join()
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW)

        assert len(services.runner_service.history.activities()) == 3


def kill_the_first_child() -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        if children := multiprocessing.active_children():
            children[0].kill()
            return
        time.sleep(0.001)


def test_what_came_in_great_number_meanwhile_is_taken_in_elsewhere_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = ImportSubprocess.take_in
    elsewhere: list[int] = []

    def joined(self: ImportSubprocess, inbox: Inbox, *, now: datetime) -> ImportReport:
        report = original(self, inbox, now=now)
        elsewhere.append(report.added)
        if len(elsewhere) == 1:  # as when a browser sends many files in turns
            lay_into(inbox.folder, short_runs(2 * FEW_FILES)[FEW_FILES - 1 :], prefix="late")
            inbox.scan()
        return report

    monkeypatch.setattr(ImportSubprocess, "take_in", joined)
    with open_house(tmp_path / "home") as services:
        rested(services, services.home.inbox, short_runs(FEW_FILES + 1))
        tick_of(services)(NOW)

    assert elsewhere == [FEW_FILES + 1, FEW_FILES - 1]


def test_a_process_that_dies_time_and_again_is_told_on_the_pages_and_keeps_no_letter_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImportSubprocess, "take_in", die)
    delivered: list[datetime] = []
    monkeypatch.setattr(RunnerService, "deliver", lambda _self, now: delivered.append(now))
    with open_house(tmp_path / "home") as services:
        rested(services, services.home.inbox, short_runs(FEW_FILES + 1))
        page = dashboard(services).test_client()
        said = []
        for _ in range(2):
            with pytest.raises(WorkerLostError):
                tick_of(services)(NOW)
            said.append([page.get(path).text for path in ("/", "/files", "/files/progress")])

    assert [["Nothing is being imported: it died." in text for text in round_] for round_ in said] == [
        [False, False, False],
        [True, True, True],
    ]
    assert delivered == [NOW, NOW]


def die(*_: object, **__: object) -> Never:
    raise WorkerLostError("it died")


@pytest.mark.parametrize(("files", "expected"), [(FEW_FILES, []), (FEW_FILES + 1, [FEW_FILES + 1])])
def test_a_pass_of_the_job_takes_in_much_elsewhere_and_little_here(
    files: int, expected: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere: list[int] = []
    original = ImportSubprocess.take_in

    def noting(self: ImportSubprocess, inbox: Inbox, *, now: datetime) -> ImportReport:
        report = original(self, inbox, now=now)
        elsewhere.append(report.added)
        return report

    monkeypatch.setattr(ImportSubprocess, "take_in", noting)
    with open_house(tmp_path / "home") as services:
        rested(services, services.home.inbox, short_runs(files))
        tick_of(services)(NOW)

        assert (elsewhere, len(services.runner_service.history.activities())) == (expected, files)
        assert services.runner_service.store.runner.is_evaluated()


def in_a_thread(*_: object, **__: object) -> ThreadPoolExecutor:
    """Stand in for the other process, where a test has to reach into it."""
    return ThreadPoolExecutor(1)


def refuse(*_: object) -> Never:
    raise PermissionError(13, "Permission denied")


def test_files_that_no_process_may_read_ask_for_one_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config.server.import_process, "ProcessPoolExecutor", in_a_thread)
    monkeypatch.setattr(sources, "_open_regular", refuse)
    watched = tmp_path / "watch"
    with open_house(tmp_path / "home", inbox={"folders": [str(watched)]}) as services:
        inbox, apart = services.runner_service.inbox, apart_of(services)
        rested(services, watched, short_runs(FEW_FILES + 1))
        wanted = [apart.is_wanted(inbox)]
        apart.take_in(inbox, now=NOW)
        wanted.append(apart.is_wanted(inbox))
        lay_into(watched, short_runs(FEW_FILES + 1), prefix="other")
        inbox.scan()
        wanted.append(apart.is_wanted(inbox))

    assert wanted == [True, False, True]


def test_a_large_file_that_is_still_being_written_asks_for_no_process(tmp_path: Path) -> None:
    with open_house(tmp_path / "home") as services:
        (path,) = rested(services, services.home.inbox, [bytes(LITTLE_BYTES)])
        with path.open("ab") as growing:
            growing.write(b"more")

        assert not apart_of(services).is_wanted(services.runner_service.inbox)


def test_a_file_that_came_while_another_process_was_at_work_need_not_be_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page looks at the inbox when files are handed over, so that the next pass takes them."""
    original = Inbox.resume_from

    def going_on(self: Inbox, look: ScanResult, *, handed: ScanResult | None = None) -> None:
        if handed is not None:  # here, where the other process has ended
            lay_into(self.folder, short_runs(1), prefix="late")
            self.scan()
        original(self, look, handed=handed)

    monkeypatch.setattr(Inbox, "resume_from", going_on)
    with open_house(tmp_path / "home") as services:
        rested(services, services.home.inbox, short_runs(2))
        apart_of(services).take_in(services.runner_service.inbox, now=NOW)
        late = services.runner_service.inbox.import_new(services.runner_service.intake, now=NOW)

    assert (late.files, late.duplicates) == (1, 1)
