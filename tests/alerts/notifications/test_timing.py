"""When letters are written and may arrive, in every zone and over every change of its clocks."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.notifications.policy.timing import CATCH_UP, NEVER_QUIET, QuietHours, SendTime, Timing

ZONES = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Lisbon",
    "Europe/Dublin",
    "Europe/Chisinau",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "America/Santiago",
    "America/Sao_Paulo",
    "Pacific/Pago_Pago",
]
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(21), time(7))
SUNDAY = 6
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of June 2026 in Berlin; the 7th is a Sunday."""
    return datetime(2026, 6, day, hour, minute, tzinfo=BERLIN)


def due(appointment: SendTime, moment: datetime, zone: ZoneInfo) -> date | None:
    """The local day of the appointment that is due."""
    met = appointment.latest(moment, zone)
    return met.astimezone(zone).date() if met else None


@pytest.mark.parametrize(
    ("hour", "minute", "is_quiet"),
    [(20, 59, False), (21, 0, True), (0, 0, True), (6, 59, True), (7, 0, False), (12, 0, False)],
)
def test_the_night_is_quiet_from_its_first_minute_to_its_last(
    hour: int, minute: int, *, is_quiet: bool
) -> None:
    assert NIGHT.include(at(7, hour, minute), BERLIN) is is_quiet


def test_hours_that_begin_when_they_end_are_never_quiet() -> None:
    assert not any(NEVER_QUIET.include(at(7, hour), BERLIN) for hour in range(24))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (at(7, 17, 59), None),
        (at(7, 18), date(2026, 6, 7)),
        (at(9, 5, 59), date(2026, 6, 7)),
        (at(9, 6, 1), None),
    ],
)
def test_a_weekly_letter_is_due_from_its_hour_and_caught_up_for_a_day_and_a_half(
    moment: datetime, day: date | None
) -> None:
    assert due(SendTime(time(18), SUNDAY), moment, BERLIN) == day


def test_a_letter_at_a_time_that_clocks_skip_is_due_when_they_have_skipped_it() -> None:
    skipped = SendTime(time(2, 30), SUNDAY)  # on 29 March 2026 clocks go from 2:00 to 3:00
    before, after = datetime(2026, 3, 29, 1, 29, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)

    assert (due(skipped, before, BERLIN), due(skipped, after, BERLIN)) == (None, date(2026, 3, 29))


@pytest.mark.parametrize("zone", ZONES)
def test_two_years_of_ticks_give_every_day_its_letter_and_none_twice(zone: str) -> None:
    daily = SendTime(time(2, 30))
    first = datetime(2025, 1, 1, 12, tzinfo=UTC)
    moments = [first + timedelta(minutes=30) * n for n in range(2 * 365 * 48)]
    days = [day for moment in moments[::5] if (day := due(daily, moment, ZoneInfo(zone)))]

    assert days == sorted(days)
    assert Counter(b - a for a, b in itertools.pairwise(days) if b != a).keys() == {timedelta(days=1)}


@settings(max_examples=100, deadline=None)
@given(
    moment=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - given their zone below
    zone=st.sampled_from(ZONES),
    begins=TIMES,
    ends=TIMES,
)
def test_quiet_hours_hold_a_letter_for_a_day_at_most_and_never_let_one_in(
    moment: datetime, zone: str, begins: time, ends: time
) -> None:
    timing = Timing(ZoneInfo(zone), quiet=QuietHours(begins, ends))
    now = moment.replace(tzinfo=UTC)
    ticks = [now + timedelta(minutes=n) for n in range(0, 26 * 60, 1)]
    arrives = next((tick for tick in ticks if timing.may_deliver(tick)), None)

    assert arrives is not None
    shown = arrives.astimezone(ZoneInfo(zone)).time()
    assert not (begins <= shown < ends if begins <= ends else shown >= begins or shown < ends)


@settings(max_examples=100, deadline=None)
@given(
    moment=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - given their zone below
    zone=st.sampled_from(ZONES),
    hour=TIMES,
    weekday=st.none() | st.integers(0, 6),
)
def test_what_is_due_was_met_and_is_not_old(
    moment: datetime, zone: str, hour: time, weekday: int | None
) -> None:
    now = moment.replace(tzinfo=UTC)
    met = SendTime(hour, weekday).latest(now, ZoneInfo(zone))
    if met is None:
        return

    assert timedelta(0) <= now - met <= CATCH_UP
    assert weekday in {None, met.astimezone(ZoneInfo(zone)).weekday()}


def test_a_letter_a_day_was_asked_for_and_a_weekly_one_was_not() -> None:
    daily, weekly = SendTime(time(18)), SendTime(time(18), SUNDAY)

    assert [Timing(BERLIN, digest=d).asked_daily for d in (daily, weekly, None)] == [True, False, False]
