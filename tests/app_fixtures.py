"""A whole Hipwatch in a folder of its own, as the tests of the path need one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from config.composition.migrate import migrate
from config.composition.services import Services, open_services
from config.settings.data_folder import DataFolder
from config.settings.load import parse_settings
from ingest.storage.database import Database
from support import fit_run

NOW = datetime(2026, 5, 12, 18, 0, tzinfo=UTC)
EASY_S_PER_M = 0.345


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class RecordingMailer:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.emails: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        self.emails.append(message)


@cache
def migrated_database() -> bytes:
    """The bytes of an empty database with the newest schema: a file to copy, as migrating takes 0.4 s."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hipwatch.sqlite3"
        database = Database.open(f"sqlite:///{file}")
        migrate(database)
        database.close()
        return file.read_bytes()


def create_home(home: DataFolder) -> None:
    """Make the data folder with an empty, migrated database; one that is there already stays as it is."""
    home.create()
    if not home.database.exists():
        home.database.write_bytes(migrated_database())
        home.database.chmod(0o600)


@contextmanager
def open_house(
    folder: Path, *, mailer: RecordingMailer | None = None, now: datetime = NOW, **tables: dict[str, Any]
) -> Iterator[Services]:
    """Open a Hipwatch in ``folder`` whose runner lives in UTC; ``tables`` are settings."""
    runner = {"name": "Ada", "email": "ada@example.org", "time_zone": "UTC"} | tables.pop("runner", {})
    home = DataFolder(folder)
    create_home(home)
    settings = parse_settings({"runner": runner, **tables}, origin="test")
    with open_services(home, settings, now=now, mailer=mailer) as services:
        yield services


def ordinary_run(
    started_at: datetime, *, distance_m: float = 10_000.0, duration_s: int | None = None
) -> bytes:
    """An easy run with one short hard piece in it, so that easy minutes are known to be easy."""
    duration_s = round(distance_m * EASY_S_PER_M) if duration_s is None else duration_s
    heart_rate_bpm = np.full(duration_s + 1, 135.0)
    heart_rate_bpm[600:660] = 185.0
    return fit_run(started_at, distance_m=distance_m, duration_s=duration_s, heart_rate_bpm=heart_rate_bpm)


def days_before(days: int, *, hour: int = 7) -> datetime:
    """A morning so many days before ``NOW``."""
    return (NOW - timedelta(days=days)).replace(hour=hour)


def steady_weeks(weeks: int = 10, *, last_days_ago: int = 2, distance_m: float = 10_000.0) -> list[bytes]:
    """Three equal runs a week, the last so many days before ``NOW``."""
    first = last_days_ago + 7 * weeks
    return [
        ordinary_run(days_before(ago), distance_m=distance_m)
        for ago in range(first, last_days_ago - 1, -1)
        if (first - ago) % 7 in {0, 2, 4}
    ]


def lay_into(folder: Path, files: list[bytes], *, prefix: str = "run") -> list[Path]:
    """Write the files into a folder under plain names."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{prefix}-{number:04}.fit" for number in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    return paths


def let_rest(paths: list[Path]) -> None:
    """Make it an hour since anybody wrote to these files."""
    for path in paths:
        status = path.stat()
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - 3_600 * 1_000_000_000))
