"""The drawn hips on which pain is placed: outlines from the front, the side and the back, and their places.

Every shape is a label of the radio button of the same place, so the drawing works without a script, and the
list of buttons beside it says the same to those who do not see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alerts.journal.body_sites import BodySite, Side, body_site_text
from alerts.text.i18n import capitalize_first, gettext

CENTRE_X = 60
"""Where the drawing is mirrored, in its own units; pain.html shows 22 to 98 across and 24 to 178 down."""


@dataclass(frozen=True, slots=True)
class HipSpot:
    """A place on one side, as the form names it."""

    place: BodySite
    side: Side

    @property
    def value(self) -> str:
        """The value that is sent."""
        return f"{self.place}-{self.side}"

    @property
    def words(self) -> str:
        """The place as a person names it."""
        return body_site_text(self.place, self.side)


@dataclass(frozen=True, slots=True)
class TapRegion:
    """One place on one view: the shape that is tapped."""

    spot: HipSpot
    path: str


@dataclass(frozen=True, slots=True)
class HipView:
    """The hips from one direction: outline, regions, and the words at the left and the right edge."""

    name: str
    outline: tuple[str, ...]
    regions: tuple[TapRegion, ...]
    left: str
    right: str


SPOTS = tuple(HipSpot(place, side) for place in BodySite for side in (Side.LEFT, Side.RIGHT))
VALUES = {spot.value: spot for spot in SPOTS}

# Half of a body from the front, waist to below the knee, on the reader's right; the other half mirrors it.
HALF = (
    "M80 6C81 24 82 36 87 50C93 66 95 82 94 100C92 122 88 136 87 150C87 164 88 176 85 196",
    "M62 84C66 100 69 124 70 148C70 164 71 180 71 196",
)
GROIN = "M61 80C63 74 68 68 74 64C78 68 78 74 76 80C74 88 70 94 66 98C63 93 61 87 61 80Z"
FRONT = "M76 56C78 50 84 48 88 52C92 60 94 72 93 86C89 92 83 92 80 88C82 78 81 66 76 56Z"
KNEE = "M69 142C74 138 83 138 88 142C89 152 89 160 87 166C82 170 75 170 70 166C69 158 69 150 69 142Z"
BUTTOCK = "M62 50C74 48 84 50 90 58C94 68 94 80 90 90C80 96 70 94 62 86Z"
HAMSTRING = "M66 98C74 102 84 102 91 98C90 114 87 126 85 136L71 136C70 122 68 110 66 98Z"
CREASE = "M60 84C70 96 82 96 92 88"
# A body from the side that looks to the reader's left.
SIDE_OUTLINE = (
    "M46 6C44 22 42 34 40 48C37 66 40 84 42 104C43 124 43 136 41 150C41 166 45 180 46 196",
    "M76 6C77 22 80 34 86 48C92 62 90 78 82 90C79 106 76 124 74 146C76 164 73 180 70 196",
)
OUTER = "M52 42C62 38 74 42 78 52C80 66 76 78 68 84C58 84 50 76 48 64C48 54 48 48 52 42Z"
ITB = "M53 90L68 90C68 112 66 134 64 156L54 156C54 134 54 112 53 90Z"


def views() -> tuple[HipView, ...]:
    """Front, both sides, back."""
    front, back, right, left = gettext("front"), gettext("back"), gettext("your right"), gettext("your left")
    return (
        HipView(capitalize_first(front), _both(HALF, CREASE_FRONT), tuple(_front()), right, left),
        HipView(gettext("Right side"), SIDE_OUTLINE_MIRRORED, tuple(_side(Side.RIGHT)), back, front),
        HipView(gettext("Left side"), SIDE_OUTLINE, tuple(_side(Side.LEFT)), front, back),
        HipView(capitalize_first(back), _both((*HALF, CREASE)), tuple(_back()), left, right),
    )


def _front() -> Iterator[TapRegion]:
    """From the front the runner's left is on the reader's right."""
    for place, path in ((BodySite.GROIN, GROIN), (BodySite.FRONT, FRONT), (BodySite.KNEE, KNEE)):
        yield TapRegion(HipSpot(place, Side.LEFT), path)
        yield TapRegion(HipSpot(place, Side.RIGHT), mirrored(path))


def _back() -> Iterator[TapRegion]:
    """From behind left is left."""
    for place, path in ((BodySite.BACK, BUTTOCK), (BodySite.HAMSTRING, HAMSTRING)):
        yield TapRegion(HipSpot(place, Side.RIGHT), path)
        yield TapRegion(HipSpot(place, Side.LEFT), mirrored(path))


def _side(side: Side) -> Iterator[TapRegion]:
    for place, path in ((BodySite.OUTER, OUTER), (BodySite.ITB, ITB)):
        yield TapRegion(HipSpot(place, side), path if side is Side.LEFT else mirrored(path))


def mirrored(path: str) -> str:
    """A path of absolute pairs, mirrored at the middle."""
    words = path.replace("M", " M ").replace("C", " C ").replace("L", " L ").replace("Z", " Z").split()
    turned: list[str] = []
    is_across = True
    for word in words:
        if word.isalpha():
            turned.append(word)
            continue
        turned.append(f"{2 * CENTRE_X - int(word)}" if is_across else word)
        is_across = not is_across
    return " ".join(turned)


def _both(paths: Iterable[str], *more: str) -> tuple[str, ...]:
    """Paths of one half, both halves of them, and what lies in the middle."""
    halves = tuple(paths)
    return (*halves, *(mirrored(path) for path in halves), *more)


CREASE_FRONT = "M60 76C60 80 60 82 60 86"
SIDE_OUTLINE_MIRRORED = tuple(mirrored(path) for path in SIDE_OUTLINE)
