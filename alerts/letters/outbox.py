"""Letters on their way: queued with their finding, delivered at least once, never lost.

A crash between the server's "accepted" and our own note of it sends a letter again, with the same
Message-ID, by which mail programs know it. Exactly once cannot be had over SMTP.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from alerts.errors import LetterError
from alerts.findings import Finding, Level
from alerts.letters.answers import Sort
from alerts.letters.letter import Letter, to_message
from alerts.letters.mail_health import LONGEST_WAIT, MailHealth, is_due, read_health
from alerts.letters.mailer import MAIL, Mailer, MailError, for_a_round
from alerts.tables import letter_body_table, letter_table
from ingest.database import Database

log = logging.getLogger(__name__)

_FIRST_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
_PATIENCE = 3
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


@dataclass(frozen=True, slots=True)
class Outbox:
    """The letters of one runner; ``sender`` is the address that they come from."""

    database: Database
    runner_id: int
    sender: str

    def untold(
        self, connection: Connection, findings: Sequence[Finding], *, channel: str = MAIL
    ) -> list[Finding]:
        """Those of the findings that no letter has told yet; one that became graver is news again.

        One that was graver before is none: a rule that flaps does not repeat itself.
        """
        query = sa.select(letter_table.c.tells).where(self._mine, letter_table.c.channel == channel)
        told = {name for tells in connection.execute(query).scalars() for name in json.loads(tells)}
        return [
            finding
            for finding in findings
            if not any(_news(finding, level) in told for level in Level if level >= finding.level)
        ]

    def put(  # noqa: PLR0913 - a row, all by keyword
        self,
        connection: Connection,
        *,
        letter: Letter,
        recipient: str,
        now: datetime,
        tells: Sequence[Finding] = (),
        occasion: str = "",
        sort: Sort = "finding",
        channel: str = MAIL,
    ) -> bool:
        """Queue a letter in the caller's transaction: about findings, the gravest first, or on an occasion.

        False, and nothing queued, if the first was told to ``recipient`` before, or the occasion was.
        """
        key = occasion or _news(tells[0])
        known = sa.select(letter_table.c.id).where(
            self._mine, letter_table.c.key == key, letter_table.c.recipient == recipient
        )
        if connection.execute(known).first():
            return False
        row = {
            "runner_id": self.runner_id,
            "key": key,
            "recipient": recipient,
            "message_id": self._message_id(key, recipient),
            "subject": letter.subject,
            "tells": json.dumps([_news(finding) for finding in tells]),
            "level": int(max((finding.level for finding in tells), default=Level.INFO)),
            "sort": sort,
            "channel": channel,
            "stop_url": letter.stop_url,
            "state": "queued",
            "attempts": 0,
            "queued_at": now,
            "next_attempt_at": now,
        }
        new = sa.insert(letter_table).values(row).returning(letter_table.c.id)
        body = {"text": letter.text, "html": letter.html, "picture": letter.picture}
        body["letter_id"] = connection.execute(new).scalar_one()
        connection.execute(sa.insert(letter_body_table).values(body))
        return True

    def deliver(self, mailer: Mailer, now: datetime, *, channel: str = MAIL) -> Counter[str]:
        """Try every letter that is due once; count what was sent, postponed and given up as dead.

        Three failures in a row end the round: the mail server is down, and the next round goes on with
        the letters that were not tried.
        """
        outcomes: Counter[str] = Counter()
        failures_in_a_row = 0
        with for_a_round(mailer) as line:
            letter = self._turn(now, channel)
            while letter is not None:
                outcome, became = self._attempt(letter, line, now)
                outcomes[outcome] += 1
                failures_in_a_row = failures_in_a_row + 1 if outcome == "postponed" else 0
                has_patience = failures_in_a_row < _PATIENCE
                letter = self._turn(now, channel, done=_update(letter, became), takes_next=has_patience)
        return outcomes

    def recent(
        self, connection: Connection, *, now: datetime, days: int, channel: str = MAIL
    ) -> list[tuple[datetime, Level]]:
        """When letters of the last ``days`` were queued, and how grave they were, in order.

        Those that were given up told nobody anything, so they do not count.
        """
        query = (
            sa.select(letter_table.c.queued_at, letter_table.c.level)
            .where(
                self._mine,
                letter_table.c.channel == channel,
                letter_table.c.state != "dead",
                letter_table.c.queued_at >= now - timedelta(days=days),
            )
            .order_by(letter_table.c.queued_at, letter_table.c.id)
        )
        return [(queued_at, Level(level)) for queued_at, level in connection.execute(query)]

    def health(self, now: datetime, *, channel: str = MAIL) -> MailHealth:
        """Count what waits and what was given up on one way, with the last words of whoever refused."""
        with self.database.reading() as connection:
            return read_health(connection, self._mine & (letter_table.c.channel == channel), now)

    def hold_back(self, *, before: datetime) -> int:
        """Keep here what was written up to that moment and not sent, dead or not; nor is it sent later."""
        waiting = sa.update(letter_table).where(
            self._mine, letter_table.c.state.in_(("queued", "dead")), letter_table.c.queued_at <= before
        )
        with self.database.writing() as connection:
            return connection.execute(waiting.values(state="held")).rowcount

    def readdress(self, connection: Connection, recipient: str) -> None:
        """Let what has not left yet go to another address, within the caller's transaction."""
        waiting = sa.update(letter_table).where(
            self._mine, letter_table.c.state == "queued", letter_table.c.channel == MAIL
        )
        connection.execute(waiting.values(recipient=recipient))

    def revive(self, now: datetime) -> int:
        """Queue the dead letters again, for when what made the server refuse them has been mended."""
        again = (
            sa.update(letter_table)
            .where(self._mine, letter_table.c.state == "dead")
            .values(state="queued", attempts=0, next_attempt_at=now)
        )
        with self.database.writing() as connection:
            return connection.execute(again).rowcount

    @property
    def _mine(self) -> sa.ColumnElement[bool]:
        return letter_table.c.runner_id == self.runner_id

    def _message_id(self, key: str, recipient: str) -> str:
        name = "\n".join((str(self.runner_id), key, recipient))
        domain = parseaddr(self.sender)[1].rpartition("@")[2]
        return f"<{hashlib.sha256(name.encode()).hexdigest()[:32]}@{domain or 'localhost'}>"

    def _turn(
        self, now: datetime, channel: str, *, done: sa.Update | None = None, takes_next: bool = True
    ) -> RowMapping | None:
        """Note what became of a letter and take the next: one transaction, as the disk is what takes time."""
        with self.database.writing() as connection:
            if done is not None:
                connection.execute(done)
            return self._claim(connection, now, channel) if takes_next else None

    def _claim(self, connection: Connection, now: datetime, channel: str) -> RowMapping | None:
        """Take the letter that has waited longest; its next attempt is booked before this one is made."""
        next_due = (
            sa.select(letter_table, *letter_body_table.c)
            .join(letter_body_table, letter_body_table.c.letter_id == letter_table.c.id)
            .where(self._mine, letter_table.c.channel == channel)
            .where(letter_table.c.state == "queued", is_due(now))
            .order_by(letter_table.c.next_attempt_at, letter_table.c.id)
            .limit(1)
            .with_for_update(of=letter_table, skip_locked=True)
        )
        letter = connection.execute(next_due).mappings().first()
        if letter is not None:
            attempts = letter["attempts"] + 1
            booked = {
                "attempts": attempts,
                "attempted_at": now,
                "next_attempt_at": now + _wait_after(attempts),
            }
            connection.execute(_update(letter, booked))
        return letter

    def _attempt(self, letter: RowMapping, mailer: Mailer, now: datetime) -> tuple[str, dict[str, Any]]:
        """Hand a letter over; tell how it went, and what to note of it."""
        attempt = letter["attempts"] + 1
        try:
            mailer.send(_in_its_envelope(letter, self.sender))
        except MailError as error:
            outcome = "dead" if error.permanent else "postponed"
            said = _ADDRESS.sub("(address)", str(error))
            log.warning("letter %d %s at attempt %d: %s", letter["id"], outcome, attempt, said)
            became = {"state": "dead"} if error.permanent else {}
            return outcome, became | {"last_error": str(error)}
        log.info("letter %d sent at attempt %d", letter["id"], attempt)
        return "sent", {"state": "sent", "sent_at": now}


def _news(finding: Finding, level: Level | None = None) -> str:
    """What a letter tells: this finding at its level, or at the given one."""
    return f"{finding.key}@{(finding.level if level is None else level).word}"


def _wait_after(attempts: int) -> timedelta:
    return _FIRST_WAITS[attempts - 1] if attempts <= len(_FIRST_WAITS) else LONGEST_WAIT


def _update(letter: RowMapping, values: dict[str, Any]) -> sa.Update:
    return sa.update(letter_table).where(letter_table.c.id == letter["id"]).values(values)


def _in_its_envelope(letter: RowMapping, sender: str) -> EmailMessage:
    try:
        return to_message(
            Letter(letter["subject"], letter["text"], letter["html"], letter["picture"], letter["stop_url"]),
            to=letter["recipient"],
            sender=sender,
            message_id=letter["message_id"],
            date=letter["queued_at"],
        )
    except (LetterError, UnicodeError) as error:
        raise MailError(str(error), permanent=True) from error
