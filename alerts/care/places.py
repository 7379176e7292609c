"""Where it can hurt: the fixed vocabulary of the pain diary and of the routines chosen by place."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType


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
        return _WORDS[self]

    @property
    def is_deep_front(self) -> bool:
        """Whether the pain scale's allowance ends at 2 here.

        Deep and shallow pain at the front of the hip cannot be told apart by asking, so all of it counts.
        """
        return self in {Place.FRONT, Place.GROIN}


_WORDS: Mapping[Place, str] = MappingProxyType(
    {
        Place.FRONT: "front of the hip",
        Place.GROIN: "groin",
        Place.OUTER: "side of the hip",
        Place.BACK: "buttock or back of the hip",
        Place.ITB: "outside of the thigh or knee (IT band)",
        Place.HAMSTRING: "back of the thigh",
        Place.KNEE: "knee",
        Place.ELSEWHERE: "another place",
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
        return f"{place.words}, both sides"
    return f"{place.words}, {side}" if place in {Place.ITB, Place.ELSEWHERE} else f"{side} {place.words}"
