"""Accounts: who may open the dashboard, from which browsers, and how often somebody tried."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["account.id"], name=f"fk_{table}_account_id_account", ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("runner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("hides", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("uniquifier", sa.String(length=64), nullable=False),
        sa.Column("passkey_handle", sa.String(length=64), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_counter", sa.BigInteger(), nullable=True),
        sa.Column("recovery_codes", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["runner_id"], ["runner.id"], name="fk_account_runner_id_runner"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("name", name="uq_account_name"),
        sa.UniqueConstraint("uniquifier", name="uq_account_uniquifier"),
        sa.UniqueConstraint("passkey_handle", name="uq_account_passkey_handle"),
    )
    op.create_table(
        "account_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        _of_account("account_visit"),
        sa.PrimaryKeyConstraint("id", name="pk_account_visit"),
        sa.UniqueConstraint("token_sha256", name="uq_account_visit_token_sha256"),
    )
    op.create_table(
        "account_ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        _of_account("account_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_account_ticket"),
        sa.UniqueConstraint("token_sha256", name="uq_account_ticket_token_sha256"),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.Text(), nullable=False),
        sa.Column("device_type", sa.String(length=32), nullable=False),
        sa.Column("is_backed_up", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        _of_account("passkey"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.UniqueConstraint("account_id", "name", name="uq_passkey_account_id_name"),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
    )
    op.create_table(
        "login_attempt",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_login_attempt"),
    )


def downgrade() -> None:
    for table in ("login_attempt", "passkey", "account_ticket", "account_visit", "account"):
        op.drop_table(table)
