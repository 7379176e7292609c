"""What is done to a made-up runner on a known day: jumps, ramps and shifts of known size."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from runner_form import HARD_MIN
from runner_table import ROAD, RunnerYears
from runner_years import SCORED_DAYS, WARM_UP_DAYS

from ingest.formats.recording import Column

Change = Callable[[RunnerYears, int], RunnerYears]

ROOM_DAYS = 36
"""Every window after an event lies within the days looked at; some need more. [days]"""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a rule should notice, and within which time.

    ``target`` is the least share to be noticed, where the specification names one. What there is to notice
    begins ``after_days`` after the day of the event, as a return does after a break.
    """

    kind: str
    name: str
    window_days: int
    change: Change
    target: float | None = None
    after_days: int = 0

    @property
    def room_days(self) -> int:
        """Days that must follow it within those looked at. [days]"""
        return max(ROOM_DAYS, self.after_days + self.window_days)


def event_day(runner: RunnerYears, event: Event) -> int | None:
    """A day with a run on the road on which life was ordinary; None where there is none."""
    ran = np.unique(runner.day[runner.surface == ROAD])
    is_fit = (ran >= WARM_UP_DAYS) & (ran < WARM_UP_DAYS + SCORED_DAYS - event.room_days)
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


def no_warm_ups() -> Change:
    """Every hard session is hard from the start."""

    def change(runner: RunnerYears, on: int) -> RunnerYears:
        is_hard = (runner.day >= on) & (runner.hard_min > HARD_MIN)
        return runner.with_runs(begins_hard=np.where(is_hard, 1.0, runner.begins_hard))

    return change


def moved(column: str, by: float) -> Change:
    """A column is so much higher from a day on."""

    def change(runner: RunnerYears, on: int) -> RunnerYears:
        values: Column = getattr(runner, column)
        return runner.with_runs(**{column: values + by * (runner.day >= on)})

    return change


def steep_run(factor: float) -> Change:
    """One run that goes down so many times the most of the six weeks before."""

    def change(runner: RunnerYears, on: int) -> RunnerYears:
        before = (runner.day >= on - 42) & (runner.day < on)
        descent_m = runner.descent_m.copy()
        descent_m[np.searchsorted(runner.day, on)] = factor * descent_m[before].max(initial=0.0)
        return runner.with_runs(descent_m=descent_m)

    return change


def hard_days(days: int, minutes: float, distance_m: float = 8_000.0) -> Change:
    """A session of so many hard minutes on each of some days in a row."""

    def change(runner: RunnerYears, on: int) -> RunnerYears:
        for day in range(on, on + days):
            runner = runner.with_run(day=day, hard_min=minutes, distance_m=distance_m, surface=ROAD)
        return runner

    return change


def daily_runs(days: int) -> Change:
    """An easy run on each day that had none."""

    def change(runner: RunnerYears, on: int) -> RunnerYears:
        usual_m = float(np.median(runner.distance_m[(runner.day >= on - 28) & (runner.day < on)]))
        for day in set(range(on, on + days)) - set(runner.day.tolist()):
            runner = runner.with_run(day=day, hard_min=0.0, distance_m=usual_m, surface=ROAD)
        return runner

    return change


def equal_days(days: int) -> Change:
    """One run of the same length on each of some days."""

    def change(runner: RunnerYears, on: int) -> RunnerYears:
        usual_m = float(runner.distance_m[(runner.day >= on - 28) & (runner.day < on)].mean())
        span = (runner.day >= on) & (runner.day < on + days)
        once = np.unique(runner.day[span], return_index=True)[1] + np.flatnonzero(runner.day >= on)[0]
        distance_m = np.where(span, 0.0, runner.distance_m)
        distance_m[once] = usual_m
        return daily_runs(days)(runner.with_runs(distance_m=distance_m), on)

    return change


def no_day_off_after(factor: float) -> Change:
    """One run so many times the longest, and another run the morning after it."""

    def change(runner: RunnerYears, on: int) -> RunnerYears:
        return long_run(factor)(runner, on).with_run(
            day=on + 1, hard_min=0.0, distance_m=5_000.0, surface=ROAD
        )

    return change


def days_off(days: int) -> Change:
    """No run for so many days."""

    def change(runner: RunnerYears, on: int) -> RunnerYears:
        return runner.without((runner.day >= on) & (runner.day < on + days))

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
    Event("no_rest", "running on each of 16 days", 16, daily_runs(16)),
    Event("no_rest", "the same length on each of 8 days", 8, equal_days(8)),
    Event("no_rest", "a run the day after one × 1.5", 1, no_day_off_after(1.5), after_days=1),
    *(
        Event("balance_drift", f"balance off by {x:g} points", 35, moved("balance_percent", x))
        for x in (2.0, 3.0)
    ),
    Event("no_warm_up", "no more warm-ups", 35, no_warm_ups()),
    *(Event("form_fade", f"steps fade by {x:g} % more", 42, moved("fade_percent", -x)) for x in (3.0, 5.0)),
    *(Event("descent_spike", f"descent × {x:g}", 1, steep_run(x)) for x in (2.0, 3.0)),
    Event("hard_after_hard", "30 hard minutes on two days in a row", 1, hard_days(2, 30.0), after_days=1),
    *(
        Event("return_after_break", f"{days} days off", 10, days_off(days), after_days=days)
        for days in (21, 28)
    ),
    Event("sync_gap", "no more files", 21, days_off(366)),
)
