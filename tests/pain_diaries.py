"""Pain diaries made by hand, for the tests of what follows from them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from alerts.care.catalogue.catalogue import CareCatalogue
from alerts.care.catalogue.loading import load_care
from alerts.care.pain.advice_gate import AdviceGate
from alerts.care.pain.red_flag_lock import RedFlagLock, professional
from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainEntry, PainReport, Urgency

TODAY = date(2024, 5, 12)
CARE: CareCatalogue = load_care()
NOES = MappingProxyType({flag.id: False for flag in CARE.red_flags})


def told(
    days_ago: int = 0,
    worst: int | None = None,
    *,
    place: BodySite = BodySite.KNEE,
    side: Side = Side.LEFT,
    after: int | None = None,
    next_morning: int | None = None,
    limped: bool = False,
    yes: tuple[str, ...] = (),
    urgency: Urgency | None = None,
) -> PainEntry:
    """A report of so many days ago; ``worst`` is the score during the run."""
    day = TODAY - timedelta(days=days_ago)
    report = PainReport(
        day=day,
        place=place,
        side=side,
        during=worst,
        after=after,
        next_morning=next_morning,
        limped=limped,
        answers=NOES | dict.fromkeys(yes, True),
    )
    return PainEntry(
        1_000 - days_ago, report, datetime(day.year, day.month, day.day, 19, 0, tzinfo=UTC), urgency
    )


def red_flag_lock(urgency: Urgency = "soon") -> RedFlagLock:
    """A red flag that nobody has seen to."""
    at = datetime(2024, 5, 11, 19, 0, tzinfo=UTC)
    flag = next(flag for flag in CARE.red_flags if flag.urgency == urgency)
    return RedFlagLock(urgency, professional(CARE, urgency), (flag,), at, at)


SILENT = AdviceGate(red_flag_lock())
SPEAKING = AdviceGate()
"""Nothing is the matter."""
