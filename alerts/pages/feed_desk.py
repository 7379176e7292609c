"""Puts the feed together for whoever knows its address; every word of it passes the gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.pages.feed import Entry, FeedAddresses, write_feed
from alerts.watch import Watch
from alerts.words.language import speaking

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
            quiet = self.watch.answers.snoozed(now, connection=connection)
        with speaking(self.watch.runner.language):  # whoever reads it, it is this runner's
            entries = [
                Entry(self.watch.explain(finding, today, voice=voice), found_at)
                for found_at, finding in found
                if finding.kind not in quiet
                and finding.level >= least
                and (today - finding.day).days <= FEED_DAYS
            ]
        return write_feed(entries, address=self.watch.outbox.sender, dashboard_url=self.dashboard_url)
