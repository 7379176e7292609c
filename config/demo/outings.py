"""What the made-up runner can be asked to do: paces, steps, and the outings that are made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import TypeAlias

from ingest.formats.recording import Device


@dataclass(frozen=True, slots=True)
class Pace:
    """A way of moving: its speed in the middle of the story, and the heart rate that it settles at."""

    speed_mps: float
    heart_rate_bpm: float


JOG = Pace(2.60, 134)
EASY = Pace(2.82, 140)
STEADY = Pace(2.78, 141)
FLOAT = Pace(2.30, 146)
STRIDE = Pace(4.40, 152)
TEMPO = Pace(3.40, 167)
RACE = Pace(3.52, 182)
REPEAT = Pace(3.75, 182)
WALK = Pace(1.45, 98)
RIDE = Pace(6.80, 126)


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch at one pace."""

    pace: Pace
    length_m: float

    def __post_init__(self) -> None:
        if self.length_m <= 0:
            raise ValueError(f"a step leads forward, not {self.length_m} m")


PlannedSteps: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """One outing of the plan: when, what, with which watch, in which shape.

    ``at`` is local time. ``fitness`` multiplies the speed of each pace, ``cadence_factor`` the cadence that
    belongs to the speed. ``chance`` seeds everything about the outing that is left to chance.
    """

    day: date
    at: time
    purpose: str
    sport: str
    steps: PlannedSteps
    device: Device
    chance: tuple[int, ...]
    fitness: float = 1.0
    cadence_factor: float = 1.0

    @property
    def length_m(self) -> float:
        """How far the outing leads. [m]"""
        return length_m(self.steps)

    @property
    def is_run(self) -> bool:
        """Whether this counts as running."""
        return self.sport == "running"


def length_m(steps: Iterable[Step]) -> float:
    """How far the steps lead together. [m]"""
    return sum(step.length_m for step in steps)


def easy(total_m: float) -> PlannedSteps:
    """Run easily throughout."""
    return (Step(JOG, 800.0), Step(EASY, total_m - 1_300.0), Step(JOG, 500.0))


def with_strides(total_m: float) -> PlannedSteps:
    """Run easily, then four relaxed accelerations of about twenty seconds, then home."""
    strides = 4 * (Step(STRIDE, 90.0), Step(JOG, 130.0))
    return (Step(JOG, 800.0), Step(EASY, total_m - 1_300.0 - length_m(strides)), *strides, Step(JOG, 500.0))


def steady(total_m: float) -> PlannedSteps:
    """Run long at one pace."""
    return (Step(JOG, 1_000.0), Step(STEADY, total_m - 1_500.0), Step(JOG, 500.0))


def repeats(count: int, minutes: float) -> PlannedSteps:
    """Run fast ``count`` times for some minutes, with two minutes of jogging between."""
    on, off = Step(REPEAT, 60 * minutes * REPEAT.speed_mps), Step(FLOAT, 120 * FLOAT.speed_mps)
    return _framed((*(count - 1) * (on, off), on))


def tempo(minutes: float) -> PlannedSteps:
    """Run at the pace that could be held for an hour."""
    return _framed((Step(TEMPO, 60 * minutes * TEMPO.speed_mps),))


def race() -> PlannedSteps:
    """Race ten kilometres, warmed up and jogged home."""
    return _framed((Step(RACE, 10_000.0),))


def _framed(middle: PlannedSteps) -> PlannedSteps:
    return (Step(JOG, 2_000.0), *middle, Step(JOG, 1_400.0))
