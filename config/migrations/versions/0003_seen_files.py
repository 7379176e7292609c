"""Files of watched folders that were dealt with, so that they are not read again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seen_file",
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["runner_id"], ["runner.id"], name="fk_seen_file_runner_id_runner"),
        sa.PrimaryKeyConstraint("runner_id", "path", name="pk_seen_file"),
    )


def downgrade() -> None:
    op.drop_table("seen_file")
