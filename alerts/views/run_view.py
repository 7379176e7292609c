"""One activity in detail, decoded from its original file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from alerts.care.explained_alert import ExplainedAlert
from alerts.text.units import METRIC, Units
from alerts.views.overview import Remark
from ingest.analysis.cadence import steps_per_minute
from ingest.analysis.resample import Seconds, mended_clock, moving_mean, resample_to_seconds
from ingest.analysis.summary import ActivitySummary
from ingest.formats.recording import Column, Samples, Session

SMOOTHING_S = 31
"""Speed is averaged over so many seconds around each, as a watch's own screen does. [s]"""

STEPS_SMOOTHING_S = 15
LEAST_SPLIT_SHARE = 0.05
"""What is left after the last whole split is told from this share of one on."""

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius. [m]"""

GAP_S = 30.0
"""The track is broken where no position was recorded for so long. [s]"""


@dataclass(frozen=True, slots=True)
class Split:
    """One kilometre or mile, or the rest; None where nothing was recorded."""

    distance_m: float
    time_s: float
    heart_rate_bpm: float | None
    cadence_spm: float | None
    climb_m: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Traces:
    """One row per second of moving time; NaN where unknown.

    Parameters
    ----------
    distance_m, time_s : ndarray, shape (n,)
        Distance and time in motion since the start. [m], [s]
    speed_mps, heart_rate_bpm, cadence_spm, altitude_m : ndarray, shape (n,)
        Speed averaged over half a minute; the others as recorded. [m/s], [1/min], [1/min], [m]
    """

    distance_m: Column
    time_s: Column
    speed_mps: Column
    heart_rate_bpm: Column
    cadence_spm: Column
    altitude_m: Column

    @property
    def covered_m(self) -> float:
        """The distance covered. [m]"""
        return float(self.distance_m[-1]) if len(self.distance_m) else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """The route on an equal-area plane; NaN between pieces. [m east], [m north]"""

    east_m: Column
    north_m: Column


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of this activity, and whether it is the one that counts."""

    name: str
    device: str
    counts: bool


@dataclass(frozen=True, slots=True, eq=False)
class RunView:
    """Everything known about one activity.

    ``trouble`` says why the original could not be read; then there are no traces, and what the database
    holds is shown alone.
    """

    activity_id: int
    started_at: datetime
    summary: ActivitySummary
    traces: Traces | None = None
    track: Track | None = None
    splits: tuple[Split, ...] = ()
    remarks: tuple[Remark, ...] = ()
    alerts: tuple[ExplainedAlert, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    trouble: str = ""
    units: Units = METRIC


def build_traces(samples: Samples, session: Session) -> Traces:
    """A recording by seconds of moving time, with cadence in steps."""
    seconds = resample_to_seconds(samples, steps_per_minute(samples, session.sport))
    moving = seconds.is_covered
    advance_m = np.nan_to_num(seconds.advance_m)
    stepping = np.where(seconds.cadence_spm > 0, seconds.cadence_spm, np.nan)
    return Traces(
        distance_m=np.cumsum(advance_m)[moving],
        time_s=np.cumsum(moving)[moving].astype(np.float64),
        speed_mps=_smooth_speed(seconds)[moving],
        heart_rate_bpm=seconds.heart_rate_bpm[moving],
        cadence_spm=moving_mean(stepping, STEPS_SMOOTHING_S)[moving],
        altitude_m=seconds.altitude_m[moving],
    )


def _smooth_speed(seconds: Seconds) -> Column:
    return moving_mean(seconds.advance_m, SMOOTHING_S, at_least=SMOOTHING_S // 3)


def split_run(traces: Traces, length_m: float) -> tuple[Split, ...]:
    """Split a run into equal lengths; the last piece is shorter, and dropped if tiny."""
    covered_m = traces.covered_m
    if covered_m <= 0:
        return ()
    whole = math.floor(covered_m / length_m)
    ends_m = [length_m * (i + 1) for i in range(whole)]
    if covered_m - whole * length_m >= LEAST_SPLIT_SHARE * length_m:
        ends_m.append(covered_m)
    stops = [int(np.searchsorted(traces.distance_m, end_m)) + 1 for end_m in ends_m]
    starts = [0, *stops[:-1]]
    return tuple(
        _split(traces, start, stop, end_m - length_m * i)
        for i, (start, stop, end_m) in enumerate(zip(starts, stops, ends_m, strict=True))
    )


def _split(traces: Traces, start: int, stop: int, length_m: float) -> Split:
    began_s = float(traces.time_s[start - 1]) if start else 0.0
    altitude_m = traces.altitude_m[start:stop]
    known = altitude_m[np.isfinite(altitude_m)]
    return Split(
        distance_m=length_m,
        time_s=float(traces.time_s[min(stop, len(traces.time_s)) - 1]) - began_s,
        heart_rate_bpm=_mean(traces.heart_rate_bpm[start:stop]),
        cadence_spm=_mean(traces.cadence_spm[start:stop]),
        climb_m=float(known[-1] - known[0]) if len(known) > 1 else None,
    )


def _mean(values: Column) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def project_track(samples: Samples) -> Track | None:
    """Project positions onto a plane; None if there are too few to draw.

    A sinusoidal projection around the middle of the run: areas are kept, and over the size of a run angles
    are too.
    """
    is_known = (
        np.isfinite(samples.latitude_deg)
        & np.isfinite(samples.longitude_deg)
        & np.isfinite(samples.timestamp_s)
    )
    if is_known.sum() < 2:
        return None
    latitude, longitude = np.radians(samples.latitude_deg[is_known]), samples.longitude_deg[is_known]
    # over the date line the other way round is the shorter one
    east = np.radians((longitude - longitude[0] + 180) % 360 - 180)
    middle = (latitude.min() + latitude.max()) / 2
    time_s = mended_clock(samples.timestamp_s[is_known])
    is_gap = np.diff(time_s, prepend=time_s[0]) > GAP_S
    return Track(
        east_m=_broken(EARTH_RADIUS_M * east * np.cos(latitude), is_gap),
        north_m=_broken(EARTH_RADIUS_M * (latitude - middle), is_gap),
    )


def _broken(values: Column, is_gap: npt.NDArray[np.bool_]) -> Column:
    return np.insert(values, np.flatnonzero(is_gap), np.nan)
