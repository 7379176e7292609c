"""What the rules have seen, and what letters have told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("runner") as runner:
        runner.add_column(sa.Column("history_version", sa.Integer(), nullable=False, server_default="0"))
        runner.add_column(sa.Column("evaluated_version", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("letter") as letter:
        letter.add_column(sa.Column("tells", sa.Text(), nullable=False, server_default="[]"))
    # Letters of before told the finding that they are named after, at their own level.
    words = {0: "info", 1: "notice", 2: "caution", 3: "high"}
    letters = sa.table("letter", sa.column("key"), sa.column("level"), sa.column("tells"))
    for level, word in words.items():
        told = sa.literal('["') + letters.c.key + sa.literal(f'@{word}"]')
        op.execute(letters.update().where(letters.c.level == level).values(tells=told))
        named = letters.c.key + sa.literal(f"@{word}")
        op.execute(letters.update().where(letters.c.level == level).values(key=named))


def downgrade() -> None:
    with op.batch_alter_table("letter") as letter:
        letter.drop_column("tells")
    with op.batch_alter_table("runner") as runner:
        runner.drop_column("evaluated_version")
        runner.drop_column("history_version")
