"""What was typed about pain, and about who looked at it, read with care: forms of pages and of letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from alerts.errors import JournalError
from alerts.journal.body_sites import Side
from alerts.journal.entries import NAME_AT_MOST, NOTE_AT_MOST, WORST, PainReport, SeenTo
from alerts.journal.red_flag import RedFlag
from alerts.text.i18n import gettext, gettext_noop
from web.charts.hip_diagram import VALUES
from web.http.forms import FormInput

LATE_DAYS = 60
"""So long ago a pain can still be told of: as far back as the diary is read."""

TIMES = (
    ("during", gettext_noop("During the run")),
    ("after", gettext_noop("After it")),
    ("next_morning", gettext_noop("The next morning")),
)
SCORES = tuple(str(score) for score in range(WORST + 1))


def times() -> tuple[tuple[str, str], ...]:
    """The three moments that are asked about, by the name of their field."""
    return tuple((name, gettext(words)) for name, words in TIMES)


def read_report(typed: FormInput, questions: Sequence[RedFlag], today: date) -> PainReport | None:
    """Make a report of what was typed; None where something is missing, with the message at its field."""
    spot = VALUES.get(typed.text("spot"))
    if spot is None:
        typed.problems["spot"] = gettext("Choose where it hurts, on the drawing or in the list.")
    day = _day(typed, today)
    scores = {name: _score(typed, name) for name, _ in TIMES}
    if all(score is None for score in scores.values()) and not typed.problems.keys() & scores.keys():
        typed.problems["during"] = gettext("Say how much it hurt, at least at one of the three times.")
    answers = _answers(typed, questions)
    _check_note(typed)
    if typed.problems or spot is None or day is None:
        return None
    return PainReport(
        day=day,
        place=spot.place,
        side=Side.BOTH if typed.has("both", "yes") else spot.side,
        **scores,
        limped=typed.has("limped", "yes"),
        answers=answers,
        note=typed.text("note"),
    )


def _score(typed: FormInput, name: str) -> int | None:
    value = typed.text(name)
    if not value:
        return None
    chosen = typed.choice(name, SCORES, gettext("Choose a number from 0 to 10."))
    return None if chosen is None else int(chosen)


def _answers(typed: FormInput, questions: Sequence[RedFlag]) -> dict[str, bool]:
    """An answer to every question; silence is no answer, and a yes beside "none" is none either."""
    answers = {flag.id: typed.has("flag", flag.id) for flag in questions}
    says_none = typed.has("flag", "none")
    if not says_none and not any(answers.values()):
        typed.problems["flag"] = gettext(
            "Tick what applies, or “None of these”; without an answer nothing is saved."
        )
    elif says_none and any(answers.values()):
        typed.problems["flag"] = gettext("You ticked “None of these” and another answer; choose one.")
    return answers


def read_seen(typed: FormInput, today: date) -> SeenTo | None:
    """Who looked at it, and when; None where something is missing."""
    day = _day(typed, today)
    by, nobody = (
        typed.text("by"),
        gettext("Say who examined you: a physician, a physiotherapist, a hospital."),
    )
    if not by:
        typed.problems["by"] = nobody
    if len(by) > NAME_AT_MOST:
        typed.problems["by"] = gettext("Keep the name under {most} characters.", most=NAME_AT_MOST)
    _check_note(typed)
    if typed.problems or day is None:
        return None
    try:
        return SeenTo(day, by, typed.text("note"))
    except JournalError:  # of characters that nobody sees nothing is left
        typed.problems["by"] = nobody
        return None


def _day(typed: FormInput, today: date) -> date | None:
    problem = gettext("Enter today or one of the last {days} days.", days=LATE_DAYS)
    return typed.day("day", first=today - timedelta(days=LATE_DAYS), last=today, problem=problem)


def _check_note(typed: FormInput) -> None:
    if len(typed.text("note")) > NOTE_AT_MOST:
        typed.problems["note"] = gettext("Keep the note under {most} characters.", most=NOTE_AT_MOST)
