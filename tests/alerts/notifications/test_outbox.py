"""Letters are queued once, delivered at least once, and never lost."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alert.alert import Alert, Level
from alerts.notifications.compose.email_content import Email
from alerts.notifications.delivery.mailer import FolderMailer, Mailer, MailError
from alerts.notifications.delivery.outbox import Outbox
from alerts.schema import email_table
from ingest.storage.database import Database, metadata
from ingest.storage.schema import runner_table

NOW = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SENDER = "Hipwatch <hipwatch@example.org>"
RUNNER = "runner@example.org"


class Server:
    """A mailer that keeps what it accepts, and refuses as it is told to."""

    def __init__(self, refuse: Callable[[EmailMessage], MailError | None] = lambda _message: None) -> None:
        self.refuse = refuse
        self.accepted: list[EmailMessage] = []
        self.tried: list[str] = []

    def send(self, message: EmailMessage) -> None:
        """Keep the letter, or refuse it."""
        self.tried.append(str(message["Message-ID"]))
        refusal = self.refuse(message)
        if refusal:
            raise refusal
        self.accepted.append(message)


def down(_message: EmailMessage) -> MailError:
    return MailError("mail.example.org:587 cannot be reached: Connection refused", permanent=False)


def unknown_recipient(_message: EmailMessage) -> MailError:
    return MailError(f"refused the recipient: 550 5.1.1 <{RUNNER}> unknown", permanent=True)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'hipwatch.db'}")
    metadata.create_all(database.engine)
    with database.writing() as connection:
        connection.execute(sa.insert(runner_table), [{"id": n, "created_at": NOW} for n in (1, 2)])
    yield database
    database.close()


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database, 1, SENDER)


def put(outbox: Outbox, key: str = "spike/2026-06-01", now: datetime = NOW, recipient: str = RUNNER) -> bool:
    email = Email(f"About {key}", "Läufe ruhig.\n", "<p>Läufe ruhig.</p>\n")
    with outbox.database.writing() as connection:
        return outbox.enqueue(connection, tells=[told(key)], email=email, recipient=recipient, now=now)


def told(key: str = "spike/2026-06-01", level: Level = Level.CAUTION) -> Alert:
    kind, _, day = key.partition("/")
    return Alert(kind, date.fromisoformat(day or "2026-06-01"), level, 14_000.0, 10_000.0, "m")


def untold(outbox: Outbox, *alerts: Alert) -> list[Alert]:
    with outbox.database.reading() as connection:
        return outbox.not_yet_sent(connection, alerts)


def attempts_until(outbox: Outbox, mailer: Mailer, minutes: int) -> list[int]:
    """Let a tick fall on each minute; give those in which something was tried."""
    return [n for n in range(minutes + 1) if outbox.deliver(mailer, NOW + n * MINUTE)]


def test_a_queued_letter_is_delivered_whole(outbox: Outbox) -> None:
    server = Server()
    put(outbox)
    counts = outbox.deliver(server, NOW)

    [message] = server.accepted
    text, html = message.iter_parts()
    assert counts == {"sent": 1}
    assert (message["From"], message["To"]) == (SENDER, RUNNER)
    assert message["Subject"] == "About spike/2026-06-01"
    assert text.get_content() == "Läufe ruhig.\n"
    assert html.get_content() == "<p>Läufe ruhig.</p>\n"


def test_a_letter_is_delivered_once(outbox: Outbox) -> None:
    server = Server()
    put(outbox)
    for hour in range(24):
        outbox.deliver(server, NOW + timedelta(hours=hour))

    assert len(server.tried) == 1


def test_the_same_event_is_queued_once(outbox: Outbox) -> None:
    assert put(outbox)
    assert not put(outbox, now=NOW + timedelta(days=1))


def test_the_same_event_is_not_queued_again_after_it_was_sent(outbox: Outbox) -> None:
    put(outbox)
    outbox.deliver(Server(), NOW)

    assert not put(outbox)


def test_another_recipient_gets_a_letter_of_their_own(outbox: Outbox) -> None:
    put(outbox)

    assert put(outbox, recipient="coach@example.org")


def test_what_was_told_is_no_news_again(outbox: Outbox) -> None:
    put(outbox)

    assert untold(outbox, told(), told("spike/2026-06-02")) == [told("spike/2026-06-02")]


def test_a_finding_that_became_graver_is_news_again(outbox: Outbox) -> None:
    put(outbox)

    assert untold(outbox, told(level=Level.HIGH)) == [told(level=Level.HIGH)]


def test_a_finding_that_became_slighter_again_is_no_news(outbox: Outbox) -> None:
    put(outbox)

    assert untold(outbox, told(level=Level.NOTICE)) == []


def test_a_letter_on_an_occasion_is_queued_once_and_tells_what_it_tells(outbox: Outbox) -> None:
    with outbox.database.writing() as connection:
        queued = [
            outbox.enqueue(
                connection,
                tells=[told(level=Level.NOTICE)],
                email=Email("s", "t", "h"),
                recipient=RUNNER,
                now=NOW,
                occasion="digest/2026-06-07",
                sort="digest",
            )
            for _ in range(2)
        ]

    assert (queued, untold(outbox, told(level=Level.NOTICE))) == ([True, False], [])


def test_what_one_channel_told_is_news_to_another(outbox: Outbox) -> None:
    put(outbox)
    with outbox.database.reading() as connection:
        news = outbox.not_yet_sent(connection, [told()], channel="webhook")

    assert news == [told()]


def test_every_attempt_carries_the_picture_and_the_way_to_stop(outbox: Outbox) -> None:
    email = Email("s", "t", '<img src="cid:x">', b"\x89PNG", "https://run.example.org/answer/stop/abc")
    with outbox.database.writing() as connection:
        outbox.enqueue(connection, tells=[told()], email=email, recipient=RUNNER, now=NOW)
    server = Server()
    outbox.deliver(server, NOW)

    [message] = server.accepted
    assert message["List-Unsubscribe"] == f"<{email.stop_url}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content() for part in message.walk() if part.get_content_type() == "image/png"] == [
        b"\x89PNG"
    ]


@pytest.mark.parametrize(("hours", "stuck"), [(5, 0), (7, 1)])
def test_a_letter_tried_in_vain_for_hours_is_stuck(outbox: Outbox, hours: int, stuck: int) -> None:
    put(outbox)
    outbox.deliver(Server(down), NOW)

    assert outbox.health(NOW + timedelta(hours=hours)).stuck == stuck


@pytest.mark.parametrize(("hours", "stuck"), [(23, 0), (25, 1)])
def test_a_letter_that_nobody_sends_is_stuck_after_a_day(outbox: Outbox, hours: int, stuck: int) -> None:
    put(outbox)

    assert outbox.health(NOW + timedelta(hours=hours)).stuck == stuck


def test_every_finding_in_a_letter_is_told_by_it(outbox: Outbox) -> None:
    both = [told(), told("ramp/2026-06-01", Level.NOTICE)]
    with outbox.database.writing() as connection:
        outbox.enqueue(connection, tells=both, email=Email("s", "t", "h"), recipient=RUNNER, now=NOW)

    assert untold(outbox, *both) == []


@pytest.mark.parametrize("state", ["dead", "held"])
def test_a_letter_that_was_given_up_or_held_back_silences_nothing(outbox: Outbox, state: str) -> None:
    put(outbox)
    with outbox.database.writing() as connection:
        before = outbox.recent(connection, now=NOW, days=7)
        connection.execute(sa.update(email_table).values(state=state))
        after = outbox.recent(connection, now=NOW, days=7)

    assert (len(before), after) == (1, [])


def test_a_letter_goes_with_the_transaction_it_was_queued_in(outbox: Outbox) -> None:
    email = Email("subject", "text", "html")
    with pytest.raises(KeyError), outbox.database.writing() as connection:
        outbox.enqueue(connection, tells=[told()], email=email, recipient=RUNNER, now=NOW)
        raise KeyError

    assert outbox.health(NOW).queued == 0


def test_runners_do_not_see_each_others_letters(database: Database) -> None:
    mine, theirs = Outbox(database, 1, SENDER), Outbox(database, 2, SENDER)
    put(mine)

    assert put(theirs)
    assert mine.deliver(Server(), NOW) == {"sent": 1}
    assert theirs.health(NOW).queued == 1


def test_attempts_are_spaced_ever_wider(outbox: Outbox) -> None:
    put(outbox)

    waits = [1, 5, 15, 60, 240, 240]
    assert attempts_until(outbox, Server(down), 600) == [sum(waits[:n]) for n in range(len(waits) + 1)]


def test_a_server_that_was_down_for_a_day_gets_the_letter_once_under_one_name(outbox: Outbox) -> None:
    put(outbox)
    server = Server(down)
    for hour in range(24):
        outbox.deliver(server, NOW + timedelta(hours=hour))
    server.refuse = lambda _message: None
    for hour in range(24, 30):
        outbox.deliver(server, NOW + timedelta(hours=hour))

    assert len(server.accepted) == 1
    assert len(set(server.tried)) == 1


def test_a_letter_refused_for_good_is_kept_with_the_servers_words(outbox: Outbox) -> None:
    put(outbox)
    counts = outbox.deliver(Server(unknown_recipient), NOW)

    health = outbox.health(NOW)
    assert counts == {"dead": 1}
    assert (health.queued, health.dead) == (0, 1)
    assert health.last_error == f"refused the recipient: 550 5.1.1 <{RUNNER}> unknown"


def test_a_letter_refused_for_good_is_not_tried_again(outbox: Outbox) -> None:
    put(outbox)
    server = Server(unknown_recipient)
    attempts_until(outbox, server, 10)

    assert len(server.tried) == 1


def test_a_dead_letter_can_be_revived_under_its_name(outbox: Outbox) -> None:
    put(outbox)
    server = Server(unknown_recipient)
    outbox.deliver(server, NOW)
    server.refuse = lambda _message: None

    assert outbox.requeue_dead(NOW + MINUTE) == 1
    assert outbox.deliver(server, NOW + MINUTE) == {"sent": 1}
    assert len(set(server.tried)) == 1


def test_a_start_does_not_revive_what_is_stale(outbox: Outbox) -> None:
    put(outbox, "stale", now=NOW - timedelta(days=8))
    put(outbox, "fresh")
    outbox.deliver(Server(unknown_recipient), NOW)

    assert outbox.requeue_dead(NOW, written_since=NOW - timedelta(days=7)) == 1
    assert outbox.requeue_dead(NOW) == 1


def test_the_words_of_what_was_sent_are_forgotten_and_that_it_was_told_is_not(outbox: Outbox) -> None:
    put(outbox)
    put(outbox, "waits")
    server = Server(lambda message: down(message) if "waits" in message["Subject"] else None)
    outbox.deliver(server, NOW)
    gone = outbox.forget(before=NOW + MINUTE)
    server.refuse = lambda _message: None
    outbox.deliver(server, NOW + MINUTE)

    assert (gone, untold(outbox, told())) == (1, [])
    assert [message["Subject"] for message in server.accepted] == ["About spike/2026-06-01", "About waits"]


def test_a_letter_already_sent_is_not_revived(outbox: Outbox) -> None:
    put(outbox)
    outbox.deliver(Server(), NOW)

    assert outbox.requeue_dead(NOW) == 0


@pytest.mark.parametrize("refusal", [down, unknown_recipient])
def test_one_bad_letter_does_not_stop_the_others(
    outbox: Outbox, refusal: Callable[[EmailMessage], MailError]
) -> None:
    for key in ("a", "bad", "c"):
        put(outbox, key)
    server = Server(lambda message: refusal(message) if "bad" in message["Subject"] else None)
    outbox.deliver(server, NOW)

    assert [message["Subject"] for message in server.accepted] == ["About a", "About c"]


@pytest.mark.parametrize("recipient", ["", "nobody", "a@example.org, b@example.org", "a@b\r\nBcc: c@d"])
def test_a_letter_that_cannot_be_addressed_does_not_stop_the_others(outbox: Outbox, recipient: str) -> None:
    put(outbox, recipient=recipient)
    put(outbox)
    server = Server(lambda m: unknown_recipient(m) if "@" not in m["To"] else None)

    assert outbox.deliver(server, NOW) == {"dead": 1, "sent": 1}


def test_a_server_that_is_down_is_not_asked_for_every_letter(outbox: Outbox) -> None:
    for n in range(20):
        put(outbox, str(n))
    server = Server(down)
    outbox.deliver(server, NOW)

    assert len(server.tried) == 3


def test_every_letter_gets_its_turn_while_some_are_postponed(outbox: Outbox) -> None:
    for n in range(20):
        put(outbox, f"greylisted {n}")
    put(outbox, "good")
    server = Server(lambda message: down(message) if "greylisted" in message["Subject"] else None)
    attempts_until(outbox, server, 60)

    assert [message["Subject"] for message in server.accepted] == ["About good"]


def test_killed_between_sending_and_noting_it_sends_again_under_the_same_name(outbox: Outbox) -> None:
    class PowerCutError(BaseException):
        pass

    class Cut(Server):
        def send(self, message: EmailMessage) -> None:
            super().send(message)
            raise PowerCutError

    put(outbox)
    cut, server = Cut(), Server()
    with pytest.raises(PowerCutError):
        outbox.deliver(cut, NOW)
    attempts_until(outbox, server, 10)

    assert [str(message["Message-ID"]) for message in server.accepted] == cut.tried


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from alerts.notifications.delivery.mailer import FolderMailer
from alerts.notifications.delivery.outbox import Outbox
from ingest.storage.database import Database

class Killed:
    def send(self, message):
        FolderMailer(Path(sys.argv[2])).send(message)
        os.kill(os.getpid(), signal.SIGKILL)

Outbox(Database.open(sys.argv[1]), 1, sys.argv[3]).deliver(Killed(), datetime.fromisoformat(sys.argv[4]))
"""


def test_a_process_killed_after_the_handover_loses_and_renames_nothing(
    outbox: Outbox, tmp_path: Path
) -> None:
    put(outbox)
    url = outbox.database.engine.url.render_as_string()
    before, after = tmp_path / "before", tmp_path / "after"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, url, str(before), SENDER, NOW.isoformat()], check=False
    )
    counts = outbox.deliver(FolderMailer(after), NOW + MINUTE)

    assert killed.returncode == -signal.SIGKILL
    assert counts == {"sent": 1}
    names = [
        {str(message_from_bytes(path.read_bytes())["Message-ID"]) for path in folder.iterdir()}
        for folder in (before, after)
    ]
    assert names[0] == names[1]


def test_a_bug_in_the_mailer_is_not_hidden_and_loses_no_letter(outbox: Outbox) -> None:
    class Broken(Server):
        def send(self, message: EmailMessage) -> None:
            raise ZeroDivisionError(message)

    put(outbox)
    with pytest.raises(ZeroDivisionError):
        outbox.deliver(Broken(), NOW)

    assert outbox.deliver(Server(), NOW + MINUTE) == {"sent": 1}


def test_a_clock_that_was_a_month_ahead_delays_nothing(outbox: Outbox) -> None:
    put(outbox, now=NOW + timedelta(days=30))

    assert outbox.deliver(Server(), NOW) == {"sent": 1}


def test_the_post_is_healthy_after_it_has_gone_out(outbox: Outbox) -> None:
    put(outbox)
    outbox.deliver(Server(down), NOW)
    outbox.deliver(Server(), NOW + MINUTE)

    health = outbox.health(NOW + MINUTE)
    assert health.last_sent_at == NOW + MINUTE
    assert health.last_error is None
    assert (health.queued, health.due, health.dead) == (0, 0, 0)


def test_health_tells_how_many_letters_wait_and_why(outbox: Outbox) -> None:
    put(outbox, "a")
    put(outbox, "b", now=NOW + 2 * MINUTE)
    outbox.deliver(Server(down), NOW)

    health = outbox.health(NOW)
    assert (health.queued, health.due) == (2, 0)
    assert "Connection refused" in (health.last_error or "")


def test_recent_letters_come_with_their_level(outbox: Outbox) -> None:
    put(outbox, "old", now=NOW - timedelta(days=8))
    put(outbox, "new", now=NOW - timedelta(days=6))
    with outbox.database.reading() as connection:
        recent = outbox.recent(connection, now=NOW, days=7)

    assert recent == [(NOW - timedelta(days=6), Level.CAUTION)]


def test_no_address_gets_into_the_log(outbox: Outbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    put(outbox)
    outbox.deliver(Server(unknown_recipient), NOW)
    put(outbox, "another")
    outbox.deliver(Server(), NOW)

    assert "5.1.1 <(address)> unknown" in caplog.text
    assert "@" not in caplog.text


def test_a_message_id_is_the_senders_and_says_nothing_of_the_recipient(outbox: Outbox) -> None:
    server = Server()
    put(outbox)
    outbox.deliver(server, NOW)

    assert server.tried[0].endswith("@example.org>")
    assert "runner" not in server.tried[0]


KEYS = st.sampled_from("abcdef")
STEPS = st.lists(st.tuples(st.sampled_from(["put", "tick", "down", "kill"]), KEYS), max_size=25)


@settings(max_examples=30, deadline=None)
@given(steps=STEPS)
def test_whatever_happens_every_event_arrives_and_repeats_share_a_name(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    """Put, deliver, fail and be killed in any order; then let the post run."""
    database = Database.open(f"sqlite:///{tmp_path_factory.mktemp('notifications') / 'hipwatch.db'}")
    metadata.create_all(database.engine)
    with database.writing() as connection:
        connection.execute(sa.insert(runner_table).values(id=1, created_at=NOW))
    outbox, server, kills = Outbox(database, 1, SENDER), Server(), 0

    class Killed(Server):
        def send(self, message: EmailMessage) -> None:
            server.send(message)
            raise KeyboardInterrupt

    now = NOW
    for step, key in steps:
        now += MINUTE
        try:
            if step == "put":
                put(outbox, key, now=now)
            else:
                outbox.deliver({"tick": server, "down": Server(down), "kill": Killed()}[step], now)
        except KeyboardInterrupt:
            kills += 1
    for hour in range(1, 7):
        outbox.deliver(server, now + timedelta(hours=hour))
    with database.reading() as connection:
        queued = connection.execute(sa.select(email_table.c.message_id)).scalars().all()
    database.close()

    assert len(queued) == len({key for step, key in steps if step == "put"})
    assert set(server.tried) == set(queued)
    assert len(server.tried) <= len(queued) + kills
