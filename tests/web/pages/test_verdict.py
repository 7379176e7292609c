"""What the first page says first."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from alerts.alert.alert import Level
from alerts.care.pain.advice_gate import ReturnAdvice
from alerts.care.pain.pain_scale import Reason
from alerts.care.pain.pain_scale import TodayVerdict as PainVerdict
from alerts.care.pain.pain_state import PainState
from alerts.evaluation.training_status import TrainingStatus
from alerts.views.overview import HistoryExtent, Overview
from overview_samples import (
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

    assert plain(found.sentence) == "Rest, or run at most 30 minutes very easily, until Tuesday."
    assert plain(found.reason) == (
        "Sunday’s 14.2 km was 34 % longer than your longest run of the 30 days before (10.6 km, 3 May)."
    )
    assert found.key == "single_run_spike/2024-05-12"


def test_pain_that_holds_names_no_longer_distance() -> None:
    held = PainState(PainVerdict.HOLD, Reason.ALLOWED, "You reported 4.", "Keep runs no longer.")

    assert said(dataclasses.replace(STEADY, pain=held)).sentence == "Keep runs no longer."


def test_the_way_back_goes_before_the_ceiling_and_before_a_hold() -> None:
    held = PainState(PainVerdict.HOLD, Reason.CALMING, "You reported 7.", "Keep runs no longer.")
    overview = dataclasses.replace(STEADY, pain=held, back=ReturnAdvice("Next is step 2.", "Run 1 minute."))

    assert (said(overview).sentence, said(overview).reason) == ("Run 1 minute.", "Next is step 2.")


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


def test_a_steady_runner_is_told_the_ceiling_its_number_and_its_date() -> None:
    found = said(STEADY)

    assert plain(found.sentence) == "An easy run up to 11.6 km is within your range."
    assert plain(found.reason) == (
        "Your longest run of the 30 days before today is 10.6 km, on Fri 3 May; your limit is 10 % above it, at 11.6 km."
    )


def test_a_ceiling_is_never_rounded_up() -> None:
    assert "11.6" in said(training_status(ceiling_m=11_699.0)).sentence


@pytest.mark.parametrize(
    ("ran_m", "sentence"),
    [
        (8_200.0, "You ran 8.2 km today, within your range."),
        (12_000.0, "You ran 12.0 km today; your limit for one run is 11.6 km."),
    ],
)
def test_after_a_run_the_page_speaks_of_that_run(ran_m: float, sentence: str) -> None:
    assert plain(said(training_status(ran_today_m=ran_m)).sentence) == sentence


def test_a_long_run_is_held_before_the_next_step() -> None:
    held = dataclasses.replace(
        training_status(longest_m=14_210.0, longest_day=TODAY - timedelta(days=5), ceiling_m=15_631.0),
        open_alerts=(explained(spike(TODAY - timedelta(days=5))),),
    )

    found = said(held)

    assert plain(found.sentence) == "An easy run up to 14.2 km is within your range."
    assert plain(found.reason).endswith("on Tue 7 May; don’t go longer until you’ve run it twice.")


def test_after_a_break_the_page_says_how_to_come_back() -> None:
    found = said(RETURNING)

    assert plain(found.sentence) == "Keep your next run under 5.3 km."
    assert plain(found.reason).startswith("You have 1 run in last file: 30 days, last file: on Thu 9 May:")


def test_after_a_long_break_the_runs_before_it_are_not_called_too_few() -> None:
    many = dataclasses.replace(RETURNING.history, runs=6)

    found = said(dataclasses.replace(RETURNING, history=many))

    assert plain(found.reason).startswith("What you ran before a long break is no measure")


def test_a_return_without_any_long_run_still_has_a_first_step() -> None:
    bare: TrainingStatus = dataclasses.replace(
        STEADY_STATUS, ceiling_m=None, returning=True, return_ceiling_m=None, last_run_day=None
    )

    found = said(dataclasses.replace(STEADY, training_status=bare, history=HistoryExtent()))

    assert plain(found.reason) == "You have no run in last file: 30 days."


@pytest.mark.parametrize(
    ("runs", "first_day", "missing"),
    [
        (2, date(2024, 5, 7), "Still missing: 2 more runs and 9 more days."),
        (3, date(2024, 4, 1), "Still missing: 1 more run."),
        (6, date(2024, 5, 7), "Still missing: 9 more days."),
        (6, date(2024, 4, 1), "Still missing: a few comparable runs."),
        (0, None, "Still missing: 4 more runs and 14 more days."),
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
