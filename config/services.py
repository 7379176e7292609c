"""The composition root: settings become services, everything replaceable by a keyword."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import tzlocal

from alerts.care.catalogue import load_care
from alerts.care.desk import CareDesk
from alerts.detectors.registry import REGISTRY
from alerts.escalation import Escalation
from alerts.findings import Detector, Level
from alerts.journal.journal import Journal
from alerts.letters.answer_desk import AnswerDesk
from alerts.letters.answers import Answers
from alerts.letters.channels import Channel, Webhook
from alerts.letters.links import Links
from alerts.letters.mailer import FolderMailer, Mailer
from alerts.letters.outbox import Outbox
from alerts.letters.policy import MailPolicy
from alerts.letters.smtp import SmtpMailer
from alerts.letters.timing import NEVER_QUIET, Appointment, QuietHours, Timing
from alerts.pages.dashboard import Dashboard, Heartbeat
from alerts.pages.feed import FeedAddresses
from alerts.pages.feed_desk import FeedDesk
from alerts.register import FindingRegister
from alerts.runner import MailRoute, Runner
from alerts.units import IMPERIAL, METRIC, WEEKDAYS
from alerts.watch import Watch
from config.errors import SettingsError
from config.executors import executor_for
from config.home import Home
from config.migrate import migrate
from config.parameter_words import parameter_words
from config.secret import load_secret
from config.settings import MailSettings, RunnerSettings, Settings, WebhookSettings, default_text
from ingest.archive import Archive, Quarantine
from ingest.database import Database
from ingest.inbox import Inbox
from ingest.intake import Intake
from ingest.seen import SeenFiles
from ingest.store import ActivityStore

RUNNER_ID = 1
"""The one runner of an installation, until accounts come."""

NOBODY = "runner@localhost"
"""Stands on letters that go to the folder, where no address is set."""


@dataclass(frozen=True, slots=True)
class Services:
    """One Hipwatch, put together."""

    home: Home
    settings: Settings
    database: Database
    watch: Watch
    dashboard: Dashboard
    care_desk: CareDesk

    @property
    def answers(self) -> Answers:
        """What the runner answered to letters."""
        return Answers(self.database, self.watch.runner.id)

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
        watch = build_watch(home, settings, database, mailer=mailer)
        watch.store.enroll(now=now)
        dashboard = Dashboard(
            watch=watch,
            week_start=week_start_of(settings.runner),
            mail_mode=mail_mode(settings),
            heartbeat=Heartbeat(),
            parameter_words=parameter_words(default_text()),
        )
        yield Services(home, settings, database, watch, dashboard, CareDesk(watch, dashboard.week_start))
    finally:
        database.close()


def build_runner(settings: RunnerSettings) -> Runner:
    """The runner of the settings; an unknown time zone is a clear error."""
    name = settings.time_zone or tzlocal.get_localzone_name() or "UTC"
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            f"runner.time_zone: {name!r} is no time zone; use a name such as 'Europe/Berlin'"
        ) from error
    return Runner(
        id=RUNNER_ID,
        name=settings.name,
        email=settings.email or NOBODY,
        time_zone=zone,
        units=IMPERIAL if settings.units == "imperial" else METRIC,
        hard_heart_rate_bpm=settings.hard_heart_rate_bpm or None,
        language=settings.language,
    )


def build_detectors(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Detector, ...]:
    """Every registered rule with its parameters."""
    built: list[Detector] = []
    for kind, rule in REGISTRY.items():
        try:
            built.append(msgspec.convert(tables[kind], rule, strict=False))
        except (msgspec.ValidationError, ValueError) as error:
            raise SettingsError(f"detectors.{kind}: {error}") from error
    return tuple(built)


def build_watch(home: Home, settings: Settings, database: Database, *, mailer: Mailer | None) -> Watch:
    """One runner's use cases on this data folder."""
    runner = build_runner(settings.runner)
    store = ActivityStore(database, runner.id)
    intake = Intake(store, Archive(home.archive), Quarantine(home.quarantine), executor_for)
    return Watch(
        runner=runner,
        database=database,
        store=store,
        intake=intake,
        inbox=Inbox(
            home.inbox,
            home.archive / "packages",
            SeenFiles(database, runner.id),
            watched=watched_folders(home, settings.inbox.folders),
            clears_watched=settings.inbox.clear_folders,
        ),
        register=FindingRegister(database, runner.id),
        outbox=Outbox(database, runner.id, sender_of(settings.mail, runner)),
        detectors=build_detectors(settings.detectors),
        care=load_care(own=home.care),
        journal=Journal(database, runner.id),
        route=build_route(home, settings, runner, mailer),
        escalation=build_escalation(settings.runner),
    )


def build_escalation(settings: RunnerSettings) -> Escalation:
    """What raises the level of a finding; a day that is none is a clear error."""
    try:
        injured = date.fromisoformat(settings.previous_injury) if settings.previous_injury else None
    except ValueError as error:
        raise SettingsError(f"runner.previous_injury: {settings.previous_injury!r} is no day") from error
    return Escalation(injured, settings.together_days)


def watched_folders(home: Home, named: Sequence[str]) -> tuple[Path, ...]:
    """The folders to look through; they need not be there, as a watch is not always plugged in."""
    folders = tuple(Path(name).expanduser() for name in named)
    for name, folder in zip(named, folders, strict=True):
        if not folder.is_absolute():
            raise SettingsError(f"inbox.folders: {name!r} must be a full path, or begin with ~")
        if folder.resolve().is_relative_to(home.folder.resolve()):
            raise SettingsError(f"inbox.folders: {name!r} lies in Hipwatch's own data folder")
    return folders


def sender_of(mail: MailSettings, runner: Runner) -> str:
    """The address that letters come from."""
    return mail.sender or (mail.user if "@" in mail.user else runner.email)


def build_route(home: Home, settings: Settings, runner: Runner, mailer: Mailer | None) -> MailRoute | None:
    """How letters leave; None where mail is off."""
    mail = settings.mail
    if not mail.enabled:
        return None
    at_once = Level.INFO if mail.digest == "off" else Level.CAUTION
    reachable = settings.web.url
    return MailRoute(
        mailer=mailer or build_mailer(home, settings),
        policy=MailPolicy(Level[mail.min_level.upper()], mail.max_age_days, mail.pause_days, at_once),
        timing=build_timing(settings, runner.time_zone),
        dashboard_url=settings.web.address,
        links=Links(load_secret(home.secret), runner.id, reachable) if reachable else None,
        week_start=week_start_of(settings.runner),
        asks_after_silence=mail.ask_after_silence,
        channels=build_channels(settings.webhook),
    )


def build_channels(webhook: WebhookSettings) -> tuple[Channel, ...]:
    """The ways besides mail that are set."""
    if not webhook.url:
        return ()
    try:
        mailer = Webhook(webhook.url, webhook.secret.encode())
    except ValueError as error:
        raise SettingsError(f"webhook: {error}") from error
    return (Channel("webhook", mailer, Level[webhook.min_level.upper()]),)


def build_timing(settings: Settings, zone: ZoneInfo) -> Timing:
    """When letters are written and may arrive; a folder makes no noise, so no hour is quiet there."""
    mail = settings.mail
    digest_at = Appointment(
        time.fromisoformat(mail.digest_at),
        WEEKDAYS.index(mail.digest_weekday.capitalize()) if mail.digest == "weekly" else None,
    )
    quiet = QuietHours(time.fromisoformat(mail.quiet_from), time.fromisoformat(mail.quiet_until))
    return Timing(
        zone,
        quiet=quiet if mail_mode(settings) == "smtp" else NEVER_QUIET,
        digest=None if mail.digest == "off" else digest_at,
        sunday=Appointment(time.fromisoformat(mail.sunday_at), 6) if mail.sunday_letter else None,
    )


def week_start_of(settings: RunnerSettings) -> int:
    """The weekday on which the runner's weeks begin, Monday as 0."""
    return 0 if settings.week_start == "monday" else 6


def build_mailer(home: Home, settings: Settings) -> Mailer:
    """A mail server where one is set and somebody to write to, else the folder."""
    mail = settings.mail
    if mail_mode(settings) != "smtp":
        return FolderMailer(home.mail)
    try:
        return SmtpMailer(
            host=mail.host, port=mail.port, tls=mail.tls, user=mail.user, password=mail.password
        )
    except ValueError as error:
        raise SettingsError(f"mail: {error}") from error


def mail_mode(settings: Settings) -> Literal["smtp", "folder", "off"]:
    """How letters leave, in a word; without an address to write to, no mail server is asked."""
    if not settings.mail.enabled:
        return "off"
    return "smtp" if settings.mail.host and settings.runner.email else "folder"
