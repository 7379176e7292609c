"""The drawings of the exercises: every one has a start and an end, and no limb changes its length."""

from __future__ import annotations

import math
import re

import pytest

from alerts.care.catalogue.loading import load_care
from web.poses.body import FOOT, FOREARM, SHIN, THIGH, TRUNK, UPPER_ARM, Pose, PosedBody, pose_body
from web.poses.drawing import FLOOR, FRAME_HEIGHT, FRAME_WIDTH, drawing_of, exercises

NO_MOVEMENT = re.compile(r"LOAD-|PRO-(SOON|URGENT)|PAIN-MON|ICE|SHOE|FUEL|ITB-PLAN|CAD-CHECK|PROG-HIPCORE")
"""Decisions, habits and people, with no movement to draw, and what is made of entries that have one."""

MOVEMENTS = [name for name in load_care().routines if not NO_MOVEMENT.match(name)]
LENGTHS = {
    "trunk": TRUNK,
    "thigh": THIGH,
    "shin": SHIN,
    "foot": FOOT,
    "upper_arm": UPPER_ARM,
    "forearm": FOREARM,
}


def figures(name: str) -> list[PosedBody]:
    exercise = exercises()[name]
    return [
        pose_body(pose, exercise.view, middle=FRAME_WIDTH / 2, floor=FLOOR)
        for pose in (exercise.start, exercise.end)
    ]


def test_exactly_the_movements_of_the_catalogue_are_drawn() -> None:
    assert sorted(exercises()) == sorted(MOVEMENTS)


@pytest.mark.parametrize("name", MOVEMENTS)
def test_limbs_keep_their_lengths(name: str) -> None:
    found = {(limb.name, round(limb.length, 6)) for figure in figures(name) for limb in figure.limbs}

    assert {(name, LENGTHS[name.removeprefix("near_").removeprefix("far_")]) for name, _ in found} == found


@pytest.mark.parametrize("name", MOVEMENTS)
def test_start_and_end_differ_or_an_arrow_shows_the_effort(name: str) -> None:
    exercise = exercises()[name]

    assert exercise.start != exercise.end or exercise.end_props


@pytest.mark.parametrize("name", MOVEMENTS)
def test_the_movement_is_told_in_words(name: str) -> None:
    assert re.fullmatch(r"[A-Z].{40,250}\.", exercises()[name].alt)


@pytest.mark.parametrize("name", MOVEMENTS)
def test_nothing_of_the_body_leaves_its_frame(name: str) -> None:
    outside = [
        limb.name
        for figure in figures(name)
        for limb in figure.limbs
        if limb.sides[0] < 0 or limb.sides[1] > FRAME_WIDTH or limb.lowest > FRAME_HEIGHT
    ]

    assert outside == []
    assert all(figure.top > 0 for figure in figures(name))


@pytest.mark.parametrize("name", MOVEMENTS)
def test_nobody_sinks_into_the_floor(name: str) -> None:
    depth = max(limb.lowest - FLOOR for figure in figures(name) for limb in figure.limbs)

    assert depth <= 4


def test_a_pose_without_anything_to_stand_on_lies_on_the_floor() -> None:
    pose = Pose(90, (270, 270, 0), (270, 270, 0), (270, 270), (270, 270))

    figure = pose_body(pose, "side", middle=100, floor=150)

    assert max(limb.lowest for limb in figure.limbs) == pytest.approx(150)


def test_a_thigh_points_where_its_angle_says() -> None:
    pose = Pose(90, (0, 270, 0), (270, 270, 0), (270, 270), (270, 270))
    figure = pose_body(pose, "side", middle=100, floor=150)
    (hip_x, hip_y), (knee_x, knee_y) = figure.joint("pelvis"), figure.joint("near_knee")

    assert math.isclose(knee_x - hip_x, THIGH)
    assert math.isclose(knee_y, hip_y)


def test_what_has_no_movement_has_no_drawing() -> None:
    assert drawing_of("LOAD-48H") is None
