"""The tables of accounts: every account belongs to a runner, and everything else to an account."""

from __future__ import annotations

import sqlalchemy as sa

from ingest.storage.database import UtcDateTime, metadata
from ingest.storage.schema import runner_table


def _account() -> sa.ForeignKey:
    return sa.ForeignKey("account.id", ondelete="CASCADE")


account_table = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), nullable=False),
    sa.Column("name", sa.String(40), nullable=False, unique=True),
    sa.Column("kind", sa.String(16), nullable=False),
    # JSON: the sections of the physiotherapist's page that the runner does not show to this account.
    sa.Column("hides", sa.Text, nullable=False, server_default="[]"),
    # Empty until the owner of the account has opened the one-time link.
    sa.Column("password_hash", sa.Text),
    # What sessions are bound to: a new one ends them all.
    sa.Column("uniquifier", sa.String(64), nullable=False, unique=True),
    sa.Column("passkey_handle", sa.String(64), nullable=False, unique=True),
    sa.Column("totp_secret", sa.Text),
    # The last half-minute whose code was used; no code is taken twice.
    sa.Column("totp_counter", sa.BigInteger),
    # JSON: SHA-256 of the codes that are left.
    sa.Column("recovery_codes", sa.Text, nullable=False, server_default="[]"),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

visit_table = sa.Table(
    "account_visit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account_id", _account(), nullable=False),
    sa.Column("token_sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("browser", sa.String(200), nullable=False),
)
"""Browsers that are logged in, each with what it last was seen as."""

ticket_table = sa.Table(
    "account_ticket",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    # None on the link by which the first administrator makes their account.
    sa.Column("account_id", _account()),
    sa.Column("token_sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("expires_at", UtcDateTime, nullable=False),
)
"""One-time links that may still be opened; a used one is gone."""

passkey_table = sa.Table(
    "passkey",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account_id", _account(), nullable=False),
    sa.Column("credential_id", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("transports", sa.Text, nullable=False),
    sa.Column("device_type", sa.String(32), nullable=False),
    sa.Column("is_backed_up", sa.Boolean, nullable=False),
    sa.Column("used_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("account_id", "name"),
)

attempt_table = sa.Table(
    "login_attempt",
    metadata,
    # A keyed digest: what strangers type as a name may be somebody's password.
    sa.Column("subject", sa.String(64), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", UtcDateTime, nullable=False),
)
"""Failed attempts to log in, by account and by address, so that a restart forgives none."""
