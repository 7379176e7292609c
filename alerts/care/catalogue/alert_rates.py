"""How often each rule alerts among simulated runners with the same number of runs a week."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass

from alerts.care.catalogue.toml_entries import care_folder
from ingest.training_days.table import TrainingDays

FILE = "rates.toml"
WEEKS = 52
LEAST_WEEKS = 8
"""A habit of fewer weeks is none to be compared by."""


@dataclass(frozen=True, slots=True)
class AlertRate:
    """Alerts per year of one rule among simulated runners: mean and maximum."""

    kind: str
    runs_a_week: int
    runners: int
    a_year: float
    most: int


@functools.cache
def read_rates() -> tuple[AlertRate, ...]:
    """Read the rates that the benchmark measured."""
    with (care_folder() / FILE).open("rb") as file:
        return tuple(AlertRate(**entry) for entry in tomllib.load(file)["rate"])


def rate_for(kind: str, days: TrainingDays) -> AlertRate | None:
    """The rate for somebody's number of runs a week in the last year; None if none fits."""
    weeks = min(len(days) // 7, WEEKS)
    if weeks < LEAST_WEEKS:
        return None
    runs_a_week = round(float(days.run_count[-7 * weeks :].sum()) / weeks)
    alike = (rate for rate in read_rates() if (rate.kind, rate.runs_a_week) == (kind, runs_a_week))
    return next(alike, None)
