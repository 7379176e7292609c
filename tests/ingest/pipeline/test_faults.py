"""Killed, starved and broken at every step, an import loses nothing, doubles nothing and says why.

The long version, with every system call and hundreds of kills, is ``benchmarks/faults.py``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine.default import DefaultDialect

from app_fixtures import NOW, lay_into, open_house
from support import fit_run

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "faults.py"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to be killed")


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    # In a process of its own, as one with pytest's threads must not be forked.
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--short", "--json"], capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    summaries: dict[str, Any] = json.loads(done.stdout)
    return summaries


def test_whatever_call_fails_or_is_the_last_the_next_start_puts_all_in_order(
    shown: dict[str, Any],
) -> None:
    assert shown["calls"]["complaints"] == []


def test_whenever_it_is_killed_the_next_start_puts_all_in_order(shown: dict[str, Any]) -> None:
    assert shown["kills"]["complaints"] == []


def test_the_faults_reach_files_names_folders_and_commits(shown: dict[str, Any]) -> None:
    assert {"open", "fsync", "replace", "unlink", "mkdir", "commit"} <= shown["calls"]["points"].keys()


def test_each_kind_of_fault_was_tried_often(shown: dict[str, Any]) -> None:
    counts = {fault: min(20, count) for fault, count in shown["calls"]["faults"].items()}

    assert (counts, shown["kills"]["trials"]) == ({"KILL": 20, "ENOSPC": 20, "EIO": 20, "EACCES": 20}, 20)


def test_bytes_are_durable_before_their_row_and_the_row_before_the_inbox_is_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def overhear(owner: Any, name: str, label: str) -> None:  # noqa: ANN401 - a module or a class
        call = getattr(owner, name)

        def overheard(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever is called
            calls.append(label)
            return call(*args, **kwargs)

        monkeypatch.setattr(owner, name, overheard)

    with open_house(tmp_path) as services:
        lay_into(services.home.inbox, [fit_run(duration_s=60)])
        services.runner_service.inbox.scan()
        overhear(os, "fsync", "make durable")
        overhear(os, "replace", "move in")
        overhear(os, "unlink", "clear away")
        overhear(DefaultDialect, "do_commit", "commit")
        services.runner_service.inbox.import_new(services.runner_service.intake, now=NOW)

    order = [label for label, _ in groupby(calls)]
    assert order == ["make durable", "move in", "make durable", "commit", "clear away"]
