"""How the runner is told, in sentences: letters, every other way, and what they asked to hear nothing of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.in_force import InForce
from alerts.letters.answers import SORT_WORDS, Answers
from alerts.runner import Runner
from alerts.units import short_date
from alerts.words.language import say
from web.rule_names import rule_name
from web.settings_sections import LEVEL_WORDS


@dataclass(frozen=True, slots=True)
class Way:
    """One way on which something is told."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Something that the runner wants to hear nothing of; ``kind`` and ``what`` take it back."""

    kind: str
    what: str
    sentence: str


def ways_of(in_force: InForce, *, host: str, folder: str) -> list[Way]:
    """Letters first, then the other ways."""
    match in_force.mail_mode:
        case "smtp":
            said = say("To {address}, through {host}.", address=in_force.runner.email, host=host)
        case "folder":
            said = say(
                "Laid into {folder}, sent to nobody: no mail server or no address is set.", folder=folder
            )
        case _:
            said = say("Switched off in the settings file.")
    channels = in_force.route.channels if in_force.route else ()
    others = [
        Way(one.name, say("From {level} on.", level=say(LEVEL_WORDS[one.least.word]))) for one in channels
    ]
    return [Way(say("Letters"), said), *others]


def stops_of(answers: Answers, runner: Runner, now: datetime) -> list[Stop]:
    """Sorts of letters that were stopped, and rules that are kept quiet."""
    stopped = [
        Stop("sort", sort, say("No {letters}.", letters=say(SORT_WORDS[sort]))) for sort in answers.stopped()
    ]
    quiet = [
        Stop(
            "rule",
            kind,
            say("{rule}: quiet until {day}.", rule=rule_name(kind), day=short_date(runner.day_of(until))),
        )
        for kind, until in answers.snoozed(now).items()
    ]
    return sorted(stopped, key=lambda one: one.what) + quiet
