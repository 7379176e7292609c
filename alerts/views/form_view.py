"""Running form over half a year: cadence at one speed, contact balance, fade in long runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from alerts.care.explained_alert import ExplainedAlert
from alerts.detectors.cadence import CadenceShift
from alerts.statistics.rolling import as_date, day_number
from alerts.text.units import METRIC, Units
from ingest.formats.recording import Column
from ingest.training_days.table import Runs

LEAST_RUNS = 3
"""Fewer points make no chart."""


@dataclass(frozen=True, slots=True)
class CadencePoint:
    """One run's cadence adjusted to a common speed, with its normal range; None for too few runs."""

    day: date
    activity_id: int
    cadence_spm: float
    low_spm: float | None
    high_spm: float | None


@dataclass(frozen=True, slots=True)
class MatchedCadence:
    """Cadence of comparable runs at ``speed_mps``, oldest first."""

    speed_mps: float
    points: tuple[CadencePoint, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """One run's value, in the unit of its series."""

    day: date
    activity_id: int
    value: float


@dataclass(frozen=True, slots=True)
class Form:
    """A runner's running form; a series with too few runs is None or empty.

    ``balance`` is the left foot's share of ground contact [%], ``fade`` the change of cadence from the first
    to the last third of a long run at matched speed [%]. ``changes`` are the alerts about cadence.
    """

    today: date
    since: date
    cadence: MatchedCadence | None = None
    changes: tuple[ExplainedAlert, ...] = ()
    balance: tuple[Measured, ...] = ()
    fade: tuple[Measured, ...] = ()
    units: Units = METRIC


def matched_cadence(runs: Runs, rule: CadenceShift, since: date) -> MatchedCadence | None:
    """Adjust the cadence of runs like the newest one to their median speed."""
    chart = rule.chart(runs)
    if not len(chart.day):
        return None
    rows = np.flatnonzero((chart.stratum == chart.stratum[-1]) & (chart.day >= day_number(since)))
    if len(rows) < LEAST_RUNS:
        return None
    speed_mps = float(np.median(chart.speed_mps[rows]))
    slope = np.where(np.isfinite(chart.slope), chart.slope, rule.slope_spm_per_mps)
    cadence = chart.cadence_spm + slope * (speed_mps - chart.speed_mps)
    normal = chart.level_spm + slope * (speed_mps - chart.centre_mps)
    half = rule.limit * chart.spread_spm
    points = tuple(
        CadencePoint(
            as_date(chart.day[i]),
            int(runs.activity_id[chart.row[i]]),
            float(cadence[i]),
            _known(normal[i] - half[i]),
            _known(normal[i] + half[i]),
        )
        for i in rows
    )
    return MatchedCadence(speed_mps, points)


def measured(runs: Runs, values: Column, since: date) -> tuple[Measured, ...]:
    """Measured values since that day, of runs that count for cadence."""
    keep = np.isfinite(values) & runs.counts_cadence & (runs.day >= np.datetime64(since, "D"))
    rows: Sequence[int] = np.flatnonzero(keep).tolist()
    found = tuple(
        Measured(runs.day[i].astype(date), int(runs.activity_id[i]), float(values[i])) for i in rows
    )
    return found if len(found) >= LEAST_RUNS else ()


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
