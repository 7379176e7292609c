"""Poses as SVG: what a template needs to draw the start and the end of an exercise side by side."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec

from alerts.text.i18n import gettext_noop
from web.poses.body import HEAD_RADIUS, Limb, Point, Pose, PosedBody, pose_body

DATA = Path(__file__).with_name("poses.toml")
FRAME_WIDTH, FRAME_HEIGHT, FLOOR = 204.0, 194.0, 186.0


class Prop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A thing beside the body. Points are joints, "joint+across+down", or "across,down" in the frame.

    A "line" joins its points; a "loop" is a band around two joints; a "ball" has its middle between its
    points; a "box" stands ``height`` high under its first point; a "ring" is a circle of radius ``size``; an
    "arrow" points from its first point to its last; "behind" is a line that the body hides.
    """

    kind: str
    at: tuple[str, ...]
    size: float = 0.0
    height: float = 0.0


class Exercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A movement: its start, its end, and what it looks like in words."""

    alt: str
    start: Pose
    end: Pose
    view: str = "side"
    props: tuple[Prop, ...] = ()
    end_props: tuple[Prop, ...] = ()
    captions: tuple[str, str] = (gettext_noop("Start"), gettext_noop("End"))


@dataclass(frozen=True, slots=True)
class Shape:
    """One outline; a solid one hides what lies behind it."""

    path: str
    is_solid: bool = True


@dataclass(frozen=True, slots=True)
class PoseFrame:
    """One position: what to draw, in order, and its caption."""

    shapes: tuple[Shape, ...]
    caption: str
    x: float


@dataclass(frozen=True, slots=True)
class PoseDrawing:
    """A movement as two positions side by side, with its text alternative."""

    alt: str
    frames: tuple[PoseFrame, ...]
    floor: float | None
    top: float
    width: float = 2 * FRAME_WIDTH
    bottom: float = FRAME_HEIGHT

    @property
    def box(self) -> str:
        """The part of the plane that is shown."""
        return f"0 {self.top:g} {self.width:g} {self.bottom - self.top:g}"


@functools.cache
def exercises() -> Mapping[str, Exercise]:
    """Every movement that has a drawing, by the routine's id."""
    return msgspec.toml.decode(DATA.read_bytes(), type=dict[str, Exercise])


@functools.cache
def drawing_of(routine: str) -> PoseDrawing | None:
    """Draw a routine; None where it has no movement to show."""
    exercise = exercises().get(routine)
    if exercise is None:
        return None
    from_above = exercise.view == "above"
    floor = FLOOR - (24 if from_above else 0)
    start, end = (
        pose_body(pose, exercise.view, middle=FRAME_WIDTH / 2, floor=floor)
        for pose in (exercise.start, exercise.end)
    )
    first, second = exercise.captions
    return PoseDrawing(
        exercise.alt,
        (
            PoseFrame(_shapes(start, exercise.props), first, 0.0),
            PoseFrame(_shapes(end, exercise.props + exercise.end_props), second, FRAME_WIDTH),
        ),
        floor=None if from_above else FLOOR,
        top=max(0.0, round(min(start.top, end.top) - (24 if exercise.end_props else 12))),
    )


def _shapes(figure: PosedBody, props: Sequence[Prop]) -> tuple[Shape, ...]:
    behind = [prop for prop in props if prop.kind in {"box", "ring", "behind"}]
    before = [prop for prop in props if prop not in behind]
    return (
        *(_prop(prop, figure) for prop in behind),
        Shape(_circle(figure.head, HEAD_RADIUS)),
        *(Shape(_outline(limb)) for limb in figure.limbs),
        *(_prop(prop, figure) for prop in before),
    )


def _prop(prop: Prop, figure: PosedBody) -> Shape:
    points = [_point(name, figure) for name in prop.at]
    match prop.kind:
        case "line" | "behind":
            return Shape("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), is_solid=False)
        case "arrow":
            return Shape(_arrow(points[0], points[-1]), is_solid=False)
        case "loop":
            return Shape(_outline(Limb("loop", points[0], points[1], prop.size, prop.size)), is_solid=False)
        case "box":
            (x, _), half = points[0], prop.size / 2
            return Shape(f"M{x - half:.1f} {FLOOR:g}v{-prop.height:g}h{prop.size:g}v{prop.height:g}")
        case _:
            middle = (
                sum(x for x, _ in points) / len(points),
                sum(y for _, y in points) / len(points),
            )
            return Shape(_circle(middle, prop.size), is_solid=prop.kind == "ball")


def _point(name: str, figure: PosedBody) -> Point:
    if "," in name:
        across, down = name.split(",")
        return float(across), float(down)
    joint, _, shift = name.partition("@")
    x, y = figure.joint(joint)
    across, _, down = shift.partition(":")
    return x + float(across or 0), y + float(down or 0)


def _circle(middle: Point, radius: float) -> str:
    x, y = middle
    half = f"a{radius:g} {radius:g} 0 1 0"
    return f"M{x - radius:.1f} {y:.1f}{half} {2 * radius:g} 0{half} {-2 * radius:g} 0Z"


def _arrow(start: Point, end: Point) -> str:
    back = math.atan2(start[1] - end[1], start[0] - end[0])
    barbs = [_on(end, 7.0, back + turn) for turn in (-0.5, 0.5)]
    corners = (start, end, barbs[0], end, barbs[1])
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners)


def _outline(limb: Limb) -> str:
    """The hull of the two circles at a limb's ends."""
    (ax, ay), (bx, by) = limb.start, limb.end
    along = math.atan2(by - ay, bx - ax)
    lean = math.acos((limb.start_radius - limb.end_radius) / limb.length) if limb.length else math.pi / 2
    corners = [
        _on(limb.start, limb.start_radius, along + lean),
        _on(limb.start, limb.start_radius, along - lean),
        _on(limb.end, limb.end_radius, along - lean),
        _on(limb.end, limb.end_radius, along + lean),
    ]
    (px, py), (qx, qy), (rx, ry), (sx, sy) = corners
    a, b = limb.start_radius, limb.end_radius
    return (
        f"M{px:.1f} {py:.1f}A{a:g} {a:g} 0 {int(lean < math.pi / 2)} 1 {qx:.1f} {qy:.1f}"
        f"L{rx:.1f} {ry:.1f}A{b:g} {b:g} 0 {int(lean > math.pi / 2)} 1 {sx:.1f} {sy:.1f}Z"
    )


def _on(middle: Point, radius: float, angle: float) -> Point:
    return middle[0] + radius * math.cos(angle), middle[1] + radius * math.sin(angle)


def extract(
    file: IO[bytes],
    _keywords: object,
    _comment_tags: object,
    options: Mapping[str, Any],  # noqa: ARG001 - Babel hands it over by its name
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Find what a drawing says instead of being seen, and what stands below its two positions."""
    text = file.read().decode()
    lines = text.splitlines()
    for name, exercise in tomllib.loads(text).items():
        at = lines.index(f"[{name}]") + 1
        yield from ((at, None, said, []) for said in (exercise["alt"], *exercise.get("captions", ())))
