"""Duplicates in the database: recordings near in time are compared again whenever one changes."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from ingest.errors import IngestError
from ingest.storage.duplicates import (
    DAMAGE,
    SPAN_LIMIT_S,
    WRONG_CLOCK,
    Fingerprint,
    Key,
    SplitPairs,
    assign_duplicates,
    overlapping_groups,
)
from ingest.storage.schema import activity_table, split_table

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_COLUMNS = (
    "id",
    "sha256",
    "part",
    "sport",
    "started_at",
    "timer_s",
    "elapsed_s",
    "distance_m",
    "avg_heart_rate_bpm",
    "avg_cadence_spm",
    "device",
    "device_unit",
    "records",
    "flags",
    "counts_distance",
    "counts_intensity",
    "counts_cadence",
    "same_as",
)


class NothingToSplitError(IngestError):
    """The activity does not exist, or is merged with no other."""


Assignments = dict[Fingerprint, int | None]
"""Recordings, each with its current primary activity (None: itself)."""


@dataclass(frozen=True, slots=True)
class DuplicateStore:
    """Duplicate assignments of one runner; every method works within the caller's transaction."""

    runner_id: int

    def match_file(self, connection: Connection, sha256: str, began_s: float, ended_s: float) -> None:
        """Compare the recordings of a file in this period with everything that overlaps. [Unix s]"""
        near = self._overlapping(connection, began_s, ended_s)
        self._match(
            connection, near, [fingerprint.id for fingerprint in near if fingerprint.key[0] == sha256]
        )

    def match_all(self, connection: Connection) -> None:
        """Assign all duplicates again, as after a change of the recordings or of the rules."""
        known, split_pairs = self._select(connection), self._split_pairs(connection)
        for cluster in overlapping_groups(known):
            self._settle(
                connection,
                known,
                assign_duplicates(cluster, [fingerprint.id for fingerprint in cluster], split_pairs),
            )

    def split(self, connection: Connection, activity_id: int) -> None:
        """Take an activity out of its group permanently.

        Raises
        ------
        NothingToSplitError
            If there is no such activity, or no other recording is merged with it.
        """
        known = self._select(connection, activity_table.c.id == activity_id)
        if not known:
            raise NothingToSplitError(f"there is no activity {activity_id}")
        ((mine, same_as),) = known.items()
        head = same_as or activity_id
        group = self._select(connection, (activity_table.c.id == head) | (activity_table.c.same_as == head))
        others = group.keys() - {mine}
        if not others:
            raise NothingToSplitError(f"activity {activity_id} is merged with no other")
        rows = [
            self._pair(mine.key, other.key)
            for other in sorted(others, key=lambda fingerprint: fingerprint.key)
        ]
        connection.execute(sa.insert(split_table), rows)
        near = self._overlapping(connection, *_time_span(group))
        self._match(connection, near, [fingerprint.id for fingerprint in group])

    def _match(self, connection: Connection, near: Assignments, seeds: Collection[int]) -> None:
        """Assign the seeds, and everything linked with them, again."""
        if len(near) > 1:
            self._settle(connection, near, assign_duplicates(near, seeds, self._split_pairs(connection)))

    def _overlapping(self, connection: Connection, first_s: float, last_s: float) -> Assignments:
        """Find recordings that overlap with this period, directly or through others."""
        started_at = activity_table.c.started_at
        while True:
            earliest, latest = _datetime_of(first_s - SPAN_LIMIT_S), _datetime_of(last_s)
            around = self._select(connection, started_at > earliest, started_at < latest)
            near = {
                fingerprint: same_as
                for fingerprint, same_as in around.items()
                if fingerprint.stopped_s > first_s
            }
            began_s, ended_s = _time_span(near) if near else (first_s, last_s)
            if began_s >= first_s and ended_s <= last_s:
                return near
            first_s, last_s = min(began_s, first_s), max(ended_s, last_s)

    def _settle(self, connection: Connection, known: Assignments, answer: Mapping[int, int | None]) -> None:
        """Write the assignments that changed."""
        before = {fingerprint.id: same_as for fingerprint, same_as in known.items()}
        changed = [
            {"changed_id": activity_id, "used": counts}
            for activity_id, counts in answer.items()
            if before[activity_id] != counts
        ]
        if changed:
            query = sa.update(activity_table).where(
                activity_table.c.runner_id == self.runner_id,
                activity_table.c.id == sa.bindparam("changed_id"),
            )
            connection.execute(query.values(same_as=sa.bindparam("used")), changed)

    def _select(self, connection: Connection, *conditions: sa.ColumnElement[bool]) -> Assignments:
        columns = (activity_table.c[name] for name in _COLUMNS)
        query = sa.select(*columns).where(activity_table.c.runner_id == self.runner_id, *conditions)
        return {_fingerprint_of(row): row["same_as"] for row in connection.execute(query).mappings()}

    def _split_pairs(self, connection: Connection) -> SplitPairs:
        query = sa.select(split_table).where(split_table.c.runner_id == self.runner_id)
        return {
            frozenset(((row.one_sha256, row.one_part), (row.other_sha256, row.other_part)))
            for row in connection.execute(query)
        }

    def _pair(self, mine: Key, other: Key) -> dict[str, object]:
        one, two = sorted((mine, other))
        return {
            "runner_id": self.runner_id,
            "one_sha256": one[0],
            "one_part": one[1],
            "other_sha256": two[0],
            "other_part": two[1],
        }


def _time_span(fingerprints: Collection[Fingerprint]) -> tuple[float, float]:
    """From the first start to the last end. [Unix s]"""
    return min(fingerprint.started_s for fingerprint in fingerprints), max(
        fingerprint.stopped_s for fingerprint in fingerprints
    )


def _datetime_of(unix_s: float) -> datetime:
    return EPOCH + timedelta(seconds=unix_s)


def _fingerprint_of(row: RowMapping) -> Fingerprint:
    words = {code for code, _ in json.loads(row["flags"])}
    return Fingerprint(
        id=row["id"],
        key=(row["sha256"], row["part"]),
        sport=row["sport"],
        started_s=row["started_at"].timestamp(),
        timer_s=row["timer_s"],
        elapsed_s=row["elapsed_s"],
        distance_m=row["distance_m"] if row["counts_distance"] else None,
        device=row["device"],
        marks=row["counts_distance"] + row["counts_intensity"] + row["counts_cadence"],
        measures=sum(
            (
                row["avg_heart_rate_bpm"] is not None,
                row["avg_cadence_spm"] is not None,
                "no_position" not in words,
            )
        ),
        records=row["records"],
        unit=row["device_unit"],
        is_damaged=not words.isdisjoint(DAMAGE),
        is_dated=words.isdisjoint(WRONG_CLOCK),
    )
