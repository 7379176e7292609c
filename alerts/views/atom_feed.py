"""Alerts as an Atom feed (RFC 4287) behind a secret URL."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from xml.sax.saxutils import escape, quoteattr

import sqlalchemy as sa

from alerts.alert.alert import Level
from alerts.care.explained_alert import ExplainedAlert
from alerts.runner.secret_urls import SecretAddresses
from alerts.schema import feed_table

ENTRIES_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class FeedAddresses(SecretAddresses[Level]):
    """One runner's feed URLs; each shows alerts from a level on."""

    table: ClassVar[sa.Table] = feed_table
    column: ClassVar[str] = "least_level"
    called: ClassVar[str] = "feed"

    @staticmethod
    def written(shows: Level) -> int:
        """The level's number."""
        return int(shows)

    @staticmethod
    def read(kept: int) -> Level:
        """The level with that number."""
        return Level(kept)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """The leading alert of a group and when it was found; ``name`` stays while the group grows."""

    explained: ExplainedAlert
    found_at: datetime
    name: str


def write_feed(entries: Sequence[FeedEntry], *, address: str, dashboard_url: str) -> str:
    """Render the feed, latest first; ``address`` distinguishes installations."""
    latest = sorted(entries, key=lambda entry: entry.found_at, reverse=True)[:ENTRIES_AT_MOST]
    updated = latest[0].found_at if latest else datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    name = f"urn:hipwatch:{hashlib.sha256(address.encode()).hexdigest()[:32]}"
    return "\n".join(
        (
            '<?xml version="1.0" encoding="utf-8"?>',
            '<feed xmlns="http://www.w3.org/2005/Atom">',
            f"<id>{name}</id>",
            "<title>Hipwatch</title>",
            "<author><name>Hipwatch</name></author>",
            f"<updated>{updated.isoformat()}</updated>",
            *(_entry(entry, name, dashboard_url.rstrip("/")) for entry in latest),
            "</feed>\n",
        )
    )


def _entry(entry: FeedEntry, feed: str, dashboard_url: str) -> str:
    alert, alert_text = entry.explained.alert, entry.explained.alert_text
    address = quoteattr(f"{dashboard_url}/findings/{alert.key}")
    return (
        f"<entry><id>{feed}:{escape(entry.name)}</id><title>{escape(alert_text.title)}</title>"
        f"<updated>{entry.found_at.isoformat()}</updated><link href={address}/>"
        f"<category term={quoteattr(alert.level.word)}/>"
        f'<summary type="text">{escape(f"{alert_text.sentence} {alert_text.act}")}</summary></entry>'
    )
