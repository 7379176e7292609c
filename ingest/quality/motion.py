"""Whether what is recorded as a run moves like one: treadmills, walks, rides, steps that do not fit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ingest.cadence import STRIDES_LIMIT_RPM, TREADMILL, counts_steps
from ingest.recording import Column, Flag, Samples, Session
from ingest.seconds import Seconds, moving_mean

LEAST_JUDGED_S = 300
"""A shorter piece proves nothing. [s]"""

MOVING_MPS = 0.5
PACE_WINDOW_S = 30

WALKING_MPS = 1.9
WALKING_SPM = (60.0, 130.0)
WALKING_SHARE = 0.8
"""People break into a run at about 2 m/s, and step 100 to 125 times a minute as they walk. Runs with walking
breaks have up to a half of this in real files, a walk has all."""

HIKED = frozenset({"trail", "ultra"})
"""Sub-sports in which a steep way is walked and still belongs to the run."""

RIDE_MPS = 4.0
RIDE_SPM = 60.0
RIDE_S = 600
"""Ten minutes at 15 km/h and more, for the greater part of the way, and hardly a step: not on foot."""

RIDE_BLIND_MPS = 5.6
RIDE_BLIND_S = 1800
"""Without a cadence only the pace is left: half an hour that a few hundred people run. [m/s], [s]"""

LONGEST_STEP_M = 2.2
"""Middle-distance records are run in steps of 2.2 m at 7 m/s; nobody keeps them for a run. [m]"""

SHORTEST_STEP_M = 0.4
"""Real easy runs have 0.8 m and more in the middle, walks 0.7. [m]"""

HIGHEST_SPM = 220.0
HALVED_SPM = 120.0
"""At the pace of a long step a cadence below this is a unit's fault, and not the distance's. [1/min]"""


def inspect_motion(session: Session, samples: Samples, seconds: Seconds, *, is_whole: bool) -> Iterator[Flag]:
    """Find what is odd about the motion of an activity that was recorded as a run."""
    if not session.distance_m:
        yield Flag("no_distance")
    if session.sub_sport in TREADMILL:
        yield Flag("treadmill")
    elif is_whole and len(samples) and session.distance_m and not np.isfinite(samples.latitude_deg).any():
        yield Flag("no_position")
    if counts_steps(samples.cadence_rpm) or (session.avg_cadence_rpm or 0.0) > STRIDES_LIMIT_RPM:
        yield Flag("cadence_in_steps")
    speed_mps = moving_mean(seconds.advance_m, PACE_WINDOW_S, at_least=PACE_WINDOW_S // 2)
    is_moving = speed_mps > MOVING_MPS
    yield from _gait(session, speed_mps[is_moving], seconds.cadence_spm[is_moving])


def _gait(session: Session, speed_mps: Column, cadence_spm: Column) -> Iterator[Flag]:
    """At most one word for how it moved; of every moving second the pace and the cadence."""
    known = np.isfinite(cadence_spm)
    is_blind = not (cadence_spm[known] > 0).any()  # a sensor that only ever says 0 is none
    ride_s = _ridden_s(session, speed_mps, cadence_spm, is_blind=is_blind)
    if ride_s:
        yield Flag("ride", f"{ride_s / 60:.0f} minutes at the pace of a ride, without steps")
    elif not is_blind:
        yield from _walk(session, speed_mps[known], cadence_spm[known])
        stepping = known & (cadence_spm >= WALKING_SPM[0])
        yield from _step_length(speed_mps[stepping], cadence_spm[stepping])


def _ridden_s(session: Session, speed_mps: Column, cadence_spm: Column, *, is_blind: bool) -> int:
    """Seconds that were ridden, 0 where it is no ride. [s]"""
    if is_blind:
        is_long = (session.timer_s or 0.0) > RIDE_BLIND_S and len(speed_mps) > RIDE_BLIND_S
        return len(speed_mps) if is_long and float(speed_mps.mean()) > RIDE_BLIND_MPS else 0
    is_ridden = (speed_mps > RIDE_MPS) & (cadence_spm < RIDE_SPM)
    ridden_s = int(is_ridden.sum())
    is_most = speed_mps[is_ridden].sum() > speed_mps.sum() / 2
    return ridden_s if ridden_s >= RIDE_S and is_most else 0


def _walk(session: Session, speed_mps: Column, cadence_spm: Column) -> Iterator[Flag]:
    if len(speed_mps) < LEAST_JUDGED_S or session.sub_sport in HIKED:
        return
    is_walked = speed_mps < WALKING_MPS
    is_walked &= (cadence_spm >= WALKING_SPM[0]) & (cadence_spm < WALKING_SPM[1])
    share = float(is_walked.mean())
    if share > WALKING_SHARE:
        yield Flag("walking", f"walked for {share:.0%} of the time in motion")


def _step_length(speed_mps: Column, cadence_spm: Column) -> Iterator[Flag]:
    """Steps that no runner makes: the distance is not calibrated, or the cadence is of another unit."""
    if len(speed_mps) < LEAST_JUDGED_S:
        return
    step_m, rate_spm = float(np.median(60 * speed_mps / cadence_spm)), float(np.median(cadence_spm))
    seen = f"{rate_spm:.0f} steps a minute of {step_m:.2f} m"
    if step_m > LONGEST_STEP_M and rate_spm >= HALVED_SPM:
        yield Flag("long_steps", seen)
    elif step_m > LONGEST_STEP_M or step_m < SHORTEST_STEP_M or rate_spm > HIGHEST_SPM:
        yield Flag("cadence_unclear", seen)
