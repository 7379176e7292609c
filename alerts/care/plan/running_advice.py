"""What may be run on a day: the one decision that pages, plan, calendar, emails and the command line show.

Only the history, the journal and the rules' parameters decide. Muting a rule, switching it off or stopping
emails changes nothing here.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import numpy as np

from alerts.alert.alert import Alert, Level
from alerts.care.pain.advice_gate import AdviceGate, ReturnAdvice, unless_red_flag
from alerts.care.pain.pain_scale import Verdict
from alerts.care.pain.red_flag_lock import RedFlagLock
from alerts.care.plan.running_habits import Habit, habit_of
from alerts.detectors.single_run import SingleRunSpike
from alerts.evaluation.race_recovery import Race, RecoveryDay, races_among, recovery_on
from alerts.evaluation.run_limit import FAR_OVER_RATIO, DayDistance, RunHistory, RunLimit
from alerts.evaluation.training_status import limit_rule_of
from alerts.journal.entries import PlannedRun, RunKind
from alerts.text.i18n import gettext
from alerts.text.units import METRIC, Units, distance, distance_within, minutes, percent, short_date, weekday
from ingest.training_days.table import TrainingDays

PLAN_DAYS = 14
ALERT_DAYS = 14
"""After an alert of caution or more, so many days allow no step to a longer run. [days]"""

REST_DAYS = 2
"""After a run far too long: days without running, or with easy running for ``EASY_MIN`` at most. [days]"""

EASY_MIN = 30

LOAD_KINDS = frozenset({"single_run_spike", "two_week_ramp", "hard_minutes_spike"})
"""Alerts about how much or how hard was run."""
CAUTION_RATIO = 1.3

TAPER_DAYS = ((40_000.0, 18), (20_000.0, 10), (0.0, 7))
"""Before a race of at least so far: days without a step to a longer run; expert opinion. [m], [days]"""

NO_LONG_DAYS = 3
"""So many days before a race hold no long run. [days]"""

Kind = Literal["rest", "free", "easy", "long", "race", "walk-run"]
Reason = Literal[
    "red_flag",
    "pain",
    "return_plan",
    "race_recovery",
    "over_long",
    "race",
    "taper",
    "break",
    "alert",
    "pain_hold",
    "recent_step",
    "step",
    "too_little_history",
]


@dataclass(frozen=True, slots=True)
class AllowedRunning:
    """What may be run on one day.

    Parameters
    ----------
    day : date
        The day.
    kind : str
        What the day is for: ``rest`` where no running is allowed, ``free`` where none is planned, ``easy``,
        ``long``, ``race`` or ``walk-run``.
    rest : bool
        Whether no running is allowed at all.
    easy_up_to_m, long_up_to_m : float or None
        The most for an easy run and for a long one; None where the day allows none, or where there is too
        little history to say. [m]
    easy_up_to_min : int or None
        The most minutes for an easy run, where time and not distance decides. [min]
    reason : str
        What decides.
    headline, why : str
        The decision and its reason in words.
    since, until : date or None
        First and last day of that reason, where it has them.
    is_expert_opinion : bool
        Whether the limit is expert opinion rather than a comparison that a study made.
    """

    day: date
    kind: Kind
    rest: bool
    easy_up_to_m: float | None
    long_up_to_m: float | None
    reason: Reason
    headline: str
    why: str
    easy_up_to_min: int | None = None
    since: date | None = None
    until: date | None = None
    is_expert_opinion: bool = True
    planned: PlannedRun | None = None

    @property
    def sentence(self) -> str:
        """The decision as a line of the plan."""
        return self.headline

    @property
    def up_to_m(self) -> float | None:
        """The most for what the day is for. [m]"""
        if self.kind == "race" and self.planned is not None:
            return self.planned.distance_m
        return {"easy": self.easy_up_to_m, "long": self.long_up_to_m}.get(self.kind)

    @property
    def level(self) -> Literal["stop", "hold", "coming_back", "fine"]:
        """How much the day is limited."""
        if self.reason in {"red_flag", "pain"}:
            return "stop"
        if self.reason in {"return_plan", "break"}:
            return "coming_back"
        return "hold" if self.reason in {"over_long", "race_recovery", "pain_hold"} else "fine"

    @property
    def most_m(self) -> float | None:
        """The most that one run of the day may hold. [m]"""
        return max(
            (metres for metres in (self.easy_up_to_m, self.long_up_to_m) if metres is not None), default=None
        )


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that decides what may be run from ``today`` on.

    Parameters
    ----------
    today : date
        The first day that is asked for.
    history : RunHistory
        Every run that counts, today's included.
    runs : sequence of (date, float)
        The same runs. [m]
    races : sequence of Race
        Races so far.
    habit : Habit or None
        How the runner usually runs; None where there are no runs.
    easy_speed_mps : float
        The usual speed of easy running, by which minutes become a distance. [m/s]
    planned : sequence of PlannedRun
        Runs and races to come.
    alert_days : sequence of date
        Days of alerts of caution or more about load, muted ones included.
    ran_today : bool
        Whether today has a run already.
    two_weeks_most_m : float
        What two weeks of the plan hold at most. [m]
    easy_share : float
        The share of the usual easy run that the plan keeps after its first day. [unitless]
    """

    today: date
    history: RunHistory
    runs: Sequence[DayDistance] = ()
    races: Sequence[Race] = ()
    habit: Habit | None = None
    easy_speed_mps: float = 2.5
    planned: Sequence[PlannedRun] = ()
    alert_days: Sequence[date] = ()
    ran_today: bool = False
    two_weeks_most_m: float = math.inf
    easy_share: float = 1.0
    units: Units = field(default=METRIC)


def allowed_on(
    about: Circumstances, day: date, *, gate: AdviceGate, back: ReturnAdvice | None = None
) -> AllowedRunning:
    """Decide what may be run on ``day``, if nothing is run until then beyond what the history holds."""
    return unless_red_flag(
        gate.red_flag_lock,
        lambda: _after_alert(about, _allowed(about, day, gate, back), gate, back),
        instead=lambda red_flag_lock: _forbidden_by(red_flag_lock, day),
    )


def advise(
    about: Circumstances, *, gate: AdviceGate, back: ReturnAdvice | None = None
) -> tuple[AllowedRunning, ...]:
    """Decide what may be run on each of the coming two weeks, if the plan is followed.

    The first day is today, or tomorrow where today has a run already. A later day rests on the days before it
    as the plan has them.
    """
    first = about.today + timedelta(days=int(about.ran_today))
    days: list[AllowedRunning] = []
    history, runs, races = about.history.copy(), [*about.runs], [*about.races]
    for day in (first + timedelta(days=offset) for offset in range(PLAN_DAYS)):
        so_far = dataclasses.replace(about, history=history, runs=runs, races=races)
        allowed = allowed_on(so_far, day, gate=gate, back=back)
        allowed = _fitted(so_far, allowed, is_first=day == first)
        days.append(allowed)
        if allowed.up_to_m:
            history.add(day, allowed.up_to_m)
            runs.append((day, allowed.up_to_m))
        if allowed.kind == "race" and allowed.up_to_m:
            races.append(Race(day, allowed.up_to_m, allowed.up_to_m / about.easy_speed_mps, "declared"))
    return tuple(days)


def _forbidden_by(red_flag_lock: RedFlagLock, day: date) -> AllowedRunning:
    return AllowedRunning(
        day, "rest", True, None, None, "red_flag", red_flag_lock.act, red_flag_lock.sentence
    )


def _allowed(about: Circumstances, day: date, gate: AdviceGate, back: ReturnAdvice | None) -> AllowedRunning:
    if not gate.may_run:
        return _rest(day, "pain", gate.pain.act, gate.pain.sentence)
    way_back = gate.back or back
    if way_back is not None:
        return AllowedRunning(
            day,
            "walk-run",
            rest=False,
            easy_up_to_m=None,
            long_up_to_m=None,
            reason="return_plan",
            headline=way_back.act,
            why=way_back.sentence,
        )
    race = next((one for one in about.planned if one.day == day and one.kind is RunKind.RACE), None)
    recovery = _recovery(about, day)
    limit = about.history.limit_on(day)
    allowed = _within_limit(about, day, limit, gate)
    if recovery is not None:
        allowed = _recovering(about, allowed, *recovery)
    allowed = _after_over_long(about, allowed, limit)
    if race is not None and not allowed.rest:
        return _race_day(allowed, race, about.units)
    return _tapered(about, allowed, limit)


def _after_alert(
    about: Circumstances, allowed: AllowedRunning, gate: AdviceGate, back: ReturnAdvice | None
) -> AllowedRunning:
    """On the day after an alert no longer a run than on its day, also where a stage ended in between."""
    alert_day = allowed.day - timedelta(days=1)
    if alert_day not in about.alert_days or allowed.long_up_to_m is None or allowed.kind == "race":
        return allowed
    before = allowed_on(about, alert_day, gate=gate, back=back)
    if before.reason == "too_little_history" or allowed.long_up_to_m <= (before.long_up_to_m or 0.0):
        return allowed
    most_m, units = before.long_up_to_m, about.units
    easy_m = allowed.easy_up_to_m
    return dataclasses.replace(
        allowed,
        easy_up_to_m=easy_m if most_m is None or easy_m is None else min(easy_m, most_m),
        long_up_to_m=most_m,
        reason="alert" if allowed.reason == "step" else allowed.reason,
        headline=gettext("Easy running only, no long run yet.")
        if most_m is None
        else gettext("Up to {limit} is within your range.", limit=distance_within(most_m, units)),
    )


def _rest(  # noqa: PLR0913 - a decision and the days it holds for
    day: date,
    reason: Reason,
    headline: str,
    why: str,
    *,
    since: date | None = None,
    until: date | None = None,
) -> AllowedRunning:
    return AllowedRunning(
        day,
        "rest",
        rest=True,
        easy_up_to_m=None,
        long_up_to_m=None,
        reason=reason,
        headline=headline,
        why=why,
        since=since,
        until=until,
    )


def _easy_m(about: Circumstances, most_m: float | None) -> float | None:
    """The usual easy run, within the limit."""
    usual_m = about.habit.easy_m if about.habit and about.habit.easy_m else most_m
    if usual_m is None or most_m is None:
        return usual_m
    return min(usual_m, most_m)


def _within_limit(about: Circumstances, day: date, limit: RunLimit, gate: AdviceGate) -> AllowedRunning:
    """What the runs so far allow; pain and recent alerts take the step to a longer run."""
    if limit.limit_m is None or limit.tolerated_m is None:
        return AllowedRunning(
            day,
            "easy",
            rest=False,
            easy_up_to_m=None,
            long_up_to_m=None,
            reason="too_little_history",
            headline=gettext("Run as you usually do; there isn’t enough yet to compare with."),
            why=gettext(
                "Not enough runs in the last 30 days to name a limit; start short and see how it goes."
            ),
        )
    long_m, reason, until = limit.limit_m, _REASONS[limit.basis], limit.until
    alert_day = max((one for one in about.alert_days if 0 <= (day - one).days <= ALERT_DAYS), default=None)
    if limit.basis == "step" and gate.pain.verdict is Verdict.HOLD:
        long_m, reason = limit.tolerated_m, "pain_hold"
    if alert_day is not None and (most_m := _most_after_alert(about, alert_day, limit)) < long_m:
        long_m, reason, until = most_m, "alert", alert_day + timedelta(days=ALERT_DAYS)
    return AllowedRunning(
        day,
        "easy",
        rest=False,
        easy_up_to_m=_easy_m(about, long_m),
        long_up_to_m=long_m,
        reason=reason,
        headline=gettext("Up to {limit} is within your range.", limit=distance_within(long_m, about.units)),
        why=gate.pain.sentence if reason == "pain_hold" else _why(about, day, limit, reason, until),
        since=limit.over_long[0] if limit.over_long else None,
        until=until,
        is_expert_opinion=reason != "step",
    )


def _most_after_alert(about: Circumstances, alert_day: date, limit: RunLimit) -> float:
    """The most for one run after an alert: no step beyond what counted as tolerated on its day."""
    then = about.history.limit_on(alert_day)
    tolerated_m = min(then.limit_m or math.inf, then.tolerated_m or math.inf)
    return min(tolerated_m, limit.tolerated_m or math.inf)


_REASONS: dict[str, Reason] = {
    "step": "step",
    "recent_step": "recent_step",
    "hold": "over_long",
    "return": "break",
}


def _why(about: Circumstances, day: date, limit: RunLimit, reason: Reason, until: date | None) -> str:
    units = about.units
    longest = distance(limit.tolerated_m or 0.0, units)
    longest_day = short_date(limit.tolerated_day, today=about.today) if limit.tolerated_day else ""
    if reason == "over_long" and limit.over_long is not None:
        return gettext(
            "Your {run} on {day} were far beyond what you had run before ({longest}). Long runs go back to "
            "that length until {until}, then on by one step a week. No study tested this; it is the view of "
            "experts.",
            run=distance(limit.over_long[1], units),
            day=short_date(limit.over_long[0], today=about.today),
            longest=longest,
            until=_after(about, max(until or day, day)),
        )
    if reason == "break" and limit.break_days:
        return gettext(
            "First runs after {days} days off; your longest run before was {longest}. How much is right "
            "after "
            "a break was studied by nobody; experts begin at about half.",
            days=limit.break_days,
            longest=longest,
        )
    if reason == "break":
        return gettext(
            "Few runs lately; your longest of the 90 days before was {longest}. Begin well below it.",
            longest=longest,
        )
    if reason == "recent_step":
        return gettext(
            "You went a step further this week; stay at {longest} until {until}.",
            longest=longest,
            until=_after(about, until or day),
        )
    if reason == "alert" and until is not None:
        return gettext(
            "Your longest run of the 30 days before is {longest}, on {day}. After a recent alert, don’t go "
            "longer until {until}.",
            longest=longest,
            day=longest_day,
            until=_after(about, until),
        )
    return gettext(
        "Your longest run of the 30 days before is {longest}, on {day}; the limit is {percent} above it.",
        longest=longest,
        day=longest_day,
        percent=percent((limit.limit_m or 0.0) / (limit.tolerated_m or 1.0) - 1),
    )


def _recovery(about: Circumstances, day: date) -> tuple[Race, RecoveryDay] | None:
    """The race that takes longest to recover from, and what it leaves for the day."""
    found = [(race, left) for race in about.races if (left := recovery_on(race, day, about.runs)) is not None]
    return min(found, key=lambda one: (one[1].may_run, one[1].long_m or 0.0), default=None)


def _recovering(
    about: Circumstances, allowed: AllowedRunning, race: Race, left: RecoveryDay
) -> AllowedRunning:
    run = gettext(
        "{run} on {day}",
        run=distance(race.distance_m, about.units),
        day=short_date(race.day, today=about.today),
    )
    why = gettext(
        "Recovery after your {run} comes first. When to run again after a race was tested by no study; this "
        "is the view of experts.",
        run=run,
    )
    if not left.may_run and left.easy_min == 0:
        headline = gettext("No running until {day}.", day=_after(about, left.until))
        return _rest(allowed.day, "race_recovery", headline, why, since=race.day, until=left.until)
    if not left.may_run:
        headline = gettext("No running today; an easy run again tomorrow.")
        if allowed.day != about.today:
            headline = gettext("No running on this day.")
        return _rest(allowed.day, "race_recovery", headline, why, since=race.day, until=left.until)
    easy_m = allowed.easy_up_to_m
    if left.easy_min is not None:
        by_time_m = left.easy_min * 60 * about.easy_speed_mps
        easy_m = by_time_m if easy_m is None else min(easy_m, by_time_m)
    long_m = left.long_m if allowed.long_up_to_m is None else min(allowed.long_up_to_m, left.long_m or 0.0)
    long_m = long_m or None
    if left.easy_min is not None:
        headline = gettext("Easy running only, at most {minutes}.", minutes=minutes(left.easy_min))
    elif long_m is None:
        headline = gettext("Easy running only, no long run yet.")
    else:
        headline = gettext("Up to {limit} is within your range.", limit=distance_within(long_m, about.units))
    if long_m is not None and easy_m is not None:
        easy_m = min(easy_m, long_m)
    return dataclasses.replace(
        allowed,
        easy_up_to_m=easy_m,
        long_up_to_m=long_m,
        easy_up_to_min=left.easy_min,
        reason="race_recovery",
        headline=headline,
        why=why,
        since=race.day,
        until=left.until,
        is_expert_opinion=True,
    )


def _after(about: Circumstances, last: date) -> str:
    """The first day after a stage, as a weekday where it is near."""
    first = last + timedelta(days=1)
    return weekday(first) if 0 < (first - about.today).days < 7 else short_date(first, today=about.today)


def _after_over_long(about: Circumstances, allowed: AllowedRunning, limit: RunLimit) -> AllowedRunning:
    """The first days after an over-long run: rest, or a short and easy run."""
    if limit.over_long is None or allowed.rest or limit.tolerated_m is None:
        return allowed
    day, run_m = limit.over_long
    ratio, until = run_m / limit.tolerated_m, day + timedelta(days=REST_DAYS)
    if not 0 < (allowed.day - day).days <= REST_DAYS or ratio <= CAUTION_RATIO:
        return allowed
    if ratio > FAR_OVER_RATIO:
        headline = gettext(
            "Rest from running until {day}; walk as much as you like.", day=_after(about, until)
        )
        return _rest(allowed.day, "over_long", headline, allowed.why, since=day, until=until)
    most_m = EASY_MIN * 60 * about.easy_speed_mps
    easy_m = most_m if allowed.easy_up_to_m is None else min(allowed.easy_up_to_m, most_m)
    return dataclasses.replace(
        allowed,
        easy_up_to_m=easy_m,
        easy_up_to_min=EASY_MIN,
        long_up_to_m=None,
        reason="over_long",
        headline=gettext(
            "Rest, or run at most {minutes} very easily, until {day}.",
            minutes=minutes(EASY_MIN),
            day=_after(about, until),
        ),
        since=day,
        until=until,
        is_expert_opinion=True,
    )


def _race_day(allowed: AllowedRunning, race: PlannedRun, units: Units) -> AllowedRunning:
    return dataclasses.replace(
        allowed,
        kind="race",
        planned=race,
        reason="race",
        headline=gettext("Race day: {distance}.", distance=distance(race.distance_m, units)),
        why=race.name or gettext("Your planned race."),
    )


def _tapered(about: Circumstances, allowed: AllowedRunning, limit: RunLimit) -> AllowedRunning:
    """The days before a planned race: no step to a longer run, then no long run, then a short one."""
    coming = [one for one in about.planned if one.kind is RunKind.RACE and one.day > allowed.day]
    if not coming or allowed.rest or limit.tolerated_m is None:
        return allowed
    race = min(coming, key=lambda one: one.day)
    left = (race.day - allowed.day).days
    if left > next(days for least_m, days in TAPER_DAYS if race.distance_m >= least_m):
        return allowed
    long_m = None if allowed.long_up_to_m is None else min(allowed.long_up_to_m, limit.tolerated_m)
    easy_m, easy_min = allowed.easy_up_to_m, allowed.easy_up_to_min
    if left <= NO_LONG_DAYS:
        long_m = None
    if left == 1:
        easy_min = EASY_MIN
        by_time_m = EASY_MIN * 60 * about.easy_speed_mps
        easy_m = by_time_m if easy_m is None else min(easy_m, by_time_m)
    headline = (
        gettext("Easy running only, at most {minutes}.", minutes=minutes(EASY_MIN))
        if left == 1
        else gettext("Easy running only; your race is near.")
        if long_m is None
        else gettext("Up to {limit} is within your range.", limit=distance_within(long_m, about.units))
    )
    return dataclasses.replace(
        allowed,
        easy_up_to_m=easy_m if long_m is None or easy_m is None else min(easy_m, long_m),
        easy_up_to_min=easy_min,
        long_up_to_m=long_m,
        reason="taper",
        headline=headline,
        why=gettext(
            "Your race over {distance} is on {day}. Runs get no longer before it.",
            distance=distance(race.distance_m, about.units),
            day=short_date(race.day, today=about.today),
        ),
        until=race.day - timedelta(days=1),
        is_expert_opinion=True,
    )


def _has_room(about: Circumstances, day: date, easy_m: float | None) -> bool:
    """Whether an easy run on that day leaves two weeks below what they may hold."""
    since = day - timedelta(days=PLAN_DAYS - 1)
    held_m = sum(metres for on, metres in about.runs if since <= on <= day)
    return held_m + (easy_m or 0.0) < about.two_weeks_most_m


def _fitted(about: Circumstances, allowed: AllowedRunning, *, is_first: bool) -> AllowedRunning:
    """What the day is for: by habit a long run, an easy one or rest, within what it allows."""
    planned = next((one for one in about.planned if one.day == allowed.day), None)
    allowed = dataclasses.replace(allowed, planned=planned)
    if allowed.rest or allowed.kind in {"race", "walk-run"} or about.habit is None:
        return allowed
    after_long = any(
        (allowed.day - day).days == 1 and about.habit.easy_m and metres > about.habit.easy_m * CAUTION_RATIO
        for day, metres in about.runs[-3:]
    )
    if allowed.long_up_to_m and allowed.day.weekday() == about.habit.long_weekday and not after_long:
        most = distance_within(allowed.long_up_to_m, about.units)
        return dataclasses.replace(allowed, kind="long", headline=gettext("Long, up to {most}.", most=most))
    if not is_first and allowed.easy_up_to_m is not None:
        allowed = dataclasses.replace(allowed, easy_up_to_m=about.easy_share * allowed.easy_up_to_m)
    is_usual = allowed.day.weekday() in about.habit.easy_weekdays and about.easy_share > 0
    if not is_usual or not _has_room(about, allowed.day, allowed.easy_up_to_m):
        return dataclasses.replace(allowed, kind="free", headline=_no_run(about, allowed))
    if allowed.easy_up_to_min is None and allowed.easy_up_to_m:
        most = distance_within(allowed.easy_up_to_m, about.units)
        return dataclasses.replace(allowed, headline=gettext("Easy, up to {most}.", most=most))
    return allowed


def _no_run(about: Circumstances, allowed: AllowedRunning) -> str:
    """That no run is planned; today with what would be allowed all the same."""
    if allowed.day != about.today or not allowed.easy_up_to_m:
        return gettext("No run planned.")
    most = distance_within(allowed.easy_up_to_m, about.units)
    return gettext("No run planned; an easy one of up to {most} is fine.", most=most)


HABIT_LOOK_BACK_DAYS = 56
SPEED_UNKNOWN_MPS = 2.5
"""A slow easy run, where no run says better. [m/s]"""


def circumstances_of(
    days: TrainingDays,
    rule: SingleRunSpike,
    *,
    planned: Sequence[PlannedRun] = (),
    alerts: Sequence[Alert] = (),
    units: Units = METRIC,
) -> Circumstances:
    """Gather what decides on running from a history, its plans and its alerts.

    Parameters
    ----------
    days : TrainingDays
        The history; its last day is today.
    rule : SingleRunSpike
        Its window, its ratio for a notice and what it needs to judge by are those of the limit.
    planned : sequence of PlannedRun
        Runs and races to come, and past races.
    alerts : sequence of Alert
        Open alerts, muted ones included.

    Raises
    ------
    ValueError
        If the history is empty.
    """
    today = days.today
    if today is None:
        raise ValueError("an empty history allows no advice")
    counted = days.runs.take(days.runs.counts_distance & (days.runs.distance_m > 0))
    order = np.argsort(counted.day, kind="stable")
    runs: list[tuple[date, float, float]] = [
        (counted.day[row].astype(date), float(counted.distance_m[row]), float(counted.timer_s[row]))
        for row in order.tolist()
    ]
    distances = [(day, metres) for day, metres, _ in runs]
    declared = [one.day for one in planned if one.kind is RunKind.RACE and one.day <= today]
    has_recent = any(day > today - timedelta(days=HABIT_LOOK_BACK_DAYS) for day, _ in distances)
    return Circumstances(
        today=today,
        history=limit_rule_of(rule).history(distances),
        runs=distances,
        races=races_among(runs, declared),
        habit=habit_of(distances, today + timedelta(days=1)) if has_recent else None,
        easy_speed_mps=_easy_speed_mps(runs, today),
        planned=[one for one in planned if one.day >= today],
        alert_days=[
            alert.day for alert in alerts if alert.kind in LOAD_KINDS and alert.level >= Level.CAUTION
        ],
        ran_today=bool(days.run_count[-1] > 0),
        units=units,
    )


def _easy_speed_mps(runs: Sequence[tuple[date, float, float]], today: date) -> float:
    """The typical speed of the last weeks' runs."""
    since = today - timedelta(days=HABIT_LOOK_BACK_DAYS)
    speeds = [metres / seconds for day, metres, seconds in runs if day >= since and seconds > 0]
    return statistics.median(speeds) if speeds else SPEED_UNKNOWN_MPS
