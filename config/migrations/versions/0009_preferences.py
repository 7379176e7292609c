"""What runners choose on the settings page, and by what their findings were judged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _of_runner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["runner_id"], ["runner.id"], name=f"fk_{table}_runner_id_runner")


def upgrade() -> None:
    with op.batch_alter_table("finding") as finding:
        finding.add_column(sa.Column("news_level", sa.Integer(), nullable=True))
    op.create_table(
        "judged",
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("yardstick", sa.Text(), nullable=False),
        _of_runner("judged"),
        sa.PrimaryKeyConstraint("runner_id", name="pk_judged"),
    )
    op.create_table(
        "preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("became", sa.Text(), nullable=False),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        _of_runner("preference"),
        sa.PrimaryKeyConstraint("id", name="pk_preference"),
    )
    op.create_index("ix_preference_runner_id_name", "preference", ["runner_id", "name"])


def downgrade() -> None:
    op.drop_table("preference")
    op.drop_table("judged")
    with op.batch_alter_table("finding") as finding:
        finding.drop_column("news_level")
