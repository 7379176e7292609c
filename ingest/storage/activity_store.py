"""Database access for files and activities; every query is restricted to one runner."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from ingest.analysis.histogram_codec import CompressedHistograms, compress_histograms
from ingest.analysis.summary import ActivitySummary
from ingest.errors import Outcome
from ingest.formats.recording import Flag
from ingest.storage.database import Database
from ingest.storage.duplicate_store import DuplicateStore
from ingest.storage.runner_record import RunnerRecord
from ingest.storage.schema import activity_table, filed_activities, original_table
from ingest.storage.stored_activity import StoredActivity

_PACKED = ("intensity", "flags")
_PLAIN = tuple(field.name for field in dataclasses.fields(ActivitySummary) if field.name not in _PACKED)


def to_row(summary: ActivitySummary) -> dict[str, Any]:
    """Convert a summary to database columns."""
    row: dict[str, Any] = {name: getattr(summary, name) for name in _PLAIN}
    row["flags"] = json.dumps([[flag.code, flag.detail] for flag in summary.flags])
    row["intensity"] = None if summary.intensity is None else compress_histograms(summary.intensity).data
    return row


def from_row(row: RowMapping | Mapping[str, Any]) -> ActivitySummary:
    """Convert database columns to a summary; other columns are ignored."""
    plain = {name: row[name] for name in _PLAIN}
    flags: Iterable[list[str]] = json.loads(row["flags"])
    intensity = row["intensity"]
    return ActivitySummary(
        **plain,
        flags=tuple(Flag(code, detail) for code, detail in flags),
        intensity=None if intensity is None else CompressedHistograms(intensity),
    )


CODE_VERSION = version("hipwatch")
"""Version that processes files now; files processed by another version are reprocessed after an upgrade."""

_COUNTED = sa.select(activity_table).where(activity_table.c.same_as.is_(None))


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """One processed file and its outcome."""

    sha256: str
    name: str
    size_bytes: int
    file_type: str
    outcome: Outcome
    reason: str
    taken_at: datetime
    examined_by: str = CODE_VERSION
    declared_sport: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class StoredRecording:
    """A recording from one file; ``same_as`` is the primary activity if it is a duplicate."""

    activity: StoredActivity
    name: str
    same_as: int | None


@dataclass(frozen=True, slots=True)
class ActivityStore:
    """One runner's files and activities."""

    database: Database
    runner_id: int

    @property
    def runner(self) -> RunnerRecord:
        """The runner's own row."""
        return RunnerRecord(self.database, self.runner_id)

    def outcomes(self, fingerprints: Collection[str]) -> dict[str, Outcome]:
        """Outcomes of those of the given files that were processed before."""
        found: dict[str, Outcome] = {}
        listed = list(fingerprints)
        with self.database.reading() as connection:
            for start in range(0, len(listed), 500):
                query = sa.select(original_table.c.sha256, original_table.c.outcome).where(
                    original_table.c.runner_id == self.runner_id,
                    original_table.c.sha256.in_(listed[start : start + 500]),
                )
                found.update((row.sha256, row.outcome) for row in connection.execute(query))
        return found

    def declared_sports(self, fingerprints: Collection[str]) -> dict[str, str]:
        """Declared sports of those of the given files that have one; for at most one batch."""
        declared = original_table.c.declared_sport.label("declared_sport")
        query = sa.select(original_table.c.sha256, declared).where(
            original_table.c.runner_id == self.runner_id,
            original_table.c.sha256.in_(fingerprints),
            original_table.c.declared_sport != "",
        )
        with self.database.reading() as connection:
            return {row.sha256: row.declared_sport for row in connection.execute(query)}

    def add(
        self, connection: Connection, original: OriginalFile, summaries: Sequence[ActivitySummary]
    ) -> None:
        """Insert a file with its activities, within the caller's transaction, and assign duplicates."""
        self.derive(connection, original, summaries)
        if summaries:
            began_s = min(summary.started_at.timestamp() for summary in summaries)
            ended_s = max(s.started_at.timestamp() + s.timer_s for s in summaries)
            DuplicateStore(self.runner_id).match_file(connection, original.sha256, began_s, ended_s)

    def derive(
        self, connection: Connection, original: OriginalFile, summaries: Sequence[ActivitySummary]
    ) -> None:
        """Insert or replace the results of a file; activities keep their numbers.

        Duplicates are not assigned; after many files call ``match_all``.
        """
        same = sa.and_(
            original_table.c.runner_id == self.runner_id, original_table.c.sha256 == original.sha256
        )
        row = dataclasses.asdict(original) | {"runner_id": self.runner_id}
        known: list[int] = []
        # Values as parameters, so that the compiled statement is reused for thousands of files.
        if connection.execute(sa.update(original_table).where(same), row).rowcount:
            known = self._parts(connection, original.sha256)
        else:
            connection.execute(sa.insert(original_table), row)
        rows = [
            {"runner_id": self.runner_id, "sha256": original.sha256, "part": part, **to_row(summary)}
            for part, summary in enumerate(summaries)
        ]
        for row in rows[: len(known)]:
            same_row = activity_table.c.id == known[row["part"]]
            connection.execute(sa.update(activity_table).where(same_row).values(row))
        if rows[len(known) :]:
            connection.execute(sa.insert(activity_table), rows[len(known) :])
        self._drop(connection, known[len(rows) :])
        self.runner.note_change(connection)

    def match_all(self, connection: Connection) -> None:
        """Assign duplicates among all recordings again."""
        self.runner.note_change(connection)
        DuplicateStore(self.runner_id).match_all(connection)

    def split(self, activity_id: int) -> None:
        """Make a merged recording an activity of its own, permanently.

        Raises
        ------
        NothingToSplitError
            If there is no such activity, or no other recording is merged with it.
        """
        with self.database.writing() as connection:
            DuplicateStore(self.runner_id).split(connection, activity_id)
            self.runner.note_change(connection)

    def activities(self) -> list[StoredActivity]:
        """All activities in order of their start, without duplicates."""
        return self._select(_COUNTED.order_by(activity_table.c.started_at, activity_table.c.id))

    def latest(self, count: int) -> list[StoredActivity]:
        """The newest activities, newest first, without duplicates."""
        newest = activity_table.c.started_at.desc(), activity_table.c.id.desc()
        return self._select(_COUNTED.order_by(*newest).limit(count))

    def recordings(self) -> list[StoredRecording]:
        """Every recording in order of its start, including duplicates."""
        query = (
            sa.select(activity_table, original_table.c.name)
            .select_from(filed_activities)
            .where(activity_table.c.runner_id == self.runner_id)
            .order_by(activity_table.c.started_at, activity_table.c.id)
        )
        with self.database.reading() as connection:
            return [
                StoredRecording(StoredActivity(row["id"], from_row(row)), row["name"], row["same_as"])
                for row in connection.execute(query).mappings()
            ]

    def originals(self, *, examined_by_others: bool = False) -> list[OriginalFile]:
        """Every archived file, or only those processed by another version of Hipwatch."""
        columns = (
            original_table.c[field.name].label(field.name) for field in dataclasses.fields(OriginalFile)
        )
        query = sa.select(*columns).where(
            original_table.c.runner_id == self.runner_id, original_table.c.outcome != "rejected"
        )
        if examined_by_others:
            query = query.where(original_table.c.examined_by != CODE_VERSION)
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(original_table.c.taken_at, original_table.c.sha256))
            return [OriginalFile(**row) for row in rows.mappings()]

    def is_outdated(self) -> bool:
        """Whether any file was processed by another version of Hipwatch."""
        query = sa.select(original_table.c.sha256).where(
            original_table.c.runner_id == self.runner_id, original_table.c.examined_by != CODE_VERSION
        )
        with self.database.reading() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def mark_examined(self, connection: Connection) -> None:
        """Record that this version has processed everything, including unreadable files."""
        query = sa.update(original_table).where(original_table.c.runner_id == self.runner_id)
        connection.execute(query.values(examined_by=CODE_VERSION))

    def _parts(self, connection: Connection, sha256: str) -> list[int]:
        """Numbers of the activities of a file, in their order in it."""
        query = sa.select(activity_table.c.id).where(
            activity_table.c.runner_id == self.runner_id, activity_table.c.sha256 == sha256
        )
        return list(connection.execute(query.order_by(activity_table.c.part)).scalars())

    def _drop(self, connection: Connection, activity_ids: Sequence[int]) -> None:
        """Delete activities that a file no longer contains; their duplicates count again."""
        if not activity_ids:
            return
        mine = activity_table.c.runner_id == self.runner_id
        copies = sa.update(activity_table).where(mine, activity_table.c.same_as.in_(activity_ids))
        connection.execute(copies.values(same_as=None))
        connection.execute(sa.delete(activity_table).where(mine, activity_table.c.id.in_(activity_ids)))

    def _select(self, query: sa.Select[Any]) -> list[StoredActivity]:
        with self.database.reading() as connection:
            mine = query.where(activity_table.c.runner_id == self.runner_id)
            return [StoredActivity(row["id"], from_row(row)) for row in connection.execute(mine).mappings()]

    def last_taken_at(self) -> datetime | None:
        """When the latest activity file was imported."""
        with self.database.reading() as connection:
            query = sa.select(sa.func.max(original_table.c.taken_at)).where(
                original_table.c.runner_id == self.runner_id, original_table.c.outcome == "activity"
            )
            taken_at: datetime | None = connection.execute(query).scalar()
        return taken_at

    def taken_since(self, moment: datetime) -> int:
        """Number of activity files imported since then."""
        with self.database.reading() as connection:
            query = sa.select(sa.func.count()).where(
                original_table.c.runner_id == self.runner_id,
                original_table.c.outcome == "activity",
                original_table.c.taken_at >= moment,
            )
            return int(connection.execute(query).scalar() or 0)
