"""Letters through Debian's OpenSMTPD into a maildir, as a self-hoster would have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa

from alerts.alert.alert import Alert, Level
from alerts.notifications.compose.email_content import Email, to_message
from alerts.notifications.delivery.mailer import MailError
from alerts.notifications.delivery.outbox import Outbox
from alerts.notifications.delivery.smtp import SmtpMailer
from ingest.storage.database import Database, metadata
from ingest.storage.schema import runner_table
from servers import emails_in, opensmtpd, opensmtpd_program

pytestmark = pytest.mark.mail

NOW = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)
SENDER = "Hipwatch <hipwatch@example.org>"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture(scope="module")
def server(require: Callable[[str | None, str], str]) -> Iterator[tuple[int, Path]]:
    program = require(opensmtpd_program(), "OpenSMTPD is not installed, or we may not start it")
    with opensmtpd(program) as running:
        yield running


def email_to(address: str, *, subject: str = "Läufe: 21 km 🦵") -> EmailMessage:
    email = Email(subject, "Hüfte schonen.\n", '<p>Hüfte</p><img src="cid:x">\n', PICTURE, "https://x.org/a")
    return to_message(email, to=address, sender=SENDER, message_id=f"<{address}>", date=NOW)


def test_a_letter_arrives_in_the_mailbox_whole(server: tuple[int, Path]) -> None:
    port, boxes = server
    SmtpMailer("127.0.0.1", port, "none").send(email_to("Ada Läufer <whole@example.org>"))
    [path] = emails_in(boxes / "whole", count=1)
    arrived = message_from_bytes(path.read_bytes(), policy=policy.default)
    pictures = [part.get_content() for part in arrived.walk() if part.get_content_type() == "image/png"]

    assert arrived["Subject"] == "Läufe: 21 km 🦵"
    assert arrived["To"] == "Ada Läufer <whole@example.org>"
    assert arrived["List-Unsubscribe"] == "<https://x.org/a>"
    assert pictures == [PICTURE]


def test_a_mailbox_elsewhere_is_refused_for_good_in_the_servers_words(server: tuple[int, Path]) -> None:
    with pytest.raises(MailError, match="550 Invalid recipient") as refusal:
        SmtpMailer("127.0.0.1", server[0], "none").send(email_to("ada@elsewhere.example"))

    assert refusal.value.permanent


def test_each_of_a_hundred_queued_letters_arrives_once(server: tuple[int, Path], tmp_path: Path) -> None:
    port, boxes = server
    database = Database.open(f"sqlite:///{tmp_path / 'hipwatch.db'}")
    metadata.create_all(database.engine)
    with database.writing() as connection:
        connection.execute(sa.insert(runner_table).values(id=1, created_at=NOW))
    outbox = Outbox(database, 1, SENDER)
    with database.writing() as connection:
        for n in range(100):
            day = NOW.date() - timedelta(days=n)
            outbox.enqueue(
                connection,
                tells=[Alert("spike", day, Level.CAUTION, 14.0, 10.0, "m")],
                email=Email(f"Letter {n}", "text\n", "<p>text</p>\n"),
                recipient="hundred@example.org",
                now=NOW,
            )
    counts = outbox.deliver(SmtpMailer("127.0.0.1", port, "none"), NOW)
    database.close()
    arrived = [message_from_bytes(p.read_bytes()) for p in emails_in(boxes / "hundred", count=100)]

    assert counts == {"sent": 100}
    assert sorted(str(email["Subject"]) for email in arrived) == sorted(f"Letter {n}" for n in range(100))
