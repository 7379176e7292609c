"""A planned run or race, looked at before it is run: the only moment at which it can be changed."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alerts.alert.alert import Level
from alerts.care.pain.advice_gate import AdviceGate, speak
from alerts.care.pain.pain_scale import Verdict
from alerts.care.pain.pain_state import PainState
from alerts.care.pain.red_flag_lock import RedFlagLock
from alerts.detectors.single_run import SingleRunSpike
from alerts.journal.entries import PlannedRun, RunKind
from alerts.text.i18n import gettext, gettext_noop, ngettext
from alerts.text.units import METRIC, Units, distance, distance_within, number, percent, short_date, weekday
from ingest.training_days.table import TrainingDays

PLANS = {
    RunKind.RACE: gettext_noop("The race on {day}, {distance},"),
    RunKind.LONG: gettext_noop("The long run on {day}, {distance},"),
    RunKind.RUN: gettext_noop("The run on {day}, {distance},"),
}


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """What the single-run rule would say of a plan; finding-like, though nothing was run yet.

    ``ratio`` is the plan over the longest run that will count on its day, None where there is none.
    ``longest_m`` is that run and ``ceiling_m`` the distance up to which the rule stays quiet. ``weeks`` is
    how many weekly steps of a tenth lead there, ``weeks_left`` how many weeks there are. While nothing may be
    said of running all numbers are None.
    """

    planned: PlannedRun
    level: Level | None
    ratio: float | None
    longest_m: float | None
    ceiling_m: float | None
    weeks: int | None
    weeks_left: int | None
    sentence: str
    act: str


def check(  # noqa: PLR0913 - a plan, a history, its rule, and how it is told
    planned: PlannedRun,
    days: TrainingDays,
    rule: SingleRunSpike,
    *,
    gate: AdviceGate,
    before: Sequence[PlannedRun] = (),
    quiet_until: date = date.min,
    holds: bool = False,
    units: Units = METRIC,
) -> PlanCheck:
    """Compare a planned run with the longest that will lie in the 30 days before it.

    Parameters
    ----------
    planned : PlannedRun
        Today's or a later one's.
    days : TrainingDays
        The history up to today. A run counts if it will still be in the window on the planned day.
    before : sequence of PlannedRun
        Other plans; those before it are taken as run.
    quiet_until : date
        The last day that an open finding asks to leave free of running.
    holds : bool
        Whether a long run of the last days asks to stay at its length.

    Returns
    -------
    PlanCheck
        With the level that the rule would give if distances had no error, raised where other advice stands
        against the run. Where the window holds too little to judge by, the level is None and the sentence
        says so.
    """
    said = gate.back or gate.pain  # on the way back its next step stands in for every distance
    return speak(
        gate.silence,
        lambda: (
            _heeding(_check(planned, days, rule, before, units), gate.pain, quiet_until, units, holds=holds)
            if gate.may_run and gate.back is None
            else _unspoken(planned, said.sentence, said.act)
        ),
        instead=lambda silence: _silenced(planned, silence),
    )


def _silenced(planned: PlannedRun, silence: RedFlagLock) -> PlanCheck:
    return _unspoken(planned, silence.sentence, silence.act)


def _unspoken(planned: PlannedRun, sentence: str, act: str) -> PlanCheck:
    return PlanCheck(planned, None, None, None, None, None, None, sentence, act)


def _check(
    planned: PlannedRun, days: TrainingDays, rule: SingleRunSpike, before: Sequence[PlannedRun], units: Units
) -> PlanCheck:
    today = days.today
    window = _window(planned, days, rule, before)
    if today is None or not window:
        return _unspoken(
            planned,
            gettext(
                "None of your runs so far is in the {window_days} days before {day}.",
                window_days=rule.window_days,
                day=short_date(planned.day),
            ),
            gettext("Check again closer to the day."),
        )
    longest_day, longest_m = max(window, key=lambda one: one[1])
    ceiling_m = max(rule.notice_ratio * longest_m, longest_m + rule.minimum_excess_m)
    ratio = planned.distance_m / longest_m
    weeks = max(0, math.ceil(math.log(ratio) / math.log(rule.notice_ratio) - 1e-9)) if ratio > 1 else 0
    check = PlanCheck(
        planned,
        _level(planned.distance_m, longest_m, rule),
        ratio,
        longest_m,
        ceiling_m,
        weeks,
        max(0, (planned.day - today).days // 7),
        _sentence(planned, ratio, longest_m, longest_day, today=today, units=units),
        "",
    )
    return _with_act(check, units)


def _heeding(found: PlanCheck, pain: PainState, quiet_until: date, units: Units, *, holds: bool) -> PlanCheck:
    """What the rule says, unless something said elsewhere today stands against the run."""
    if found.planned.day <= quiet_until:
        rest = gettext(
            "Run it later; an open alert asks you to rest until {weekday}.",
            weekday=weekday(quiet_until),
        )
        return dataclasses.replace(found, level=max(found.level or Level.INFO, Level.CAUTION), act=rest)
    if found.level is not Level.INFO or found.ratio is None or found.longest_m is None:
        return found
    if pain.verdict is Verdict.HOLD:
        return dataclasses.replace(found, level=Level.NOTICE, act=pain.act)
    if holds and found.ratio > 1:
        most = distance_within(found.longest_m, units)
        stay = gettext("Stay within {most} for two long runs before you go further.", most=most)
        return dataclasses.replace(found, level=Level.NOTICE, act=stay)
    return found


def _window(
    planned: PlannedRun, days: TrainingDays, rule: SingleRunSpike, before: Sequence[PlannedRun]
) -> list[tuple[date, float]]:
    """What will lie in the window on the planned day: runs so far, and plans before it."""
    runs = days.runs.take(days.runs.counts_distance & (days.runs.distance_m > 0))
    ran = zip((day.astype(date) for day in runs.day), runs.distance_m.tolist(), strict=True)
    to_come = ((one.day, one.distance_m) for one in before if days.today is None or one.day > days.today)
    since = planned.day - timedelta(days=rule.window_days)
    return [(day, metres) for day, metres in (*ran, *to_come) if since <= day < planned.day]


def _level(distance_m: float, longest_m: float, rule: SingleRunSpike) -> Level:
    """The level that the rule would give if distances had no error, as a plan has none; info where quiet."""
    ratio = distance_m / longest_m
    if ratio <= rule.notice_ratio or distance_m - longest_m < rule.minimum_excess_m:
        return Level.INFO
    return Level.HIGH if ratio > rule.high_ratio else Level(1 + (ratio > rule.caution_ratio))


def _sentence(  # noqa: PLR0913 - what a sentence is made of
    planned: PlannedRun, ratio: float, longest_m: float, longest_day: date, *, today: date, units: Units
) -> str:
    plan = gettext(
        PLANS[planned.kind],
        day=short_date(planned.day, today=today),
        distance=distance(planned.distance_m, units),
    )
    longest = gettext(
        "the longest run of the 30 days before it ({distance}, {day})",
        distance=distance(longest_m, units),
        day=short_date(longest_day, today=today),
    )
    if ratio > 2:
        much = number(ratio, ".1f")
        return gettext(
            "{plan} is {ratio} times as long as {longest}.", plan=plan, ratio=much, longest=longest
        )
    if not round(100 * (ratio - 1)):
        return gettext("{plan} is as long as {longest}.", plan=plan, longest=longest)
    amount = percent(ratio - 1)
    if ratio > 1:
        return gettext("{plan} is {amount} longer than {longest}.", plan=plan, amount=amount, longest=longest)
    return gettext("{plan} is {amount} shorter than {longest}.", plan=plan, amount=amount, longest=longest)


def _with_act(check: PlanCheck, units: Units) -> PlanCheck:
    """Say what to do: go ahead, shorten, or build up over the weeks that there are."""
    if not check.level or check.ceiling_m is None or check.weeks is None:
        return dataclasses.replace(check, act=gettext("Run it as planned; it’s within your range."))
    most, left = distance_within(check.ceiling_m, units), check.weeks_left or 0
    if not left:
        act = gettext("Shorten it to {most}, or postpone it.", most=most)
    elif left < check.weeks:
        act = ngettext(
            (
                "Shorten it to {most}, or build up to it first: that takes {weeks} of 10\xa0% steps, and "
                "you have {left}."
            ),
            (
                "Shorten it to {most}, or build up to it first: that takes {weeks} of 10\xa0% steps, and "
                "you have {left}."
            ),
            left,
            most=most,
            weeks=_count(check.weeks),
            left=_count(left),
        )
    else:
        act = ngettext(
            "Build up to it first: that takes {weeks} of 10\xa0% steps, and you have {left}.",
            "Build up to it first: that takes {weeks} of 10\xa0% steps, and you have {left}.",
            left,
            weeks=_count(check.weeks),
            left=_count(left),
        )
    return dataclasses.replace(check, act=act)


def _count(weeks: int) -> str:
    return ngettext("{n}\xa0week", "{n}\xa0weeks", weeks)
