"""Bring the schema of a database up to date, step by step, under the writer's lock."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ingest.database import Database
from ingest.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database, *, to: str = "head") -> None:
    """Run the missing steps; all of them are committed, or none.

    Raises
    ------
    StoreError
        If the database was made by a newer Hipwatch.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    newest = scripts.get_current_head()
    with database.reading() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == newest and to == "head":
        return
    known = {script.revision for script in scripts.walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            f"this database was made by a newer Hipwatch (schema {current}); upgrade Hipwatch first"
        )
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
