"""A finding in words: said once here, so that page and letter say the same.

The words associate and never predict: what was run, what it is compared with, what a study saw after such
runs. No share of people who come to harm, no name of an illness.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from alerts.care.catalogue import Evidence
from alerts.errors import AlertsError
from alerts.findings import Finding, Level
from alerts.units import (
    METRIC,
    Units,
    cadence,
    distance_range,
    distance_within,
    hard_minutes,
    minutes,
    pace,
    percent,
    plain_date,
    weekday,
)
from alerts.words.tale import LAPSED, Story, Tale
from alerts.words.wording_habits import HABIT_TELLERS

__all__ = ["LAPSED", "Story", "describe"]

REST_DAYS = 2
"""Quiet days after a long run, named in the act."""


def describe(
    finding: Finding, evidence: Evidence, *, units: Units = METRIC, today: date | None = None
) -> Story:
    """Tell a finding in finished sentences; ``today`` is the day on which it is read, by default its own.

    Raises
    ------
    AlertsError
        If there are no words for this kind.
    """
    if finding.kind not in _TELLERS:
        raise AlertsError(f"there are no words for a finding of kind {finding.kind!r}")
    tale = Tale(finding, units, finding.day if today is None else today)
    return _TELLERS[finding.kind](tale, f"{evidence.grade.capitalize()} evidence: {evidence.claim}.")


def _tell_single_run(tale: Tale, study: str) -> Story:
    finding, day = tale.finding, tale.day
    run = tale.distance(finding.observed)
    longest = tale.distance(finding.expected)
    if finding.compared_day is not None:
        longest += f", {plain_date(finding.compared_day, today=finding.day)}"
    subject = f"{day}'s {run}" if tale.is_fresh else f"Your run of {day}, {run},"
    # the level may be raised by an injury before, the length of the run may not
    titles = ("One run longer than usual", "One run much longer", "One run more than twice as long")
    return Story(
        title=titles[(tale.ratio > 1.3) + (tale.ratio > 2)],
        sentence=f"{subject} was {tale.against('long', 'longer', 'shorter')} your longest run of the 30 days "
        f"before ({longest}).",
        act=tale.while_it_lasts(_act_on_single_run(tale)),
        study=study,
        quiet=_quiet_single_run(tale),
        topic=f"{day}'s run" if tale.is_fresh else f"the run of {day}",
    )


def rests_until(finding: Finding) -> date:
    """The last day that a finding asks to leave free of running; its own day where it asks for none."""
    asks = finding.kind == "single_run_spike" and finding.level >= Level.CAUTION
    return finding.day + timedelta(days=REST_DAYS if asks else 0)


def _act_on_single_run(tale: Tale) -> str:
    """Quiet days while they last, then the new length held before the next step."""
    until = rests_until(tale.finding)
    if tale.finding.level < Level.CAUTION or tale.today > until:
        run = tale.distance(tale.finding.observed)
        return f"Keep your next two long runs at {run} or less before you go further."
    if tale.finding.level >= Level.HIGH:
        return f"Rest from running until {weekday(until)}; walk as much as you like."
    return f"Rest, or run at most {minutes(30)} very easily, until {weekday(until)}."


def _quiet_single_run(tale: Tale) -> str:
    ceiling_m = tale.number("ceiling_m")
    if ceiling_m is None:
        return "A run close to your longest of the 30 days before would have kept this rule quiet."
    allowed = distance_within(ceiling_m, tale.units)
    return f"Up to {allowed} on that day would have kept this rule quiet."


def _tell_two_weeks(tale: Tale, study: str) -> Story:
    finding, day = tale.finding, tale.day
    week_m = finding.observed / 2
    less = distance_range(0.6 * week_m, 0.8 * week_m, tale.units)
    highest_m, ceiling_m = tale.number("highest_m"), tale.number("ceiling_m")
    highest = "" if highest_m is None else f"; the most in the 12 weeks before was {tale.distance(highest_m)}"
    return Story(
        title="Two weeks of more running" if tale.ratio < 1.5 else "Two weeks of much more running",
        sentence=f"In the 14 days to {day} you ran {tale.distance(finding.observed)}, {tale.against()} in "
        f"the 14-day spans before ({tale.distance(finding.expected)} on average{highest}).",
        act=tale.while_it_lasts(
            f"Run {less} in the next seven days, on as many days as usual; the last two weeks held "
            f"{tale.distance(week_m)} each on average."
        ),
        study=study,
        quiet="A slower build would have kept this rule quiet."
        if ceiling_m is None
        else f"Up to {distance_within(ceiling_m, tale.units)} in these 14 days would have kept this rule "
        "quiet.",
        topic="your last two weeks" if tale.is_fresh else f"the two weeks to {day}",
    )


def _tell_hard_minutes(tale: Tale, study: str) -> Story:
    finding, day = tale.finding, tale.day
    lasting = " for two weeks" if finding.level >= Level.CAUTION else ""
    ceiling_min = tale.number("ceiling_min")
    ceiling = "fewer of them" if ceiling_min is None else f"up to {math.floor(ceiling_min)}"
    is_span = tale.number("span_days") is not None
    counting = ", and no run counts for more than your second hardest of six weeks" if is_span else ""
    return Story(
        title="More hard running than usual",
        sentence=_sentence_of_hard_minutes(tale),
        act=tale.while_it_lasts(
            "Replace your next hard session with easy running, and leave at least 48 hours between hard "
            f"sessions{lasting}."
        ),
        study=study,
        quiet=f"Hard minutes are those near or above your threshold{counting}; {ceiling} would have kept "
        "this rule quiet.",
        topic="this week's running" if tale.is_fresh else f"the week to {day}",
    )


def _sentence_of_hard_minutes(tale: Tale) -> str:
    """A span of days or a run against the most of six weeks; a span with such a run in it says so."""
    finding, day = tale.finding, tale.day
    span_days, session_min = tale.number("span_days"), tale.number("session_min")
    opening, most, more = f"Up to {day} you ran", "the most of the six weeks before", ""
    if span_days is not None:
        opening = f"In the {span_days:.0f} days to {day} you ran"
        most = f"the hardest {span_days:.0f} days of the six weeks before"
        if session_min is not None:
            more = f"; one run alone held {minutes(session_min)}"
    elif session_min is not None:
        opening = f"{day}'s run held" if tale.is_fresh else f"Your run of {day} held"
        most = "the hardest run of the six weeks before"
    hard = hard_minutes(finding.observed)
    if finding.expected <= 0:
        return f"{opening} {hard}, after six weeks without any{more}."
    return f"{opening} {hard}, {tale.against()} {most} ({minutes(finding.expected)}){more}."


def _tell_cadence(tale: Tale, study: str) -> Story:
    finding, day = tale.finding, tale.day
    change_percent, speed_mps = tale.number("change_percent"), tale.number("speed_mps")
    change = percent(tale.ratio - 1 if change_percent is None else change_percent / 100)
    at_pace = "the same pace" if speed_mps is None else pace(speed_mps, tale.units)
    side = "higher" if finding.is_rise else "lower"
    compare = "your next three easy runs on the flat"
    return Story(
        title=f"Step rate {side} at the same pace",
        sentence=f"Your step rate at {at_pace} was {change} {side} in the runs up to {day} than in the two "
        f"months before: {round(finding.observed)} instead of {cadence(finding.expected)}.",
        act=tale.while_it_lasts(
            f"Compare {compare}; nothing else needs to change."
            if finding.is_rise
            else "Look for a plain reason first: new shoes, another watch or sensor, hills, heat, tiredness, "
            f"a niggle. Then compare {compare}."
        ),
        study=study,
        quiet="This rule stays quiet while your step rate at one pace stays in its usual band; a single odd "
        "run does not count.",
        topic="your recent runs" if tale.is_fresh else f"the runs up to {day}",
    )


_TELLERS: Mapping[str, Callable[[Tale, str], Story]] = {
    "single_run_spike": _tell_single_run,
    "two_week_ramp": _tell_two_weeks,
    "hard_minutes_spike": _tell_hard_minutes,
    "cadence_shift": _tell_cadence,
    **HABIT_TELLERS,
}
