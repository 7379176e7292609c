"""Which of two watches of the same make recorded a run: copies of one run by both are no two runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("activity") as activity:
        activity.add_column(sa.Column("device_unit", sa.BigInteger(), nullable=True))
    # What an earlier Hipwatch derived lacks it: every file is looked at again.
    original = sa.table("original", sa.column("examined_by"))
    op.execute(original.update().values(examined_by=""))


def downgrade() -> None:
    with op.batch_alter_table("activity") as activity:
        activity.drop_column("device_unit")
