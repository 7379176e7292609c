"""The parts of an email as finished strings, so that templates only do layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, zip_longest
from types import MappingProxyType

from alerts.alert.alert import Alert, Level
from alerts.alert.evidence import Evidence
from alerts.care.catalogue.catalogue import Advice, Routine
from alerts.explanation.alert_text import AlertText
from alerts.text.i18n import gettext, gettext_noop
from alerts.text.units import Units, distance, minutes, short_date

ROUTINES_AT_MOST = 3
BAR_COLUMNS = 32

STATES: Mapping[Level, tuple[str, str]] = MappingProxyType(
    {
        Level.INFO: ("●", gettext_noop("For information")),
        Level.NOTICE: ("◆", gettext_noop("Notice")),
        Level.CAUTION: ("▲", gettext_noop("Caution")),
        Level.HIGH: ("▲", gettext_noop("High caution")),
    }
)
"""Shape and word of a level. The square and the red are kept for the stop rule."""

BAR_LABELS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "single_run_spike": (gettext_noop("This run"), gettext_noop("Longest run of the 30 days before")),
        "two_week_ramp": (gettext_noop("These 14 days"), gettext_noop("14 days before, on average")),
        "hard_minutes_spike": (
            gettext_noop("Hard minutes now"),
            gettext_noop("Most of the six weeks before"),
        ),
    }
)
"""What the two bars of an alert are called; a kind without zero-based bars has no picture."""


@dataclass(frozen=True, slots=True)
class EmailBar:
    """One of the two bars that compare now with before."""

    label: str
    amount: str
    width_percent: int
    is_now: bool

    @property
    def drawn(self) -> str:
        """The bar as characters, for the text part."""
        return "=" * max(1, round(BAR_COLUMNS * self.width_percent / 100))


@dataclass(frozen=True, slots=True)
class EmailSection:
    """The part of an email about one alert."""

    level: str
    shape: str
    state: str
    date: str
    title: str
    sentence: str
    act_label: str
    act: str
    bars: tuple[EmailBar, ...]
    study: str
    quiet: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class EmailRoutine:
    """The part of an email about one routine; ``stop`` is empty if only the shared stop rule applies."""

    title: str
    steps: tuple[str, ...]
    dose: str
    evidence: str
    stop: str


@dataclass(frozen=True, slots=True)
class Opening:
    """The part before any alert: topic, title, lines, and why the email was sent."""

    topic: str
    title: str
    lines: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """A link that answers the email."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Answering:
    """The answer links of an email; ``stop`` ends emails of this kind, ``stop_all`` all emails."""

    links: tuple[AnswerLink, ...]
    stop: AnswerLink
    stop_all: AnswerLink


def section(  # noqa: PLR0913 - an alert, its words, its evidence, and how to tell them
    alert: Alert, alert_text: AlertText, evidence: Evidence, *, is_first: bool, units: Units, today: date
) -> EmailSection:
    """Build the section about one alert."""
    shape, state = STATES[alert.level]
    return EmailSection(
        level=alert.level.word,
        shape=shape,
        state=gettext(state),
        date=short_date(alert.day, today=today),
        title=alert_text.title,
        sentence=alert_text.sentence,
        act_label=gettext("What to do") if is_first else gettext("Also"),
        act=alert_text.act,
        bars=_bars(alert, units),
        study=alert_text.study,
        quiet=alert_text.quiet,
        evidence=evidence,
    )


def _bars(alert: Alert, units: Units) -> tuple[EmailBar, ...]:
    """Bars for now and before, both from zero; empty if they would show no difference."""
    if alert.kind not in BAR_LABELS or alert.observed <= 0:
        return ()
    longest = max(alert.observed, alert.expected)
    values = (alert.observed, alert.expected)
    return tuple(
        EmailBar(
            label=gettext(label),
            amount=distance(value, units) if alert.unit == "m" else minutes(value),
            width_percent=max(1, round(100 * value / longest)),
            is_now=is_now,
        )
        for label, value, is_now in zip(BAR_LABELS[alert.kind], values, (True, False), strict=True)
    )


def pick_routines(advices: Sequence[Advice]) -> list[Routine]:
    """The first routine of each alert before any second one, without repeats, at most three."""
    rounds = chain.from_iterable(zip_longest(*(advice.routines for advice in advices)))
    return list({routine.id: routine for routine in rounds if routine}.values())[:ROUTINES_AT_MOST]


def entry(routine: Routine) -> EmailRoutine:
    """Build the part about one routine."""
    return EmailRoutine(
        title=routine.title,
        steps=routine.steps,
        dose=routine.dose,
        evidence=routine.evidence,
        stop=routine.stop_own if routine.shares_stop else routine.stop,
    )
