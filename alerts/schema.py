"""The tables of alerts, emails, answers and jobs; every row but a job's belongs to a runner."""

from __future__ import annotations

import sqlalchemy as sa

from ingest.storage.database import UtcDateTime, metadata
from ingest.storage.schema import runner_table

alert_table = sa.Table(
    "finding",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("observed", sa.Float, nullable=False),
    sa.Column("expected", sa.Float, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("compared_day", sa.Date),
    # No foreign key: a run that is deleted or read anew must not drag its alert along.
    sa.Column("activity_id", sa.Integer),
    sa.Column("numbers", sa.Text, nullable=False),
    sa.Column("found_at", UtcDateTime, nullable=False),
    # Up to which level it is news. NULL: up to its own. -1: not at all, a change of settings brought it.
    sa.Column("news_level", sa.Integer),
    sa.UniqueConstraint("runner_id", "key"),
)

judged_table = sa.Table(
    "judged",
    metadata,
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), primary_key=True),
    sa.Column("yardstick", sa.Text, nullable=False),
)
"""By what the alerts of a runner were judged last: zone, thresholds and rules, as JSON."""

preference_table = sa.Table(
    "preference",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("was", sa.Text, nullable=False),
    sa.Column("became", sa.Text, nullable=False),
    sa.Column("is_chosen", sa.Boolean, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Index("ix_preference_runner_id_name", "runner_id", "name"),
)
"""Every change of a setting that the runner made on a page; of each name the last row holds."""

email_table = sa.Table(
    "letter",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    sa.Column("subject", sa.Text, nullable=False),
    # JSON: the news that the email tells, each as key and level; nothing is told twice.
    sa.Column("tells", sa.Text, nullable=False, server_default="[]"),
    sa.Column("level", sa.Integer, nullable=False),
    # What sort of email it is, by which a runner can stop it, and the address that stops it.
    sa.Column("sort", sa.String(8), nullable=False, server_default="finding"),
    sa.Column("channel", sa.String(16), nullable=False, server_default="mail"),
    sa.Column("stop_url", sa.Text),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("queued_at", UtcDateTime, nullable=False),
    sa.Column("next_attempt_at", UtcDateTime, nullable=False),
    sa.Column("attempted_at", UtcDateTime),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("last_error", sa.Text),
    sa.UniqueConstraint("runner_id", "key", "recipient"),
    sa.Index("ix_letter_due", "runner_id", "state", "next_attempt_at"),
)

email_body_table = sa.Table(
    "letter_body",
    metadata,
    # No foreign key: SQLite alters a table by making it anew, and must not take these along with the old one.
    sa.Column("letter_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("html", sa.Text, nullable=False),
    sa.Column("picture", sa.LargeBinary),
)
"""What emails say. Each attempt rewrites the row of its email, which is small without all this."""

snooze_table = sa.Table(
    "snooze",
    metadata,
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), primary_key=True),
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("until", UtcDateTime, nullable=False),
    sa.Column("set_at", UtcDateTime, nullable=False),
)
"""Rules that are to keep quiet for a while."""

stopped_table = sa.Table(
    "stopped_letters",
    metadata,
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), primary_key=True),
    sa.Column("sort", sa.String(8), primary_key=True),
    sa.Column("since", UtcDateTime, nullable=False),
)
"""Sorts of emails that the runner wants no more."""

feedback_table = sa.Table(
    "feedback",
    metadata,
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), primary_key=True),
    sa.Column("finding_key", sa.String(64), primary_key=True),
    sa.Column("word", sa.String(16), primary_key=True),
    sa.Column("said_at", UtcDateTime, nullable=False),
)
"""What the runner said of an alert."""

feed_table = sa.Table(
    "feed",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.ForeignKey(runner_table.c.id), nullable=False),
    sa.Column("token_sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("least_level", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("revoked_at", UtcDateTime),
)
"""Secret addresses of the Atom feed; only a hash of the secret is kept."""

job_run_table = sa.Table(
    "job_run",
    metadata,
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("local_date", sa.Date, primary_key=True),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("outcome", sa.String(8)),
)
