"""Journal entries, validated on construction."""

from __future__ import annotations

import enum
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from alerts.errors import JournalError
from alerts.journal.body_sites import BodySite, Side

WORST = 10
NOTE_AT_MOST = 500
NAME_AT_MOST = 60
FARTHEST_M = 500_000.0
"""No planned run is longer. [m]"""

PAIR_AT_MOST_M = 5_000_000.0
"""No pair of shoes is run in for longer. [m]"""

Urgency = Literal["urgent", "soon"]


def clean_text(text: str, *, at_most: int, what: str, lines: bool = False) -> str:
    """Trimmed text without control and direction characters; ``lines`` keeps line breaks.

    Raises
    ------
    JournalError
        If more than ``at_most`` characters are left.
    """
    kept = "\n" if lines else ""
    plain = "".join(
        c if c in kept or unicodedata.category(c)[0] != "C" else " "
        for c in text.replace("\r\n", "\n").replace("\r", "\n")
    )
    plain = "\n".join(" ".join(line.split()) for line in plain.split("\n")).strip()
    if len(plain) > at_most:
        raise JournalError(f"{what} is longer than {at_most} characters; shorten it")
    return plain


@dataclass(frozen=True, slots=True)
class PainReport:
    """A pain report for one day.

    Scores run from 0 to 10; at least one is needed. ``next_morning`` is the morning after ``day``.
    ``answers`` maps the id of every red flag that was asked to the answer. ``note`` is hostile text.
    """

    day: date
    place: BodySite
    side: Side
    during: int | None = None
    after: int | None = None
    next_morning: int | None = None
    limped: bool = False
    answers: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    note: str = ""

    def __post_init__(self) -> None:
        if all(score is None for score in self.scores):
            raise JournalError("say how much it hurt, at one time at least: during, after or next morning")
        for score in self.scores:
            if score is not None and not (type(score) is int and 0 <= score <= WORST):
                raise JournalError(f"pain is told from 0 to {WORST}")
        # forms and scripts hand strings in; what is kept is the vocabulary
        object.__setattr__(self, "place", _member(BodySite, self.place))
        object.__setattr__(self, "side", _member(Side, self.side))
        note = clean_text(self.note, at_most=NOTE_AT_MOST, what="the note", lines=True)
        object.__setattr__(self, "note", note)

    @property
    def scores(self) -> tuple[int | None, int | None, int | None]:
        """During, after, next morning."""
        return self.during, self.after, self.next_morning

    @property
    def worst(self) -> int:
        """The highest score reported."""
        return max(score for score in self.scores if score is not None)

    @property
    def flags(self) -> tuple[str, ...]:
        """Ids of the red flags answered "yes"."""
        return tuple(flag for flag, answer in self.answers.items() if answer)


@dataclass(frozen=True, slots=True)
class PainEntry:
    """A stored report; ``urgency`` is the highest among its red flags, None without any.

    ``activity_id`` is the run before it, where there was one that day or the day before.
    """

    id: int
    report: PainReport
    reported_at: datetime
    urgency: Urgency | None = None
    activity_id: int | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeenTo:
    """Which professional examined a red flag, and when; this ends the lock."""

    day: date
    by: str
    note: str = ""
    id: int = 0
    recorded_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "by", clean_text(self.by, at_most=NAME_AT_MOST, what="who saw it"))
        object.__setattr__(
            self, "note", clean_text(self.note, at_most=NOTE_AT_MOST, what="the note", lines=True)
        )
        if not self.by:
            raise JournalError("say who looked at it: a physician, a physiotherapist, a hospital")


@dataclass(frozen=True, slots=True)
class RoutineDone:
    """One routine done on one day; repeated entries count once."""

    routine: str
    day: date


class RunKind(enum.StrEnum):
    """The kind of a planned run."""

    RUN = "run"
    LONG = "long"
    RACE = "race"


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A planned run or race; ``name`` is untrusted text and may be empty."""

    day: date
    distance_m: float
    kind: RunKind = RunKind.RUN
    name: str = ""
    id: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", _member(RunKind, self.kind))
        object.__setattr__(self, "name", clean_text(self.name, at_most=NAME_AT_MOST, what="the name"))
        if not (math.isfinite(self.distance_m) and 0 < self.distance_m <= FARTHEST_M):
            raise JournalError("a planned run has a distance, and at most 500 km")


@dataclass(frozen=True, slots=True)
class Shoe:
    """A pair of shoes.

    ``before_m`` was run in it before Hipwatch knew it. ``note_at_m`` is where the runner wants to be told.
    ``default_for`` is a sport or kind of running ("running", "trail", "treadmill", "track") whose runs are
    run in this pair unless the runner says otherwise. ``name`` is hostile text.
    """

    name: str
    first_day: date
    before_m: float = 0.0
    note_at_m: float | None = None
    default_for: str | None = None
    retired_on: date | None = None
    id: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", clean_text(self.name, at_most=NAME_AT_MOST, what="the name"))
        if not self.name:
            raise JournalError("give the pair a name")
        if not 0 <= self.before_m <= PAIR_AT_MOST_M:
            raise JournalError("the distance run before is between 0 and 5,000 km")
        if self.note_at_m is not None and not 0 < self.note_at_m <= PAIR_AT_MOST_M:
            raise JournalError("the distance for a note is between 0 and 5,000 km")
        if self.default_for is not None and self.default_for not in GROUNDS:
            raise JournalError(f"a pair can be the default for {', '.join(GROUNDS)}")
        if self.retired_on is not None and self.retired_on < self.first_day:
            raise JournalError("a pair cannot be retired before its first day")

    def fits(self, day: date) -> bool:
        """Whether the pair was in use on that day."""
        return self.first_day <= day and (self.retired_on is None or day <= self.retired_on)


GROUNDS = ("running", "trail", "treadmill", "track")


def _member(kind: type[enum.StrEnum], value: str) -> enum.StrEnum:
    try:
        return kind(value)
    except ValueError as error:
        raise JournalError(f"{value!r} is not one of {', '.join(kind)}") from error
