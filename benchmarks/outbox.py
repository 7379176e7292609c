"""Kills deliveries at random, and delivers a queue of thousands: what was lost, repeated, and what it took.

Run it from the checkout: ``python benchmarks/outbox.py``. ``--kills 5 --emails 200`` is what the tests run.
``--write-docs`` puts the figures into docs/notifications.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import sqlalchemy as sa  # noqa: E402
from aiosmtpd.smtp import SMTP, Envelope, Session  # noqa: E402
from documents import write_between  # noqa: E402

from alerts.alert.alert import Alert, Level  # noqa: E402
from alerts.notifications.compose.email_content import Email  # noqa: E402
from alerts.notifications.delivery.outbox import Outbox  # noqa: E402
from alerts.notifications.delivery.smtp import SmtpLine, SmtpMailer  # noqa: E402
from alerts.schema import email_table  # noqa: E402
from ingest.storage.database import Database, metadata  # noqa: E402
from ingest.storage.schema import runner_table  # noqa: E402

DOCUMENT = ROOT / "docs" / "notifications.md"
HOST = "127.0.0.1"
START = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)
ROUND = timedelta(hours=5)
"""Longer than any wait, so that in each round every letter is due."""

PER_ROUND = 4
LONGEST_LIFE_S = 0.25
LETTER = Email("Letter", "Rest two days.\n" * 200, "<p>Rest two days.</p>\n" * 1_000, bytes(2_000))


@dataclass(frozen=True, slots=True)
class Kills:
    """What killing deliveries cost."""

    kills: int
    emails: int
    lost: int
    repeated: int
    renamed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Queue:
    """What a long queue took: letters a second, memory after a tenth of it and at its end."""

    emails: int
    sent: int
    letters_per_s: float
    early_mib: float
    late_mib: float


class Postbox:
    """Notes the name of each letter, durably, before it says that it has it."""

    def __init__(self, log: Path) -> None:
        self.log = log.open("ab", buffering=0)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Note, then accept."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        names = [line for line in content.split(b"\n", 40) if line.lower().startswith(b"message-id:")]
        self.log.write(names[0].split(b":", 1)[1].strip() + b"\n")
        return "250 accepted"


class Sink(asyncio.Protocol):
    """As much of SMTP as takes a letter and no more: what a long queue is timed with should cost nothing."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.heard, self.takes_email = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer each command, and each letter at its end."""
        self.heard += data
        ending = b"\r\n.\r\n" if self.takes_email else b"\r\n"
        while ending in self.heard:
            said, _, self.heard = self.heard.partition(ending)
            begins = not self.takes_email and said.upper() == b"DATA"
            self.transport.write(b"354 go on\r\n" if begins else b"250 OK\r\n")
            self.takes_email = begins
            ending = b"\r\n.\r\n" if begins else b"\r\n"


@contextmanager
def mail_server(log: Path | None = None) -> Iterator[int]:
    """Run a mail server in a process of its own, so that killing deliveries cannot touch it."""
    listener = socket.create_server((HOST, 0), backlog=128)
    server = os.fork()
    if not server:
        asyncio.run(_serve(listener, log))
        os._exit(0)
    port = int(listener.getsockname()[1])
    listener.close()
    try:
        yield port
    finally:
        os.kill(server, signal.SIGKILL)
        os.waitpid(server, 0)


async def _serve(listener: socket.socket, log: Path | None) -> None:
    """Serve for real where a log is to be kept, else swallow."""
    loop = asyncio.get_running_loop()
    postbox = Postbox(log) if log else None
    server = await loop.create_server(
        lambda: SMTP(postbox, loop=loop, hostname="mail.example.org") if postbox else Sink(), sock=listener
    )
    await server.serve_forever()


@contextmanager
def an_outbox(folder: Path) -> Iterator[Outbox]:
    """Open the outbox of one runner in a folder, making it where it is not."""
    database = Database.open(f"sqlite:///{folder / 'hipwatch.sqlite3'}")
    metadata.create_all(database.engine)
    with database.writing() as connection:
        if not connection.execute(sa.select(runner_table.c.id)).first():
            connection.execute(sa.insert(runner_table).values(id=1, created_at=START))
    try:
        yield Outbox(database, 1, "Hipwatch <hipwatch@example.org>")
    finally:
        database.close()


def queue(outbox: Outbox, first: int, count: int, now: datetime) -> None:
    """Queue emails about alerts that nobody was told of yet."""
    with outbox.database.writing() as connection:
        for n in range(first, first + count):
            day = START.date() - timedelta(days=n)
            told = [Alert("single_run_spike", day, Level.CAUTION, 14.0, 10.0, "m")]
            outbox.enqueue(connection, tells=told, email=LETTER, recipient="ada@example.org", now=now)


def in_a_child(work: Callable[[], None]) -> int:
    """Begin work in a process of its own."""
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    return child


def kill_at_random(folder: Path, kills: int, chance: random.Random) -> Kills:
    """Kill so many deliveries with SIGKILL at any moment of theirs, let the rest through, and count."""
    started_s = time.monotonic()
    log = folder / "accepted"
    log.touch()
    with mail_server(log) as port:
        done, queued, now = 0, 0, START

        def deliver() -> None:
            with an_outbox(folder) as outbox:
                outbox.deliver(SmtpMailer(HOST, port, "none"), now)

        while done < kills:
            now += ROUND
            with an_outbox(folder) as outbox:
                queue(outbox, queued, PER_ROUND, now)
            queued += PER_ROUND
            child = in_a_child(deliver)
            time.sleep(chance.uniform(0, LONGEST_LIFE_S))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            done += os.WIFSIGNALED(status)
        now += ROUND
        os.waitpid(in_a_child(deliver), 0)
    return _count(folder, log, done, queued, time.monotonic() - started_s)


def _count(folder: Path, log: Path, kills: int, emails: int, seconds: float) -> Kills:
    arrived = Counter(log.read_text("ascii").split())
    with an_outbox(folder) as outbox, outbox.database.reading() as connection:
        names = set(connection.execute(sa.select(email_table.c.message_id)).scalars())
    return Kills(
        kills,
        emails,
        lost=emails - len(names & arrived.keys()),
        repeated=sum(arrived.values()) - len(arrived),
        renamed=len(arrived.keys() - names),
        seconds=round(seconds, 1),
    )


@dataclass(slots=True)
class Watched:
    """A mailer under observation: the memory of the process is read as the letters go."""

    mailer: SmtpMailer
    emails: int
    tried: int = 0
    early_mib: float = 0.0
    late_mib: float = 0.0
    line: SmtpLine = field(init=False)

    @contextmanager
    def keep_open(self) -> Iterator[Watched]:
        """Hold the connection open."""
        with self.mailer.keep_open() as self.line:
            yield self

    def send(self, message: EmailMessage) -> None:
        """Send, and look."""
        self.line.send(message)
        self.tried += 1
        if self.tried == self.emails // 10:
            self.early_mib = _resident_mib()
        if self.tried % 100 == 0:
            self.late_mib = max(self.late_mib, _resident_mib())


def deliver_many(folder: Path, emails: int) -> Queue:
    """Deliver a long queue in one round; memory is the process's own, read as it goes."""
    with mail_server() as port, an_outbox(folder) as outbox:
        queue(outbox, 0, emails, START)
        watched = Watched(SmtpMailer(HOST, port, "none"), emails)
        started_s = time.monotonic()
        sent = outbox.deliver(watched, START)["sent"]
        took_s = time.monotonic() - started_s
    early_mib, late_mib = round(watched.early_mib, 1), round(watched.late_mib, 1)
    return Queue(emails, sent, round(sent / took_s, 1), early_mib, late_mib)


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def as_text(kills: Kills, many: Queue) -> str:
    """The figures as a table."""
    killed = f"| `kill -9` at random during delivery, {kills.kills} times | {kills.emails} "
    counted = f"| {kills.lost} | {kills.repeated} | {kills.renamed} |"
    took = f"{many.letters_per_s} a second, each with a durable commit"
    memory = f"memory {many.early_mib} MiB after the first tenth and at most {many.late_mib} MiB"
    return f"""\
| trial | emails | lost | sent twice | with another `Message-ID` |
|---|---|---|---|---|
{killed}{counted}

A queue of {many.emails:,} emails: {many.sent:,} sent in one batch, {took}; {memory}."""


def main() -> None:
    """Measure, print, and write down where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--emails", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write-docs", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hipwatch-outbox-") as name:
        folders = [Path(name) / part for part in ("kills", "queue")]
        for folder in folders:
            folder.mkdir()
        kills = kill_at_random(folders[0], chosen.kills, random.Random(chosen.seed))  # noqa: S311
        many = deliver_many(folders[1], chosen.emails)
    if chosen.json:
        print(json.dumps({"kills": asdict(kills), "queue": asdict(many)}, indent=2))
    else:
        print(as_text(kills, many))
    if chosen.write_docs:
        write_between(DOCUMENT, "outbox", as_text(kills, many))
    is_kept = not kills.lost and not kills.renamed and kills.repeated <= kills.kills
    raise SystemExit(not (is_kept and many.sent == many.emails))


if __name__ == "__main__":
    main()
