"""Findings of every kind and level, as the rules would write them, for the tests of words and letters."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from alerts.alert.alert import Alert, Level
from alerts.care.catalogue.catalogue import CareCatalogue
from alerts.explanation.alert_text import describe
from alerts.notifications.compose.email_content import EmailAlert
from alerts.text.units import METRIC, Units

SUNDAY = date(2024, 5, 12)

KINDS = (
    "single_run_spike",
    "two_week_ramp",
    "hard_minutes_spike",
    "cadence_shift",
    "no_rest",
    "balance_drift",
    "no_warm_up",
    "form_fade",
    "descent_spike",
    "hard_after_hard",
    "return_after_break",
)

_SEEN = MappingProxyType(
    {
        "single_run_spike": (14_200.0, 10_600.0, "m", {"excess_m": 3_600.0, "ceiling_m": 11_660.0}),
        "two_week_ramp": (84_200.0, 58_000.0, "m", {"highest_m": 70_100.0, "ceiling_m": 77_110.0}),
        "hard_minutes_spike": (62.0, 40.0, "min", {"span_days": 14.0, "ceiling_min": 60.0}),
        "cadence_shift": (165.0, 172.0, "1/min", {"change_percent": -4.07, "speed_mps": 2.78}),
        "no_rest": (12.0, 6.0, "days", {"ceiling_days": 11.0}),
        "balance_drift": (51.9, 50.1, "%", {"baseline_runs": 22.0}),
        "no_warm_up": (3.0, 0.0, "runs", {"hard_runs": 5.0, "no_cool_down_runs": 2.0}),
        "form_fade": (-4.2, 0.0, "%", {"fading_runs": 3.0, "long_runs": 5.0}),
        "descent_spike": (820.0, 500.0, "m", {"excess_m": 320.0, "ceiling_m": 750.0}),
        "hard_after_hard": (1.0, 2.0, "days", {"first_min": 41.0, "second_min": 32.0}),
        "return_after_break": (23.0, 5.0, "days", {"return_ceiling_m": 9_060.0, "ceiling_days": 13.0}),
    }
)


def alert(
    kind: str,
    level: Level = Level.CAUTION,
    *,
    observed: float | None = None,
    expected: float | None = None,
    day: date = SUNDAY,
    numbers: dict[str, float] | None = None,
) -> Alert:
    """A finding as its rule would write it, with what is given changed."""
    seen, before, unit, noted = _SEEN[kind]
    return Alert(
        kind,
        day,
        level,
        observed=seen if observed is None else observed,
        expected=before if expected is None else expected,
        unit=unit,
        compared_day=date(2024, 5, 3),
        numbers=MappingProxyType(noted if numbers is None else numbers),
    )


def tell(
    care: CareCatalogue, found: Alert, *, units: Units = METRIC, today: date | None = None
) -> EmailAlert:
    """A finding with its words and its advice."""
    advice = care.advise(found)
    return EmailAlert(found, describe(found, advice.evidence, units=units, today=today), advice)
