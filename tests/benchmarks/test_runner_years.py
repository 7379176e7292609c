"""The simulator holds its noise, events change nothing before their day, and rules keep their word."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

# last, for there are scripts in it that bear the names of packages
sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

from events import EVENTS, Event, event_day, long_run
from methods import sync_gaps
from runner_form import with_form
from runner_table import RUN_COLUMNS, RunnerYears
from runner_world import PROFILES
from runner_years import correlated, make_runner, make_runners
from scoring import days_found, emails, notice, rate, wilson

from alerts.alert.alert import Alert, Detector, Level
from alerts.detectors.registry import REGISTRY
from alerts.notifications.policy.mail_policy import MailPolicy
from alerts.notifications.policy.sync_gap import find_sync_gap
from training_days_builder import on, rule

SEED = 5
"""Neither the seed with which methods were chosen nor that of the report."""


@pytest.fixture(scope="module")
def runners() -> list[RunnerYears]:
    return list(make_runners(SEED, 120))


def test_the_same_seed_makes_the_same_runner() -> None:
    one, again = make_runner(1, 2), make_runner(1, 2)

    for name in RUN_COLUMNS:
        np.testing.assert_array_equal(getattr(one, name), getattr(again, name))


@pytest.mark.parametrize("lag_1", [profile.lag_1 for profile in PROFILES])
def test_noise_correlates_as_measured(lag_1: float) -> None:
    noise = correlated(np.random.default_rng(0).standard_normal(20_000), lag_1)

    assert (noise.std(), np.corrcoef(noise[1:], noise[:-1])[0, 1]) == pytest.approx((1.0, lag_1), abs=0.03)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_an_event_changes_nothing_before_its_day(event: Event, runners: list[RunnerYears]) -> None:
    runner = runners[3]
    day = event_day(runner, event)
    assert day is not None
    changed = event.change(runner, day)

    for name in RUN_COLUMNS:
        before = getattr(runner, name)[runner.day < day]
        np.testing.assert_array_equal(getattr(changed, name)[changed.day < day], before)


def test_every_rule_is_held_against_an_event() -> None:
    assert {event.kind for event in EVENTS} >= REGISTRY.keys()


def test_form_is_drawn_apart_from_the_rest(runners: list[RunnerYears]) -> None:
    """Made once more with other form, a runner has run the same."""
    again = with_form(runners[3])

    np.testing.assert_array_equal(again.distance_m, runners[3].distance_m)
    np.testing.assert_array_equal(again.cadence_spm, runners[3].cadence_spm)
    assert np.isfinite(again.descent_m).all()


def test_silence_is_asked_about_on_the_first_day_of_each_lull(runners: list[RunnerYears]) -> None:
    """The slow way: asked on each day; a lull is new after a day with a run."""
    days = runners[5].training_days()
    active = days.runs.day.tolist()
    asked = {}
    for today in days.day.tolist():
        sync_gap = find_sync_gap([day for day in active if day <= today], today)
        if sync_gap:
            asked.setdefault(sync_gap.last_day, today)

    assert [alert.day for alert in sync_gaps(days)] == list(asked.values())


def test_a_long_run_is_so_many_times_the_longest_of_thirty_days(runners: list[RunnerYears]) -> None:
    runner = runners[0]
    day = event_day(runner, EVENTS[0])
    assert day is not None
    changed = long_run(1.5)(runner, day)
    before = runner.distance_m[(runner.day >= day - 30) & (runner.day < day)]

    assert changed.distance_m[changed.day == day].max() == pytest.approx(1.5 * before.max())


def test_eight_of_ten_have_wilsons_interval() -> None:
    """The textbook's: 0.49 to 0.94."""
    share = wilson(8, 10)

    assert (share.value, share.low, share.high) == pytest.approx((0.8, 0.4902, 0.9433), abs=1e-4)


def test_a_rate_lies_within_its_interval() -> None:
    counts = [0, 1, 1, 2, 5] * 20
    alarms = rate(counts, years=1.0)

    assert alarms.value == pytest.approx(1.8)
    assert alarms.low < 1.8 < alarms.high


TOLD = [
    ("two_week_ramp", 0, Level.NOTICE),
    ("hard_minutes_spike", 3, Level.NOTICE),
    ("cadence_shift", 4, Level.CAUTION),
    ("single_run_spike", 12, Level.NOTICE),
    ("descent_spike", 13, Level.INFO),
]
"""Five causes."""


@pytest.mark.parametrize(("at_once", "count"), [(Level.INFO, 3), (Level.CAUTION, 2)])
def test_letters_keep_the_pause_and_are_gathered_on_sundays(at_once: Level, count: int) -> None:
    """Told at once: days 0, 4 and 12. Gathered: day 4 alone, the others on day 13; day 6 keeps the pause."""
    policy = MailPolicy(Level.NOTICE, max_age_days=7, pause_days=7, at_once=at_once)
    alerts = [Alert(kind, on(day), level, 2.0, 1.0, "m") for kind, day, level in TOLD]

    assert len(emails(alerts, [], policy)) == count


def test_what_waits_goes_along_with_the_letter_of_a_caution() -> None:
    """Day 6 is a Sunday."""
    policy = MailPolicy(Level.NOTICE, 7, 7, at_once=Level.CAUTION, notes_pause_days=28)
    waiting = Alert("hard_minutes_spike", on(2), Level.NOTICE, 2.0, 1.0, "min")
    caution = Alert("single_run_spike", on(6), Level.CAUTION, 2.0, 1.0, "m")

    assert emails([waiting, caution], [], policy) == [(on(6), (caution, waiting))]


@pytest.mark.parametrize(("notes_pause_days", "count"), [(0, 2), (28, 1)])
def test_the_question_after_a_silence_is_a_letter_that_notes_keep_their_pause_from(
    notes_pause_days: int, count: int
) -> None:
    policy = MailPolicy(Level.NOTICE, 7, 7, at_once=Level.CAUTION, notes_pause_days=notes_pause_days)
    note = Alert("two_week_ramp", on(3), Level.NOTICE, 2.0, 1.0, "m")

    assert len(emails([note], [on(1)], policy)) == count


def test_no_findings_are_no_letters() -> None:
    assert emails([], [], MailPolicy(Level.NOTICE, max_age_days=7, pause_days=7)) == []


@pytest.mark.parametrize("event", [e for e in EVENTS if e.target], ids=lambda event: event.name)
def test_a_rule_notices_what_it_promises(event: Event, runners: list[RunnerYears]) -> None:
    """The whole table is made by ``benchmarks/detectors.py``; this is a guard with fewer runners."""
    detector: Detector = rule(REGISTRY[event.kind])
    quiet = [days_found(detector(runner.training_days())) for runner in runners]

    assert notice(detector, event, runners, quiet).sensitivity.high >= (event.target or 0)
