"""Tables of this package: runners, files, activities and split pairs."""

from __future__ import annotations

import sqlalchemy as sa

from ingest.storage.database import UtcDateTime, metadata

runner_table = sa.Table(
    "runner",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # Counts changes of the history; the rules have seen it up to evaluated_version.
    sa.Column("history_version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("evaluated_version", sa.Integer, nullable=False, server_default="0"),
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
    sa.Column("examined_by", sa.Text, nullable=False, server_default=""),
    # Sport from an export manifest, for a file that names none; it cannot be derived from the original.
    sa.Column("told_sport", sa.Text, key="declared_sport", nullable=False, server_default=""),
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
    sa.Column("started_at", UtcDateTime, nullable=False),
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
    sa.Column("device_unit", sa.BigInteger),
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
    sa.Column("opening_bpm", sa.Float),
    sa.Column("opening_mps", sa.Float),
    sa.Column("closing_bpm", sa.Float),
    sa.Column("closing_mps", sa.Float),
    sa.Column("cadence_fade_percent", sa.Float),
    sa.Column("stance_time_ms", sa.Float),
    sa.Column("stance_balance_percent", sa.Float),
    sa.Column("vertical_ratio_percent", sa.Float),
    sa.Column("same_as", sa.ForeignKey("activity.id")),
    sa.UniqueConstraint("runner_id", "sha256", "part"),
    sa.Index("ix_activity_runner_id_started_at", "runner_id", "started_at"),
)
"""One row per recording; ``same_as`` is the primary activity if it is a duplicate."""

filed_activities = activity_table.join(
    original_table,
    (original_table.c.runner_id == activity_table.c.runner_id)
    & (original_table.c.sha256 == activity_table.c.sha256),
)
"""Recordings joined with their files."""

split_table = sa.Table(
    "split",
    metadata,
    sa.Column("runner_id", sa.ForeignKey("runner.id"), primary_key=True),
    sa.Column("one_sha256", sa.String(64), primary_key=True),
    sa.Column("one_part", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("other_sha256", sa.String(64), primary_key=True),
    sa.Column("other_part", sa.Integer, primary_key=True, autoincrement=False),
)
"""Pairs of recordings that the runner declared different, the lesser key first."""

seen_file_table = sa.Table(
    "seen_file",
    metadata,
    sa.Column("runner_id", sa.ForeignKey("runner.id"), primary_key=True),
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("mtime_ns", sa.BigInteger, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
)
