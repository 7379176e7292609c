"""One cause is one story; circumstances raise what is grave already."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.care.loading import load_care
from alerts.escalation import Escalation
from alerts.findings import Finding, Level
from alerts.pages.overview import Explained
from alerts.stories import Cause, leading, tell_once
from findings_told import KINDS, SUNDAY, tell
from findings_told import finding as told_finding

CARE = load_care()


def finding(kind: str, day: int = 0, level: Level = Level.NOTICE, activity_id: int | None = None) -> Finding:
    return Finding(kind, SUNDAY + timedelta(days=day), level, 2.0, 1.0, "m", activity_id=activity_id)


def test_the_gravest_leads_and_the_others_stand_beside_it() -> None:
    spike = finding("single_run_spike", level=Level.CAUTION, activity_id=7)
    ramp, descent = finding("two_week_ramp"), finding("descent_spike", level=Level.INFO, activity_id=7)

    assert tell_once([descent, ramp, spike]) == [Cause(spike, (ramp, descent))]


def test_of_equals_the_one_with_the_better_evidence_leads() -> None:
    spike, ramp = finding("single_run_spike"), finding("two_week_ramp")

    assert tell_once([ramp, spike]) == [Cause(spike, (ramp,))]


def test_two_runs_of_one_day_are_two_stories() -> None:
    morning, evening = finding("single_run_spike", activity_id=7), finding("descent_spike", activity_id=8)

    assert [cause.lead for cause in tell_once([morning, evening])] == [morning, evening]


@pytest.mark.parametrize(("compared", "stories"), [(0, 1), (-1, 2)])
def test_a_run_too_soon_after_one_much_too_long_belongs_to_its_story(compared: int, stories: int) -> None:
    spike = finding("single_run_spike", level=Level.CAUTION, activity_id=7)
    next_day = finding("no_rest", day=1, level=Level.INFO, activity_id=8)
    soon = dataclasses.replace(next_day, unit="h", compared_day=SUNDAY + timedelta(days=compared))

    assert len(tell_once([spike, soon])) == stories


def test_two_days_are_two_stories() -> None:
    assert len(tell_once([finding("single_run_spike"), finding("two_week_ramp", day=1)])) == 2


some = st.builds(
    finding,
    st.sampled_from(KINDS),
    st.integers(0, 5),
    st.sampled_from(Level),
    st.none() | st.integers(1, 3),
)


@given(st.lists(some, unique_by=lambda f: f.key))
def test_every_finding_is_in_exactly_one_story_and_none_is_graver_than_its_lead(found: list[Finding]) -> None:
    causes = tell_once(found)
    spread = [one for cause in causes for one in (cause.lead, *cause.also)]

    assert sorted(f.key for f in spread) == sorted(f.key for f in found)
    assert all(other.level <= cause.lead.level for cause in causes for other in cause.also)


def test_the_lead_names_the_others() -> None:
    explained = [
        Explained(t.finding, t.story, t.advice)
        for t in (tell(CARE, told_finding(kind)) for kind in ("two_week_ramp", "single_run_spike"))
    ]
    (lead,) = leading(explained)

    assert lead.finding.kind == "single_run_spike"
    assert lead.story.sentence.endswith("The same running also shows: two weeks of more running.")
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
    (found,) = Escalation(SUNDAY - timedelta(days=100)).raised([finding("single_run_spike", level=level)])

    assert found.level is raised


@pytest.mark.parametrize(("days", "is_raised"), [(-1, False), (0, True), (365, True), (366, False)])
def test_an_injury_counts_for_a_year_from_its_day(days: int, *, is_raised: bool) -> None:
    (found,) = Escalation(SUNDAY - timedelta(days=days)).raised([finding("single_run_spike")])

    assert (found.level is Level.CAUTION) is is_raised


@pytest.mark.parametrize(("day", "is_raised"), [(0, False), (1, True), (14, True), (15, False)])
def test_two_rules_on_two_days_raise_the_later_where_it_is_asked_for(day: int, *, is_raised: bool) -> None:
    """On one day they are one cause."""
    found = Escalation(together_days=14).raised([finding("two_week_ramp"), finding("cadence_shift", day)])

    assert [f.level for f in found] == [Level.NOTICE, Level.CAUTION if is_raised else Level.NOTICE]


def test_nothing_is_raised_by_default() -> None:
    found = [finding("two_week_ramp"), finding("cadence_shift", 1)]

    assert Escalation().raised(found) == found


def test_a_note_for_information_raises_nothing() -> None:
    found = [finding("no_rest", level=Level.INFO), finding("cadence_shift", 1)]

    assert Escalation(together_days=14).raised(found) == found


@given(st.lists(some, unique_by=lambda f: f.key), st.integers(0, 5))
def test_a_later_day_raises_nothing_before_it(found: list[Finding], last: int) -> None:
    rule = Escalation(date(2024, 5, 14), together_days=3)
    until = SUNDAY + timedelta(days=last)

    assert [f for f in rule.raised(found) if f.day <= until] == rule.raised(
        [f for f in found if f.day <= until]
    )
