"""The composition root: builds services from settings; tests replace parts by keyword."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alerts.alert.alert_store import AlertStore
from alerts.care.catalogue.library import load_library
from alerts.journal.journal import Journal
from alerts.notifications.answers import Answers
from alerts.notifications.delivery.mailer import Mailer
from alerts.runner.preferences import Preferences
from alerts.service.answer_service import AnswerService
from alerts.service.care_service import CareService
from alerts.service.effective_settings import SettingsProvider
from alerts.service.job_heartbeat import Heartbeat
from alerts.service.runner_service import RunnerService
from alerts.views.atom_feed import FeedAddresses
from alerts.views.dashboard import Dashboard
from alerts.views.feed_service import FeedService
from config.composition.executors import executor_for
from config.composition.migrate import migrate
from config.settings.build import RUNNER_ID, build_detectors
from config.settings.data_folder import DataFolder
from config.settings.errors import SettingsError
from config.settings.load import default_text, parse_settings
from config.settings.parameter_docs import parameter_words
from config.settings.precedence import SettingsLayers
from config.settings.runner_choices import RunnerChoices
from config.settings.schema import Settings
from ingest.files.archive import Archive, Quarantine
from ingest.pipeline.importer import Importer
from ingest.pipeline.inbox import Inbox
from ingest.pipeline.seen_files import SeenFiles
from ingest.storage.activity_store import ActivityStore
from ingest.storage.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """The services of one installation."""

    home: DataFolder
    layers: SettingsLayers
    database: Database
    runner_service: RunnerService
    dashboard: Dashboard
    care_service: CareService

    @property
    def settings(self) -> Settings:
        """The settings as they hold now."""
        return self.layers.settings()

    @property
    def choices(self) -> RunnerChoices:
        """The runner's choices on the settings page."""
        return RunnerChoices(self.layers, self.runner_service)

    @property
    def answers(self) -> Answers:
        """What the runner answered to letters."""
        return self.runner_service.answers

    @property
    def answer_service(self) -> AnswerService | None:
        """The service behind links in emails; None where emails have none."""
        route = self.runner_service.route
        return AnswerService(route.links, self.answers, self.care_service) if route and route.links else None

    @property
    def feed_service(self) -> FeedService:
        """The service of the Atom feed."""
        addresses = FeedAddresses(self.database, self.runner_service.runner.id)
        return FeedService(self.runner_service, addresses, self.settings.web.address)


@contextmanager
def open_services(
    home: DataFolder, settings: Settings, *, now: datetime, mailer: Mailer | None = None
) -> Iterator[Services]:
    """Open the data folder; migrate what is older, enrol the runner, close everything at the end.

    Raises
    ------
    SettingsError
        Where a value cannot be used: an unknown time zone, a detector's parameter of the wrong kind.
    StoreError
        Where the database cannot be opened.
    """
    database = Database.open(settings.database.url or f"sqlite:///{home.database}")
    try:
        home.sweep(now=now)
        migrate(database)
        layers = SettingsLayers(home, settings, Preferences(database, RUNNER_ID), mailer)
        runner_service = build_watch(home, settings, database, layers.in_force)
        runner_service.store.runner.enroll(now=now)
        dashboard = Dashboard(
            runner_service=runner_service,
            heartbeat=Heartbeat(),
            parameter_words=parameter_words(default_text()),
            default_rules=build_detectors(parse_settings({}, origin="the defaults").detectors),
        )
        yield Services(home, layers, database, runner_service, dashboard, CareService(runner_service))
    finally:
        database.close()


def build_watch(
    home: DataFolder, settings: Settings, database: Database, effective_settings: SettingsProvider
) -> RunnerService:
    """One runner's use cases on this data folder."""
    store = ActivityStore(database, RUNNER_ID)
    intake = Importer(store, Archive(home.archive), Quarantine(home.quarantine), executor_for)
    return RunnerService(
        effective_settings=effective_settings,
        database=database,
        store=store,
        intake=intake,
        inbox=Inbox(
            home.inbox,
            home.archive / "packages",
            SeenFiles(database, RUNNER_ID),
            watched=watched_folders(home, settings.inbox.folders),
            clears_watched=settings.inbox.clear_folders,
        ),
        alert_store=AlertStore(database, RUNNER_ID),
        library=load_library(own=home.care),
        journal=Journal(database, RUNNER_ID),
    )


def watched_folders(home: DataFolder, named: Sequence[str]) -> tuple[Path, ...]:
    """The folders to look through; they need not be there, as a watch is not always plugged in."""
    folders = tuple(Path(name).expanduser() for name in named)
    for name, folder in zip(named, folders, strict=True):
        if not folder.is_absolute():
            raise SettingsError(f"inbox.folders: {name!r} must be a full path, or begin with ~")
        if folder.resolve().is_relative_to(home.folder.resolve()):
            raise SettingsError(f"inbox.folders: {name!r} lies in Hipwatch's own data folder")
    return folders
