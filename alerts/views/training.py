"""Half a year of training: weeks, hard minutes, load, and two well-known ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from alerts.alert.evidence import Evidence
from alerts.care.explained_alert import ExplainedAlert
from alerts.evaluation.training_status import Week
from alerts.statistics.rolling import as_date, day_number
from alerts.text.units import METRIC, Units
from ingest.formats.recording import Column
from ingest.training_days.table import Runs, TrainingDays


@dataclass(frozen=True, slots=True)
class HardWeek:
    """Hard minutes of one week; None if a run's intensity is unknown."""

    first_day: date
    hard_min: float | None


@dataclass(frozen=True, slots=True)
class LoadWeek:
    """Training impulse of one week by two definitions; None if any run's is unknown."""

    first_day: date
    edwards_au: float | None
    banister_au: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """A daily ratio: dates of shape (n,), values of shape (n,), NaN where undefined."""

    days: Sequence[date]
    values: Column


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """The weeks, current one last, with their alerts.

    ``evidence`` is the catalogue's, by kind; it holds what is known of the two ratios too.
    """

    today: date
    weeks: tuple[Week, ...]
    season: tuple[ExplainedAlert, ...]
    hard: tuple[HardWeek, ...]
    acute_chronic: Ratio
    week_to_week: Ratio
    units: Units = METRIC
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    load: tuple[LoadWeek, ...] = ()


def hard_weeks(days: TrainingDays, starts: Sequence[date]) -> tuple[HardWeek, ...]:
    """Hard minutes of the weeks that begin on the given days.

    A week is unknown where any of its days holds nothing but runs of unknown intensity.
    """
    if not len(days):
        return ()
    first = day_number(days.day[0].astype(date))
    weeks = []
    for start in starts:
        row = day_number(start) - first
        held = days.hard_min[max(row, 0) : max(row + 7, 0)]
        weeks.append(HardWeek(start, None if np.isnan(held).any() else float(held.sum())))
    return tuple(weeks)


def load_weeks(runs: Runs, starts: Sequence[date]) -> tuple[LoadWeek, ...]:
    """Training impulse of the weeks that begin on the given days; 0 without runs."""
    edwards_au = np.where(runs.counts_intensity, runs.edwards_au, np.nan)
    banister_au = np.where(runs.counts_intensity, runs.banister_au, np.nan)
    weeks = []
    for start in starts:
        first = np.datetime64(start, "D")
        held = (runs.day >= first) & (runs.day < first + np.timedelta64(7, "D"))
        weeks.append(LoadWeek(start, _sum(edwards_au[held]), _sum(banister_au[held])))
    return tuple(weeks)


def _sum(values: Column) -> float | None:
    return None if np.isnan(values).any() else float(values.sum())


def latest(days: TrainingDays, values: Column, count: int) -> Ratio:
    """The last ``count`` days of a column."""
    shown = days.day[-count:]
    first = day_number(shown[0].astype(date)) if len(shown) else 0
    return Ratio([as_date(first + i) for i in range(len(shown))], values[-count:])
