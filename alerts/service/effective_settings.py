"""One runner's effective settings: defaults, settings file and own choices merged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from alerts.alert.alert import Detector
from alerts.alert.severity import Escalation
from alerts.evaluation.criteria import EvaluationCriteria
from alerts.notifications.route import MailRoute
from alerts.runner.profile import Runner

MailMode = Literal["smtp", "folder", "off"]


@dataclass(frozen=True, slots=True)
class EffectiveSettings:
    """One runner's settings as the services use them; a change creates a new object.

    ``rules`` are all rules with their numbers, ``off`` the kinds of those that the runner switched off: what
    is drawn from a rule (the ceiling, the band) stays, it only finds nothing any more.
    """

    runner: Runner
    rules: tuple[Detector, ...]
    escalation: Escalation
    route: MailRoute | None
    sender: str
    mail_mode: MailMode = "off"
    off: frozenset[str] = frozenset()

    @property
    def criteria(self) -> EvaluationCriteria:
        """The evaluation criteria that follow from these settings."""
        on = tuple(rule for rule in self.rules if rule.kind not in self.off)
        return EvaluationCriteria(self.runner.time_zone, self.runner.hard_heart_rate_bpm, on, self.escalation)


SettingsProvider = Callable[[], EffectiveSettings]
"""Gives what is in force; asked for every page and every job, so that no change needs a restart."""
