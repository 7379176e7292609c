"""Puts the feed together for whoever knows its address; every word of it passes the gate."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.care.explained_alert import Explained, with_others
from alerts.care.pain.advice_gate import Voice
from alerts.explanation.grouping import Cause, causes_of
from alerts.service.runner_service import Watch
from alerts.text.i18n import speaking
from alerts.views.atom_feed import Entry, FeedAddresses, write_feed

FEED_DAYS = 60


@dataclass(frozen=True, slots=True)
class FeedDesk:
    """One runner's feed."""

    watch: Watch
    addresses: FeedAddresses
    dashboard_url: str

    def read(self, token: str, now: datetime) -> str | None:
        """Write the feed as it stands; None where the secret opens nothing."""
        least = self.addresses.opens(token)
        if least is None:
            return None
        today = self.watch.runner.day_of(now)
        with speaking(self.watch.runner.language):
            voice = self.watch.voice(today)
        with self.watch.database.reading() as connection:
            found = self.watch.register.found_since(now - timedelta(days=FEED_DAYS), connection=connection)
            entered = self.watch.register.all(connection)
            quiet = self.watch.answers.snoozed(now, connection=connection)
        shown = [
            (found_at, finding)
            for found_at, finding in found
            if finding.kind not in quiet
            and finding.level >= least
            and (today - finding.day).days <= FEED_DAYS
        ]
        found_on = {finding.key: found_at for found_at, finding in shown}
        with speaking(self.watch.runner.language):  # whoever reads it, it is this runner's
            entries = [
                Entry(self._told(cause, quiet, today, voice), found_on[cause.lead.key], cause.first.key)
                for cause in causes_of((finding for _, finding in shown), entered)
            ]
        return write_feed(entries, address=self.watch.outbox.sender, dashboard_url=self.dashboard_url)

    def _told(self, cause: Cause, quiet: Container[str], today: date, voice: Voice) -> Explained:
        """What leads a story, naming the others but for rules that are kept quiet."""
        lead, *others = (
            self.watch.explain(part, today, voice=voice)
            for part in cause.parts
            if part is cause.lead or part.kind not in quiet
        )
        return with_others(lead, others)
