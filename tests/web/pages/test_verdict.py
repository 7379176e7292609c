"""What the first page says first."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from alerts.alert.alert import Level
from alerts.views.overview import HistoryExtent, Overview
from overview_samples import (
    ALLOWED,
    CADENCE,
    EMPTY,
    RETURNING,
    SPIKE_TODAY,
    STEADY,
    STEADY_STATUS,
    TODAY,
    TOO_LITTLE,
    explained,
    spike,
)
from web.pages.today.verdict import FRESH_DAYS, TodayVerdict, today_verdict


def said(overview: Overview) -> TodayVerdict:
    """Give the verdict of an overview that has one."""
    found = today_verdict(overview)
    assert found is not None
    return found


def plain(text: str) -> str:
    """Give the text with ordinary spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def training_status(**changes: object) -> Overview:
    """Give the steady overview with a changed standing."""
    return dataclasses.replace(STEADY, training_status=dataclasses.replace(STEADY_STATUS, **changes))  # type: ignore[arg-type]


def test_without_any_run_there_is_nothing_to_say() -> None:
    assert today_verdict(EMPTY) is None


def test_a_fresh_caution_says_its_act_and_why() -> None:
    found = said(SPIKE_TODAY)

    assert plain(found.sentence) == "Rest, or run at most 30 minutes very easily, until Wednesday."
    assert plain(found.reason) == (
        "Sunday’s 14.2 km was 34 % longer than your longest run of the 30 days before (10.6 km, 3 May)."
    )
    assert found.key == "single_run_spike/2024-05-12"


def decided(**changes: object) -> Overview:
    """Give the steady overview with another decision on running."""
    return dataclasses.replace(STEADY, allowed=dataclasses.replace(ALLOWED, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("pain", "Stop"),
        ("red_flag", "Stop"),
        ("pain_hold", "Hold"),
        ("race_recovery", "Hold"),
        ("over_long", "Hold"),
        ("return_plan", "Coming back"),
        ("break", "Coming back"),
        ("step", "Fine"),
    ],
)
def test_the_headline_is_the_decision_on_running(reason: str, word: str) -> None:
    found = said(decided(reason=reason, headline="So it is.", why="Because."))

    assert (found.state.word, found.sentence, found.reason) == (word, "So it is.", "Because.")


def test_a_muted_rule_leaves_the_decision_as_it_is() -> None:
    muted = dataclasses.replace(SPIKE_TODAY, open_alerts=())

    assert said(muted).sentence == said(SPIKE_TODAY).sentence


def test_an_alert_about_something_else_adds_its_own_suggestion() -> None:
    cadence = explained(dataclasses.replace(CADENCE, day=TODAY, level=Level.CAUTION))

    found = said(dataclasses.replace(STEADY, open_alerts=(cadence,)))

    assert (found.sentence, found.act) == (ALLOWED.headline, cadence.alert_text.act)


@pytest.mark.parametrize(("age_days", "speaks"), [(0, True), (FRESH_DAYS, True), (FRESH_DAYS + 1, False)])
def test_a_caution_speaks_for_a_few_days_only(age_days: int, *, speaks: bool) -> None:
    old = explained(spike(TODAY - timedelta(days=age_days)))

    found = said(dataclasses.replace(STEADY, open_alerts=(old,)))

    assert (found.key == old.alert.key) is speaks


@pytest.mark.parametrize("level", [Level.INFO, Level.NOTICE])
def test_what_is_no_caution_leaves_the_word_to_the_ceiling(level: Level) -> None:
    found = said(dataclasses.replace(STEADY, open_alerts=(explained(spike(level=level)),)))

    assert found.state.word == "Fine"


def test_the_gravest_of_several_fresh_findings_speaks() -> None:
    gravest = explained(spike(TODAY - timedelta(days=1), Level.HIGH))

    found = said(dataclasses.replace(STEADY, open_alerts=(gravest, explained(spike()))))

    assert found.state.word == "High caution"


def test_a_steady_runner_is_told_the_limit_its_number_and_its_date() -> None:
    found = said(STEADY)

    assert plain(found.sentence) == "Up to 11.6 km is within your range."
    assert plain(found.reason) == (
        "Your longest run of the 30 days before is 10.6 km, on Fri 3 May; the limit is 10 % above it."
    )


@pytest.mark.parametrize(
    ("ran_m", "sentence"),
    [
        (8_200.0, "You ran 8.2 km today, within your range."),
        (12_000.0, "You ran 12.0 km today; your limit for one run is 11.6 km."),
    ],
)
def test_after_a_run_the_page_speaks_of_that_run(ran_m: float, sentence: str) -> None:
    assert plain(said(training_status(ran_today_m=ran_m)).sentence) == sentence


def test_after_a_break_the_page_says_how_to_come_back() -> None:
    found = said(RETURNING)

    assert plain(found.sentence) == "Up to 5.3 km is within your range."
    assert plain(found.reason).startswith("First runs after 40 days off")


@pytest.mark.parametrize(
    ("runs", "first_day", "missing"),
    [
        (2, date(2024, 5, 7), "Still needed: 2 more runs and 9 more days."),
        (3, date(2024, 4, 1), "Still needed: 1 more run."),
        (6, date(2024, 5, 7), "Still needed: 9 more days."),
        (6, date(2024, 4, 1), "Still needed: a few comparable runs."),
        (0, None, "Still needed: 4 more runs and 14 more days."),
    ],
)
def test_with_too_little_the_page_says_what_is_missing(
    runs: int, first_day: date | None, missing: str
) -> None:
    found = said(dataclasses.replace(TOO_LITTLE, history=HistoryExtent(runs=runs, first_run_day=first_day)))

    assert plain(found.reason).endswith(missing)


@pytest.mark.parametrize("overview", [SPIKE_TODAY, STEADY, RETURNING, TOO_LITTLE])
@pytest.mark.parametrize("word", ["risk", "danger", "will get", "injur", "likely"])
def test_no_verdict_predicts(overview: Overview, word: str) -> None:
    found = said(overview)

    assert word not in f"{found.sentence} {found.reason} {found.act}".lower()
