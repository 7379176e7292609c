"""Killed, starved and broken at every step, an import loses nothing, doubles nothing and says why.

The long version, with every system call and hundreds of kills, is ``benchmarks/faults.py``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "faults.py"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to be killed")


@pytest.fixture(scope="module")
def shown() -> list[dict[str, Any]]:
    # In a process of its own, as one with pytest's threads must not be forked.
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--short", "--json"], capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    summaries: list[dict[str, Any]] = json.loads(done.stdout)
    return summaries


def test_whatever_call_fails_or_is_the_last_the_next_start_puts_all_in_order(
    shown: list[dict[str, Any]],
) -> None:
    assert shown[0]["complaints"] == []


def test_whenever_it_is_killed_the_next_start_puts_all_in_order(shown: list[dict[str, Any]]) -> None:
    assert shown[1]["complaints"] == []


def test_the_faults_reach_files_names_folders_and_commits(shown: list[dict[str, Any]]) -> None:
    assert {"open", "fsync", "replace", "unlink", "mkdir", "commit"} <= shown[0]["points"].keys()


def test_each_kind_of_fault_was_tried_often(shown: list[dict[str, Any]]) -> None:
    counts = {fault: min(20, count) for fault, count in shown[0]["faults"].items()}

    assert (counts, shown[1]["trials"]) == ({"KILL": 20, "ENOSPC": 20, "EIO": 20, "EACCES": 20}, 20)
