"""Numbers and days in German: comma and point change places, days and months have their own names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from alerts.text.i18n import use_language
from alerts.text.units import (
    IMPERIAL,
    NBSP,
    cadence,
    distance,
    distance_within,
    hard_minutes,
    height,
    minutes,
    month_name,
    month_of_year,
    number,
    pace,
    plain_date,
    short_date,
    weekday,
)

MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with use_language("de"):
        yield


@pytest.mark.parametrize(
    ("gettext", "expected"),
    [
        (lambda: distance(11_430), "11,4 km"),
        (lambda: distance(1_240_000), "1.240,0 km"),
        (lambda: distance(16_093.44, IMPERIAL), "10,0 mi"),
        (lambda: distance_within(11_660), "11,6 km"),
        (lambda: height(2_690), "2.690 m"),
        (lambda: number(1.25, ".2f"), "1,25"),
        (lambda: pace(2.7778), "6:00 min/km"),
        (lambda: minutes(1), "1 Minute"),
        (lambda: minutes(62), "62 Minuten"),
        (lambda: minutes(125), "2 h 05 min"),
        (lambda: hard_minutes(62), "62 intensive Minuten"),
        (lambda: cadence(171), "171 Schritte pro Minute"),
        (lambda: weekday(MONDAY), "Montag"),
        (lambda: short_date(MONDAY), "Mo. 23. Nov."),
        (lambda: plain_date(date(2023, 3, 3), today=MONDAY), "3. März 2023"),
        (lambda: month_name(date(2026, 3, 1)), "März"),
        (lambda: month_of_year(MONDAY), "November 2026"),
    ],
)
def test_german_is_written_as_germans_write_it(gettext: Callable[[], str], expected: str) -> None:
    assert gettext().replace(NBSP, " ") == expected


def test_no_line_ends_between_a_number_and_its_unit() -> None:
    assert " " not in distance(11_430) + minutes(62) + short_date(MONDAY)
