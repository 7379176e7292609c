"""What the rules are called on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from alerts.words.language import marked, say
from web.present import capital

RULE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "single_run_spike": marked("One run much longer"),
        "two_week_ramp": marked("Two weeks of more running"),
        "hard_minutes_spike": marked("More hard running"),
        "cadence_shift": marked("Step rate at the same pace"),
        "no_rest": marked("No rest"),
        "balance_drift": marked("Left and right"),
        "no_warm_up": marked("Hard from the start"),
        "form_fade": marked("Fade in long runs"),
        "descent_spike": marked("One run with far more downhill"),
        "hard_after_hard": marked("Hard after hard"),
        "return_after_break": marked("Return after a break"),
    }
)


def rule_name(kind: str) -> str:
    """The name of a rule; one that has none here is called by its kind."""
    return say(RULE_NAMES[kind]) if kind in RULE_NAMES else capital(kind.replace("_", " "))


RULE_SILENCES: Mapping[str, str] = MappingProxyType(
    {
        "single_run_spike": marked(
            "Then nobody tells you of a run much longer than those of the last month."
            " The ceiling on the first page stays."
        ),
        "two_week_ramp": marked("Then nobody tells you that two weeks were far more than those before."),
        "hard_minutes_spike": marked("Then nobody tells you that you ran hard for much longer than usual."),
        "cadence_shift": marked(
            "Then nobody tells you that your steps at the same pace have changed."
            " The band on the first page stays."
        ),
        "no_rest": marked(
            "Then nobody tells you of many days without rest, or of a run too soon after a long one."
        ),
        "balance_drift": marked("Then nobody tells you that your ground contact moves to one foot."),
        "no_warm_up": marked("Then nobody tells you that your hard runs begin hard."),
        "form_fade": marked(
            "Then nobody tells you that your steps become fewer towards the end of long runs."
        ),
        "descent_spike": marked("Then nobody tells you of a run with far more downhill than usual."),
        "hard_after_hard": marked("Then nobody tells you of a hard run within a day of another."),
        "return_after_break": marked(
            "Then nobody tells you how to begin again on the first run after a break."
        ),
    }
)
"""What is told no more where a rule is off."""


def rule_silence(kind: str) -> str:
    """What is not told while a rule is off."""
    return say(RULE_SILENCES[kind]) if kind in RULE_SILENCES else ""
