"""How an email leaves the house: what every way promises, and the simplest of them, a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol, runtime_checkable

from alerts.errors import AlertsError
from ingest.errors import DiskError
from ingest.files.atomic_write import disk_errors, write_durably

MAIL = "mail"
"""The way of emails; others are named by their settings."""


class MailError(AlertsError):
    """An email was not accepted; ``permanent`` if the same email will never be."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class Mailer(Protocol):
    """Takes one email at a time off our hands."""

    def send(self, message: EmailMessage) -> None:
        """Return when somebody else has taken responsibility for the email.

        Raises
        ------
        MailError
            If nobody has, as far as we can tell.
        """
        ...


@runtime_checkable
class ReusableConnection(Protocol):
    """A mailer whose way costs something to open, and bears several emails once it is."""

    def keep_open(self) -> AbstractContextManager[Mailer]:
        """Give a mailer that goes the same way again and again, until it is left."""
        ...


@contextmanager
def open_for_batch(mailer: Mailer) -> Iterator[Mailer]:
    """Keep the way open for the emails of one round, where there is anything to keep open."""
    if isinstance(mailer, ReusableConnection):
        with mailer.keep_open() as line:
            yield line
    else:
        yield mailer


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Puts emails as ``.eml`` files into a folder: for a trial, or for a mail program that watches it."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        """Write the email whole or not at all; the same email is written once."""
        path = self.folder / _file_name(message)
        try:
            with disk_errors(path):
                is_there = path.exists()
            if not is_there:
                write_durably(path, message.as_bytes())
        except DiskError as error:
            raise MailError(f"{self.folder} takes no letter: {error}", permanent=False) from error


def _file_name(message: EmailMessage) -> str:
    digest = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:16]
    return f"{message['Date'].datetime.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest}.eml"
