"""What has waited for too long to be sent as it stands: one letter written now says instead what was found.

A letter names what fits on its day. After weeks without a mail server, or with mail switched off, that is
advice for a day that is over; so what it told is told anew, in short, and the letter itself stays here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from alerts.alert.alert import Finding
from alerts.alert.alert_store import FindingRegister
from alerts.care.pain.advice_gate import Voice
from alerts.notifications.answers import ALL, Answers, Sort
from alerts.notifications.compose.digest import missed
from alerts.notifications.compose.email_content import Letter
from alerts.notifications.compose.email_writer import Writer
from alerts.notifications.delivery.channels import as_note
from alerts.notifications.delivery.mailer import MAIL
from alerts.notifications.delivery.outbox import Outbox
from alerts.notifications.delivery.queue_health import LATE
from alerts.notifications.route import MailRoute
from alerts.runner.profile import Runner
from alerts.schema import letter_body_table, letter_table

KEEPS = timedelta(days=7)
KEEPS_BY_SORT: Mapping[Sort, timedelta] = MappingProxyType(
    {"sunday": timedelta(days=3), "silence": timedelta(days=3)}
)
"""How long a letter may wait and still be sent as it was written; a week's letter is for that week."""

_WAITS = letter_table.c.state == "queued"


@dataclass(frozen=True, slots=True)
class LatePost:
    """Looks through one runner's waiting post before it leaves."""

    runner: Runner
    route: MailRoute
    outbox: Outbox
    answers: Answers
    writer: Writer
    register: FindingRegister

    def look_through(self, now: datetime, voice: Voice) -> None:
        """Keep here what was stopped or is late, and write one message for each way on which any was late.

        Late is also what was written before a pain that stops running. Events for machines are never late:
        each says of which day it is.
        """
        ways = [channel.name for channel in self.route.channels if channel.form != "event"]
        ways += [MAIL] if self.route.mailer is not None else []
        with self.outbox.database.reading() as connection:
            found = [
                way
                for way in ways
                if self._stopped(connection, way) or self._late(connection, way, now, voice)
            ]
        for way in found:
            with self.outbox.database.writing() as connection:
                self._keep(connection, self._stopped(connection, way))
                late = self._keep(connection, self._late(connection, way, now, voice))
                if late:
                    late = [*late, *self._keep(connection, self._told_anew(connection, way))]
                    self._tell_anew(connection, way, late, now, voice)
                    self._let_ask_again(connection, late)

    def _stopped(self, connection: Connection, way: str) -> Sequence[RowMapping]:
        stopped = self.answers.stopped(connection=connection) if way == MAIL else ()
        if not stopped:
            return []
        return self._waiting(connection, way, sa.true() if ALL in stopped else _sort_in(stopped))

    def _late(self, connection: Connection, way: str, now: datetime, voice: Voice) -> Sequence[RowMapping]:
        queued_at = letter_table.c.queued_at
        hurts = None if voice.may_run else voice.pain.entry
        before = [] if hurts is None else [queued_at <= hurts.reported_at]
        soon = [_sort_in([sort]) & (queued_at < now - keeps) for sort, keeps in KEEPS_BY_SORT.items()]
        return self._waiting(connection, way, sa.or_(queued_at < now - KEEPS, *soon, *before))

    def _told_anew(self, connection: Connection, way: str) -> Sequence[RowMapping]:
        """What this wrote before and could not be sent either, so that one such message waits at most."""
        return self._waiting(connection, way, letter_table.c.key.startswith(LATE))

    def _waiting(
        self, connection: Connection, way: str, which: sa.ColumnElement[bool]
    ) -> Sequence[RowMapping]:
        mine = letter_table.c.runner_id == self.runner.id
        query = sa.select(letter_table).where(mine, _WAITS, letter_table.c.channel == way, which)
        return connection.execute(query.order_by(letter_table.c.queued_at)).mappings().all()

    def _keep(self, connection: Connection, letters: Sequence[RowMapping]) -> Sequence[RowMapping]:
        """Let them stay here; give those that nobody else has taken up since they were looked at."""
        these = letter_table.c.id.in_([letter["id"] for letter in letters])
        held = sa.update(letter_table).where(these, _WAITS).values(state="held")
        kept = set(connection.execute(held.returning(letter_table.c.id)).scalars())
        return [letter for letter in letters if letter["id"] in kept]

    def _tell_anew(
        self, connection: Connection, way: str, late: Sequence[RowMapping], now: datetime, voice: Voice
    ) -> None:
        """Write of what is still known of it; nothing of that is said while a red flag is open."""
        told = self._findings(connection, late, now)
        if not told or voice.silence is not None:
            return
        since = min(self._began(letter) for letter in late)
        occasion = f"{LATE}{since.isoformat()}/{now.isoformat()}"
        recipients = {channel.name: channel.recipient for channel in self.route.channels}
        recipient = recipients.get(way, self.runner.email)
        letter = self._letter(told, since, now) if way == MAIL else self._note()
        self.outbox.put(
            connection,
            tells=told,
            letter=letter,
            recipient=recipient,
            now=now,
            occasion=occasion,
            channel=way,
        )
        # It is no new trouble: the server that refused those has not taken this one either.
        written = letter_table.c.key == occasion, letter_table.c.recipient == recipient
        connection.execute(sa.update(letter_table).where(*written).values(_in_vain(late)))

    def _let_ask_again(self, connection: Connection, late: Sequence[RowMapping]) -> None:
        """Forget a question that nobody has read, so that it is asked while no file has come since."""
        asked = [letter["id"] for letter in late if letter["sort"] == "silence"]
        connection.execute(sa.delete(letter_body_table).where(letter_body_table.c.letter_id.in_(asked)))
        connection.execute(sa.delete(letter_table).where(letter_table.c.id.in_(asked)))

    def _findings(self, connection: Connection, late: Sequence[RowMapping], now: datetime) -> list[Finding]:
        """What those letters told and is still known, in order of its day, without what is to be quiet."""
        keys = {news.rpartition("@")[0] for letter in late for news in json.loads(letter["tells"])}
        known = [finding for finding in self.register.all(connection) if finding.key in keys]
        return sorted(self.answers.awake(connection, known, now), key=lambda finding: finding.day)

    def _letter(self, told: Sequence[Finding], since: date, now: datetime) -> Letter:
        today = self.runner.day_of(now)
        titles = [(one.day, self.writer.known.explain(one, today).story.title) for one in told]
        return self.writer.write([], now, sort="finding", opening=missed(titles, since=since, today=today))

    def _note(self) -> Letter:
        return as_note([], form="little", dashboard_url=self.route.dashboard_url)

    def _began(self, letter: RowMapping) -> date:
        """Since when it could not be told; one that was told anew says so in its key."""
        key: str = letter["key"]
        if key.startswith(LATE):
            return date.fromisoformat(key.split("/")[1])
        return self.runner.day_of(letter["queued_at"])


def _sort_in(sorts: Collection[str]) -> sa.ColumnElement[bool]:
    return letter_table.c.sort.in_(list(sorts))


def _in_vain(letters: Sequence[RowMapping]) -> dict[str, Any]:
    """How often the most tried of them was tried, and what was said at the last attempt."""
    tried = max(letters, key=lambda letter: letter["attempts"])
    return {name: tried[name] for name in ("attempts", "attempted_at", "last_error")}
