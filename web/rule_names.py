"""What the rules are called on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from web.present import capital

RULE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "single_run_spike": "One run much longer",
        "two_week_ramp": "Two weeks of more running",
        "hard_minutes_spike": "More hard running",
        "cadence_shift": "Step rate at the same pace",
        "no_rest": "No rest",
        "balance_drift": "Left and right",
        "no_warm_up": "Hard from the start",
        "form_fade": "Fade in long runs",
        "descent_spike": "One run with far more downhill",
        "hard_after_hard": "Hard after hard",
        "return_after_break": "Return after a break",
    }
)


def rule_name(kind: str) -> str:
    """The name of a rule; one that has none here is called by its kind."""
    return RULE_NAMES.get(kind, capital(kind.replace("_", " ")))
