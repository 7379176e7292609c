"""Email over SMTP, one connection per batch; the only module that uses smtplib."""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

from alerts.notifications.delivery.mailer import MailError

LETTERS_PER_LINE = 100
"""Some servers take no more over one connection."""

_WANTS_A_LOGIN = frozenset({530, 534, 535, 538})
_OF_THE_LETTER = (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
_REFUSALS: dict[type[smtplib.SMTPException], str] = {
    smtplib.SMTPNotSupportedError: "cannot do what is needed",
    smtplib.SMTPConnectError: "refused the connection",
    smtplib.SMTPHeloError: "refused the greeting",
    smtplib.SMTPResponseException: "refused to set up TLS",
    smtplib.SMTPAuthenticationError: "refused user and password",
    smtplib.SMTPSenderRefused: "refused the sender",
    smtplib.SMTPRecipientsRefused: "refused the recipient",
    smtplib.SMTPDataError: "refused the letter",
}
_LOGGED_IN = 235
_ALIVE = 250
_HAD_ENOUGH = 421
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Went = Callable[[str], object]


def _unheard(_step: str) -> None:
    """Nobody listens to the steps."""


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends emails to a mail server over a connection with a verified certificate.

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
        # NUL parts the fields of AUTH PLAIN (RFC 4616), and a line ends a command.
        if set(self.user + self.password) & set("\0\r\n"):
            raise ValueError("the mail server's user and password must each be one line")
        if self.user and self.tls == "none" and self.host not in _LOOPBACK:
            raise ValueError(f"the password for {self.host} would cross the network in the clear: set tls")

    def send(self, message: EmailMessage, *, went: Went = _unheard) -> None:
        """Return when the server has accepted the email; ``went`` is called after each successful step."""
        with self.keep_open(went) as line:
            line.send(message)

    @contextmanager
    def keep_open(self, went: Went = _unheard) -> Iterator[SmtpLine]:
        """Context manager: a connection for several emails, opened with the first."""
        line = SmtpLine(self, went)
        try:
            yield line
        finally:
            line.hang_up()

    def connect(self, went: Went) -> smtplib.SMTP:
        """Open a connection that is ready to send."""
        server = self._connect(went)
        try:
            if self.tls == "starttls":
                server.starttls(context=self._trust())
                went(_tls_words(server))
            if self.user:
                _log_in(server, self.user, self.password)
                went("the server took user and password")
        except OSError:
            _part(server)
            raise
        return server

    def _connect(self, went: Went) -> smtplib.SMTP:
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except UnicodeError as error:  # a part of the name is longer than names may be
            raise socket.gaierror(socket.EAI_NONAME, "no host can be called so") from error
        went(f"{self.host} is {', '.join(dict.fromkeys(str(each[4][0]) for each in found))}")
        if self.tls == "tls":
            secure = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_s, context=self._trust())
            went(f"port {self.port} answers")
            went(_tls_words(secure))
            return secure
        server = smtplib.SMTP(self.host, self.port, timeout=self.timeout_s)
        went(f"port {self.port} answers")
        return server

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file)


@dataclass(slots=True)
class SmtpLine:
    """A connection that carries several emails and is reopened when the server closes it."""

    mailer: SmtpMailer
    went: Went
    _server: smtplib.SMTP | None = None
    _carried: int = 0

    def send(self, message: EmailMessage) -> None:
        """Return when the server has accepted the email.

        Raises
        ------
        MailError
            If it has not, as far as we can tell. The line serves the next email all the same.
        """
        try:
            self._hand_over(message)
        except OSError as error:  # which smtplib's own errors are, too
            where = f"{self.mailer.host}:{self.mailer.port}"
            raise MailError(f"{where} {_said(error)}", permanent=_is_refused_for_good(error)) from error
        self._carried += 1
        self.went("the server accepted the letter")

    def hang_up(self) -> None:
        """Close the connection; errors are ignored, as accepted emails stay accepted."""
        if self._server is not None:
            _part(self._server)
        self._server, self._carried = None, 0

    def _hand_over(self, message: EmailMessage) -> None:
        if self._is_alive() and self._server is not None:
            try:
                self._server.send_message(message)
            except smtplib.SMTPSenderRefused as refusal:
                if refusal.smtp_code != _HAD_ENOUGH:
                    raise
            else:
                return
        # Nothing of the email was said yet, so that it cannot arrive twice over a second connection.
        self.hang_up()
        self._server = self.mailer.connect(self.went)
        self._server.send_message(message)

    def _is_alive(self) -> bool:
        """Whether the server still answers; checked before sending, so that no email's fate is unclear."""
        if self._server is None or self._server.sock is None or self._carried >= LETTERS_PER_LINE:
            return False
        try:
            return self._server.rset()[0] == _ALIVE
        except OSError:
            return False


def _part(server: smtplib.SMTP) -> None:
    with suppress(OSError):
        server.quit()


def _tls_words(server: smtplib.SMTP) -> str:
    version = server.sock.version() if isinstance(server.sock, ssl.SSLSocket) else None
    return f"the line is encrypted ({version or 'TLS'}) and the certificate is trusted"


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """Log in: as smtplib does for ASCII, else with UTF-8 in AUTH PLAIN.

    smtplib encodes user and password as ASCII and has no way to say otherwise. RFC 4616 wants UTF-8.
    """
    server.ehlo_or_helo_if_needed()
    if (user + password).isascii():
        server.login(user, password)
        return
    if "PLAIN" not in server.esmtp_features.get("auth", "").upper().split():
        raise smtplib.SMTPNotSupportedError(
            "this server offers no AUTH PLAIN, which alone takes more than ASCII; choose a plainer password"
        )
    given = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    code, words = server.docmd("AUTH", f"PLAIN {given}")
    if code != _LOGGED_IN:
        raise smtplib.SMTPAuthenticationError(code, words)


def _is_refused_for_good(error: OSError) -> bool:
    """Whether the email itself was refused; greeting, TLS and login errors can be fixed."""
    return isinstance(error, _OF_THE_LETTER) and all(
        500 <= code < 600 and code not in _WANTS_A_LOGIN for code, _ in _answers(error)
    )


def _said(error: OSError) -> str:
    """The error as a clause, with the server's own words."""
    if isinstance(error, smtplib.SMTPException):
        answers = (f"{code} {_one_line(text)}" for code, text in _answers(error))
        return f"{_REFUSALS.get(type(error), 'broke off')}: {'; '.join(answers) or error}"
    if isinstance(error, socket.gaierror):
        return f"has no address: {error.strerror}"
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
