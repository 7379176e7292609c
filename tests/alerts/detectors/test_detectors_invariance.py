"""What must not matter to a rule: where the runner lives, runs held back, device numbers, days to come."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alert.alert import Alert
from alerts.detectors.registry import detect
from ingest.analysis.summary import ActivitySummary
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.build import build_training_days
from ingest.training_days.table import TrainingDays
from support import START, plain_summary
from training_days_builder import Outing, by_chance, history, on, rules

FEW = settings(max_examples=15, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)

TODAY = date(2026, 7, 30)


def told(found: list[Alert]) -> list[tuple[object, ...]]:
    """Findings without the numbers of the activities."""
    return [(f.kind, f.day, f.level, f.observed, f.expected, f.compared_day) for f in found]


def running(seed: int) -> list[Outing]:
    """Five months of running by chance."""
    return by_chance(seed, 150)


@FEW
@given(seed=SEEDS, day=st.integers(1, 148))
def test_a_copy_that_the_gate_holds_back_changes_no_finding(seed: int, day: int) -> None:
    """A doubled run looks just like a spike, a streak and a hard day.

    Made histories start every second run an hour later, so two are put in.
    """
    runs = running(seed)
    like = dataclasses.replace(
        runs[len(runs) // 2], day=day, distance_m=40_000.0, hard_min=90.0, descent_m=2_000.0, counts=False
    )
    ends = [dataclasses.replace(runs[0], day=0), dataclasses.replace(runs[0], day=149)]

    assert told(detect(history([*ends, *runs, like, like]), rules())) == told(
        detect(history([*ends, *runs]), rules())
    )


@FEW
@given(seed=SEEDS, shift=st.integers(2, 9))
def test_the_numbers_of_devices_and_grounds_do_not_matter(seed: int, shift: int) -> None:
    runs = running(seed)
    others = [dataclasses.replace(run, stratum=shift, hard_source=shift) for run in runs]

    assert told(detect(history(others), rules())) == told(detect(history(runs), rules()))


@FEW
@given(seed=SEEDS, day=st.integers(30, 120))
def test_after_a_new_device_nothing_is_said_of_what_it_measures_for_its_first_week(
    seed: int, day: int
) -> None:
    """Heart rate 40 higher, steps 12 fewer, balance 4 to the left: another watch, not another runner."""
    runs = running(seed)
    changed = [
        run
        if run.day < day
        else dataclasses.replace(
            run,
            stratum=2,
            hard_source=2,
            hard_min=run.hard_min + 40,
            cadence_spm=run.cadence_spm - 12,
            stance_balance_percent=run.stance_balance_percent + 4,
        )
        for run in runs
    ]
    days = history(changed)
    measured = {"cadence_shift", "balance_drift"}
    new = {f.kind for f in detect(days, rules()) if 0 <= (f.day - on(day)).days < 7}

    assert not new & measured


@FEW
@given(seed=SEEDS, extra=st.integers(0, 40))
def test_days_without_a_run_at_the_end_change_nothing_that_was_said(seed: int, extra: int) -> None:
    runs = running(seed)
    last = runs[-1].day

    assert told(detect(history(runs, today=last + extra), rules())) == told(detect(history(runs), rules()))


def summary(days: int, *, offset_s: int | None, distance_m: float) -> ActivitySummary:
    return plain_summary(START + timedelta(days=days), utc_offset_s=offset_s, distance_m=distance_m)


def stored(*, offset_s: int | None = 0) -> list[StoredActivity]:
    """Three runs a week for eighteen weeks at half past six, then one much too long."""
    days = [day for day in range(126) if day % 7 in {0, 2, 4}]
    made = [summary(day, offset_s=offset_s, distance_m=8_000.0) for day in days]
    made.append(summary(127, offset_s=offset_s, distance_m=14_000.0))
    return [StoredActivity(number, one) for number, one in enumerate(made)]


def laid_out(activities: list[StoredActivity], zone: str) -> TrainingDays:
    return build_training_days(activities, time_zone=ZoneInfo(zone), today=TODAY)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Honolulu", "Asia/Kolkata"])
def test_files_that_tell_their_own_time_do_not_care_where_the_runner_lives(zone: str) -> None:
    open_data_folder = detect(laid_out(stored(), "UTC"), rules())

    assert open_data_folder
    assert told(detect(laid_out(stored(), zone), rules())) == told(open_data_folder)


def test_moving_to_the_other_side_of_the_world_makes_no_finding() -> None:
    """From one Monday on the files tell twelve hours more: half past six in the evening."""
    runs = stored()[:-1]
    moved = [
        StoredActivity(a.id, dataclasses.replace(a.summary, utc_offset_s=12 * 3_600 if a.id > 27 else 0))
        for a in runs
    ]

    assert detect(laid_out(moved, "UTC"), rules()) == []
