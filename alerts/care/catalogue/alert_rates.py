"""How often each rule speaks to simulated runners who run as often as this one, measured by the benchmark."""

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
    """What a rule said in a year to so many simulated runners: on average, and to whom it said most."""

    kind: str
    runs_a_week: int
    runners: int
    a_year: float
    most: int


@functools.cache
def read_rates() -> tuple[AlertRate, ...]:
    """Read what the benchmark wrote down."""
    with (care_folder() / FILE).open("rb") as file:
        return tuple(AlertRate(**entry) for entry in tomllib.load(file)["rate"])


def rate_for(kind: str, days: TrainingDays) -> AlertRate | None:
    """The rate among those who run as often as somebody did in the last year; None where none does."""
    weeks = min(len(days) // 7, WEEKS)
    if weeks < LEAST_WEEKS:
        return None
    runs_a_week = round(float(days.run_count[-7 * weeks :].sum()) / weeks)
    alike = (rate for rate in read_rates() if (rate.kind, rate.runs_a_week) == (kind, runs_a_week))
    return next(alike, None)
