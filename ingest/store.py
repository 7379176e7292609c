"""What is known of every file and every activity: tables, and the queries that name their runner."""

from __future__ import annotations

import dataclasses
import json
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from ingest.daily import StoredActivity
from ingest.database import Database, UtcDateTime, metadata
from ingest.recording import Flag
from ingest.summary import (
    BEST_EFFORT_MIN,
    HEART_RATE_BINS,
    SPEED_BINS,
    ActivitySummary,
    IntensityHistograms,
)

Outcome = Literal["activity", "ignored", "rejected"]

runner_table = sa.Table(
    "runner",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

original_table = sa.Table(
    "original",
    metadata,
    sa.Column("runner_id", sa.ForeignKey("runner.id"), primary_key=True),
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("file_type", sa.Text, nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("taken_at", UtcDateTime, nullable=False),
)

activity_table = sa.Table(
    "activity",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.ForeignKey("runner.id"), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("part", sa.Integer, nullable=False),
    sa.Column("sport", sa.Text, nullable=False),
    sa.Column("sub_sport", sa.Text),
    sa.Column("started_at", UtcDateTime, nullable=False, index=True),
    sa.Column("utc_offset_s", sa.Integer),
    sa.Column("timer_s", sa.Float, nullable=False),
    sa.Column("elapsed_s", sa.Float, nullable=False),
    sa.Column("distance_m", sa.Float),
    sa.Column("avg_heart_rate_bpm", sa.Float),
    sa.Column("max_heart_rate_bpm", sa.Float),
    sa.Column("avg_cadence_spm", sa.Float),
    sa.Column("ascent_m", sa.Float),
    sa.Column("descent_m", sa.Float),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("threshold_heart_rate_bpm", sa.Float),
    sa.Column("steady_speed_mps", sa.Float),
    sa.Column("steady_cadence_spm", sa.Float),
    sa.Column("steady_windows", sa.Integer, nullable=False),
    sa.Column("intensity", sa.LargeBinary),
    sa.Column("records", sa.Integer, nullable=False),
    sa.Column("flags", sa.Text, nullable=False),
    sa.Column("counts_distance", sa.Boolean, nullable=False),
    sa.Column("counts_intensity", sa.Boolean, nullable=False),
    sa.Column("counts_cadence", sa.Boolean, nullable=False),
    sa.UniqueConstraint("runner_id", "sha256", "part"),
)

_PACKED = ("intensity", "flags")
_PLAIN = tuple(field.name for field in dataclasses.fields(ActivitySummary) if field.name not in _PACKED)
_INTEGERS = 2 * HEART_RATE_BINS + SPEED_BINS


@dataclass(frozen=True, slots=True)
class Original:
    """One file that was looked at, and what became of it."""

    sha256: str
    name: str
    size_bytes: int
    file_type: str
    outcome: Outcome
    reason: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class ActivityStore:
    """One runner's files and activities."""

    database: Database
    runner_id: int

    def enroll(self, *, now: datetime) -> None:
        """Make sure that the runner exists."""
        known = sa.select(runner_table.c.id).where(runner_table.c.id == self.runner_id)
        with self.database.reading() as connection:
            if connection.execute(known).first():
                return
        with self.database.writing() as connection:
            if not connection.execute(known).first():
                connection.execute(
                    sa.insert(runner_table).values(id=self.runner_id, created_at=now),
                )

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

    def add(self, connection: Connection, original: Original, summaries: Sequence[ActivitySummary]) -> None:
        """Note what became of a file, with the activities in it, within the caller's transaction."""
        same = sa.and_(
            original_table.c.runner_id == self.runner_id, original_table.c.sha256 == original.sha256
        )
        connection.execute(sa.delete(original_table).where(same))
        row = dataclasses.asdict(original) | {"runner_id": self.runner_id}
        connection.execute(sa.insert(original_table).values(row))
        if summaries:
            connection.execute(
                sa.insert(activity_table),
                [
                    {"runner_id": self.runner_id, "sha256": original.sha256, "part": part, **_to_row(summary)}
                    for part, summary in enumerate(summaries)
                ],
            )

    def activities(self) -> list[StoredActivity]:
        """All activities in order of their start."""
        oldest = activity_table.c.started_at, activity_table.c.id
        return self._select(sa.select(activity_table).order_by(*oldest))

    def latest(self, count: int) -> list[StoredActivity]:
        """The newest activities, newest first."""
        newest = activity_table.c.started_at.desc(), activity_table.c.id.desc()
        return self._select(sa.select(activity_table).order_by(*newest).limit(count))

    def _select(self, query: sa.Select[Any]) -> list[StoredActivity]:
        with self.database.reading() as connection:
            rows = connection.execute(query.where(activity_table.c.runner_id == self.runner_id)).mappings()
            return [StoredActivity(row["id"], _from_row(row)) for row in rows]

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


def _to_row(summary: ActivitySummary) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(summary, name) for name in _PLAIN}
    row["flags"] = json.dumps([[flag.word, flag.detail] for flag in summary.flags])
    row["intensity"] = None if summary.intensity is None else _pack(summary.intensity)
    return row


def _from_row(row: RowMapping | Mapping[str, Any]) -> ActivitySummary:
    plain = {name: row[name] for name in _PLAIN}
    flags: Iterable[list[str]] = json.loads(row["flags"])
    packed = row["intensity"]
    return ActivitySummary(
        **plain,
        flags=tuple(Flag(word, detail) for word, detail in flags),
        intensity=None if packed is None else _unpack(packed),
    )


def _pack(intensity: IntensityHistograms) -> bytes:
    whole = np.concatenate((intensity.heart_rate_s, intensity.median_heart_rate_s, intensity.speed_s))
    return zlib.compress(whole.astype("<i4").tobytes() + intensity.best_effort_m.astype("<f8").tobytes(), 6)


def _unpack(packed: bytes) -> IntensityHistograms:
    data = zlib.decompress(packed)
    whole = np.frombuffer(data, "<i4", count=_INTEGERS)
    return IntensityHistograms(
        heart_rate_s=whole[:HEART_RATE_BINS],
        median_heart_rate_s=whole[HEART_RATE_BINS : 2 * HEART_RATE_BINS],
        speed_s=whole[2 * HEART_RATE_BINS :],
        best_effort_m=np.frombuffer(data, "<f8", count=len(BEST_EFFORT_MIN), offset=4 * _INTEGERS),
    )
