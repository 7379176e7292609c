"""The journal: pain, who saw to it, routines done, shoes, planned runs, calendar addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _of_runner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["runner_id"], ["runner.id"], name=f"fk_{table}_runner_id_runner")


def upgrade() -> None:
    op.create_table(
        "pain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("during_score", sa.Integer(), nullable=True),
        sa.Column("after_score", sa.Integer(), nullable=True),
        sa.Column("next_morning_score", sa.Integer(), nullable=True),
        sa.Column("limped", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(length=8), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        _of_runner("pain"),
        sa.PrimaryKeyConstraint("id", name="pk_pain"),
    )
    op.create_index("ix_pain_runner_id_day", "pain", ["runner_id", "day"])
    op.create_table(
        "seen_to",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seen_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        _of_runner("seen_to"),
        sa.PrimaryKeyConstraint("id", name="pk_seen_to"),
    )
    op.create_table(
        "routine_done",
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("routine", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        _of_runner("routine_done"),
        sa.PrimaryKeyConstraint("runner_id", "routine", "day", name="pk_routine_done"),
    )
    op.create_table(
        "shoe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("before_m", sa.Float(), nullable=False),
        sa.Column("note_at_m", sa.Float(), nullable=True),
        sa.Column("default_for", sa.String(length=16), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        _of_runner("shoe"),
        sa.PrimaryKeyConstraint("id", name="pk_shoe"),
    )
    op.create_table(
        "run_shoe",
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("shoe_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(), nullable=False),
        _of_runner("run_shoe"),
        sa.ForeignKeyConstraint(["shoe_id"], ["shoe.id"], name="fk_run_shoe_shoe_id_shoe"),
        sa.PrimaryKeyConstraint("runner_id", "activity_id", name="pk_run_shoe"),
    )
    op.create_table(
        "planned_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("distance_m", sa.Float(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        _of_runner("planned_run"),
        sa.PrimaryKeyConstraint("id", name="pk_planned_run"),
    )
    op.create_index("ix_planned_run_runner_id_day", "planned_run", ["runner_id", "day"])
    op.create_table(
        "calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("shows", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        _of_runner("calendar"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar"),
        sa.UniqueConstraint("token_sha256", name="uq_calendar_token_sha256"),
    )


def downgrade() -> None:
    op.drop_table("calendar")
    op.drop_index("ix_planned_run_runner_id_day", table_name="planned_run")
    op.drop_table("planned_run")
    op.drop_table("run_shoe")
    op.drop_table("shoe")
    op.drop_table("routine_done")
    op.drop_table("seen_to")
    op.drop_index("ix_pain_runner_id_day", table_name="pain")
    op.drop_table("pain")
