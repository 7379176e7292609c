"""A finding in words: said once here, so that page and letter say the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from alerts.care.catalogue import Evidence
from alerts.findings import Finding
from alerts.units import METRIC, Units


@dataclass(frozen=True, slots=True)
class Story:
    """What a person reads of one finding, in finished sentences.

    ``title`` names the finding ("One run much longer"), ``sentence`` is what happened with its number and
    date, ``act`` is the one thing to do and starts with a verb, ``study`` is the evidence and its strength in
    one sentence, ``quiet`` says what would have kept the rule quiet.
    """

    title: str
    sentence: str
    act: str
    study: str
    quiet: str


def describe(
    finding: Finding, evidence: Evidence, *, units: Units = METRIC, today: date | None = None
) -> Story:
    """Tell a finding in finished sentences; ``today`` is the day on which it is read, by default its own."""
    raise NotImplementedError(finding, evidence, units, today)
