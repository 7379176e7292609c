"""All rules by their kind, and what they say of a history together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from alerts.alert.alert import NOTHING, Alert, Before, Detector, Level
from alerts.detectors.cadence import CadenceShift
from alerts.detectors.contact_balance import BalanceDrift
from alerts.detectors.descent import DescentSpike
from alerts.detectors.hard_days import HardAfterHard
from alerts.detectors.intensity import HardMinutesSpike
from alerts.detectors.ramp import TwoWeekRamp
from alerts.detectors.rest import NoRest
from alerts.detectors.return_after_break import ReturnAfterBreak
from alerts.detectors.sessions import FormFade, NoWarmUp
from alerts.detectors.single_run import SingleRunSpike
from alerts.statistics.rolling import as_date, day_numbers
from ingest.training_days.table import TrainingDays

REGISTRY: Mapping[str, type[Detector]] = MappingProxyType(
    {
        rule.kind: rule
        for rule in (
            SingleRunSpike,
            TwoWeekRamp,
            HardMinutesSpike,
            CadenceShift,
            NoRest,
            BalanceDrift,
            NoWarmUp,
            FormFade,
            DescentSpike,
            HardAfterHard,
            ReturnAfterBreak,
        )
    }
)
"""Kind to rule; each takes the table ``[detectors.<kind>]`` of the settings as its arguments."""

TOGETHER_DAYS = 7
"""More hard minutes so soon after a much longer run are graver, though another story. [days]"""

HEAR_OF_SPIKES = frozenset({NoRest.kind, HardMinutesSpike.kind})
"""What these say depends on what the single-run rule said."""


def detect(days: TrainingDays, detectors: Iterable[Detector], before: Before = NOTHING) -> list[Alert]:
    """Find all that the rules say of a history, by day and then kind.

    With ``before``, what all of them said of the days before a day, only from there on; the whole history is
    there nevertheless, and each rule is given as much of it as it looks at.
    """
    rules = list(detectors)
    alerts = [alert for rule in rules for alert in rule(_reached(days, rule, before), before.of(rule.kind))]
    near_days = max(TOGETHER_DAYS, *(rule.after_days for rule in rules if isinstance(rule, NoRest)), 0)
    near = [f for f in before.alerts if (before.since - f.day).days <= near_days]
    alerts += _runs_without_rest(_since(days, before, near_days), rules, [*near, *alerts], before)
    joined = escalate([*near, *alerts])[len(near) :]
    return sorted(joined, key=lambda alert: (alert.day, alert.kind))


def detect_one(days: TrainingDays, rule: Detector, detectors: Iterable[Detector]) -> list[Alert]:
    """Find what one of the rules says of a history, as it does among all of them."""
    heard = [one for one in detectors if isinstance(one, SingleRunSpike) and rule.kind in HEAR_OF_SPIKES]
    return [alert for alert in detect(days, [*heard, rule]) if alert.kind == rule.kind]


def _reached(days: TrainingDays, rule: Detector, before: Before) -> TrainingDays:
    return days if rule.reach_days is None else _since(days, before, rule.reach_days)


def _since(days: TrainingDays, before: Before, back_days: int) -> TrainingDays:
    """The days from so many before ``before.since`` on."""
    if not len(days) or before.day - back_days <= day_numbers(days.day[:1])[0]:
        return days
    return days.since(as_date(before.day - back_days))


def _runs_without_rest(
    days: TrainingDays, rules: Iterable[Detector], alerts: Sequence[Alert], before: Before
) -> list[Alert]:
    """Runs too soon after a long one; on a day on which the rule of rest says more, it says that."""
    kinds = {SingleRunSpike.kind, NoRest.kind}
    rest_of = before.of(NoRest.kind)
    return [
        alert
        for rule in rules
        if isinstance(rule, NoRest)
        for alert in rule.after_long_runs(days, [f for f in alerts if f.kind in kinds], rest_of)
    ]


def escalate(alerts: Iterable[Alert]) -> list[Alert]:
    """Raise hard minutes to caution where a single-run spike lies on their day or in the six days before.

    Only looks back: a long run raises nothing that was said before it. One that is for information, since
    the error of two distances explains it, raises nothing.
    """
    alerts = list(alerts)
    spikes = [f.day for f in alerts if f.kind == SingleRunSpike.kind and f.level > Level.INFO]
    return [
        dataclasses.replace(alert, level=max(alert.level, Level.CAUTION))
        if alert.kind == HardMinutesSpike.kind
        and any(0 <= (alert.day - day).days < TOGETHER_DAYS for day in spikes)
        else alert
        for alert in alerts
    ]


MOST_COUNTED = 3_660
"""Days, weeks, runs: ten years of days. A rule that counts further says no more, and takes for ever."""

MOST_MEASURED = 1e6
"""Metres, minutes, percent, ratios: a thousand kilometres of running in two weeks."""


def make_rule(kind: type[Detector], numbers: Mapping[str, Any]) -> Detector:
    """A rule of that kind with these numbers, which may be words for numbers.

    Raises
    ------
    ValueError
        If a number is missing, is none, or lies beyond what any runner can do; the message names it.
    """
    try:
        rule = msgspec.convert(numbers, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        value = getattr(rule, field.name)
        most = MOST_COUNTED if isinstance(value, int) else MOST_MEASURED
        if not 0 <= value <= most:
            raise ValueError(f"{field.name} is {value:,}; it can be from 0 to {most:,.0f}")
    return rule
