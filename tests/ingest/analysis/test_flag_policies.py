"""Every word of the gate has a rule, a sentence, and a way out where it costs the runner something."""

from __future__ import annotations

import ast
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.analysis.quality.flags import FLAG_POLICIES, CountsFor, counts_for, flag_sentence
from ingest.formats.recording import Flag

INGEST = Path(__file__).parents[3] / "ingest"

ANY_WORDS = st.lists(st.sampled_from([*FLAG_POLICIES, "never_heard_of"]).map(Flag), max_size=8)


def marks(counts_for: CountsFor) -> tuple[bool, bool, bool]:
    return counts_for.counts_distance, counts_for.counts_intensity, counts_for.counts_cadence


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("impossible_speed", (False, False, False)),
        ("ride", (False, False, False)),
        ("partly_ridden", (False, False, True)),
        ("walking", (False, False, False)),
        ("clock", (False, False, False)),
        ("future", (False, False, False)),
        ("doubled_distance", (False, False, False)),
        ("recorded_twice", (False, False, False)),
        ("long_steps", (False, False, False)),
        ("distance_jump", (False, True, True)),
        ("distance_unlike_records", (False, True, True)),
        ("timer_beyond_records", (False, True, True)),
        ("no_distance", (False, True, False)),
        ("heart_rate_dropouts", (True, False, True)),
        ("heart_rate_flat", (True, False, True)),
        ("cadence_lock", (True, False, True)),
        ("heart_rate_like_cadence", (True, True, True)),
        ("cadence_unclear", (True, True, False)),
        ("cadence_in_steps", (True, True, True)),
        ("treadmill", (True, True, True)),
        ("no_position", (True, True, True)),
        ("position_jumps", (True, True, True)),
        ("elapsed_much_longer", (True, True, True)),
        ("timer_beyond_elapsed", (True, True, True)),
        ("several_per_second", (True, True, True)),
        ("truncated", (True, True, True)),
        ("unterminated", (True, True, True)),
        ("undefined_message", (True, True, True)),
        ("checksum", (True, True, True)),
        ("never_heard_of", (True, True, True)),
    ],
)
def test_a_flag_decides_what_counts(code: str, expected: tuple[bool, bool, bool]) -> None:
    assert marks(counts_for([Flag(code)])) == expected


def test_what_one_flag_refuses_no_other_allows() -> None:
    assert marks(counts_for([Flag("distance_jump"), Flag("heart_rate_dropouts")])) == (False, False, True)


def test_without_flags_everything_counts() -> None:
    assert marks(counts_for([])) == (True, True, True)


@given(ANY_WORDS)
def test_another_flag_never_lets_an_activity_count_for_more(flags: list[Flag]) -> None:
    verdicts = [marks(counts_for(flags[:count])) for count in range(len(flags) + 1)]

    assert all(a >= b for before, after in pairwise(verdicts) for a, b in zip(before, after, strict=True))


@given(ANY_WORDS)
def test_the_order_of_flags_decides_nothing(flags: list[Flag]) -> None:
    assert counts_for(flags) == counts_for(flags[::-1])


@pytest.mark.parametrize("code", FLAG_POLICIES)
def test_every_rule_has_a_sentence(code: str) -> None:
    assert flag_sentence(Flag(code)).endswith(".")


@pytest.mark.parametrize("code", FLAG_POLICIES)
def test_what_costs_the_runner_something_has_a_reason_and_a_way_out(code: str) -> None:
    rule = FLAG_POLICIES[code]
    costs = not (rule.counts_distance and rule.counts_intensity and rule.counts_cadence)

    assert (bool(rule.because), rule.act.endswith(".")) == (costs, costs)


def test_an_unknown_word_is_told_with_what_was_seen() -> None:
    assert flag_sentence(Flag("odd_thing", "seen at byte 12")) == "seen at byte 12"


def test_every_word_that_the_gate_says_has_a_rule() -> None:
    said = {
        node.args[0].value
        for path in (INGEST / "analysis" / "quality").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Flag"
        and isinstance(node.args[0], ast.Constant)
    }

    assert len(said) > 15
    assert said <= FLAG_POLICIES.keys()
