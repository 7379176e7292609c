"""A month in whole weeks: every day once, in order, with what belongs to it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.journal.entries import RoutineDone
from alerts.views.month import Material, build_month, month_before, next_month
from ingest.analysis.summary import summarise
from ingest.storage.stored_activity import StoredActivity
from overview_samples import explained, spike
from support import recording_of_run

MAY = date(2024, 5, 1)
TODAY = date(2024, 5, 12)

MONTHS = st.dates(date(1990, 1, 1), date(2100, 12, 31)).map(lambda day: day.replace(day=1))


@given(first=MONTHS, week_start=st.sampled_from([0, 6]))
def test_a_month_is_whole_weeks_that_begin_where_the_runner_wants(first: date, week_start: int) -> None:
    weeks = build_month(first, Material(), today=TODAY, week_start=week_start).weeks

    assert {(len(week), week[0].day.weekday()) for week in weeks} == {(7, week_start)}


@given(first=MONTHS, week_start=st.sampled_from([0, 6]))
def test_a_month_holds_each_of_its_days_once(first: date, week_start: int) -> None:
    month = build_month(first, Material(), today=TODAY, week_start=week_start)
    length = (next_month(first) - first).days

    assert [day.day for day in month.days] == [first + timedelta(days=i) for i in range(length)]


@given(first=MONTHS)
def test_the_month_before_the_next_is_this_one(first: date) -> None:
    assert month_before(next_month(first)) == first


def test_a_day_holds_what_was_run_seen_and_done() -> None:
    activity = StoredActivity(7, summarise(recording_of_run(distance_m=8_000.0)))
    material = Material(
        activities=[(TODAY, activity)],
        alerts=[explained(spike(TODAY))],
        done=[RoutineDone("HIP-1", TODAY), RoutineDone("HIP-2", TODAY)],
    )
    day = build_month(MAY, material, today=TODAY).days[11]

    assert [outing.activity_id for outing in day.outings] == [7]
    assert [e.alert.day for e in day.alerts] == [TODAY]
    assert day.routines == 2
