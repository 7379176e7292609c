"""What made-up runners differ in, as data: what is measured says where, what is assumed says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np


@dataclass(frozen=True, slots=True)
class CadenceProfile:
    """Cadence of one real log of several years: 30-s windows, residuals from a rolling 42-day baseline."""

    name: str
    at_3_mps_spm: float
    slope_spm_per_mps: float
    sd_spm: float
    lag_1: float


PROFILES = (
    CadenceProfile("A", 182.0, 3.3, 2.5, 0.47),
    CadenceProfile("B", 176.0, 5.3, 3.4, 0.27),
    CadenceProfile("C", 175.0, 4.1, 1.4, 0.36),
    CadenceProfile("D", 174.0, 9.0, 2.0, 0.35),
    CadenceProfile("E", 169.0, 3.1, 2.4, 0.19),
)
"""Five real logs, 2,354 runs."""


@dataclass(frozen=True, slots=True)
class Between:
    """A runner's value lies anywhere between two; ``source`` says how that is known."""

    low: float
    high: float
    source: str

    def draw(self, chance: np.random.Generator) -> float:
        """One runner's value."""
        return float(chance.uniform(self.low, self.high))


_ASSUMED = "assumed"

WORLD: Mapping[str, Between] = MappingProxyType(
    {
        "runs a week": Between(3, 6, "weekly patterns of 3 to 6 runs"),
        "km a run, on average": Between(5.0, 13.0, _ASSUMED),
        "share of the week in its longest run": Between(0.30, 0.42, _ASSUMED),
        "SD of a run's length around its plan (log)": Between(0.06, 0.16, _ASSUMED),
        "SD of GPS distance": Between(
            0.03, 0.06, "mean error of eight watches, 3.2-6.1 %: Gilgen-Ammann 2020"
        ),
        "run left out": Between(0.04, 0.14, _ASSUMED),
        "run a day later": Between(0.05, 0.20, _ASSUMED),
        "SD of a week's volume (log)": Between(0.08, 0.22, _ASSUMED),
        "lag-1 correlation of a week's volume": Between(0.0, 0.4, _ASSUMED),
        "cut-back week, every fourth": Between(0.65, 0.85, _ASSUMED),
        "season of volume, amplitude (log)": Between(0.05, 0.25, _ASSUMED),
        "growth of volume towards a race (log)": Between(0.10, 0.35, _ASSUMED),
        "holidays a year": Between(1.0, 3.0, _ASSUMED),
        "illnesses a year": Between(1.0, 3.0, _ASSUMED),
        "races a year": Between(1.0, 5.0, _ASSUMED),
        "minutes of a hard session": Between(12.0, 32.0, _ASSUMED),
        "SD of a hard session's minutes (log)": Between(0.15, 0.30, _ASSUMED),
        "SD of measured hard minutes (log)": Between(0.10, 0.25, _ASSUMED),
        "season of hard minutes, heat (log)": Between(0.05, 0.20, _ASSUMED),
        "hard minutes in an easy run": Between(0.0, 3.0, _ASSUMED),
        "run without heart rate": Between(0.0, 0.04, _ASSUMED),
        "easy speed, m/s": Between(2.4, 3.2, _ASSUMED),
        "SD of a run's speed, m/s": Between(0.08, 0.18, _ASSUMED),
        "season of cadence, amplitude": Between(0.0, 0.006, _ASSUMED),
        "SD of cadence with new shoes, every 120 days": Between(0.0, 0.006, _ASSUMED),
        "run on trails": Between(0.0, 0.15, _ASSUMED),
        "run with too few steady half-minutes": Between(0.02, 0.10, _ASSUMED),
        "watches a year": Between(0.2, 0.2, "two new watches in ten years"),
    }
)
"""What runners differ in. Cadence noise is Student's t of five degrees: single runs off by more than 3 % are
2 to 9 % of the real ones."""
