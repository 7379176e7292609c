"""Shoes: which pair a run was run in, how far it went, and a change of pair beside a shift of cadence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.care.plan.shoes import ShodRun, assign, change_before, shoe_mileages
from alerts.journal.entries import Shoe

DAY = date(2024, 3, 1)
OLD = Shoe("Red", DAY, before_m=100_000.0, id=1)
NEW = Shoe("Blue", DAY + timedelta(days=20), note_at_m=30_000.0, id=2)
TRAIL = Shoe("Mud", DAY, default_for="trail", id=3)


def runs(*days: int, ground: str = "running") -> list[ShodRun]:
    return [ShodRun(100 + day, DAY + timedelta(days=day), 10_000.0, ground) for day in days]


def worn(given: list[ShodRun], shoes: list[Shoe], chosen: dict[int, int] | None = None) -> list[str | None]:
    assigned = assign(given, shoes, chosen or {})
    return [assigned[run.activity_id].name if run.activity_id in assigned else None for run in given]


def test_the_first_run_takes_the_newest_pair_in_use() -> None:
    assert worn(runs(0, 21), [OLD]) == ["Red", "Red"]


def test_a_run_before_any_pair_has_none() -> None:
    assert worn(runs(0), [NEW]) == [None]


def test_the_pair_of_the_run_before_is_kept() -> None:
    assert worn(runs(18, 19, 21), [OLD, NEW]) == ["Red", "Red", "Red"]


def test_a_choice_stands_and_is_followed() -> None:
    assert worn(runs(19, 21, 23), [OLD, NEW], {121: 2}) == ["Red", "Blue", "Blue"]


def test_a_retired_pair_is_not_worn_on() -> None:
    retired = Shoe("Red", DAY, retired_on=DAY + timedelta(days=20), id=1)

    assert worn(runs(19, 21), [retired, NEW]) == ["Red", "Blue"]


def test_a_default_for_its_ground_goes_before_the_last_pair() -> None:
    mixed = [*runs(0), *runs(1, ground="trail"), *runs(2)]

    assert worn(mixed, [Shoe("Red", DAY, default_for="running", id=1), TRAIL]) == ["Red", "Mud", "Red"]


def test_a_choice_of_a_pair_that_is_gone_is_left_to_the_rule() -> None:
    assert worn(runs(0), [OLD], {100: 99}) == ["Red"]


def test_distance_counts_what_was_run_before() -> None:
    given = runs(0, 2)
    training_status = shoe_mileages(given, [OLD], assign(given, [OLD], {}))[0]

    assert (training_status.distance_m, training_status.runs, training_status.note) == (120_000.0, 2, "")


@pytest.mark.parametrize(("count", "has_note"), [(2, False), (3, True)])
def test_the_note_comes_at_the_chosen_distance(count: int, *, has_note: bool) -> None:
    given = runs(*range(20, 20 + count))
    training_status = shoe_mileages(given, [NEW], assign(given, [NEW], {}))[0]

    assert bool(training_status.note) is has_note


def test_pairs_in_use_come_before_retired_ones() -> None:
    retired = Shoe("Red", DAY, retired_on=DAY, id=1)
    names = [one.shoe.name for one in shoe_mileages([], [retired, NEW], {})]

    assert names == ["Blue", "Red"]


def test_a_new_pair_is_offered_beside_a_shift() -> None:
    given = runs(10, 20, 22, 24)
    assigned = assign(given, [OLD, NEW], {122: 2})
    change = change_before(DAY + timedelta(days=25), given, assigned)

    assert change is not None
    assert (change.day, change.before.name, change.after.name) == (DAY + timedelta(days=22), "Red", "Blue")
    assert "shifts cadence too" in change.sentence


def test_a_change_of_long_ago_is_not_offered() -> None:
    given = runs(10, 22, 24, 60)
    assigned = assign(given, [OLD, NEW], {122: 2})

    assert change_before(DAY + timedelta(days=60), given, assigned) is None


def test_taking_turns_is_no_change() -> None:
    given = runs(20, 21, 22, 23, 24)
    turns = {120: 2, 121: 1, 122: 2, 123: 1, 124: 2}

    assert change_before(DAY + timedelta(days=25), given, assign(given, [OLD, NEW], turns)) is None


@given(
    st.lists(st.integers(0, 60), max_size=20).map(sorted),
    st.dictionaries(st.integers(100, 160), st.integers(1, 4), max_size=5),
)
def test_all_distances_together_are_those_of_the_runs(days: list[int], chosen: dict[int, int]) -> None:
    given_runs = runs(*dict.fromkeys(days))
    shoes = [OLD, NEW, TRAIL]
    mileages = shoe_mileages(given_runs, shoes, assign(given_runs, shoes, chosen))

    ran_m = sum(one.distance_m - one.shoe.before_m for one in mileages)
    assert ran_m == sum(run.distance_m for run in given_runs)
