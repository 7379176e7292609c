"""What letters say that are about no single finding."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from alerts.care.pain.advice_gate import AdviceGate
from alerts.care.pain.pain_scale import Reason, Verdict
from alerts.care.pain.pain_state import PainState
from alerts.care.plan.running_advice import AllowedRunning
from alerts.care.plan.running_advice import Reason as AdviceReason
from alerts.evaluation.training_status import TrainingStatus
from alerts.notifications.compose.digest import NOT_YET, gathered, sync_gap_opening, week_ahead_opening
from alerts.notifications.compose.email_parts import Opening
from alerts.notifications.policy.sync_gap import SyncGap
from alerts.text.units import IMPERIAL, METRIC, Units
from forbidden_words import forbidden_in
from overview_samples import STEADY_STATUS, TODAY
from pain_diaries import SPEAKING

STOPPED = AdviceGate(pain=PainState(Verdict.STOP, Reason.RED_FLAG, "It hurts.", "Do not run this week."))
SYNC_GAP = SyncGap(TODAY - timedelta(days=11), 11, 3)


def allowed(
    reason: AdviceReason = "step", headline: str = "Up to 11.6 km is within your range."
) -> AllowedRunning:
    return AllowedRunning(TODAY, "easy", False, 8_000.0, 11_600.0, reason, headline, "Why.")


def ahead(
    training_status: TrainingStatus = STEADY_STATUS,
    gate: AdviceGate = SPEAKING,
    *,
    may: AllowedRunning | None = None,
    units: Units = METRIC,
) -> tuple[str, ...]:
    said = gate.training_status(training_status) or training_status
    return plain(week_ahead_opening(said, may or allowed(), gate, units=units))


def plain(opening: Opening) -> tuple[str, ...]:
    """The lines with ordinary spaces."""
    return tuple(line.replace("\N{NO-BREAK SPACE}", " ") for line in opening.lines)


def test_the_week_ahead_is_three_lines() -> None:
    assert ahead() == (
        "Up to 11.6 km is within your range. Why.",
        "Your typical week: 24–29 km.",
        "Last week: 25.1 km; 2 days without a run in the last seven.",
    )


def test_the_week_ahead_is_told_in_miles_to_who_thinks_in_them() -> None:
    assert " mi" in ahead(units=IMPERIAL)[1] or "miles" in ahead(units=IMPERIAL)[1]


def test_who_must_not_run_is_told_no_distance_to_run() -> None:
    assert ahead(gate=STOPPED, may=allowed("pain", "Do not run this week.")) == (
        "Do not run this week.",
        ahead()[2],
    )


def test_a_newcomer_is_told_that_it_is_too_early() -> None:
    new = dataclasses.replace(STEADY_STATUS, ceiling_m=None, usual_low_m=None, usual_high_m=None)

    assert ahead(new, may=allowed("too_little_history"))[:2] == (
        NOT_YET,
        "Your typical week isn’t known yet; that takes a few weeks of running.",
    )


def test_on_the_first_day_of_a_week_the_one_before_is_the_last() -> None:
    monday = dataclasses.replace(STEADY_STATUS, on=STEADY_STATUS.weeks[-1].first_day)

    assert ahead(monday)[2].startswith("Last week: 27.6 km")


@pytest.mark.parametrize(
    ("count", "title"), [(1, "One note that could wait"), (3, "3 notes that could wait")]
)
def test_gathered_notes_are_counted(count: int, title: str) -> None:
    assert gathered(count).title == title


def test_the_question_after_silence_names_day_and_habit() -> None:
    lines = plain(sync_gap_opening(SYNC_GAP, today=TODAY))

    assert lines[0] == "The last file is from Wed 1 May, 11 days ago."
    assert lines[1] == "Your longest break in the months before was 3 days."


@pytest.mark.parametrize(
    "opening",
    [
        gathered(2),
        sync_gap_opening(SYNC_GAP, today=TODAY),
        week_ahead_opening(STEADY_STATUS, allowed(), SPEAKING, units=METRIC),
    ],
)
def test_no_opening_predicts_or_diagnoses_and_no_topic_tells_of_health(opening: Opening) -> None:
    said = " ".join((opening.topic, opening.title, *opening.lines, opening.why))

    assert list(forbidden_in(said)) == []
