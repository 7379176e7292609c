"""The command in a process of its own: how long it takes from start to end, and in how much memory."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-c", "from config.start import main; main()")


@dataclass(frozen=True, slots=True)
class Import:
    """One run of ``hipwatch import``, from the process's start to its end."""

    files: int
    mebibytes: float
    seconds: float
    cpu_s: float
    main_mib: float
    worker_mib: float
    added: int
    duplicates: int


def timed_import(folder: Path, home: Path, *, files: int, mebibytes: float) -> Import:
    """Import a folder with the command, watching what memory its processes take."""
    environment = _environment(home)
    started_s, before_s = time.monotonic(), _cpu_of_children_s()
    process = subprocess.Popen(
        [*COMMAND, "import", str(folder), "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    peaks = _watched(process)
    printed = process.communicate()[0]
    seconds = time.monotonic() - started_s
    report = json.loads(printed)
    main_mib = peaks.pop(process.pid, 0.0)
    worker_mib = max(peaks.values(), default=0.0)
    cpu_s = _cpu_of_children_s() - before_s
    return Import(
        files, mebibytes, seconds, cpu_s, main_mib, worker_mib, report["added"], report["duplicates"]
    )


def _cpu_of_children_s() -> float:
    """Seconds of a core that ended processes took, those of their own children included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watched(process: subprocess.Popen[str]) -> dict[int, float]:
    """Peak memory of a process and its children, until it ends. [MiB]"""
    peaks: dict[int, float] = {}
    while process.poll() is None:
        children = _read(f"/proc/{process.pid}/task/{process.pid}/children").split()
        for pid in (process.pid, *map(int, children)):
            if found := re.search(r"VmHWM:\s+(\d+) kB", _read(f"/proc/{pid}/status")):
                peaks[pid] = int(found[1]) / 1024
        time.sleep(0.05)
    return peaks


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def _environment(home: Path) -> dict[str, str]:
    """A data folder of its own, and byte code kept as an installed program has it."""
    environment = os.environ | {"HIPWATCH_HOME": str(home), "PYTHONPATH": str(ROOT)}
    environment["PYTHONPYCACHEPREFIX"] = str(home.parent / "byte-code")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def compile_for(home: Path) -> None:
    """Have the byte code of everything made, as after an installation."""
    subprocess.run([*COMMAND, "doctor"], env=_environment(home), capture_output=True, check=False)
