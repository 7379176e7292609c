"""What the links in an email do: ask first, then act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from alerts.alert.feedback import NOT_USEFUL, USEFUL, Opinion
from alerts.journal.entries import PainReport
from alerts.notifications.answers import SORT_WORDS, Answers, rule_words
from alerts.notifications.compose.signed_links import Links, Purpose
from alerts.service.care_service import CareService
from alerts.text.i18n import capitalize_first, gettext, gettext_noop
from alerts.text.units import short_date

SENT_AGAIN = timedelta(minutes=10)
"""The same report within so long is a button pressed twice, or a page loaded anew."""

COUNTED_ONLY = gettext_noop("Thanks. We only count it; it changes nothing else.")

About = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What a page asks before anything changes; one button confirms."""

    title: str
    sentence: str
    button: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What was done, with a link that undoes it where there is one."""

    title: str
    sentence: str
    undo: str = ""


_Ask = Callable[["AnswerService", About, datetime], Question | None]
_Act = Callable[["AnswerService", About, datetime, Question], Reply]


@dataclass(frozen=True, slots=True)
class AnswerService:
    """Handles one runner's email links; a link allows exactly one action."""

    links: Links
    answers: Answers
    care: CareService

    def ask(self, purpose: Purpose, token: str, now: datetime) -> Question | None:
        """What this link would do, without doing it; None if it is not valid."""
        about = self.links.read(purpose, token, now=now)
        if not about or purpose not in _DOINGS:
            return None
        return _DOINGS[purpose][0](self, about, now)

    def act(self, purpose: Purpose, token: str, now: datetime) -> Reply | None:
        """Do what the link says (idempotent); None if it is not valid."""
        question, about = self.ask(purpose, token, now), self.links.read(purpose, token, now=now)
        if question is None or about is None:
            return None
        return _DOINGS[purpose][1](self, about, now, question)

    def instead(self, purpose: Purpose, token: str, now: datetime) -> Reply | None:
        """The reply to a valid link while a red flag is open; None otherwise."""
        if self.links.read(purpose, token, now=now) is None:
            return None
        red_flag_lock = self.care.red_flag_lock()
        return Reply(red_flag_lock.act, red_flag_lock.sentence) if red_flag_lock is not None else None

    def may_report(self, token: str, now: datetime) -> bool:
        """Whether this link allows a pain report."""
        return self.links.read(Purpose.HURTS, token, now=now) is not None

    def report(self, report: PainReport, now: datetime) -> Reply:
        """Store a pain report and say what follows; a repeated submission is stored once."""
        lately = self.care.journal.pain.since(report.day)
        was_sent = any(entry.report == report and now - entry.reported_at <= SENT_AGAIN for entry in lately)
        if not was_sent:
            self.care.report_pain(report, now)
        state = self.care.page(now).pain
        return Reply(gettext("It’s in your diary."), f"{state.sentence} {state.act}")


def _ask_done(service: AnswerService, about: About, now: datetime) -> Question | None:
    routine = {one.id: one for one in service.care.routines()}.get(about[0])
    if routine is None:
        return None
    day = short_date(service.care.runner_service.runner.day_of(now))
    return Question(
        gettext("Done today?"),
        gettext("{title}, on {day}.", title=routine.title, day=day),
        gettext("Yes, done"),
    )


def _done(service: AnswerService, about: About, now: datetime, _: Question) -> Reply:
    service.care.journal.routines.done(about[0], service.care.runner_service.runner.day_of(now), now=now)
    return Reply(gettext("Done."), gettext("It’s in your log."))


def _ask_snooze(service: AnswerService, about: About, now: datetime) -> Question:
    until = short_date(service.care.runner_service.runner.day_of(now + timedelta(days=int(about[0]))))
    sentence = gettext(
        "{rules}: muted until {until}. No emails and no notice on Today.",
        rules=rule_words(about[1:]),
        until=until,
    )
    return Question(gettext("Mute this alert?"), sentence, gettext("Yes, mute it"))


def _snooze(service: AnswerService, about: About, now: datetime, question: Question) -> Reply:
    service.answers.snooze(about[1:], until=now + timedelta(days=int(about[0])), now=now)
    return Reply(gettext("Muted."), question.sentence)


def _ask_useful(_desk: AnswerService, _about: About, _now: datetime) -> Question:
    return Question(gettext("Useful?"), gettext(COUNTED_ONLY), gettext("Yes, useful"))


def _ask_not_useful(_desk: AnswerService, _about: About, _now: datetime) -> Question:
    return Question(gettext("Not useful?"), gettext(COUNTED_ONLY), gettext("Yes, not useful"))


def _saying(opinion: Opinion) -> _Act:
    def keep(service: AnswerService, about: About, now: datetime, _: Question) -> Reply:
        for key in about:
            service.answers.record_opinion(key, opinion, now=now)
        return Reply(gettext("Saved."), gettext("Thanks for your feedback."))

    return keep


def _ask_stop(_desk: AnswerService, about: About, _now: datetime) -> Question | None:
    if about[0] not in SORT_WORDS:
        return None
    sentence = gettext(
        "You won’t get any more {letters}. The dashboard still shows everything.",
        letters=gettext(SORT_WORDS[about[0]]),
    )
    return Question(gettext("Stop these emails?"), sentence, gettext("Yes, stop them"))


def _stop(service: AnswerService, about: About, now: datetime, question: Question) -> Reply:
    service.answers.stop(about[0], now=now)
    return Reply(
        gettext("Stopped."), question.sentence, service.links.make(Purpose.RESUME, about[0], now=now)
    )


def _ask_resume(_desk: AnswerService, about: About, _now: datetime) -> Question | None:
    if about[0] not in SORT_WORDS:
        return None
    sentence = gettext("You’ll get {letters} again.", letters=capitalize_first(gettext(SORT_WORDS[about[0]])))
    return Question(gettext("Start these emails again?"), sentence, gettext("Yes, start again"))


def _resume(service: AnswerService, about: About, _now: datetime, question: Question) -> Reply:
    service.answers.resume(about[0])
    return Reply(gettext("No problem."), question.sentence)


_DOINGS: Mapping[Purpose, tuple[_Ask, _Act]] = MappingProxyType(
    {
        Purpose.DONE: (_ask_done, _done),
        Purpose.SNOOZE: (_ask_snooze, _snooze),
        Purpose.USEFUL: (_ask_useful, _saying(USEFUL)),
        Purpose.NOT_USEFUL: (_ask_not_useful, _saying(NOT_USEFUL)),
        Purpose.STOP: (_ask_stop, _stop),
        Purpose.RESUME: (_ask_resume, _resume),
    }
)
"""What each link asks and does; a report of pain has a form of its own."""
