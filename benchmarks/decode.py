"""Times the FIT decoder beside every other reader that is installed, file by file, interleaved in one run.

``uv run --group bench python benchmarks/decode.py [FILES…] [--all-fields] [--json]``: without files it writes
runs of several lengths, and takes the recordings beside the checkout where there are any. Times are CPU time,
the best of several rounds; in each round all readers take their turn, so that a busy machine is busy for all
of them.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import json
import math
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import pandas as pd  # noqa: E402
from documents import write_between  # noqa: E402

from ingest.dataframes import samples_frame  # noqa: E402
from ingest.errors import FitDecodeError  # noqa: E402
from ingest.formats.fit import profile  # noqa: E402
from ingest.formats.fit.decode import decode_fit  # noqa: E402
from ingest.formats.fit.messages import read_messages  # noqa: E402
from ingest.formats.fit.protocol.container import FitFiles  # noqa: E402
from ingest.formats.fit.protocol.crc import crc16  # noqa: E402
from ingest.formats.fit.quantities import join_samples  # noqa: E402
from ingest.formats.fit.records import read_records  # noqa: E402
from support import RECORDINGS, fit_run  # noqa: E402

Reader = Callable[[bytes], object]

OURS = "hipwatch"
CLASSES = {"50-200 kB": (50e3, 200e3), "200 kB-1 MB": (200e3, 1e6), "over 1 MB": (1e6, math.inf)}
SMALLEST = 50_000
ROUND_S = 0.05

QUANTITIES = (
    "timestamp",
    "distance",
    "enhanced_speed",
    "heart_rate",
    "cadence",
    "position_lat",
    "position_long",
    "enhanced_altitude",
)
PYROPARSE_COLUMNS = [
    *("timestamp", "distance", "speed", "heart_rate", "cadence", "latitude", "longitude", "altitude"),
]


def frame_by_fitparse(data: bytes) -> object:
    """Records to a DataFrame by fitparse."""
    import fitparse  # noqa: PLC0415

    fitparse.records.DEV_TYPES.clear()
    records = fitparse.FitFile(io.BytesIO(data)).get_messages("record")
    return pd.DataFrame([[record.get_value(name) for name in QUANTITIES] for record in records])


def frame_by_fitdecode(data: bytes) -> object:
    """Records to a DataFrame by fitdecode."""
    import fitdecode  # noqa: PLC0415

    with fitdecode.FitReader(data) as reader:
        records = [
            [frame.get_value(name, fallback=None) for name in QUANTITIES]
            for frame in reader
            if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name == "record"
        ]
    return pd.DataFrame(records)


def frame_by_fitfast(data: bytes) -> object:
    """Records to a DataFrame by fitfast."""
    import fitfast  # noqa: PLC0415

    columns = fitfast.records(data)
    return pd.DataFrame({name: columns[name] for name in QUANTITIES if name in columns})


def frame_by_pyroparse(data: bytes) -> object:
    """Records to a DataFrame by pyroparse."""
    import pyroparse  # noqa: PLC0415

    return pyroparse.read_fit(
        io.BytesIO(data), columns=PYROPARSE_COLUMNS, missing="ignore", deduplicate=False
    ).to_pandas()


def frame_by_pyfitparsernative(data: bytes) -> object:
    """Records to a DataFrame by pyfitparsernative, which does not say which message is which."""
    import pyfitparsernative  # noqa: PLC0415

    return pd.DataFrame(
        [
            [message.get(name) for name in QUANTITIES]
            for message in pyfitparsernative.parse_fit_bytes(data)
            if "timestamp" in message and "start_time" not in message and "distance" in message
        ]
    )


def all_by_fitparse(data: bytes) -> object:
    """Every field of every message by fitparse."""
    import fitparse  # noqa: PLC0415

    fitparse.records.DEV_TYPES.clear()
    return [message.get_values() for message in fitparse.FitFile(io.BytesIO(data)).get_messages()]


def all_by_fitdecode(data: bytes) -> object:
    """Every field of every message by fitdecode."""
    import fitdecode  # noqa: PLC0415

    with fitdecode.FitReader(data) as reader:
        return [
            {field.name: field.value for field in frame.fields}
            for frame in reader
            if frame.frame_type == fitdecode.FIT_FRAME_DATA
        ]


def all_by_fitfast(data: bytes) -> object:
    """Every field of every message by fitfast."""
    import fitfast  # noqa: PLC0415

    return fitfast.parse(data)


def all_by_pyroparse(data: bytes) -> object:
    """Every field of every message by pyroparse."""
    import pyroparse  # noqa: PLC0415

    return pyroparse.all_messages(data)


def all_by_pyfitparsernative(data: bytes) -> object:
    """Every field of every message by pyfitparsernative."""
    import pyfitparsernative  # noqa: PLC0415

    return pyfitparsernative.parse_fit_bytes(data)


FRAME_READERS: dict[str, Reader] = {
    OURS: lambda data: samples_frame(decode_fit(data).samples),
    "fitparse": frame_by_fitparse,
    "fitdecode": frame_by_fitdecode,
    "fitfast": frame_by_fitfast,
    "pyroparse": frame_by_pyroparse,
    "pyfitparsernative": frame_by_pyfitparsernative,
}
ALL_READERS: dict[str, Reader] = {
    OURS: read_messages,
    "fitparse": all_by_fitparse,
    "fitdecode": all_by_fitdecode,
    "fitfast": all_by_fitfast,
    "pyroparse": all_by_pyroparse,
    "pyfitparsernative": all_by_pyfitparsernative,
}


def material(paths: Iterable[Path]) -> dict[str, bytes]:
    """The files named; otherwise invented runs, and the recordings where they are."""
    named = {path.name: path.read_bytes() for path in paths}
    if named:
        return named
    made = {
        f"written, {minutes} min": fit_run(
            duration_s=60 * minutes, power_w=250.0, vertical_oscillation_mm=85.0
        )
        for minutes in (60, 180, 900)
    }
    found = sorted((RECORDINGS / "files").glob("*.fit")) if RECORDINGS.is_dir() else []
    return made | {
        p.name: p.read_bytes() for p in found if p.stat().st_size >= SMALLEST and "derived" not in p.name
    }


def cpu_time_s(read: Reader, data: bytes) -> float:
    """CPU time of one call: the best of as many as fit into one turn. [s]"""
    best, spent = math.inf, 0.0
    while spent < ROUND_S:
        start = time.process_time()
        read(data)
        took = time.process_time() - start
        best, spent = min(best, took), spent + max(took, 1e-4)
    return best


def race(readers: dict[str, Reader], data: bytes, rounds: int) -> dict[str, float | None]:
    """Best time of each reader; None where it cannot read the file. [s]"""
    times: dict[str, float | None] = {}
    for _ in range(rounds):
        for name, read in readers.items():
            if times.get(name, math.inf) is None:
                continue
            try:
                took = cpu_time_s(read, data)
            except Exception as error:
                if name == OURS:
                    raise
                print(f"  {name} cannot read it: {str(error)[:70]}", file=sys.stderr)
                times[name] = None
                continue
            times[name] = min(times.get(name) or math.inf, took)
    return times


def stages(data: bytes) -> dict[str, float]:
    """Where our time goes. [ms]"""
    recording = decode_fit(data)
    parts: dict[str, Reader] = {
        "checksum": crc16,
        "checksum and walk": lambda data: list(FitFiles(data)),
        "recording": decode_fit,
        "frame": lambda _: samples_frame(recording.samples),
    }
    took = {name: 1e3 * min(cpu_time_s(part, data) for _ in range(3)) for name, part in parts.items()}
    return {
        "checksum": took["checksum"],
        "walk": took["checksum and walk"] - took["checksum"],
        "gather": took["recording"] - took["checksum and walk"],
        "frame": took["frame"],
    }


def stores_beats(data: bytes) -> bool:
    """Whether heart rates lie in messages of their own, which ours alone puts into the records."""
    return any(walk.of(profile.HR) for walk in FitFiles(data))


def records_alone(data: bytes) -> object:
    """Records to a DataFrame without those heart rates: what the others do."""
    return samples_frame(join_samples([read_records(walk) for walk in FitFiles(data)]))


def floor_s(data: bytes) -> float:
    """What no reader can go below: copy the bytes and check them. [s]"""
    return min(cpu_time_s(lambda data: crc16(io.BytesIO(data).read()), data) for _ in range(3))


def measure(name: str, data: bytes, readers: dict[str, Reader], rounds: int) -> dict[str, Any]:
    """Everything about one file."""
    times = race(readers, data, rounds)
    ours = times[OURS]
    if ours is None:
        raise FitDecodeError(f"{name} cannot be read", offset=0)
    return {
        "file": name,
        "bytes": len(data),
        "ms": {reader: took and 1e3 * took for reader, took in times.items()},
        "times_slower": {reader: took and took / ours for reader, took in times.items() if reader != OURS},
        "records_alone_ms": 1e3 * min(cpu_time_s(records_alone, data) for _ in range(rounds))
        if stores_beats(data)
        else None,
        "stages_ms": stages(data),
        "floor_ms": 1e3 * floor_s(data),
        "megabytes_per_s": len(data) / ours / 1e6,
    }


def by_class(results: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Geometric means of how many times slower the others are, by size of file."""
    means: dict[str, dict[str, Any]] = {}
    for label, (low, high) in CLASSES.items():
        chosen = [result for result in results if low <= result["bytes"] < high]
        means[label] = {"files": len(chosen)}
        for reader in {reader for result in chosen for reader in result["times_slower"]}:
            known = [r["times_slower"][reader] for r in chosen if r["times_slower"].get(reader)]
            if known:
                means[label][reader] = statistics.geometric_mean(known)
                means[label][f"{reader}, least"] = min(known)
    return means


def show(results: list[dict[str, Any]], readers: Iterable[str], missing: Iterable[str]) -> None:
    """Print what was measured for people."""
    others = [reader for reader in readers if reader != OURS]
    for absent in missing:
        print(f"{absent} is not installed")
    print(
        f"{'file':44} {'kB':>6} {'ours ms':>8} " + " ".join(f"{r[:13]:>13}" for r in others), "  of it (ms)"
    )
    for result in results:
        slower = " ".join(f"{result['times_slower'].get(r) or math.nan:12.1f}×" for r in others)
        parts = ", ".join(f"{stage} {took:.2f}" for stage, took in result["stages_ms"].items())
        print(
            f"{result['file'][:44]:44} {result['bytes'] / 1e3:6.0f} {result['ms'][OURS]:8.2f} {slower}   "
            f"{parts}; floor {result['floor_ms']:.2f}"
        )
    for result in results:
        if alone_ms := result["records_alone_ms"]:
            slower = ", ".join(f"{r} {took / alone_ms:.1f}×" for r in others if (took := result["ms"].get(r)))
            print(f"{result['file'][:44]}, without stored heart rates: {alone_ms:.2f} ms, {slower}")
    for label, means in by_class(results).items():
        figures = ", ".join(
            f"{r} {means[r]:.1f}× (least {means[f'{r}, least']:.1f}×)" for r in others if r in means
        )
        print(f"{label}, {means['files']} files: {figures}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--all-fields", action="store_true", help="every field of every message")
    parser.add_argument("--json", action="store_true", help="one object instead of a table")
    parser.add_argument("--write-docs", action="store_true", help="put the table into docs/decoder.md")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", nargs="*", default=[], metavar="READER")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    readers = ALL_READERS if arguments.all_fields else FRAME_READERS
    missing = [name for name in readers if name != OURS and importlib.util.find_spec(name) is None]
    readers = {name: read for name, read in readers.items() if name not in {*missing, *arguments.without}}
    results = [
        measure(name, data, readers, arguments.rounds) for name, data in material(arguments.files).items()
    ]
    if arguments.json:
        summary = {"not_installed": missing, "files": results, "geometric_means": by_class(results)}
        print(json.dumps({"all_fields": arguments.all_fields, **summary}))
    else:
        show(results, readers, missing)
    if arguments.write_docs:
        table = io.StringIO()
        with contextlib.redirect_stdout(table):
            show(results, readers, missing)
        name = "decode-all-fields" if arguments.all_fields else "decode"
        write_between(ROOT / "docs" / "decoder.md", name, f"```text\n{table.getvalue()}```")


if __name__ == "__main__":
    main()
