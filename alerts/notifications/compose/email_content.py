"""Renders alerts as an email: subject, text and HTML from three templates that receive finished strings.

The text part makes sense alone. The subject says nothing about health: it is read over shoulders.
"""

from __future__ import annotations

import functools
import hashlib
import re
import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.errors import MessageError
from email.message import EmailMessage

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.alert.alert import Alert
from alerts.care.catalogue.catalogue import Advice
from alerts.errors import EmailError
from alerts.explanation.alert_text import AlertText
from alerts.notifications.compose.email_parts import Answering, Opening, entry, pick_routines, section
from alerts.notifications.compose.week_chart_png import WeekChart
from alerts.text.i18n import gettext, gettext_noop, install_gettext
from alerts.text.units import Units

PARTS = ("subject.txt", "txt", "html")
COLUMNS = 72
NAME_AT_MOST = 60
DISCLAIMER = gettext_noop("This is general information, not medical advice.")
WHY = gettext_noop("because one of its rules was triggered by your runs.")
LONGEST_LINE = 990
PICTURE_ID = "weeks@hipwatch.invalid"
PICTURE_NAME = "weeks.png"
HOW_TO_STOP = gettext_noop("To stop these emails, set enabled = false under [mail] in your settings file.")

# joiners that names in several scripts are written with; every other invisible character goes
JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"


@dataclass(frozen=True, slots=True)
class EmailAlert:
    """An alert with its text and advice."""

    alert: Alert
    alert_text: AlertText
    advice: Advice


@dataclass(frozen=True, slots=True)
class Email:
    """A rendered email without sender and recipient.

    ``picture`` is a PNG that its HTML shows; ``stop_url`` stops emails like it with one press.
    """

    subject: str
    text: str
    html: str
    picture: bytes | None = None
    stop_url: str | None = None


def write_email(  # noqa: PLR0913 - who, from whom, in which words; all by keyword
    told: Sequence[EmailAlert],
    *,
    to: str,
    sender: str,
    runner_name: str,
    dashboard_url: str | None,
    units: Units,
    today: date,
    opening: Opening | None = None,
    picture: WeekChart | None = None,
    answers: Answering | None = None,
    subject_tells: bool = False,
) -> Email:
    """Render one email about one or several alerts, the most severe first, with at most three routines.

    ``opening`` is what an email says before any alert, and with it an email needs none. The subject names
    what was found only where it ``subject_tells``.

    Raises
    ------
    EmailError
        If there is nothing to tell.
    """
    if not told and opening is None:
        raise EmailError("a letter needs a finding to tell")
    ordered = sorted(told, key=lambda one: (one.alert.level, one.alert.day), reverse=True)
    routines = pick_routines([one.advice for one in ordered])
    context = {
        "topic": _topic(ordered, opening),
        "opening": opening,
        "told_subject": ordered[0].alert_text.title if subject_tells and ordered else "",
        "picture": picture,
        "picture_id": PICTURE_ID,
        "name": plain_name(runner_name),
        "sections": [
            section(
                one.alert, one.alert_text, one.advice.evidence, is_first=at == 0, units=units, today=today
            )
            for at, one in enumerate(ordered)
        ],
        "entries": [entry(routine) for routine in routines],
        "shared_stop": ordered[0].advice.stop if any(r.shares_stop for r in routines) else "",
        "dashboard_url": dashboard_url if _is_web_address(dashboard_url) else None,
        "why": _why(opening, to=to, sender=sender),
        "how_to_stop": gettext(HOW_TO_STOP),
        "answers": answers,
        "disclaimer": gettext(DISCLAIMER),
    }
    render = {name: _environment().get_template(f"finding.{name}").render(context) for name in PARTS}
    return Email(
        subject=" ".join(render["subject.txt"].split()),
        text=render["txt"].strip() + "\n",
        html=_inliner().inline(render["html"]).strip() + "\n",
        picture=picture.png if picture else None,
        stop_url=answers.stop.url if answers else None,
    )


def _topic(told: Sequence[EmailAlert], opening: Opening | None) -> str:
    """The topic for the subject: what all alerts share, else "running"."""
    if opening:
        return opening.topic
    topics = {one.alert_text.topic for one in told}
    return topics.pop() if len(topics) == 1 else gettext("your recent running")


def _why(opening: Opening | None, *, to: str, sender: str) -> str:
    why = opening.why if opening else gettext(WHY)
    return _visible(gettext("Hipwatch ({sender}) sent this to {to} {why}", sender=sender, to=to, why=why))


def to_message(email: Email, *, to: str, sender: str, message_id: str, date: datetime) -> EmailMessage:
    """The email as a MIME message for one recipient, plain text first, HTML as the alternative.

    Raises
    ------
    EmailError
        If an address is not exactly one address, or a header would break its line.
    """
    message = EmailMessage()
    try:
        message["From"] = sender
        message["To"] = to
        message["Subject"] = email.subject
        message["Date"] = date
        message["Message-ID"] = message_id
        message["Auto-Submitted"] = "auto-generated"
        if email.stop_url:
            message["List-Unsubscribe"] = f"<{email.stop_url}>"
            if email.stop_url.startswith("https:"):  # RFC 8058 allows the one press over nothing else
                message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        addresses = [len(message[name].addresses) for name in ("From", "To")]
    except (ValueError, IndexError, MessageError) as error:  # the address parser raises all three
        raise EmailError(f"the letter cannot be addressed: {error}") from error
    if addresses != [1, 1]:
        raise EmailError("the letter needs exactly one sender and one recipient")
    # Named after the email, so that each attempt is the same to the byte; no encoded line can hold "=_".
    boundary = f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:24]}"
    message.set_content(email.text, cte="quoted-printable")
    message.add_alternative(email.html, subtype="html", cte="quoted-printable")
    message.set_boundary(boundary)
    if email.picture:
        _, html = message.iter_parts()
        html.add_related(
            email.picture, "image", "png", cid=f"<{PICTURE_ID}>", disposition="inline", filename=PICTURE_NAME
        )
        html.set_boundary(f"{boundary}_html")
    # An address longer than the usual line would be folded into encoded words, which no mail program presses.
    message.policy = message.policy.clone(max_line_length=LONGEST_LINE)
    return message


def plain_name(name: str) -> str:
    """A name on one line, without invisible characters, shortened to fit."""
    line = _visible(name)
    return line if len(line) <= NAME_AT_MOST else f"{line[: NAME_AT_MOST - 1].rstrip()}…"


def _visible(text: str) -> str:
    """Text on one line: line breaks, control and direction characters become single spaces."""
    shown = (" " if unicodedata.category(c)[0] in "CZ" and c not in JOINERS else c for c in text)
    return " ".join("".join(shown).split())


def _is_web_address(url: str | None) -> bool:
    return (
        url is not None and re.fullmatch(r"https?://[\w.~:/?#\[\]@!$&'()*+,;=%-]+", url, re.ASCII) is not None
    )


def _wrapped(text: str, indent: int = 0) -> str:
    """Wrap a paragraph of the text part; no-break spaces are kept, overlong words are cut."""
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
        loader=PackageLoader("alerts.notifications.compose"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["wrapped"] = _wrapped
    install_gettext(environment)
    return environment


@functools.cache
def _inliner() -> css_inline.CSSInliner:
    # the media query for dark mode lives in the style block and would be dropped by default
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
