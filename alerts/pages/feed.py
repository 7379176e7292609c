"""Findings as an Atom feed (RFC 4287) behind a secret address that can be revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

import sqlalchemy as sa

from alerts.errors import AlertsError
from alerts.findings import Level
from alerts.pages.overview import Explained
from alerts.tables import feed_table as table
from ingest.database import Database

TOKEN_BYTES = 32
TOKEN_AT_MOST = 200
ENTRIES_AT_MOST = 50


class FeedError(AlertsError):
    """There is no such address of a feed."""


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """An address that is in force; the secret in it is not known any more."""

    id: int
    least: Level
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FeedAddresses:
    """One runner's addresses of the feed; only a hash of each secret is kept."""

    database: Database
    runner_id: int

    def issue(self, least: Level, *, now: datetime) -> str:
        """Make an address for findings from a level on; the secret is given this once."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = {
            "runner_id": self.runner_id,
            "token_sha256": _fingerprint(token),
            "least_level": int(least),
            "created_at": now,
        }
        with self.database.writing() as connection:
            connection.execute(sa.insert(table).values(row))
        return token

    def revoke(self, number: int, *, now: datetime) -> None:
        """End an address; it never opens again.

        Raises
        ------
        FeedError
            If the runner has no such address in force.
        """
        ended = sa.update(table).where(self._mine, table.c.id == number, table.c.revoked_at.is_(None))
        with self.database.writing() as connection:
            if not connection.execute(ended.values(revoked_at=now)).rowcount:
                raise FeedError(f"there is no feed {number}")

    def opens(self, token: str) -> Level | None:
        """The level from which on this secret shows findings; None where it opens nothing."""
        if not 0 < len(token) <= TOKEN_AT_MOST:
            return None
        query = sa.select(table.c.least_level).where(
            self._mine, table.c.token_sha256 == _fingerprint(token), table.c.revoked_at.is_(None)
        )
        with self.database.reading() as connection:
            least = connection.execute(query).scalar()
        return None if least is None else Level(least)

    def all(self) -> list[FeedAddress]:
        """The addresses in force, oldest first."""
        query = sa.select(table).where(self._mine, table.c.revoked_at.is_(None)).order_by(table.c.id)
        with self.database.reading() as connection:
            rows = connection.execute(query).mappings()
            return [FeedAddress(row["id"], Level(row["least_level"]), row["created_at"]) for row in rows]

    @property
    def _mine(self) -> sa.ColumnElement[bool]:
        return table.c.runner_id == self.runner_id


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding with the moment at which it was found."""

    explained: Explained
    found_at: datetime


def write_feed(entries: Sequence[Entry], *, address: str, dashboard_url: str) -> str:
    """Write the feed, the latest first; ``address`` tells one installation's entries from another's."""
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


def _entry(entry: Entry, feed: str, dashboard_url: str) -> str:
    finding, story = entry.explained.finding, entry.explained.story
    address = quoteattr(f"{dashboard_url}/findings/{finding.key}")
    return (
        f"<entry><id>{feed}:{escape(finding.key)}</id><title>{escape(story.title)}</title>"
        f"<updated>{entry.found_at.isoformat()}</updated><link href={address}/>"
        f"<category term={quoteattr(finding.level.word)}/>"
        f'<summary type="text">{escape(f"{story.sentence} {story.act}")}</summary></entry>'
    )


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
