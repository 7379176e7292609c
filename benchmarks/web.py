"""Measures page speed with ten years of data, alone and while a thousand files are imported.

Run it from the checkout: ``python benchmarks/web.py``. A real ``hipwatch serve`` listens on a free loopback
port; this process asks it over eight connections that stay open, each a browser with a cookie of its own that
takes every page whole, and stops after a bounded time. ``--write-docs`` puts the table into
docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

from documents import write_between  # noqa: E402

from config.composition.services import open_services  # noqa: E402
from config.settings.data_folder import DataFolder  # noqa: E402
from config.settings.load import load_settings  # noqa: E402
from ingest.analysis.summary import summarise  # noqa: E402
from ingest.formats.fit.encode import encode_fit  # noqa: E402
from ingest.formats.recording import Recording  # noqa: E402
from ingest.storage.activity_store import OriginalFile  # noqa: E402
from support import recording_of_run  # noqa: E402
from web.app import create_app  # noqa: E402

RUNS = 2_600
YEARS = 10
REPEATS = 15
CONNECTIONS = 8
STARTS_WITHIN_S = 60.0
MIX = {
    "/": 10,
    "/calendar": 2,
    "/training": 2,
    "/form": 1,
    "/findings": 2,
    "/rules": 1,
    "/runs/{run}": 2,
}
"""What runners look at: half of the time only at the first page, then around. [of 20 requests]"""

DOCUMENT = ROOT / "docs" / "benchmarks.md"
DAY_S = 86_400
LOAD_BEFORE = os.getloadavg()[0]


@dataclass(frozen=True, slots=True)
class Measured:
    """One page under load: requests answered a second, and how long the median and the 99th of 100 took."""

    page: str
    during: str
    connections: int
    requests: int
    per_second: float
    median_ms: float
    p99_ms: float
    failed: int
    files: int = 0
    """Taken in meanwhile."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One request: which page, how long it took, and whether it was answered well."""

    page: str
    took_s: float
    is_well: bool


@dataclass(slots=True)
class Browser:
    """One connection that stays open, with the cookie that it was given."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    cookie: str = ""

    @classmethod
    async def connect(cls, port: int) -> Browser:
        """Open a connection."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, path: str) -> bool:
        """Ask for a page and read it to its end; tell whether it was answered well."""
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{cookie}\r\n"
        self.writer.write(asked.encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, *lines = head.split("\r\n")
        told = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        await self.reader.readexactly(int(told["content-length"]))
        self.cookie = told.get("set-cookie", self.cookie).partition(";")[0]
        return status.split()[1] == "200"


def furnish(home: DataFolder, now: datetime) -> int:
    """Enter ten years of runs, the last one with its original; give that one's number."""
    home.create()
    home.settings.write_text(
        '[runner]\nname = "Ada"\ntime_zone = "UTC"\n[schedule]\nscan_every_s = 2\n', "utf-8"
    )
    base = summarise(recording_of_run(now - timedelta(days=1)))
    with open_services(home, load_settings(home.settings), now=now) as services:
        store = services.runner_service.store
        with services.database.writing() as connection:
            for i in range(1, RUNS):
                began = now - timedelta(seconds=DAY_S * (1 + i * 365.25 * YEARS / RUNS))
                summary = dataclasses.replace(base, started_at=began, distance_m=8_000.0 + i * 37 % 11 * 300)
                original = OriginalFile(f"{i:064x}", f"{i}.fit", 1, "activity", "activity", "", now)
                store.derive(connection, original, [summary])
        (home.inbox / "last.fit").write_bytes(encode_fit(three_hours(now - timedelta(days=1))))
        services.runner_service.inbox.scan()
        services.runner_service.tick(now)
        return store.latest(1)[0].id


def three_hours(began: datetime) -> Recording:
    """Record three hours, each second, with everything that a page draws."""
    second = np.arange(10_801)
    return recording_of_run(
        began,
        duration_s=10_800,
        distance_m=30_000.0,
        heart_rate_bpm=145 + 15 * np.sin(second / 300),
        altitude_m=40 + 20 * np.sin(second / 700),
    )


def anew(home: DataFolder, paths: Sequence[str], now: datetime) -> list[Measured]:
    """Measure pages that have to be made: after a journal entry, and after a new run.

    Within this process and without a network, as it is the making that is asked for.
    """
    results: list[Measured] = []
    with open_services(home, load_settings(home.settings), now=now) as services:
        runner_service, secret = services.runner_service, b"measured" * 4
        client = create_app(
            services.dashboard,
            clock=lambda: datetime.now(UTC),
            care_service=services.care_service,
            secret=secret,
        ).test_client()
        original = next(one for one in runner_service.store.originals() if one.name == "1.fit")
        summary = summarise(recording_of_run(now - timedelta(days=3)))

        days = count()

        def tell() -> None:
            runner_service.journal.routines.done("GLU-ISO", now.date() - timedelta(days=next(days)), now=now)

        def run_again() -> None:
            with services.database.writing() as connection:
                runner_service.store.derive(connection, original, [summary])
            runner_service.evaluate(now)
            runner_service.history.days(now)  # as the scheduled job does

        for during, change in (("after a journal entry", tell), ("after a new run", run_again)):
            for path in paths:
                took_s = []
                for _ in range(REPEATS):
                    change()
                    began_s = time.perf_counter()
                    well = client.get(path).status_code == 200
                    took_s.append(Answered(path, time.perf_counter() - began_s, well))
                results.append(told(path, during, 1, took_s, sum(one.took_s for one in took_s)))
    return results


def lay_files(home: DataFolder, last: datetime, files: int) -> None:
    """Lay so many hour-long runs into the inbox, all at once, the last of them at ``last``."""
    aside = home.folder / "aside"
    aside.mkdir(exist_ok=True)
    for i in range(files):
        began = last - timedelta(days=i)
        (aside / f"import-{began:%Y%m%d}.fit").write_bytes(encode_fit(recording_of_run(began)))
    for path in aside.iterdir():
        path.rename(home.inbox / path.name)


@contextmanager
def served(home: DataFolder) -> Iterator[int]:
    """Serve the folder in a process of its own, on a free port, until it is no longer needed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-c", "from config.cli.main import main; main()", "serve", "--port", str(port)]
    environment = {**os.environ, "HIPWATCH_HOME": str(home.folder)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int) -> None:
    """Return when the first page is answered."""
    until_s = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until_s:
        try:
            asyncio.run(ask_once(port, "/healthz"))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("hipwatch serve did not answer within a minute")


async def ask_once(port: int, path: str) -> bool:
    """Ask for one page over a connection of its own; tell whether it was answered well."""
    browser = await Browser.connect(port)
    try:
        return await browser.ask(path)
    finally:
        browser.writer.close()


async def load(
    port: int, paths: Sequence[str], seconds: float, connections: int
) -> tuple[list[Answered], float]:
    """Ask over several connections as fast as they are answered; every answer, and how long it took."""
    answered: list[Answered] = []
    began_s = time.perf_counter()

    async def one(number: int) -> None:
        browser, chance = await Browser.connect(port), Random(number)  # noqa: S311 - no secret
        while time.perf_counter() - began_s < seconds:
            path, sent_s = chance.choice(paths), time.perf_counter()
            is_well = await browser.ask(path)
            answered.append(Answered(path, time.perf_counter() - sent_s, is_well))
        browser.writer.close()

    await asyncio.gather(*(one(number) for number in range(connections)))
    return answered, time.perf_counter() - began_s


def measure(
    port: int, paths: Sequence[str], *, during: str, seconds: float, connections: int
) -> list[Measured]:
    """Measure pages, and where there are several also each of them; no request is left out."""
    answered, spent_s = asyncio.run(load(port, paths, seconds, connections))
    pages = sorted(set(paths), key=paths.index)
    each = [
        told(page, during, connections, [a for a in answered if a.page == page], spent_s) for page in pages
    ]
    if len(pages) == 1:
        return each
    return [told("all pages, mixed", during, connections, answered, spent_s), *each]


def told(page: str, during: str, connections: int, answered: Sequence[Answered], spent_s: float) -> Measured:
    """Put answers of a page into figures."""
    median_ms, p99_ms = (1_000 * float(v) for v in np.percentile([a.took_s for a in answered], (50, 99)))
    failed = sum(not a.is_well for a in answered)
    rate, median_ms, p99_ms = (round(value, 1) for value in (len(answered) / spent_s, median_ms, p99_ms))
    return Measured(_named(page), during, connections, len(answered), rate, median_ms, p99_ms, failed)


def _named(path: str) -> str:
    return path if path.count("/") < 2 else "/runs/…"


def run(seconds: float, files: int) -> list[Measured]:
    """Measure every page by itself, then the first one and a mix under load, alone and beside an import."""
    now = datetime.now(UTC).replace(microsecond=0)
    with tempfile.TemporaryDirectory() as folder:
        home = DataFolder(Path(folder) / "home")
        latest = furnish(home, now)
        mixed = [path.format(run=latest) for path, share in MIX.items() for _ in range(share)]
        results = anew(home, list(dict.fromkeys(mixed)), now)
        with served(home) as port:
            for path in dict.fromkeys(mixed):
                results += measure(port, [path], during="alone", seconds=seconds / 3, connections=1)
            for paths in (["/"], mixed):
                results += measure(port, paths, during="alone", seconds=seconds, connections=CONNECTIONS)
            for paths in (["/"], mixed):
                results += beside_an_import(port, home, now, paths, seconds=seconds, files=files)
        return results


def beside_an_import(  # noqa: PLR0913 - two of them by keyword
    port: int, home: DataFolder, now: datetime, paths: Sequence[str], *, seconds: float, files: int
) -> list[Measured]:
    """Measure while new files are taken in; stop with a complaint where they are all in before the end."""
    begin = now - timedelta(days=4_000 + (len(paths) > 1) * files)
    lay_files(home, begin, files)
    while (before := waiting(home)) == files:  # two looks, and the first of them have been taken in
        time.sleep(0.05)
    results = measure(
        port, paths, during=f"while {files:,} files are imported", seconds=seconds, connections=CONNECTIONS
    )
    left = waiting(home)
    if not left:
        raise SystemExit("the import ended before the measurement did: ask for more files or fewer seconds")
    while waiting(home):
        time.sleep(0.5)
    return [dataclasses.replace(result, files=before - left) for result in results]


def waiting(home: DataFolder) -> int:
    """Count the files in the inbox."""
    return sum(1 for _ in home.inbox.iterdir())


def table(results: list[Measured]) -> str:
    """Write the figures as Markdown."""
    cores, load_1min = os.cpu_count(), os.getloadavg()[0]
    machine = f"{cores} cores ({platform.machine()}), Python {platform.python_version()}"
    shares = ", ".join(f"`{_named(path)}` {share}" for path, share in MIX.items())
    loaded = f"load of the machine before {LOAD_BEFORE:.1f}, at the end {load_1min:.1f}"
    mixed = f"Mixed means, of {sum(MIX.values())} requests: {shares}. Files: imported during the measurement."
    lines = [
        f"Ten years, {RUNS:,} runs; {machine}; {loaded}. {mixed}",
        "",
        "| page | when | connections | requests | requests/s | median ms | 99th of 100 ms | failed | files |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for r in results:
        figures = (r.connections, r.requests, r.per_second, r.median_ms, r.p99_ms, r.failed, r.files or "")
        page = f"`{r.page}`" if r.page.startswith("/") else f"**{r.page}**"
        lines.append(f"| {page} | {r.during} | {' | '.join(map(str, figures))} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--write-docs", action="store_true", help=f"write the table into {DOCUMENT.name}")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each page is asked")
    parser.add_argument("--files", type=int, default=1_000, help="how many files are imported meanwhile")
    chosen = parser.parse_args()
    results = run(chosen.seconds, chosen.files)
    print(json.dumps([dataclasses.asdict(r) for r in results], indent=2) if chosen.json else table(results))
    if chosen.write_docs:
        write_between(DOCUMENT, "web", table(results))


if __name__ == "__main__":
    main()
