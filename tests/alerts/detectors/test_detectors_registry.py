"""All rules together: sorted, and hard minutes raised by a long run next to them."""

from __future__ import annotations

import pytest

from alerts.alert.alert import Alert, Level
from alerts.detectors.registry import detect, escalate
from training_days_builder import Outing, every, history, on, rules


def alert(kind: str, day: int, level: Level = Level.NOTICE) -> Alert:
    return Alert(kind, on(day), level, observed=2.0, expected=1.0, unit="m")


@pytest.mark.parametrize(
    ("spike_day", "level"),
    [(9, Level.NOTICE), (10, Level.CAUTION), (16, Level.CAUTION), (17, Level.NOTICE)],
)
def test_hard_minutes_are_raised_by_a_long_run_of_the_same_seven_days(spike_day: int, level: Level) -> None:
    """Hard minutes on day 16: days 10 to 16 are their week; what comes after raises nothing."""
    found = escalate([alert("single_run_spike", spike_day), alert("hard_minutes_spike", 16)])

    assert [f.level for f in found if f.kind == "hard_minutes_spike"] == [level]


def test_a_run_that_errors_explain_raises_nothing() -> None:
    found = [alert("single_run_spike", 16, Level.INFO), alert("hard_minutes_spike", 16)]

    assert escalate(found) == found


def test_the_long_run_itself_keeps_its_level() -> None:
    spike = alert("single_run_spike", 16)

    assert escalate([spike, alert("hard_minutes_spike", 16)])[0] == spike


def test_a_level_is_raised_once_and_never_lowered() -> None:
    found = [alert("single_run_spike", 16), alert("hard_minutes_spike", 16, Level.HIGH)]

    assert escalate(escalate(found)) == found


def test_other_rules_are_not_raised() -> None:
    found = [alert("single_run_spike", 16), alert("two_week_ramp", 16), alert("cadence_shift", 16)]

    assert escalate(found) == found


def test_all_findings_come_by_day_and_kind() -> None:
    """On day 100 one run is far too long, too hard, and too much for its fortnight; on day 104 one again."""
    days = history([*every(2, 100), Outing(100, 40_000.0, hard_min=60.0), Outing(104, 60_000.0)])

    assert [(f.kind, f.day) for f in detect(days, rules())] == [
        ("hard_minutes_spike", on(100)),
        ("single_run_spike", on(100)),
        ("two_week_ramp", on(100)),
        ("single_run_spike", on(104)),
    ]


def test_detecting_raises_levels_across_rules() -> None:
    """30 hard minutes are three times 10, 20 more: a notice but for the long run of the day before.

    Between the end of the one and the start of the other lie 23 hours.
    """
    days = history([*every(2, 98), Outing(99, 12_000.0), Outing(100, hard_min=30.0)])
    levels = {f.kind: f.level for f in detect(days, rules())}

    assert levels == {
        "single_run_spike": Level.CAUTION,
        "hard_minutes_spike": Level.CAUTION,
        "no_rest": Level.INFO,
    }


def test_no_rules_find_nothing() -> None:
    assert detect(history(every(2, 100)), []) == []
