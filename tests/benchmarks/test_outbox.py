"""The measured promise of the outbox, in small: killed at any moment nothing is lost or renamed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "outbox.py"


def test_killed_at_random_nothing_is_lost_and_at_most_one_letter_per_kill_repeats() -> None:
    command = [sys.executable, BENCHMARK, "--kills", "5", "--emails", "20", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert (told["kills"]["lost"], told["kills"]["renamed"], told["queue"]["sent"]) == (0, 0, 20)
    assert told["kills"]["repeated"] <= told["kills"]["kills"]
