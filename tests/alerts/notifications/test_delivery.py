"""The outbox against a mail server with every fault: what arrives, how often, and under which name."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session

from alerts.alert.alert import Alert, Level
from alerts.notifications.compose.email_content import Email
from alerts.notifications.delivery.outbox import Outbox
from alerts.notifications.delivery.smtp import SmtpMailer
from ingest.storage.database import Database, metadata
from ingest.storage.schema import runner_table
from smtp_server import HOST, Postbox, plain, serving

NOW = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SENDER = "Hipwatch <hipwatch@example.org>"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'hipwatch.db'}")
    metadata.create_all(database.engine)
    with database.writing() as connection:
        connection.execute(sa.insert(runner_table).values(id=1, created_at=NOW))
    yield database
    database.close()


def queued(
    database: Database, count: int = 1, *, sender: str = SENDER, to: str = "ada@example.org"
) -> Outbox:
    """An outbox with so many letters, each about a day of its own."""
    outbox = Outbox(database, 1, sender)
    with database.writing() as connection:
        for ago in range(count):
            day = NOW.date() - timedelta(days=ago)
            alert = Alert("single_run_spike", day, Level.CAUTION, 14_000.0, 10_000.0, "m")
            email = Email(f"About {day}", "Läufe ruhig.\n", "<p>Läufe ruhig.</p>\n")
            outbox.enqueue(connection, tells=[alert], email=email, recipient=to, now=NOW)
    return outbox


def names(postbox: Postbox) -> list[str]:
    return [str(email["Message-ID"]) for email in postbox.received]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_wants_it_later_has_it_once_a_little_later(database: Database, verb: str) -> None:
    outbox, postbox = queued(database), Postbox({verb: "451 4.7.1 Greylisted, try again"})
    with serving(postbox) as port:
        first = outbox.deliver(plain(port), NOW)
        postbox.answers.clear()
        later = [outbox.deliver(plain(port), NOW + n * MINUTE) for n in range(1, 5)]

    assert (first, [counts for counts in later if counts]) == ({"postponed": 1}, [{"sent": 1}])
    assert len(postbox.received) == 1


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_letter_refused_for_good_is_dead_and_the_others_arrive(database: Database, verb: str) -> None:
    outbox = queued(database, 3)

    class Once(Postbox):
        def _answer(self, verb: str, _server: SMTP) -> str | None:
            return self.answers.pop(verb, None)

    postbox = Once({verb: "550 5.7.1 Not that one"})
    with serving(postbox) as port:
        counts = outbox.deliver(plain(port), NOW)

    assert counts == {"dead": 1, "sent": 2}
    assert "550 5.7.1 Not that one" in (outbox.health(NOW).last_error or "")


def test_a_line_that_drops_after_the_letter_repeats_it_under_its_name(database: Database) -> None:
    """The server has it, and vanishes before it says so: the one thing that nobody can tell from a loss."""
    outbox = queued(database)

    class Vanishing(Postbox):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            """Keep the letter, then go without a word."""
            said = await super().handle_DATA(server, session, envelope)
            assert isinstance(server.transport, asyncio.WriteTransport)
            if len(self.received) == 1:
                server.transport.abort()
            return said

    postbox = Vanishing()
    with serving(postbox) as port:
        counts = [outbox.deliver(plain(port), NOW + n * MINUTE) for n in range(5)]

    assert [one for one in counts if one] == [{"postponed": 1}, {"sent": 1}]
    assert (len(postbox.received), len(set(names(postbox)))) == (2, 1)


def test_a_server_that_was_down_for_a_day_has_each_letter_once(database: Database) -> None:
    outbox, postbox = queued(database, 5), Postbox()
    with socket.create_server((HOST, 0)) as taken:
        port = int(taken.getsockname()[1])
    for minutes in range(0, 24 * 60, 10):
        outbox.deliver(plain(port), NOW + minutes * MINUTE)
    stuck = outbox.health(NOW + timedelta(days=1)).stuck
    with serving(postbox) as port:
        for hours in range(24, 29):
            outbox.deliver(plain(port), NOW + timedelta(hours=hours))

    assert stuck == 5
    assert (len(postbox.received), len(set(names(postbox)))) == (5, 5)


def test_a_server_that_is_slow_has_each_letter_once(database: Database) -> None:
    outbox = queued(database, 3)

    class Slow(Postbox):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            """Think for a while."""
            await asyncio.sleep(0.3)
            return await super().handle_DATA(server, session, envelope)

    postbox = Slow()
    with serving(postbox) as port:
        counts = outbox.deliver(plain(port), NOW)

    assert (counts, len(set(names(postbox)))) == ({"sent": 3}, 3)


def test_a_server_without_tls_gets_nothing_and_loses_nothing(database: Database) -> None:
    outbox, postbox = queued(database), Postbox()
    with serving(postbox) as port:
        counts = outbox.deliver(SmtpMailer(HOST, port, "starttls"), NOW)

    health = outbox.health(NOW)
    assert (counts, postbox.received, health.queued) == ({"postponed": 1}, [], 1)
    assert "STARTTLS" in (health.last_error or "")


def test_names_outside_ascii_arrive_where_the_server_knows_them(database: Database) -> None:
    outbox = queued(database, sender="Läufer <läufer@münchen.example>", to="Zoë 李 <zoë@例え.example>")
    postbox = Postbox()
    with serving(postbox) as port:
        counts = outbox.deliver(plain(port), NOW)

    [email] = postbox.received
    assert counts == {"sent": 1}
    assert (email["To"], email["From"]) == (
        "Zoë 李 <zoë@例え.example>",
        "Läufer <läufer@münchen.example>",
    )


def test_a_server_that_knows_no_such_names_is_told_so_and_the_letter_kept(database: Database) -> None:
    outbox = queued(database, to="zoë@example.org")
    with serving(Postbox(), enable_SMTPUTF8=False) as port:
        counts = outbox.deliver(plain(port), NOW)

    assert counts == {"postponed": 1}
    assert "SMTPUTF8" in (outbox.health(NOW).last_error or "")


def test_a_spoken_name_outside_ascii_needs_no_such_server(
    database: Database,
) -> None:
    outbox, postbox = queued(database, to="Zoë 李 مريم <zoe@example.org>"), Postbox()
    with serving(postbox, enable_SMTPUTF8=False) as port:
        counts = outbox.deliver(plain(port), NOW)

    assert counts == {"sent": 1}
    assert postbox.received[0]["To"] == "Zoë 李 مريم <zoe@example.org>"
