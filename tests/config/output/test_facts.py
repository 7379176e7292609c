"""`hipwatch decode` on real watch files: what it prints is what the files are known to say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from config.cli.main import main
from support import RECORDINGS

FACTS = RECORDINGS / "expected.json"
EXPECTED: dict[str, dict[str, Any]] = json.loads(FACTS.read_text("utf-8")) if FACTS.exists() else {}
UNREADABLE = {"derived__empty.fit", "derived__not_fit.fit"}
WHOLE = sorted(name for name, facts in EXPECTED.items() if not facts["error"] and name not in UNREADABLE)
DAMAGED = sorted(name for name, facts in EXPECTED.items() if facts["error"] and name not in UNREADABLE)
ACTIVITIES = [name for name in WHOLE if EXPECTED[name]["file_type"] == "activity"]
OTHERS = [name for name in WHOLE if EXPECTED[name]["file_type"] != "activity"]

pytestmark = [
    pytest.mark.recordings,
    pytest.mark.skipif(not EXPECTED, reason="the folder of real watch files is not beside this checkout"),
]


def decode(path: Path) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(main, ["decode", str(path)])
    facts: dict[str, Any] = json.loads(result.stdout)
    return result.exit_code, facts


def named(expected: dict[str, Any], facts: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Expected and printed values by the expected name; cadence in steps means something on foot only."""
    pairs = {
        "sport": "sport",
        "sub_sport": "sub_sport",
        "start_time": "started_at",
        "total_distance_m": "distance_m",
        "total_timer_s": "timer_s",
        "avg_heart_rate": "avg_heart_rate_bpm",
    }
    if expected["sport"] in {"running", "walking"}:
        pairs["avg_cadence_spm"] = "avg_cadence_spm"
    return {name: (expected[name], facts[printed]) for name, printed in pairs.items()}


@pytest.mark.parametrize("name", ACTIVITIES)
def test_every_session_of_an_undamaged_activity_is_told_as_it_is(name: str) -> None:
    code, facts = decode(RECORDINGS / "files" / name)
    expected = EXPECTED[name]

    counted = (facts["records"], len(facts["sessions"]))
    assert (code, counted) == (0, (expected["n_records"], expected["n_sessions"]))
    for one, other in zip(expected["sessions"], facts["sessions"], strict=True):
        for wanted, printed in named(one, other).values():
            assert printed == (wanted if isinstance(wanted, str | None) else pytest.approx(wanted, abs=0.5))


@pytest.mark.parametrize("name", DAMAGED)
def test_of_a_damaged_file_what_is_whole_is_told_and_what_is_wrong(name: str) -> None:
    code, facts = decode(RECORDINGS / "files" / name)

    assert (code, bool(facts["quality"])) == (0, True)
    assert facts["records"] >= EXPECTED[name]["salvageable_records"]


@pytest.mark.parametrize("name", sorted(UNREADABLE & set(EXPECTED)))
def test_what_cannot_be_read_at_all_is_an_error_with_a_byte(name: str) -> None:
    code, facts = decode(RECORDINGS / "files" / name)

    assert (code, set(facts), "at byte" in facts["error"]) == (2, {"error"}, True)


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_activity_is_told_by_its_type(name: str) -> None:
    code, facts = decode(RECORDINGS / "files" / name)

    assert (code, facts["file_type"]) == (0, EXPECTED[name]["file_type"])
