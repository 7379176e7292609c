"""The coming two weeks as a ladder of longest runs: one step, held a week, with rest days in between."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from alerts.care.pain.advice_gate import AdviceGate, speak
from alerts.care.pain.pain_scale import Verdict
from alerts.care.plan.running_habits import Habit, Walked, habit_of
from alerts.detectors.single_run import SingleRunSpike
from alerts.journal.entries import PlannedRun
from alerts.text.i18n import gettext
from alerts.text.units import METRIC, Units, distance, distance_within, percent
from ingest.training_days.table import TrainingDays

LADDER_DAYS = 14
SEASON_DAYS = 84

EASY_SHARES = (1.0, 0.8, 0.6, 0.4, 0.0)
"""Easy runs are shortened until no two weeks hold a tenth more than the most of the last twelve."""
MOST_RATIO = 1.1

Kind = Literal["rest", "easy", "long"]


@dataclass(frozen=True, slots=True)
class PlanDay:
    """One of the coming days: what it is for, and how far it may go at most.

    ``longest_m`` is the longest run of the 30 days before that day if the ladder is followed to its limit.
    ``planned`` is what the runner planned for it.
    """

    day: date
    kind: Kind
    up_to_m: float | None
    longest_m: float | None
    sentence: str
    planned: PlannedRun | None = None


@dataclass(frozen=True, slots=True)
class LongRunPlan:
    """The coming days, or why there is no ladder."""

    days: tuple[PlanDay, ...] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    """Whether the ladder may rise, which days stay free, how much two weeks may hold, and the units."""

    units: Units
    is_allowed: bool
    quiet_until: date = date.min
    most_m: float = math.inf


def build_long_run_plan(  # noqa: PLR0913 - a history, its rule, and what weighs on a day; all by keyword
    days: TrainingDays,
    rule: SingleRunSpike,
    *,
    gate: AdviceGate,
    holds: bool = False,
    quiet_until: date = date.min,
    planned: Sequence[PlannedRun] = (),
    units: Units = METRIC,
) -> LongRunPlan:
    """Lay out the longest runs of the coming two weeks that keep the single-run rule quiet.

    Parameters
    ----------
    days : TrainingDays
        The history; its last day is today.
    rule : SingleRunSpike
        Gives window and ratio. Each limit rests on the 30 days before its own day, as they will be.
    holds : bool
        Whether a long run of the last days asks to stay at its length; then the ladder has no step.
    quiet_until : date
        The last day that an open finding asks to leave free of running.
    planned : sequence of PlannedRun
        What the runner plans; shown beside its day, never a reason to go further.

    Returns
    -------
    Ladder
        One step of at most a tenth in the first week, held in the second. Running days are no more than in
        the last four weeks, the day after a long run is free. Empty where there is too little to build on,
        and while pain or a red flag forbids it.

    References
    ----------
    .. [1] Frandsen et al., Br J Sports Med 59(17), 1203-1210, 2025: a tenth is where a group of that study
       begins, not a line shown to be safe.
    """
    return speak(
        gate.silence,
        lambda: _climb(
            days, rule, gate=gate, holds=holds, quiet_until=quiet_until, planned=planned, units=units
        ),
        instead=lambda silence: LongRunPlan(sentence=silence.act),
    )


def _climb(  # noqa: PLR0913 - as above
    days: TrainingDays,
    rule: SingleRunSpike,
    *,
    gate: AdviceGate,
    holds: bool,
    quiet_until: date,
    planned: Sequence[PlannedRun],
    units: Units,
) -> LongRunPlan:
    if not gate.may_run:
        return LongRunPlan(sentence=gate.pain.act)
    today = days.today
    longest = rule.longest_before(days.runs, today) if today else None
    if today is None or longest is None or not longest.is_enough:
        return LongRunPlan(sentence=gettext("Not enough runs in the last 30 days to build a plan."))
    ran = _distances(days)
    step = _Step(units, not holds and gate.pain.verdict is Verdict.GO, quiet_until)
    first = today + timedelta(days=int(days.run_count[-1] > 0))
    to_come = {run.day: run for run in reversed(planned)}
    step = dataclasses.replace(step, most_m=MOST_RATIO * _most_in_two_weeks(ran, first))
    habit = habit_of(ran, first)
    for share in EASY_SHARES:
        eased = dataclasses.replace(habit, easy_m=share * habit.easy_m)
        plan_days = tuple(_days(ran, rule, first, eased, step))
        if max(_sum_to([*ran, *_followed(plan_days)], plan_day.day) for plan_day in plan_days) < step.most_m:
            break
    return LongRunPlan(
        tuple(dataclasses.replace(plan_day, planned=to_come.get(plan_day.day)) for plan_day in plan_days),
        _about(step),
    )


def _about(step: _Step) -> str:
    if not step.is_allowed:
        return gettext("Long runs stay at the same length for these two weeks.")
    return gettext(
        "One step of at most 10\xa0%, then a week at that length. 10\xa0% is where one study’s next "
        "group of runs begins; it isn’t a guarantee."
    )


def _distances(days: TrainingDays) -> Walked:
    """Runs that count for mileage, in order of their day."""
    runs = days.runs.take(days.runs.counts_distance & (days.runs.distance_m > 0))
    return sorted(zip((day.astype(date) for day in runs.day), runs.distance_m.tolist(), strict=True))


def _days(ran: Walked, rule: SingleRunSpike, first: date, habit: Habit, step: _Step) -> Iterator[PlanDay]:
    walked = list(ran)
    may_step = step.is_allowed
    for day in (first + timedelta(days=offset) for offset in range(LADDER_DAYS)):
        longest_m = _longest(walked, day, rule.window_days)
        if day <= step.quiet_until:
            plan_day = PlanDay(day, "rest", None, longest_m, gettext("No running."))
        elif day.weekday() == habit.long_weekday:
            plan_day = _long(day, longest_m, rule.notice_ratio if may_step else 1.0, step.units)
            may_step = False
        elif day.weekday() in habit.easy_weekdays and habit.easy_m and _has_room(walked, day, habit, step):
            up_to_m = min(habit.easy_m, longest_m)
            easy = gettext("Easy, up to {most}.", most=distance_within(up_to_m, step.units))
            plan_day = PlanDay(day, "easy", up_to_m, longest_m, easy)
        else:
            plan_day = PlanDay(day, "rest", None, longest_m, gettext("No running."))
        walked.append((day, plan_day.up_to_m or 0.0))
        yield plan_day


def _has_room(walked: Walked, day: date, habit: Habit, step: _Step) -> bool:
    """Whether an easy run on that day leaves the two weeks below what they may hold."""
    return _sum_to(walked, day) + habit.easy_m < step.most_m


def _followed(plan_days: Iterable[PlanDay]) -> Walked:
    return [(plan_day.day, plan_day.up_to_m) for plan_day in plan_days if plan_day.up_to_m]


def _most_in_two_weeks(ran: Walked, first: date) -> float:
    """The most that any two weeks of the last twelve held. [m]"""
    ends = (first - timedelta(days=days) for days in range(1, SEASON_DAYS))
    return max(_sum_to(ran, end) for end in ends)


def _sum_to(walked: Walked, last: date) -> float:
    first = last - timedelta(days=LADDER_DAYS - 1)
    return sum(metres for on, metres in walked if first <= on <= last)


def _long(day: date, longest_m: float, ratio: float, units: Units) -> PlanDay:
    limit = distance_within(ratio * longest_m, units)
    said = gettext("Long, up to {limit}: no longer than your longest run of the 30 days before.", limit=limit)
    if ratio > 1:
        longest = distance(longest_m, units)
        said = gettext(
            "Long, up to {limit}: {percent} above your longest run of the 30 days before ({longest}).",
            limit=limit,
            percent=percent(ratio - 1),
            longest=longest,
        )
    return PlanDay(day, "long", ratio * longest_m, longest_m, said)


def _longest(walked: Walked, day: date, window_days: int) -> float:
    since = day - timedelta(days=window_days)
    return max((metres for on, metres in walked if since <= on < day), default=0.0)
