"""The report's section findings is called alerts: whoever hid it from an account still does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ACCOUNT = sa.table("account", sa.column("hides", sa.Text()))


def upgrade() -> None:
    _rename('"findings"', '"alerts"')


def downgrade() -> None:
    _rename('"alerts"', '"findings"')


def _rename(before: str, after: str) -> None:
    op.execute(ACCOUNT.update().values(hides=sa.func.replace(ACCOUNT.c.hides, before, after)))
