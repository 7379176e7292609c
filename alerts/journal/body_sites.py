"""Where it can hurt: the fixed vocabulary of the pain diary and of the routines chosen by place."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType

from alerts.text.i18n import marked, say


class Place(enum.StrEnum):
    """A place on the drawn figure; the value is what is stored, sent and written in the care files."""

    FRONT = "front"
    GROIN = "groin"
    OUTER = "outer"
    BACK = "back"
    ITB = "itb"
    HAMSTRING = "hamstring"
    KNEE = "knee"
    ELSEWHERE = "elsewhere"

    @property
    def words(self) -> str:
        """The place as a person names it, without a side."""
        return say(_WORDS[self])

    @property
    def is_deep_front(self) -> bool:
        """Whether the pain scale's allowance ends at 2 here.

        Deep and shallow pain at the front of the hip cannot be told apart by asking, so all of it counts.
        """
        return self in {Place.FRONT, Place.GROIN}


_WORDS: Mapping[Place, str] = MappingProxyType(
    {
        Place.FRONT: marked("front of the hip"),
        Place.GROIN: marked("groin"),
        Place.OUTER: marked("side of the hip"),
        Place.BACK: marked("buttock or back of the hip"),
        Place.ITB: marked("outside of the thigh or knee (IT band)"),
        Place.HAMSTRING: marked("back of the thigh"),
        Place.KNEE: marked("knee"),
        Place.ELSEWHERE: marked("another place"),
    }
)


class Side(enum.StrEnum):
    """Left, right, or both."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    @property
    def each(self) -> tuple[Side, ...]:
        """The single sides that it covers."""
        return (Side.LEFT, Side.RIGHT) if self is Side.BOTH else (self,)


def place_words(place: Place, side: Side) -> str:
    """Place and side as a person names them: "left groin", "front of the hip, both sides"."""
    if side is Side.BOTH:
        return say("{place}, both sides", place=place.words)
    is_left = side is Side.LEFT
    if place in {Place.ITB, Place.ELSEWHERE}:
        return (
            say("{place}, left", place=place.words) if is_left else say("{place}, right", place=place.words)
        )
    return say("left {place}", place=place.words) if is_left else say("right {place}", place=place.words)
