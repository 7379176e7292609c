"""How long a look at a watched folder takes: `python benchmarks/scan.py [files]`, 100,000 unless told."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from config.migrate import migrate
from ingest.database import Database
from ingest.inbox import Inbox
from ingest.seen import SeenFiles
from ingest.store import ActivityStore

NOW = datetime(2026, 5, 12, tzinfo=UTC)


def lay_out(folder: Path, files: int) -> None:
    """Make empty files, a thousand to a folder."""
    for number in range(files):
        below = folder / f"{number // 1_000:04}"
        if number % 1_000 == 0:
            below.mkdir(parents=True)
        (below / f"{number:06}.fit").touch()


def timed(what: str, inbox: Inbox) -> None:
    """Look once and say what it cost."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    inbox.look()
    waiting = inbox.count()
    wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    print(f"{what:28} {wall_s:6.2f} s, {cpu_s:5.2f} s of the processor, {waiting} waiting")


def main(files: int) -> None:
    """Look at new files, then at the same after they were dealt with and after a restart."""
    with tempfile.TemporaryDirectory() as name:
        home, watched = Path(name) / "home", Path(name) / "watch"
        lay_out(watched, files)
        (home / "inbox").mkdir(parents=True)
        database = Database.open(f"sqlite:///{home / 'hipwatch.sqlite3'}")
        migrate(database)
        ActivityStore(database, 1).enroll(now=NOW)

        def inbox() -> Inbox:
            seen = SeenFiles(database, 1)
            return Inbox(home / "inbox", home / "packages", seen, watched=(watched,))

        first = inbox()
        timed("all new", first)
        for path, state in (first._last_look or {}).items():  # noqa: SLF001 - as if taken in
            first.seen.note(path, state, now=NOW)
        first.seen.flush(now=NOW)
        timed("all seen", first)
        restarted = inbox()
        timed("all seen, after a restart", restarted)
        timed("all seen, the look after it", restarted)
        database.close()
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
