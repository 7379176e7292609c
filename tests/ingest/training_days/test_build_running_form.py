"""What the table of runs says of form: thresholds of the day, pieces of outings, what is unknown."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import numpy as np
import pytest

from daily_runs import HOME, TODAY, by_heart, minutes, run
from ingest.analysis.summary import ActivitySummary
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.build import build_training_days
from ingest.training_days.table import TrainingDays


def table(*summaries: ActivitySummary, setting_bpm: float | None = 160.0) -> TrainingDays:
    stored = [StoredActivity(number, summary) for number, summary in enumerate(summaries)]
    return build_training_days(stored, time_zone=HOME, today=TODAY, hard_heart_rate_bpm=setting_bpm)


@pytest.mark.parametrize(("opening_bpm", "begins_hard"), [(159.0, 0.0), (160.0, 1.0), (175.0, 1.0)])
def test_a_beginning_is_hard_from_the_threshold_on(opening_bpm: float, begins_hard: float) -> None:
    runs = table(run(intensity=by_heart(), opening_bpm=opening_bpm, closing_bpm=120.0)).runs

    assert (runs.begins_hard.tolist(), runs.ends_hard.tolist()) == ([begins_hard], [0.0])


def test_without_a_threshold_nobody_knows_whether_it_was_hard() -> None:
    runs = table(run(intensity=by_heart(), opening_bpm=175.0), setting_bpm=None).runs

    assert np.isnan(runs.begins_hard).all()


def test_speed_says_nothing_where_heart_rate_judges() -> None:
    runs = table(run(intensity=by_heart(), opening_bpm=None, opening_mps=9.0)).runs

    assert np.isnan(runs.begins_hard).all()


def test_an_outing_begins_with_its_first_piece_and_ends_with_its_last() -> None:
    first = run(intensity=by_heart(), opening_bpm=120.0, closing_bpm=170.0, descent_m=100.0, timer_s=600.0)
    last = run(
        minutes(20), intensity=by_heart(), opening_bpm=170.0, closing_bpm=165.0, descent_m=50.0, timer_s=600.0
    )
    runs = table(first, last).runs

    assert (runs.begins_hard.tolist(), runs.ends_hard.tolist(), runs.descent_m.tolist()) == (
        [0.0],
        [1.0],
        [150.0],
    )


def test_steps_and_balance_are_those_of_the_piece_with_most_of_them() -> None:
    short = run(steady_windows=9, cadence_fade_percent=-9.0, stance_balance_percent=55.0, timer_s=600.0)
    long = run(
        minutes(20), steady_windows=80, cadence_fade_percent=-1.0, stance_balance_percent=50.5, timer_s=600.0
    )
    runs = table(short, long).runs

    assert (runs.cadence_fade_percent.tolist(), runs.stance_balance_percent.tolist()) == ([-1.0], [50.5])


def test_zones_follow_from_the_threshold() -> None:
    """160 is 88 % of the highest, 181.8: 40 minutes at 140 are zone 3 (77 %), 10 at 180 zone 5 (99 %)."""
    runs = table(run(intensity=by_heart(easy_min=40, hard_min=10, hard_bpm=180))).runs

    assert runs.edwards_au.tolist() == [pytest.approx(40 * 3 + 10 * 5)]
    assert (runs.banister_au > 0).all()


def test_a_run_without_samples_has_no_form() -> None:
    runs = table(run()).runs

    for name in ("begins_hard", "ends_hard", "ascent_m", "stance_time_ms", "edwards_au"):
        assert np.isnan(getattr(runs, name)).all(), name


def test_a_later_run_changes_no_beginning_before_it() -> None:
    early = [run(timedelta(days=d), intensity=by_heart(), opening_bpm=150.0) for d in range(0, 40, 2)]
    late = run(timedelta(days=60), intensity=by_heart(hard_bpm=199), opening_bpm=190.0)
    before, after = table(*early, setting_bpm=None).runs, table(*early, late, setting_bpm=None).runs

    np.testing.assert_array_equal(after.begins_hard[:-1], before.begins_hard)


def test_columns_of_different_lengths_are_refused() -> None:
    runs = table(run()).runs

    with pytest.raises(ValueError, match="distance_m"):
        dataclasses.replace(runs, distance_m=runs.distance_m[:0])
