"""How a run went: beginning, end, fade of the steps, ground contact."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = (
    "opening_bpm",
    "opening_mps",
    "closing_bpm",
    "closing_mps",
    "cadence_fade_percent",
    "stance_time_ms",
    "stance_balance_percent",
    "vertical_ratio_percent",
)


def upgrade() -> None:
    with op.batch_alter_table("activity") as activity:
        for name in COLUMNS:
            activity.add_column(sa.Column(name, sa.Float(), nullable=True))
    # What an earlier Hipwatch derived lacks them: every file is looked at again.
    original = sa.table("original", sa.column("examined_by"))
    op.execute(original.update().values(examined_by=""))


def downgrade() -> None:
    with op.batch_alter_table("activity") as activity:
        for name in reversed(COLUMNS):
            activity.drop_column(name)
