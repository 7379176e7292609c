"""Faults on demand: a seam inside the process, and strace around it."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect
from victim import Case, Ended, House, open_house

KILL = "KILL"
ERRORS = ("ENOSPC", "EIO", "EACCES")
FAULTS = (KILL, *ERRORS)
SEAM = ("open", "fsync", "replace", "unlink", "mkdir")
SYSCALLS = "openat,write,pwrite64,fsync,fdatasync,rename,unlink,mkdir,ftruncate"


@dataclass(frozen=True, slots=True)
class SendTestResult:
    """One fault at one point, and all that was wrong after the next start."""

    point: str
    fault: str
    complaints: tuple[str, ...]


@dataclass(slots=True)
class Seam:
    """Counts what the process asks of the disk in Python, and lets the n-th call fail or be its last."""

    fault: str = ""
    at: int = -1
    calls: list[str] = field(default_factory=list)
    report: Path | None = None

    def install(self) -> None:
        """Put itself in front of the calls; only ever in a forked process."""
        for name in SEAM:
            setattr(os, name, self._guarded(name, getattr(os, name)))
        DefaultDialect.do_commit = self._guarded("commit", DefaultDialect.do_commit)  # type: ignore[method-assign]

    def _guarded(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def guarded(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any call of the system
            if _is_idle(name, args):
                return call(*args, **kwargs)
            self.calls.append(name)
            if self.report is not None:
                with self.report.open("a") as file:
                    file.write(f"{name}\n")
            if len(self.calls) - 1 == self.at:
                self._fail(name, args)
            return call(*args, **kwargs)

        return guarded

    def _fail(self, name: str, args: tuple[Any, ...]) -> None:
        if self.fault == KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        if name == "commit":
            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode = sqlite3.SQLITE_FULL  # type: ignore[misc]
            raise full
        number = getattr(errno, self.fault)
        path = args[0] if args and isinstance(args[0], (str, os.PathLike)) else None
        raise OSError(number, os.strerror(number), path)


def _is_idle(name: str, args: tuple[Any, ...]) -> bool:
    """Whether the call changes nothing that lasts: a lock is taken, a folder is there already."""
    path = str(args[0]) if args else ""
    return path.endswith(".lock") or (name == "mkdir" and Path(path).is_dir())


def seam_calls(case: Case, like: House) -> list[str]:
    """Every call of an import that goes through the seam, in its order."""
    with open_house(case, like=like) as house:
        report = house.folder / "calls.txt"
        house.wait(house.start(before=Seam(report=report).install))
        return report.read_text().split()


def seam_trial(case: Case, like: House, call: str, at: int, fault: str) -> SendTestResult:
    """Let one call of an import fail, or be its last."""
    with open_house(case, like=like) as house:
        ended = house.wait(house.start(before=Seam(fault, at).install))
        return SendTestResult(call, fault, complaints_after(house, ended))


def complaints_after(house: House, ended: Ended) -> tuple[str, ...]:
    """Start once more without a fault; say what was wrong with either."""
    again = house.tick()
    return (*ended.complaints(), *(f"next start: {said}" for said in again.complaints()), *house.reckon())


@dataclass(frozen=True, slots=True)
class Point:
    """One system call of a first start that touches the data folder."""

    syscall: str
    nth: int


def has_strace() -> bool:
    """Whether strace is here and may trace."""
    if shutil.which("strace") is None:
        return False
    return (
        subprocess.run(["strace", "-o", os.devnull, "true"], check=False, capture_output=True).returncode == 0
    )


def syscall_points(case: Case) -> list[Point]:
    """Every system call of a first start that writes, names or opens something in the data folder."""
    with open_house(case) as house:
        log = house.folder / "strace.log"
        _traced(house, log, [])
        lines = log.read_text(errors="replace").splitlines()
        home = str(house.home)
    counts: dict[str, int] = {}
    points = []
    for line in lines:
        if found := re.match(r"(\w+)\(", line):
            counts[found[1]] = counts.get(found[1], 0) + 1
            if home in line:
                points.append(Point(found[1], counts[found[1]]))
    return points


def strace_trial(case: Case, point: Point, fault: str) -> SendTestResult | None:
    """Inject one fault at one system call; None if the process never came there."""
    how = "signal=KILL" if fault == KILL else f"error={fault}"
    with open_house(case) as house:
        log = house.folder / "strace.log"
        ended = _traced(house, log, ["-e", f"inject={point.syscall}:{how}:when={point.nth}"])
        was_hit = ended.was_killed if fault == KILL else "(INJECTED)" in log.read_text(errors="replace")
        return SendTestResult(point.syscall, fault, complaints_after(house, ended)) if was_hit else None


def _traced(house: House, log: Path, inject: list[str]) -> Ended:
    """Run a tick that waits until strace has hold of it, so that calls are counted from the same place."""
    pid = house.start(before=lambda: os.kill(os.getpid(), signal.SIGSTOP))
    os.waitpid(pid, os.WUNTRACED)
    options = ["-qq", "-y", "-s", "0", "-o", str(log), "-e", f"trace={SYSCALLS}", *inject]
    tracer = subprocess.Popen(["strace", *options, "-p", str(pid)], stderr=subprocess.DEVNULL)
    while _tracer_of(pid) != tracer.pid:
        time.sleep(0.001)
    os.kill(pid, signal.SIGCONT)
    ended = house.wait(pid)
    tracer.wait()
    return ended


def _tracer_of(pid: int) -> int:
    found = re.search(r"^TracerPid:\t(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0
