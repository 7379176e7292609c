"""A figure of rigid limbs: a pose is a set of angles, so no limb can change its length."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import msgspec

Point = tuple[float, float]
"""Across and down, in the drawing's own units; one unit is about one pixel."""

TRUNK, THIGH, SHIN, FOOT, UPPER_ARM, FOREARM, HEAD = 46.0, 39.0, 37.0, 11.0, 25.0, 25.0, 16.0
"""Lengths from joint to joint, in the proportions of an adult; the head from the neck to its middle."""

HEAD_RADIUS = 9.5


class Pose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where each part points, in degrees: 0 to the right, 90 up.

    Legs are thigh, shin, foot; arms are upper arm, forearm. ``tilt`` turns the pelvis of a figure seen from
    the front. ``rest`` names the part that stands on something ``lift`` above the floor; without one the
    lowest part lies on the floor. ``x`` shifts the figure across.
    """

    trunk: float
    near_leg: tuple[float, float, float]
    far_leg: tuple[float, float, float]
    near_arm: tuple[float, float]
    far_arm: tuple[float, float]
    head: float | None = None
    tilt: float = 0.0
    rest: str | None = None
    lift: float = 0.0
    x: float = 0.0


class Width(msgspec.Struct, frozen=True):
    """How far hips and shoulders stand to both sides of the middle."""

    hip: float
    shoulder: float


WIDTHS: Mapping[str, Width] = MappingProxyType(
    {"side": Width(0.0, 0.0), "front": Width(7.0, 12.0), "above": Width(7.0, 12.0)}
)
"""How a figure is seen: from the side, from the front, or lying or sitting from above."""


@dataclass(frozen=True, slots=True)
class Limb:
    """A tapered limb between two joints, with its radius at both."""

    name: str
    start: Point
    end: Point
    start_radius: float
    end_radius: float

    @property
    def length(self) -> float:
        """From joint to joint."""
        return math.dist(self.start, self.end)

    def moved(self, across: float, down: float) -> Limb:
        """The same limb elsewhere."""
        (ax, ay), (bx, by) = self.start, self.end
        return Limb(
            self.name,
            (ax + across, ay + down),
            (bx + across, by + down),
            self.start_radius,
            self.end_radius,
        )

    @property
    def lowest(self) -> float:
        """How far down it reaches."""
        return max(self.start[1] + self.start_radius, self.end[1] + self.end_radius)

    @property
    def sides(self) -> tuple[float, float]:
        """How far it reaches to the left and to the right."""
        return (
            min(self.start[0] - self.start_radius, self.end[0] - self.end_radius),
            max(self.start[0] + self.start_radius, self.end[0] + self.end_radius),
        )


@dataclass(frozen=True, slots=True)
class PosedBody:
    """A body in a frame: its limbs in the order of drawing, and the middle of its head."""

    limbs: tuple[Limb, ...]
    head: Point

    def joint(self, name: str) -> Point:
        """Where a joint is: "near_knee", "far_ankle", "near_hand", "pelvis", "neck"."""
        if name == "pelvis":
            return self._limb("trunk").start
        if name == "neck":
            return self._limb("trunk").end
        side, _, part = name.partition("_")
        limb = self._limb(f"{side}_{_LIMB_ENDING_AT[part]}")
        return limb.end

    @property
    def top(self) -> float:
        """How far up the body reaches."""
        return min(self.head[1] - HEAD_RADIUS, *(min(limb.start[1], limb.end[1]) - 9 for limb in self.limbs))

    def _limb(self, name: str) -> Limb:
        return next(limb for limb in self.limbs if limb.name == name)


_LIMB_ENDING_AT = {"knee": "thigh", "ankle": "shin", "toes": "foot", "elbow": "upper_arm", "hand": "forearm"}


def pose_body(pose: Pose, view: str, *, middle: float, floor: float) -> PosedBody:
    """Put a body into a pose, on the floor and in the middle of its frame."""
    limbs, head = _limbs(pose, WIDTHS[view])
    lowest = max(limb.lowest for limb in limbs)
    training_status = next((limb.lowest for limb in limbs if limb.name == pose.rest), lowest)
    sides = [side for limb in limbs for side in limb.sides] + [head[0] - HEAD_RADIUS, head[0] + HEAD_RADIUS]
    across = middle - (min(sides) + max(sides)) / 2 + pose.x
    down = floor - pose.lift - (training_status if pose.rest else max(lowest, head[1] + HEAD_RADIUS))
    return PosedBody(tuple(limb.moved(across, down) for limb in limbs), (head[0] + across, head[1] + down))


def _limbs(pose: Pose, width: Width) -> tuple[list[Limb], Point]:
    neck = _from((0.0, 0.0), pose.trunk, TRUNK)
    shoulders = _from((0.0, 0.0), pose.trunk, TRUNK - 5)
    side_on = width.hip == 0
    trunk = Limb("trunk", (0.0, 0.0), neck, 8.5 if side_on else 11.0, 7.0 if side_on else 9.0)
    head = _from(neck, pose.trunk if pose.head is None else pose.head, HEAD)
    hips = [_from((0.0, 0.0), pose.tilt + turn, width.hip) for turn in (0.0, 180.0)]
    tops = [_from(shoulders, pose.trunk + turn, width.shoulder) for turn in (-90.0, 90.0)]
    near_leg, near_arm = _leg("near", hips[0], pose.near_leg), _arm("near", tops[0], pose.near_arm)
    far_leg, far_arm = _leg("far", hips[1], pose.far_leg), _arm("far", tops[1], pose.far_arm)
    if side_on:
        return [*far_arm, *far_leg, trunk, *near_leg, *near_arm], head
    return [*far_leg, *near_leg, trunk, *far_arm, *near_arm], head


def _leg(side: str, hip: Point, angles: Sequence[float]) -> list[Limb]:
    knee = _from(hip, angles[0], THIGH)
    ankle = _from(knee, angles[1], SHIN)
    toes = _from(ankle, angles[2], FOOT)
    return [
        Limb(f"{side}_foot", ankle, toes, 4.0, 3.0),
        Limb(f"{side}_shin", knee, ankle, 5.5, 4.0),
        Limb(f"{side}_thigh", hip, knee, 8.0, 5.5),
    ]


def _arm(side: str, shoulder: Point, angles: Sequence[float]) -> list[Limb]:
    elbow = _from(shoulder, angles[0], UPPER_ARM)
    return [
        Limb(f"{side}_upper_arm", shoulder, elbow, 5.0, 4.0),
        Limb(f"{side}_forearm", elbow, _from(elbow, angles[1], FOREARM), 4.0, 3.0),
    ]


def _from(point: Point, angle_deg: float, length: float) -> Point:
    angle = math.radians(angle_deg)
    return point[0] + length * math.cos(angle), point[1] - length * math.sin(angle)
