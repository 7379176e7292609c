"""Kills, starves and breaks an import in every way that it can, and counts what that cost.

Run it from the checkout: ``python benchmarks/faults.py``. ``--short`` is what the tests run: a seam in the
process instead of strace, and few kills. ``--write-docs`` puts the counts into docs/reliability.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # no threads before a fork
ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

import injection  # noqa: E402
from documents import write_between  # noqa: E402
from injection import ERRORS, FAULTS, KILL, SendTestResult  # noqa: E402
from victim import Case, Ended, House, large_case, open_house, small_case, warm_up  # noqa: E402

PROGRESS_EVERY = 100
ORPHANS_END_WITHIN_S = 10.0
ANYWHERE = "anywhere"
DOCUMENT = ROOT / "docs" / "reliability.md"


def seam_trials() -> Iterator[SendTestResult]:
    """A kill and one of the errors at each call that Python makes, in a house that is furnished.

    To be killed before a file is opened is to be killed after the call before that, so that is left out.
    """
    case = small_case()
    with open_house(replace(case, inbox={})) as furnished:
        furnished.tick()
        for at, call in enumerate(injection.seam_calls(case, furnished)):
            error = ERRORS[at % len(ERRORS)]
            for fault in (error,) if call == "open" else (KILL, error):
                yield injection.seam_trial(case, furnished, call, at, fault)


def strace_trials() -> Iterator[SendTestResult]:
    """Each fault at each system call, SQLite's included."""
    case = small_case()
    for point in injection.syscall_points(case):
        for fault in FAULTS:
            trial = injection.strace_trial(case, point, fault)
            if trial is not None:
                yield trial


def random_kills(case: Case, *, kills: int, chance: random.Random) -> Iterator[SendTestResult]:
    """Kill an import at any moment, start it again, and so on until it ends; then reckon."""
    with open_house(case) as house:
        longest_s = _timed(house)
        case = replace(case, alerts=house.alerts())
    done = 0
    while done < kills:
        with open_house(case) as house:
            died = 0
            while (ended := _killed_after(house, chance.uniform(0.0, longest_s))).was_killed:
                died += 1
                if died + done == kills:
                    house.tick()
                    break
            complaints = (*ended.complaints(), *house.reckon(), *_orphans(house))
            yield from [SendTestResult(ANYWHERE, KILL, ())] * (died - 1)
            if died or complaints:
                yield SendTestResult(ANYWHERE, KILL, complaints)
            done += died


def _timed(house: House) -> float:
    started_s = time.monotonic()
    house.tick()
    return time.monotonic() - started_s


def _killed_after(house: House, seconds: float) -> Ended:
    pid = house.start()
    deadline_s = time.monotonic() + seconds
    while time.monotonic() < deadline_s:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            break
        time.sleep(0.001)
    else:
        os.kill(pid, signal.SIGKILL)
    return house.wait(pid)


def _orphans(house: House) -> Iterator[str]:
    """Processes of this house that are still there some seconds after their parent."""
    mark = f"HIPWATCH_HOME={house.home}".encode()
    deadline_s = time.monotonic() + ORPHANS_END_WITHIN_S
    while left := [pid for pid in _processes() if mark in _environment(pid)]:
        if time.monotonic() > deadline_s:
            yield f"{len(left)} processes outlived their parent"
            return
        time.sleep(0.05)


def _processes() -> Iterator[str]:
    names = (path.name for path in Path("/proc").iterdir())
    return (name for name in names if name.isdecimal() and int(name) != os.getpid())


def _environment(pid: str) -> bytes:
    try:
        return Path("/proc", pid, "environ").read_bytes()
    except OSError:
        return b""


def summary_of(kind: str, going_on: Iterator[SendTestResult]) -> dict[str, Any]:
    """Count the trials of one kind, and tell every complaint as it comes."""
    started_s = time.monotonic()
    trials = []
    for trial in going_on:
        trials.append(trial)
        for said in trial.complaints:
            print(f"{trial.fault} at {trial.point}: {said}", file=sys.stderr)
        if len(trials) % PROGRESS_EVERY == 0:
            print(f"{kind}: {len(trials)}", file=sys.stderr)
    return {
        "kind": kind,
        "trials": len(trials),
        "minutes": (time.monotonic() - started_s) / 60,
        "points": dict(Counter(trial.point for trial in trials)),
        "faults": dict(Counter(trial.fault for trial in trials)),
        "complaints": [
            f"{trial.fault} at {trial.point}: {said}" for trial in trials for said in trial.complaints
        ],
    }


def sentence_of(summary: dict[str, Any]) -> str:
    """The counts of one kind in words."""
    faults = ", ".join(f"{name} {count}" for name, count in summary["faults"].items())
    points = Counter({name: count for name, count in summary["points"].items() if name != ANYWHERE})
    where = ", ".join(f"{name} {count}" for name, count in points.most_common())
    details = "; ".join(filter(None, (faults, where, f"in {summary['minutes']:.0f} minutes")))
    wrong = len(summary["complaints"])
    return f"**{summary['kind']}: {summary['trials']:,} faults, {wrong} problems afterwards** ({details})."


def parts_of(
    *, short: bool, kills: int, files: int, seed: int
) -> dict[str, tuple[str, Iterator[SendTestResult]]]:
    """What can be done: its name, what to call it, and the doing."""
    chance = random.Random(seed)  # noqa: S311 - it must be the same again
    dying = random_kills(large_case(files), kills=kills, chance=chance)
    calls = ("Every call that Python makes in a small import", seam_trials())
    if not short and injection.has_strace():
        calls = ("Every system call of a small import", strace_trials())
    return {"calls": calls, "kills": (f"kill -9 at any moment of an import of {files} files", dying)}


def main() -> None:
    """Do all of it and say what came of it; end with 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="the seam and few kills, as in the tests")
    parser.add_argument("--only", choices=("calls", "kills"), help="one of the two parts")
    parser.add_argument("--kills", type=int, help="random kills  [500, short: 20]")
    parser.add_argument("--files", type=int, help="files of the import that is killed  [300, short: 40]")
    parser.add_argument("--seed", type=int, default=20260512)
    parser.add_argument("--json", action="store_true", help="print JSON on standard output")
    parser.add_argument("--write-docs", action="store_true", help="put the counts into docs/reliability.md")
    chosen = parser.parse_args()
    kills, files = (
        chosen.kills or (20 if chosen.short else 500),
        chosen.files or (40 if chosen.short else 300),
    )
    warm_up()
    summaries = {}
    parts = parts_of(short=chosen.short, kills=kills, files=files, seed=chosen.seed)
    for name, (kind, trials) in parts.items():
        if chosen.only in {None, name}:
            summaries[name] = summary_of(kind, trials)
            if chosen.write_docs:
                write_between(DOCUMENT, f"faults: {name}", sentence_of(summaries[name]))
    print(json.dumps(summaries) if chosen.json else "\n".join(map(sentence_of, summaries.values())))
    sys.exit(any(summary["complaints"] for summary in summaries.values()))


if __name__ == "__main__":
    main()
