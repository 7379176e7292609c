"""A rule on one's own history: what it said, what it would have said, and whether pain came after it."""

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
    """One number of a rule; ``unit`` and ``words`` are those of the defaults, empty where there are none."""

    name: str
    value: float
    unit: str = ""
    words: str = ""
    shipped: float | None = None

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers fit."""
        return isinstance(self.value, int)

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that may be tried."""
        shipped = self.value if self.shipped is None else self.shipped
        low, high = min(shipped / FARTHEST, self.value), max(shipped * FARTHEST, self.value)
        return (max(1, int(low)), int(high)) if self.is_whole else (low, high)


@dataclass(frozen=True, slots=True)
class Record:
    """What a rule says of a whole history, and how that is counted."""

    alerts: tuple[Alert, ...]
    figures: RuleReplay


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule: its evidence, its numbers, and its record on this history.

    ``tells_pain`` says whether any pain was ever told, so that none after an alert means something.
    ``shipped`` is how often the rule would have spoken with the numbers that it is shipped with, ``live``
    what it said as it happened, since its numbers are as they are. ``rate`` is what it tells simulated runners
    who run as often.
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
    """Every rule over the whole history and as it happened, with its evidence; ``off`` are switched off."""

    past: ReplayTable
    live: ReplayTable
    evidence: Mapping[str, Evidence]
    off: Collection[str]
    today: date
    tells_pain: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would have said with other numbers; ``problem`` says why they cannot be tried."""

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
    """Let a rule look at a whole history, among ``rules``, and count after which alerts pain was told."""
    alerts = tuple(detect_one(days, rule, rules))
    first = days.day[0].astype(date) if len(days) else None
    (figures,) = compare(alerts, painful, kinds=[rule.kind], first=first, last=days.today).rules
    return Record(alerts, figures)


def changed(rule: Detector, chosen: Mapping[str, float], shipped: Detector | None = None) -> Detector:
    """The same rule with other numbers.

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
