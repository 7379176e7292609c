"""Cadence at a steady pace: the 30-second windows of a run in which cadence can be compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.analysis.intensity import grade
from ingest.analysis.resample import Seconds
from ingest.formats.recording import FOOT_SPORTS, Column, Samples
from ingest.formats.sport_names import counts_steps

WINDOW_S = 30
SETTLING_S = 300
"""Start of a run that is left out, before cadence and pace settle. [s]"""

LEAST_COVERED_S = 22
LEAST_WINDOWS = 8

SPEED_RANGE_MPS = (1.8, 6.0)
CADENCE_RANGE_SPM = (140.0, 215.0)

TREADMILL = frozenset({"treadmill", "indoor_running", "virtual_activity"})
"""Sub-sports without movement over ground: distance is estimated by the machine or the watch."""


@dataclass(frozen=True, slots=True)
class SteadyRunning:
    """Medians over the steady windows of one run; None where there are too few."""

    speed_mps: float | None = None
    cadence_spm: float | None = None
    windows: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class SteadyWindows:
    """The steady 30-second windows of one run.

    Columns of shape (k,): ``number`` counts windows from the sixth minute on, ``speed_mps`` and
    ``cadence_spm`` are means. [m/s], [1/min]
    """

    number: npt.NDArray[np.int64]
    speed_mps: Column
    cadence_spm: Column

    @property
    def medians(self) -> SteadyRunning:
        """Median speed and cadence; None with fewer than eight windows."""
        if len(self.number) < LEAST_WINDOWS:
            return SteadyRunning(windows=len(self.number))
        return SteadyRunning(
            float(np.median(self.speed_mps)), float(np.median(self.cadence_spm)), len(self.number)
        )


def surface(sub_sport: str | None, *, has_position: bool = True) -> str:
    """Surface for comparing cadence: "treadmill", "nowhere", "trail", "track" or "road".

    "nowhere" means that no position was recorded, so that speed was derived from the steps themselves.

    Examples
    --------
    >>> surface("trail"), surface(None), surface(None, has_position=False)
    ('trail', 'road', 'nowhere')
    """
    if sub_sport in TREADMILL:
        return "treadmill"
    if not has_position:
        return "nowhere"
    return sub_sport if sub_sport in {"trail", "track"} else "road"


def steps_per_minute(samples: Samples, sport: str) -> Column:
    """Cadence in steps per minute, counting both feet.

    Parameters
    ----------
    samples : Samples
        ``cadence_rpm`` counts one leg, as FIT does. A median above 120 is taken as steps already. [1/min]
    sport : str
        Sport as named by the FIT profile.

    Returns
    -------
    ndarray, shape (n,)
        Cadence; NaN for sports without steps. [1/min]

    Examples
    --------
    >>> samples = Samples.of(2, cadence_rpm=np.array([85.0, 86.5]))
    >>> steps_per_minute(samples, "running").tolist()
    [170.0, 173.0]
    """
    if sport not in FOOT_SPORTS:
        return np.full(len(samples), np.nan)
    if sport == "running" and counts_steps(samples.cadence_rpm):
        return samples.cadence_rpm
    return 2 * samples.cadence_rpm


def steady_windows(seconds: Seconds, slope: Column | None = None) -> SteadyWindows:
    """Find the 30-second windows in which cadence can be compared.

    Parameters
    ----------
    seconds : Seconds
        One run, resampled to one row per second.
    slope : ndarray, shape (n,), optional
        Slope of each second; computed by ``grade`` if not given. [m/m]

    Returns
    -------
    SteadyWindows
        Windows with at least 22 s recorded, mean speed 1.8 to 6 m/s, mean cadence 140 to 215 1/min with a
        standard deviation below 4 1/min, steps in at least 80 % of the time, and mean slope below 4 %.
    """
    advance_m = _windows(seconds.advance_m)
    cadence = _windows(seconds.cadence_spm)
    stepping = np.where(cadence > 0, cadence, np.nan)
    covered = (np.isfinite(cadence) & np.isfinite(advance_m)).sum(axis=1)
    share_stepping = np.isfinite(stepping).sum(axis=1) / np.maximum(np.isfinite(cadence).sum(axis=1), 1)
    speed, rate = _mean(advance_m), _mean(stepping)
    spread = np.sqrt(_mean((stepping - rate[:, None]) ** 2))
    slope = grade(seconds) if slope is None else slope
    slope = _mean(_windows(np.where(seconds.is_covered, slope, np.nan)))
    is_steady = (
        (covered >= LEAST_COVERED_S)
        & (share_stepping >= 0.8)
        & (speed >= SPEED_RANGE_MPS[0])
        & (speed <= SPEED_RANGE_MPS[1])
        & (rate >= CADENCE_RANGE_SPM[0])
        & (rate <= CADENCE_RANGE_SPM[1])
        & (spread < 4)
        & (np.abs(slope) < 0.04)
    )
    return SteadyWindows(np.flatnonzero(is_steady), speed[is_steady], rate[is_steady])


def _windows(values: Column) -> Column:
    """Rows of 30 seconds each, from the sixth minute on; an incomplete last row is padded with NaN."""
    settled = values[SETTLING_S:]
    rows = np.full((-(-len(settled) // WINDOW_S), WINDOW_S), np.nan)
    rows.ravel()[: len(settled)] = settled
    return rows


def _mean(rows: Column) -> Column:
    """Mean of the known values in each row, NaN if there are none."""
    known = np.isfinite(rows)
    count = known.sum(axis=1)
    return np.where(count, np.where(known, rows, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
