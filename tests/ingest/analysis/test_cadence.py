"""Only half-minutes that can be compared say anything of cadence."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.analysis.cadence import SteadyRunning, steady_windows, steps_per_minute
from ingest.analysis.resample import Seconds
from ingest.formats.recording import Samples
from ingest.formats.sport_names import counts_steps
from support import Numbers, column_of

HOUR_S = 3_600


def run_of(
    n: int = HOUR_S,
    *,
    advance_m: Numbers = 3.0,
    cadence_spm: Numbers = 172.0,
    altitude_m: Numbers = 20.0,
    is_covered: Numbers = 1.0,
) -> Seconds:
    covered = column_of(is_covered, n) > 0
    columns = (column_of(values, n) for values in (advance_m, altitude_m, None, cadence_spm))
    return Seconds(covered, *(np.where(covered, column, np.nan) for column in columns))


def halves(n: int, low: float, high: float) -> Numbers:
    return np.where(np.arange(n) % 2 == 0, low, high)


def test_an_even_hour_is_steady_from_the_sixth_minute_on() -> None:
    assert steady_windows(run_of()).medians == SteadyRunning(3.0, 172.0, 110)


def test_the_first_five_minutes_do_not_matter() -> None:
    cadence = np.where(np.arange(HOUR_S) < 300, 150.0, 172.0)

    assert steady_windows(run_of(cadence_spm=cadence)).medians == SteadyRunning(3.0, 172.0, 110)


def test_the_medians_ignore_a_few_fast_minutes() -> None:
    is_fast = np.arange(HOUR_S) >= 3_000
    run = run_of(advance_m=np.where(is_fast, 5.0, 3.0), cadence_spm=np.where(is_fast, 188.0, 172.0))

    assert steady_windows(run).medians == SteadyRunning(3.0, 172.0, 110)


@pytest.mark.parametrize(
    "odd",
    [
        {"advance_m": 1.75},
        {"advance_m": 6.05},
        {"cadence_spm": 139.0},
        {"cadence_spm": 216.0},
        {"cadence_spm": halves(HOUR_S, 167.0, 177.0)},
        {"cadence_spm": np.where(np.arange(HOUR_S) % 30 < 7, 0.0, 172.0)},
        {"cadence_spm": None},
        {"advance_m": None},
        {"altitude_m": 0.05 * 3.0 * np.arange(HOUR_S)},
        {"altitude_m": -0.05 * 3.0 * np.arange(HOUR_S)},
        {"is_covered": np.where(np.arange(HOUR_S) % 30 < 21, 1.0, 0.0)},
    ],
    ids=[
        "walking pace",
        "sprint",
        "walking",
        "too quick",
        "restless",
        "a quarter standing",
        "no cadence",
        "no distance",
        "uphill",
        "downhill",
        "21 seconds of 30",
    ],
)
def test_what_cannot_be_compared_is_not_steady(odd: dict[str, Numbers]) -> None:
    assert steady_windows(run_of(**odd)).medians == SteadyRunning(None, None, 0)


@pytest.mark.parametrize(
    "fine",
    [
        {"cadence_spm": halves(HOUR_S, 168.5, 175.5)},
        {"cadence_spm": np.where(np.arange(HOUR_S) % 30 < 6, 0.0, 172.0)},
        {"altitude_m": 0.03 * 3.0 * np.arange(HOUR_S)},
        {"altitude_m": None},
        {"is_covered": np.where(np.arange(HOUR_S) % 30 < 22, 1.0, 0.0)},
    ],
    ids=["lively", "a fifth standing", "gentle hill", "no altitude", "22 seconds of 30"],
)
def test_what_can_be_compared_is_steady(fine: dict[str, Numbers]) -> None:
    steady = steady_windows(run_of(**fine)).medians

    assert (steady.speed_mps, steady.cadence_spm, steady.windows) == (3.0, 172.0, 110)


@pytest.mark.parametrize(("n", "cadence_spm"), [(300 + 7 * 30, None), (300 + 8 * 30, 172.0)])
def test_a_run_needs_eight_steady_half_minutes(n: int, cadence_spm: float | None) -> None:
    assert steady_windows(run_of(n)).medians.cadence_spm == cadence_spm


def test_too_few_steady_half_minutes_are_still_counted() -> None:
    assert steady_windows(run_of(300 + 7 * 30)).medians == SteadyRunning(None, None, 7)


@pytest.mark.parametrize("n", [0, 1, 299, 300])
def test_a_run_without_a_sixth_minute_has_no_steady_one(n: int) -> None:
    assert steady_windows(run_of(n)).medians == SteadyRunning()


def samples_at(cadence_rpm: Numbers) -> Samples:
    return Samples.of(10, cadence_rpm=column_of(cadence_rpm, 10))


def test_the_format_counts_one_leg() -> None:
    assert steps_per_minute(samples_at(86.5), "running").tolist() == 10 * [173.0]


def test_a_file_that_counts_steps_is_not_doubled() -> None:
    assert steps_per_minute(samples_at(173.0), "running").tolist() == 10 * [173.0]


def test_standing_still_does_not_hide_that_steps_are_counted() -> None:
    assert counts_steps(np.array([0.0, 0.0, 0.0, 0.0, np.nan, 172.0, 174.0]))


def test_a_walk_counts_one_leg_too() -> None:
    assert steps_per_minute(samples_at(56.0), "walking").tolist() == 10 * [112.0]


def test_pedals_make_no_steps() -> None:
    assert np.isnan(steps_per_minute(samples_at(90.0), "cycling")).all()
