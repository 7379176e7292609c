"""Processes that decode: replaced when they die, gone when their parent is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from config.composition.executors import FEW_FILES, NICENESS, InlineExecutor, Workers, executor_for

A_PARENT = """
import os, signal, sys
from config.composition.executors import Workers

if __name__ == "__main__":
    with Workers() as workers:
        print(workers.submit(os.getpid).result(), flush=True)
        sys.stdin.read()
"""


def test_few_files_start_no_process() -> None:
    assert isinstance(executor_for(FEW_FILES), InlineExecutor)


def test_where_nothing_is_to_be_done_no_process_is_started() -> None:
    with executor_for(FEW_FILES + 1) as workers:
        assert workers._pool is None  # type: ignore[attr-defined]


def test_after_a_process_died_the_next_work_is_done_by_others() -> None:
    with Workers() as workers:
        with pytest.raises(BrokenExecutor):
            workers.submit(os._exit, 1).result()

        assert workers.submit(abs, -2).result() == 2


def test_no_worker_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(A_PARENT)
    # The workers hold the writing end of this pipe: it is at its end when the last of them is gone.
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        rest, _ = parent.communicate(timeout=60)

    assert (worker > 0, rest) == (True, b"")


def test_a_worker_of_a_worker_is_no_nicer_than_its_parent() -> None:
    twice = (
        "import os; from config.composition.executors import follow_parent as f; f(); f(); print(os.nice(0))"
    )
    done = subprocess.run([sys.executable, "-c", twice], capture_output=True, text=True, check=True)

    assert int(done.stdout) == max(NICENESS, os.nice(0))


def test_what_workers_load_is_light() -> None:
    """Every worker runs the script of the command again, and loads what examines a file."""
    loaded = "import sys, config.start, ingest.pipeline.process_file; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)

    assert set(done.stdout.split()).isdisjoint(
        {"pandas", "sqlalchemy", "flask", "alembic", "config.cli.main"}
    )
