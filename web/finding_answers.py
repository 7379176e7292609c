"""What is answered on the page of a finding: whether it was useful, and to hear no more of it for a while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.findings import Finding
from alerts.letters.answering import SNOOZES
from alerts.letters.answers import OPINIONS, Answers, Opinion
from alerts.runner import Runner
from alerts.units import short_date
from alerts.words.language import capital, say
from web.rule_names import rule_name

TAKEN_BACK = "none"
AWAKE = "0"
DAYS = frozenset(str(days) for days, _ in SNOOZES)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page asks: ``opinion`` is what was said, ``quiet`` until when nothing is told, in words."""

    opinion: Opinion | None
    quiet: str
    snoozes: tuple[tuple[str, str], ...]


def asked(answers: Answers, runner: Runner, finding: Finding, now: datetime) -> Asked:
    """Say what was answered so far, and what can be."""
    until = answers.snoozed(now).get(finding.kind)
    return Asked(
        answers.said().get(finding.key),
        "" if until is None else _quiet(runner, finding, until),
        tuple((str(days), capital(say("quiet for {time}", time=say(span)))) for days, span in SNOOZES),
    )


def take(
    answers: Answers, runner: Runner, finding: Finding, sent: Mapping[str, str], now: datetime
) -> str | None:
    """Do what was answered and say so; None, and nothing done, where that is no answer."""
    word, days = sent.get("opinion", ""), sent.get("quiet_days", "")
    if word == TAKEN_BACK:
        answers.unsay(finding.key)
        return say("Taken back.")
    if word in OPINIONS:
        answers.say(finding.key, OPINIONS[word], now=now)
        return say("Noted. Thank you for saying so.")
    if days == AWAKE:
        answers.wake(finding.kind)
        return say("As you like: it is told again.")
    if days in DAYS:
        answers.snooze([finding.kind], until=now + timedelta(days=int(days)), now=now)
        return _quiet(runner, finding, answers.snoozed(now)[finding.kind])
    return None


def _quiet(runner: Runner, finding: Finding, until: datetime) -> str:
    day = short_date(runner.day_of(until))
    return say("{rule}: quiet until {day}.", rule=rule_name(finding.kind), day=day)
