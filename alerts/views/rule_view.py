"""A rule on one's own history: its alerts, with other parameters, and whether pain followed."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from alerts.alert.alert import Alert, Detector
from alerts.alert.evidence import Evidence
from alerts.care.catalogue.alert_rates import AlertRate
from alerts.detectors.registry import detect_one
from alerts.evaluation.parameter_override import parameters
from alerts.evaluation.replay import FOLLOW_DAYS, ReplayTable, RuleReplay, compare
from alerts.text.units import METRIC, Units
from ingest.training_days.table import TrainingDays

PAIN_WITHIN_DAYS = FOLLOW_DAYS
"""Pain that is told so soon after an alert is counted as having followed it. [days]"""

FARTHEST = 10.0
"""A number may be tried from a tenth to ten times of what is shipped: more is another rule."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a rule; ``unit`` and ``words`` describe it, empty if unknown."""

    name: str
    value: float
    unit: str = ""
    words: str = ""
    shipped: float | None = None

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers are allowed."""
        return isinstance(self.value, int)

    @property
    def bounds(self) -> tuple[float, float]:
        """The smallest and largest value that may be tried."""
        shipped = self.value if self.shipped is None else self.shipped
        low, high = min(shipped / FARTHEST, self.value), max(shipped * FARTHEST, self.value)
        return (max(1, int(low)), int(high)) if self.is_whole else (low, high)


@dataclass(frozen=True, slots=True)
class Record:
    """A rule's alerts over a whole history, and their statistics."""

    alerts: tuple[Alert, ...]
    figures: RuleReplay


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule: evidence, parameters, and its record on this history.

    ``tells_pain`` is True if any pain was ever reported, so that no pain after an alert means something.
    ``shipped`` is the number of alerts with default parameters, ``live`` the record as it happened since the
    parameters last changed. ``rate`` is the rate among simulated runners with as many runs a week.
    """

    kind: str
    evidence: Evidence | None
    parameters: tuple[Parameter, ...]
    record: Record
    live: RuleReplay
    today: date
    tells_pain: bool = False
    units: Units = METRIC
    time_zone: str = "UTC"
    is_off: bool = False
    shipped: int = 0
    rate: AlertRate | None = None


@dataclass(frozen=True, slots=True)
class RuleList:
    """Every rule over the history, with its evidence; ``off`` are disabled."""

    past: ReplayTable
    live: ReplayTable
    evidence: Mapping[str, Evidence]
    off: Collection[str]
    today: date
    tells_pain: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """A rule's record with other parameters; ``problem`` says why they are not allowed."""

    chosen: Mapping[str, float]
    record: Record | None = None
    problem: str = ""


def parameters_of(
    rule: Detector, words: Mapping[str, tuple[str, str]], shipped: Detector | None = None
) -> tuple[Parameter, ...]:
    """Read the numbers of a rule in their order; ``words`` gives the unit and the meaning of each."""
    before = parameters(shipped or rule)
    return tuple(
        Parameter(name, value, *words.get(name, ("", "")), shipped=before[name])
        for name, value in parameters(rule).items()
    )


def build_record(
    rule: Detector, days: TrainingDays, painful: Iterable[date], rules: Iterable[Detector] = ()
) -> Record:
    """Run a rule over a whole history, among ``rules``."""
    alerts = tuple(detect_one(days, rule, rules))
    first = days.day[0].astype(date) if len(days) else None
    (figures,) = compare(alerts, painful, kinds=[rule.kind], first=first, last=days.today).rules
    return Record(alerts, figures)


def changed(rule: Detector, chosen: Mapping[str, float], shipped: Detector | None = None) -> Detector:
    """The same rule with other parameters.

    Raises
    ------
    ValueError
        If a number is out of bounds, or the rule does not work with them.
    """
    for parameter in parameters_of(rule, {}, shipped):
        low, high = parameter.bounds
        if parameter.name in chosen and not low <= chosen[parameter.name] <= high:
            raise ValueError(f"{parameter.name} can be tried from {low:g} to {high:g}")
    return dataclasses.replace(rule, **chosen)  # type: ignore[type-var]  # every rule is a dataclass


def preview(  # noqa: PLR0913 - what is tried on what, among what
    rule: Detector,
    chosen: Mapping[str, float],
    days: TrainingDays,
    painful: Sequence[date],
    *,
    shipped: Detector | None = None,
    rules: Iterable[Detector] = (),
) -> Preview:
    """Try other numbers on a history; numbers that cannot be tried are an answer, not an exception."""
    try:
        return Preview(chosen, build_record(changed(rule, chosen, shipped), days, painful, rules))
    except ValueError as error:
        return Preview(chosen, problem=str(error))
