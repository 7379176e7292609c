"""The calendar feed: RFC 5545 to the octet, lasting names, and no more than the runner shows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.care.pain.advice_gate import AdviceGate
from alerts.care.pain.pain_state import assess_diary
from alerts.care.plan.calendar_feed import (
    NEUTRAL,
    CalendarEvent,
    Coming,
    escaped,
    events,
    folded,
    write_calendar,
)
from alerts.care.plan.long_run_plan import build_long_run_plan
from alerts.care.plan.routine_plan import RoutineCircumstances, plan_routines
from alerts.care.plan.running_advice import circumstances_of
from alerts.detectors.single_run import SingleRunSpike
from alerts.journal.calendar_urls import CalendarShows
from alerts.journal.entries import PlannedRun, RunKind
from pain_diaries import CARE, SILENT, SPEAKING, TODAY, told
from training_days_builder import every, history, on, rule

NOW = datetime(2024, 5, 12, 18, 0, 30, tzinfo=UTC)
EVERYTHING = CalendarShows(distances=True, routines=True, health=True)
NOTHING = CalendarShows(distances=False, routines=False, health=False)
RACE = PlannedRun(on(70), 21_097.5, RunKind.RACE, "Half; by the sea, at last", id=4)

text = st.text(st.characters(codec="utf-8"), max_size=120)


def coming() -> Coming:
    about = circumstances_of(history(every(2, 63), today=63), rule(SingleRunSpike), planned=[RACE])
    ladder = build_long_run_plan(about, gate=SPEAKING)
    return Coming(on(63), ladder, None, plan_routines(CARE, RoutineCircumstances(TODAY), SPEAKING))


def written(shows: CalendarShows, gate: AdviceGate = SPEAKING) -> str:
    listed = events(coming(), shows=shows, gate=gate)
    return write_calendar(listed, name="Hipwatch", runner_id=1, now=NOW)


def unfolded(calendar: str) -> list[str]:
    return calendar.replace("\r\n ", "").split("\r\n")[:-1]


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


def test_it_opens_and_closes_as_the_standard_asks() -> None:
    lines = unfolded(written(EVERYTHING))

    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hipwatch//Hipwatch//EN"]
    assert lines[-1] == "END:VCALENDAR"
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") > 0


def test_every_event_has_what_the_standard_requires_once() -> None:
    for event in written(EVERYTHING).replace("\r\n ", "").split("BEGIN:VEVENT")[1:]:
        names = [re.split("[;:]", line)[0] for line in event.strip().split("\r\n")]
        assert [names.count(name) for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY")] == [1] * 5


def test_days_are_dates_and_the_stamp_is_utc() -> None:
    lines = unfolded(write_calendar([CalendarEvent("easy", TODAY, "Run")], name="H", runner_id=1, now=NOW))

    assert "DTSTART;VALUE=DATE:20240512" in lines
    assert "DTEND;VALUE=DATE:20240513" in lines
    assert "DTSTAMP:20240512T180030Z" in lines


def test_names_last_and_differ() -> None:
    names = re.findall(r"UID:(\S+)", written(EVERYTHING))
    later = re.findall(
        r"UID:(\S+)",
        write_calendar(
            events(coming(), shows=NOTHING, gate=SPEAKING),
            name="Hipwatch",
            runner_id=1,
            now=NOW + timedelta(days=1),
        ),
    )

    assert len(set(names)) == len(names)
    assert set(later) <= set(names)


@given(text.filter(lambda t: "\r\n" not in t))  # escaped before it is folded
def test_a_folded_line_has_75_octets_at_most_and_unfolds_to_itself(line: str) -> None:
    pieces = folded(line).split("\r\n")

    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert "".join([pieces[0], *(piece.removeprefix(" ") for piece in pieces[1:])]) == line


@given(text.filter(lambda t: t.isprintable()))
def test_escaped_text_reads_back(plain: str) -> None:
    assert unescaped(escaped(plain)) == plain


@given(text)
def test_no_text_breaks_out_of_its_line(hostile: str) -> None:
    event = CalendarEvent("easy", TODAY, hostile, hostile)
    lines = unfolded(write_calendar([event], name=hostile, runner_id=1, now=NOW))

    assert sum(line == "BEGIN:VEVENT" for line in lines) == 1
    assert all(re.match(r"[A-Z-]+[:;]", line) for line in lines)


def test_a_calendar_without_distances_names_none() -> None:
    assert not re.search(r"\d km|10 %", written(NOTHING).replace("\N{NO-BREAK SPACE}", " "))


def test_routines_are_shown_only_where_asked_for() -> None:
    titles = [CARE.routines["PROG-HIPCORE"].title in written(shows) for shows in (NOTHING, EVERYTHING)]

    assert titles == [False, True]


def test_a_planned_race_stands_under_its_name() -> None:
    assert "SUMMARY:Half\\; by the sea\\, at last" in unfolded(written(NOTHING))


@pytest.mark.parametrize("gate", [SILENT, AdviceGate(pain=assess_diary([told(0, 8)], TODAY))])
def test_pain_leaves_one_neutral_event(gate: AdviceGate) -> None:
    listed = events(coming(), shows=NOTHING, gate=gate)

    assert [(event.day, event.summary, event.description) for event in listed] == [(on(63), NEUTRAL, "")]


def test_who_shows_health_reads_the_professional_advice() -> None:
    listed = events(coming(), shows=EVERYTHING, gate=SILENT)

    assert [event.summary for event in listed] == ["Have it seen within days"]
