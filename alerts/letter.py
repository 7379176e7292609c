"""Findings as a letter: subject, text and HTML from one triple of templates, with finished strings only.

The text part makes sense alone. The subject says nothing about health: it is read over shoulders.
"""

from __future__ import annotations

import functools
import re
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.errors import MessageError
from email.message import EmailMessage
from itertools import chain, zip_longest
from types import MappingProxyType

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.care.catalogue import Advice, Evidence, Routine
from alerts.errors import LetterError
from alerts.findings import Finding, Level
from alerts.units import Units, distance, minutes, short_date
from alerts.wording import Story

COLUMNS = 72
ROUTINES_AT_MOST = 3
NAME_AT_MOST = 60
BAR_COLUMNS = 32
DISCLAIMER = "This is general information, not medical advice."
HOW_TO_STOP = "To get no more of these letters, set enabled = false under [mail] in your settings file."

# joiners that names in several scripts are written with; every other invisible character goes
JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"

STATES: Mapping[Level, tuple[str, str]] = MappingProxyType(
    {
        Level.INFO: ("●", "For information"),
        Level.NOTICE: ("◆", "Notice"),
        Level.CAUTION: ("▲", "Caution"),
        Level.HIGH: ("▲", "High caution"),
    }
)
"""Shape and word of a level. The square and the red are kept for the stop rule."""

BAR_LABELS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "single_run_spike": ("This run", "Longest of the 30 days before"),
        "two_week_ramp": ("These 14 days", "14 days before, on average"),
        "hard_minutes_spike": ("Hard minutes now", "Most of the six weeks before"),
    }
)
"""What the two bars of a finding are called; a kind without zero-based bars has no picture."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with its words and what to do about it."""

    finding: Finding
    story: Story
    advice: Advice


@dataclass(frozen=True, slots=True)
class Letter:
    """A written letter, addressed to nobody yet."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Bar:
    label: str
    amount: str
    width_percent: int
    is_now: bool

    @property
    def drawn(self) -> str:
        """The bar in characters, for the text part."""
        return "=" * max(1, round(BAR_COLUMNS * self.width_percent / 100))


@dataclass(frozen=True, slots=True)
class _Section:
    """What a letter says of one finding."""

    level: str
    shape: str
    state: str
    date: str
    title: str
    sentence: str
    act_label: str
    act: str
    bars: tuple[_Bar, ...]
    study: str
    quiet: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a letter says of one routine; ``stop`` is empty where the shared rule is all there is."""

    title: str
    steps: tuple[str, ...]
    dose: str
    evidence: str
    stop: str


def write_letter(  # noqa: PLR0913 - who, from whom, in which words; all by keyword
    told: Sequence[Told],
    *,
    to: str,
    sender: str,
    runner_name: str,
    dashboard_url: str | None,
    units: Units,
    today: date,
) -> Letter:
    """Write one letter about one or several findings, the gravest first, with three routines at most.

    Raises
    ------
    LetterError
        If there is nothing to tell.
    """
    if not told:
        raise LetterError("a letter needs a finding to tell")
    ordered = sorted(told, key=lambda one: (one.finding.level, one.finding.day), reverse=True)
    routines = _routines([one.advice for one in ordered])
    topics = {one.story.topic for one in ordered}
    context = {
        "topic": topics.pop() if len(topics) == 1 else "your recent running",
        "name": plain_name(runner_name),
        "sections": [_section(one, at, units=units, today=today) for at, one in enumerate(ordered)],
        "entries": [_entry(routine) for routine in routines],
        "shared_stop": ordered[0].advice.stop if any(r.shares_stop for r in routines) else "",
        "dashboard_url": dashboard_url if _is_web_address(dashboard_url) else None,
        "why": f"Hipwatch ({sender}) wrote this to {to}, because a rule saw it in your own runs.",
        "how_to_stop": HOW_TO_STOP,
        "disclaimer": DISCLAIMER,
    }
    render = {name: _environment().get_template(f"finding.{name}").render(context) for name in PARTS}
    return Letter(
        subject=" ".join(render["subject.txt"].split()),
        text=render["txt"].strip() + "\n",
        html=_inliner().inline(render["html"]),
    )


PARTS = ("subject.txt", "txt", "html")


def to_message(letter: Letter, *, to: str, sender: str, message_id: str, date: datetime) -> EmailMessage:
    """Put a letter into an envelope for one recipient, plain text first, HTML as its alternative.

    Raises
    ------
    LetterError
        If an address is not exactly one address, or a header would break its line.
    """
    message = EmailMessage()
    try:
        message["From"] = sender
        message["To"] = to
        message["Subject"] = letter.subject
        message["Date"] = date
        message["Message-ID"] = message_id
        message["Auto-Submitted"] = "auto-generated"
        addresses = [len(message[name].addresses) for name in ("From", "To")]
    except (ValueError, IndexError, MessageError) as error:  # the address parser raises all three
        raise LetterError(f"the letter cannot be addressed: {error}") from error
    if addresses != [1, 1]:
        raise LetterError("the letter needs exactly one sender and one recipient")
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return message


def plain_name(name: str) -> str:
    """A name on one line, without what cannot be seen, and not longer than a line bears."""
    seen = "".join(
        " " if unicodedata.category(char)[0] in "CZ" and char not in JOINERS else char for char in name
    )
    return (
        textwrap.shorten(" ".join(seen.split()), NAME_AT_MOST, placeholder=" …")
        or seen.split()[0][:NAME_AT_MOST]
    )


def _section(told: Told, at: int, *, units: Units, today: date) -> _Section:
    finding, story = told.finding, told.story
    shape, state = STATES[finding.level]
    return _Section(
        level=finding.level.word,
        shape=shape,
        state=state,
        date=short_date(finding.day, today=today),
        title=story.title,
        sentence=story.sentence,
        act_label="Also" if at else "What to do",
        act=story.act,
        bars=_bars(finding, units),
        study=story.study,
        quiet=story.quiet,
        evidence=told.advice.evidence,
    )


def _bars(finding: Finding, units: Units) -> tuple[_Bar, ...]:
    """Now against before, both from zero; nothing where that would show no difference."""
    if finding.kind not in BAR_LABELS or finding.observed <= 0:
        return ()
    longest = max(finding.observed, finding.expected)
    values = (finding.observed, finding.expected)
    return tuple(
        _Bar(
            label=label,
            amount=distance(value, units) if finding.unit == "m" else minutes(value),
            width_percent=max(1, round(100 * value / longest)),
            is_now=is_now,
        )
        for label, value, is_now in zip(BAR_LABELS[finding.kind], values, (True, False), strict=True)
    )


def _routines(advices: Sequence[Advice]) -> list[Routine]:
    """Each finding's first entry before any finding's second, none twice, three at most."""
    rounds = chain.from_iterable(zip_longest(*(advice.routines for advice in advices)))
    return list({routine.id: routine for routine in rounds if routine}.values())[:ROUTINES_AT_MOST]


def _entry(routine: Routine) -> _Entry:
    return _Entry(
        title=routine.title,
        steps=routine.steps,
        dose=routine.dose,
        evidence=routine.evidence,
        stop=routine.stop_own if routine.shares_stop else routine.stop,
    )


def _is_web_address(url: str | None) -> bool:
    return url is not None and re.fullmatch(r"https?://[!-~]+", url) is not None


def _wrapped(text: str, indent: int = 0) -> str:
    """Wrap a paragraph of the text part; no-break spaces hold, and a word too long for a line is cut."""
    lead = len(text) - len(text.lstrip(" "))
    return textwrap.fill(
        re.sub(r"[\t\r\n\f\v ]+", " ", text.strip()),
        COLUMNS,
        initial_indent=" " * lead,
        subsequent_indent=" " * max(indent, lead),
        break_on_hyphens=False,
    )


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("alerts"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["wrapped"] = _wrapped
    return environment


@functools.cache
def _inliner() -> css_inline.CSSInliner:
    # the media query for dark mode lives in the style block and would be dropped by default
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
