"""The coming two weeks of running, day by day, as the advice allows them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alerts.care.pain.advice_gate import AdviceGate, ReturnAdvice
from alerts.care.plan.running_advice import PLAN_DAYS, AllowedRunning, Circumstances, advise
from alerts.care.plan.running_habits import Walked
from alerts.text.i18n import gettext

SEASON_DAYS = 84

EASY_SHARES = (1.0, 0.8, 0.6, 0.4, 0.0)
"""Easy runs are shortened until no two weeks hold a tenth more than the most of the last twelve."""
MOST_RATIO = 1.1

LEAST_RUNS = 3
LATELY_DAYS = 30
"""A plan needs so many runs in so many days to know how somebody runs. [days]"""


@dataclass(frozen=True, slots=True)
class LongRunPlan:
    """The coming days, or why there is no plan."""

    days: tuple[AllowedRunning, ...] = ()
    sentence: str = ""


def build_long_run_plan(
    about: Circumstances, *, gate: AdviceGate, back: ReturnAdvice | None = None
) -> LongRunPlan:
    """Plan two weeks of running within what each day allows.

    Parameters
    ----------
    about : Circumstances
        The history up to today and all else that decides.
    gate : AdviceGate
        What pain and red flags leave.
    back : ReturnAdvice or None
        The next step of a return to running; it stands in for every distance.

    Returns
    -------
    LongRunPlan
        Fourteen days. Easy runs are shortened so that no two weeks hold a tenth more than the most of the
        last twelve weeks. Empty where there is too little to build on, and while pain or a red flag forbids
        running.
    """
    today = advise(about, gate=gate, back=back)[0]
    if today.reason in {"red_flag", "pain"}:
        return LongRunPlan(sentence=today.headline)
    if about.habit is None or _runs_lately(about) < LEAST_RUNS or today.reason == "too_little_history":
        return LongRunPlan(sentence=gettext("Not enough runs in the last 30 days to build a plan."))
    first = about.today + timedelta(days=int(about.ran_today))
    most_m = MOST_RATIO * _most_in_two_weeks(about.runs, first)
    days: tuple[AllowedRunning, ...] = ()
    for share in EASY_SHARES:
        eased = dataclasses.replace(about, easy_share=share, two_weeks_most_m=most_m)
        days = advise(eased, gate=gate, back=back)
        followed = [*about.runs, *((one.day, one.up_to_m) for one in days if one.up_to_m)]
        if max(_sum_to(followed, one.day) for one in days) < most_m:
            break
    return LongRunPlan(days, _about(days))


def _runs_lately(about: Circumstances) -> int:
    since = about.today - timedelta(days=LATELY_DAYS)
    return sum(day >= since for day, _ in about.runs)


def _about(days: Sequence[AllowedRunning]) -> str:
    if any(one.reason == "return_plan" for one in days):
        return gettext("Running comes back step by step, without a distance to reach.")
    if any(one.reason == "step" for one in days):
        return gettext(
            "One step of at most 10\xa0%, then a week at that length. 10\xa0% is where one study’s next "
            "group of "
            "runs begins, not a proven safe limit."
        )
    return gettext("Long runs stay at the same length for these two weeks.")


def _most_in_two_weeks(ran: Sequence[tuple[date, float]], first: date) -> float:
    """The most that any two weeks of the last twelve held. [m]"""
    ends = (first - timedelta(days=days) for days in range(1, SEASON_DAYS))
    return max((_sum_to(ran, end) for end in ends), default=math.inf)


def _sum_to(walked: Walked | Sequence[tuple[date, float]], last: date) -> float:
    first = last - timedelta(days=PLAN_DAYS - 1)
    return sum(metres for on, metres in walked if first <= on <= last)
