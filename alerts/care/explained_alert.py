"""An alert together with its text, its evidence and the routines that fit it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from alerts.alert.alert import Alert, is_open
from alerts.care.catalogue.alert_rates import AlertRate
from alerts.care.catalogue.catalogue import Advice
from alerts.explanation.alert_basis import NO_GROUNDS, AlertBasis
from alerts.explanation.alert_text import AlertText
from alerts.explanation.grouping import groups_of
from alerts.text.i18n import gettext, lower_first
from alerts.text.units import short_date


@dataclass(frozen=True, slots=True)
class ExplainedAlert:
    """An alert with its text and advice; ``also`` are the other alerts of its group.

    ``lead`` is the one that leads their story where it is another. ``grounds``, and the ``rate`` at which its
    rule speaks to those who run as often, are looked up for the page that explains it from end to end.
    """

    alert: Alert
    alert_text: AlertText
    advice: Advice
    also: tuple[Alert, ...] = ()
    lead: Alert | None = None
    grounds: AlertBasis = NO_GROUNDS
    rate: AlertRate | None = None


def group_leads(
    explained: Iterable[ExplainedAlert], among: Iterable[ExplainedAlert] = ()
) -> list[ExplainedAlert]:
    """The leading alert of each group, whose text names the others; in input order.

    The others may be ``among`` what is not told by itself any more: a story may have begun before.
    """
    by_key = {one.alert.key: one for one in explained}
    every = {one.alert.key: one for one in among} | by_key
    groups = groups_of((o.alert for o in by_key.values()), (o.alert for o in every.values()))
    also = {group.lead.key: [every[other.key] for other in group.also] for group in groups}
    return [with_grouped(one, also[key]) for key, one in by_key.items() if key in also]


def with_grouped(lead: ExplainedAlert, others: Sequence[ExplainedAlert]) -> ExplainedAlert:
    """An alert whose text names the other alerts of its group."""
    if not others:
        return lead
    sentence = f"{lead.alert_text.sentence} {_beside(lead.alert, others)}"
    alert_text = dataclasses.replace(lead.alert_text, sentence=sentence)
    return dataclasses.replace(lead, alert_text=alert_text, also=tuple(one.alert for one in others))


def _beside(lead: Alert, others: Iterable[ExplainedAlert]) -> str:
    """The titles of other rules' alerts and the other days of the same rule; past days are named so."""
    titles, days = [], []
    for alert_text, alert in sorted(
        ((one.alert_text, one.alert) for one in others), key=lambda pair: pair[1].day
    ):
        day = short_date(alert.day, today=lead.day)
        if alert.kind == lead.kind:
            days.append(day)
        elif alert.day == lead.day:
            titles.append(lower_first(alert_text.title))
        else:
            titles.append(gettext("{what} ({day})", what=lower_first(alert_text.title), day=day))
    shown = [gettext("The same running also shows: {others}.", others="; ".join(titles))] if titles else []
    again = [gettext("The same rule also fired on these days: {days}.", days=", ".join(days))] if days else []
    return " ".join((*shown, *again))


def open_alerts_on(today: date, alerts: Iterable[ExplainedAlert]) -> list[ExplainedAlert]:
    """Open alerts, the most severe first, then the latest."""
    opened = [explained for explained in alerts if is_open(explained.alert, today)]
    return sorted(opened, key=lambda e: (e.alert.level, e.alert.day), reverse=True)
