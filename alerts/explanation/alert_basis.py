"""What an alert rests on beyond its own numbers: the run it is compared with, and where quiet ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np

from alerts.alert.alert import Alert, Detector
from alerts.detectors.cadence import CadenceShift
from alerts.detectors.contact_balance import BalanceDrift
from alerts.detectors.hard_days import HardAfterHard
from alerts.detectors.rest import NoRest
from alerts.detectors.sessions import FormFade, NoWarmUp
from ingest.training_days.table import Runs

MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "single_run_spike": "distance_m",
        "descent_spike": "descent_m",
        "hard_minutes_spike": "hard_min",
        "hard_after_hard": "hard_min",
        "return_after_break": "distance_m",
    }
)
"""What the run that an alert is compared with had most of on its day."""

CEILINGS: Mapping[str, str] = MappingProxyType(
    {"m": "ceiling_m", "min": "ceiling_min", "days": "ceiling_days"}
)
"""The number that says, in each unit, what had been quiet."""


@dataclass(frozen=True, slots=True)
class ValueRange:
    """Where a rule is quiet, in the unit of the alert; None is no limit on that side."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """The run that an alert is compared with; ``value`` is what is compared, ``measure`` its column."""

    activity_id: int
    day: date
    measure: str
    value: float


@dataclass(frozen=True, slots=True)
class AlertBasis:
    """What an alert rests on; None where no one run, or no one number, says so or it may not be told."""

    compared_run: ComparedRun | None = None
    band: ValueRange | None = None


NO_GROUNDS = AlertBasis()


def look_up_grounds(alert: Alert, rules: Iterable[Detector], runs: Runs, *, may_tell: bool) -> AlertBasis:
    """The run that it is compared with, and the band in which the rule is quiet where that may be told."""
    return AlertBasis(compared_run(alert, runs), no_alert_range(alert, rules) if may_tell else None)


def no_alert_range(alert: Alert, rules: Iterable[Detector]) -> ValueRange | None:
    """Where the rule would have kept quiet; None where no single number says so."""
    ceiling = alert.numbers.get(CEILINGS.get(alert.unit, ""))
    if ceiling is not None:
        return ValueRange(high=ceiling)
    rule = next((rule for rule in rules if rule.kind == alert.kind), None)
    margin: float | None = None
    low: float | None = None
    high: float | None = None
    match rule:
        case CadenceShift():
            margin = alert.expected * rule.info_percent / 100
        case BalanceDrift():
            margin = rule.drift_percent
        case NoWarmUp():
            high = rule.least_runs - 1.0
        case FormFade():
            low = -rule.fade_percent
        case HardAfterHard():
            low = float(rule.rest_days)
        case NoRest() if alert.unit == "h":
            low = rule.rest_hours
        case NoRest():
            high = max(rule.monotony_limit, alert.expected)
        case _:
            return None
    if margin is not None:
        low, high = alert.expected - margin, alert.expected + margin
    return ValueRange(low, high)


def compared_run(alert: Alert, runs: Runs) -> ComparedRun | None:
    """The run of the day that an alert is compared with; None where it is compared with many."""
    measure = MEASURES.get(alert.kind)
    if measure is None or alert.compared_day is None or alert.activity_id is None:
        return None
    column = getattr(runs, measure)
    is_other = (runs.day == np.datetime64(alert.compared_day, "D")) & (runs.activity_id != alert.activity_id)
    rows = np.flatnonzero(is_other & np.isfinite(column))
    if not len(rows):
        return None
    row = rows[np.argmax(column[rows])]
    return ComparedRun(int(runs.activity_id[row]), alert.compared_day, measure, float(column[row]))
