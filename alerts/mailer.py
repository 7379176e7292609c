"""How a letter leaves the house: by SMTP, or into a folder; the only door to smtplib."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC
from email.message import EmailMessage
from pathlib import Path
from typing import Literal, Protocol

from alerts.errors import AlertsError
from ingest.errors import DiskError
from ingest.files import disk_errors, write_durably

_WANTS_A_LOGIN = frozenset({530, 534, 535, 538})
_OF_THE_LETTER = (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
_REFUSALS: dict[type[smtplib.SMTPException], str] = {
    smtplib.SMTPConnectError: "refused the connection",
    smtplib.SMTPHeloError: "refused the greeting",
    smtplib.SMTPResponseException: "refused to set up TLS",
    smtplib.SMTPAuthenticationError: "refused user and password",
    smtplib.SMTPSenderRefused: "refused the sender",
    smtplib.SMTPRecipientsRefused: "refused the recipient",
    smtplib.SMTPDataError: "refused the letter",
}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class MailError(AlertsError):
    """A letter was not accepted; ``permanent`` if the same letter will never be."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class Mailer(Protocol):
    """Takes one letter at a time off our hands."""

    def send(self, message: EmailMessage) -> None:
        """Return when somebody else has taken responsibility for the letter.

        Raises
        ------
        MailError
            If nobody has, as far as we can tell.
        """
        ...


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands letters to a mail server, over a connection whose certificate was checked.

    ``ca_file`` names the certificates to trust instead of the system's, for a server with its own.
    """

    host: str
    port: int
    tls: Literal["none", "starttls", "tls"]
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_s: float = 30.0
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        # smtplib encodes a login as ASCII and would fail in the middle of the night.
        if not (self.user + self.password).isascii():
            raise ValueError("the mail server's user and password must be plain ASCII")
        if self.user and self.tls == "none" and self.host not in _LOOPBACK:
            raise ValueError(f"the password for {self.host} would cross the network in the clear: set tls")

    def send(self, message: EmailMessage) -> None:
        """Return when the server has accepted the letter."""
        try:
            with self._session() as server:
                server.send_message(message)
        except OSError as error:  # which smtplib's own errors are, too
            raise MailError(
                f"{self.host}:{self.port} {_said(error)}", permanent=_is_refused_for_good(error)
            ) from error

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        server = self._connect()
        try:
            if self.tls == "starttls":
                server.starttls(context=self._trust())
            if self.user:
                server.login(self.user, self.password)
            yield server
        finally:
            # What the server accepted stays accepted, however badly the parting goes.
            with suppress(OSError):
                server.quit()

    def _connect(self) -> smtplib.SMTP:
        if self.tls == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_s, context=self._trust())
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout_s)

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file)


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Puts letters as ``.eml`` files into a folder: for a trial, or for a mail program that watches it."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        """Write the letter whole or not at all; the same letter is written once."""
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


def _is_refused_for_good(error: OSError) -> bool:
    """Whether it is the letter that was refused: greeting, TLS and login are the operator's to mend."""
    return isinstance(error, _OF_THE_LETTER) and all(
        500 <= code < 600 and code not in _WANTS_A_LOGIN for code, _ in _answers(error)
    )


def _said(error: OSError) -> str:
    """What happened as a clause, with the server's own words where it had some."""
    if isinstance(error, smtplib.SMTPException):
        answers = (f"{code} {_one_line(text)}" for code, text in _answers(error))
        return f"{_REFUSALS.get(type(error), 'broke off')}: {'; '.join(answers) or error}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"failed to set up TLS: {error.reason}"
    return f"cannot be reached: {error.strerror or error}"


def _answers(error: OSError) -> list[tuple[int, bytes | str]]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return list(error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return [(error.smtp_code, error.smtp_error)]
    return []


def _one_line(text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(words.split())
