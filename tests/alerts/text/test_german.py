"""Findings, letters and calendars in German: the same facts, the same gate, in the runner's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from alert_factory import KINDS, SUNDAY, alert
from alerts.alert.alert import Level
from alerts.explanation.alert_text import describe
from alerts.journal.calendar_urls import CalendarShows
from alerts.notifications.compose.digest import gathered
from alerts.notifications.compose.email_content import Email, EmailAlert, write_email
from alerts.text.i18n import use_language
from alerts.text.units import METRIC, NBSP
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.services import Services
from dashboard_client import TODAY, furnished, live_in, raise_flag
from german_words import GERMAN, forbidden_in_german, is_english, pieces_of, slips_in_german
from red_flag_words import email_about

EVERY = list(product(KINDS, Level, (True, False)))


@pytest.fixture
def german() -> Iterator[None]:
    with use_language("de"):
        yield


def told(kind: str, level: Level = Level.CAUTION, *, is_rise: bool = True) -> EmailAlert:
    seen = alert(kind, level, observed=None if is_rise else 1.0)
    advice = GERMAN.advise(seen)
    return EmailAlert(seen, describe(seen, advice.evidence, today=SUNDAY + timedelta(days=1)), advice)


def email(kind: str, level: Level, *, is_rise: bool) -> Email:
    return write_email(
        [told(kind, level, is_rise=is_rise)],
        to="ada@example.org",
        sender="hipwatch@example.org",
        runner_name="Ada",
        dashboard_url="https://hipwatch.example.org",
        units=METRIC,
        today=SUNDAY + timedelta(days=1),
    )


@pytest.mark.usefixtures("german")
def test_a_finding_says_its_facts_in_german() -> None:
    alert_text = told("single_run_spike").alert_text

    assert alert_text.sentence.replace(NBSP, " ") == (
        "Dein Lauf vom Sonntag (14,2 km) war 34 % länger als dein längster Lauf der 30 Tage davor "
        "(10,6 km, 3. Mai)."
    )
    assert alert_text.act.replace(NBSP, " ") == (
        "Ruh dich bis Mittwoch aus oder lauf höchstens 30 Minuten ganz locker."
    )


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(("kind", "level", "is_rise"), EVERY)
def test_no_german_letter_says_what_is_never_said(kind: str, level: Level, *, is_rise: bool) -> None:
    written = email(kind, level, is_rise=is_rise)

    assert forbidden_in_german(f"{written.subject} {written.text}") == []


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("kind", KINDS)
def test_no_line_of_a_german_letter_is_english(kind: str) -> None:
    written = email(kind, Level.CAUTION, is_rise=True)
    plain = re.sub(r"<style>.*?</style>", "", written.html, flags=re.DOTALL)

    assert [piece for piece in (written.subject, *pieces_of(plain)) if is_english(piece)] == []
    assert '<html lang="de">' in written.html


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_numbers_are_told_in_both_languages(kind: str) -> None:
    seen = alert(kind)
    with use_language("de"):
        here = describe(seen, GERMAN.evidence[kind]).sentence
    there = describe(seen, GERMAN.evidence[kind]).sentence

    assert figures(here) == figures(there)


def figures(text: str) -> list[float]:
    """The numbers of a sentence, smallest first; none of these has thousands."""
    return sorted(float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", text))


@pytest.mark.parametrize("routine", [r for r in GERMAN.routines.values() if not r.is_own], ids=lambda r: r.id)
def test_no_german_routine_promises_anything(routine: object) -> None:
    assert forbidden_in_german(str(routine)) == []


def test_every_german_stop_rule_still_stops() -> None:
    shared = [routine for routine in GERMAN.routines.values() if routine.shares_stop]

    assert shared
    assert all(routine.stop.startswith(GERMAN.stop) for routine in shared)
    assert "über 5 von 10" in GERMAN.stop
    assert "über 2 von 10" in GERMAN.stop


def test_a_letter_speaks_its_runners_language_whoever_asks_for_it(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    long_run = ordinary_run(days_before(1), distance_m=14_000.0, duration_s=2_700)
    with open_house(tmp_path, mailer=mailer, runner={"language": "de"}) as services:
        lay_into(services.home.inbox, [*steady_weeks(), long_run])
        services.runner_service.inbox.scan()
        with use_language("en"):
            services.runner_service.tick(NOW)
    body = mailer.emails[0].get_body(("plain",))

    assert body is not None
    assert body.get_content().startswith("Hallo Ada,")


@pytest.mark.usefixtures("german")
def test_a_gathered_letter_opens_in_german() -> None:
    opening = gathered(2)

    assert [
        line for line in (opening.title, opening.topic, *opening.lines, opening.why) if is_english(line)
    ] == []


@pytest.fixture
def calendars(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The calendar of a German runner before and after a red flag."""
    with furnished(tmp_path, runner={"language": "de"}) as services:
        live_in(services)
        care_service = services.care_service
        token = care_service.journal.calendar.issue(
            CalendarShows(distances=True, routines=True, health=True), now=NOW
        )
        before = care_service.calendar(token, NOW) or ""
        raise_flag(services)
        after = care_service.calendar(token, NOW) or ""
        yield before.replace("\r\n ", ""), after.replace("\r\n ", "")


def test_a_german_calendar_falls_silent_under_a_red_flag(calendars: tuple[str, str]) -> None:
    before, after = calendars

    assert slips_in_german(before) != []
    assert slips_in_german(after) == []


def german_emails(services: Services) -> dict[str, str]:
    """A letter about each kind of finding, in what may be said in that house now."""
    written = {}
    for kind in KINDS:
        written[kind] = email_about(services.runner_service.explain(alert(kind, day=TODAY), TODAY), TODAY)
    return written


@pytest.mark.usefixtures("german")
def test_no_german_letter_sends_anybody_out_to_run_under_a_red_flag(tmp_path: Path) -> None:
    with furnished(tmp_path) as services:
        before = german_emails(services)
        raise_flag(services)
        after = german_emails(services)

    assert [kind for kind, text in before.items() if not slips_in_german(text)] == []
    assert {kind: said for kind, text in after.items() if (said := slips_in_german(text))} == {}
    assert all("Lass es in den nächsten Tagen ansehen" in text for text in after.values())
