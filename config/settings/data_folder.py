"""The data folder of one installation."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import platformdirs

from ingest.files.atomic_write import remove_stale_parts


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The data folder and the names in it."""

    folder: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> DataFolder:
        """``HIPWATCH_HOME``, else the platform's folder for a user's data."""
        named = environment.get("HIPWATCH_HOME")
        return cls(Path(named).expanduser().absolute() if named else platformdirs.user_data_path("hipwatch"))

    @property
    def settings(self) -> Path:
        """What the runner chose."""
        return self.folder / "hipwatch.toml"

    @property
    def database(self) -> Path:
        """The database."""
        return self.folder / "hipwatch.sqlite3"

    @property
    def inbox(self) -> Path:
        """Files here are imported."""
        return self.folder / "inbox"

    @property
    def archive(self) -> Path:
        """The original bytes of every imported file."""
        return self.folder / "archive"

    @property
    def quarantine(self) -> Path:
        """Files that couldn't be imported, with the reason."""
        return self.folder / "quarantine"

    @property
    def last_look(self) -> Path:
        """What the last ``hipwatch tick`` saw waiting and did not take."""
        return self.folder / "last-look.json"

    @property
    def mail(self) -> Path:
        """Emails, where no mail server is set."""
        return self.folder / "mail"

    @property
    def care(self) -> Path:
        """Routines of the runner's own, beside those that come along."""
        return self.folder / "care" / "routines.toml"

    @property
    def secret(self) -> Path:
        """The key that forms and links are signed with."""
        return self.folder / "secret.key"

    @property
    def lock(self) -> Path:
        """Held by the one process that serves."""
        return self.folder / "hipwatch.lock"

    def create(self) -> None:
        """Make the folders, readable by their owner only."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (self.inbox, self.archive, self.quarantine, self.mail):
            folder.mkdir(exist_ok=True, mode=0o700)

    def sweep(self, *, now: datetime) -> None:
        """Delete temporary files of processes that died."""
        for folder in (self.folder, self.archive, self.archive / "packages", self.quarantine, self.mail):
            remove_stale_parts(folder, now=now)
