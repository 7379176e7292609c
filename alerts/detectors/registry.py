"""All rules by their kind, and what they say of a history together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from alerts.detectors.balance import BalanceDrift
from alerts.detectors.cadence import CadenceShift
from alerts.detectors.comeback import ReturnAfterBreak
from alerts.detectors.descent import DescentSpike
from alerts.detectors.intensity import HardMinutesSpike
from alerts.detectors.ramp import TwoWeekRamp
from alerts.detectors.rest import NoRest
from alerts.detectors.sessions import FormFade, HardAfterHard, NoWarmUp
from alerts.detectors.single_run import SingleRunSpike
from alerts.findings import Detector, Finding, Level
from ingest.daily import TrainingDays

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
"""A longer run and more hard minutes within so many days are one event. [days]"""


def detect(days: TrainingDays, detectors: Iterable[Detector]) -> list[Finding]:
    """Find all that the rules say of a history, by day and then kind."""
    rules = list(detectors)
    findings = [finding for rule in rules for finding in rule(days)]
    findings += _runs_without_rest(days, rules, findings)
    return sorted(escalate(findings), key=lambda finding: (finding.day, finding.kind))


def _runs_without_rest(
    days: TrainingDays, rules: Iterable[Detector], findings: Iterable[Finding]
) -> list[Finding]:
    """Runs too soon after a long one; on a day on which the rule of rest says more, it says that."""
    spikes = [finding for finding in findings if finding.kind == SingleRunSpike.kind]
    spoken = {finding.day for finding in findings if finding.kind == NoRest.kind}
    return [
        finding
        for rule in rules
        if isinstance(rule, NoRest)
        for finding in rule.after_long_runs(days, spikes)
        if finding.day not in spoken
    ]


def escalate(findings: Iterable[Finding]) -> list[Finding]:
    """Raise hard minutes to caution where a single-run spike lies on their day or in the six days before.

    Only looks back: a long run raises nothing that was said before it.
    """
    findings = list(findings)
    spikes = [finding.day for finding in findings if finding.kind == SingleRunSpike.kind]
    return [
        dataclasses.replace(finding, level=max(finding.level, Level.CAUTION))
        if finding.kind == HardMinutesSpike.kind
        and any(0 <= (finding.day - day).days < TOGETHER_DAYS for day in spikes)
        else finding
        for finding in findings
    ]
