"""One cause is one story; circumstances raise what is grave already."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert_factory import KINDS, SUNDAY, tell
from alert_factory import alert as alert_given
from alerts.alert.alert import Alert, Level
from alerts.alert.severity import Escalation
from alerts.care.catalogue.loading import load_care
from alerts.care.explained_alert import ExplainedAlert, group_leads
from alerts.explanation.grouping import AlertGroup, group_alerts, groups_of

CARE = load_care()
INFO_OR_NOTICE = {"two_week_ramp": Level.NOTICE, "descent_spike": Level.INFO}


def alert(
    kind: str,
    day: int = 0,
    level: Level = Level.NOTICE,
    activity_id: int | None = None,
    *,
    beyond_m: float = 1.0,
    **numbers: float,
) -> Alert:
    """A finding that lies so many metres beyond what had kept its rule quiet."""
    on = SUNDAY + timedelta(days=day)
    told = {"ceiling_m": 1.0, **numbers}
    return Alert(kind, on, level, 1.0 + beyond_m, 1.0, "m", activity_id=activity_id, numbers=told)


def stories(*found: Alert) -> list[set[str]]:
    """The keys of each story."""
    return [{part.key for part in cause.parts} for cause in group_alerts(found)]


def test_the_gravest_leads_and_the_others_stand_beside_it() -> None:
    spike = alert("single_run_spike", level=Level.CAUTION, activity_id=7)
    ramp, descent = alert("two_week_ramp"), alert("descent_spike", level=Level.INFO, activity_id=7)

    assert group_alerts([descent, ramp, spike]) == [AlertGroup(spike, (ramp, descent))]


def test_of_equals_the_one_with_the_better_evidence_leads() -> None:
    spike, ramp = alert("single_run_spike"), alert("two_week_ramp")

    assert group_alerts([ramp, spike]) == [AlertGroup(spike, (ramp,))]


def test_two_runs_of_one_day_are_two_stories() -> None:
    morning, evening = alert("single_run_spike", activity_id=7), alert("descent_spike", activity_id=8)

    assert [cause.lead for cause in group_alerts([morning, evening])] == [morning, evening]


@pytest.mark.parametrize(("compared", "count"), [(0, 1), (1, 2)])
def test_a_run_too_soon_after_one_much_too_long_belongs_to_its_story(compared: int, count: int) -> None:
    spike = alert("single_run_spike", level=Level.CAUTION, activity_id=7)
    next_day = alert("no_rest", day=1, level=Level.INFO, activity_id=8)
    soon = dataclasses.replace(next_day, unit="h", compared_day=SUNDAY + timedelta(days=compared))

    assert len(group_alerts([spike, soon])) == count


def test_two_rules_on_two_days_are_two_stories() -> None:
    assert len(group_alerts([alert("single_run_spike"), alert("hard_minutes_spike", day=1)])) == 2


@pytest.mark.parametrize("kind", ["cadence_shift", "balance_drift", "form_fade", "no_warm_up"])
def test_how_it_is_run_is_another_cause_than_how_much(kind: str) -> None:
    assert len(group_alerts([alert("single_run_spike"), alert(kind)])) == 2


@pytest.mark.parametrize(("day", "count"), [(13, 1), (14, 2)])
def test_what_a_rule_says_again_within_a_fortnight_goes_on_with_its_story(day: int, count: int) -> None:
    assert len(group_alerts([alert("single_run_spike"), alert("single_run_spike", day=day)])) == count


def test_a_long_run_that_grows_each_week_is_one_story_led_by_the_latest() -> None:
    first, second, third = (alert("single_run_spike", day=day) for day in (0, 7, 14))

    assert group_alerts([first, second, third]) == [AlertGroup(third, (second, first))]


def test_a_ramp_that_grows_graver_is_one_story_led_by_the_graver() -> None:
    notice, caution = alert("two_week_ramp"), alert("two_week_ramp", day=4, level=Level.CAUTION)

    assert group_alerts([notice, caution]) == [AlertGroup(caution, (notice,))]


@pytest.mark.parametrize(("beyond_m", "count"), [(3_000.0, 1), (3_001.0, 2)])
def test_a_ramp_that_the_long_runs_made_belongs_to_them(beyond_m: float, count: int) -> None:
    """Within their ceilings the two weeks had been 1 and 2 km shorter."""
    long_runs = [alert("single_run_spike", day=day, beyond_m=metres) for day, metres in ((0, 1e3), (7, 2e3))]

    assert len(group_alerts([*long_runs, alert("two_week_ramp", day=9, beyond_m=beyond_m)])) == count


def test_a_long_run_before_its_two_weeks_makes_no_ramp() -> None:
    """The last 14 days hold the second run, and not the first that began its story."""
    runs = [alert("single_run_spike", day=day, beyond_m=1e3) for day in (0, 10)]

    assert len(group_alerts([*runs, alert("two_week_ramp", day=14, beyond_m=1_500.0)])) == 2


def test_a_long_run_after_a_ramp_is_a_story_of_its_own() -> None:
    assert len(group_alerts([alert("two_week_ramp"), alert("single_run_spike", day=1)])) == 2


@pytest.mark.parametrize(("day", "count"), [(-14, 2), (-13, 1), (0, 1), (1, 2)])
def test_information_about_days_of_a_ramp_belongs_to_it(day: int, count: int) -> None:
    descent = alert("descent_spike", day=day, level=Level.INFO, activity_id=7)

    assert len(group_alerts([descent, alert("two_week_ramp")])) == count


def test_information_never_joins_two_causes() -> None:
    """Two hard days in a row, of which the first was much too long, in a hard fortnight."""
    long_run = alert("single_run_spike", activity_id=7)
    pair = alert("hard_after_hard", day=1, level=Level.INFO, activity_id=8)
    pair = dataclasses.replace(pair, compared_day=SUNDAY)
    fortnight = alert("hard_minutes_spike", day=3, span_days=14.0)

    assert stories(long_run, pair, fortnight) == [{long_run.key, pair.key}, {fortnight.key}]


def test_of_a_story_that_goes_on_the_gravest_of_what_was_chosen_leads() -> None:
    before, chosen = alert("two_week_ramp", level=Level.CAUTION), alert("two_week_ramp", day=4)
    other = alert("cadence_shift", day=4)

    assert groups_of([chosen], [before, chosen, other]) == [AlertGroup(chosen, (before,))]


some = st.builds(
    alert,
    st.sampled_from(KINDS),
    st.integers(0, 20),
    st.sampled_from(Level),
    st.none() | st.integers(1, 3),
    beyond_m=st.sampled_from((1.0, 2.0)),
)


@given(st.lists(some, unique_by=lambda f: f.key))
def test_every_finding_is_in_exactly_one_story_and_none_is_graver_than_its_lead(found: list[Alert]) -> None:
    causes = group_alerts(found)
    spread = [one for cause in causes for one in (cause.lead, *cause.also)]

    assert sorted(f.key for f in spread) == sorted(f.key for f in found)
    assert all(other.level <= cause.lead.level for cause in causes for other in cause.also)


@given(st.lists(some, unique_by=lambda f: f.key), st.integers(0, 20))
def test_a_later_finding_parts_or_joins_no_graver_ones_before_it(found: list[Alert], last: int) -> None:
    def together(told: list[Alert]) -> list[set[str]]:
        grave = [f for f in told if f.level > Level.INFO and f.day <= SUNDAY + timedelta(days=last)]
        keys = {f.key for f in grave}
        return [one for alert_text in stories(*told) if (one := alert_text & keys)]

    def by_key(told: list[set[str]]) -> list[list[str]]:
        return sorted(map(sorted, told))

    until = [f for f in found if f.day <= SUNDAY + timedelta(days=last)]

    assert by_key(together(found)) == by_key(together(until))


def test_the_lead_names_what_its_rule_and_others_said_on_other_days() -> None:
    days = {"two_week_ramp": (0, 4), "descent_spike": (2,)}
    explained = [
        ExplainedAlert(t.alert, t.alert_text, t.advice)
        for kind, numbers in days.items()
        for n in numbers
        for t in [tell(CARE, alert_given(kind, INFO_OR_NOTICE[kind], day=SUNDAY + timedelta(days=n)))]
    ]
    (lead,) = group_leads(explained[1:], explained)

    assert lead.alert_text.sentence.replace("\xa0", " ").endswith(
        "The same running also shows: far more downhill than usual (Tue 14 May). The same rule also "
        "fired on these days: Sun 12 May."
    )


def test_the_lead_names_the_others() -> None:
    explained = [
        ExplainedAlert(t.alert, t.alert_text, t.advice)
        for t in (tell(CARE, alert_given(kind)) for kind in ("two_week_ramp", "single_run_spike"))
    ]
    (lead,) = group_leads(explained)

    assert lead.alert.kind == "single_run_spike"
    assert lead.alert_text.sentence.endswith("The same running also shows: two weeks of more running.")
    assert [other.kind for other in lead.also] == ["two_week_ramp"]


@pytest.mark.parametrize(
    ("level", "raised"),
    [
        (Level.INFO, Level.INFO),
        (Level.NOTICE, Level.CAUTION),
        (Level.CAUTION, Level.HIGH),
        (Level.HIGH, Level.HIGH),
    ],
)
def test_an_injury_before_raises_by_one_and_never_what_is_for_information(
    level: Level, raised: Level
) -> None:
    (found,) = Escalation(SUNDAY - timedelta(days=100)).raised([alert("single_run_spike", level=level)])

    assert found.level is raised


@pytest.mark.parametrize(("days", "is_raised"), [(-1, False), (0, True), (365, True), (366, False)])
def test_an_injury_counts_for_a_year_from_its_day(days: int, *, is_raised: bool) -> None:
    (found,) = Escalation(SUNDAY - timedelta(days=days)).raised([alert("single_run_spike")])

    assert (found.level is Level.CAUTION) is is_raised


@pytest.mark.parametrize(("day", "is_raised"), [(0, False), (1, True), (14, True), (15, False)])
def test_two_rules_on_two_days_raise_the_later_where_it_is_asked_for(day: int, *, is_raised: bool) -> None:
    """On one day they are one cause."""
    found = Escalation(together_days=14).raised([alert("two_week_ramp"), alert("cadence_shift", day)])

    assert [f.level for f in found] == [Level.NOTICE, Level.CAUTION if is_raised else Level.NOTICE]


def test_nothing_is_raised_by_default() -> None:
    found = [alert("two_week_ramp"), alert("cadence_shift", 1)]

    assert Escalation().raised(found) == found


def test_a_note_for_information_raises_nothing() -> None:
    found = [alert("no_rest", level=Level.INFO), alert("cadence_shift", 1)]

    assert Escalation(together_days=14).raised(found) == found


@given(st.lists(some, unique_by=lambda f: f.key), st.integers(0, 5))
def test_a_later_day_raises_nothing_before_it(found: list[Alert], last: int) -> None:
    rule = Escalation(date(2024, 5, 14), together_days=3)
    until = SUNDAY + timedelta(days=last)

    assert [f for f in rule.raised(found) if f.day <= until] == rule.raised(
        [f for f in found if f.day <= until]
    )
