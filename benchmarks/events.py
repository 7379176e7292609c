"""What is done to a made-up runner on a known day: jumps, ramps and shifts of known size."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from runner_table import ROAD, RunnerYears
from runner_years import SCORED_DAYS, WARM_UP_DAYS

from ingest.recording import Column

Change = Callable[[RunnerYears, int], RunnerYears]

ROOM_DAYS = 36
"""Every window after an event lies within the days looked at. [days]"""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a rule should notice, and within which time.

    ``target`` is the least share to be noticed, where the specification names one.
    """

    kind: str
    name: str
    window_days: int
    change: Change
    target: float | None = None


def event_day(runner: RunnerYears, event: Event) -> int | None:
    """A day with a run on the road on which life was ordinary; None where there is none."""
    ran = np.unique(runner.day[runner.surface == ROAD])
    is_fit = (ran >= WARM_UP_DAYS) & (ran < WARM_UP_DAYS + SCORED_DAYS - ROOM_DAYS)
    fit = ran[is_fit & runner.is_ordinary[ran]]
    chance = np.random.default_rng((*runner.identity, zlib.crc32(event.name.encode())))
    return int(chance.choice(fit)) if len(fit) else None


def long_run(factor: float) -> Change:
    """One run so many times the longest recorded of the 30 days before."""

    def change(runner: RunnerYears, on: int) -> RunnerYears:
        before = (runner.day >= on - 30) & (runner.day < on)
        if not before.any():
            return runner
        distance_m = runner.distance_m.copy()
        distance_m[np.searchsorted(runner.day, on)] = factor * distance_m[before].max()
        return runner.with_runs(distance_m=distance_m)

    return change


def growing_weeks(per_week: float) -> Change:
    """All runs longer by so much more every week for four weeks, then as in the fourth."""
    return _scaled("distance_m", lambda after: (1 + per_week) ** (np.clip(after // 7, 0, 3) + 1.0))


def more_volume(factor: float) -> Change:
    """All runs so many times as long from a day on."""
    return _scaled("distance_m", lambda after: np.full(len(after), factor))


def more_intensity(factor: float) -> Change:
    """So many times the hard minutes for two weeks."""
    return _scaled("hard_min", lambda after: np.where(after < 14, factor, 1.0))


def other_cadence(percent: float) -> Change:
    """Another cadence from a day on, one runner's lower, the next one's higher."""

    def change(runner: RunnerYears, on: int) -> RunnerYears:
        sign = 1 if on % 2 else -1
        return _scaled("cadence_spm", lambda after: np.full(len(after), 1 + sign * percent / 100))(runner, on)

    return change


def hard_session(minutes: float, distance_m: float = 7_000.0) -> Change:
    """One further session of so many hard minutes every week."""

    def change(runner: RunnerYears, on: int) -> RunnerYears:
        for day in range(on, min(on + 28, runner.length_days), 7):
            runner = runner.with_run(day=day, hard_min=minutes, distance_m=distance_m, surface=ROAD)
        return runner

    return change


def _scaled(column: str, factor: Callable[[Column], Column]) -> Change:
    """Multiply a column from a day on by what a function of the days since says."""

    def change(runner: RunnerYears, on: int) -> RunnerYears:
        after = (runner.day - on).astype(np.float64)
        return runner.with_runs(
            **{column: getattr(runner, column) * np.where(after >= 0, factor(after), 1.0)}
        )

    return change


EVENTS: Sequence[Event] = (
    *(Event("single_run_spike", f"run × {x:g}", 1, long_run(x), 0.95) for x in (1.15, 1.2, 1.5, 2.1)),
    *(
        Event("two_week_ramp", f"+{x:.0%} a week for 4 weeks", 35, growing_weeks(x))
        for x in (0.1, 0.15, 0.25)
    ),
    Event("two_week_ramp", "volume × 1.3", 35, more_volume(1.3)),
    Event("two_week_ramp", "volume × 1.5", 35, more_volume(1.5), 0.75),
    Event("two_week_ramp", "volume × 2", 35, more_volume(2.0)),
    *(Event("hard_minutes_spike", f"hard minutes × {x:g}", 16, more_intensity(x)) for x in (1.5, 2.0, 3.0)),
    Event("hard_minutes_spike", "one more hard session a week", 16, hard_session(25.0), 0.80),
    Event("cadence_shift", "cadence off by 2 %", 28, other_cadence(2.0)),
    Event("cadence_shift", "cadence off by 3 %", 28, other_cadence(3.0), 0.75),
    Event("cadence_shift", "cadence off by 4 %", 28, other_cadence(4.0), 0.85),
    Event("cadence_shift", "cadence off by 5 %", 28, other_cadence(5.0)),
)
