"""What is known of every file and every activity: tables, and the queries that name their runner."""

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

from ingest.analysis.histogram_store import CompressedHistograms, compress_histograms
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
    """Lay a summary into columns."""
    row: dict[str, Any] = {name: getattr(summary, name) for name in _PLAIN}
    row["flags"] = json.dumps([[flag.code, flag.detail] for flag in summary.flags])
    row["intensity"] = None if summary.intensity is None else compress_histograms(summary.intensity).data
    return row


def from_row(row: RowMapping | Mapping[str, Any]) -> ActivitySummary:
    """Read a summary from its columns; others in the row are left alone."""
    plain = {name: row[name] for name in _PLAIN}
    flags: Iterable[list[str]] = json.loads(row["flags"])
    intensity = row["intensity"]
    return ActivitySummary(
        **plain,
        flags=tuple(Flag(code, detail) for code, detail in flags),
        intensity=None if intensity is None else CompressedHistograms(intensity),
    )


CODE_VERSION = version("hipwatch")
"""Who examines files now; what another version examined is examined again after an upgrade."""

_COUNTED = sa.select(activity_table).where(activity_table.c.same_as.is_(None))


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """One file that was looked at, and what became of it."""

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
    """A recording as a file brought it; ``same_as`` is the activity that counts for it where it is a copy."""

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
        """Whose they are, and how far the rules have seen them."""
        return RunnerRecord(self.database, self.runner_id)

    def outcomes(self, fingerprints: Collection[str]) -> dict[str, Outcome]:
        """What became of those of the given files that were looked at before."""
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
        """What tables told of those of the given files, few enough for one batch, of which one did."""
        query = sa.select(original_table.c.sha256, original_table.c.declared_sport).where(
            original_table.c.runner_id == self.runner_id,
            original_table.c.sha256.in_(fingerprints),
            original_table.c.declared_sport != "",
        )
        with self.database.reading() as connection:
            return {row.sha256: row.declared_sport for row in connection.execute(query)}

    def add(
        self, connection: Connection, original: OriginalFile, summaries: Sequence[ActivitySummary]
    ) -> None:
        """Note what became of a file, with the activities in it, within the caller's transaction.

        What the file brings is matched with what is there: of several recordings of one thing one counts.
        """
        self.derive(connection, original, summaries)
        if summaries:
            began_s = min(summary.started_at.timestamp() for summary in summaries)
            ended_s = max(s.started_at.timestamp() + s.timer_s for s in summaries)
            DuplicateStore(self.runner_id).match_file(connection, original.sha256, began_s, ended_s)

    def derive(
        self, connection: Connection, original: OriginalFile, summaries: Sequence[ActivitySummary]
    ) -> None:
        """Write what a file says in place of what it was said to say; activities keep their numbers.

        Nothing is matched: whoever derives much calls ``match_all`` at the end.
        """
        same = sa.and_(
            original_table.c.runner_id == self.runner_id, original_table.c.sha256 == original.sha256
        )
        row = dataclasses.asdict(original) | {"runner_id": self.runner_id}
        known: list[int] = []
        # Values beside the statement, not in it: thousands of files share what was compiled for the first.
        if connection.execute(sa.update(original_table).where(same), row).rowcount:
            known = self._parts(connection, original.sha256)
        else:
            connection.execute(sa.insert(original_table), row)
        rows = [
            {"runner_id": self.runner_id, "sha256": original.sha256, "part": part, **to_row(summary)}
            for part, summary in enumerate(summaries)
        ]
        for row in rows[: len(known)]:
            kept = activity_table.c.id == known[row["part"]]
            connection.execute(sa.update(activity_table).where(kept).values(row))
        if rows[len(known) :]:
            connection.execute(sa.insert(activity_table), rows[len(known) :])
        self._drop(connection, known[len(rows) :])
        self.runner.note_change(connection)

    def match_all(self, connection: Connection) -> None:
        """Match all recordings anew."""
        self.runner.note_change(connection)
        DuplicateStore(self.runner_id).match_all(connection)

    def split(self, activity_id: int) -> None:
        """Take a recording that was merged with others for an activity of its own, now and ever after.

        Raises
        ------
        NothingToSplitError
            If there is no such activity, or no other recording is merged with it.
        """
        with self.database.writing() as connection:
            DuplicateStore(self.runner_id).split(connection, activity_id)
            self.runner.note_change(connection)

    def activities(self) -> list[StoredActivity]:
        """All activities in order of their start, what was recorded several times once."""
        return self._select(_COUNTED.order_by(activity_table.c.started_at, activity_table.c.id))

    def latest(self, count: int) -> list[StoredActivity]:
        """The newest activities, newest first, what was recorded several times once."""
        newest = activity_table.c.started_at.desc(), activity_table.c.id.desc()
        return self._select(_COUNTED.order_by(*newest).limit(count))

    def recordings(self) -> list[StoredRecording]:
        """Every recording in order of its start, copies too."""
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
        """Every file whose bytes are kept; or only those that another version of Hipwatch looked at."""
        columns = (original_table.c[field.name] for field in dataclasses.fields(OriginalFile))
        query = sa.select(*columns).where(
            original_table.c.runner_id == self.runner_id, original_table.c.outcome != "rejected"
        )
        if examined_by_others:
            query = query.where(original_table.c.examined_by != CODE_VERSION)
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(original_table.c.taken_at, original_table.c.sha256))
            return [OriginalFile(**row) for row in rows.mappings()]

    def is_outdated(self) -> bool:
        """Whether another version of Hipwatch derived any of this."""
        query = sa.select(original_table.c.sha256).where(
            original_table.c.runner_id == self.runner_id, original_table.c.examined_by != CODE_VERSION
        )
        with self.database.reading() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def mark_examined(self, connection: Connection) -> None:
        """Note that this version of Hipwatch has looked at everything, also at what it could not read."""
        query = sa.update(original_table).where(original_table.c.runner_id == self.runner_id)
        connection.execute(query.values(examined_by=CODE_VERSION))

    def _parts(self, connection: Connection, sha256: str) -> list[int]:
        """Numbers of the activities that a file brought, in their order in it."""
        query = sa.select(activity_table.c.id).where(
            activity_table.c.runner_id == self.runner_id, activity_table.c.sha256 == sha256
        )
        return list(connection.execute(query.order_by(activity_table.c.part)).scalars())

    def _drop(self, connection: Connection, activity_ids: Sequence[int]) -> None:
        """Remove what a file no longer says; recordings that it counted for count themselves again."""
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
        """When the last activity's file was taken in."""
        with self.database.reading() as connection:
            query = sa.select(sa.func.max(original_table.c.taken_at)).where(
                original_table.c.runner_id == self.runner_id, original_table.c.outcome == "activity"
            )
            taken_at: datetime | None = connection.execute(query).scalar()
        return taken_at

    def taken_since(self, moment: datetime) -> int:
        """How many activity files were taken in since then."""
        with self.database.reading() as connection:
            query = sa.select(sa.func.count()).where(
                original_table.c.runner_id == self.runner_id,
                original_table.c.outcome == "activity",
                original_table.c.taken_at >= moment,
            )
            return int(connection.execute(query).scalar() or 0)
