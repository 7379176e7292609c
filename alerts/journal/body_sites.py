"""Body sites: the fixed vocabulary of the pain diary and of routines chosen by site."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType

from alerts.text.i18n import gettext, gettext_noop


class BodySite(enum.StrEnum):
    """A body site; the value is stored, submitted by forms and used in the care files."""

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
        """The display name without a side."""
        return gettext(_WORDS[self])

    @property
    def is_deep_front(self) -> bool:
        """Whether the pain scale allows only up to 2 here.

        Deep and shallow pain at the front of the hip cannot be told apart by asking, so all of it counts.
        """
        return self in {BodySite.FRONT, BodySite.GROIN}


_WORDS: Mapping[BodySite, str] = MappingProxyType(
    {
        BodySite.FRONT: gettext_noop("front of the hip"),
        BodySite.GROIN: gettext_noop("groin"),
        BodySite.OUTER: gettext_noop("side of the hip"),
        BodySite.BACK: gettext_noop("buttock or back of the hip"),
        BodySite.ITB: gettext_noop("outside of the thigh or knee (IT band)"),
        BodySite.HAMSTRING: gettext_noop("back of the thigh"),
        BodySite.KNEE: gettext_noop("knee"),
        BodySite.ELSEWHERE: gettext_noop("somewhere else"),
    }
)


class Side(enum.StrEnum):
    """Left, right, or both."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    @property
    def each(self) -> tuple[Side, ...]:
        """The single sides it covers."""
        return (Side.LEFT, Side.RIGHT) if self is Side.BOTH else (self,)


def body_site_text(place: BodySite, side: Side) -> str:
    """Site and side as people say it: "left groin", "front of the hip, both sides"."""
    if side is Side.BOTH:
        return gettext("{place}, both sides", place=place.words)
    is_left = side is Side.LEFT
    if place in {BodySite.ITB, BodySite.ELSEWHERE}:
        return (
            gettext("{place}, left", place=place.words)
            if is_left
            else gettext("{place}, right", place=place.words)
        )
    return (
        gettext("left {place}", place=place.words) if is_left else gettext("right {place}", place=place.words)
    )
