"""An alert together with its text, its evidence and the routines that fit it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from alerts.alert.alert import Finding, is_open
from alerts.care.catalogue.alert_rates import Rate
from alerts.care.catalogue.catalogue import Advice
from alerts.explanation.alert_text import Story
from alerts.explanation.grounds import NO_GROUNDS, Grounds
from alerts.explanation.grouping import causes_of
from alerts.text.i18n import lowered, say
from alerts.text.units import short_date


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding with its words and its advice; ``also`` are those that it is told together with.

    ``lead`` is the one that leads their story where it is another. ``grounds``, and the ``rate`` at which its
    rule speaks to those who run as often, are looked up for the page that explains it from end to end.
    """

    finding: Finding
    story: Story
    advice: Advice
    also: tuple[Finding, ...] = ()
    lead: Finding | None = None
    grounds: Grounds = NO_GROUNDS
    rate: Rate | None = None


def leading(explained: Iterable[Explained], among: Iterable[Explained] = ()) -> list[Explained]:
    """Only the leading finding of each cause, whose words name the others; in the order they came in.

    The others may be ``among`` what is not told by itself any more: a story may have begun before.
    """
    by_key = {one.finding.key: one for one in explained}
    every = {one.finding.key: one for one in among} | by_key
    causes = causes_of((o.finding for o in by_key.values()), (o.finding for o in every.values()))
    also = {cause.lead.key: [every[other.key] for other in cause.also] for cause in causes}
    return [with_others(one, also[key]) for key, one in by_key.items() if key in also]


def with_others(lead: Explained, others: Sequence[Explained]) -> Explained:
    """A finding whose words name those beside it."""
    if not others:
        return lead
    sentence = f"{lead.story.sentence} {_beside(lead.finding, others)}"
    story = dataclasses.replace(lead.story, sentence=sentence)
    return dataclasses.replace(lead, story=story, also=tuple(one.finding for one in others))


def _beside(lead: Finding, others: Iterable[Explained]) -> str:
    """What other rules say, by their titles, and when the same rule spoke; days that are not the lead's."""
    titles, days = [], []
    for story, finding in sorted(((one.story, one.finding) for one in others), key=lambda pair: pair[1].day):
        day = short_date(finding.day, today=lead.day)
        if finding.kind == lead.kind:
            days.append(day)
        elif finding.day == lead.day:
            titles.append(lowered(story.title))
        else:
            titles.append(say("{what} ({day})", what=lowered(story.title), day=day))
    shown = [say("The same running also shows: {others}.", others="; ".join(titles))] if titles else []
    again = [say("The same rule spoke of these days, too: {days}.", days=", ".join(days))] if days else []
    return " ".join((*shown, *again))


def open_on(today: date, findings: Iterable[Explained]) -> list[Explained]:
    """Those that are open, gravest first, then latest first."""
    opened = [explained for explained in findings if is_open(explained.finding, today)]
    return sorted(opened, key=lambda e: (e.finding.level, e.finding.day), reverse=True)
