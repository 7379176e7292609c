"""Files behind an activity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from ingest.formats.recording import Recording
from ingest.storage.activity_store import ActivityStore, from_row
from ingest.storage.schema import activity_table, filed_activities, original_table
from ingest.storage.stored_activity import StoredActivity


@dataclass(frozen=True, slots=True, eq=False)
class RecordingFile:
    """One recording of an activity and its file; ``counts`` is False for a duplicate."""

    activity: StoredActivity
    sha256: str
    name: str
    counts: bool


def recordings_of(store: ActivityStore, activity_id: int) -> list[RecordingFile]:
    """The recording with that number, then its duplicates; empty if this runner has none."""
    mine = activity_table.c.runner_id == store.runner_id
    query = (
        sa.select(activity_table, original_table.c.name)
        .select_from(filed_activities)
        .where(mine, sa.or_(activity_table.c.id == activity_id, activity_table.c.same_as == activity_id))
        .order_by(activity_table.c.id != activity_id, activity_table.c.id)
    )
    with store.database.reading() as connection:
        found = [
            RecordingFile(
                StoredActivity(row["id"], from_row(row)), row["sha256"], row["name"], row["same_as"] is None
            )
            for row in connection.execute(query).mappings()
        ]
    return found if found and found[0].activity.id == activity_id else []


def outcomes_since(store: ActivityStore, moment: datetime) -> dict[str, int]:
    """Number of files processed since then, by outcome."""
    query = (
        sa.select(original_table.c.outcome, sa.func.count())
        .where(original_table.c.runner_id == store.runner_id, original_table.c.taken_at >= moment)
        .group_by(original_table.c.outcome)
    )
    with store.database.reading() as connection:
        return {str(outcome): int(count) for outcome, count in connection.execute(query)}


def part_started_at(recording: Recording, started_at: datetime) -> Recording | None:
    """The session of a recording that started nearest to that time; None if there is none."""
    parts = recording.parts()
    dated = [part for part in parts if part.sessions[0].started_at is not None]
    if not dated:
        return parts[0] if parts else None
    return min(dated, key=lambda part: abs(_began(part) - started_at.timestamp()))


def _began(part: Recording) -> float:
    started_at = part.sessions[0].started_at
    return started_at.timestamp() if started_at is not None else 0.0
