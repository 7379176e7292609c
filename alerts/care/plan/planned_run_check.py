"""A planned run or race, looked at before it is run: the only moment at which it can be changed."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alerts.alert.alert import Level
from alerts.care.pain.advice_gate import AdviceGate, ReturnAdvice, unless_red_flag
from alerts.care.plan.running_advice import PLAN_DAYS, TAPER_DAYS, AllowedRunning, Circumstances, allowed_on
from alerts.detectors.single_run import SingleRunSpike
from alerts.evaluation.race_recovery import Race
from alerts.journal.entries import PlannedRun, RunKind
from alerts.text.i18n import gettext, gettext_noop, ngettext
from alerts.text.units import Units, distance, distance_within, number, percent, short_date

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


def check(  # noqa: PLR0913 - a plan, what decides, its rule, and how it is told
    planned: PlannedRun,
    about: Circumstances | None,
    rule: SingleRunSpike,
    *,
    gate: AdviceGate,
    back: ReturnAdvice | None = None,
    before: Sequence[PlannedRun] = (),
) -> PlanCheck:
    """Compare a planned run with what its day allows.

    Parameters
    ----------
    planned : PlannedRun
        Today's or a later one's.
    about : Circumstances or None
        The history up to today and all else that decides; None where there is no history.
    rule : SingleRunSpike
        Its ratios give the level of a run beyond what is allowed.
    back : ReturnAdvice or None
        The next step of a return to running; it stands in for every distance.
    before : sequence of PlannedRun
        Other plans; those before it are taken as run.

    Returns
    -------
    PlanCheck
        With the level of a run beyond what the day allows, and information within it. Where there is too
        little history to judge by, the level is None and the sentence says so.
    """
    way_back = gate.back or back
    said = way_back or gate.pain
    return unless_red_flag(
        gate.red_flag_lock,
        lambda: (
            _check(planned, about, rule, gate, before)
            if gate.may_run and way_back is None
            else _unspoken(planned, said.sentence, said.act)
        ),
        instead=lambda lock: _unspoken(planned, lock.sentence, lock.act),
    )


def _unspoken(planned: PlannedRun, sentence: str, act: str) -> PlanCheck:
    return PlanCheck(planned, None, None, None, None, None, None, sentence, act)


def _check(
    planned: PlannedRun,
    about: Circumstances | None,
    rule: SingleRunSpike,
    gate: AdviceGate,
    before: Sequence[PlannedRun],
) -> PlanCheck:
    if about is None:
        return _no_measure(planned, rule)
    ahead = _ahead(planned, about, before)
    is_near = (planned.day - about.today).days <= PLAN_DAYS
    day = planned.day if is_near else about.today + timedelta(days=1)
    allowed, limit = allowed_on(ahead, day, gate=gate), ahead.history.limit_on(day)
    if limit.tolerated_m is None or limit.tolerated_day is None or limit.limit_m is None:
        if is_near and allowed.rest:
            return _unspoken(planned, allowed.why, allowed.headline)
        return _no_measure(planned, rule)
    ceiling_m = (allowed.most_m or 0.0) if is_near else limit.limit_m
    ratio = planned.distance_m / limit.tolerated_m
    steps = planned.distance_m / max(limit.limit_m / rule.notice_ratio, 1.0)
    weeks = max(0, math.ceil(math.log(steps) / math.log(rule.notice_ratio) - 1e-9)) if steps > 1 else 0
    check = PlanCheck(
        planned,
        _level(planned.distance_m, ceiling_m, limit.tolerated_m, rule),
        ratio,
        limit.tolerated_m,
        ceiling_m,
        weeks,
        _weeks_left(planned, about),
        _sentence(
            planned, ratio, limit.tolerated_m, limit.tolerated_day, today=about.today, units=about.units
        ),
        "",
    )
    if is_near and allowed.reason not in {"step", "too_little_history"} and check.level is not Level.INFO:
        return dataclasses.replace(
            check, sentence=f"{check.sentence} {allowed.why}", act=_asked(check, allowed)
        )
    return _with_act(check, about, rule)


def _no_measure(planned: PlannedRun, rule: SingleRunSpike) -> PlanCheck:
    return _unspoken(
        planned,
        gettext(
            "None of your runs so far is in the {window_days} days before {day}.",
            window_days=rule.window_days,
            day=short_date(planned.day),
        ),
        gettext("Check again closer to the day."),
    )


def _ahead(planned: PlannedRun, about: Circumstances, before: Sequence[PlannedRun]) -> Circumstances:
    """What decides on the planned day, with the plans before it taken as run."""
    coming = sorted(
        (one for one in before if about.today < one.day < planned.day), key=lambda one: (one.day, one.id)
    )
    if not coming:
        coming = _usual_runs_until(planned, about)
    history = about.history.copy()
    for one in coming:
        history.add(one.day, one.distance_m)
    races = [
        Race(one.day, one.distance_m, one.distance_m / about.easy_speed_mps, "declared")
        for one in coming
        if one.kind is RunKind.RACE
    ]
    return dataclasses.replace(
        about,
        history=history,
        runs=[*about.runs, *((one.day, one.distance_m) for one in coming)],
        races=[*about.races, *races],
        planned=[one for one in about.planned if one.day != planned.day],
    )


def _usual_runs_until(planned: PlannedRun, about: Circumstances) -> list[PlannedRun]:
    """Easy runs in place of the usual ones, where without them the days until the plan would be a break."""
    until_day, tomorrow = about.history.limit_on(planned.day), about.today + timedelta(days=1)
    if until_day.basis != "return" or about.history.limit_on(tomorrow).basis == "return":
        return []
    easy_m = min(about.habit.easy_m if about.habit else 0.0, until_day.limit_m or 0.0)
    days = {tomorrow, planned.day - timedelta(days=1)}
    return [PlannedRun(day, easy_m) for day in sorted(days) if tomorrow <= day < planned.day and easy_m > 0]


def _weeks_left(planned: PlannedRun, about: Circumstances) -> int:
    """Whole weeks for longer runs until the planned day; a race keeps its last ones free of steps."""
    days = (planned.day - about.today).days
    if planned.kind is RunKind.RACE:
        days -= next(taper for least_m, taper in TAPER_DAYS if planned.distance_m >= least_m)
    return max(0, days // 7)


def _level(distance_m: float, ceiling_m: float, longest_m: float, rule: SingleRunSpike) -> Level:
    """Information within what is allowed, else the level of the rule for one long run, at least a notice."""
    if distance_m <= ceiling_m:
        return Level.INFO
    if ceiling_m <= 0:
        return Level.CAUTION
    ratio = distance_m / min(longest_m, ceiling_m)
    return Level.HIGH if ratio > rule.high_ratio else Level(1 + (ratio > rule.caution_ratio))


def _asked(check: PlanCheck, allowed: AllowedRunning) -> str:
    """What to do where the day allows less than the usual step."""
    if check.planned.kind is RunKind.RACE:
        return gettext("{advice} Consider another date or a shorter race.", advice=allowed.headline)
    return allowed.headline


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


def _with_act(check: PlanCheck, about: Circumstances, rule: SingleRunSpike) -> PlanCheck:
    """Say what to do: go ahead, build up over the weeks that there are, shorten a run or move a race."""
    if not check.level or check.ceiling_m is None or check.weeks is None or check.longest_m is None:
        return dataclasses.replace(check, act=gettext("Run it as planned; it’s within your range."))
    most, left = distance_within(check.ceiling_m, about.units), check.weeks_left or 0
    if left >= check.weeks:
        act = ngettext(
            "Build up to it first: that takes {weeks} of 10\xa0% steps, and you have {left}.",
            "Build up to it first: that takes {weeks} of 10\xa0% steps, and you have {left}.",
            left,
            weeks=_count(check.weeks),
            left=_count(left),
        )
    elif check.planned.kind is RunKind.RACE:
        reached_m = check.longest_m * rule.notice_ratio**left
        act = gettext(
            "Steps of 10\xa0% a week reach {reached} by then and {distance} in {weeks}. Consider walk "
            "breaks, a "
            "shorter race or a later date.",
            reached=distance_within(reached_m, about.units),
            distance=distance(check.planned.distance_m, about.units),
            weeks=_count(check.weeks),
        )
    elif not left:
        act = gettext("Shorten it to {most}, or postpone it.", most=most)
    else:
        act = ngettext(
            "Shorten it to {most}, or build up to it first: that takes {weeks} of 10\xa0% steps, and you "
            "have {left}.",
            "Shorten it to {most}, or build up to it first: that takes {weeks} of 10\xa0% steps, and you "
            "have {left}.",
            left,
            most=most,
            weeks=_count(check.weeks),
            left=_count(left),
        )
    return dataclasses.replace(check, act=act)


def _count(weeks: int) -> str:
    return ngettext("{n}\xa0week", "{n}\xa0weeks", weeks)
