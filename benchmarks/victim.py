"""One Hipwatch that is killed, starved and started again: houses, processes in them, the reckoning."""

from __future__ import annotations

import gzip
import hashlib
import io
import logging
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from config.cli import main as cli
from config.output import console
from ingest.files.atomic_write import PART_PREFIX, STALE_AFTER
from support import START, fit_run

HOME = "home"


def sha256(data: bytes) -> str:
    """SHA-256 as text."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Case:
    """What is laid into the inbox, and where it has to be in the end."""

    inbox: Mapping[str, bytes]
    archived: frozenset[str]
    aside: frozenset[str]
    packages: frozenset[str]
    activities: int
    alerts: int | None = None


def small_case() -> Case:
    """One of each kind: a run, its copy, a course, one packed, one in a zip, and what is no FIT."""
    run, packed, zipped = (fit_run(START - timedelta(days=day), duration_s=120) for day in range(3))
    course, garbage = fit_run(file_type="course", duration_s=120), b"not FIT at all"
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("a/run.fit", zipped)
    return Case(
        inbox={
            "run.fit": run,
            "copy.fit": run,
            "course.fit": course,
            "packed.fit.gz": gzip.compress(packed),
            "export.zip": package.getvalue(),
            "garbage.fit": garbage,
        },
        archived=frozenset(map(sha256, (run, course, packed, zipped))),
        aside=frozenset({sha256(garbage)}),
        packages=frozenset({sha256(package.getvalue())}),
        activities=3,
    )


def large_case(files: int) -> Case:
    """So many runs of five minutes, every tenth much longer than the others, and one that is no FIT."""
    runs = [
        fit_run(
            START - timedelta(hours=12 * number),
            duration_s=300,
            distance_m=1_000.0 if number % 10 else 1_500.0,
        )
        for number in range(files - 1)
    ]
    garbage = b"not FIT at all"
    return Case(
        inbox={f"run-{number:05}.fit": data for number, data in enumerate(runs)} | {"garbage.fit": garbage},
        archived=frozenset(map(sha256, runs)),
        aside=frozenset({sha256(garbage)}),
        packages=frozenset(),
        activities=len(runs),
    )


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended and what it said."""

    code: int
    said: str

    @property
    def was_killed(self) -> bool:
        """Whether it had no time to say anything."""
        return self.code == -signal.SIGKILL

    def complaints(self) -> Iterator[str]:
        """What is wrong with the way it ended; to be killed is no fault of its own."""
        if self.was_killed:
            return
        if self.code not in {console.DONE, console.REJECTED, console.UNUSABLE}:
            yield f"ended with {self.code}"
        last = (self.said.strip().splitlines() or [""])[-1]
        if "Traceback" in self.said:
            yield f"a traceback: {last}"
        elif self.code == console.UNUSABLE and not last.startswith("hipwatch: "):
            yield f"ended with {self.code} without saying why: {self.said!r}"


@dataclass(frozen=True, slots=True)
class House:
    """A data folder of its own with a case in its inbox."""

    folder: Path
    case: Case

    @property
    def home(self) -> Path:
        """The data folder."""
        return self.folder / HOME

    def start(self, *, before: Callable[[], object] = lambda: None) -> int:
        """Start ``hipwatch tick`` in a process of its own, forked from this one that has all loaded."""
        pid = os.fork()
        if pid == 0:
            _become_hipwatch(self.home, self.folder / "said.txt", before)
        return pid

    def wait(self, pid: int) -> Ended:
        """Wait for the process; tell how it ended."""
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return Ended(code, (self.folder / "said.txt").read_text())

    def tick(self) -> Ended:
        """Run ``hipwatch tick`` to its end."""
        return self.wait(self.start())

    def alerts(self) -> int:
        """How many findings are noted."""
        with closing(sqlite3.connect(self.home / "hipwatch.sqlite3")) as database:
            return int(database.execute("SELECT count(*) FROM finding").fetchone()[0])

    def reckon(self) -> list[str]:
        """Everything that is not as it should be, now that a start without faults is over."""
        return [*self._misplaced(), *self._misnoted(), *self._left_behind()]

    def _misplaced(self) -> Iterator[str]:
        archive, quarantine = self.home / "archive", self.home / "quarantine"
        places = {
            "inbox": (_fingerprints(self.home / "inbox"), frozenset()),
            "archive": (_fingerprints(archive, but="packages"), self.case.archived),
            "packages": (_fingerprints(archive / "packages"), self.case.packages),
            "quarantine": (_fingerprints(quarantine, but=".reason.txt"), self.case.aside),
        }
        for place, (found, expected) in places.items():
            if sorted(found) != sorted(expected):
                yield f"{place} holds {len(found)} files, of {len(expected)}; {set(expected) ^ set(found)}"
        for path in archive.glob("??/*"):
            if sha256(path.read_bytes()) != path.stem:
                yield f"{path.name} is not what it was"
        if len(list(quarantine.glob("*.reason.txt"))) != len(self.case.aside):
            yield "not one reason for each file that was set aside"

    def _misnoted(self) -> Iterator[str]:
        with closing(sqlite3.connect(self.home / "hipwatch.sqlite3")) as database:
            for pragma, fine in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
                if (said := database.execute(f"PRAGMA {pragma}").fetchall()) != fine:
                    yield f"{pragma}: {said}"
            activities = database.execute("SELECT sha256, part FROM activity").fetchall()
            noted = {row[0] for row in database.execute("SELECT sha256 FROM original")}
        if len(activities) != self.case.activities:
            yield f"{len(activities)} activities instead of {self.case.activities}"
        if len(set(activities)) != len(activities):
            yield "an activity is there twice"
        if self.case.alerts not in {None, self.alerts()}:
            yield f"{self.alerts()} findings instead of {self.case.alerts}"
        if noted != self.case.archived | self.case.aside:
            yield f"{len(noted)} originals are noted"

    def _left_behind(self) -> Iterator[str]:
        long_ago = time.time() - 2 * STALE_AFTER.total_seconds()
        parts = list(self.home.rglob(f"{PART_PREFIX}*"))
        if not parts:
            return
        for path in parts:
            os.utime(path, (long_ago, long_ago))
        self.tick()
        for path in self.home.rglob(f"{PART_PREFIX}*"):
            yield f"{path.relative_to(self.home)} is left behind for ever"


@contextmanager
def open_house(case: Case, *, like: House | None = None) -> Iterator[House]:
    """Make a house, bare or with what another house has but its files, and lay the case into its inbox."""
    with tempfile.TemporaryDirectory(prefix="hipwatch-faults-") as folder:
        house = House(Path(folder), case)
        (house.home / "inbox").mkdir(parents=True)
        if like is not None:
            shutil.copytree(like.home, house.home, dirs_exist_ok=True)
        for name, data in case.inbox.items():
            path = house.home / "inbox" / name
            path.write_bytes(data)
            os.utime(path, (0, 0))  # long ago, else the first tick would leave it to the second
        yield house


def warm_up() -> None:
    """Load everything that a tick loads, so that the processes forked from here start at once."""
    cli.SETTLE_S = 0.0
    with open_house(small_case()) as house:
        os.environ["HIPWATCH_HOME"] = str(house.home)
        with Path(os.devnull).open("w") as nowhere:
            kept, sys.stderr = sys.stderr, nowhere
            cli.main(["tick"], standalone_mode=False)
            sys.stderr = kept
    logging.getLogger().handlers.clear()  # each process sets its own up


def _become_hipwatch(home: Path, said: Path, before: Callable[[], object]) -> None:
    os.setsid()
    del sys.modules["__main__"].__file__  # its workers are the command's, and need not load this benchmark
    os.environ["HIPWATCH_HOME"] = str(home)
    for handle, path in ((1, os.devnull), (2, str(said))):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), handle)
    code = 70
    try:
        before()
        cli.main(["tick"])
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:  # noqa: BLE001 - whatever it is, it is what is looked for
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)


def _fingerprints(folder: Path, *, but: str = "\0") -> list[str]:
    files = (
        path for path in folder.rglob("*") if path.is_file() and but not in str(path.relative_to(folder))
    )
    return [sha256(path.read_bytes()) for path in files if not path.name.startswith(PART_PREFIX)]
