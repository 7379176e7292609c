"""The composition root: settings become services, everything replaceable by a keyword."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alerts.alert.alert_store import FindingRegister
from alerts.care.catalogue.library import load_library
from alerts.journal.journal import Journal
from alerts.notifications.answers import Answers
from alerts.notifications.delivery.mailer import Mailer
from alerts.runner.preferences import Preferences
from alerts.service.answer_service import AnswerDesk
from alerts.service.care_service import CareDesk
from alerts.service.effective_settings import Arrangement
from alerts.service.job_heartbeat import Heartbeat
from alerts.service.runner_service import Watch
from alerts.views.atom_feed import FeedAddresses
from alerts.views.dashboard import Dashboard
from alerts.views.feed_service import FeedDesk
from config.composition.executors import executor_for
from config.composition.migrate import migrate
from config.settings.build import RUNNER_ID, build_detectors
from config.settings.data_folder import Home
from config.settings.errors import SettingsError
from config.settings.load import default_text, parse_settings
from config.settings.parameter_docs import parameter_words
from config.settings.precedence import Layers
from config.settings.runner_choices import Choices
from config.settings.schema import Settings
from ingest.files.archive import Archive, Quarantine
from ingest.pipeline.importer import Intake
from ingest.pipeline.inbox import Inbox
from ingest.pipeline.seen_files import SeenFiles
from ingest.storage.activity_store import ActivityStore
from ingest.storage.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """One Hipwatch, put together."""

    home: Home
    layers: Layers
    database: Database
    watch: Watch
    dashboard: Dashboard
    care_desk: CareDesk

    @property
    def settings(self) -> Settings:
        """The settings as they hold now."""
        return self.layers.settings()

    @property
    def choices(self) -> Choices:
        """Takes what the runner chooses on the settings page."""
        return Choices(self.layers, self.watch)

    @property
    def answers(self) -> Answers:
        """What the runner answered to letters."""
        return self.watch.answers

    @property
    def answer_desk(self) -> AnswerDesk | None:
        """Takes what is pressed in letters; None where no letter holds anything to press."""
        route = self.watch.route
        return AnswerDesk(route.links, self.answers, self.care_desk) if route and route.links else None

    @property
    def feed_desk(self) -> FeedDesk:
        """Shows findings to whoever knows a secret address."""
        addresses = FeedAddresses(self.database, self.watch.runner.id)
        return FeedDesk(self.watch, addresses, self.settings.web.address)


@contextmanager
def open_services(
    home: Home, settings: Settings, *, now: datetime, mailer: Mailer | None = None
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
        layers = Layers(home, settings, Preferences(database, RUNNER_ID), mailer)
        watch = build_watch(home, settings, database, layers.in_force)
        watch.store.runner.enroll(now=now)
        dashboard = Dashboard(
            watch=watch,
            heartbeat=Heartbeat(),
            parameter_words=parameter_words(default_text()),
            shipped_rules=build_detectors(parse_settings({}, origin="the defaults").detectors),
        )
        yield Services(home, layers, database, watch, dashboard, CareDesk(watch))
    finally:
        database.close()


def build_watch(home: Home, settings: Settings, database: Database, arrangement: Arrangement) -> Watch:
    """One runner's use cases on this data folder."""
    store = ActivityStore(database, RUNNER_ID)
    intake = Intake(store, Archive(home.archive), Quarantine(home.quarantine), executor_for)
    return Watch(
        arrangement=arrangement,
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
        register=FindingRegister(database, RUNNER_ID),
        library=load_library(own=home.care),
        journal=Journal(database, RUNNER_ID),
    )


def watched_folders(home: Home, named: Sequence[str]) -> tuple[Path, ...]:
    """The folders to look through; they need not be there, as a watch is not always plugged in."""
    folders = tuple(Path(name).expanduser() for name in named)
    for name, folder in zip(named, folders, strict=True):
        if not folder.is_absolute():
            raise SettingsError(f"inbox.folders: {name!r} must be a full path, or begin with ~")
        if folder.resolve().is_relative_to(home.folder.resolve()):
            raise SettingsError(f"inbox.folders: {name!r} lies in Hipwatch's own data folder")
    return folders
