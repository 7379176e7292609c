"""The way back after a break or after pain: walk and run in turns, released step by step by calm days.

The steps are those of the catalogue's RTR-WALKRUN (one minute of each at first, one or two minutes more at
each outing, on alternate days; expert practice, not tested).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from alerts.care.pain.advice_gate import AdviceGate, unless_red_flag
from alerts.care.pain.pain_scale import GREEN, Verdict, verdict_of
from alerts.journal.entries import PainEntry, RoutineDone
from alerts.text.i18n import gettext, ngettext
from alerts.text.units import METRIC, Units, distance_within, short_date
from ingest.storage.stored_activity import StoredActivity

BREAK_DAYS = 14
"""So long without a run is a break. [days]"""

APART_DAYS = 2
"""Outings are on alternate days; the day between is also the morning that must be calm. [days]"""

MEMORY_DAYS = 42
"""A return that began so long ago is over, finished or not: the usual rules know the runner again. [days]"""

AFTER_PAIN_DAYS = 28
"""A stop so long ago asks for no return any more. [days]"""

LONGEST_DAYS = 90
WALK_SPORTS = frozenset({"walking", "hiking"})
WALK_LEAST_S = 25 * 60
"""A walk this long counts as the half-hour walk of the way back; watches are stopped early. [s]"""

ROUTINE = "RTR-WALKRUN"

LONG_SHARE = 0.5
"""The first long run is at most half of the longest of so many days before the break."""


@dataclass(frozen=True, slots=True)
class ReturnStep:
    """One outing: run and walk in turns, so many times; the first step is a walk."""

    run_min: int
    walk_min: int
    times: int

    @property
    def words(self) -> str:
        """The outing in words."""
        if not self.run_min:
            return gettext("Walk {minutes}\xa0minutes.", minutes=self.walk_min)
        return ngettext(
            "Run {n}\xa0minute, walk {walk}; {times} times.",
            "Run {n}\xa0minutes, walk {walk}; {times} times.",
            self.run_min,
            walk=self.walk_min,
            times=self.times,
        )


STEPS = (
    ReturnStep(0, 30, 1),
    *(ReturnStep(run, 1, 10 if run <= 2 else round(30 / (run + 1))) for run in (1, 2, 3, 4, 5, 7, 9, 11, 13)),
    ReturnStep(15, 1, 2),
)
"""A walk, then from 1 minute in turns to twice 15: ten outings with running, three weeks in all."""


@dataclass(frozen=True, slots=True)
class ReturnPlan:
    """Where somebody stands on the way back.

    ``at`` is the row of the step that comes next; those before it were done without pain above 2.
    ``from_day`` is the first day for it, None while pain holds it back. ``first_long_m`` is the most for the
    first long run afterwards, None where no run before is known. ``steps`` is empty while nothing may be said
    of running.
    """

    reason: Literal["break", "pain"]
    since: date
    steps: tuple[ReturnStep, ...]
    at: int
    from_day: date | None
    first_long_m: float | None
    sentence: str
    act: str


@dataclass(frozen=True, slots=True)
class Outings:
    """Days on which somebody was out: runs with distance, walks of half an hour, steps ticked as done."""

    runs: Sequence[tuple[date, float]]
    walks: Sequence[date] = ()
    ticked: Sequence[date] = ()

    @classmethod
    def among(cls, activities: Iterable[tuple[date, StoredActivity]], done: Iterable[RoutineDone]) -> Outings:
        """Pick them from all that was recorded and all that was ticked."""
        dated = [(day, activity.summary) for day, activity in activities]
        return cls(
            [(day, summary.distance_m or 0.0) for day, summary in dated if summary.is_run],
            [
                day
                for day, summary in dated
                if summary.sport in WALK_SPORTS and summary.timer_s >= WALK_LEAST_S
            ],
            [one.day for one in done if one.routine == ROUTINE],
        )

    def after(self, since: date, today: date) -> list[date]:
        """Days of outings after one day up to another, each once."""
        days = {*(day for day, _ in self.runs), *self.walks, *self.ticked}
        return sorted(day for day in days if since < day <= today)


def build_return_plan(
    outings: Outings,
    entries: Sequence[PainEntry],
    *,
    today: date,
    gate: AdviceGate,
) -> ReturnPlan | None:
    """Tell where somebody stands on the way back; None where there is nothing to come back from.

    A return begins with a break of ``BREAK_DAYS`` or with a report that stops running, by its score or by a
    yes to a red flag, whichever was later.
    Each outing without a score above 2 on its day or the morning after releases the next step, an outing with
    one takes a step back. Outings closer than ``APART_DAYS`` count once.
    """
    known = [e for e in entries if e.withdrawn_at is None and e.report.day <= today]
    begin = _beginning(outings, known, today)
    if begin is None:
        return None
    reason, since = begin
    went = outings.after(since, today)
    if went and (today - went[0]).days > MEMORY_DAYS:
        return None
    at, last = _climbed(went, _sore_days(known))
    if at >= len(STEPS):
        return None
    ladder = _ladder(reason, since, at, last, today=today, gate=gate, longest_m=_longest(outings, since))
    return unless_red_flag(
        gate.red_flag_lock,
        lambda: ladder if gate.may_run else _held(ladder, gate.pain.sentence, gate.pain.act),
        instead=lambda red_flag_lock: _held(ladder, red_flag_lock.sentence, red_flag_lock.act),
    )


def first_long_words(ladder: ReturnPlan, units: Units = METRIC) -> str:
    """The limit of the first long run in words; empty where none is known or none may be told."""
    if ladder.first_long_m is None:
        return ""
    return gettext(
        "First long run after that: up to {most}.",
        most=distance_within(ladder.first_long_m, units),
    )


def _beginning(
    outings: Outings, entries: Sequence[PainEntry], today: date
) -> tuple[Literal["break", "pain"], date] | None:
    """The later of the last break and the last report that stopped running."""
    days = sorted({day for day, _ in outings.runs if day <= today})
    breaks = [a for a, b in pairwise([*days, today]) if (b - a).days >= BREAK_DAYS]
    stops = [
        entry.report.day
        for at, entry in enumerate(entries)
        if (today - entry.report.day).days <= AFTER_PAIN_DAYS
        and (entry.urgency or verdict_of(entry, _same_spot(entry, entries[:at]))[0] is Verdict.STOP)
    ]
    if not days or not (breaks or stops):
        return None
    if not stops or (breaks and breaks[-1] > stops[-1]):
        return "break", breaks[-1]
    return "pain", stops[-1]


def _same_spot(entry: PainEntry, before: Iterable[PainEntry]) -> list[PainEntry]:
    sides = set(entry.report.side.each)
    return [o for o in before if o.report.place is entry.report.place and sides & set(o.report.side.each)]


def _sore_days(entries: Iterable[PainEntry]) -> set[date]:
    return {entry.report.day for entry in entries if entry.report.worst > GREEN or entry.report.limped}


def _climbed(went: Sequence[date], sore: set[date]) -> tuple[int, date | None]:
    """How many steps are done, and when the last outing was."""
    at, last = 0, None
    for day in went:
        if day in sore:
            at, last = max(at - 1, 0), day
        elif last is None or (day - last).days >= APART_DAYS:
            at, last = at + 1, day
    return at, last


def _longest(outings: Outings, since: date) -> float | None:
    before = [metres for day, metres in outings.runs if 0 <= (since - day).days < LONGEST_DAYS and metres > 0]
    return LONG_SHARE * max(before) if before else None


def _ladder(  # noqa: PLR0913 - what a ladder is made of
    reason: Literal["break", "pain"],
    since: date,
    at: int,
    last: date | None,
    *,
    today: date,
    gate: AdviceGate,
    longest_m: float | None,
) -> ReturnPlan:
    held = gate.pain.verdict is Verdict.HOLD
    row = max(at - 1, 0) if held else at
    from_day = today if last is None else max(today, last + timedelta(days=APART_DAYS))
    why = (
        gettext("Your last run before the break was on")
        if reason == "break"
        else gettext("Pain stopped running on")
    )
    again = (
        gettext("repeat the same step")
        if held and at
        else gettext("step {n} of {steps}", n=row + 1, steps=len(STEPS))
    )
    when = gettext("today") if from_day == today else gettext("from {day}", day=short_date(from_day))
    return ReturnPlan(
        reason,
        since,
        STEPS,
        row,
        from_day,
        longest_m,
        gettext(
            "{why} {day}; next is {again}, {when}.",
            why=why,
            day=short_date(since, today=today),
            again=again,
            when=when,
        ),
        STEPS[row].words,
    )


def _held(ladder: ReturnPlan, sentence: str, act: str) -> ReturnPlan:
    """The same place on the way, with nothing said of running."""
    return ReturnPlan(ladder.reason, ladder.since, (), ladder.at, None, None, sentence, act)
