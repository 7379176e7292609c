"""The journal tables; every row belongs to a runner and is withdrawn rather than deleted."""

from __future__ import annotations

import sqlalchemy as sa

from ingest.storage.database import UtcDateTime, metadata
from ingest.storage.schema import runner_table

pain_table = sa.Table(
    "pain",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), nullable=False),
    sa.Column("reported_at", UtcDateTime, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("place", sa.String(16), nullable=False),
    sa.Column("side", sa.String(8), nullable=False),
    sa.Column("during_score", sa.Integer),
    sa.Column("after_score", sa.Integer),
    sa.Column("next_morning_score", sa.Integer),
    sa.Column("limped", sa.Boolean, nullable=False),
    sa.Column("answers", sa.Text, nullable=False),
    # The most severe urgency among the answers as it was asked, so that a later change of the questions opens
    # no mouth that was shut.
    sa.Column("urgency", sa.String(8)),
    sa.Column("note", sa.Text, nullable=False),
    # No foreign key, as with alerts: the diary stays when a run is read anew.
    sa.Column("activity_id", sa.Integer),
    sa.Column("withdrawn_at", UtcDateTime),
    sa.Index("ix_pain_runner_id_day", "runner_id", "day"),
)

seen_to_table = sa.Table(
    "seen_to",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("seen_by", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("withdrawn_at", UtcDateTime),
)

routine_done_table = sa.Table(
    "routine_done",
    metadata,
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), primary_key=True),
    sa.Column("routine", sa.String(32), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("done_at", UtcDateTime, nullable=False),
    sa.Column("withdrawn_at", UtcDateTime),
)

shoe_table = sa.Table(
    "shoe",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("before_m", sa.Float, nullable=False),
    sa.Column("note_at_m", sa.Float),
    sa.Column("default_for", sa.String(16)),
    sa.Column("retired_on", sa.Date),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.Column("withdrawn_at", UtcDateTime),
)

run_shoe_table = sa.Table(
    "run_shoe",
    metadata,
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), primary_key=True),
    sa.Column("activity_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("shoe_id", sa.ForeignKey(shoe_table.c.id), nullable=False),
    sa.Column("chosen_at", UtcDateTime, nullable=False),
)
"""What the runner chose; runs without a row here get their pair by rule."""

planned_run_table = sa.Table(
    "planned_run",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("distance_m", sa.Float, nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.Column("withdrawn_at", UtcDateTime),
    sa.Index("ix_planned_run_runner_id_day", "runner_id", "day"),
)

calendar_table = sa.Table(
    "calendar",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), nullable=False),
    sa.Column("token_sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("shows", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("revoked_at", UtcDateTime),
)
"""Secret addresses of the calendar feed; only a hash of the secret is kept."""
