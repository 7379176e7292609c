"""How quick the pages are with ten years of data, alone and while a thousand files are taken in.

Run it from the checkout: ``python benchmarks/web.py``. A real ``hipwatch serve`` listens on a free loopback
port; one process asks it over eight connections for a bounded time and stops. ``--write-docs`` puts the table
into docs/benchmarks.md.
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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

from documents import write_between  # noqa: E402

from config.home import Home  # noqa: E402
from config.services import open_services  # noqa: E402
from config.settings import load_settings  # noqa: E402
from ingest.fit.write import encode_fit  # noqa: E402
from ingest.store import Original  # noqa: E402
from ingest.summary import summarise  # noqa: E402
from support import recording_of_run  # noqa: E402

RUNS = 2_600
YEARS = 10
CONNECTIONS = 8
STARTS_WITHIN_S = 60.0
PATHS = ("/", "/calendar", "/training", "/form", "/findings", "/rules", "/runs/{run}")
DOCUMENT = ROOT / "docs" / "benchmarks.md"
DAY_S = 86_400


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


def furnish(home: Home, now: datetime) -> int:
    """Enter ten years of runs, the last one with its original; give that one's number."""
    home.create()
    home.settings.write_text(
        '[runner]\nname = "Ada"\ntime_zone = "UTC"\n[schedule]\nscan_every_s = 2\n', "utf-8"
    )
    recording = recording_of_run(now - timedelta(days=1), altitude_m=20 + 10 * np.sin(np.arange(3_601) / 99))
    base = summarise(recording)
    with open_services(home, load_settings(home.settings), now=now) as services:
        store = services.watch.store
        with services.database.writing() as connection:
            for i in range(1, RUNS):
                began = now - timedelta(seconds=DAY_S * (1 + i * 365.25 * YEARS / RUNS))
                summary = dataclasses.replace(base, started_at=began, distance_m=8_000.0 + i * 37 % 11 * 300)
                original = Original(f"{i:064x}", f"{i}.fit", 1, "activity", "activity", "", now)
                store.derive(connection, original, [summary])
        last = home.inbox / "last.fit"
        last.write_bytes(encode_fit(recording))
        services.watch.inbox.look()
        services.watch.tick(now)
        return store.latest(1)[0].id


def lay_thousand(home: Home, now: datetime, files: int) -> None:
    """Lay new hour-long runs of the years before into the inbox; one is encoded, its times are moved."""
    for i in range(files):
        began = now - timedelta(days=4_000 + i)
        (home.inbox / f"import-{i:04}.fit").write_bytes(encode_fit(recording_of_run(began)))


@contextmanager
def served(home: Home) -> Iterator[int]:
    """Serve the folder in a process of its own, on a free port, until it is no longer needed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-c", "from config.cli import main; main()", "serve", "--port", str(port)]
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
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        return await ask(reader, writer, path)
    finally:
        writer.close()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> bool:
    """Ask over a connection that stays open."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    length = next(int(line[15:]) for line in lines if line.lower().startswith("content-length:"))
    await reader.readexactly(length)
    return lines[0].split()[1] == "200"


async def load(port: int, path: str, seconds: float, connections: int) -> tuple[list[float], int, float]:
    """Ask over several connections as fast as they are answered; times, failures and how long it took."""
    took_s: list[float] = []
    failed = 0
    began_s = time.perf_counter()

    async def one() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() - began_s < seconds:
            sent_s = time.perf_counter()
            failed += not await ask(reader, writer, path)
            took_s.append(time.perf_counter() - sent_s)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return took_s, failed, time.perf_counter() - began_s


def measure(port: int, path: str, *, during: str, seconds: float, connections: int) -> Measured:
    """Measure one page, after it was asked once so that what can be kept is kept."""
    asyncio.run(ask_once(port, path))
    took_s, failed, spent_s = asyncio.run(load(port, path, seconds, connections))
    median_ms, p99_ms = (1_000 * float(value) for value in np.percentile(took_s, (50, 99)))
    page = path if path.count("/") < 2 else "/runs/…"
    return Measured(
        page,
        during,
        connections,
        len(took_s),
        round(len(took_s) / spent_s, 1),
        round(median_ms, 1),
        round(p99_ms, 1),
        failed,
    )


def run(seconds: float, files: int) -> list[Measured]:
    """Measure every page alone, the first one under load, and that again while files are taken in."""
    now = datetime.now(UTC).replace(microsecond=0)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        latest = furnish(home, now)
        with served(home) as port:
            paths = [path.format(run=latest) for path in PATHS]
            results = [measure(port, path, during="alone", seconds=seconds, connections=1) for path in paths]
            results.append(measure(port, "/", during="alone", seconds=seconds, connections=CONNECTIONS))
            lay_thousand(home, now, files)
            time.sleep(5)  # two looks, two seconds apart, and the import is under way
            waits = f"while {files:,} files are taken in"
            results.append(measure(port, "/", during=waits, seconds=seconds, connections=CONNECTIONS))
        return results


def table(results: list[Measured]) -> str:
    """Write the figures as Markdown."""
    cores, load_1min = os.cpu_count(), os.getloadavg()[0]
    machine = f"{cores} cores ({platform.machine()}), Python {platform.python_version()}"
    lines = [
        f"Ten years, {RUNS:,} runs; {machine}; load of the machine at the end {load_1min:.1f}.",
        "",
        "| page | when | connections | requests/s | median ms | 99th of 100 ms | failed |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in results:
        told = (f"`{r.page}`", r.during, r.connections, r.per_second, r.median_ms, r.p99_ms, r.failed)
        lines.append(f"| {' | '.join(map(str, told))} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--write-docs", action="store_true", help=f"write the table into {DOCUMENT.name}")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each page is asked")
    parser.add_argument("--files", type=int, default=1_000, help="how many files are taken in meanwhile")
    chosen = parser.parse_args()
    results = run(chosen.seconds, chosen.files)
    print(json.dumps([dataclasses.asdict(r) for r in results], indent=2) if chosen.json else table(results))
    if chosen.write_docs:
        write_between(DOCUMENT, "web", table(results))


if __name__ == "__main__":
    main()
