"""What the pain diary allows on a day: go, hold or stop, with reason and advice.

``alerts.care.pain.pain_scale`` judges one report; this module decides what follows in the days after.
The window of 14 days and the calm week are those of the catalogue's entry on the scale (score each run for 14
days; raise load when at most 2 for a week); that a stop softens to a hold after one calm day is ours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.care.pain.pain_scale import GREEN, Reason, Verdict, verdict_of
from alerts.journal.body_sites import BodySite, Side, body_site_text
from alerts.journal.entries import PainEntry, SeenTo
from alerts.text.i18n import gettext, gettext_noop
from alerts.text.units import short_date

WINDOW_DAYS = 14
"""So long a painful day is remembered."""

CALM_DAYS = 7
"""So long at 2 or less, and load may rise again."""

HISTORY_DAYS = 60
"""Entries so far back are enough to assess_diary by: the window, and what was usual before it."""

AGREED = gettext_noop(
    "No running until the pain has been at 2 of 10 or less for a week, or until the professional you "
    "saw clears you."
)

Spot = tuple[BodySite, Side]


@dataclass(frozen=True, slots=True)
class PainState:
    """What the pain diary allows on a day.

    ``sentence`` says what it rests on, ``act`` what to do. ``entry`` is the report that decided, None where
    none did. ``asks_professional`` is True where the pain belongs before a professional although no red flag
    was answered yes.
    """

    verdict: Verdict
    reason: Reason
    sentence: str
    act: str
    entry: PainEntry | None = None
    asks_professional: bool = False


@dataclass(slots=True)
class _Course:
    """The course of pain at one body site: deciding report, last painful day, calm since."""

    entry: PainEntry
    verdict: Verdict
    reason: Reason
    last_painful: date | None = None
    is_calm: bool = False

    def take(self, entry: PainEntry, verdict: Verdict, reason: Reason) -> None:
        """Add the next report."""
        if verdict is Verdict.GO:
            if self.last_painful is None:
                self.entry = entry
            elif entry.report.day > self.last_painful:
                self.is_calm = True
            return
        # a "hold" does not soften a "stop" that no calm day has ended
        if self.verdict.rank <= verdict.rank or self.is_calm:
            self.entry, self.verdict, self.reason = entry, verdict, reason
        self.last_painful, self.is_calm = entry.report.day, False

    def on(self, today: date) -> tuple[Verdict, Reason]:
        """The state on a day."""
        if self.last_painful is None:
            return Verdict.GO, Reason.GREEN
        if (today - self.last_painful).days >= CALM_DAYS:
            return (Verdict.GO, Reason.GREEN) if self.is_calm else (self.verdict, Reason.UNHEARD)
        if self.is_calm and not (self.verdict is Verdict.STOP and self.entry.report.place.is_deep_front):
            return Verdict.HOLD, Reason.CALMING
        return self.verdict, self.reason


def no_pain() -> PainState:
    """The state of an empty diary."""
    return PainState(
        Verdict.GO,
        Reason.NOTHING,
        gettext("No pain reported in the last {days} days.", days=WINDOW_DAYS),
        gettext("Log any pain, even mild: during the run, after it and the next morning."),
    )


NO_PAIN = no_pain()
"""The same in English, before anybody speaks."""


def assess_diary(entries: Sequence[PainEntry], today: date, *, seen: Sequence[SeenTo] = ()) -> PainState:
    """Assess the diary on a day; the body site with the most severe state decides.

    Parameters
    ----------
    entries : sequence of PainEntry
        Entries in order of day, of ``HISTORY_DAYS`` at least; later days than ``today`` and withdrawn ones
        are left out.
    today : date
        The day of the question.
    seen : sequence of SeenTo
        Who looked at it; whatever was reported before that needs nobody else to look at it.

    Returns
    -------
    PainState
        "Stop" lasts until a later day with no score above 2 was reported for the same spot; then "hold"
        until a week has passed since the last score above 2; then "go". In the groin and at the front of the
        hip "stop" lasts the whole week. Without any calm report a verdict stands for the 14 days of the
        window.
    """
    known = [e for e in entries if e.withdrawn_at is None and e.report.day <= today]
    seen_at = max((one.recorded_at for one in seen if one.recorded_at is not None), default=None)
    courses = [_judge_spot(told, today, seen_at) for told in by_spot(known).values()]
    states = [state for state in courses if state is not None]
    return max(states, key=_gravity) if states else no_pain()


def by_spot(entries: Iterable[PainEntry]) -> Mapping[Spot, list[PainEntry]]:
    """Entries by body site and single side; pain on both sides is in two lists."""
    spots: dict[Spot, list[PainEntry]] = defaultdict(list)
    for entry in entries:
        for side in entry.report.side.each:
            spots[entry.report.place, side].append(entry)
    return spots


def painful_places(entries: Iterable[PainEntry], today: date) -> Mapping[BodySite, int]:
    """Every painful body site of the window with its worst score."""
    start = today - timedelta(days=WINDOW_DAYS - 1)
    worst: dict[BodySite, int] = {}
    for entry in entries:
        report = entry.report
        if entry.withdrawn_at is None and start <= report.day <= today and report.worst > 0:
            worst[report.place] = max(report.worst, worst.get(report.place, 0))
    return worst


def _judge_spot(told: Sequence[PainEntry], today: date, seen_at: datetime | None) -> PainState | None:
    """Assess one body site; None if its last report is older than the window."""
    start = today - timedelta(days=WINDOW_DAYS - 1)
    course: _Course | None = None
    for at, entry in enumerate(told):
        if entry.report.day < start:
            continue
        course = course or _Course(entry, Verdict.GO, Reason.GREEN)
        course.take(entry, *verdict_of(entry, told[:at]))
    if course is None:
        return None
    verdict, reason = course.on(today)
    is_grave = verdict is Verdict.STOP and course.entry.report.place.is_deep_front
    was_seen = is_grave and seen_at is not None and seen_at >= course.entry.reported_at
    asks = is_grave and not was_seen
    return PainState(
        verdict,
        reason,
        _sentence(reason, course.entry),
        gettext(AGREED) if was_seen else _act(verdict, reason, asks=asks),
        course.entry,
        asks,
    )


def _gravity(state: PainState) -> tuple[int, bool, date]:
    day = state.entry.report.day if state.entry else date.min
    return state.verdict.rank, state.asks_professional, day


def _sentence(reason: Reason, entry: PainEntry) -> str:
    report = entry.report
    where = body_site_text(report.place, report.side)
    day = short_date(report.day)
    told = gettext("{worst}\xa0of\xa010 on {day} ({where})", worst=report.worst, day=day, where=where)
    return {
        Reason.GREEN: gettext("Your last report: {told}.", told=told),
        Reason.ALLOWED: gettext(
            "You reported {told}: within the pain scale’s limits if the next morning is calm.", told=told
        ),
        Reason.CALMING: gettext("You reported {told}, then a calm day.", told=told),
        Reason.UNHEARD: gettext("You reported {told}, and nothing since.", told=told),
        Reason.ABOVE_FIVE: gettext("You reported {told}; the scale says stop above 5.", told=told),
        Reason.DEEP_FRONT: gettext(
            "You reported {told}; for this part of the body the scale says stop above {most}.",
            told=told,
            most=GREEN,
        ),
        Reason.LIMP: gettext("You reported {told}, with a limp.", told=told),
        Reason.WORSE_MORNING: gettext(
            "The morning after {day} it was {score}\xa0of\xa010 ({where}), more than usual.",
            day=day,
            score=report.next_morning,
            where=where,
        ),
        Reason.RISING: gettext("You reported {told}, more than in the week before.", told=told),
    }[reason]


def _act(verdict: Verdict, reason: Reason, *, asks: bool) -> str:
    if asks:
        return gettext("Stop running, and see a sports physician or physiotherapist within days.")
    if reason is Reason.UNHEARD:
        return gettext("Log how it feels now; the advice stays the same until a calm day is logged.")
    return {
        Verdict.GO: no_pain().act,
        Verdict.HOLD: gettext(
            "Keep runs no longer and no faster than your last ones, and log the next morning."
        ),
        Verdict.STOP: gettext("Stop running until the pain is at 2 of 10 or less, then return step by step."),
    }[verdict]
