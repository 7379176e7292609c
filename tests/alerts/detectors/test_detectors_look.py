"""Going on from an earlier look: always what the whole look says, whatever changed and when."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alert.alert import NOTHING, Alert, Before
from alerts.detectors.incremental import first_change, look
from alerts.detectors.registry import detect
from ingest.training_days.table import TrainingDays
from training_days_builder import Outing, by_chance, every, history, on, rules

LENGTH = 320

Change = Callable[[list[Outing], int], list[Outing]]

CHANGES: tuple[Change, ...] = (
    lambda runs, day: [*runs, Outing(day, distance_m=21_000.0, hard_min=45.0, descent_m=500.0)],
    lambda runs, day: [*runs, Outing(day, hard_min=30.0), Outing(day + 1, hard_min=35.0)],
    lambda runs, day: [run for run in runs if run.day != day] or runs,
    lambda runs, day: [run for run in runs if not day <= run.day < day + 25] or runs,
    lambda runs, day: [run for run in runs if run.day <= day] or runs,
    lambda runs, day: [dataclasses.replace(run, counts=run.day != day) for run in runs],
    lambda runs, day: [_later(run, day, distance_m=1.6 * run.distance_m) for run in runs],
    lambda runs, day: [_later(run, day, cadence_spm=0.95 * run.cadence_spm) for run in runs],
    lambda runs, day: [_later(run, day, stratum=2, hard_source=2) for run in runs],
    lambda runs, day: [_later(run, day, begins_hard=1.0, cadence_fade_percent=-4.0) for run in runs],
    lambda runs, day: [_later(run, day, stance_balance_percent=53.0) for run in runs],
    lambda runs, day: [*runs, *(Outing(day + more, distance_m=6_000.0) for more in range(16))],
)
"""What may come to be known of a history, at any day."""


def _later(run: Outing, day: int, **facts: float) -> Outing:
    return dataclasses.replace(run, **facts) if run.day >= day else run  # type: ignore[arg-type]


@st.composite
def stretches(draw: st.DrawFn) -> list[Outing]:
    """Ten months of running by chance in which two things happen."""
    runs = by_chance(draw(st.integers(0, 2**32 - 1)), LENGTH, share=draw(st.sampled_from([0.4, 0.6, 0.9])))
    return changed(draw, changed(draw, runs))


def changed(draw: st.DrawFn, runs: list[Outing]) -> list[Outing]:
    return draw(st.sampled_from(CHANGES))(runs, draw(st.integers(0, LENGTH)))


@settings(deadline=None, max_examples=60)
@given(
    runs=stretches(),
    change=st.sampled_from(CHANGES),
    day=st.integers(0, LENGTH),
    todays=st.tuples(*[st.integers(LENGTH - 60, LENGTH + 60)] * 2),
)
def test_going_on_says_what_looking_at_everything_says(
    runs: list[Outing], change: Change, day: int, todays: tuple[int, int]
) -> None:
    """Something becomes known of any day, and the clock stands anywhere; later days may be gone again."""
    first = history(runs, today=LENGTH + 60).until(on(todays[0]))
    now = history(change(runs, day), today=LENGTH + 60).until(on(todays[1]))
    going_on = look(now, rules(), look(first, rules())).alerts

    assert list(going_on) == detect(now, rules())


@settings(deadline=None, max_examples=10)
@given(runs=stretches(), step=st.integers(1, 20))
def test_going_on_day_after_day_ends_with_what_the_whole_look_says(runs: list[Outing], step: int) -> None:
    days = history(runs)
    at = look(days.until(on(150)), rules())
    for day in range(150, LENGTH + 20, step):
        at = look(days.until(on(day)), rules(), at)

    assert list(look(days, rules(), at).alerts) == detect(days, rules())


@pytest.mark.parametrize("days_long", [1, 6, 9])
def test_going_on_remembers_a_run_of_many_days(days_long: int) -> None:
    """The run after it comes too soon, if it was one: a timer of nine days was left running."""
    runs = [*every(2, 60), Outing(60, distance_m=120_000.0 * days_long)]
    before = history([*runs], today=60 + days_long)
    now = history([*runs, Outing(60 + days_long)], today=60 + days_long)
    timer_s = np.where(now.runs.distance_m > 100_000.0, 86_400.0 * days_long, 3_000.0)
    now, before = (
        dataclasses.replace(days, runs=dataclasses.replace(days.runs, timer_s=timer_s[: len(days.runs)]))
        for days in (now, before)
    )
    going_on = list(look(now, rules(), look(before, rules())).alerts)

    assert going_on == detect(now, rules())
    assert ("no_rest" in {alert.kind for alert in going_on}) is (days_long < 9)


def test_other_rules_look_at_everything_again() -> None:
    days = history([*every(2, 100), Outing(100, distance_m=10_000.0)])
    strict = [dataclasses.replace(rule, notice_ratio=1.29) for rule in rules()[:1]]

    assert look(days, strict, look(days, rules()[:1])).alerts == ()


def test_a_reach_beyond_all_calendars_is_the_whole_history() -> None:
    endless = [dataclasses.replace(rule, window_days=10**9) for rule in rules()[:1]]
    days = history([*every(2, 100), Outing(100, distance_m=12_000.0)])

    assert look(days, endless, look(days.until(on(99)), endless)).alerts == tuple(detect(days, endless))


@dataclass(frozen=True, slots=True)
class Listening:
    """A rule that says nothing and notes what it was given to look at."""

    kind: ClassVar[str] = "listening"
    reach_days: int | None = 30
    given: list[TrainingDays] = field(default_factory=list, compare=False)

    def __call__(self, days: TrainingDays, before: Before = NOTHING) -> list[Alert]:  # noqa: ARG002
        self.given.append(days)
        return []


def test_a_new_run_costs_a_rule_no_more_than_its_reach() -> None:
    rule = Listening()
    before = look(history(every(2, 1_000)), [rule])
    look(history([*every(2, 1_000), Outing(1_000)]), [rule], before)

    assert [len(days) for days in rule.given] == [999, 32]


def test_nothing_new_is_no_look() -> None:
    rule = Listening()
    before = look(history(every(2, 100)), [rule])
    again = look(history(every(2, 100)), [rule], before)

    assert (again, len(rule.given)) == (before, 1)


@pytest.mark.parametrize(
    ("other", "day"),
    [
        ([*every(2, 60)], None),
        ([*every(2, 60), Outing(31)], 31),
        ([*every(2, 60)][:-1], 57),
        ([*every(2, 60), Outing(70)], 59),
        (
            [dataclasses.replace(run, cadence_spm=170.0 if run.day == 40 else 174.0) for run in every(2, 60)],
            40,
        ),
    ],
)
def test_the_first_change_is_the_first_day_that_differs(other: list[Outing], day: int | None) -> None:
    """Every second day from 0 to 58. Without the last run the table ends on day 56, and so day 57 differs."""
    assert first_change(history(every(2, 60)), history(other)) == (None if day is None else on(day))


def test_a_history_that_begins_earlier_changed_altogether() -> None:
    changed_since = first_change(history(every(2, 60)), history([Outing(-2), *every(2, 60)]))

    assert changed_since is not None
    assert changed_since < on(0) - timedelta(days=10_000)
