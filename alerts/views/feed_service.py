"""Serves the Atom feed behind a secret URL; all text passes the advice gate."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.care.explained_alert import ExplainedAlert, with_grouped
from alerts.care.pain.advice_gate import AdviceGate
from alerts.explanation.grouping import AlertGroup, groups_of
from alerts.service.runner_service import RunnerService
from alerts.text.i18n import use_language
from alerts.views.atom_feed import FeedAddresses, FeedEntry, write_feed

FEED_DAYS = 60


@dataclass(frozen=True, slots=True)
class FeedService:
    """One runner's feed."""

    runner_service: RunnerService
    addresses: FeedAddresses
    dashboard_url: str

    def read(self, token: str, now: datetime) -> str | None:
        """Render the feed; None if the secret is not valid."""
        least = self.addresses.opens(token)
        if least is None:
            return None
        today = self.runner_service.runner.day_of(now)
        with use_language(self.runner_service.runner.language):
            gate = self.runner_service.gate(today)
        with self.runner_service.database.reading() as connection:
            found = self.runner_service.alert_store.found_since(
                now - timedelta(days=FEED_DAYS), connection=connection
            )
            entered = self.runner_service.alert_store.all(connection)
            quiet = self.runner_service.answers.snoozed(now, connection=connection)
        shown = [
            (found_at, alert)
            for found_at, alert in found
            if alert.kind not in quiet and alert.level >= least and (today - alert.day).days <= FEED_DAYS
        ]
        found_on = {alert.key: found_at for found_at, alert in shown}
        with use_language(self.runner_service.runner.language):  # whoever reads it, it is this runner's
            entries = [
                FeedEntry(self._told(group, quiet, today, gate), found_on[group.lead.key], group.first.key)
                for group in groups_of((alert for _, alert in shown), entered)
            ]
        return write_feed(
            entries, address=self.runner_service.outbox.sender, dashboard_url=self.dashboard_url
        )

    def _told(
        self, group: AlertGroup, quiet: Container[str], today: date, gate: AdviceGate
    ) -> ExplainedAlert:
        """The leading alert of a group, naming the others except snoozed ones."""
        lead, *others = (
            self.runner_service.explain(part, today, gate=gate)
            for part in group.parts
            if part is group.lead or part.kind not in quiet
        )
        return with_grouped(lead, others)
