"""A rule on a history: its record, and what other numbers would have made of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerts.detectors.single_run import SingleRunSpike
from alerts.views.rule_view import build_record, changed, parameters_of, preview
from training_days_builder import Outing, every, history, on, rule, rules

RULE = rule(SingleRunSpike)
DAYS = history([*every(2, 60), Outing(61, distance_m=10_000.0), *every(2, 60)], today=80)


def test_a_record_holds_what_the_rule_says() -> None:
    assert build_record(RULE, DAYS, []).alerts == tuple(RULE(DAYS))


@pytest.mark.parametrize(("after_days", "counted"), [(-1, 0), (0, 1), (14, 1), (15, 0)])
def test_pain_counts_for_two_weeks_after_a_finding(after_days: int, counted: int) -> None:
    record = build_record(RULE, DAYS, [on(61) + timedelta(days=after_days)])

    assert [alert.day for alert in record.alerts] == [on(61)]
    assert record.figures.followed == counted


def test_a_higher_threshold_would_have_kept_quiet() -> None:
    tried = preview(RULE, {"notice_ratio": 1.29}, DAYS, [])

    assert tried.record is not None
    assert tried.record.alerts == ()


def test_trying_changes_nothing() -> None:
    before = parameters_of(RULE, {})
    preview(RULE, {"notice_ratio": 1.29}, DAYS, [])

    assert parameters_of(RULE, {}) == before


@pytest.mark.parametrize(
    "chosen", [{"window_days": 10**9}, {"notice_ratio": 0.0}, {"notice_ratio": -1.0}, {"notice_ratio": 5.0}]
)
def test_numbers_that_make_no_rule_are_an_answer(chosen: dict[str, float]) -> None:
    tried = preview(RULE, chosen, DAYS, [])

    assert (tried.record, bool(tried.problem)) == (None, True)


def test_every_rule_can_be_tried_with_its_own_numbers() -> None:
    for one in rules():
        values = {parameter.name: parameter.value for parameter in parameters_of(one, {})}

        assert changed(one, values) == one
