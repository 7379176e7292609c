"""How long it takes to import a runner's years: cold, again, in how much memory, and where the time goes.

Run it from the checkout: ``python benchmarks/ingest.py``. The files are made up, one hour each at 1 Hz with
heart rate, cadence, position and running dynamics, and go through the command that people use, in a process
of its own. ``--write-docs`` puts the table into docs/reliability.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

from documents import write_between  # noqa: E402
from processes import Import, compile_for, timed_import  # noqa: E402

from alerts.service.runner_service import RunnerService  # noqa: E402
from config.composition.executors import InlineExecutor  # noqa: E402
from config.composition.services import Services, open_services  # noqa: E402
from config.settings.data_folder import DataFolder  # noqa: E402
from config.settings.load import parse_settings  # noqa: E402
from ingest.files.archive import Archive, Quarantine  # noqa: E402
from ingest.files.sources import Source, collect  # noqa: E402
from ingest.formats.fit.encode import encode_fit  # noqa: E402
from ingest.pipeline import importer as intake  # noqa: E402
from ingest.pipeline import process_file as examine  # noqa: E402
from ingest.storage.activity_store import ActivityStore  # noqa: E402
from support import recording_of_run  # noqa: E402

NOW = datetime(2026, 5, 12, 18, 0, tzinfo=UTC)
DURATION_S = 3_600
STAGED_FILES = 200
STAGES: dict[str, list[tuple[Any, str]]] = {
    "read and hash": [(Source, "read"), (intake, "fingerprint")],
    "decode": [(examine, "read_recording")],
    "check and summarise": [(examine, "summarise")],
    "archive and fsync": [(Archive, "put"), (Quarantine, "release")],
    "database": [(ActivityStore, "outcomes"), (intake._ImportRun, "_commit")],  # noqa: SLF001
    "evaluate, once": [(RunnerService, "evaluate")],
}
DOCUMENT = ROOT / "docs" / "reliability.md"
PEERS = (
    ("GarminDB, monitoring files", "19,342 files in 11 h 26 min", 0.47, "tcgoetz/GarminDB#138"),
    ("GarminDB, every `make`", "6,669 files in about 45 min", 2.5, "tcgoetz/GarminDB#62"),
    ("FitTrackee, zip", "2,000 files “take several minutes”", None, "SamR1/FitTrackee#716"),
)
"""What is published of others, on other machines and other files: (whose, what, files a second, where)."""


def made_up_run(number: int) -> bytes:
    """One hour of a runner whose heart, feet and legs wander a little, different for each number."""
    chance = np.random.default_rng(number)

    def wandering(level: float, step: float) -> np.ndarray:
        return level + step * np.cumsum(chance.normal(0.0, 1.0, DURATION_S + 1)).clip(-40, 40)

    recording = recording_of_run(
        NOW - timedelta(hours=12 * (number + 1)),
        duration_s=DURATION_S,
        distance_m=9_000.0 + chance.integers(3_000),
        heart_rate_bpm=wandering(145.0, 0.4).round(),
        cadence_spm=wandering(170.0, 0.2).round(),
        altitude_m=wandering(30.0, 0.2),
        power_w=wandering(250.0, 0.6).round(),
        stance_time_ms=wandering(250.0, 0.5),
        stance_time_balance_percent=wandering(50.0, 0.03),
        vertical_oscillation_mm=wandering(80.0, 0.2),
        vertical_ratio_percent=wandering(7.5, 0.02),
        step_length_mm=wandering(1_000.0, 2.0),
        temperature_c=15.0,
    )
    return encode_fit(recording)


@dataclass(frozen=True, slots=True)
class Scan:
    """One look over an inbox, and the look after it that finds everything at rest."""

    files: int
    seconds: float


@contextmanager
def a_house(folder: Path) -> Iterator[Services]:
    """A Hipwatch in this process."""
    home = DataFolder(folder)
    home.create()
    with open_services(home, parse_settings({}, origin="benchmark"), now=NOW) as services:
        yield services


def timed_scan(folder: Path, *, files: int) -> Scan:
    """Look at so many files that wait; they are empty, as a look does not open them."""
    with a_house(folder) as services:
        for number in range(files):
            (services.home.inbox / f"{number:06}.fit").touch()
        services.runner_service.inbox.scan()
        started_s = time.monotonic()
        at_rest = services.runner_service.inbox.scan()
        seconds = time.monotonic() - started_s
    assert len(at_rest) == files
    return Scan(files, seconds)


def stages(folder: Path, home: Path) -> dict[str, float]:
    """Milliseconds of one core that each file takes, by what is done with it on its way in."""
    taken_s = dict.fromkeys(STAGES, 0.0)
    with a_house(home) as services, ExitStack() as stack:
        for stage, calls in STAGES.items():
            for owner, name in calls:
                stack.enter_context(_timed(owner, name, stage, taken_s))
        taking = replace(services.runner_service.intake, executor_for=lambda _count: InlineExecutor())
        sources = list(collect([folder]))
        taking.take_in(sources, now=NOW)
        services.runner_service.evaluate(NOW)
    return {stage: 1000 * seconds / len(sources) for stage, seconds in taken_s.items()}


@contextmanager
def _timed(owner: Any, name: str, stage: str, taken_s: dict[str, float]) -> Iterator[None]:  # noqa: ANN401
    call = getattr(owner, name)

    def timed(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever is timed
        started_s = time.perf_counter()
        try:
            return call(*args, **kwargs)
        finally:
            taken_s[stage] += time.perf_counter() - started_s

    setattr(owner, name, timed)
    try:
        yield
    finally:
        setattr(owner, name, call)


def measure(folder: Path, counts: Sequence[int], *, waiting: int) -> dict[str, Any]:
    """Everything, for imports of so many files and an inbox of so many."""
    runs = folder / "runs"
    runs.mkdir()
    written_bytes = 0
    imports: list[Import] = []
    written = 0
    for count in sorted(counts):
        for number in range(written, count):
            data = made_up_run(number)
            (runs / f"run-{number:06}.fit").write_bytes(data)
            written_bytes += len(data)
        written = max(written, count)
        home = folder / f"home-{count}"
        if not imports:
            compile_for(home)
        mebibytes = written_bytes / 2**20
        imports += [timed_import(runs, home, files=count, mebibytes=mebibytes) for _ in ("cold", "again")]
    few = folder / "few"
    few.mkdir()
    for number in range(min(STAGED_FILES, written)):
        (runs / f"run-{number:06}.fit").rename(few / f"run-{number:06}.fit")
    return {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "load_before": os.getloadavg()[0],
        "imports": [asdict(one) for one in imports],
        "stages_ms": stages(few, folder / "home-stages"),
        "scan": asdict(timed_scan(folder / "home-scan", files=waiting)),
        "peers": [dict(zip(("whose", "what", "files_per_s", "where"), peer, strict=True)) for peer in PEERS],
    }


def table_of(measured: dict[str, Any]) -> str:
    """What was measured, as Markdown."""
    lines = [
        "| import | seconds | core seconds | files/s | MB/s | main process | each worker |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for one in measured["imports"]:
        how = "cold" if one["added"] else "again"
        rate, mebibytes = one["files"] / one["seconds"], one["mebibytes"] * 1.048576 / one["seconds"]
        worker = f"{one['worker_mib']:.0f} MiB" if one["worker_mib"] else "none"
        lines.append(
            f"| {one['files']:,} files, {how} | {one['seconds']:.1f} | {one['cpu_s']:.1f} | {rate:,.0f} "
            f"| {mebibytes:,.0f} | {one['main_mib']:.0f} MiB | {worker} |"
        )
    for peer in measured["peers"]:
        rate = f"{peer['files_per_s']:g}" if peer["files_per_s"] else ""
        lines.append(f"| {peer['whose']}: {peer['what']} ({peer['where']}) | | | {rate} | | | |")
    whole_ms = sum(measured["stages_ms"].values())
    shares = ", ".join(
        f"{stage} {ms:.1f} ms ({ms / whole_ms:.0%})" for stage, ms in measured["stages_ms"].items()
    )
    scan = measured["scan"]
    return "\n".join(
        [
            *lines,
            "",
            f"One file on one core takes {whole_ms:.1f} ms: {shares}.",
            f"A scan of an inbox of {scan['files']:,} files takes {scan['seconds']:.2f} s.",
            (
                f"Measured on {measured['machine']}; load average before: {measured['load_before']:.1f} "
                "(other work on the machine; the core seconds hardly depend on it)."
            ),
        ]
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, nargs="+", default=[2_000], help="imports of so many files")
    parser.add_argument("--scan", type=int, default=100_000, help="files in the inbox that is looked at")
    parser.add_argument("--json", action="store_true", help="print JSON on standard output")
    parser.add_argument("--write-docs", action="store_true", help="put the table into docs/reliability.md")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hipwatch-ingest-") as folder:
        measured = measure(Path(folder), chosen.files, waiting=chosen.scan)
    if chosen.write_docs:
        write_between(DOCUMENT, "ingest", table_of(measured))
    print(json.dumps(measured) if chosen.json else table_of(measured))


if __name__ == "__main__":
    main()
