"""Bring the schema of a database up to date, step by step, under the writer's lock."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.errors import StoreError
from ingest.storage.database import Database

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def migrate(database: Database, *, to: str = "head") -> None:
    """Run the missing steps; all of them are committed, or none.

    Raises
    ------
    StoreError
        If the database was made by a newer Hipwatch.
    """
    current = _current(database)
    if to == "head" and current == _newest():
        return
    # Alembic takes as long to load as all the rest of a start, and is needed once for each new version.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            f"this database was made by a newer Hipwatch (schema {current}); upgrade Hipwatch first"
        )
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def _current(database: Database) -> str | None:
    with database.reading() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        return revision


def _newest() -> str:
    """The revision of the last step: their files are named after it, and follow one another."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
