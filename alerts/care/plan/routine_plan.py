"""The routine plan: at most three things at a time, chosen by pain, findings, and what was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from alerts.alert.alert import Alert
from alerts.care.catalogue.catalogue import PROFESSIONALS, CareCatalogue, Routine
from alerts.care.pain.advice_gate import AdviceGate, unless_red_flag
from alerts.care.pain.pain_scale import Verdict
from alerts.care.pain.pain_state import PainState
from alerts.care.pain.red_flag_lock import RedFlagLock
from alerts.journal.body_sites import BodySite
from alerts.journal.entries import RoutineDone
from alerts.text.i18n import gettext, ngettext

AT_MOST = 3

BLOCK_WEEKS = 6
"""In quiet weeks one entry beside the programme stays so long, then the next one comes: strength needs weeks,
and the one trial on hip flexors took six."""

QUIET_ENTRIES = 2
"""Fewer in quiet weeks: what is done counts, not what is listed. Ours."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One routine of the plan: why it is there, and how the week stands.

    ``goal`` is on how many days of the week it is meant to be done, 0 where that is not counted. ``done`` is
    on how many of them it was.
    """

    routine: Routine
    why: str
    goal: int = 0
    done: int = 0
    done_today: bool = False

    @property
    def words(self) -> str:
        """How the week stands, kindly: a number, no streak, no reproach."""
        if not self.goal:
            return gettext("Done today.") if self.done_today else ""
        if not self.done:
            return ngettext(
                "{n} day this week would be good; any day is fine.",
                "{n} days this week would be good; any day is fine.",
                self.goal,
            )
        told = gettext("{done} of {goal} this week", done=self.done, goal=self.goal)
        return f"{told}." if self.done < self.goal else gettext("{told}: that’s enough.", told=told)


@dataclass(frozen=True, slots=True)
class RoutinePlan:
    """What to do in these days, at most three; ``stop`` is the stop rule that entries share."""

    items: tuple[Planned, ...] = ()
    stop: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Routine ids in their order."""
        return tuple(item.routine.id for item in self.items)


@dataclass(frozen=True, slots=True)
class RoutineCircumstances:
    """What the choice rests on, as of ``today``.

    ``places`` are the places that hurt in the last 14 days with their worst score; ``alerts`` are the open
    ones, gravest first; ``done`` covers twelve weeks at least; ``was_seen`` tells whether a professional has
    seen to a red flag.
    """

    today: date
    week_start: int = 0
    places: Mapping[BodySite, int] = field(default_factory=dict)
    alerts: Sequence[Alert] = ()
    done: Sequence[RoutineDone] = ()
    was_seen: bool = False

    @property
    def first_day(self) -> date:
        """The day on which this week began."""
        return self.today - timedelta(days=(self.today.weekday() - self.week_start) % 7)


def plan_routines(care: CareCatalogue, about: RoutineCircumstances, gate: AdviceGate) -> RoutinePlan:
    """Choose what to do in these days.

    Pain comes first, then open findings; without pain the baseline of quiet weeks fills up. Nothing is chosen
    that the place of the pain forbids. Where pain has stopped running, only what may stand beside that is
    left, and the way to a professional where the rule asks for one. While a red flag is open that way is all
    there is.
    """
    return unless_red_flag(
        gate.red_flag_lock,
        lambda: _plan(care, about, gate),
        instead=_professional_only,
    )


def _professional_only(red_flag_lock: RedFlagLock) -> RoutinePlan:
    return RoutinePlan((Planned(red_flag_lock.professional, red_flag_lock.sentence),), "")


def _plan(care: CareCatalogue, about: RoutineCircumstances, gate: AdviceGate) -> RoutinePlan:
    chosen: dict[str, tuple[Routine, str]] = {}
    for routine, why in _candidates(care, about, gate):
        if len(chosen) < AT_MOST and not any(routine.id in one.parts for one, _ in chosen.values()):
            chosen.setdefault(routine.id, (routine, why))
    items = tuple(_planned(routine, why, about) for routine, why in chosen.values())
    shares = any(item.routine.shares_stop for item in items)
    return RoutinePlan(items, care.stop if shares else "")


def _candidates(
    care: CareCatalogue, about: RoutineCircumstances, gate: AdviceGate
) -> Iterator[tuple[Routine, str]]:
    """Everything that fits, the most pressing first; the way back stands in for what findings bring."""
    pain = gate.pain
    if pain.asks_professional:
        yield care.routines[_SOON], pain.sentence
    if gate.back is not None:
        yield care.routines[WAY_BACK], gate.back.sentence
    yield from _for_places(care, about, pain)
    if pain.verdict is Verdict.STOP:
        return
    if gate.back is None:
        yield from _for_alerts(care, about, pain)
    if not about.places:
        yield from _baseline(care, about, pain)


def _for_places(
    care: CareCatalogue, about: RoutineCircumstances, pain: PainState
) -> Iterator[tuple[Routine, str]]:
    for place, worst in sorted(about.places.items(), key=lambda item: -item[1]):
        for routine in care.routines.values():
            if place in routine.places and worst <= routine.pain_up_to and _may(routine, about, pain):
                yield routine, gettext("Suggested for the {place}.", place=place.words)


def _for_alerts(
    care: CareCatalogue, about: RoutineCircumstances, pain: PainState
) -> Iterator[tuple[Routine, str]]:
    for alert in about.alerts:
        for name in care.bundles[alert.kind, alert.level, alert.is_rise]:
            if _may(care.routines[name], about, pain):
                yield care.routines[name], gettext("Suggested because of your recent runs.")


def _may(routine: Routine, about: RoutineCircumstances, pain: PainState) -> bool:
    """Whether nothing speaks against a routine."""
    return (
        not set(routine.avoid) & set(about.places)
        and (about.was_seen or not routine.after_seen)
        and (routine.while_stopped or pain.verdict is not Verdict.STOP)
    )


def _baseline(
    care: CareCatalogue, about: RoutineCircumstances, pain: PainState
) -> Iterator[tuple[Routine, str]]:
    """The entry with the strongest evidence, and one more for six weeks: what was done least lately."""
    pool = [routine for routine in care.routines.values() if routine.baseline and _may(routine, about, pain)]
    if not pool:
        return
    pool.sort(key=lambda routine: routine.strength)
    yield (
        pool[0],
        gettext("The kind of programme that has been tested in runners, with supervision; for quiet weeks."),
    )
    block = about.first_day.toordinal() // 7 // BLOCK_WEEKS
    began = date.fromordinal(max(block * BLOCK_WEEKS * 7, 1))
    others = pool[1:]
    lately = [one.routine for one in about.done if one.day < began]
    order = sorted(
        range(len(others)), key=lambda at: (lately.count(others[at].id), (at - block) % len(others))
    )
    for at in order[: QUIET_ENTRIES - 1]:
        yield others[at], gettext("Alternates with others every six weeks.")


def _planned(routine: Routine, why: str, about: RoutineCircumstances) -> Planned:
    days = {one.day for one in about.done if one.routine == routine.id}
    week = {day for day in days if about.first_day <= day <= about.today}
    return Planned(routine, why, routine.weekly, len(week), about.today in days)


WAY_BACK = "RTR-WALKRUN"

_SOON = next(name for name, urgency in PROFESSIONALS.items() if urgency == "soon")
