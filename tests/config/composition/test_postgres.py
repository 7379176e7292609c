"""The same house on PostgreSQL: its schema, its main job, its two writers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import web.accounts.schema  # noqa: F401 - adds its tables
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.migrate import migrate
from config.server.import_process import ImportSubprocess
from dashboard_client import SECRET, send
from ingest.storage.database import Database, metadata
from login_client import CHEAP, enroll, guarded, log_in
from servers import postgresql, postgresql_programs
from web.accounts.account_service import AccountService

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def server(require: Callable[[Path | None, str], Path]) -> Iterator[str]:
    programs = require(postgresql_programs(), "no PostgreSQL server is installed")
    # not under pytest's own folders: the server's user may not enter them
    with (
        tempfile.TemporaryDirectory(prefix="hipwatch-pg-") as folder,
        postgresql(programs, Path(folder)) as url,
    ):
        yield url


@pytest.fixture
def url(server: str) -> str:
    """An empty database."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return server


def test_the_steps_make_the_schema_that_the_code_expects(url: str) -> None:
    database = Database.open(url)
    migrate(database)
    with database.reading() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), metadata)
    database.close()

    assert difference == []


def test_a_spike_becomes_one_finding_and_one_letter(url: str, tmp_path: Path) -> None:
    mailer = RecordingMailer()
    spike = ordinary_run(days_before(1), distance_m=14_000.0, duration_s=2_700)
    with open_house(tmp_path, mailer=mailer, database={"url": url}) as services:
        for _ in range(2):
            lay_into(services.home.inbox, [*steady_weeks(), spike])
            services.runner_service.inbox.scan()
            services.runner_service.tick(NOW)
        found = services.runner_service.alert_store.since(days_before(400).date())
        overview = services.dashboard.overview(NOW)

    assert ([alert.kind for alert in found], len(mailer.emails)) == (["single_run_spike"], 1)
    assert [explained.alert for explained in overview.open_alerts] == found


def test_another_process_takes_much_in_and_pages_hear_of_it(url: str, tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    with open_house(tmp_path / "home", database={"url": url}, inbox={"folders": [str(watched)]}) as services:
        lay_into(watched, steady_weeks())
        services.runner_service.inbox.scan()
        before = services.dashboard.state(NOW)
        report = ImportSubprocess(services.home, services.layers.base).take_in(
            services.runner_service.inbox, now=NOW
        )
        again = services.runner_service.inbox.import_new(services.runner_service.intake, now=NOW)
        after = services.dashboard.state(NOW)

    assert (report.added, again.files) == (len(steady_weeks()), 0)
    assert before != after


def test_an_account_is_made_opened_and_closed_to_whoever_guesses(url: str, tmp_path: Path) -> None:
    with open_house(tmp_path, database={"url": url}) as services:
        runner_id = services.runner_service.runner.id
        care_service = AccountService(services.database, runner_id, SECRET, "http://localhost", 0, CHEAP)
        app = guarded(services, care_service)
        enroll(app, care_service)
        log_in(ada := app.test_client())
        inside = ada.get("/account").status_code
        guesses = [log_in(app.test_client(), password="wrong guess").status_code for _ in range(6)]
        left = send(ada, "/account", "/logout", {}).location
        outside = ada.get("/account").location

    assert (inside, left, outside) == (200, "/login", "/login?next=/account")
    assert guesses == [200] * 5 + [429]


def test_two_writers_at_once_tell_a_finding_once(url: str, tmp_path: Path) -> None:
    mailer = RecordingMailer()
    spike = ordinary_run(days_before(1), distance_m=14_000.0, duration_s=2_700)
    with (
        open_house(tmp_path, mailer=mailer, database={"url": url}) as services,
        open_house(tmp_path / "other", mailer=mailer, database={"url": url}) as other,
    ):
        lay_into(services.home.inbox, [*steady_weeks(), spike])
        services.runner_service.inbox.scan()
        services.runner_service.inbox.import_new(services.runner_service.intake, now=NOW)
        with ThreadPoolExecutor(2) as pool:
            fresh = [pool.submit(house.runner_service.evaluate, NOW).result for house in (services, other)]
        services.runner_service.deliver(NOW)

    assert (sorted(len(new()) for new in fresh), len(mailer.emails)) == ([0, 1], 1)


def test_a_commit_and_nothing_else_changes_the_state_that_pages_are_kept_by(url: str) -> None:
    database, other = Database.open(url), Database.open(url)
    with other.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE told (word text)")
    before = [database.state(), database.state()]
    with database.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM told")
    after_reading = database.state()
    with other.writing() as connection:
        connection.exec_driver_sql("INSERT INTO told VALUES ('x')")
    after_writing = database.state()
    database.close()
    other.close()

    assert before == [after_reading] * 2
    assert after_writing != after_reading
