"""Findings in words: numbers, dates, comparison, one act, and nothing that Hipwatch must not say."""

from __future__ import annotations

import dataclasses
import math
import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alert_factory import KINDS, SUNDAY, alert
from alerts.alert.alert import Alert, Level
from alerts.alert.evidence import Evidence
from alerts.care.catalogue.catalogue import CareCatalogue
from alerts.care.catalogue.loading import load_care
from alerts.errors import AlertsError
from alerts.explanation.alert_text import LAPSED, AlertText, describe
from alerts.text.units import (
    IMPERIAL,
    METRIC,
    NBSP,
    UNKNOWN,
    Units,
    cadence,
    distance,
    distance_range,
    distance_within,
    hard_minutes,
    minutes,
    pace,
    percent,
    plain_date,
    short_date,
    weekday,
)
from forbidden_words import forbidden_in

CARE: CareCatalogue = load_care()

VERBS = re.compile(r"(Rest|Go back|Keep|Run|Replace|Look|Compare|Take)\b")


def plain(text: str) -> str:
    """The text with ordinary spaces, as a test would write it."""
    return text.replace(NBSP, " ")


def told(found: Alert, *, units: Units = METRIC, today: date | None = None) -> AlertText:
    """The finding's story, with ordinary spaces."""
    alert_text = describe(found, evidence_of(found), units=units, today=today)
    return AlertText(*(plain(getattr(alert_text, field.name)) for field in dataclasses.fields(alert_text)))


def evidence_of(found: Alert) -> Evidence:
    return CARE.evidence[found.kind]


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            alert("single_run_spike"),
            "Sunday’s 14.2 km was 34 % longer than your longest run of the 30 days before (10.6 km, 3 May).",
        ),
        (
            alert("single_run_spike", observed=24_100.0),
            (
                "Sunday’s 24.1 km was 2.3 times as long as your longest run of the 30 days before "
                "(10.6 km, 3 May)."
            ),
        ),
        (
            alert("two_week_ramp"),
            (
                "In the 14 days to Sunday you ran 84.2 km, 45 % more than in the 14-day periods before "
                "(58.0 km on average; the most in the 12 weeks before was 70.1 km)."
            ),
        ),
        (
            alert("hard_minutes_spike"),
            (
                "In the 14 days to Sunday you ran 62 hard minutes, 55 % more than the hardest 14 days of the "
                "six weeks before (40 minutes)."
            ),
        ),
        (
            alert("hard_minutes_spike", numbers={"span_days": 14.0, "session_min": 38.0}),
            (
                "In the 14 days to Sunday you ran 62 hard minutes, 55 % more than the hardest 14 days of the "
                "six weeks before (40 minutes); one run alone held 38 minutes."
            ),
        ),
        (
            alert("hard_minutes_spike", numbers={"session_min": 62.0}),
            (
                "Sunday’s run held 62 hard minutes, 55 % more than the hardest run of the six weeks before "
                "(40 minutes)."
            ),
        ),
        (
            alert("hard_minutes_spike", expected=0.0),
            "In the 14 days to Sunday you ran 62 hard minutes, after six weeks without any.",
        ),
        (
            alert("cadence_shift"),
            (
                "Your cadence at 6:00 min/km was 4 % lower in the runs up to Sunday than in the two "
                "months before: 165 instead of 172 steps per minute."
            ),
        ),
        (
            alert("cadence_shift", observed=180.0, numbers={}),
            (
                "Your cadence at the same pace was 5 % higher in the runs up to Sunday than in the two "
                "months before: 180 instead of 172 steps per minute."
            ),
        ),
    ],
)
def test_the_sentence_says_what_with_what_and_when(found: Alert, sentence: str) -> None:
    assert told(found).sentence == sentence


@pytest.mark.parametrize(
    ("found", "act"),
    [
        (
            alert("single_run_spike", Level.NOTICE),
            "Go back to 10.6 km or less for your next two or three long runs.",
        ),
        (
            alert("single_run_spike", Level.CAUTION),
            "Rest, or run at most 30 minutes very easily, until Wednesday.",
        ),
        (
            alert("single_run_spike", Level.HIGH),
            "Rest from running until Wednesday; walk as much as you like.",
        ),
        (
            alert("two_week_ramp"),
            (
                "Run 25–34 km in the next seven days, on as many days as usual; the last two weeks "
                "averaged 42.1 km each."
            ),
        ),
        (
            alert("hard_minutes_spike", Level.NOTICE),
            (
                "Replace your next hard session with easy running, and leave at least 48 hours between hard "
                "sessions."
            ),
        ),
    ],
)
def test_the_act_is_one_thing_with_its_days(found: Alert, act: str) -> None:
    assert told(found).act == act


def test_a_higher_cadence_asks_for_no_change() -> None:
    assert "nothing else needs to change" in told(alert("cadence_shift", observed=180.0)).act


@pytest.mark.parametrize(("days", "rests"), [(0, True), (2, True), (3, False)])
def test_rest_is_asked_for_only_while_its_days_last(days: int, *, rests: bool) -> None:
    alert_text = told(alert("single_run_spike"), today=SUNDAY + timedelta(days=days))

    assert alert_text.act.startswith("Rest") is rests


@pytest.mark.parametrize("kind", KINDS)
def test_an_act_lapses_after_two_weeks(kind: str) -> None:
    acts = [told(alert(kind), today=SUNDAY + timedelta(days=days)).act for days in (14, 15)]

    assert [act == plain(LAPSED) for act in acts] == [False, True]


def test_the_title_follows_the_run_and_not_its_raised_level() -> None:
    """An injury in the year before raises the level; the run is no longer for that."""
    assert told(alert("single_run_spike", Level.HIGH)).title == "One run much longer"


@pytest.mark.parametrize(
    ("ratio", "title"),
    [
        (1.3, "One run longer than usual"),
        (1.31, "One run much longer"),
        (2.1, "One run more than twice as long"),
    ],
)
def test_the_title_of_a_long_run_grows_with_it(ratio: float, title: str) -> None:
    assert told(alert("single_run_spike", observed=ratio * 10_000, expected=10_000.0)).title == title


def test_an_older_run_is_named_by_its_date() -> None:
    alert_text = told(alert("single_run_spike"), today=SUNDAY + timedelta(days=7))

    assert alert_text.sentence.startswith("Your run on Sun 12 May, 14.2 km, was 34 % longer than")


def test_a_run_of_another_year_is_named_with_the_year() -> None:
    assert "Sun 12 May 2024" in told(alert("cadence_shift"), today=date(2025, 1, 3)).sentence


def test_a_compared_run_of_the_year_before_is_named_with_the_year() -> None:
    found = dataclasses.replace(alert("single_run_spike"), compared_day=date(2023, 12, 30))

    assert "(10.6 km, 30 Dec 2023)" in told(found).sentence


def test_a_finding_without_a_compared_day_still_has_its_number() -> None:
    found = dataclasses.replace(alert("single_run_spike"), compared_day=None)

    assert "(10.6 km)." in told(found).sentence


def test_what_would_have_been_quiet_is_rounded_down() -> None:
    """11.66 km shown as 11.7 km would call a run allowed that is not."""
    assert told(alert("single_run_spike")).quiet.startswith("Up to 11.6 km on that day")


def test_the_study_sentence_opens_with_the_strength() -> None:
    assert told(alert("single_run_spike")).study == (
        "Moderate evidence: one study of 5,205 runners, in which such runs were followed by more overuse "
        "injuries."
    )


def test_the_topic_says_nothing_about_health() -> None:
    topics = [told(alert(kind)).topic for kind in KINDS]

    assert set(topics) == {
        "Sunday’s run",
        "your last two weeks",
        "this week’s running",
        "your recent runs",
        "your recent running",
    }


def test_a_kind_without_words_is_refused_by_name() -> None:
    stranger = dataclasses.replace(alert("cadence_shift"), kind="moon_phase")

    with pytest.raises(AlertsError, match="moon_phase"):
        describe(stranger, CARE.evidence["cadence_shift"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("units", [METRIC, IMPERIAL], ids=lambda units: units.name)
def test_no_sentence_mixes_units(kind: str, units: Units) -> None:
    other = {"km": "mi", "mi": "km"}[units.abbreviation]
    alert_text = told(alert(kind), units=units)

    assert not re.search(rf"\b{other}\b", " ".join(dataclasses.astuple(alert_text)))


amounts = st.floats(0.01, 1e6)
noted = st.dictionaries(
    st.sampled_from(
        ("ceiling_m", "highest_m", "span_days", "session_min", "ceiling_min", "change_percent", "speed_mps")
    ),
    st.floats(-1e6, 1e6) | st.just(math.nan) | st.just(math.inf),
)
alerts = st.builds(
    alert,
    st.sampled_from(KINDS),
    st.sampled_from(Level),
    observed=amounts,
    expected=amounts | st.just(0.0),
    numbers=noted,
)
moments = st.integers(-3, 400).map(lambda days: SUNDAY + timedelta(days=days))


@given(found=alerts, units=st.sampled_from((METRIC, IMPERIAL)), today=moments)
@settings(deadline=None)
def test_nothing_that_can_be_said_is_forbidden(found: Alert, units: Units, today: date) -> None:
    alert_text = told(found, units=units, today=today)

    assert forbidden_in(" ".join(dataclasses.astuple(alert_text))) == []


@given(found=alerts, today=moments)
@settings(deadline=None)
def test_every_part_is_a_finished_sentence(found: Alert, today: date) -> None:
    alert_text = told(found, today=today)

    assert all(
        part.endswith(".") and "nan" not in part
        for part in (alert_text.sentence, alert_text.act, alert_text.quiet)
    )
    assert VERBS.match(alert_text.act)


@given(found=alerts)
@settings(deadline=None)
def test_a_number_never_parts_from_its_unit(found: Alert) -> None:
    alert_text = describe(found, evidence_of(found))

    assert not re.search(
        r"\d (km|mi|%|min|minutes?|hard|steps)(?!\w)", " ".join(dataclasses.astuple(alert_text))
    )


@given(limit_m=st.floats(0.0, 1e6), units=st.sampled_from((METRIC, IMPERIAL)))
@settings(deadline=None)
def test_a_limit_as_shown_is_within_the_limit(limit_m: float, units: Units) -> None:
    shown = float(distance_within(limit_m, units).split(NBSP)[0].replace(",", ""))

    assert limit_m / units.metres - 0.1 - 1e-6 <= shown <= limit_m / units.metres + 1e-6


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (distance(14_200.0), "14.2 km"),
        (distance(14_200.0, IMPERIAL), "8.8 mi"),
        (distance(1_234_500.0), "1,234.5 km"),
        (distance(14_200.0, digits=0), "14 km"),
        (distance(math.nan), UNKNOWN),
        (distance_within(11_700.0), "11.7 km"),
        (distance_range(25_260.0, 33_680.0), "25–34 km"),
        (distance_range(9_800.0, 10_200.0), "10 km"),
        (pace(1_000 / 360), "6:00 min/km"),
        (pace(1_000 / 359.7), "6:00 min/km"),
        (pace(2.78, IMPERIAL), "9:39 min/mi"),
        (pace(0.0), UNKNOWN),
        (pace(5e-324), UNKNOWN),
        (minutes(62.4), "62 minutes"),
        (minutes(1.0), "1 minute"),
        (minutes(125.0), "2 h 05 min"),
        (minutes(math.inf), UNKNOWN),
        (hard_minutes(62.0), "62 hard minutes"),
        (hard_minutes(1.0), "1 hard minute"),
        (hard_minutes(125.0), "2 h 05 min of hard running"),
        (cadence(171.4), "171 steps per minute"),
        (cadence(math.nan), UNKNOWN),
        (percent(0.338), "34 %"),
        (percent(-0.041), "4 %"),
        (percent(math.nan), UNKNOWN),
        (weekday(SUNDAY), "Sunday"),
        (short_date(SUNDAY), "Sun 12 May"),
        (plain_date(date(2023, 9, 3), today=SUNDAY), "3 Sept 2023"),
    ],
)
def test_numbers_read_as_a_person_writes_them(said: str, words: str) -> None:
    assert plain(said) == words
