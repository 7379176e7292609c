"""A large import in a process of its own: all of it is taken in there, and a death loses nothing."""

from __future__ import annotations

import multiprocessing
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from config.apart import LITTLE_BYTES, Apart, is_much
from config.executors import FEW_FILES
from config.services import Services
from config.serving import tick_of
from houses import NOW, lay_into, open_house
from ingest.errors import WorkerLostError
from ingest.inbox import Inbox
from ingest.intake import IntakeReport
from support import START, fit_run

PATIENCE_S = 60.0


def short_runs(count: int) -> list[bytes]:
    return [fit_run(START + timedelta(hours=n), duration_s=60) for n in range(count)]


def rested(services: Services, folder: Path, files: list[bytes]) -> list[Path]:
    """Lay files into a folder and look at them once."""
    paths = lay_into(folder, files)
    services.watch.inbox.look()
    return paths


def apart_of(services: Services) -> Apart:
    return Apart(services.home, services.layers.base)


@pytest.mark.parametrize(
    ("sizes_bytes", "expected"),
    [([1] * FEW_FILES, False), ([1] * (FEW_FILES + 1), True), ([LITTLE_BYTES], False), ([9_000_000], True)],
)
def test_much_is_many_files_or_a_large_one(sizes_bytes: list[int], expected: bool) -> None:  # noqa: FBT001
    look = {f"run-{n}.fit": (size_bytes, 0) for n, size_bytes in enumerate(sizes_bytes)}

    assert is_much(look) is expected


def test_the_inbox_is_emptied_by_another_process(tmp_path: Path) -> None:
    with open_house(tmp_path / "home") as services:
        rested(services, services.home.inbox, [*short_runs(2), b"no recording"])
        report = apart_of(services).take_in(services.watch.inbox, now=NOW)
        taken = len(services.watch.history.activities())

    assert (report.added, len(report.rejected), taken) == (2, 1, 2)
    assert list(services.home.inbox.iterdir()) == []


def test_a_watched_folder_is_not_taken_in_again_by_this_process(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    with open_house(tmp_path / "home", inbox={"folders": [str(watched)]}) as services:
        paths = rested(services, watched, short_runs(2))
        first = apart_of(services).take_in(services.watch.inbox, now=NOW)
        again = services.watch.inbox.take_in(services.watch.intake, now=NOW)

    assert (first.added, again.files, [path.exists() for path in paths]) == (2, 0, [True, True])


def test_what_another_process_could_not_finish_still_waits(tmp_path: Path) -> None:
    with open_house(tmp_path / "home") as services:
        rested(services, services.home.inbox, short_runs(3))
        killer = threading.Thread(target=kill_the_first_child)
        killer.start()
        with pytest.raises(WorkerLostError):
            apart_of(services).take_in(services.watch.inbox, now=NOW)
        killer.join()
        services.watch.inbox.look()
        services.watch.tick(NOW)

        assert len(services.watch.history.activities()) == 3


def kill_the_first_child() -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        if children := multiprocessing.active_children():
            children[0].kill()
            return
        time.sleep(0.001)


@pytest.mark.parametrize(("files", "expected"), [(FEW_FILES, []), (FEW_FILES + 1, [FEW_FILES + 1])])
def test_a_pass_of_the_job_takes_in_much_elsewhere_and_little_here(
    files: int, expected: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere: list[int] = []
    original = Apart.take_in

    def noting(self: Apart, inbox: Inbox, *, now: datetime) -> IntakeReport:
        report = original(self, inbox, now=now)
        elsewhere.append(report.added)
        return report

    monkeypatch.setattr(Apart, "take_in", noting)
    with open_house(tmp_path / "home") as services:
        rested(services, services.home.inbox, short_runs(files))
        tick_of(services)(NOW)

        assert (elsewhere, len(services.watch.history.activities())) == (expected, files)
        assert services.watch.store.runner.is_evaluated()
