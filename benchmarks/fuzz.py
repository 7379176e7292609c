"""Feeds damaged watch files to the decoder and on to the summary, in a process of its own, and counts.

``python benchmarks/fuzz.py [--mutants 50000] [--json]``: each mutant may take 64 MiB and six times its size
of memory to be decoded, 256 MiB more to be summed up, and 20 seconds. It is made from its number alone, so
that one that did harm can be made again: ``--only NUMBER`` writes it to standard output. ``--odd`` feeds
whole files instead, whose fields have odd types and values.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import time
import traceback
from collections import Counter
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from documents import write_between  # noqa: E402

from ingest.errors import FitDecodeError  # noqa: E402
from ingest.formats.fit.decode import decode_fit  # noqa: E402
from ingest.pipeline import process_file as examine  # noqa: E402
from odd_files import odd_file  # noqa: E402
from support import RECORDINGS, fit_run, mutant_of  # noqa: E402

TIME_LIMIT_S = 20.0
MEMORY_BYTES = 64 << 20
MEMORY_PER_BYTE = 6
SUMMARY_BYTES = 256 << 20
NOW = datetime(2026, 5, 12, 18, 0, tzinfo=UTC)
PAGE_BYTES = resource.getpagesize()
LARGEST_SEED = 450_000

READ, FLAGGED, REFUSED = "read without a flag", "read and flagged", "refused"
HARMLESS = {READ, FLAGGED, REFUSED}

Report = tuple[int, str, str, float]
"""Number of the mutant, outcome, what is to be known of it, and how long it took. [s]"""


def seeds() -> list[bytes]:
    """Real recordings where they are, invented ones in any case."""
    found = sorted((RECORDINGS / "files").glob("*.fit")) if RECORDINGS.is_dir() else []
    real = [path.read_bytes() for path in found if path.stat().st_size <= LARGEST_SEED]
    runs = [fit_run(duration_s=60), fit_run(duration_s=60, big_endian=True, power_w=250.0)]
    return [*real, *runs, runs[0] + runs[1]]


def mutant(number: int, of: list[bytes]) -> bytes:
    """The mutant of that number; without seeds an odd file."""
    chance = np.random.default_rng(number)
    if not of:
        return odd_file(chance)
    return mutant_of(of[chance.integers(len(of))], chance)


def outcome_of(data: bytes) -> tuple[str, str]:
    """What becomes of one file under its memory limit, and what is to be known of it."""
    size = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * PAGE_BYTES
    limit = size + MEMORY_BYTES + MEMORY_PER_BYTE * len(data)
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    try:
        recording = decode_fit(data)
        resource.setrlimit(resource.RLIMIT_AS, (limit + SUMMARY_BYTES, resource.RLIM_INFINITY))
        examine._process(data, NOW)  # noqa: SLF001 - without what keeps a fault of ours from others
    except FitDecodeError:
        return REFUSED, ""
    except MemoryError:
        return "out of memory", ""
    except Exception as error:  # noqa: BLE001 (what should never escape is what is looked for)
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        return f"escaped: {type(error).__name__}", f"{error} ({where})"
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return (FLAGGED if recording.flags else READ), ""


def work(reports: Connection, first: int, stop: int, of: list[bytes]) -> None:
    """Read mutants one after the other and report each."""
    for number in range(first, stop):
        data = mutant(number, of)
        start = time.perf_counter()
        outcome, known = outcome_of(data)
        reports.send((number, outcome, known, time.perf_counter() - start))


def runner_service(first: int, stop: int, of: list[bytes]) -> list[Report]:
    """Reports of all mutants, with a new process after each that hung or died."""
    reports: list[Report] = []
    context = multiprocessing.get_context("spawn")
    while first < stop:
        ours, theirs = context.Pipe(duplex=False)
        worker = context.Process(target=work, args=(theirs, first, stop, of), daemon=True)
        worker.start()
        theirs.close()
        ended = ""
        while first < stop and not ended:
            try:
                if ours.poll(TIME_LIMIT_S):
                    reports.append(ours.recv())
                    first += 1
                else:
                    ended = f"longer than {TIME_LIMIT_S:.0f} s"
            except EOFError:
                ended = "the process died"
        if ended:
            reports.append((first, ended, "", TIME_LIMIT_S))
            first += 1
        worker.kill()
        worker.join()
    return reports


def main() -> None:
    """Read the mutants and print the counts; the exit code is 1 if any did harm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=50_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first mutant")
    parser.add_argument("--only", type=int, help="write one mutant to standard output")
    parser.add_argument("--json", action="store_true", help="one object instead of lines")
    parser.add_argument("--write-docs", action="store_true", help="put the counts into docs/decoder.md")
    parser.add_argument("--odd", action="store_true", help="whole files of odd types and values")
    arguments = parser.parse_args()
    of = [] if arguments.odd else seeds()
    if arguments.only is not None:
        sys.stdout.buffer.write(mutant(arguments.only, of))
        return
    reports = runner_service(arguments.first, arguments.first + arguments.mutants, of)
    counts = Counter(outcome for _, outcome, _, _ in reports)
    harmful = [report for report in reports if report[1] not in HARMLESS]
    slowest_s = max(took for *_, took in reports)
    if arguments.json:
        print(json.dumps({"outcomes": counts, "harmful": harmful, "slowest_s": slowest_s}))
    else:
        for outcome, count in counts.most_common():
            print(f"{count:8} {outcome}")
        print(f"slowest: {slowest_s:.3f} s")
        for number, outcome, known, _ in harmful[:20]:
            print(f"mutant {number}: {outcome} {known}")
    if arguments.write_docs and not arguments.odd:
        last = arguments.first + arguments.mutants - 1
        lines = [f"| {outcome} | {count:,} |" for outcome, count in counts.most_common()]
        table = "\n".join((f"| mutants {arguments.first:,}–{last:,} | count |", "|---|---:|", *lines))
        write_between(ROOT / "docs" / "decoder.md", "fuzz", f"{table}\n\nSlowest: {slowest_s:.3f} s.")
    sys.exit(1 if harmful else 0)


if __name__ == "__main__":
    main()
