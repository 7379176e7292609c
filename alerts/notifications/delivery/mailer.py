"""The mailer interface, and the simplest mailer: a folder."""

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
    """An email was not accepted; ``permanent`` if a retry cannot help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class Mailer(Protocol):
    """Sends one email at a time."""

    def send(self, message: EmailMessage) -> None:
        """Return when the email has been accepted.

        Raises
        ------
        MailError
            If nobody has, as far as we can tell.
        """
        ...


@runtime_checkable
class ReusableConnection(Protocol):
    """A mailer whose connection is expensive to open and can carry several emails."""

    def keep_open(self) -> AbstractContextManager[Mailer]:
        """Context manager: a mailer that reuses one connection."""
        ...


@contextmanager
def open_for_batch(mailer: Mailer) -> Iterator[Mailer]:
    """Keep the connection open for a batch of emails, where the mailer supports it."""
    if isinstance(mailer, ReusableConnection):
        with mailer.keep_open() as line:
            yield line
    else:
        yield mailer


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Writes emails as ``.eml`` files into a folder: for testing, or for a mail program that watches it."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        """Write the email atomically; the same email is written once."""
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
