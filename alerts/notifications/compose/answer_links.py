"""The answer links at the end of an email; each does one thing and expires."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerts.notifications.answers import ALL, SORT_WORDS, EmailKind
from alerts.notifications.compose.email_content import EmailAlert
from alerts.notifications.compose.email_parts import Answering, AnswerLink, pick_routines
from alerts.notifications.compose.signed_links import Links, Purpose
from alerts.text.i18n import gettext, gettext_noop

SNOOZES = ((1, gettext_noop("one day")), (7, gettext_noop("one week")), (30, gettext_noop("one month")))
LONG_DAYS = 30
"""So long only the rule of the most severe alert is kept quiet, not every rule of the email."""


def answering(links: Links, told: Sequence[EmailAlert], *, sort: EmailKind, now: datetime) -> Answering:
    """Choose the answer links that fit an email of that kind about those alerts."""
    offered = [*_done(links, told, now), *_about_alerts(links, told, now)]
    if sort != "silence":
        offered.append(AnswerLink(gettext("Something hurts"), links.make(Purpose.HURTS, now=now)))
    return Answering(
        tuple(offered),
        AnswerLink(
            gettext("Stop {letters}", letters=gettext(SORT_WORDS[sort])),
            links.make(Purpose.STOP, sort, now=now),
        ),
        AnswerLink(gettext("Stop all emails"), links.make(Purpose.STOP, ALL, now=now)),
    )


def _done(links: Links, told: Sequence[EmailAlert], now: datetime) -> list[AnswerLink]:
    return [
        AnswerLink(
            gettext("Done today: {title}", title=routine.title), links.make(Purpose.DONE, routine.id, now=now)
        )
        for routine in pick_routines([one.advice for one in told])
        if routine.minutes
    ]


def _about_alerts(links: Links, told: Sequence[EmailAlert], now: datetime) -> list[AnswerLink]:
    if not told:
        return []
    kinds = list(dict.fromkeys(one.alert.kind for one in told))
    keys = [one.alert.key for one in told]
    offered = [
        AnswerLink(
            gettext("Mute for {time}", time=gettext(words)),
            links.make(Purpose.SNOOZE, str(days), *(kinds if days < LONG_DAYS else kinds[:1]), now=now),
        )
        for days, words in SNOOZES
    ]
    return [
        AnswerLink(gettext("This was useful"), links.make(Purpose.USEFUL, *keys, now=now)),
        AnswerLink(gettext("This was not useful"), links.make(Purpose.NOT_USEFUL, *keys, now=now)),
        *offered,
    ]
