"""What the watch records of the made-up runner: consistent in itself, and like a person."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from config.demo import outings
from config.demo.body import record
from config.demo.course import LAP_M, grade_at, position_at
from config.demo.outings import PlannedSession, PlannedSteps, Step
from config.demo.plan import FIRST_WATCH, SECOND_WATCH
from ingest.analysis.summary import summarise
from ingest.formats.recording import Recording

BERLIN = ZoneInfo("Europe/Berlin")
TEN_SEEDS = tuple((0, 0, number) for number in range(10))


def session_of(steps: PlannedSteps, **changes: object) -> PlannedSession:
    plain = PlannedSession(
        date(2026, 5, 12), time(18, 5, 30), "easy", "running", steps, SECOND_WATCH, chance=(0, 0, 0)
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def recorded(steps: PlannedSteps, **changes: object) -> Recording:
    return record(session_of(steps, **changes), BERLIN)


def settled_bpm(steps: PlannedSteps, **changes: object) -> np.ndarray:
    return recorded(steps, **changes).samples.heart_rate_bpm[600:]


def test_the_same_outing_is_recorded_to_the_same_bit() -> None:
    one, other = recorded(outings.easy(5_000)), recorded(outings.easy(5_000))

    assert all(map(np.array_equal, one.samples.columns(), other.samples.columns()))


def test_another_chance_makes_another_recording() -> None:
    one, other = (recorded(outings.easy(5_000), chance=chance) for chance in TEN_SEEDS[:2])

    assert not np.array_equal(one.samples.heart_rate_bpm[:600], other.samples.heart_rate_bpm[:600])


@pytest.mark.parametrize(
    "steps", [outings.easy(8_000), outings.repeats(5, 3.0), outings.race(), outings.with_strides(6_000)]
)
def test_a_run_is_as_far_as_planned(steps: PlannedSteps) -> None:
    session = recorded(steps).sessions[0]

    assert session.distance_m == pytest.approx(outings.length_m(steps))


def test_facts_of_the_session_are_those_of_its_samples() -> None:
    recording = recorded(outings.steady(12_000))
    session, samples = recording.sessions[0], recording.samples

    assert session.distance_m == samples.distance_m[-1]
    assert session.elapsed_s == samples.timestamp_s[-1] - samples.timestamp_s[0]
    assert session.max_heart_rate_bpm == samples.heart_rate_bpm.max()
    assert session.avg_cadence_rpm == pytest.approx(samples.cadence_rpm.mean())


def test_distance_is_the_sum_of_speed() -> None:
    samples = recorded(outings.steady(12_000)).samples

    assert samples.speed_mps.sum() == pytest.approx(samples.distance_m[-1], rel=0.005)


def test_positions_move_as_fast_as_the_runner() -> None:
    samples = recorded(outings.steady(12_000)).samples
    north_m = 111_195 * np.diff(samples.latitude_deg[::30])
    east_m = 111_195 * np.diff(samples.longitude_deg[::30]) * np.cos(np.radians(samples.latitude_deg[0]))

    assert np.hypot(north_m, east_m).sum() == pytest.approx(samples.distance_m[-1], rel=0.03)


def test_the_quality_gate_has_nothing_to_say() -> None:
    recordings = [recorded(outings.steady(12_000), chance=chance) for chance in TEN_SEEDS]

    assert not any(summarise(recording).flags for recording in recordings)


def test_a_red_light_is_no_time_in_motion() -> None:
    recordings = [recorded(outings.easy(8_000), chance=chance) for chance in TEN_SEEDS]
    waits_s = [(r.sessions[0].elapsed_s or 0) - (r.sessions[0].timer_s or 0) for r in recordings]

    assert min(waits_s) == 0
    assert 20 <= max(waits_s) <= 70


def test_easy_running_is_easy_on_the_heart() -> None:
    means_bpm = [settled_bpm(outings.easy(8_000), chance=chance).mean() for chance in TEN_SEEDS]

    assert 136 < min(means_bpm) <= max(means_bpm) < 149


def test_intervals_go_near_the_maximum() -> None:
    highest_bpm = [settled_bpm(outings.repeats(5, 3.0), chance=chance).max() for chance in TEN_SEEDS]

    assert 178 < min(highest_bpm) <= max(highest_bpm) <= 187


def test_the_heart_lags_behind_the_legs() -> None:
    samples = recorded((Step(outings.JOG, 2_600), Step(outings.REPEAT, 1_500))).samples
    start = int(np.flatnonzero(samples.speed_mps > 3.3)[0])

    assert samples.heart_rate_bpm[start + 5] < 150
    assert samples.heart_rate_bpm[start + 150] > 175


def test_the_heart_drifts_upward_within_a_long_run() -> None:
    bpm = settled_bpm(outings.steady(18_000))

    assert 3 < bpm[-1_500:-500].mean() - bpm[:1_000].mean() < 9


def test_cadence_rises_with_speed_as_it_does_in_runners() -> None:
    samples = recorded(outings.repeats(5, 3.0)).samples
    slope, at_3_mps = np.polyfit(samples.speed_mps - 3, 2 * samples.cadence_rpm, 1)

    assert slope == pytest.approx(6.0, abs=0.8)
    assert at_3_mps == pytest.approx(172, abs=3.5)


def test_the_new_stride_is_four_percent_slower_at_the_same_speed() -> None:
    old, new = (
        np.mean(
            [
                recorded(outings.easy(8_000), chance=chance, cadence_factor=factor).samples.cadence_rpm.mean()
                for chance in TEN_SEEDS
            ]
        )
        for factor in (1.0, 0.96)
    )

    assert new / old == pytest.approx(0.96, abs=0.001)


def test_runs_differ_in_cadence_by_a_step_or_two() -> None:
    rates = [
        2 * recorded(outings.easy(8_000), chance=(0, 1, n)).samples.cadence_rpm.mean() for n in range(40)
    ]

    assert 0.9 < np.std(rates) < 1.9


def test_only_the_second_watch_measures_running_dynamics() -> None:
    first, second = (recorded(outings.easy(5_000), device=device) for device in (FIRST_WATCH, SECOND_WATCH))

    assert np.isnan(first.samples.stance_time_ms).all()
    assert np.isfinite(second.samples.stance_time_ms).all()


def test_a_ride_has_no_running_dynamics() -> None:
    ride = recorded((Step(outings.RIDE, 20_000),), sport="cycling")

    assert np.isnan(ride.samples.stance_time_ms).all()


def test_july_is_warmer_than_january() -> None:
    january, july = (
        np.mean(
            [
                recorded(outings.easy(5_000), day=day, chance=chance).samples.temperature_c[0]
                for chance in TEN_SEEDS
            ]
        )
        for day in (date(2026, 1, 12), date(2026, 7, 12))
    )

    assert july - january > 10


@pytest.mark.parametrize(
    ("day", "hour", "offset_s"), [(date(2026, 3, 28), 17, 3_600), (date(2026, 3, 29), 16, 7_200)]
)
def test_a_run_starts_at_the_same_local_time_in_summer(day: date, hour: int, offset_s: int) -> None:
    recording = recorded(outings.easy(5_000), day=day)

    assert recording.sessions[0].started_at == datetime(day.year, day.month, day.day, hour, 5, 30, tzinfo=UTC)
    assert recording.utc_offset_s == offset_s


def test_a_runner_far_east_runs_on_the_local_day() -> None:
    recording = record(session_of(outings.easy(5_000), at=time(6, 45)), ZoneInfo("Pacific/Auckland"))

    assert recording.sessions[0].started_at == datetime(2026, 5, 11, 18, 45, tzinfo=UTC)
    assert recording.utc_offset_s == 12 * 3_600


def test_the_loop_closes() -> None:
    place = position_at(np.array([0.0, LAP_M - 1e-6]))

    assert np.ptp(place.latitude_deg) < 1e-8
    assert np.ptp(place.longitude_deg) < 1e-8
    assert np.ptp(place.altitude_m) < 1e-4


def test_hills_are_gentle_and_are_the_slope_of_the_altitude() -> None:
    along_m = np.arange(0.0, LAP_M)
    slope = np.gradient(position_at(along_m).altitude_m, along_m)

    assert np.abs(slope).max() < 0.04
    assert np.allclose(slope[1:-1], grade_at(along_m)[1:-1], atol=1e-4)
