"""The rules over one's own past: as day by day, counted by hand, without a percentage of a few."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alert.alert import Alert, Level
from alerts.alert.feedback import NOT_USEFUL, USEFUL, Opinion
from alerts.detectors.registry import detect
from alerts.errors import ReplayError
from alerts.evaluation.parameter_override import adjusted, parameters
from alerts.evaluation.replay import ReplayTable, as_it_happened, compare, pain_days, replay
from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainEntry, PainReport
from training_days_builder import Outing, every, history, on, rules

SPOKEN = [Alert("single_run_spike", on(day), Level.NOTICE, 2.0, 1.0, "m") for day in (50, 70)]


@pytest.mark.parametrize(
    ("pain", "followed", "unannounced"),
    [
        ([], 0, []),
        ([50], 1, []),
        ([64], 1, []),
        ([65], 0, [65]),
        ([49], 0, [49]),
        ([60, 61, 80], 2, []),
        ([30, 60, 60, 95], 1, [30, 95]),
    ],
)
def test_pain_of_the_same_day_and_of_the_fourteen_after_followed(
    pain: list[int], followed: int, unannounced: list[int]
) -> None:
    """The rule spoke on days 50 and 70."""
    compared = compare(
        SPOKEN, [on(day) for day in pain], kinds=["single_run_spike"], first=on(0), last=on(100)
    )
    (row,) = compared.rules

    assert (row.times, row.followed, list(row.unannounced)) == (2, followed, [on(d) for d in unannounced])


def test_pain_before_the_history_says_nothing_of_the_rules() -> None:
    compared = compare(SPOKEN, [on(-5)], kinds=["single_run_spike"], first=on(0), last=on(100))

    assert (compared.pain_days, compared.unannounced) == ((), ())


def test_pain_that_another_rule_spoke_before_is_announced_by_all_together() -> None:
    compared = compare(
        SPOKEN, [on(55)], kinds=["single_run_spike", "two_week_ramp"], first=on(0), last=on(100)
    )

    assert [list(row.unannounced) for row in compared.rules] == [[], [on(55)]]
    assert compared.unannounced == ()


@pytest.mark.parametrize(("times", "share"), [(19, None), (20, 0.05)])
def test_there_is_no_share_of_fewer_than_twenty(times: int, share: float | None) -> None:
    fired_days = [Alert("x", on(30 * i), Level.NOTICE, 2.0, 1.0, "m") for i in range(times)]
    (row,) = compare(fired_days, [on(30)], kinds=["x"], first=on(0), last=on(900)).rules

    assert row.share_followed == share


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_one_pass_finds_what_a_look_on_every_day_finds(seed: int) -> None:
    """On each day the newest findings are those of that day; together they are the replay."""
    chance = np.random.default_rng(seed)
    runs = [
        Outing(day, chance.lognormal(9.0, 0.4), chance.gamma(2.0, 8.0), descent_m=chance.gamma(2.0, 60.0))
        for day in range(110)
        if chance.random() < 0.6
    ]
    days = history(runs, today=110)
    told = replay(days, rules(), [])
    one_pass = {(row.kind, fired.day, fired.level) for row in told.rules for fired in row.fired}
    every_day = {
        (f.kind, f.day, f.level)
        for last in range(111)
        for f in detect(days.until(on(last)), rules())
        if f.day == on(last)
    }

    assert one_pass == every_day


def test_the_parameters_are_told_with_the_rule() -> None:
    told = replay(history(every(2, 60)), rules(), [])
    parameters = {row.kind: row.parameters for row in told.rules}

    assert parameters["single_run_spike"] is not None
    assert parameters["single_run_spike"]["window_days"] == 30


def test_without_a_history_there_is_nothing_to_tell() -> None:
    told = replay(history([]), rules(), [on(3)])

    assert (told.first, told.pain_days, {row.times for row in told.rules}) == (None, (), {0})


@pytest.mark.parametrize("name", ["high_ratio", "single_run_spike.high_ratio"])
def test_a_parameter_is_changed_by_its_name_or_with_its_rule(name: str) -> None:
    (rule,) = adjusted(rules(), {name: "3"}, kind="single_run_spike")

    assert rule.high_ratio == 3.0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("single_run_spike", {"notice_ratio"}),
        ("two_week_ramp", {"notice_ratio"}),
        ("hard_minutes_spike", {"span_ratio", "session_ratio"}),
        ("descent_spike", {"ratio"}),
    ],
)
def test_the_ratio_from_which_a_rule_speaks_has_one_name_for_all(kind: str, names: set[str]) -> None:
    (before,) = adjusted(rules(), {}, kind=kind)
    (rule,) = adjusted(rules(), {"ratio_limit": "1.21"}, kind=kind)

    assert parameters(rule) == parameters(before) | dict.fromkeys(names, 1.21)


def test_a_name_that_several_rules_have_changes_them_all() -> None:
    changed = adjusted(rules(), {"cool_down_days": "99"})

    assert {getattr(rule, "cool_down_days", 99) for rule in changed} == {99}


def test_a_name_with_its_rule_changes_no_other() -> None:
    changed = adjusted(rules(), {"two_week_ramp.cool_down_days": "99"})

    assert [r.kind for r in changed if getattr(r, "cool_down_days", 0) == 99] == ["two_week_ramp"]


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        ({"notice_rato": "1.2"}, None, "notice_ratio"),
        ({"ratio_limt": "1.2"}, None, "ratio_limit"),
        ({"ratio_limit": "1.2"}, "no_rest", "monotony_limit"),
        ({"two_week_ramp.cool_down": "1"}, None, "two_week_ramp.cool_down_days"),
        ({"notice_ratio": "1.2"}, "no_rst", "no_rest"),
        ({"window_days": "soon"}, "single_run_spike", "window_days"),
        ({"notice_ratio": "0.5"}, "single_run_spike", "rise from 1"),
        ({"window_days": "1.5"}, "single_run_spike", "window_days"),
        ({"descent_m": "1"}, "descent_spike", "descent_spike"),
        ({"base_blocks": "2000000000"}, "two_week_ramp", "base_blocks"),
        ({"longest_runs": "9223372036854775807"}, "cadence_shift", "longest_runs"),
        ({"window_days": "-1000000000"}, "descent_spike", "window_days"),
        ({"spread_percent": "1e300"}, "cadence_shift", "spread_percent"),
        ({"notice_ratio": "nan"}, "single_run_spike", "notice_ratio|rise from 1"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_near(
    changes: dict[str, str], kind: str | None, said: str
) -> None:
    with pytest.raises(ReplayError, match=said):
        adjusted(rules(), changes, kind=kind)


def test_live_figures_leave_imported_years_out() -> None:
    """Found on day 50 itself, and twenty days after day 70."""
    entered = [(on(50), SPOKEN[0]), (on(90), SPOKEN[1])]
    told = as_it_happened(entered, [], kinds=["single_run_spike"], first=on(50), last=on(100))

    assert [one.day for one in told.rules[0].fired] == [on(50)]


def live(
    pain: list[int],
    *,
    first: int = 0,
    since: int | None = None,
    said: Mapping[str, Opinion] | None = None,
) -> ReplayTable:
    """The live figures of the rule that spoke on days 50 and 70, and of one that never did."""
    return as_it_happened(
        [(alert.day, alert) for alert in SPOKEN],
        [on(day) for day in pain],
        kinds=["single_run_spike", "no_rest"],
        first=on(first),
        last=on(100),
        since={} if since is None else {"single_run_spike": on(since)},
        said=said or {},
    )


def test_pain_before_the_first_finding_counts_from_the_day_on_which_somebody_looked() -> None:
    assert live([5, 30], first=20).unannounced == (on(30),)


def test_what_was_found_in_the_days_before_somebody_looked_counts() -> None:
    told = live([], first=52)

    assert (told.first, told.rules[0].times) == (on(50), 2)


def test_a_rule_is_counted_since_its_numbers_were_changed() -> None:
    row, other = live([20, 60, 65, 99], since=62).rules

    assert (row.first, [one.day for one in row.fired]) == (on(62), [on(70)])
    assert (row.pain_days, other.pain_days) == (
        (on(65), on(99)),
        (on(20), on(60), on(65), on(99)),
    )


def test_a_rule_told_alone_announces_no_pain_for_the_others() -> None:
    entered = [(alert.day, alert) for alert in SPOKEN]
    told = as_it_happened(entered, [on(60)], kinds=["no_rest"], first=on(0), last=on(100))

    assert told.unannounced == (on(60),)


def test_what_a_rule_said_before_its_change_still_announces_pain() -> None:
    """It spoke on day 50; a change on day 55 makes nothing unsaid."""
    assert live([60], since=55).rules[0].unannounced == ()


def test_what_was_called_useful_or_not_is_counted_for_its_rule() -> None:
    told = live([], said={SPOKEN[0].key: USEFUL, SPOKEN[1].key: NOT_USEFUL, "no_rest/x": NOT_USEFUL})

    assert [(row.useful, row.not_useful) for row in told.rules] == [(1, 1), (0, 0)]


def test_what_was_said_of_a_finding_before_the_change_of_its_rule_is_not_counted() -> None:
    told = live([], since=62, said={SPOKEN[0].key: USEFUL})

    assert told.rules[0].useful == 0


def test_of_a_replay_nobody_was_asked_whether_it_was_useful() -> None:
    told = replay(history(every(2, 60)), rules(), [])

    assert {(row.useful, row.not_useful) for row in told.rules} == {(None, None)}


def test_a_rule_told_alone_has_heard_the_others() -> None:
    """A run of 20 km, and one the next morning: rest is missing only beside the long run."""
    runs = [*every(2, 60), Outing(61, distance_m=20_000.0), Outing(62, distance_m=5_000.0)]
    (row,) = replay(history(runs), rules(), [], kind="no_rest").rules

    assert [one.day for one in row.fired] == [on(62)]


def test_a_report_of_nothing_and_one_withdrawn_are_no_pain() -> None:
    def entry(day: int, score: int, withdrawn_at: datetime | None = None) -> PainEntry:
        report = PainReport(on(day), BodySite.OUTER, Side.LEFT, during=score)
        return PainEntry(day, report, at, withdrawn_at=withdrawn_at)

    at = datetime(2024, 5, 1, tzinfo=ZoneInfo("UTC"))
    entries = [entry(3, 0), entry(5, 1), entry(5, 4), entry(9, 6, at)]

    assert pain_days(entries) == [on(5)]
    assert all(isinstance(day, date) for day in pain_days(entries))
