"""Sorts of letters and their pictures, other channels, and what runners answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _of_runner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["runner_id"], ["runner.id"], name=f"fk_{table}_runner_id_runner")


def upgrade() -> None:
    with op.batch_alter_table("letter") as letter:
        letter.add_column(sa.Column("sort", sa.String(length=8), nullable=False, server_default="finding"))
        letter.add_column(sa.Column("channel", sa.String(length=16), nullable=False, server_default="mail"))
        letter.add_column(sa.Column("stop_url", sa.Text(), nullable=True))
        letter.add_column(sa.Column("picture", sa.LargeBinary(), nullable=True))
    op.create_table(
        "snooze",
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        _of_runner("snooze"),
        sa.PrimaryKeyConstraint("runner_id", "kind", name="pk_snooze"),
    )
    op.create_table(
        "stopped_letters",
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("sort", sa.String(length=8), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        _of_runner("stopped_letters"),
        sa.PrimaryKeyConstraint("runner_id", "sort", name="pk_stopped_letters"),
    )
    op.create_table(
        "feedback",
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("finding_key", sa.String(length=64), nullable=False),
        sa.Column("word", sa.String(length=16), nullable=False),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        _of_runner("feedback"),
        sa.PrimaryKeyConstraint("runner_id", "finding_key", "word", name="pk_feedback"),
    )
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("least_level", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        _of_runner("feed"),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("token_sha256", name="uq_feed_token_sha256"),
    )


def downgrade() -> None:
    for table in ("feed", "feedback", "stopped_letters", "snooze"):
        op.drop_table(table)
    with op.batch_alter_table("letter") as letter:
        for column in ("picture", "stop_url", "channel", "sort"):
            letter.drop_column(column)
