"""Mail servers on this machine that keep what they are given, or behave as badly as they are told to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from alerts.notifications.delivery.smtp import SmtpMailer

HOST = "127.0.0.1"


class Postbox:
    """A server's hooks: answers as it is told to and keeps what it was given."""

    def __init__(self, answers: dict[str, str] | None = None, *, hangs_up_at: str = "") -> None:
        self.answers = answers or {}
        self.hangs_up_at = hangs_up_at
        self.received: list[EmailMessage] = []

    def _answer(self, verb: str, server: SMTP) -> str | None:
        if verb == self.hangs_up_at:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return self.answers.get(verb)

    async def handle_MAIL(  # noqa: N802
        self,
        server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Note the sender, or refuse."""
        envelope.mail_from = address
        return self._answer("MAIL", server) or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self,
        server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Note the recipient, or refuse."""
        envelope.rcpt_tos.append(address)
        return self._answer("RCPT", server) or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the letter, or refuse it, or vanish."""
        refusal = self._answer("DATA", server)
        if not refusal and self.hangs_up_at != "DATA":
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.received.append(message_from_bytes(content, policy=policy.default))
        return refusal or "250 accepted"

    async def handle_QUIT(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        """Say goodbye in one way or another."""
        return self._answer("QUIT", server) or "221 Bye"


class Server(Controller):
    """A mail server on whatever port is free."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.base_events.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def serving(postbox: object, **options: Any) -> Iterator[int]:  # noqa: ANN401
    """Take letters on a free port, with these hooks; the port is given."""
    server = Server(postbox, hostname=HOST, port=0, **options)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def plain(port: int, *, timeout_s: float = 10.0) -> SmtpMailer:
    """A way to that server without encryption."""
    return SmtpMailer(HOST, port, "none", timeout_s=timeout_s)
