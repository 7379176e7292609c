"""A routine that coincided with decreasing pain (no causal claim)."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alerts.care.catalogue.catalogue import Routine
from alerts.care.pain.pain_state import by_spot
from alerts.journal.body_sites import BodySite, Side, body_site_text
from alerts.journal.entries import PainEntry, RoutineDone
from alerts.text.i18n import capitalize_first, gettext
from alerts.text.units import plain_date

SPAN_DAYS = 14
ENTRIES_NEEDED = 2
DONE_NEEDED = 3
FALL_NEEDED = 1.0
"""Pain fell if its average over two weeks is so much lower than over the two before. [points of 10]"""


@dataclass(frozen=True, slots=True)
class RoutineEffect:
    """Decreasing pain at one body site, and a routine done in those four weeks."""

    place: BodySite
    side: Side
    before: float
    after: float
    routine: Routine
    times: int
    since: date

    @property
    def sentence(self) -> str:
        """Both facts in one sentence."""
        where = capitalize_first(body_site_text(self.place, self.side))
        return gettext(
            "{where}: {before}\xa0of\xa010 on average in the two weeks before {day}, {after} since. In "
            "these four weeks you did “{title}” {times} times. The two happened together; that doesn’t "
            "show that one caused the other.",
            where=where,
            before=f"{self.before:.0f}",
            day=plain_date(self.since),
            after=f"{self.after:.0f}",
            title=self.routine.title,
            times=self.times,
        )


def find_routine_effects(
    entries: Sequence[PainEntry],
    done: Sequence[RoutineDone],
    routines: Mapping[str, Routine],
    today: date,
) -> tuple[RoutineEffect, ...]:
    """Body sites where pain decreased in the last two weeks, with a routine done meanwhile.

    A spot needs ``ENTRIES_NEEDED`` reports in each span, a routine ``DONE_NEEDED`` days in both together.
    """
    since = today - timedelta(days=SPAN_DAYS - 1)
    first = since - timedelta(days=SPAN_DAYS)
    times = Counter(one.routine for one in done if first <= one.day <= today and one.routine in routines)
    if not times or times.most_common(1)[0][1] < DONE_NEEDED:
        return ()
    name, count = times.most_common(1)[0]
    found = []
    for (place, side), told in by_spot(e for e in entries if e.withdrawn_at is None).items():
        before = [e.report.worst for e in told if first <= e.report.day < since]
        after = [e.report.worst for e in told if since <= e.report.day <= today]
        if min(len(before), len(after)) < ENTRIES_NEEDED:
            continue
        low, high = statistics.fmean(after), statistics.fmean(before)
        if high - low >= FALL_NEEDED:
            found.append(RoutineEffect(place, side, high, low, routines[name], count, since))
    return tuple(found)
