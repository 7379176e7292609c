"""Times, days and numbers in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert_factory import alert
from alerts.alert.alert import Alert, Level
from alerts.detectors.registry import REGISTRY, detect
from alerts.explanation.alert_basis import ValueRange
from alerts.text.units import IMPERIAL, METRIC
from overview_samples import CADENCE, RAMP, TODAY, spike
from training_days_builder import OWN_EVENT, history, rules
from web.http.formatting import (
    NUMBERS,
    STATES,
    capitalize_first,
    count,
    duration,
    local_moment,
    named_numbers,
    no_alert_range_text,
    on_day,
    pace_or_speed,
    percent_change,
    quantity,
    relative_day,
    side_of,
    sport_name,
)


def plain(text: str) -> str:
    """Give the text with ordinary spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (TODAY, "today"),
        (TODAY - timedelta(days=1), "yesterday"),
        (TODAY - timedelta(days=2), "Fri 10 May"),
        (date(2023, 5, 12), "Fri 12 May 2023"),
    ],
)
def test_a_day_is_called_as_people_call_it(day: date, name: str) -> None:
    assert plain(relative_day(day, TODAY)) == name


def test_a_date_in_a_sentence_takes_its_preposition() -> None:
    assert [plain(on_day(TODAY - timedelta(days=n), TODAY)) for n in (0, 1, 2)] == [
        "today",
        "yesterday",
        "on Fri 10 May",
    ]


def test_a_moment_is_told_in_the_runner_s_own_zone() -> None:
    moment = datetime(2024, 5, 11, 23, 30, tzinfo=UTC)

    assert local_moment(moment, "Europe/Berlin", TODAY) == "today at 01:30"


@pytest.mark.parametrize(
    ("timer_s", "text"), [(0, "0:00"), (2_885.4, "48:05"), (3_599.6, "1:00:00"), (4_941, "1:22:21")]
)
def test_a_duration_reads_as_on_the_watch(timer_s: float, text: str) -> None:
    assert duration(timer_s) == text


@given(st.integers(0, 400_000))
def test_a_duration_keeps_every_second(timer_s: int) -> None:
    total = 0
    for part in duration(timer_s).split(":"):
        total = 60 * total + int(part)

    assert total == timer_s


@pytest.mark.parametrize(("n", "text"), [(0, "0 runs"), (1, "1 run"), (1_200, "1,200 runs")])
def test_one_thing_is_singular(n: int, text: str) -> None:
    assert plain(count(n, "run")) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (14_210.0, "m", "14.2 km"),
        (62.0, "min", "62 minutes"),
        (171.4, "1/min", "171 spm"),
        (2.78, "m/s", "6:00 min/km"),
        (-3.1, "%", "−3.1 %"),
    ],
)
def test_a_finding_s_number_is_told_in_a_person_s_unit(value: float, unit: str, text: str) -> None:
    assert plain(quantity(value, unit, METRIC)) == text


def test_miles_are_miles_throughout() -> None:
    assert plain(quantity(16_093.44, "m", IMPERIAL)) == "10.0 mi"


@pytest.mark.parametrize(
    ("sport", "text"), [("running", "6:00 min/km"), ("hiking", "6:00 min/km"), ("cycling", "10.0 km/h")]
)
def test_only_who_goes_on_foot_has_a_pace(sport: str, text: str) -> None:
    assert plain(pace_or_speed(sport, 10_000.0, 3_600.0, METRIC)) == text


@pytest.mark.parametrize(("distance_m", "timer_s"), [(None, 60.0), (0.0, 60.0), (1_000.0, 0.0)])
def test_a_pace_that_is_not_known_is_a_dash(distance_m: float | None, timer_s: float) -> None:
    assert pace_or_speed("running", distance_m, timer_s, METRIC) == "–"


@pytest.mark.parametrize(
    ("band", "unit", "text"),
    [
        (ValueRange(167.5, 174.3), "1/min", "168 to 174 spm"),
        (ValueRange(48.61, 51.59), "%", "48.7 to 51.5 %"),
        (ValueRange(low=-3.0), "%", "−3 % and more"),
        (ValueRange(high=2.0), "runs", "up to 2 runs"),
    ],
)
def test_where_a_rule_is_quiet_is_rounded_inwards(band: ValueRange, unit: str, text: str) -> None:
    assert plain(no_alert_range_text(band, unit, METRIC)) == text


@pytest.mark.parametrize(
    ("observed", "expected", "text"), [(13.4, 10, "34 % more"), (9.7, 10, "3 % less"), (5, 0, "–")]
)
def test_a_difference_says_its_direction(observed: float, expected: float, text: str) -> None:
    assert plain(percent_change(observed, expected)) == text


@pytest.mark.parametrize("alert", [spike(), CADENCE, RAMP])
def test_no_number_of_a_finding_shows_its_name_in_the_code(alert: Alert) -> None:
    names = [name for name, _ in named_numbers(alert, METRIC)]

    assert not any("_" in name for name in names)


@pytest.mark.parametrize("kind", REGISTRY)
def test_every_number_of_every_rule_has_a_name_of_its_own(kind: str) -> None:
    found = [f for f in detect(history(OWN_EVENT[kind]), rules()) if f.kind == kind]
    stems = {name.rpartition("_")[0] for alert in found for name in alert.numbers}

    assert stems <= NUMBERS.keys()


def test_a_descent_is_a_height() -> None:
    down = alert("descent_spike")

    assert plain(side_of(down, down.observed, METRIC)) == "820 m"
    assert {plain(value) for _, value in named_numbers(down, METRIC)} == {"320 m", "750 m"}


def test_a_number_without_a_known_unit_is_still_shown() -> None:
    alert = Alert("x", TODAY, Level.INFO, 1.0, 1.0, "m", numbers=MappingProxyType({"some_thing": 2.5}))

    assert named_numbers(alert, METRIC) == (("Some thing", "2.5"),)


def test_the_ceiling_of_a_finding_is_rounded_down() -> None:
    assert plain(dict(named_numbers(spike(), METRIC))["Limit on that day"]) == "11.6 km"


def test_a_sport_without_a_name_of_its_own_is_written_out() -> None:
    assert sport_name("stand_up_paddleboarding") == "Stand up paddleboarding"


def test_only_the_first_letter_is_raised() -> None:
    assert capitalize_first("thu 9 May") == "Thu 9 May"


def test_every_level_has_a_word_and_a_shape_of_its_own() -> None:
    shapes, words = {state.shape for state in STATES.values()}, {state.word for state in STATES.values()}

    assert len(shapes) == len(words) == len(Level)
