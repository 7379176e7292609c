"""Evaluation criteria: time zone, heart-rate threshold, enabled rules, severity modifiers."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alerts.alert.alert import Alert, Detector
from alerts.alert.severity import Escalation
from alerts.detectors.incremental import Look, look
from alerts.detectors.registry import REGISTRY, detect, make_rule
from alerts.evaluation.history_cache import Incremental
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.build import build_training_days
from ingest.training_days.table import TrainingDays


@dataclass(frozen=True, slots=True)
class EvaluationCriteria:
    """Everything except the activities that alerts depend on; stored with the alerts."""

    time_zone: ZoneInfo
    hard_heart_rate_bpm: float | None
    rules: tuple[Detector, ...]
    escalation: Escalation = dataclasses.field(default_factory=Escalation)

    def build_days(self, activities: Sequence[StoredActivity], now: datetime) -> TrainingDays:
        """The training days in this runner's time zone, up to the day of ``now``."""
        return build_training_days(
            activities,
            time_zone=self.time_zone,
            today=now.astimezone(self.time_zone).date(),
            hard_heart_rate_bpm=self.hard_heart_rate_bpm,
        )

    def evaluate(self, days: TrainingDays, seen: Incremental[Look] | None = None) -> list[Alert]:
        """All alerts of a history, with this runner's severity modifiers.

        With what was ``seen`` last, only what changed since then is looked at.
        """
        if seen is None:
            return self.escalation.raised(detect(days, self.rules))
        return self.escalation.raised(seen.update(lambda last: look(days, self.rules, last)).alerts)

    def to_json(self) -> str:
        """The criteria as JSON; equal text means equal evaluation."""
        injury = self.escalation.previous_injury
        return json.dumps(
            {
                "time_zone": self.time_zone.key,
                "hard_heart_rate_bpm": self.hard_heart_rate_bpm,
                "previous_injury": injury.isoformat() if injury else None,
                "together_days": self.escalation.together_days,
                "rules": {rule.kind: dataclasses.asdict(cast("Any", rule)) for rule in self.rules},
            },
            sort_keys=True,
        )


def criteria_from_json(text: str) -> EvaluationCriteria | None:
    """Criteria stored by an earlier evaluation; None if they no longer parse.

    A rule whose numbers are not those of today's is left out: what it said then cannot be asked again.
    """
    try:
        told = json.loads(text)
        injury = told["previous_injury"]
        return EvaluationCriteria(
            ZoneInfo(told["time_zone"]),
            told["hard_heart_rate_bpm"],
            tuple(rule for kind, table in told["rules"].items() if (rule := _rule(kind, table))),
            Escalation(date.fromisoformat(injury) if injury else None, told["together_days"]),
        )
    except (ValueError, KeyError, TypeError, ZoneInfoNotFoundError):
        return None


def keys_from_criteria_change(
    old: EvaluationCriteria, activities: Sequence[StoredActivity], alerts: Sequence[Alert], now: datetime
) -> frozenset[str]:
    """Keys of alerts that are new or more severe because the criteria changed, not because of a run.

    They are entered, and told to nobody.
    """
    before = {alert.key: alert.level for alert in old.evaluate(old.build_days(activities, now))}
    return frozenset(f.key for f in alerts if f.key not in before or before[f.key] < f.level)


def _rule(kind: str, table: Mapping[str, Any]) -> Detector | None:
    if kind not in REGISTRY:
        return None
    try:
        return make_rule(REGISTRY[kind], table)
    except ValueError:
        return None
