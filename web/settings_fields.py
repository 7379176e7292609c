"""The fields of the settings page: what each is called, what may be typed, and how it is read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import available_timezones

from alerts.words.language import marked
from web.forms import Typed

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
