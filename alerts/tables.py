"""The tables of findings, letters and jobs; every row of the first two belongs to a runner."""

from __future__ import annotations

import sqlalchemy as sa

from ingest.database import UtcDateTime, metadata
from ingest.tables import runner_table

finding_table = sa.Table(
    "finding",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("observed", sa.Float, nullable=False),
    sa.Column("expected", sa.Float, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("compared_day", sa.Date),
    # No foreign key: a run that is deleted or read anew must not drag its finding along.
    sa.Column("activity_id", sa.Integer),
    sa.Column("numbers", sa.Text, nullable=False),
    sa.Column("found_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("runner_id", "key"),
)

letter_table = sa.Table(
    "letter",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("html", sa.Text, nullable=False),
    # JSON: the news that the letter tells, each as key and level; nothing is told twice.
    sa.Column("tells", sa.Text, nullable=False, server_default="[]"),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("queued_at", UtcDateTime, nullable=False),
    sa.Column("next_attempt_at", UtcDateTime, nullable=False),
    sa.Column("attempted_at", UtcDateTime),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("last_error", sa.Text),
    sa.UniqueConstraint("runner_id", "key", "recipient"),
    sa.Index("ix_letter_due", "runner_id", "state", "next_attempt_at"),
)

job_run_table = sa.Table(
    "job_run",
    metadata,
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("local_date", sa.Date, primary_key=True),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("outcome", sa.String(8)),
)
