"""The sport that an export's own table gives a file which names none: no original can say it again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("original") as original:
        original.add_column(sa.Column("told_sport", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("original") as original:
        original.drop_column("told_sport")
