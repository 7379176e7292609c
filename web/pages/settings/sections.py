"""The sections of the settings page and their fields, as they stand on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import available_timezones

from alerts.text.i18n import LANGUAGES, gettext_noop
from web.http.forms import FormInput

FieldKind = Literal["text", "email", "zone", "select", "check", "whole", "number", "time", "date"]
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting as a form asks for it; ``problem`` says what to type instead of what cannot be meant."""

    name: str
    label: str
    kind: FieldKind
    help: str = ""
    problem: str = ""
    options: Options = ()
    low: int = 0
    high: int = 0

    def text(self, value: Any) -> str:  # noqa: ANN401 - whatever a settings file may hold
        """A value as the form shows it; a number that stands for nothing is an empty field."""
        if self.kind == "check":
            return "yes" if value else ""
        if self.kind == "number":
            return f"{value:g}" if value else ""
        return str(value)

    def words(self, value: Any) -> str:  # noqa: ANN401 - whatever a settings file may hold
        """A value as a sentence names it."""
        if self.kind == "check":
            return gettext_noop("on") if value else gettext_noop("off")
        named = dict(self.options).get(str(value))
        return named if named is not None else self.text(value) or gettext_noop("nothing")

    def read(self, typed: FormInput) -> Any:  # noqa: ANN401 - whatever a settings file may hold
        """What was typed, as a settings file would say it; what is no number is a problem of ``typed``."""
        text = typed.text(self.name)
        if self.kind == "check":
            return bool(text)
        if self.kind in {"whole", "number"}:
            return self._number(text, typed)
        return text

    def _number(self, text: str, typed: FormInput) -> float:
        try:
            number = float(text.replace(",", ".")) if text else 0.0 if self.kind == "number" else math.nan
        except ValueError:
            number = math.nan
        is_whole = self.kind == "whole"
        if not math.isfinite(number) or len(text) > 12 or (is_whole and number != int(number)):
            typed.problems[self.name] = self.problem
            return 0.0
        if not (self.low <= number <= self.high or (number == 0 and not is_whole)):
            typed.problems[self.name] = self.problem
        return int(number) if is_whole else number


@dataclass(frozen=True, slots=True)
class SettingSection:
    """Fields that are kept together; what it changes can be looked at first where it ``looks``."""

    name: str
    title: str
    fields: tuple[SettingField, ...]
    intro: str = ""
    looks: bool = False


def time_zones() -> Sequence[str]:
    """Names of time zones for people: a continent and a city, and UTC."""
    places = {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe"}
    places |= {"Indian", "Pacific"}
    return ["UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in places)]


LEVEL_WORDS = {
    "info": gettext_noop("For information"),
    "notice": gettext_noop("Notice"),
    "caution": gettext_noop("Caution"),
    "high": gettext_noop("High caution"),
}
EVERY_LEVEL: Options = tuple(LEVEL_WORDS.items())
LEVELS = EVERY_LEVEL[1:]
WEEKDAY_OPTIONS: Options = (
    ("monday", gettext_noop("Monday")),
    ("tuesday", gettext_noop("Tuesday")),
    ("wednesday", gettext_noop("Wednesday")),
    ("thursday", gettext_noop("Thursday")),
    ("friday", gettext_noop("Friday")),
    ("saturday", gettext_noop("Saturday")),
    ("sunday", gettext_noop("Sunday")),
)
TIME = gettext_noop("Give a time of day, such as 07:00.")

SETTING_SECTIONS = (
    SettingSection(
        "you",
        gettext_noop("You"),
        (
            SettingField(
                "runner.name",
                gettext_noop("Name"),
                "text",
                gettext_noop("Used in emails and on the physiotherapist’s page."),
            ),
            SettingField(
                "runner.time_zone",
                gettext_noop("Time zone"),
                "zone",
                gettext_noop(
                    "Type a city and choose. It decides which day a run belongs to, unless its file "
                    "says where it was run. Empty: this computer’s time zone."
                ),
                gettext_noop("Choose a time zone from the list, such as Europe/Berlin."),
            ),
            SettingField(
                "runner.language",
                gettext_noop("Language"),
                "select",
                gettext_noop("For pages and emails."),
                options=(("", gettext_noop("Browser language; English in emails")), *LANGUAGES.items()),
            ),
            SettingField(
                "runner.units",
                gettext_noop("Units"),
                "select",
                options=(("metric", gettext_noop("Kilometres")), ("imperial", gettext_noop("Miles"))),
            ),
            SettingField(
                "runner.week_start",
                gettext_noop("Weeks begin on"),
                "select",
                options=(("monday", gettext_noop("Monday")), ("sunday", gettext_noop("Sunday"))),
            ),
        ),
    ),
    SettingSection(
        "body",
        gettext_noop("Thresholds"),
        (
            SettingField(
                "runner.hard_heart_rate_bpm",
                gettext_noop("Hard effort starts at (bpm)"),
                "number",
                gettext_noop("Your lactate threshold, if you know it. Empty: estimated from your runs."),
                gettext_noop("Enter a heart rate from 80 to 230, or leave it empty."),
                low=80,
                high=230,
            ),
            SettingField(
                "runner.previous_injury",
                gettext_noop("Your last running injury"),
                "date",
                gettext_noop(
                    "For a year from that day every alert is one level higher, except information: a "
                    "previous injury is the most consistent of all known factors. Empty: none."
                ),
                gettext_noop("Enter a day, such as 2026-02-14, or leave it empty."),
            ),
            SettingField(
                "runner.together_days",
                gettext_noop("Raise an alert’s level if another rule fired within this many days"),
                "whole",
                gettext_noop("Plausible, but not tested in any study. 0: never."),
                gettext_noop("Enter a whole number of days from 0 to 365."),
                high=365,
            ),
        ),
        gettext_noop(
            "After a change, your whole history is checked again. New alerts appear under Alerts; no "
            "email is sent about them."
        ),
        looks=True,
    ),
    SettingSection(
        "emails",
        gettext_noop("Emails"),
        (
            SettingField(
                "runner.email",
                gettext_noop("Your email address"),
                "email",
                gettext_noop("Emails that are waiting go there too. Empty: emails are saved in a folder."),
                gettext_noop("Enter one email address, or leave it empty."),
            ),
            SettingField(
                "mail.min_level",
                gettext_noop("Email me from this level"),
                "select",
                options=EVERY_LEVEL,
            ),
            SettingField(
                "mail.at_once_level",
                gettext_noop("Email me immediately from this level"),
                "select",
                gettext_noop("Less serious alerts go into a digest."),
                options=LEVELS,
            ),
            SettingField(
                "mail.digest",
                gettext_noop("Digest"),
                "select",
                options=(
                    ("weekly", gettext_noop("weekly")),
                    ("daily", gettext_noop("daily")),
                    ("off", gettext_noop("never: send each alert immediately")),
                ),
            ),
            SettingField(
                "mail.digest_weekday", gettext_noop("Weekly digest on"), "select", options=WEEKDAY_OPTIONS
            ),
            SettingField("mail.digest_at", gettext_noop("Digest time"), "time", problem=TIME),
            SettingField(
                "mail.pause_days",
                gettext_noop("Minimum days between emails"),
                "whole",
                gettext_noop(
                    "Serious alerts are always sent. Below 7, you may get more than one email a week. "
                    "0: no limit."
                ),
                gettext_noop("Enter a whole number of days from 0 to 365."),
                high=365,
            ),
            SettingField(
                "mail.notes_pause_days",
                gettext_noop("Minimum days between digest-only emails"),
                "whole",
                gettext_noop("Alerts older than two weeks stay on the dashboard."),
                gettext_noop("Enter a whole number of days from 0 to 365."),
                high=365,
            ),
            SettingField(
                "mail.max_age_days",
                gettext_noop("Email about runs of the last … days"),
                "whole",
                gettext_noop("Older runs are shown but never emailed: importing past years sends nothing."),
                gettext_noop("Enter a whole number of days from 0 to 365."),
                high=365,
            ),
            SettingField("mail.sunday_letter", gettext_noop("Weekly preview email on Sunday"), "check"),
            SettingField("mail.sunday_at", gettext_noop("Time on Sundays"), "time", problem=TIME),
            SettingField(
                "mail.ask_after_silence",
                gettext_noop("Ask once when no file arrives for longer than usual"),
                "check",
            ),
            SettingField("mail.quiet_from", gettext_noop("Quiet hours from"), "time", problem=TIME),
            SettingField(
                "mail.quiet_until",
                gettext_noop("Quiet hours until"),
                "time",
                gettext_noop("Your local time. The same time twice: no quiet hours."),
                TIME,
            ),
            SettingField(
                "mail.subject_tells",
                gettext_noop("Show the alert in the email subject"),
                "check",
                gettext_noop(
                    "Subjects can be read on locked screens, so by default they say nothing about your "
                    "health."
                ),
            ),
        ),
    ),
)

FIELDS = {field.name: field for section in SETTING_SECTIONS for field in section.fields}
