"""`hipwatch demo`: fourteen months of a made-up runner, lived through file by file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.composition.services import Services, open_services
from config.demo.story import demo_files
from config.output.listings import alert_lines, list_alerts
from config.settings.data_folder import DataFolder
from config.settings.errors import SettingsError
from config.settings.load import load_settings
from config.settings.schema import Settings
from ingest.files.atomic_write import write_durably

TIME_ZONE = "Europe/Berlin"
SETTINGS = f"""\
# The made-up runner of `hipwatch demo`.
[runner]
name = "Ada"
email = "ada@example.org"
time_zone = "{TIME_ZONE}"
"""
MARK = "demo.txt"
FINISHED = "A demo, made up"

EVENING = time(19)

Progress = Callable[[str, int], AbstractContextManager[Callable[[], Any]]]


def prepare(folder: Path | None, now: datetime) -> tuple[DataFolder, bool]:
    """Choose the data folder and say whether it is new.

    Raises
    ------
    SettingsError
        If the folder holds anything but a demo: nobody's real runs are mixed with made-up ones.
    """
    home = DataFolder(
        Path(tempfile.mkdtemp(prefix="hipwatch-demo-")) if folder is None else folder.absolute()
    )
    mark = home.folder / MARK
    if mark.exists():
        if FINISHED not in mark.read_text("utf-8"):
            raise SettingsError(f"the demo in {home.folder} was interrupted; name a new folder")
        return home, False
    if home.folder.exists() and any(home.folder.iterdir()):
        raise SettingsError(f"{home.folder} is not empty; name a new folder for the demo")
    home.create()
    write_durably(mark, f"Begun {now.isoformat()}\n".encode())
    write_durably(home.settings, SETTINGS.encode())
    return home, True


def live_through(services: Services, now: datetime, progress: Progress) -> int:
    """Let every file arrive when its run ended, each through the inbox and the scheduled job."""
    zone = services.runner_service.runner.time_zone
    files = list(demo_files(services.runner_service.runner.day_of(now), zone=zone))
    runner_service = services.runner_service
    evening = next_evening(files[0].arrived_at, zone)
    with progress("Fourteen months", len(files)) as advance:
        for file in files:
            while evening < file.arrived_at:
                runner_service.deliver(evening)
                evening = next_evening(evening, zone)
            write_durably(services.home.inbox / file.name, file.data)
            runner_service.inbox.scan()
            runner_service.tick(min(file.arrived_at, now))
            advance()
        runner_service.evaluate(now)
        runner_service.deliver(now)
    write_durably(services.home.folder / MARK, f"{FINISHED} {now.isoformat()}\n".encode())
    return len(files)


def begun_at(now: datetime) -> datetime:
    """When the runner came to Hipwatch: with the first file."""
    zone = ZoneInfo(TIME_ZONE)
    return next(demo_files(now.astimezone(zone).date(), zone=zone)).arrived_at


def next_evening(after: datetime, zone: ZoneInfo) -> datetime:
    """The next time at which what was gathered is written, as a service that runs all day would see it."""
    local = after.astimezone(zone)
    today = datetime.combine(local.date(), EVENING, zone)
    return today if today > local else datetime.combine(local.date() + timedelta(days=1), EVENING, zone)


def show_demo(
    folder: Path | None, *, now: datetime, echo: Callable[[str], None], progress: Progress
) -> tuple[DataFolder, Settings]:
    """Make the runner up where that is not done yet, and print what was found."""
    home, is_new = prepare(folder, now)
    settings = load_settings(home.settings, environment={})
    with open_services(home, settings, now=begun_at(now) if is_new else now) as services:
        if is_new:
            count = live_through(services, now, progress)
            echo(f"{count} files went in, one after the other, as they would from a watch.\n")
        echo(alert_lines(list_alerts(services.runner_service, now, everything=True)))
    emails = sorted(home.mail.glob("*.eml"))
    echo(f"\n{len(emails)} letters would have been mailed; they lie in {home.mail}")
    for email in emails:
        echo(f"    {email.name}")
    return home, settings
