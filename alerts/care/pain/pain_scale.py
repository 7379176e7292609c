"""The pain scale: what one report allows, given earlier reports of the same body site.

Scores up to 2 are green. From 3 to 5 running is held where it is, as long as the pain is calm the next
morning and does not rise from week to week. Above 5, with a limp, when it is worse the next morning, or when
the allowance is broken, running stops. In the groin and at the front of the hip there is no allowance: above
2 stops, because a bone stress injury has to be ruled out first.

The scale and its allowance are those of Thomeé 1997 and Silbernagel et al. 2007 (Am J Sports Med 35:897,
doi:10.1177/0363546506298279), tried with sore Achilles tendons and carried over to other places. The
exception is clinical consensus (Robertson & Wood 2017, doi:10.1055/s-0043-103946). What "usual" means, and
that a rise is told from the week before, is ours.
"""

from __future__ import annotations

import enum
import statistics
from collections.abc import Sequence
from datetime import timedelta

from alerts.journal.entries import PainEntry

GREEN = 2
ALLOWED = 5

USUAL_DAYS = (15, 42)
"""How many days before, from and to, the mornings lie that say what is usual: the lag keeps a flare from
becoming usual."""


class Verdict(enum.StrEnum):
    """What running the pain allows."""

    GO = "go"
    HOLD = "hold"
    STOP = "stop"

    @property
    def rank(self) -> int:
        """The order of severity."""
        return list(Verdict).index(self)


class Reason(enum.StrEnum):
    """Why; stable codes for scripts."""

    NOTHING = "nothing-reported"
    GREEN = "green"
    ALLOWED = "within-allowance"
    CALMING = "calming-down"
    UNHEARD = "no-calm-report-yet"
    ABOVE_FIVE = "above-five"
    DEEP_FRONT = "groin-or-front-above-two"
    LIMP = "limp"
    WORSE_MORNING = "worse-next-morning"
    RISING = "rising-week-to-week"
    RED_FLAG = "red-flag"


def verdict_of(entry: PainEntry, before: Sequence[PainEntry]) -> tuple[Verdict, Reason]:
    """What one report allows; ``before`` are earlier reports of the same body site."""
    broken = _broken(entry, before)
    if broken is not None:
        return Verdict.STOP, broken
    if entry.report.worst <= GREEN:
        return Verdict.GO, Reason.GREEN
    return Verdict.HOLD, Reason.ALLOWED


def _broken(entry: PainEntry, before: Sequence[PainEntry]) -> Reason | None:
    """The first condition for running that is not met; None if all are."""
    report = entry.report
    conditions = {
        Reason.LIMP: report.limped,
        Reason.ABOVE_FIVE: report.worst > ALLOWED,
        Reason.DEEP_FRONT: report.place.is_deep_front and report.worst > GREEN,
        Reason.WORSE_MORNING: report.next_morning is not None
        and report.next_morning > max(GREEN, _usual_morning(entry, before)),
        Reason.RISING: _is_rising(entry, before),
    }
    return next((reason for reason, is_broken in conditions.items() if is_broken), None)


def _usual_morning(entry: PainEntry, before: Sequence[PainEntry]) -> float:
    """Median next-morning score some weeks ago; 0 without reports."""
    nearest, farthest = (entry.report.day - timedelta(days=days) for days in USUAL_DAYS)
    mornings = [
        other.report.next_morning
        for other in before
        if other.report.next_morning is not None and farthest <= other.report.day <= nearest
    ]
    return statistics.median(mornings) if mornings else 0.0


def _is_rising(entry: PainEntry, before: Sequence[PainEntry]) -> bool:
    """Whether it is above green and above the worst of the week before this one, where that was told."""
    first, last = (entry.report.day - timedelta(days=days) for days in (13, 7))
    week_before = [other.report.worst for other in before if first <= other.report.day <= last]
    return bool(week_before) and entry.report.worst > max(*week_before, GREEN)
