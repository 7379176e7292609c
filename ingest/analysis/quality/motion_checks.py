"""Checks of motion: whether a recorded run moves like one, or was a walk or a ride."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ingest.analysis.cadence import TREADMILL
from ingest.analysis.resample import Seconds, moving_mean, runs_longer_than
from ingest.formats.recording import Column, Flag, Samples, Session
from ingest.formats.sport_names import STRIDES_LIMIT_RPM, counts_steps

LEAST_JUDGED_S = 300
"""Minimum duration that is judged. [s]"""

MOVING_MPS = 0.5
PACE_WINDOW_S = 30

WALKING_MPS = 1.9
WALKING_SPM = (60.0, 130.0)
WALKING_SHARE = 0.8
LONGEST_WALKED_STEP_M = 1.0
"""Limits of walking: people break into a run at about 2 m/s, and walk at 100 to 125 steps a minute. Runs with
walking breaks are below them for up to half of the time, walks throughout.
"""

BOUT_MPS = 2.2
BOUT_SPM = 140.0
BOUT_S = 45
BOUTS_S = 300
"""Minimum time in bouts of running from which a walk counts as a run. [s]"""

BOUT_WINDOW_S = 10
CLIMB_M_PER_KM = 25.0
"""Above this ascent runners walk too. [m/km]"""

HIKED = frozenset({"trail", "ultra"})
"""Sub-sports in which walking steep sections is part of running."""

RIDE_AVERAGE_MPS = 5.6
RIDE_S = 600
RIDE_BLIND_S = 1800
"""Without a step sensor, only a pace held by very few people for half an hour marks a ride. [m/s], [s]"""

STEPLESS_SPM = 60.0
STEPPING_SPM = 120.0
"""Below the first hardly any steps are counted, above the second someone runs. [1/min]"""

RIDDEN_WINDOW_S = 180
RIDDEN_MPS = 6.5
RIDDEN_STEPLESS_MPS = 4.5
RIDDEN_FACTOR = 1.25
"""Three minutes this fast without steps are a ride. So are slower ones if steps were counted before at a pace
a quarter lower: a runner with a pram, for example, has few counted steps throughout. [m/s]
"""

RIDDEN_S = 600
RIDDEN_M = 1_000.0
"""Shorter rides cannot trigger an alert. [s], [m]"""

LONGEST_STEP_M = 2.2
"""Longest plausible median step: middle-distance records are run in steps of 2.2 m at 7 m/s. [m]"""

SHORTEST_STEP_M = 0.4
"""Shortest plausible median step: real easy runs have at least 0.8 m, walks 0.7 m. [m]"""

HIGHEST_SPM = 220.0
HALVED_SPM = 120.0
"""A lower cadence at the pace of a long step is a unit error, not a distance error. [1/min]"""


def inspect_motion(session: Session, samples: Samples, seconds: Seconds, *, is_whole: bool) -> Iterator[Flag]:
    """Check the motion of an activity recorded as a run."""
    if not session.distance_m:
        yield Flag("no_distance")
    if session.sub_sport in TREADMILL:
        yield Flag("treadmill")
    elif is_whole and len(samples) and session.distance_m and not np.isfinite(samples.latitude_deg).any():
        yield Flag("no_position")
    if counts_steps(samples.cadence_rpm) or (session.avg_cadence_rpm or 0.0) > STRIDES_LIMIT_RPM:
        yield Flag("cadence_in_steps")
    yield from _gait(session, seconds)


def _gait(session: Session, seconds: Seconds) -> list[Flag]:
    """At most one flag for the kind of motion."""
    speed_mps = moving_mean(seconds.advance_m, PACE_WINDOW_S, at_least=PACE_WINDOW_S // 2)
    is_moving = speed_mps > MOVING_MPS
    known = is_moving & np.isfinite(seconds.cadence_spm)
    is_blind = not (seconds.cadence_spm[known] > 0).any()  # a sensor that only reports 0 counts as none
    rides = _partly_ridden(seconds) or _ridden(session, seconds, speed_mps, is_blind=is_blind)
    if rides or is_blind:
        return rides
    steps = speed_mps[known], seconds.cadence_spm[known]
    return _walk(session, seconds, *steps) or _missing_steps(*steps) or _step_length(*steps)


def _partly_ridden(seconds: Seconds) -> list[Flag]:
    """Flag a ride at the end or in between, as when the watch was not stopped before driving home."""
    speed_mps = moving_mean(seconds.advance_m, RIDDEN_WINDOW_S, at_least=RIDDEN_WINDOW_S * 5 // 6)
    known_spm = moving_mean(seconds.cadence_spm, RIDDEN_WINDOW_S, at_least=RIDDEN_WINDOW_S // 2)
    steps_spm = np.nan_to_num(known_spm, nan=0.0)
    on_foot_mps = speed_mps[(steps_spm >= STEPPING_SPM) & np.isfinite(speed_mps)]
    was_run = len(on_foot_mps) >= LEAST_JUDGED_S
    limit_mps = RIDDEN_MPS
    if was_run:
        own_mps = RIDDEN_FACTOR * float(np.median(on_foot_mps))
        limit_mps = min(RIDDEN_MPS, max(RIDDEN_STEPLESS_MPS, own_mps))
    is_stepping = steps_spm >= (STEPLESS_SPM if was_run else STEPPING_SPM)
    is_ridden = (speed_mps > limit_mps) & ~is_stepping
    ridden_s, ridden_m = int(is_ridden.sum()), float(np.nansum(seconds.advance_m[is_ridden]))
    if ridden_s < RIDDEN_S and ridden_m < RIDDEN_M:
        return []
    is_part = was_run or ridden_m <= np.nansum(seconds.advance_m) / 2
    seen = f"{ridden_m / 1000:.1f} km in {ridden_s / 60:.0f} minutes at the pace of a ride, without steps"
    return [Flag("partly_ridden" if is_part else "ride", seen)]


def _ridden(session: Session, seconds: Seconds, speed_mps: Column, *, is_blind: bool) -> list[Flag]:
    """Whether it is faster throughout than almost anyone runs, with hardly any steps."""
    is_moving = speed_mps > MOVING_MPS
    moved_s, steps_spm = int(is_moving.sum()), seconds.cadence_spm[is_moving]
    least_s = RIDE_BLIND_S if is_blind else RIDE_S
    if moved_s <= least_s or (session.timer_s or 0.0) <= least_s:
        return []
    if not is_blind and np.nanmedian(steps_spm) >= STEPLESS_SPM:
        return []
    if speed_mps[is_moving].mean() <= RIDE_AVERAGE_MPS:
        return []
    return [Flag("ride", f"{moved_s / 60:.0f} minutes at the pace of a ride, without steps")]


def _walk(session: Session, seconds: Seconds, speed_mps: Column, cadence_spm: Column) -> list[Flag]:
    """Flag a walk; slow steps that are too long for walking come from a wrist held still, as on a pram."""
    if len(speed_mps) < LEAST_JUDGED_S or session.sub_sport in HIKED:
        return []
    is_slow = speed_mps < WALKING_MPS
    is_slow &= (cadence_spm >= WALKING_SPM[0]) & (cadence_spm < WALKING_SPM[1])
    share = float(is_slow.mean())
    if share <= WALKING_SHARE or _bouts_s(seconds) >= BOUTS_S or _climbs(session):
        return []
    step_m = float(np.median(60 * speed_mps[is_slow] / cadence_spm[is_slow]))
    if step_m > LONGEST_WALKED_STEP_M:
        rate_spm = np.median(cadence_spm[is_slow])
        return [Flag("cadence_unclear", f"{rate_spm:.0f} steps a minute of {step_m:.2f} m")]
    return [Flag("walking", f"walked for {share:.0%} of the time in motion")]


def _bouts_s(seconds: Seconds) -> int:
    """Time in bouts of running. [s]"""
    least = BOUT_WINDOW_S // 2
    is_fast = moving_mean(seconds.advance_m, BOUT_WINDOW_S, at_least=least) > BOUT_MPS
    is_quick = moving_mean(seconds.cadence_spm, BOUT_WINDOW_S, at_least=least) > BOUT_SPM
    return int(runs_longer_than(is_fast | is_quick, BOUT_S - 1).sum())


def _climbs(session: Session) -> bool:
    return (session.ascent_m or 0.0) >= CLIMB_M_PER_KM * (session.distance_m or np.inf) / 1000


def _missing_steps(speed_mps: Column, cadence_spm: Column) -> list[Flag]:
    """Flag hardly any steps for most of the time at running pace."""
    steps_spm = cadence_spm[speed_mps > BOUT_MPS]
    if len(steps_spm) < LEAST_JUDGED_S or np.median(steps_spm) >= STEPLESS_SPM:
        return []
    return [Flag("cadence_unclear", f"{np.median(steps_spm):.0f} steps a minute at the pace of a run")]


def _step_length(speed_mps: Column, cadence_spm: Column) -> list[Flag]:
    """Flag implausible step lengths: an uncalibrated distance, or cadence in another unit."""
    is_step = cadence_spm >= WALKING_SPM[0]
    speed_mps, cadence_spm = speed_mps[is_step], cadence_spm[is_step]
    if len(speed_mps) < LEAST_JUDGED_S:
        return []
    step_m, rate_spm = float(np.median(60 * speed_mps / cadence_spm)), float(np.median(cadence_spm))
    seen = f"{rate_spm:.0f} steps a minute of {step_m:.2f} m"
    if step_m > LONGEST_STEP_M and rate_spm >= HALVED_SPM:
        return [Flag("long_steps", seen)]
    if step_m > LONGEST_STEP_M or step_m < SHORTEST_STEP_M or rate_spm > HIGHEST_SPM:
        return [Flag("cadence_unclear", seen)]
    return []
