"""Recordings of the same activity: which counts, and which pairs the runner said are different."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("activity") as activity:
        activity.add_column(sa.Column("same_as", sa.Integer(), nullable=True))
        activity.create_foreign_key("fk_activity_same_as_activity", "activity", ["same_as"], ["id"])
        activity.drop_index("ix_activity_started_at")
        activity.create_index("ix_activity_runner_id_started_at", ["runner_id", "started_at"])
    op.create_table(
        "split",
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("one_sha256", sa.String(length=64), nullable=False),
        sa.Column("one_part", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("other_sha256", sa.String(length=64), nullable=False),
        sa.Column("other_part", sa.Integer(), nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(["runner_id"], ["runner.id"], name="fk_split_runner_id_runner"),
        sa.PrimaryKeyConstraint(
            "runner_id", "one_sha256", "one_part", "other_sha256", "other_part", name="pk_split"
        ),
    )
    # Empty where an earlier Hipwatch looked at the file: it is looked at again, and matched.
    op.add_column("original", sa.Column("examined_by", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("original") as original:
        original.drop_column("examined_by")
    op.drop_table("split")
    with op.batch_alter_table("activity") as activity:
        activity.drop_index("ix_activity_runner_id_started_at")
        activity.create_index("ix_activity_started_at", ["started_at"])
        activity.drop_constraint("fk_activity_same_as_activity", type_="foreignkey")
        activity.drop_column("same_as")
