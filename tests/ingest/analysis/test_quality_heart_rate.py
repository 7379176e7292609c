"""Gaps in heart rate, a pulse that stands still, steps taken for the pulse."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.analysis.summary import summarise
from odd_runs import HOUR_S, PULSE_BPM, SECOND, moving, words
from support import recording_of_run

PACE_MPS = 2.8 + 0.4 * np.sin(SECOND / 120)
"""A pace that changes by 0.8 m/s."""


@pytest.mark.parametrize(("missing_s", "found"), [(1_000, []), (1_200, ["heart_rate_dropouts"])])
def test_heart_rate_that_is_missing_for_long_is_named(missing_s: int, found: list[str]) -> None:
    assert words(recording_of_run(heart_rate_bpm=np.where(missing_s > SECOND, np.nan, PULSE_BPM))) == found


def test_zeros_are_missing_too() -> None:
    rate = np.where(SECOND < 1_200, 0.0, PULSE_BPM)

    assert words(recording_of_run(heart_rate_bpm=rate)) == ["heart_rate_dropouts"]


def test_a_run_without_heart_rate_has_no_dropouts() -> None:
    assert words(recording_of_run(heart_rate_bpm=None)) == []


def test_ten_minutes_on_one_beat_while_the_pace_changes_are_found() -> None:
    stuck = np.where((SECOND >= 600) & (SECOND <= 1_300), 141.0, PULSE_BPM)

    assert words(moving(PACE_MPS, 170.0, heart_rate_bpm=stuck)) == ["heart_rate_flat"]


def test_nine_minutes_on_one_beat_are_let_pass() -> None:
    stuck = np.where((SECOND >= 600) & (SECOND <= 1_140), 141.0, PULSE_BPM)

    assert words(moving(PACE_MPS, 170.0, heart_rate_bpm=stuck)) == []


def test_at_an_even_pace_a_pulse_may_stay() -> None:
    assert words(recording_of_run(heart_rate_bpm=140.0)) == []


def test_a_heart_rate_that_is_the_cadence_is_found() -> None:
    locked = np.where(
        (SECOND >= 600) & (SECOND < 1_500), 171.0 + np.where(SECOND % 7 == 0, 1.0, 0.0), PULSE_BPM
    )

    assert words(recording_of_run(heart_rate_bpm=locked, cadence_spm=171.0)) == ["cadence_lock"]


def test_a_few_minutes_at_the_cadence_are_let_pass() -> None:
    met = np.where((SECOND >= 600) & (SECOND < 1_100), 171.0, PULSE_BPM)

    assert words(recording_of_run(heart_rate_bpm=met, cadence_spm=171.0)) == []


def test_a_heart_rate_that_changes_with_the_cadence_is_found() -> None:
    """Locked from the first second to the last, so that nothing tells the runner's own pulse."""
    steps = np.where(SECOND % 600 < 300, 164.0, 178.0)

    assert words(recording_of_run(heart_rate_bpm=steps, cadence_spm=steps)) == ["cadence_lock"]


def test_a_steady_race_at_a_pulse_that_is_its_cadence_counts() -> None:
    pulse = np.round(173 + 1.5 * np.sin(SECOND / 40))
    steps = 174 + np.sin(SECOND / 25)
    summary = summarise(recording_of_run(distance_m=15_000.0, heart_rate_bpm=pulse, cadence_spm=steps))

    assert [flag.code for flag in summary.flags] == ["heart_rate_like_cadence"]
    assert summary.counts_intensity
    assert summary.intensity is not None
    assert summary.intensity.median_heart_rate_s.sum() > 3_000


def test_strides_leave_a_steady_pulse_where_it_is() -> None:
    """Six of twenty seconds, within twelve minutes on one beat."""
    strides = np.where((SECOND >= 900) & (SECOND < 1_500) & (SECOND % 100 < 20), 5.0, 2.7)
    steady = np.where((SECOND >= 600) & (SECOND <= 1_320), 138.0, PULSE_BPM)

    assert words(moving(strides, 170.0, heart_rate_bpm=steady)) == []


def test_a_walks_heart_rate_is_not_judged() -> None:
    assert (
        words(recording_of_run(sport="walking", heart_rate_bpm=np.where(SECOND < HOUR_S, np.nan, 90))) == []
    )
