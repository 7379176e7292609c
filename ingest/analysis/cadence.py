"""Step rate at a steady pace: the half-minutes of a run in which cadence can be compared."""

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
"""Left out of the comparison: nobody runs the first five minutes at his own rhythm. [s]"""

LEAST_COVERED_S = 22
LEAST_WINDOWS = 8

SPEED_RANGE_MPS = (1.8, 6.0)
CADENCE_RANGE_SPM = (140.0, 215.0)

TREADMILL = frozenset({"treadmill", "indoor_running", "virtual_activity"})
"""Sub-sports that run on the spot: distance is the machine's or the wrist's guess."""


@dataclass(frozen=True, slots=True)
class SteadyRunning:
    """Medians over the steady half-minutes of one run; None where it has too few."""

    speed_mps: float | None = None
    cadence_spm: float | None = None
    windows: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class SteadyWindows:
    """The steady half-minutes of one run: number from the sixth minute on, mean speed, mean cadence.

    Columns of shape (k,); [half-minutes], [m/s], [1/min].
    """

    number: npt.NDArray[np.int64]
    speed_mps: Column
    cadence_spm: Column

    @property
    def medians(self) -> SteadyRunning:
        """What they say together; a run needs eight of them, a single one says nothing."""
        if len(self.number) < LEAST_WINDOWS:
            return SteadyRunning(windows=len(self.number))
        return SteadyRunning(
            float(np.median(self.speed_mps)), float(np.median(self.cadence_spm)), len(self.number)
        )


def surface(sub_sport: str | None, *, has_position: bool = True) -> str:
    """Ground on which a run's cadence can be compared: treadmill, nowhere, trail, track or road.

    Nowhere is where the watch knew no position, so that speed was made from the steps themselves.
    """
    if sub_sport in TREADMILL:
        return "treadmill"
    if not has_position:
        return "nowhere"
    return sub_sport if sub_sport in {"trail", "track"} else "road"


def steps_per_minute(samples: Samples, sport: str) -> Column:
    """Cadence of both feet, NaN for sports without steps. [1/min]"""
    if sport not in FOOT_SPORTS:
        return np.full(len(samples), np.nan)
    if sport == "running" and counts_steps(samples.cadence_rpm):
        return samples.cadence_rpm
    return 2 * samples.cadence_rpm


def steady_windows(seconds: Seconds, slope: Column | None = None) -> SteadyWindows:
    """Find the half-minutes in which cadence can be compared.

    Parameters
    ----------
    seconds : Seconds
        One run, a row a second.
    slope : ndarray, shape (n,), optional
        The run's ``grade`` where that is known already, else it is worked out. [unitless]

    Returns
    -------
    SteadyWindows
        Those of which the watch covered at least 22 s, at a mean speed within 1.8 and 6 m/s, with a cadence
        within 140 and 215 1/min whose standard deviation is below 4 1/min and that is above zero for four
        fifths of the time, on a mean slope below 4 %.
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
    """Rows of thirty seconds each, from the sixth minute on; an incomplete last one is filled up with NaN."""
    settled = values[SETTLING_S:]
    rows = np.full((-(-len(settled) // WINDOW_S), WINDOW_S), np.nan)
    rows.ravel()[: len(settled)] = settled
    return rows


def _mean(rows: Column) -> Column:
    """Mean of what is known in each row, NaN where nothing is."""
    known = np.isfinite(rows)
    count = known.sum(axis=1)
    return np.where(count, np.where(known, rows, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
