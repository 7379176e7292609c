"""The settings page in words: where a value comes from, what a change brings, where everything lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from alerts.notifications.answers import SORT_WORDS, Answers
from alerts.runner.preferences import Kept, Setting
from alerts.runner.profile import Runner
from alerts.service.effective_settings import InForce
from alerts.text.i18n import marked, say, say_many
from alerts.text.units import short_date
from ingest.analysis.thresholds import HARD_SHARE_OF_HIGHEST
from web.http.forms import Typed
from web.pages.rules.rule_record import rule_name
from web.pages.settings.ports import DataPlace
from web.pages.settings.sections import LEVEL_WORDS, SECTIONS, Field, Section

ORIGINS: Mapping[str, str] = {
    "default": marked("as shipped"),
    "file": marked("from the settings file"),
    "environment": marked("from the environment"),
    "page": marked("your choice"),
}
"""Where a value comes from, in words."""

HARD_BPM = "runner.hard_heart_rate_bpm"
LATER = marked("Give a day that has been, or leave it empty.")
UNITS_OF_SIZE = ("B", "kB", "MB", "GB", "TB")


FIXED_WORDS = {
    "none": marked("none"),
    "set": marked("set"),
    "not set": marked("not set"),
    "on": marked("on"),
    "off": marked("off"),
}
"""What is said instead of a value that the page does not show, or that there is not."""


def fixed_words(value: str) -> str:
    """A value that only the settings file can change, as the page says it."""
    return say(FIXED_WORDS[value]) if value in FIXED_WORDS else value


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field with where its value comes from, and what holds where the runner's choice is let go of."""

    field: Field
    origin: str
    back_to: str
    unfit: str


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of the page."""

    section: Section
    fields: tuple[ShownField, ...]


def shown_sections(settings: Mapping[str, Setting]) -> tuple[ShownSection, ...]:
    """The sections with where each value comes from."""
    return tuple(
        ShownSection(section, tuple(_shown(field, settings[field.name]) for field in section.fields))
        for section in SECTIONS
    )


def _shown(field: Field, setting: Setting) -> ShownField:
    back_to = say(field.words(setting.below)) if setting.origin == "page" else ""
    return ShownField(field, say(ORIGINS[setting.origin]), back_to, setting.unfit)


def read_section(section: Section, typed: Typed, today: date) -> dict[str, Any]:
    """Read the fields of a section; what cannot be read stands in ``typed.problems``."""
    read = {field.name: field.read(typed) for field in section.fields}
    for field in section.fields:
        if field.kind == "date" and read[field.name] > today.isoformat():
            typed.problems[field.name] = LATER
    return {name: value for name, value in read.items() if name not in typed.problems}


def problem_of(field: Field, what: str) -> str:
    """What is wrong with a field; the reader's own words where the checker's are for machines."""
    return say(field.problem) if field.problem else what


def deaf_words(threshold_bpm: float, usual_bpm: float | None) -> str:
    """Say of a threshold that hardly any run reaches that rules go quiet with it."""
    if not threshold_bpm or usual_bpm is None or threshold_bpm < usual_bpm / HARD_SHARE_OF_HIGHEST:
        return ""
    return say(
        "Your pulse hardly ever reaches {bpm}: rules that rest on hard minutes say almost nothing with it.",
        bpm=f"{threshold_bpm:g}",
    )


def size_words(size_bytes: int) -> str:
    """A size as people read it."""
    size, unit = float(size_bytes), UNITS_OF_SIZE[0]
    for unit in UNITS_OF_SIZE:  # noqa: B007 - the one that it stops at is wanted
        if size < 1_000:
            break
        size /= 1_000
    return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"


def kept_words(kept: Kept) -> str:
    """What became of a choice, in a sentence or two."""
    if not kept.changes:
        return say("Nothing was changed: this holds already.")
    if not kept.looked_again:
        return say("Kept. It holds from now on.")
    return f"{say('Kept.')} {looked_words(kept)} {say('No letter is written about that.')}"


def looked_words(kept: Kept) -> str:
    """What a look at the past with other settings brings."""
    if not (kept.brought or kept.taken or kept.relevelled):
        return say("On your whole past this changes nothing that was found.")
    parts = [
        say_many("one finding comes", "{n} findings come", kept.brought) if kept.brought else "",
        say_many("one goes", "{n} go", kept.taken) if kept.taken else "",
        say_many("one changes its level", "{n} change their level", kept.relevelled)
        if kept.relevelled
        else "",
    ]
    return say("On your whole past: {changes}.", changes=", ".join(part for part in parts if part))


def place_words(place: DataPlace) -> dict[str, Any]:
    """Where everything lies, in finished words."""
    return {
        "folder": place.folder,
        "settings_file": place.settings_file,
        "database": place.database,
        "size": size_words(sum(part.size_bytes for part in place.parts)),
        "parts": [
            (part.name, say_many("{n} file", "{n} files", part.files), size_words(part.size_bytes))
            for part in place.parts
        ],
    }


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
