"""The sections of the settings page and their fields, as they stand on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import available_timezones

from alerts.text.i18n import LANGUAGES, marked
from web.http.forms import Typed

Kind = Literal["text", "email", "zone", "select", "check", "whole", "number", "time", "date"]
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One setting as a form asks for it; ``problem`` says what to type instead of what cannot be meant."""

    name: str
    label: str
    kind: Kind
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
            return marked("on") if value else marked("off")
        named = dict(self.options).get(str(value))
        return named if named is not None else self.text(value) or marked("nothing")

    def read(self, typed: Typed) -> Any:  # noqa: ANN401 - whatever a settings file may hold
        """What was typed, as a settings file would say it; what is no number is a problem of ``typed``."""
        text = typed.text(self.name)
        if self.kind == "check":
            return bool(text)
        if self.kind in {"whole", "number"}:
            return self._number(text, typed)
        return text

    def _number(self, text: str, typed: Typed) -> float:
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
class Section:
    """Fields that are kept together; what it changes can be looked at first where it ``looks``."""

    name: str
    title: str
    fields: tuple[Field, ...]
    intro: str = ""
    looks: bool = False


def time_zones() -> Sequence[str]:
    """Names of time zones for people: a continent and a city, and UTC."""
    places = {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe"}
    places |= {"Indian", "Pacific"}
    return ["UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in places)]


LEVEL_WORDS = {
    "info": marked("For information"),
    "notice": marked("Notice"),
    "caution": marked("Caution"),
    "high": marked("High caution"),
}
EVERY_LEVEL: Options = tuple(LEVEL_WORDS.items())
LEVELS = EVERY_LEVEL[1:]
WEEKDAYS: Options = (
    ("monday", marked("Monday")),
    ("tuesday", marked("Tuesday")),
    ("wednesday", marked("Wednesday")),
    ("thursday", marked("Thursday")),
    ("friday", marked("Friday")),
    ("saturday", marked("Saturday")),
    ("sunday", marked("Sunday")),
)
TIME = marked("Give a time of day, such as 07:00.")

SECTIONS = (
    Section(
        "you",
        marked("You"),
        (
            Field(
                "runner.name",
                marked("Name"),
                "text",
                marked("Stands in letters and on the physiotherapist’s page."),
            ),
            Field(
                "runner.time_zone",
                marked("Time zone"),
                "zone",
                marked(
                    "Type a city and choose. A run belongs to the day that it was here, unless its file "
                    "says where it was run. Empty: the time zone of the computer that Hipwatch runs on."
                ),
                marked("Choose a time zone of the list, such as Europe/Berlin."),
            ),
            Field(
                "runner.language",
                marked("Language"),
                "select",
                marked("Of pages and letters."),
                options=(("", marked("Each browser’s own; English in letters")), *LANGUAGES.items()),
            ),
            Field(
                "runner.units",
                marked("Units"),
                "select",
                options=(("metric", marked("Kilometres")), ("imperial", marked("Miles"))),
            ),
            Field(
                "runner.week_start",
                marked("Weeks begin on"),
                "select",
                options=(("monday", marked("Monday")), ("sunday", marked("Sunday"))),
            ),
        ),
    ),
    Section(
        "body",
        marked("What your runs are judged by"),
        (
            Field(
                "runner.hard_heart_rate_bpm",
                marked("A minute is hard from this heart rate on"),
                "number",
                marked(
                    "In beats a minute, if you know your lactate threshold. Empty: worked out from your runs."
                ),
                marked("Give a heart rate from 80 to 230, or leave it empty."),
                low=80,
                high=230,
            ),
            Field(
                "runner.previous_injury",
                marked("Your last running injury"),
                "date",
                marked(
                    "For a year from that day every finding counts one level more, except what is for "
                    "information: an injury before is the most consistent of all factors. Empty: none."
                ),
                marked("Give a day, such as 2026-02-14, or leave it empty."),
            ),
            Field(
                "runner.together_days",
                marked("Two rules that speak within so many days raise the later one"),
                "whole",
                marked("Plausible, and tested in no study. 0: never."),
                marked("Give a whole number of days from 0 to 365."),
                high=365,
            ),
        ),
        marked(
            "A change looks at your whole past again. What it brings is listed under Findings; no letter is "
            "written about it."
        ),
        looks=True,
    ),
    Section(
        "letters",
        marked("Letters"),
        (
            Field(
                "runner.email",
                marked("Your mail address"),
                "email",
                marked("Letters that wait go there too. Empty: letters are laid into a folder."),
                marked("Give one mail address, or leave it empty."),
            ),
            Field(
                "mail.min_level",
                marked("Write from this level on"),
                "select",
                options=EVERY_LEVEL,
            ),
            Field(
                "mail.at_once_level",
                marked("Write at once from this level on"),
                "select",
                marked("What is slighter waits and is gathered in one letter."),
                options=LEVELS,
            ),
            Field(
                "mail.digest",
                marked("The gathered letter can come"),
                "select",
                options=(
                    ("weekly", marked("each week")),
                    ("daily", marked("each day")),
                    ("off", marked("never: everything is told at once")),
                ),
            ),
            Field("mail.digest_weekday", marked("If each week, on"), "select", options=WEEKDAYS),
            Field("mail.digest_at", marked("The gathered letter comes at"), "time", problem=TIME),
            Field(
                "mail.pause_days",
                marked("At most one letter in so many days"),
                "whole",
                marked(
                    "Something graver is told all the same. With less than 7 more than one letter can come "
                    "in a week; 0: no pause."
                ),
                marked("Give a whole number of days from 0 to 365."),
                high=365,
            ),
            Field(
                "mail.notes_pause_days",
                marked("Gathered notes alone make a letter no sooner than so many days after another"),
                "whole",
                marked("What is two weeks old by then is left to the dashboard."),
                marked("Give a whole number of days from 0 to 365."),
                high=365,
            ),
            Field(
                "mail.max_age_days",
                marked("Write of runs up to so many days ago"),
                "whole",
                marked("Older ones are shown, never mailed: years that you import send nothing."),
                marked("Give a whole number of days from 0 to 365."),
                high=365,
            ),
            Field("mail.sunday_letter", marked("A letter each Sunday before you run"), "check"),
            Field("mail.sunday_at", marked("On Sundays at"), "time", problem=TIME),
            Field(
                "mail.ask_after_silence",
                marked("Ask once when no file has come for longer than is usual for you"),
                "check",
            ),
            Field("mail.quiet_from", marked("No letter from"), "time", problem=TIME),
            Field(
                "mail.quiet_until",
                marked("No letter until"),
                "time",
                marked("Your own local time. The same time twice: letters may come at any hour."),
                TIME,
            ),
            Field(
                "mail.subject_tells",
                marked("Say in the subject what was found"),
                "check",
                marked(
                    "A subject is read over shoulders and on locked screens, so by itself it says nothing "
                    "of your health."
                ),
            ),
        ),
    ),
)

FIELDS = {field.name: field for section in SECTIONS for field in section.fields}
