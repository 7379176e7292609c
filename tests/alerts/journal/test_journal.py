"""The journal: what is typed is checked, kept, taken back and never another runner's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.errors import JournalError
from alerts.journal.body_sites import BodySite, Side
from alerts.journal.calendar_urls import CalendarShows
from alerts.journal.entries import NOTE_AT_MOST, PainReport, PlannedRun, RunKind, SeenTo, Shoe
from alerts.journal.journal import Journal
from alerts.runner.secret_urls import AddressError
from app_fixtures import migrated_database
from ingest.storage.database import Database
from ingest.storage.runner_record import RunnerRecord
from pain_diaries import CARE, NOES

NOW = datetime(2024, 5, 12, 18, 0, tzinfo=UTC)
TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)
REPORT = PainReport(TODAY, BodySite.GROIN, Side.LEFT, during=3, answers=NOES, note="Uphill.\nThen fine.")


@pytest.fixture
def journals(tmp_path: Path) -> Iterator[tuple[Journal, Journal]]:
    """Journals of two runners in one database."""
    file = tmp_path / "hipwatch.sqlite3"
    file.write_bytes(migrated_database())
    database = Database.open(f"sqlite:///{file}")
    for runner_id in (1, 2):
        RunnerRecord(database, runner_id).enroll(now=NOW)
    yield Journal(database, 1), Journal(database, 2)
    database.close()


@pytest.fixture
def journal(journals: tuple[Journal, Journal]) -> Journal:
    return journals[0]


def test_a_report_comes_back_as_it_was_told(journal: Journal) -> None:
    entry = journal.pain.report(REPORT, asked=CARE.red_flags, now=NOW, activity_id=7)

    assert journal.pain.since(TODAY) == [entry]
    assert (entry.report, entry.activity_id, entry.urgency) == (REPORT, 7, None)


def test_several_reports_of_a_day_are_kept(journal: Journal) -> None:
    for _ in range(3):
        journal.pain.report(REPORT, asked=CARE.red_flags, now=NOW)

    assert len(journal.pain.since(TODAY)) == 3


def test_a_report_without_a_score_is_refused() -> None:
    with pytest.raises(JournalError, match="how much it hurt"):
        PainReport(TODAY, BodySite.KNEE, Side.LEFT)


@pytest.mark.parametrize("score", [-1, 11, True, 3.5])
def test_a_score_off_the_scale_is_refused(score: int) -> None:
    with pytest.raises(JournalError, match="0 to 10"):
        PainReport(TODAY, BodySite.KNEE, Side.LEFT, during=score)


def test_a_place_that_is_not_on_the_figure_is_refused() -> None:
    with pytest.raises(JournalError, match="'moon' is not one of front, groin"):
        PainReport(TODAY, "moon", Side.LEFT, during=1)  # type: ignore[arg-type]


def test_no_answer_is_not_a_no(journal: Journal) -> None:
    silent = PainReport(TODAY, BodySite.KNEE, Side.LEFT, during=1)

    with pytest.raises(JournalError, match="answer every question"):
        journal.pain.report(silent, asked=CARE.red_flags, now=NOW)


@pytest.mark.parametrize(
    ("yes", "urgency"), [("fever", "urgent"), ("locking", "soon"), ("unasked", "urgent")]
)
def test_a_yes_is_kept_with_its_urgency(journal: Journal, yes: str, urgency: str) -> None:
    report = PainReport(TODAY, BodySite.KNEE, Side.LEFT, during=1, answers=NOES | {yes: True})
    journal.pain.report(report, asked=CARE.red_flags, now=NOW)

    assert [entry.urgency for entry in journal.pain.flagged()] == [urgency]


def test_the_morning_after_completes_an_entry(journal: Journal) -> None:
    entry = journal.pain.report(REPORT, asked=CARE.red_flags, now=NOW)
    journal.pain.add_next_morning(entry.id, 1)

    assert journal.pain.find(entry.id).report.scores == (3, None, 1)


def test_a_morning_off_the_scale_changes_nothing(journal: Journal) -> None:
    entry = journal.pain.report(REPORT, asked=CARE.red_flags, now=NOW)
    with pytest.raises(JournalError):
        journal.pain.add_next_morning(entry.id, 11)

    assert journal.pain.find(entry.id) == entry


def test_a_withdrawn_report_is_told_no_more(journal: Journal) -> None:
    entry = journal.pain.report(REPORT, asked=CARE.red_flags, now=NOW)
    journal.pain.withdraw(entry.id, now=NOW)

    assert journal.pain.since(TODAY) == []


def test_a_withdrawn_yes_is_still_known(journal: Journal) -> None:
    report = PainReport(TODAY, BodySite.KNEE, Side.LEFT, during=1, answers=NOES | {"fever": True})
    entry = journal.pain.report(report, asked=CARE.red_flags, now=NOW)
    journal.pain.withdraw(entry.id, now=NOW)

    assert [one.withdrawn_at for one in journal.pain.flagged()] == [NOW]


def test_a_note_longer_than_allowed_is_refused() -> None:
    with pytest.raises(JournalError, match="500 characters"):
        PainReport(TODAY, BodySite.KNEE, Side.LEFT, during=1, note="x" * (NOTE_AT_MOST + 1))


@given(st.text(max_size=200))
def test_a_note_keeps_no_control_and_no_direction_characters(note: str) -> None:
    kept = PainReport(TODAY, BodySite.KNEE, Side.LEFT, during=1, note=note).note

    assert not {"\x00", "\x1b", "\r", "\u202e", "\u200b"} & set(kept)


def test_seen_to_names_somebody() -> None:
    with pytest.raises(JournalError, match="say who"):
        SeenTo(TODAY, " ")


def test_seen_to_is_recorded_and_taken_back(journal: Journal) -> None:
    seen = journal.seen_to.add(SeenTo(TODAY, "Dr. Visser"), now=NOW)
    known = journal.seen_to.all()
    journal.seen_to.withdraw(seen.id, now=NOW)

    assert (known, journal.seen_to.all()) == ([seen], [])


def test_a_routine_is_done_once_a_day(journal: Journal) -> None:
    for _ in range(3):
        journal.routines.done("GLU-BRIDGE", TODAY, now=NOW)

    assert len(journal.routines.since(TODAY)) == 1


def test_a_tap_is_taken_back_and_made_again(journal: Journal) -> None:
    journal.routines.done("GLU-BRIDGE", TODAY, now=NOW)
    journal.routines.undo("GLU-BRIDGE", TODAY, now=NOW)
    undone = journal.routines.since(TODAY)
    journal.routines.done("GLU-BRIDGE", TODAY, now=NOW)

    assert (len(undone), len(journal.routines.since(TODAY))) == (0, 1)


def test_a_pair_is_kept_changed_and_retired(journal: Journal) -> None:
    shoe = journal.shoes.add(Shoe("Blue", YESTERDAY, note_at_m=700_000.0, default_for="trail"), now=NOW)
    journal.shoes.retire(shoe.id, TODAY)

    assert [(s.name, s.retired_on, s.default_for) for s in journal.shoes.all()] == [("Blue", TODAY, "trail")]


@pytest.mark.parametrize(
    "shoe",
    [
        {"name": " "},
        {"before_m": -1.0},
        {"before_m": float("nan")},
        {"note_at_m": 0.0},
        {"default_for": "swimming"},
        {"retired_on": YESTERDAY - timedelta(days=1)},
    ],
)
def test_a_pair_that_cannot_be_is_refused(shoe: dict[str, object]) -> None:
    with pytest.raises(JournalError):
        Shoe(**{"name": "Blue", "first_day": YESTERDAY, **shoe})  # type: ignore[arg-type]


def test_the_pair_of_a_run_is_chosen_and_left_to_the_rule_again(journal: Journal) -> None:
    shoe = journal.shoes.add(Shoe("Blue", YESTERDAY), now=NOW)
    journal.shoes.choose(5, shoe.id, now=NOW)
    chosen = journal.shoes.chosen()
    journal.shoes.choose(5, None, now=NOW)

    assert (chosen, journal.shoes.chosen()) == ({5: shoe.id}, {})


@pytest.mark.parametrize("distance_m", [0.0, -1.0, float("nan"), float("inf"), 1e9])
def test_a_planned_run_has_a_distance(distance_m: float) -> None:
    with pytest.raises(JournalError, match="distance"):
        PlannedRun(TODAY, distance_m)


def test_plans_come_in_order_of_their_day(journal: Journal) -> None:
    race = journal.planned.add(PlannedRun(date(2024, 6, 2), 21_097.5, RunKind.RACE, "Half"), now=NOW)
    run = journal.planned.add(PlannedRun(date(2024, 5, 20), 12_000.0), now=NOW)
    journal.planned.add(PlannedRun(YESTERDAY, 12_000.0), now=NOW)

    assert journal.planned.since(TODAY) == [run, race]


def test_a_calendar_address_opens_until_it_is_revoked(journal: Journal) -> None:
    token = journal.calendar.issue(CalendarShows(routines=True), now=NOW)
    opened = journal.calendar.opens(token)
    journal.calendar.revoke(journal.calendar.all()[0].id, now=NOW)

    assert opened == CalendarShows(routines=True)
    assert journal.calendar.opens(token) is None


def test_the_secret_of_an_address_is_not_kept(journal: Journal) -> None:
    token = journal.calendar.issue(CalendarShows(), now=NOW)
    with journal.database.reading() as connection:
        row = connection.exec_driver_sql("SELECT * FROM calendar").one()

    assert token not in map(str, row)


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "\ud800"])
def test_a_made_up_secret_opens_nothing(journal: Journal, token: str) -> None:
    journal.calendar.issue(CalendarShows(), now=NOW)

    assert journal.calendar.opens(token) is None


def test_nothing_of_one_runner_is_another_ones(journals: tuple[Journal, Journal]) -> None:
    mine, other = journals
    entry = mine.pain.report(REPORT, asked=CARE.red_flags, now=NOW)
    shoe = mine.shoes.add(Shoe("Blue", YESTERDAY), now=NOW)
    plan = mine.planned.add(PlannedRun(TODAY, 1_000.0), now=NOW)
    seen = mine.seen_to.add(SeenTo(TODAY, "Dr. Visser"), now=NOW)
    mine.routines.done("GLU-BRIDGE", TODAY, now=NOW)
    token = mine.calendar.issue(CalendarShows(), now=NOW)
    for change in (
        lambda: other.pain.withdraw(entry.id, now=NOW),
        lambda: other.pain.add_next_morning(entry.id, 0),
        lambda: other.shoes.retire(shoe.id, TODAY),
        lambda: other.shoes.change(shoe),
        lambda: other.shoes.choose(1, shoe.id, now=NOW),
        lambda: other.planned.withdraw(plan.id, now=NOW),
        lambda: other.seen_to.withdraw(seen.id, now=NOW),
        lambda: other.calendar.revoke(1, now=NOW),
    ):
        with pytest.raises((JournalError, AddressError)):
            change()
    other.routines.undo("GLU-BRIDGE", TODAY, now=NOW)

    assert [
        other.pain.since(date.min),
        other.shoes.all(),
        other.planned.since(date.min),
        other.seen_to.all(),
        other.routines.since(date.min),
        other.calendar.opens(token),
    ] == [[], [], [], [], [], None]
    assert len(mine.routines.since(TODAY)) == 1
