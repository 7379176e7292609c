"""Who is told what, when, in which letter: findings at once, notes gathered, a week ahead, one question.

Everything is written inside the caller's transaction or one of its own, so that a finding and its letter, or
an appointment and what was written for it, are there together or not at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from alerts.care.voice import Voice
from alerts.detectors.single_run import SingleRunSpike
from alerts.findings import Finding, Level
from alerts.letters.answering import answering
from alerts.letters.answers import Answers, Sort
from alerts.letters.channels import Channel, as_event
from alerts.letters.digest import before_you_run, gathered, resting_or_broken
from alerts.letters.letter import Letter, Told, write_letter
from alerts.letters.letter_parts import Opening
from alerts.letters.outbox import Outbox
from alerts.letters.picture import draw_weeks
from alerts.letters.policy import GATHERED_DAYS, fold
from alerts.letters.silence import find_lull
from alerts.letters.timing import Appointment
from alerts.pages.overview import Explained
from alerts.register import FindingRegister
from alerts.runner import MailRoute, Runner
from alerts.standing import Standing
from alerts.stories import tell_once, with_others
from alerts.tables import job_run_table

HOLDS_FOR = timedelta(days=14)
"""So long a new length is held before the next step."""

ASKS_AT = Appointment(time(10))


@dataclass(frozen=True, slots=True)
class Known:
    """What the watch knows of its runner, asked for only when a letter is written."""

    explain: Callable[[Finding, date], Explained]
    voice: Callable[[date], Voice]
    standing: Callable[[datetime], Standing | None]
    active_days: Callable[[], Sequence[date]]


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes one runner's letters."""

    runner: Runner
    route: MailRoute
    outbox: Outbox
    register: FindingRegister
    answers: Answers
    known: Known

    def tell(self, connection: Connection, fresh: Sequence[Finding], now: datetime) -> None:
        """Queue one letter about what is new, if it is worth a letter now; each channel hears it too."""
        for channel in self.route.channels:
            self._post(connection, channel, fresh, now)
        if not self.answers.wants("finding", connection=connection):
            return
        news = self.outbox.untold(connection, self.answers.awake(connection, fresh, now))
        chosen = self.route.policy.choose(
            news, today=self.runner.day_of(now), told=self._told_lately(connection, now)
        )
        if chosen:
            letter = self._write(chosen, now, sort="finding")
            self.outbox.put(connection, tells=chosen, letter=letter, recipient=self.runner.email, now=now)

    def _post(
        self, connection: Connection, channel: Channel, fresh: Sequence[Finding], now: datetime
    ) -> None:
        """Queue what is new for a channel, one event each: machines neither pause nor gather."""
        today = self.runner.day_of(now)
        awake = self.answers.awake(connection, fresh, now)
        for finding in self.outbox.untold(connection, awake, channel=channel.name):
            if finding.level < channel.least or not self.route.policy.is_news(finding, today):
                continue
            event = as_event(
                self.known.explain(finding, today),
                runner_id=self.runner.id,
                dashboard_url=self.route.dashboard_url,
            )
            self.outbox.put(
                connection,
                tells=[finding],
                letter=event,
                recipient=channel.recipient,
                now=now,
                channel=channel.name,
            )

    def keep_appointments(self, now: datetime) -> None:
        """Write the letters whose time has come; an appointment is kept once, also if nothing is written."""
        timing = self.route.timing
        due = {"sunday": timing.due_sunday(now), "digest": timing.due_digest(now)}
        if self.route.asks_after_silence:
            due["silence"] = ASKS_AT.latest(now, self.runner.time_zone)
        met = {job: moment for job, moment in due.items() if moment is not None}
        with self.outbox.database.reading() as connection:
            if all(self._is_kept(connection, job, moment) for job, moment in met.items()):
                return
        with self.outbox.database.writing() as connection:
            begun = {job: moment for job, moment in met.items() if self._begin(connection, job, moment, now)}
            asked = begun.pop("silence", None)
            if begun:
                self._gather(connection, begun, now)
            if asked:
                self._ask_after_silence(connection, now)

    def _gather(self, connection: Connection, begun: Mapping[str, datetime], now: datetime) -> None:
        """One letter for both, where both are due; while a red flag is open there is neither.

        What was found after the appointment waits for the next.
        """
        today = self.runner.day_of(now)
        voice = self.known.voice(today)
        if voice.silence is not None:
            return
        standing = None
        if "sunday" in begun and self._wants(connection, "sunday"):
            standing = voice.standing(self.known.standing(now))
        chosen: list[Finding] = []
        if standing or self._wants(connection, "digest"):
            waiting = self._waiting(connection, max(begun.values()))
            chosen = self.route.policy.gather(
                waiting,
                today=today,
                told=self._told_lately(connection, now),
                is_asked=standing is not None or self.route.timing.asked_daily,
            )
        if standing:
            holds = any(f.kind == SingleRunSpike.kind for f in self.register.since(today - HOLDS_FOR))
            opening = before_you_run(standing, voice, holds=holds, units=self.runner.units, today=today)
            self._queue(connection, "sunday", chosen, opening, now)
        elif chosen:
            self._queue(connection, "digest", chosen, gathered(len(fold(chosen))), now)

    def _ask_after_silence(self, connection: Connection, now: datetime) -> None:
        """Ask whether the files stopped; whoever was told not to run has a reason to be quiet."""
        today = self.runner.day_of(now)
        if not self._wants(connection, "silence") or not self.known.voice(today).may_run:
            return
        lull = find_lull(self.known.active_days(), today)
        if lull:
            opening = resting_or_broken(lull, today=today)
            self._queue(connection, "silence", [], opening, now, about=lull.last_day)

    def _queue(  # noqa: PLR0913 - a letter and its occasion
        self,
        connection: Connection,
        sort: Sort,
        chosen: Sequence[Finding],
        opening: Opening,
        now: datetime,
        *,
        about: date | None = None,
    ) -> None:
        occasion = f"{sort}/{(about or self.runner.day_of(now)).isoformat()}"
        letter = self._write(chosen, now, sort=sort, opening=opening)
        self.outbox.put(
            connection,
            tells=chosen,
            letter=letter,
            recipient=self.runner.email,
            now=now,
            occasion=occasion,
            sort=sort,
        )

    def _write(
        self, chosen: Sequence[Finding], now: datetime, *, sort: Sort, opening: Opening | None = None
    ) -> Letter:
        today = self.runner.day_of(now)
        also = {cause.lead.key: cause.also for cause in tell_once(chosen)}
        leads = [finding for finding in chosen if finding.key in also]
        told = [self._folded(finding, count, today, also[finding.key]) for finding, count in fold(leads)]
        standing = self.known.standing(now) if sort != "silence" else None
        marked = told[0].finding.day if told else today
        return write_letter(
            told,
            to=self.runner.email,
            sender=self.outbox.sender,
            runner_name=self.runner.name,
            dashboard_url=self.route.dashboard_url,
            units=self.runner.units,
            today=today,
            opening=opening,
            picture=draw_weeks(standing.weeks, marked=marked, units=self.runner.units, today=today)
            if standing
            else None,
            answers=answering(self.route.links, told, sort=sort, now=now) if self.route.links else None,
        )

    def _folded(self, finding: Finding, count: int, today: date, also: Sequence[Finding]) -> Told:
        """A finding with its words; what others said of it, or its rule of other days, is a sentence."""
        others = [self.known.explain(other, today) for other in also]
        explained = with_others(self.known.explain(finding, today), others)
        story = explained.story
        if count > 1:
            again = f"The same rule spoke of {_others(count - 1)} of these days, no more gravely."
            story = dataclasses.replace(story, sentence=f"{story.sentence} {again}")
        return Told(explained.finding, story, explained.advice)

    def _waiting(self, connection: Connection, moment: datetime) -> list[tuple[date, Finding]]:
        """What was found in the time before a moment and told by no letter, with the day of its finding."""
        since = moment - timedelta(days=GATHERED_DAYS)
        entered = self.register.found_since(since, connection=connection)
        on = {f.key: self.runner.day_of(found_at) for found_at, f in entered if found_at <= moment}
        awake = self.answers.awake(connection, [f for _, f in entered if f.key in on], moment)
        return [(on[finding.key], finding) for finding in self.outbox.untold(connection, awake)]

    def _told_lately(self, connection: Connection, now: datetime) -> list[tuple[date, Level]]:
        lately = self.outbox.recent(connection, now=now, days=self.route.policy.pause_days)
        return [(self.runner.day_of(queued_at), level) for queued_at, level in lately]

    def _wants(self, connection: Connection, sort: Sort) -> bool:
        return self.answers.wants(sort, connection=connection)

    def _is_kept(self, connection: Connection, job: str, moment: datetime) -> bool:
        kept = sa.select(job_run_table.c.job).where(
            job_run_table.c.job == self._job(job),
            job_run_table.c.local_date == self.runner.day_of(moment),
        )
        return connection.execute(kept).first() is not None

    def _begin(self, connection: Connection, job: str, moment: datetime, now: datetime) -> bool:
        if self._is_kept(connection, job, moment):
            return False
        row = {
            "job": self._job(job),
            "local_date": self.runner.day_of(moment),
            "started_at": now,
            "finished_at": now,
            "outcome": "done",
        }
        connection.execute(sa.insert(job_run_table).values(row))
        return True

    def _job(self, job: str) -> str:
        return f"{job}/{self.runner.id}"


def _others(count: int) -> str:
    return "another" if count == 1 else f"{count} more"
