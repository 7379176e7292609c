"""What a watch records of the made-up runner: one planned outing, second by second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from config.demo.course import grade_at, position_at
from config.demo.outings import PlannedSession
from ingest.formats.recording import Column, Recording, Samples, Session

SUB_SPORTS = {"running": "street", "cycling": "road"}
MAX_HEART_RATE_BPM = 187.0

CADENCE_AT_3_MPS_SPM = 172.0
CADENCE_SLOPE_SPM_PER_MPS = 6.0
"""What a metre per second adds to the step rate, within and between recreational runners."""

CADENCE_RUN_TO_RUN_SPM = 1.4
WALKING_CADENCE_SPM = 112.0
PEDALLING_RPM = 82.0

PAUSE_CHANCE = 0.35
BODY_KG = 68.0


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """How the way is gone: columns of shape (n,), one row a second of moving time."""

    speed_mps: Column
    distance_m: Column
    heart_rate_bpm: Column


def record(session: PlannedSession, zone: ZoneInfo) -> Recording:
    """Go out as planned, and bring home what the watch recorded.

    The same outing in the same zone gives the same recording, to the last bit.
    """
    luck = np.random.default_rng((*session.chance, 1))
    local = datetime.combine(session.day, session.at, zone)
    motion = _move(session, luck)
    moving_s = np.arange(len(motion.speed_mps), dtype=float)
    samples = _samples(
        session, motion, local.timestamp() + moving_s + _paused_s(session, moving_s, luck), luck
    )
    offset = local.utcoffset() or timedelta()
    return Recording(
        samples=samples,
        sessions=(_facts(session, samples, local.astimezone(UTC)),),
        device=session.device,
        utc_offset_s=int(offset.total_seconds()),
    )


def _move(session: PlannedSession, luck: np.random.Generator) -> Motion:
    """Follow the steps: slower uphill, a little uneven, and exactly as far as planned."""
    speeds_mps = session.fitness * np.array([step.pace.speed_mps for step in session.steps])
    seconds = np.rint([step.length_m for step in session.steps] / speeds_mps).astype(int)
    target_mps = _followed(np.repeat(speeds_mps, seconds), start=0.0, lag_s=2.5)
    speed_mps = target_mps * (1 - 2.0 * grade_at(np.cumsum(target_mps)))
    speed_mps *= 1 + 0.014 * _wander(len(speed_mps), 90.0, luck)
    speed_mps *= session.length_m / speed_mps.sum()
    effort_bpm = np.repeat([step.pace.heart_rate_bpm for step in session.steps], seconds)
    return Motion(
        np.append(speed_mps[:1], speed_mps),
        np.append(0.0, np.cumsum(speed_mps)),
        _heart(np.append(effort_bpm[:1], effort_bpm), luck),
    )


def _heart(effort_bpm: Column, luck: np.random.Generator) -> Column:
    """Let the heart follow the effort half a minute late, drift by the hour, and near its maximum gently.

    Parameters
    ----------
    effort_bpm : ndarray, shape (n,)
        Heart rate that each second's effort would settle at. [1/min]
    """
    n = len(effort_bpm)
    beat_bpm = _followed(effort_bpm, start=luck.uniform(78, 92), lag_s=26.0)
    beat_bpm += np.minimum(5.0 * np.arange(n) / 3_600, 7.0) + 1.1 * _wander(n, 25.0, luck)
    beat_bpm += 1.3 * np.clip(luck.standard_normal(), -1.5, 1.5)
    return np.rint(MAX_HEART_RATE_BPM - 3 * np.logaddexp(0, (MAX_HEART_RATE_BPM - beat_bpm) / 3))


def _cadence_rpm(session: PlannedSession, speed_mps: Column, luck: np.random.Generator) -> Column:
    """Step or pedal: one leg's turns, as FIT counts them. [1/min]"""
    of_the_day = float(np.clip(luck.standard_normal(), -2, 2))
    wander = _wander(len(speed_mps), 40.0, luck)
    if session.sport == "cycling":
        return PEDALLING_RPM + 2 * of_the_day + 3 * wander
    if session.sport == "walking":
        return (WALKING_CADENCE_SPM + 2 * of_the_day + 1.5 * wander) / 2
    usual_spm = CADENCE_AT_3_MPS_SPM + CADENCE_SLOPE_SPM_PER_MPS * (speed_mps - 3)
    return (session.cadence_factor * usual_spm + CADENCE_RUN_TO_RUN_SPM * of_the_day + 0.9 * wander) / 2


def _paused_s(session: PlannedSession, moving_s: Column, luck: np.random.Generator) -> Column:
    """Stand still before each second of moving time: at most one red light, and never in a fast session."""
    is_stopped = luck.random() < PAUSE_CHANCE and session.purpose in {"easy", "long", "ride"}
    light_s, wait_s = luck.uniform(0.3, 0.7) * moving_s[-1], luck.integers(20, 70)
    return np.where(moving_s > light_s, float(wait_s), 0.0) if is_stopped else np.zeros_like(moving_s)


def _samples(
    session: PlannedSession, motion: Motion, timestamp_s: Column, luck: np.random.Generator
) -> Samples:
    """Measure the motion as the session's watch can."""
    n = len(timestamp_s)
    place = position_at(motion.distance_m)
    cadence_rpm = _cadence_rpm(session, motion.speed_mps, luck)
    satellite_m = 1.8 * np.stack((_wander(n, 50.0, luck), _wander(n, 50.0, luck))) / 111_195.0
    columns = {
        "distance_m": motion.distance_m,
        "speed_mps": motion.speed_mps + 0.05 * _wander(n, 4.0, luck),
        "heart_rate_bpm": motion.heart_rate_bpm,
        "cadence_rpm": cadence_rpm,
        "latitude_deg": place.latitude_deg + satellite_m[0],
        "longitude_deg": place.longitude_deg + satellite_m[1],
        "altitude_m": place.altitude_m + 0.25 * _wander(n, 200.0, luck),
        "temperature_c": np.full(n, _temperature_c(session, luck)),
    }
    if session.is_run and session.device.manufacturer == "garmin":
        columns |= _dynamics(motion.speed_mps, 2 * cadence_rpm, luck)
    return Samples.of(n, timestamp_s=timestamp_s, **columns)


def _dynamics(speed_mps: Column, cadence_spm: Column, luck: np.random.Generator) -> dict[str, Column]:
    """Measure what the second watch's chest strap adds: ground contact, bounce, power."""
    n = len(speed_mps)
    step_mm = 60_000 * speed_mps / cadence_spm
    bounce_mm = 84 - 0.35 * (cadence_spm - 172) + 1.5 * _wander(n, 30.0, luck)
    return {
        "stance_time_ms": 248 - 28 * (speed_mps - 3) + 2.0 * _wander(n, 30.0, luck),
        "stance_time_balance_percent": 50.3 + 0.25 * _wander(n, 120.0, luck),
        "vertical_oscillation_mm": bounce_mm,
        "vertical_ratio_percent": 100 * bounce_mm / np.maximum(step_mm, 300.0),
        "step_length_mm": step_mm,
        "power_w": np.rint(1.05 * BODY_KG * speed_mps + 4.0 * _wander(n, 12.0, luck)),
    }


def _temperature_c(session: PlannedSession, luck: np.random.Generator) -> float:
    """Feel the season at the wrist, warmer than the air. [°C]"""
    season = np.cos(2 * np.pi * (session.day.timetuple().tm_yday - 200) / 365.25)
    return float(np.rint(13.5 + 9.0 * season + 2.5 * luck.standard_normal()))


def _facts(session: PlannedSession, samples: Samples, begin: datetime) -> Session:
    """Sum up as the watch does at the end, from the samples and nothing else."""
    climb_m = np.diff(position_at(samples.distance_m).altitude_m)
    return Session(
        sport=session.sport,
        sub_sport=SUB_SPORTS.get(session.sport, "generic"),
        started_at=begin,
        timer_s=float(len(samples) - 1),
        elapsed_s=float(samples.timestamp_s[-1] - samples.timestamp_s[0]),
        distance_m=float(samples.distance_m[-1]),
        avg_heart_rate_bpm=float(np.rint(samples.heart_rate_bpm.mean())),
        max_heart_rate_bpm=float(samples.heart_rate_bpm.max()),
        avg_cadence_rpm=float(samples.cadence_rpm.mean()),
        ascent_m=float(np.rint(climb_m[climb_m > 0].sum())),
        descent_m=float(np.rint(-climb_m[climb_m < 0].sum())),
        stop=len(samples),
    )


def _followed(target: Column, *, start: float, lag_s: float) -> Column:
    """Follow a target with a first-order lag, beginning elsewhere; one row a second."""
    kernel = _memory(lag_s)
    return start + np.convolve(target - start, kernel)[: len(target)]


def _wander(n: int, memory_s: float, luck: np.random.Generator) -> Column:
    """Wander about zero with unit variance, shape (n,), forgetting within some seconds."""
    kernel = _memory(memory_s)
    noise = luck.standard_normal(n + len(kernel) - 1)
    return np.convolve(noise, kernel / np.sqrt((kernel**2).sum()), mode="valid")


def _memory(lag_s: float) -> Column:
    """Weights of the past seconds, the latest first, fading with a time constant and summing to one."""
    weights: Column = np.exp(-np.arange(int(5 * lag_s)) / lag_s)
    weights /= weights.sum()
    return weights
