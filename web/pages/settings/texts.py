"""The settings page in words: where a value comes from, what a change brings, where everything lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from alerts.notifications.answers import SORT_WORDS, Answers
from alerts.runner.preferences import ChoiceResult, Setting
from alerts.runner.profile import Runner
from alerts.service.effective_settings import EffectiveSettings
from alerts.text.i18n import gettext, gettext_noop, ngettext
from alerts.text.units import short_date
from ingest.analysis.thresholds import HARD_SHARE_OF_HIGHEST
from web.http.forms import FormInput
from web.pages.rules.rule_record import rule_name
from web.pages.settings.ports import DataLocation
from web.pages.settings.sections import LEVEL_WORDS, SETTING_SECTIONS, SettingField, SettingSection

ORIGIN_TEXTS: Mapping[str, str] = {
    "default": gettext_noop("Default"),
    "file": gettext_noop("from the settings file"),
    "environment": gettext_noop("from the environment"),
    "page": gettext_noop("your choice"),
}
"""Where a value comes from, in words."""

HARD_BPM = "runner.hard_heart_rate_bpm"
LATER = gettext_noop("Enter a day in the past, or leave it empty.")
UNITS_OF_SIZE = ("B", "kB", "MB", "GB", "TB")


FIXED_WORDS = {
    "none": gettext_noop("none"),
    "set": gettext_noop("set"),
    "not set": gettext_noop("not set"),
    "on": gettext_noop("on"),
    "off": gettext_noop("off"),
}
"""What is said instead of a value that the page does not show, or that there is not."""


def fixed_value_text(value: str) -> str:
    """A value that only the settings file can change, as the page says it."""
    return gettext(FIXED_WORDS[value]) if value in FIXED_WORDS else value


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field with where its value comes from, and what holds where the runner's choice is let go of."""

    field: SettingField
    origin: str
    back_to: str
    unfit: str


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of the page."""

    section: SettingSection
    fields: tuple[ShownField, ...]


def shown_sections(settings: Mapping[str, Setting]) -> tuple[ShownSection, ...]:
    """The sections with where each value comes from."""
    return tuple(
        ShownSection(section, tuple(_shown(field, settings[field.name]) for field in section.fields))
        for section in SETTING_SECTIONS
    )


def _shown(field: SettingField, setting: Setting) -> ShownField:
    back_to = gettext(field.words(setting.below)) if setting.origin == "page" else ""
    return ShownField(field, gettext(ORIGIN_TEXTS[setting.origin]), back_to, setting.unfit)


def read_section(section: SettingSection, typed: FormInput, today: date) -> dict[str, Any]:
    """Read the fields of a section; what cannot be read stands in ``typed.problems``."""
    read = {field.name: field.read(typed) for field in section.fields}
    for field in section.fields:
        if field.kind == "date" and read[field.name] > today.isoformat():
            typed.problems[field.name] = LATER
    return {name: value for name, value in read.items() if name not in typed.problems}


def problem_of(field: SettingField, what: str) -> str:
    """What is wrong with a field; the reader's own words where the checker's are for machines."""
    return gettext(field.problem) if field.problem else what


def unreachable_threshold_text(threshold_bpm: float, usual_bpm: float | None) -> str:
    """Say of a threshold that hardly any run reaches that rules go quiet with it."""
    if not threshold_bpm or usual_bpm is None or threshold_bpm < usual_bpm / HARD_SHARE_OF_HIGHEST:
        return ""
    return gettext(
        "Your heart rate hardly ever reaches {bpm}: with this value the rules about hard minutes will "
        "hardly ever be triggered.",
        bpm=f"{threshold_bpm:g}",
    )


def size_text(size_bytes: int) -> str:
    """A size as people read it."""
    size, unit = float(size_bytes), UNITS_OF_SIZE[0]
    for unit in UNITS_OF_SIZE:  # noqa: B007 - the one that it stops at is wanted
        if size < 1_000:
            break
        size /= 1_000
    return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"


def saved_text(kept: ChoiceResult) -> str:
    """What became of a choice, in a sentence or two."""
    if not kept.changes:
        return gettext("Nothing to save: this is already the current value.")
    if not kept.looked_again:
        return gettext("Saved.")
    return f"{gettext('Saved.')} {preview_text(kept)} {gettext('No email is sent about it.')}"


def preview_text(kept: ChoiceResult) -> str:
    """What a look at the past with other settings brings."""
    if not (kept.brought or kept.taken or kept.relevelled):
        return gettext("No alert in your history changes.")
    parts = [
        ngettext("one new alert", "{n} new alerts", kept.brought) if kept.brought else "",
        ngettext("one alert goes away", "{n} alerts go away", kept.taken) if kept.taken else "",
        ngettext("one changes its level", "{n} change their level", kept.relevelled)
        if kept.relevelled
        else "",
    ]
    return gettext("In your whole history: {changes}.", changes=", ".join(part for part in parts if part))


def data_location_text(place: DataLocation) -> dict[str, Any]:
    """Where everything lies, in finished words."""
    return {
        "folder": place.folder,
        "settings_file": place.settings_file,
        "database": place.database,
        "size": size_text(sum(part.size_bytes for part in place.parts)),
        "parts": [
            (part.name, ngettext("{n} file", "{n} files", part.files), size_text(part.size_bytes))
            for part in place.parts
        ],
    }


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One way on which something is told."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class StoppedItem:
    """Something that the runner wants to hear nothing of; ``kind`` and ``what`` take it back."""

    kind: str
    what: str
    sentence: str


def channel_rows(in_force: EffectiveSettings, *, host: str, folder: str) -> list[ChannelRow]:
    """Letters first, then the other ways."""
    match in_force.mail_mode:
        case "smtp":
            said = gettext("To {address}, through {host}.", address=in_force.runner.email, host=host)
        case "folder":
            said = gettext("Saved in {folder}, not sent: no mail server or no address is set.", folder=folder)
        case _:
            said = gettext("Turned off in the settings file.")
    channels = in_force.route.channels if in_force.route else ()
    others = [
        ChannelRow(one.name, gettext("From {level} on.", level=gettext(LEVEL_WORDS[one.least.word])))
        for one in channels
    ]
    return [ChannelRow(gettext("Emails"), said), *others]


def stopped_items(answers: Answers, runner: Runner, now: datetime) -> list[StoppedItem]:
    """Sorts of letters that were stopped, and rules that are kept quiet."""
    stopped = [
        StoppedItem("sort", sort, gettext("No {letters}.", letters=gettext(SORT_WORDS[sort])))
        for sort in answers.stopped()
    ]
    quiet = [
        StoppedItem(
            "rule",
            kind,
            gettext("{rule}: muted until {day}.", rule=rule_name(kind), day=short_date(runner.day_of(until))),
        )
        for kind, until in answers.snoozed(now).items()
    ]
    return sorted(stopped, key=lambda one: one.what) + quiet
