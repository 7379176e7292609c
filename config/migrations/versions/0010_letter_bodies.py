"""What letters say in a table of its own, so that what moves is small: an attempt rewrites its row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PARTS = ("text", "html", "picture")


def upgrade() -> None:
    op.create_table(
        "letter_body",
        sa.Column("letter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("letter_id", name="pk_letter_body"),
    )
    op.execute("INSERT INTO letter_body SELECT id, text, html, picture FROM letter")
    with op.batch_alter_table("letter") as letter:
        for part in PARTS:
            letter.drop_column(part)


def downgrade() -> None:
    with op.batch_alter_table("letter") as letter:
        letter.add_column(sa.Column("text", sa.Text(), nullable=False, server_default=""))
        letter.add_column(sa.Column("html", sa.Text(), nullable=False, server_default=""))
        letter.add_column(sa.Column("picture", sa.LargeBinary(), nullable=True))
    for part in PARTS:
        op.execute(
            f"UPDATE letter SET {part} = (SELECT {part} FROM letter_body WHERE letter_id = letter.id)"  # noqa: S608
        )
    op.drop_table("letter_body")
