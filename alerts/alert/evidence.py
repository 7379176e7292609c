"""Published evidence for or against a rule or a routine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """Published evidence for and against one rule.

    ``claim`` is a clause that may follow "Moderate evidence: "; ``grade`` is strong, moderate, weak or none.
    ``alarms`` is False for what is drawn and never told: it has no bundles.
    """

    kind: str
    claim: str
    study: str
    design: str
    n: int
    effect: str
    against: str
    grade: str
    not_shown: str
    source: str
    alarms: bool = True
