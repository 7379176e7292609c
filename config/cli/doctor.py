"""`hipwatch doctor`: what is set up, what is missing, and how to mend it, in plain words."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from alerts.notifications.delivery.apprise_channel import Notifier
from alerts.service.uptime_ping import UptimePingLog
from alerts.views.overview import MailStatus, OtherWay
from config.composition.accounts import build_account_service
from config.composition.services import Services, open_services
from config.server.uptime_ping import host_of
from config.settings.data_folder import DataFolder
from config.settings.errors import SettingsError
from config.settings.load import load_settings
from config.settings.schema import Settings
from ingest.errors import IngestError
from ingest.storage.schema import runner_table


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; ``remedy`` says what to do where it is not fine."""

    title: str
    detail: str
    is_fine: bool = True
    remedy: str = ""

    @property
    def mark(self) -> str:
        """A word and a shape, as a terminal may have no colours."""
        return "● fine   " if self.is_fine else "▲ look at"


def examine_setup(home: DataFolder, *, now: datetime) -> list[Check]:
    """Look at everything in the order in which it is needed; stop where nothing further can be said."""
    checks: list[Check] = []
    try:
        home.create()
        settings = load_settings(home.settings)
        checks.append(_folder(home))
        with open_services(home, settings, now=now) as services:
            checks.append(_chosen(services))
            checks += _running(services, services.settings, now)
    except OSError as error:
        checks.append(
            Check(
                "Data folder",
                f"{home.folder}: {error.strerror}",
                is_fine=False,
                remedy="Give yourself the right to write there, or set HIPWATCH_HOME to another folder.",
            )
        )
    except (SettingsError, IngestError) as error:
        remedy = "Mend the line in the settings file that the message names."
        checks.append(Check("Set-up", str(error), is_fine=False, remedy=remedy))
    return checks


def _folder(home: DataFolder) -> Check:
    if os.access(home.folder, os.W_OK):
        return Check("Data folder", str(home.folder))
    remedy = "Give yourself the right to write there, or set HIPWATCH_HOME to another folder."
    return Check("Data folder", f"{home.folder} cannot be written to", is_fine=False, remedy=remedy)


def _chosen(services: Services) -> Check:
    resolved, chosen = services.layers.resolve(), len(services.layers.preferences.chosen())
    detail = f"{services.home.settings}, {chosen} chosen on the settings page; hipwatch settings shows all"
    if not resolved.unfit:
        return Check("Settings", detail)
    why = "; ".join(f"{name} does not hold: {what}" for name, what in resolved.unfit.items())
    remedy = "Choose it anew on the settings page, or mend what stands in the settings file."
    return Check("Settings", f"{detail}; {why}", is_fine=False, remedy=remedy)


def _running(services: Services, settings: Settings, now: datetime) -> Iterator[Check]:
    overview = services.dashboard.overview(now)
    yield Check("Database", services.database.engine.url.render_as_string(hide_password=True))
    yield Check("Time zone", f"{overview.time_zone}; today is {overview.today.isoformat()}")
    yield _activities(services)
    yield _accounts(services, settings)
    files = overview.files
    yield Check(
        "Inbox",
        f"{services.home.inbox}, {files.waiting} waiting",
        is_fine=files.waiting == 0,
        remedy="Run hipwatch tick, or leave hipwatch serve running." if files.waiting else "",
    )
    yield from _watched(services)
    yield Check(
        "Couldn’t be read",
        f"{files.set_aside} files could not be taken in",
        is_fine=files.set_aside == 0,
        remedy=f"Read the .reason.txt files in {services.home.quarantine}." if files.set_aside else "",
    )
    yield _mail(services, settings, overview.mail)
    yield from _other_ways(services, overview.mail.others)
    yield from _ways_of_nobody(services, settings)
    yield from _watcher(services, settings)


def _watched(services: Services) -> Iterator[Check]:
    inbox = services.runner_service.inbox
    unreadable = dict(inbox.unreadable())
    for folder in inbox.watched:
        if folder not in unreadable:
            yield Check("Watched folder", str(folder))
            continue
        remedy = f"Plug the watch in, or mend inbox.folders in {services.home.settings}."
        yield Check("Watched folder", f"{folder}: {unreadable[folder]}", is_fine=False, remedy=remedy)


def _activities(services: Services) -> Check:
    count = len(services.runner_service.store.activities())
    if count:
        return Check("Activities", f"{count} stored")
    remedy = f"Copy FIT files from your watch into {services.home.inbox}, or run hipwatch import PATH."
    return Check("Activities", "none yet", is_fine=False, remedy=remedy)


def _accounts(services: Services, settings: Settings) -> Check:
    names = [one.name for one in build_account_service(services).register.all()]
    if names:
        return Check("Accounts", f"the dashboard asks for a login: {', '.join(names)}")
    if settings.web.host in {"localhost", "127.0.0.1", "::1"}:
        return Check("Accounts", "none; the dashboard opens to this computer without login")
    remedy = "Run hipwatch accounts add NAME, or hipwatch serve --set-up."
    return Check("Accounts", f"none, so hipwatch refuses {settings.web.host}", is_fine=False, remedy=remedy)


def _mail(services: Services, settings: Settings, status: MailStatus) -> Check:
    if status.mode == "off":
        return Check("Email", "switched off by mail.enabled = false")
    if status.stuck:
        detail = f"{status.stuck} letters have waited for hours: {status.last_error or 'nobody sends them'}"
        remedy = "Leave hipwatch serve running, and run hipwatch mail test to see where letters end."
        return Check("Email", detail, is_fine=False, remedy=remedy)
    if status.dead or status.last_error:
        said = status.last_error or "the mail server refused for good"
        detail = f"{status.queued} letters wait, {status.dead} were given up: {said}"
        return Check("Email", detail, is_fine=False, remedy=_mend(services))
    if settings.mail.host and not settings.runner.email:
        remedy = f"Set email under [runner] in {services.home.settings}."
        return Check("Email", "there is a mail server but nobody to write to", is_fine=False, remedy=remedy)
    if status.mode == "folder":
        detail = f"letters are laid into {services.home.mail}"
        remedy = f"To have them sent, set host and email in {services.home.settings}."
        return Check("Email", detail, remedy=remedy)
    return Check("Email", f"{settings.mail.host}, {status.queued} letters wait")


def _other_ways(services: Services, ways: Sequence[OtherWay]) -> Iterator[Check]:
    """Each way besides mail; one that could never work is told before anything had to be sent."""
    route = services.runner_service.route
    mailers = {channel.name: channel.mailer for channel in (route.channels if route else ())}
    for way in ways:
        title, mailer = way.name.capitalize(), mailers.get(way.name)
        trouble = mailer.complaint() if isinstance(mailer, Notifier) else ""
        trouble = trouble or way.last_error or ("nothing leaves" if way.stuck else "")
        if not trouble:
            yield Check(title, f"{way.queued} messages wait")
            continue
        remedy = f"Mend it in {services.home.settings}, then run hipwatch mail ways and hipwatch mail retry."
        detail = f"{way.queued} messages wait, {way.dead} were given up: {trouble}"
        yield Check(title, detail, is_fine=False, remedy=remedy)


def _ways_of_nobody(services: Services, settings: Settings) -> Iterator[Check]:
    """Ways that belong to a runner whom there is not, so that nothing ever goes there."""
    with services.database.reading() as connection:
        known = {0, *connection.execute(sa.select(runner_table.c.id)).scalars()}
    named = [("webhook", settings.webhook.runner)] if settings.webhook.url else []
    named += [(f"notify.{name}", way.runner) for name, way in settings.notify.items()]
    for table, number in named:
        if number not in known:
            remedy = f"Set runner under [{table}] in {services.home.settings} to one of {sorted(known)}."
            yield Check(table.capitalize(), f"it is runner {number}'s", is_fine=False, remedy=remedy)


def _watcher(services: Services, settings: Settings) -> Iterator[Check]:
    """Whoever is told outside that the work goes on; only a running service tells them."""
    if not settings.schedule.ping_url:
        return
    host = host_of(settings.schedule.ping_url)
    since = UptimePingLog(services.database).failing_since()
    if since is None:
        yield Check("Watcher", f"{host} is told after each job of hipwatch serve")
        return
    local = since.astimezone(services.runner_service.runner.time_zone)
    detail = f"{host} has not heard from here since {local:%Y-%m-%d %H:%M}"
    remedy = f"Look at ping_url under [schedule] in {services.home.settings}; the log says what was answered."
    yield Check("Watcher", detail, is_fine=False, remedy=remedy)


def _mend(services: Services) -> str:
    return f"Mend [mail] in {services.home.settings}, then run hipwatch mail test and hipwatch mail retry."
