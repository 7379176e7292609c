"""What every rule owes, with the parameters that people get: one test for all, also for those to come."""

from __future__ import annotations

import dataclasses
import itertools
import math
import tomllib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alert.alert import Before, Detector
from alerts.detectors.registry import REGISTRY
from ingest.training_days.table import TrainingDays
from training_days_builder import DEFAULTS, OWN_EVENT, Outing, by_chance, history, on, rule

UNTIMED = settings(deadline=None, max_examples=60)
"A busy machine is no alert."

Event = Callable[[list[Outing], int], list[Outing]]


def since(day: int, change: Callable[[Outing], Outing]) -> Event:
    """What happens to all runs for so many days from a day on."""
    return lambda runs, start: [change(run) if start <= run.day < start + day else run for run in runs]


EVENTS: tuple[Event, ...] = (
    lambda runs, start: [*runs, Outing(start, distance_m=25_000.0)],
    lambda runs, start: [*runs, Outing(start, hard_min=50.0), Outing(start, hard_min=5.0, hard_source=2)],
    lambda runs, start: [run for run in runs if not start <= run.day < start + 20] or runs,
    since(20, lambda run: replace(run, distance_m=1.8 * run.distance_m)),
    since(10, lambda run: replace(run, hard_min=2.5 * run.hard_min)),
    since(10, lambda run: replace(run, hard_min=math.nan, hard_source=0)),
    since(300, lambda run: replace(run, cadence_spm=0.95 * run.cadence_spm)),
    since(300, lambda run: replace(run, cadence_spm=1.04 * run.cadence_spm)),
    since(300, lambda run: replace(run, stratum=2, hard_source=2)),
    since(5, lambda run: replace(run, counts=False)),
    lambda runs, start: [*runs, *(Outing(start + day, distance_m=6_000.0) for day in range(14))],
    since(60, lambda run: replace(run, begins_hard=1.0, cadence_fade_percent=-5.0, descent_m=400.0)),
    since(60, lambda run: replace(run, stance_balance_percent=48.0, ends_hard=math.nan)),
    lambda runs, start: [*runs, Outing(start, hard_min=40.0), Outing(start + 1, hard_min=40.0)],
    lambda runs, start: [run for run in runs if not start <= run.day < start + 40] or runs,
    since(15, lambda run: replace(run, windows=0, cadence_spm=math.nan, speed_mps=math.nan)),
)


@st.composite
def eventful(draw: st.DrawFn, *, length: int = 180) -> TrainingDays:
    """Half a year, or more, of ordinary running in which up to four things happen."""
    runs = by_chance(draw(st.integers(0, 2**32 - 1)), length, share=draw(st.sampled_from([0.3, 0.5, 0.9])))
    for event in draw(st.lists(st.sampled_from(EVENTS), max_size=4)):
        runs = event(runs, draw(st.integers(45, length - 10)))
    return history(runs, today=length + 5)


@pytest.fixture(scope="module", params=REGISTRY.values(), ids=REGISTRY.keys())
def detector(request: pytest.FixtureRequest) -> Detector:
    return rule(request.param)


@UNTIMED
@given(days=eventful(), last=st.integers(0, 185))
def test_a_later_day_never_changes_an_earlier_finding(
    detector: Detector, days: TrainingDays, last: int
) -> None:
    known = [alert for alert in detector(days) if alert.day <= on(last)]

    assert detector(days.until(on(last))) == known


@UNTIMED
@given(days=eventful(length=300), since=st.integers(0, 305))
def test_a_rule_goes_on_from_what_it_said(detector: Detector, days: TrainingDays, since: int) -> None:
    """Given what it said before a day, and as much of the history as it reaches back, it says the rest."""
    whole = detector(days)
    said = tuple(alert for alert in whole if alert.day < on(since))
    recent = days if detector.reach_days is None else days.since(on(since - detector.reach_days))

    assert [*said, *detector(recent, Before(on(since), said))] == whole


@UNTIMED
@given(days=eventful())
def test_findings_come_in_order_and_one_a_day(detector: Detector, days: TrainingDays) -> None:
    found = [alert.day for alert in detector(days)]

    assert found == sorted(set(found))


@UNTIMED
@given(days=eventful())
def test_findings_are_told_in_finite_numbers(detector: Detector, days: TrainingDays) -> None:
    numbers = [n for f in detector(days) for n in (f.observed, f.expected, *f.numbers.values())]

    assert all(type(number) is float and math.isfinite(number) for number in numbers)


@UNTIMED
@given(days=eventful())
def test_a_finding_compares_with_an_earlier_day_and_names_a_run_of_its_own(
    detector: Detector, days: TrainingDays
) -> None:
    ids_by_day = {(int(i), day) for i, day in zip(days.runs.activity_id, days.runs.day.tolist(), strict=True)}

    for alert in detector(days):
        assert alert.compared_day is None or alert.compared_day <= alert.day
        assert alert.activity_id is None or (alert.activity_id, alert.day) in ids_by_day


@UNTIMED
@given(days=eventful())
def test_the_history_is_left_alone(detector: Detector, days: TrainingDays) -> None:
    before = arrays(days)
    detector(days)

    for name, array in arrays(days).items():
        np.testing.assert_array_equal(array, before[name], err_msg=name)


def test_steady_running_is_left_in_peace(detector: Detector) -> None:
    """Easy, hard and long in turn, a rest day or two, for two years."""
    week = [(0, 8e3, 5.0, 2.9), (2, 10e3, 25.0, 3.3), (4, 7e3, 4.0, 2.9), (6, 16e3, 8.0, 2.8)]
    runs = [
        Outing(7 * number + day, distance_m, hard_min, speed_mps, cadence_spm=174.0 + 6.0 * (speed_mps - 3.0))
        for number in range(104)
        for day, distance_m, hard_min, speed_mps in week
    ]

    assert detector(history(runs)) == []


@pytest.mark.parametrize("kind", REGISTRY)
def test_it_speaks_at_its_own_event(kind: str) -> None:
    assert rule(REGISTRY[kind])(history(OWN_EVENT[kind])) != []


@pytest.mark.parametrize(("kind", "event"), list(itertools.permutations(REGISTRY, 2)))
def test_it_does_not_speak_before_any_event(kind: str, event: str) -> None:
    before = [f for f in rule(REGISTRY[kind])(history(OWN_EVENT[event])) if f.day < on(300)]

    assert before == []


@pytest.mark.parametrize("kind", REGISTRY)
def test_a_finding_keeps_its_key_when_the_history_grows(kind: str) -> None:
    detector = rule(REGISTRY[kind])
    first = detector(history(OWN_EVENT[kind]))[0]
    later = detector(history([*OWN_EVENT[kind], Outing(320)], today=330))[0]

    assert first.key == later.key == f"{kind}/{first.day.isoformat()}"


def test_nothing_is_found_where_nothing_was_run(detector: Detector) -> None:
    assert (detector(history([])), detector(history([Outing(0, counts=False)], today=60))) == ([], [])


def test_one_run_is_no_finding(detector: Detector) -> None:
    assert detector(history([Outing(0, distance_m=90_000.0, hard_min=200.0)])) == []


def test_a_rule_holds_no_number_of_its_own(detector: Detector) -> None:
    """The settings are the only home of a parameter."""
    homeless = [f.name for f in dataclasses.fields(type(detector)) if f.default is not dataclasses.MISSING]

    assert homeless == []


def test_a_rule_cannot_be_changed(detector: Detector) -> None:
    name = dataclasses.fields(type(detector))[0].name

    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(detector, name, 1)


def test_the_defaults_know_every_rule_and_no_other() -> None:
    assert tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))["detectors"].keys() == REGISTRY.keys()


def test_every_default_says_what_it_is_in_which_unit() -> None:
    """Behind each number stands a comment that opens with its unit."""
    tables = DEFAULTS.read_text(encoding="utf-8").split("\n[")
    lines = [line for table in tables if table.startswith("detectors.") for line in table.splitlines()[1:]]
    mute = [line for line in lines if "=" in line.partition("#")[0] and "# [" not in line]

    assert mute == []


def arrays(days: TrainingDays) -> dict[str, np.ndarray]:
    """Copies of all columns by name."""
    columns = {field.name: getattr(days, field.name) for field in dataclasses.fields(days)}
    runs = columns.pop("runs")
    columns |= {f"runs.{field.name}": getattr(runs, field.name) for field in dataclasses.fields(runs)}
    return {name: column.copy() for name, column in columns.items()}
