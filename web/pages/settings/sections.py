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
                gettext_noop("Stands in letters and on the physiotherapist’s page."),
            ),
            SettingField(
                "runner.time_zone",
                gettext_noop("Time zone"),
                "zone",
                gettext_noop(
                    "Type a city and choose. A run belongs to the day that it was here, unless its file "
                    "says where it was run. Empty: the time zone of the computer that Hipwatch runs on."
                ),
                gettext_noop("Choose a time zone of the list, such as Europe/Berlin."),
            ),
            SettingField(
                "runner.language",
                gettext_noop("Language"),
                "select",
                gettext_noop("Of pages and letters."),
                options=(("", gettext_noop("Each browser’s own; English in letters")), *LANGUAGES.items()),
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
        gettext_noop("What your runs are judged by"),
        (
            SettingField(
                "runner.hard_heart_rate_bpm",
                gettext_noop("A minute is hard from this heart rate on"),
                "number",
                gettext_noop(
                    "In beats a minute, if you know your lactate threshold. Empty: worked out from your runs."
                ),
                gettext_noop("Give a heart rate from 80 to 230, or leave it empty."),
                low=80,
                high=230,
            ),
            SettingField(
                "runner.previous_injury",
                gettext_noop("Your last running injury"),
                "date",
                gettext_noop(
                    "For a year from that day every finding counts one level more, except what is for "
                    "information: an injury before is the most consistent of all factors. Empty: none."
                ),
                gettext_noop("Give a day, such as 2026-02-14, or leave it empty."),
            ),
            SettingField(
                "runner.together_days",
                gettext_noop("Two rules that speak within so many days raise the later one"),
                "whole",
                gettext_noop("Plausible, and tested in no study. 0: never."),
                gettext_noop("Give a whole number of days from 0 to 365."),
                high=365,
            ),
        ),
        gettext_noop(
            "A change looks at your whole past again. What it brings is listed under Findings; no letter is "
            "written about it."
        ),
        looks=True,
    ),
    SettingSection(
        "letters",
        gettext_noop("Letters"),
        (
            SettingField(
                "runner.email",
                gettext_noop("Your mail address"),
                "email",
                gettext_noop("Letters that wait go there too. Empty: letters are laid into a folder."),
                gettext_noop("Give one mail address, or leave it empty."),
            ),
            SettingField(
                "mail.min_level",
                gettext_noop("Write from this level on"),
                "select",
                options=EVERY_LEVEL,
            ),
            SettingField(
                "mail.at_once_level",
                gettext_noop("Write at once from this level on"),
                "select",
                gettext_noop("What is slighter waits and is gathered in one letter."),
                options=LEVELS,
            ),
            SettingField(
                "mail.digest",
                gettext_noop("The gathered letter can come"),
                "select",
                options=(
                    ("weekly", gettext_noop("each week")),
                    ("daily", gettext_noop("each day")),
                    ("off", gettext_noop("never: everything is told at once")),
                ),
            ),
            SettingField(
                "mail.digest_weekday", gettext_noop("If each week, on"), "select", options=WEEKDAY_OPTIONS
            ),
            SettingField(
                "mail.digest_at", gettext_noop("The gathered letter comes at"), "time", problem=TIME
            ),
            SettingField(
                "mail.pause_days",
                gettext_noop("At most one letter in so many days"),
                "whole",
                gettext_noop(
                    "Something graver is told all the same. With less than 7 more than one letter can come "
                    "in a week; 0: no pause."
                ),
                gettext_noop("Give a whole number of days from 0 to 365."),
                high=365,
            ),
            SettingField(
                "mail.notes_pause_days",
                gettext_noop("Gathered notes alone make a letter no sooner than so many days after another"),
                "whole",
                gettext_noop("What is two weeks old by then is left to the dashboard."),
                gettext_noop("Give a whole number of days from 0 to 365."),
                high=365,
            ),
            SettingField(
                "mail.max_age_days",
                gettext_noop("Write of runs up to so many days ago"),
                "whole",
                gettext_noop("Older ones are shown, never mailed: years that you import send nothing."),
                gettext_noop("Give a whole number of days from 0 to 365."),
                high=365,
            ),
            SettingField("mail.sunday_letter", gettext_noop("A letter each Sunday before you run"), "check"),
            SettingField("mail.sunday_at", gettext_noop("On Sundays at"), "time", problem=TIME),
            SettingField(
                "mail.ask_after_silence",
                gettext_noop("Ask once when no file has come for longer than is usual for you"),
                "check",
            ),
            SettingField("mail.quiet_from", gettext_noop("No letter from"), "time", problem=TIME),
            SettingField(
                "mail.quiet_until",
                gettext_noop("No letter until"),
                "time",
                gettext_noop("Your own local time. The same time twice: letters may come at any hour."),
                TIME,
            ),
            SettingField(
                "mail.subject_tells",
                gettext_noop("Say in the subject what was found"),
                "check",
                gettext_noop(
                    "A subject is read over shoulders and on locked screens, so by itself it says nothing "
                    "of your health."
                ),
            ),
        ),
    ),
)

FIELDS = {field.name: field for section in SETTING_SECTIONS for field in section.fields}
