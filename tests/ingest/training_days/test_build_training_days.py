"""Activities become days: each run once, on its own local day, judged by what was known then."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.testing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daily_runs import HOME, MONDAY, TODAY, by_heart, days, minutes, run
from ingest.analysis.intensity import HEART_RATE_BINS, SPEED_BINS, IntensityHistograms
from ingest.analysis.summary import ActivitySummary
from ingest.formats.recording import Flag
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.build import build_training_days
from ingest.training_days.table import BASIS_HEART_RATE, BASIS_NONE, BASIS_SPEED, Runs, TrainingDays
from support import plain_summary


def by_speed(*, fast_min: int = 10, critical_mps: float = 4.0) -> IntensityHistograms:
    """Half an hour at 3.00 m/s, some minutes at 4.00, with best efforts of the given critical speed."""
    seconds = np.zeros(SPEED_BINS, np.int32)
    seconds[60], seconds[80] = 1_800, 60 * fast_min
    still = np.zeros(HEART_RATE_BINS, np.int32)
    return IntensityHistograms(still, still, seconds, critical_mps * np.array([180.0, 360, 720, 1_200]) + 150)


def table(*summaries: ActivitySummary, today: date = TODAY, hard_bpm: float | None = None) -> TrainingDays:
    stored = [StoredActivity(number, summary) for number, summary in enumerate(summaries, start=1)]
    return build_training_days(stored, time_zone=HOME, today=today, hard_heart_rate_bpm=hard_bpm)


def assert_same(one: TrainingDays | Runs, other: TrainingDays | Runs) -> None:
    for field in dataclasses.fields(one):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, Runs):
            assert_same(mine, theirs)
        else:
            npt.assert_array_equal(mine, theirs, err_msg=field.name)


def test_without_activities_the_table_is_empty() -> None:
    empty = table()

    assert (len(empty), len(empty.runs), empty.today) == (0, 0, None)


def test_days_run_without_a_gap_from_the_first_activity_to_today() -> None:
    made = table(run(days(3)), run(days(0)), today=date(2026, 3, 9))

    npt.assert_array_equal(made.day, np.arange("2026-03-02", "2026-03-10", dtype="datetime64[D]"))
    npt.assert_array_equal(made.run_m, [8_000, 0, 0, 8_000, 0, 0, 0, 0])
    npt.assert_array_equal(made.run_count, [1, 0, 0, 1, 0, 0, 0, 0])


def test_another_sport_opens_the_table_too() -> None:
    made = table(run(days(1)), run(sport="cycling", timer_s=5_400.0), today=date(2026, 3, 3))

    npt.assert_array_equal(made.cross_min, [90, 0])
    npt.assert_array_equal(made.run_m, [0, 8_000])


@pytest.mark.parametrize("sport", ["walking", "hiking", "swimming"])
def test_only_running_is_running(sport: str) -> None:
    made = table(run(sport=sport), today=date(2026, 3, 2))

    assert (made.run_m.sum(), made.run_count.sum(), made.cross_min.sum(), len(made.runs)) == (0, 0, 50, 0)


def test_what_comes_after_today_is_not_known_yet() -> None:
    made = table(run(), run(days(5)), today=date(2026, 3, 6))

    assert (len(made), len(made.runs)) == (5, 1)


def test_only_the_future_makes_an_empty_table() -> None:
    assert len(table(run(days(5)), today=date(2026, 3, 6))) == 0


def test_a_run_that_the_clock_put_elsewhere_belongs_to_no_day() -> None:
    lost = run(-days(9_999), flags=(Flag("clock"),), counts_distance=False)

    assert table(lost, run()).day[0] == np.datetime64("2026-03-02")


@pytest.mark.parametrize(
    ("started_at", "offset_s", "day"),
    [
        (datetime(2026, 3, 2, 22, 59, tzinfo=UTC), None, "2026-03-02"),
        (datetime(2026, 3, 2, 23, 0, tzinfo=UTC), None, "2026-03-03"),
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), None, "2026-03-28"),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), None, "2026-03-29"),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), None, "2026-03-30"),
        (datetime(2026, 3, 2, 20, 0, tzinfo=UTC), 9 * 3_600, "2026-03-03"),
        (datetime(2026, 3, 2, 4, 0, tzinfo=UTC), -5 * 3_600, "2026-03-01"),
        (datetime(2026, 3, 2, 23, 30, tzinfo=UTC), 0, "2026-03-02"),
    ],
    ids=[
        "before midnight at home",
        "after midnight at home",
        "winter time",
        "summer time, before midnight",
        "summer time, after midnight",
        "a morning in Japan",
        "an evening in New York",
        "midnight past at home, not in London",
    ],
)
def test_a_run_belongs_to_the_local_day_of_its_start(
    started_at: datetime, offset_s: int | None, day: str
) -> None:
    made = table(plain_summary(started_at, utc_offset_s=offset_s))

    npt.assert_array_equal(made.runs.day, [np.datetime64(day)])


def test_distance_that_does_not_count_adds_no_mileage_but_no_rest_either() -> None:
    made = table(run(counts_distance=False), today=date(2026, 3, 2))

    assert (made.run_m[0], made.run_count[0], len(made.runs)) == (0, 1, 1)


def test_a_run_that_counts_for_nothing_is_kept_and_leaves_a_rest_day() -> None:
    ride = run(counts_distance=False, counts_intensity=False, counts_cadence=False, intensity=by_heart())
    made = table(ride, today=date(2026, 3, 2), hard_bpm=160)

    assert (made.run_m[0], made.run_count[0], made.hard_min[0], len(made.runs)) == (0, 0, 0, 1)


def test_a_run_without_distance_has_an_unknown_one() -> None:
    made = table(run(distance_m=None, counts_distance=False))

    assert np.isnan(made.runs.distance_m[0])


def test_runs_less_than_half_an_hour_apart_are_one() -> None:
    made = table(run(), run(minutes(79), distance_m=2_000.0, timer_s=600.0), hard_bpm=160)

    npt.assert_array_equal(made.runs.distance_m, [10_000])
    npt.assert_array_equal(made.runs.timer_s, [3_600])
    npt.assert_array_equal(made.runs.activity_id, [1])


def test_runs_half_an_hour_apart_are_two() -> None:
    assert len(table(run(), run(minutes(80))).runs) == 2


def test_pauses_belong_to_an_outing() -> None:
    paused = run(elapsed_s=3_000.0 + 1_200.0)

    assert len(table(paused, run(minutes(99))).runs) == 1


def test_a_watch_forgotten_until_evening_joins_nothing() -> None:
    forgotten = run(elapsed_s=12 * 3_600.0)

    assert len(table(forgotten, run(timedelta(hours=11))).runs) == 2


def test_an_outing_ends_at_midnight() -> None:
    late = datetime(2026, 3, 2, 22, 0, tzinfo=UTC) - MONDAY

    assert len(table(run(late), run(late + minutes(65))).runs) == 2


def test_an_outing_has_the_cadence_of_its_longest_steady_part() -> None:
    warm_up = run(steady_cadence_spm=164.0, steady_speed_mps=2.2, steady_windows=12, sub_sport="track")
    made = table(warm_up, run(minutes(60)), run(days(1)))

    npt.assert_array_equal(made.runs.steady_cadence_spm, [172, 172])
    npt.assert_array_equal(made.runs.steady_windows, [90, 90])
    assert made.runs.stratum[0] == made.runs.stratum[1]


def test_an_outing_counts_for_what_all_its_parts_count_for() -> None:
    made = table(run(counts_cadence=False), run(minutes(60), counts_distance=False))

    counts = (made.runs.counts_distance, made.runs.counts_intensity, made.runs.counts_cadence)
    assert [bool(mark[0]) for mark in counts] == [False, True, False]


def test_hard_minutes_of_an_outing_add_up() -> None:
    made = table(run(intensity=by_heart()), run(minutes(60), intensity=by_heart(hard_min=5)), hard_bpm=160)

    npt.assert_array_equal(made.runs.hard_min, [15])


def test_an_outing_does_not_mix_minutes_by_heart_with_minutes_by_speed() -> None:
    history = [run(days(day), intensity=by_speed()) for day in (-20, -15, -10, -5, -4)]
    made = table(
        *history,
        run(intensity=by_heart()),
        run(minutes(60), timer_s=600.0, intensity=by_speed()),
        hard_bpm=160,
    )

    assert (made.runs.hard_min[-1], made.runs.hard_basis[-1]) == (10, BASIS_HEART_RATE)


def test_the_runners_own_threshold_goes_first() -> None:
    made = table(run(intensity=by_heart(), threshold_heart_rate_bpm=190.0), hard_bpm=160)

    assert (made.runs.hard_min[0], made.runs.hard_basis[0]) == (10, BASIS_HEART_RATE)


def test_the_files_threshold_goes_before_the_history() -> None:
    assert table(run(intensity=by_heart(), threshold_heart_rate_bpm=180.0)).runs.hard_min[0] == 10


def test_a_threshold_that_is_none_is_ignored() -> None:
    assert np.isnan(table(run(intensity=by_heart(), threshold_heart_rate_bpm=1.0)).runs.hard_min[0])


def test_hard_is_unknown_until_five_runs_lie_two_weeks_apart() -> None:
    made = table(*(run(days(day), intensity=by_heart()) for day in (0, 2, 4, 6, 8, 13, 14)))

    npt.assert_array_equal(made.runs.hard_min, 6 * [np.nan] + [10])
    npt.assert_array_equal(made.runs.hard_basis, 6 * [BASIS_NONE] + [BASIS_HEART_RATE])


def test_four_runs_are_too_few() -> None:
    made = table(*(run(days(day), intensity=by_heart()) for day in (0, 7, 14, 21)))

    assert np.isnan(made.runs.hard_min).all()


def test_hard_is_088_of_the_highest_of_half_a_year() -> None:
    """Of 180 it is 158.4, of 150 it is 132: easy turns hard as the old highest is forgotten."""
    fit = run(intensity=by_heart(hard_bpm=180))
    after = [run(days(day), intensity=by_heart(hard_bpm=150)) for day in (160, 165, 170, 175, 179, 180)]

    npt.assert_array_equal(table(fit, *after, today=date(2026, 12, 31)).runs.hard_min[-2:], [0, 50])


def test_doubtful_heart_rates_set_no_threshold() -> None:
    doubtful = [run(days(d), intensity=by_heart(), counts_intensity=False) for d in (0, 5, 10, 15)]

    assert np.isnan(table(*doubtful, run(days(20), intensity=by_heart())).runs.hard_min[-1])


def test_without_heart_rate_speed_decides() -> None:
    made = table(*(run(days(day), intensity=by_speed()) for day in (0, 5, 10, 14, 15)))

    npt.assert_array_equal(made.runs.hard_min, 4 * [np.nan] + [10])
    npt.assert_array_equal(made.runs.hard_basis, 4 * [BASIS_NONE] + [BASIS_SPEED])


def test_fast_is_095_of_the_critical_speed_of_three_months() -> None:
    """Of 4.3 m/s it is 4.085, so that 4 m/s are easy until the old best is forgotten."""
    best = run(intensity=by_speed(critical_mps=4.3))
    after = [run(days(day), intensity=by_speed()) for day in (60, 65, 70, 75, 89, 90)]

    npt.assert_array_equal(table(best, *after).runs.hard_min[-2:], [0, 10])


def test_a_run_of_which_nothing_is_known_has_unknown_hard_minutes() -> None:
    made = table(run(), today=date(2026, 3, 2))

    assert np.isnan(made.runs.hard_min[0])
    assert np.isnan(made.hard_min[0])


def test_a_day_of_known_and_unknown_runs_has_the_known_minutes() -> None:
    made = table(run(), run(timedelta(hours=6), intensity=by_heart()), today=date(2026, 3, 2), hard_bpm=160)

    assert made.hard_min[0] == 10


def test_minutes_that_are_not_trusted_leave_the_day_unknown() -> None:
    made = table(run(intensity=by_heart(), counts_intensity=False), today=date(2026, 3, 2), hard_bpm=160)

    assert np.isnan(made.hard_min[0])


def test_minutes_of_one_device_and_basis_share_a_source() -> None:
    other = {"device": "coros", "intensity": by_heart()}
    made = table(
        run(intensity=by_heart()), run(days(1), **other), run(days(2), intensity=by_heart()), hard_bpm=160
    )

    npt.assert_array_equal(made.runs.hard_source, [0, 1, 0])


def test_each_ground_and_device_is_a_stratum_of_its_own() -> None:
    kinds = [{}, {"sub_sport": "street"}, {"sub_sport": "treadmill"}, {"sub_sport": "trail"}, {"device": "b"}]
    made = table(*(run(days(day), **kind) for day, kind in enumerate(kinds)))

    npt.assert_array_equal(made.runs.stratum, [0, 0, 1, 2, 3])


HISTOGRAMS = st.sampled_from(
    [None, by_heart(), by_heart(hard_bpm=165, hard_min=3), by_speed(), by_speed(critical_mps=3.6)]
)


@st.composite
def activities(draw: st.DrawFn) -> list[StoredActivity]:
    """Up to twenty-five activities within forty days, by daylight, so that none is on two days."""
    count = draw(st.integers(0, 25))
    summaries = [
        run(
            days(draw(st.integers(0, 39))) + minutes(draw(st.integers(0, 600))),
            sport=draw(st.sampled_from(["running", "running", "running", "cycling"])),
            distance_m=draw(st.sampled_from([None, 5_000.0, 8_000.0, 8_100.0, 12_000.0])),
            timer_s=draw(st.sampled_from([600.0, 1_800.0, 3_000.0])),
            device=draw(st.sampled_from(["a", "b"])),
            intensity=draw(HISTOGRAMS),
            records=draw(st.integers(1, 5)),
            counts_intensity=draw(st.sampled_from([True, True, False])),
        )
        for _ in range(count)
    ]
    return [StoredActivity(number, summary) for number, summary in enumerate(summaries)]


def lay_out(stored: Sequence[StoredActivity], today: date) -> TrainingDays:
    return build_training_days(stored, time_zone=HOME, today=today)


@settings(max_examples=40, deadline=None)
@given(stored=activities(), known_days=st.integers(0, 40))
def test_a_later_day_never_changes_an_earlier_row(stored: list[StoredActivity], known_days: int) -> None:
    then = MONDAY.date() + timedelta(days=known_days)

    assert_same(lay_out(stored, then), lay_out(stored, TODAY).until(then))


@settings(max_examples=25, deadline=None)
@given(stored=activities(), luck=st.randoms(use_true_random=False))
def test_the_order_of_the_input_is_irrelevant(stored: list[StoredActivity], luck: random.Random) -> None:
    shuffled = luck.sample(stored, len(stored))

    assert_same(lay_out(shuffled, TODAY), lay_out(stored, TODAY))


@settings(max_examples=40, deadline=None)
@given(gaps_min=st.lists(st.integers(51, 200), max_size=20), distances=st.randoms(use_true_random=False))
def test_joining_outings_conserves_distance(gaps_min: list[int], distances: random.Random) -> None:
    starts = np.cumsum(gaps_min)
    made = table(*(run(minutes(int(start)), distance_m=distances.uniform(500, 9_000)) for start in starts))
    distances_m = [float(total) for total in made.runs.distance_m]

    assert sum(distances_m) == pytest.approx(made.run_m.sum())
    assert made.runs.timer_s.sum() == 3_000 * len(gaps_min)


@settings(max_examples=25, deadline=None)
@given(stored=activities())
def test_days_add_up_to_their_runs(stored: list[StoredActivity]) -> None:
    made = lay_out(stored, TODAY)
    counts = made.runs.counts_distance & np.isfinite(made.runs.distance_m)

    assert made.run_m.sum() == pytest.approx(made.runs.distance_m[counts].sum())
    assert made.run_count.sum() == len(made.runs)
    assert len(made) == 0 or made.today == TODAY
