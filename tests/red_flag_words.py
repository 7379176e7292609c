"""What a red flag silences: the words that send somebody out to run, and every routine, found in a text."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import date

from alerts.care.catalogue.catalogue import CareCatalogue, Routine
from alerts.care.catalogue.loading import load_care
from alerts.care.explained_alert import ExplainedAlert
from alerts.notifications.compose.email_content import EmailAlert, write_email
from alerts.text.units import METRIC, NBSP
from pain_diaries import CARE

RUN_ON = re.compile(
    r"within your range|\beasy (?:run|running|day|swimming|cycling)\b|\bup to \d[\d.,]* (?:km|mi)\b|"
    r"\brun at most\b|\brun as planned|"
    r"\bkeep your next|\bkeep runs|\bkeep it under|\brepeat\b|\bgo further\b|\bwalk as much|\bnext is step|"
    r"\bceiling\b|\bevery other day\b|\bshorten it|\bput it off|\bcome closer|\brun as you usually|"
    r"\bstart again\b|\bmake the next run\b|\breplace your next|\bcompare your next|\bin the next seven days|"
    r"\bwalk \d+ minutes|\brun \d+ minutes?, walk|\beasy, up to|\bstay within|\bhold the new length|"
    r"\bgo back to the length|\bno run planned|\beasy running only|"
    r"\d km (?:is|may|or less)\b|\blong, up\b|\bwalk and run\b|SUMMARY:Long|\bhip routine\b",
    re.IGNORECASE,
)
"""What sends somebody out to run, in the words that Hipwatch has for it."""


def email_about(explained: ExplainedAlert, today: date) -> str:
    """All that a letter about a finding says, in one line."""
    email = write_email(
        [EmailAlert(explained.alert, explained.alert_text, explained.advice)],
        to="ada@example.org",
        sender="hipwatch@example.org",
        runner_name="Ada",
        dashboard_url=None,
        units=METRIC,
        today=today,
    )
    return " ".join(f"{email.subject} {email.text} {email.html}".split())


def said_of(routine: Routine) -> tuple[str, ...]:
    """Everything by which a routine would be known again."""
    return (routine.id, routine.title, routine.purpose, routine.dose, *routine.steps)


def _any_of(care: CareCatalogue) -> re.Pattern[str]:
    """What gives away any entry but the professionals."""
    told = [
        re.escape(part.replace(NBSP, " "))
        for routine in care.routines.values()
        if not routine.id.startswith("PRO-")
        for part in said_of(routine)
    ]
    return re.compile(r"(?<!\w)(" + "|".join(told) + r")")


EXERCISES = _any_of(CARE)

GERMAN = _any_of(load_care(language="de"))


def slips(text: str) -> list[str]:
    """What of a text should not have passed: routines other than the professionals, and words to run on."""
    plain = text.replace(NBSP, " ")
    return RUN_ON.findall(plain) + EXERCISES.findall(plain)


def texts(value: object) -> Iterator[str]:
    """Every string inside a value, however deep."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from texts(key)
            yield from texts(part)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for part in value:
            yield from texts(part)


def german_slips(text: str) -> list[str]:
    """What of a text in German should not have passed."""
    return GERMAN.findall(text.replace(NBSP, " "))
