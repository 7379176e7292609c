"""How often rules speak to made-up runners who run as often: read for each rule, told beside its record."""

from __future__ import annotations

import pytest

from alerts.care.catalogue.alert_rates import rate_for, read_rates
from alerts.detectors.registry import REGISTRY
from training_days_builder import every, history


def test_every_rule_was_measured_among_those_who_run_three_to_five_times_a_week() -> None:
    measured = {(rate.kind, rate.runs_a_week) for rate in read_rates()}

    assert measured >= {(kind, times) for kind in REGISTRY for times in (3, 4, 5)}


@pytest.mark.parametrize(("every_days", "runs_a_week"), [(2, 4), (3, 2)])
def test_the_rate_is_that_of_those_who_run_as_often(every_days: int, runs_a_week: int) -> None:
    rate = rate_for("two_week_ramp", history(every(every_days, 364)))

    assert rate is not None
    assert (rate.kind, rate.runs_a_week) == ("two_week_ramp", runs_a_week)


def test_only_the_last_year_says_how_often_somebody_runs() -> None:
    often, then_seldom = every(1, 400), [run for run in every(2, 800) if run.day >= 400]
    rate = rate_for("two_week_ramp", history([*often, *then_seldom]))

    assert rate is not None
    assert rate.runs_a_week == 4


@pytest.mark.parametrize(("every_days", "days"), [(1, 364), (2, 55)], ids=["nobody as often", "eight weeks"])
def test_where_nobody_is_alike_nothing_is_told(every_days: int, days: int) -> None:
    assert rate_for("two_week_ramp", history(every(every_days, days))) is None
