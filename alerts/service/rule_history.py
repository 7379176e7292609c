"""What the rules would have reported in one runner's past with any parameters, and what they did report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from alerts.alert.alert import Detector
from alerts.alert.alert_store import AlertStore
from alerts.evaluation.parameter_override import adjusted
from alerts.evaluation.replay import ReplayTable, as_it_happened, pain_days, replay
from alerts.journal.journal import Journal
from alerts.notifications.answers import Answers
from alerts.runner.preferences import ALL_NUMBERS, OFF, Preferences
from alerts.service.effective_settings import SettingsProvider
from alerts.service.history import History

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RuleHistory:
    """Rule results compared with the pain diary and the runner's opinions."""

    effective_settings: SettingsProvider
    history: History
    alert_store: AlertStore
    journal: Journal
    answers: Answers

    def replay(
        self, now: datetime, *, kind: str | None = None, changes: Mapping[str, str] | None = None
    ) -> ReplayTable:
        """When each rule would have triggered in this history, with current or other parameters.

        Raises
        ------
        ReplayError
            If there is no such rule or parameter, or the value cannot be.
        """
        chosen = {rule.kind: rule for rule in adjusted(self._rules, changes or {}, kind=kind)}
        rules = [chosen.get(rule.kind, rule) for rule in self._rules]
        return replay(self.history.days(now), rules, self._pain_days, kind=kind)

    def live_figures(self, now: datetime, *, kind: str | None = None) -> ReplayTable:
        """The same figures for alerts found as they happened, without imported years.

        Each rule is counted since its numbers became what they are, or it was switched on or off.
        """
        runner = self.effective_settings().runner
        kinds = [rule.kind for rule in adjusted(self._rules, {}, kind=kind)]
        with self.history.store.database.reading() as connection:
            entered = self.alert_store.found_since(BEGINNING, connection=connection)
        dated = [(runner.day_of(found_at), alert) for found_at, alert in entered]
        return as_it_happened(
            dated,
            self._pain_days,
            kinds=kinds,
            first=runner.day_of(self.history.store.runner.enrolled_at()),
            last=runner.day_of(now),
            since=self._changed_on(kinds),
            said=self.answers.opinions(),
        )

    def _changed_on(self, kinds: Sequence[str]) -> dict[str, date]:
        """Per rule, the day of its last change by the runner."""
        runner, store = self.effective_settings().runner, self.history.store
        changes = Preferences(store.database, store.runner_id).changes(ALL_NUMBERS, OFF)
        return {
            kind: runner.day_of(change.changed_at)
            for change in reversed(changes)
            for kind in kinds
            if change.is_number_of(kind) or change.switches(kind)
        }

    @property
    def _rules(self) -> Sequence[Detector]:
        return self.effective_settings().rules

    @property
    def _pain_days(self) -> list[date]:
        return pain_days(self.journal.pain.since(date.min))
