"""Letters against real mail servers on this machine, well-behaved and otherwise."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from alerts.notifications.delivery.mailer import FolderMailer, MailError
from alerts.notifications.delivery.smtp import LETTERS_PER_LINE, SmtpMailer
from smtp_server import HOST, Postbox, plain, serving


@contextmanager
def listening(greeting: bytes) -> Iterator[int]:
    """Accept one connection, say at most one thing and wait for the other side to give up."""
    with socket.create_server((HOST, 0)) as listener:

        def speak() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(greeting)
                connection.recv(1024)

        speaker = threading.Thread(target=speak)
        speaker.start()
        yield listener.getsockname()[1]
        speaker.join()


def an_email(recipient: str = "runner@example.org") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Hipwatch <hipwatch@example.org>"
    message["To"] = recipient
    message["Subject"] = "Läufe: 21 km · doppelt so weit 🦵"
    message["Date"] = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)
    message["Message-ID"] = "<abc@example.org>"
    message.set_content("Hüfte schonen: ein Tag Ruhe.\n", cte="quoted-printable")
    message.add_alternative("<p>Hüfte <b>schonen</b></p>\n", subtype="html", cte="quoted-printable")
    return message


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for the loopback address, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", "/CN=mail.example", "-addext", f"subjectAltName=IP:{HOST}"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    return certificate, key


@pytest.fixture(scope="module")
def server_tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_an_accepted_letter_arrives_whole() -> None:
    postbox = Postbox()
    with serving(postbox) as port:
        plain(port).send(an_email())

    [arrived] = postbox.received
    text, html = arrived.iter_parts()
    assert arrived["Subject"] == "Läufe: 21 km · doppelt so weit 🦵"
    assert arrived["Message-ID"] == "<abc@example.org>"
    assert text.get_content().strip() == "Hüfte schonen: ein Tag Ruhe."
    assert html.get_content().strip() == "<p>Hüfte <b>schonen</b></p>"


def test_an_address_outside_ascii_is_understood() -> None:
    postbox = Postbox()
    with serving(postbox) as port:
        plain(port).send(an_email("läufer@example.org"))

    assert postbox.received[0]["To"] == "läufer@example.org"


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "permanent"), [("451 4.7.1 Greylisted, try again", False), ("550 5.1.1 No such user", True)]
)
def test_a_refusal_is_told_in_the_servers_own_words(verb: str, answer: str, permanent: bool) -> None:  # noqa: FBT001
    with serving(Postbox({verb: answer})) as port, pytest.raises(MailError) as refusal:
        plain(port).send(an_email())

    assert answer in str(refusal.value)
    assert refusal.value.permanent is permanent


def test_a_refused_connection_is_worth_another_try() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(MailError, match=f"{HOST}:{port} cannot be reached: Connection refused") as failure:
        plain(port).send(an_email())
    assert not failure.value.permanent


def test_a_server_that_turns_everybody_away_does_not_condemn_the_letter() -> None:
    with (
        listening(b"554 5.3.2 No service here\r\n") as port,
        pytest.raises(MailError, match=r"refused the connection: 554 5.3.2 No service here") as failure,
    ):
        plain(port).send(an_email())

    assert not failure.value.permanent


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    with listening(b"") as port, pytest.raises(MailError, match="timed out") as failure:
        plain(port, timeout_s=0.2).send(an_email())

    assert not failure.value.permanent


@pytest.mark.parametrize("verb", ["MAIL", "DATA"])
def test_a_line_that_drops_before_acceptance_is_worth_another_try(verb: str) -> None:
    with serving(Postbox(hangs_up_at=verb)) as port, pytest.raises(MailError, match="broke off") as failure:
        plain(port).send(an_email())

    assert not failure.value.permanent


@pytest.mark.parametrize("postbox", [Postbox(hangs_up_at="QUIT"), Postbox({"QUIT": "421 4.3.0 Going down"})])
def test_a_bad_parting_after_acceptance_is_no_failure(postbox: Postbox) -> None:
    with serving(postbox) as port:
        plain(port).send(an_email())

    assert len(postbox.received) == 1


def test_starttls_with_a_certificate_of_nobody_is_refused(server_tls: ssl.SSLContext) -> None:
    postbox = Postbox()
    with (
        serving(postbox, tls_context=server_tls) as port,
        pytest.raises(MailError, match="is not trusted: self-signed certificate") as failure,
    ):
        SmtpMailer(HOST, port, "starttls").send(an_email())

    assert not failure.value.permanent
    assert postbox.received == []


def test_tls_with_a_certificate_of_nobody_is_refused(server_tls: ssl.SSLContext) -> None:
    with (
        serving(Postbox(), ssl_context=server_tls) as port,
        pytest.raises(MailError, match="is not trusted: self-signed certificate"),
    ):
        SmtpMailer(HOST, port, "tls").send(an_email())


@pytest.mark.parametrize(("tls", "option"), [("starttls", "tls_context"), ("tls", "ssl_context")])
def test_a_server_of_ones_own_is_trusted_by_its_certificate(
    tls: Any,  # noqa: ANN401
    option: str,
    server_tls: ssl.SSLContext,
    certificate: tuple[Path, Path],
) -> None:
    postbox = Postbox()
    with serving(postbox, **{option: server_tls}) as port:
        SmtpMailer(HOST, port, tls, ca_file=certificate[0]).send(an_email())

    assert len(postbox.received) == 1


def test_a_server_without_starttls_gets_no_letter() -> None:
    postbox = Postbox()
    with serving(postbox) as port, pytest.raises(MailError, match="STARTTLS extension not supported"):
        SmtpMailer(HOST, port, "starttls").send(an_email())

    assert postbox.received == []


def only_for(password: bytes) -> Callable[..., AuthResult]:
    def check(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object) -> AuthResult:
        return AuthResult(
            success=isinstance(given, LoginPassword) and given.password == password, handled=False
        )

    return check


@pytest.mark.parametrize(
    ("user", "password", "words"),
    [("hip", "wrong", "refused user and password: 535"), ("", "", "refused the sender: 530")],
)
def test_a_failed_login_is_the_operators_to_mend(
    user: str, password: str, words: str, server_tls: ssl.SSLContext, certificate: tuple[Path, Path]
) -> None:
    with (
        serving(
            Postbox(), tls_context=server_tls, auth_required=True, authenticator=only_for(b"right")
        ) as port,
        pytest.raises(MailError, match=words) as failure,
    ):
        SmtpMailer(HOST, port, "starttls", user, password, ca_file=certificate[0]).send(an_email())

    assert not failure.value.permanent


def test_the_right_password_opens(server_tls: ssl.SSLContext, certificate: tuple[Path, Path]) -> None:
    postbox = Postbox()
    with serving(
        postbox, tls_context=server_tls, auth_required=True, authenticator=only_for(b"right")
    ) as port:
        SmtpMailer(HOST, port, "starttls", "hip", "right", ca_file=certificate[0]).send(an_email())

    assert len(postbox.received) == 1


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(SmtpMailer("mail.example.org", 587, "starttls", "hip", "secret"))


def test_a_password_is_not_sent_in_the_clear_to_another_machine() -> None:
    with pytest.raises(ValueError, match="in the clear"):
        SmtpMailer("mail.example.org", 25, "none", "hip", "secret")


@pytest.mark.parametrize("password", ["two\nlines", "a\rb", "a\0b"])
def test_a_login_that_smtp_cannot_carry_is_refused_at_once(password: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        SmtpMailer("mail.example.org", 587, "starttls", "hip", password)


@pytest.mark.parametrize("password", ["geheimnisträger", "пароль", "p@ss:w/rd #%\"'\\ ", "🦵" * 20])
def test_a_password_of_any_characters_opens(
    password: str, server_tls: ssl.SSLContext, certificate: tuple[Path, Path]
) -> None:
    postbox = Postbox()
    with serving(
        postbox, tls_context=server_tls, auth_required=True, authenticator=only_for(password.encode())
    ) as port:
        SmtpMailer(HOST, port, "starttls", "läufer", password, ca_file=certificate[0]).send(an_email())

    assert len(postbox.received) == 1


def test_a_wrong_password_of_any_characters_is_told_in_the_servers_words(
    server_tls: ssl.SSLContext, certificate: tuple[Path, Path]
) -> None:
    with (
        serving(
            Postbox(), tls_context=server_tls, auth_required=True, authenticator=only_for(b"right")
        ) as port,
        pytest.raises(MailError, match="refused user and password: 535") as failure,
    ):
        SmtpMailer(HOST, port, "starttls", "hip", "fälsch", ca_file=certificate[0]).send(an_email())

    assert not failure.value.permanent


def test_each_step_that_went_well_is_told_in_its_order(
    server_tls: ssl.SSLContext, certificate: tuple[Path, Path]
) -> None:
    went: list[str] = []
    with serving(
        Postbox(), tls_context=server_tls, auth_required=True, authenticator=only_for(b"right")
    ) as port:
        mailer = SmtpMailer(HOST, port, "starttls", "hip", "right", ca_file=certificate[0])
        mailer.send(an_email(), went=went.append)

    words = ("is 127.0.0.1", "answers", "encrypted", "user and password", "accepted the letter")
    assert [word in step for word, step in zip(words, went, strict=True)] == [True] * 5


def test_a_name_without_an_address_is_told_as_such() -> None:
    with pytest.raises(MailError, match=r"mail\.example\.invalid:587 has no address") as failure:
        SmtpMailer("mail.example.invalid", 587, "starttls").send(an_email())

    assert not failure.value.permanent


def test_the_folder_gets_the_letter_whole(tmp_path: Path) -> None:
    FolderMailer(tmp_path).send(an_email())

    [path] = tmp_path.iterdir()
    read = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert path.name.startswith("20260601T073000Z-")
    assert path.suffix == ".eml"
    assert read.get_body(("plain",)).get_content() == "Hüfte schonen: ein Tag Ruhe.\n"  # type: ignore[union-attr]


def test_the_folder_gets_the_same_letter_once(tmp_path: Path) -> None:
    FolderMailer(tmp_path).send(an_email())
    [path] = tmp_path.iterdir()
    path.write_bytes(b"marked as read")
    FolderMailer(tmp_path).send(an_email())

    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"marked as read"]


def test_two_letters_of_one_second_lie_beside_each_other(tmp_path: Path) -> None:
    other = an_email()
    other.replace_header("Message-ID", "<def@example.org>")
    FolderMailer(tmp_path).send(an_email())
    FolderMailer(tmp_path).send(other)

    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_be_is_worth_another_try(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")

    with pytest.raises(MailError, match="takes no letter") as failure:
        FolderMailer(tmp_path / "mail").send(an_email())
    assert not failure.value.permanent


class Counting(Postbox):
    """A server that counts its connections, and parts after so many letters as busy servers do."""

    def __init__(self, *, emails_at_most: int = 1_000) -> None:
        super().__init__()
        self.connections = 0
        self.emails_at_most = emails_at_most

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count who comes."""
        session.host_name = hostname
        self.connections += 1
        self.since = len(self.received)
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse who has brought enough."""
        if len(self.received) - self.since >= self.emails_at_most:
            return "421 4.7.0 Too many letters for one connection"
        return await super().handle_MAIL(server, session, envelope, address, options)


def test_the_letters_of_a_round_share_a_connection() -> None:
    postbox = Counting()
    with serving(postbox) as port, plain(port).keep_open() as line:
        for _ in range(5):
            line.send(an_email())

    assert (postbox.connections, len(postbox.received)) == (1, 5)


def test_a_server_that_has_had_enough_gets_the_rest_over_another_connection() -> None:
    postbox = Counting(emails_at_most=2)
    with serving(postbox) as port, plain(port).keep_open() as line:
        for _ in range(5):
            line.send(an_email())

    assert (postbox.connections, len(postbox.received)) == (3, 5)


def test_a_connection_bears_no_more_letters_than_servers_like() -> None:
    postbox = Counting()
    with serving(postbox) as port, plain(port).keep_open() as line:
        for _ in range(LETTERS_PER_LINE + 1):
            line.send(an_email())

    assert (postbox.connections, len(postbox.received)) == (2, LETTERS_PER_LINE + 1)


@pytest.mark.parametrize("answer", ["451 4.7.1 Greylisted", "550 5.1.1 No such user"])
def test_a_refused_letter_does_not_cost_the_next_one_its_connection(answer: str) -> None:
    postbox = Counting()
    with serving(postbox) as port, plain(port).keep_open() as line:
        postbox.answers["RCPT"] = answer
        with pytest.raises(MailError):
            line.send(an_email())
        del postbox.answers["RCPT"]
        line.send(an_email())

    assert (postbox.connections, len(postbox.received)) == (1, 1)


def test_a_line_that_dropped_between_letters_is_made_anew() -> None:
    postbox = Counting()
    with serving(postbox) as port, plain(port).keep_open() as line:
        line.send(an_email())
        assert line._server is not None
        assert line._server.sock is not None
        line._server.sock.shutdown(socket.SHUT_RDWR)
        line.send(an_email())

    assert (postbox.connections, len(postbox.received)) == (2, 2)


def test_a_letter_whose_fate_is_unclear_is_not_sent_again_in_the_same_round() -> None:
    """The server vanishes after DATA: it may have the letter, so the next attempt is the outbox's to book."""
    postbox = Counting()
    with serving(postbox) as port, plain(port).keep_open() as line:
        line.send(an_email())
        postbox.hangs_up_at = "DATA"
        with pytest.raises(MailError, match="broke off") as failure:
            line.send(an_email())

    assert not failure.value.permanent
    assert postbox.connections == 1


def test_a_name_that_no_host_can_have_is_told() -> None:
    with pytest.raises(MailError, match="has no address"):
        SmtpMailer("a" * 64 + ".example", 25, "none").send(an_email())
