"""A finding in words: said once here, so that page and letter say the same.

The words associate and never predict: what was run, what it is compared with, what a study saw after such
runs. No share of people who come to harm, no name of an illness.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from alerts.alert.alert import Finding, Level
from alerts.alert.evidence import Evidence
from alerts.errors import AlertsError
from alerts.explanation.alert_text_habits import HABIT_TELLERS
from alerts.explanation.alert_text_pace import PACE_TELLERS
from alerts.explanation.alert_text_rest import REST_TELLERS
from alerts.explanation.group_text import LAPSED, Story, Tale
from alerts.text.i18n import marked, say
from alerts.text.units import METRIC, Units, distance_range, distance_within, minutes, plain_date, weekday

__all__ = ["LAPSED", "Story", "describe"]

STRENGTHS: Mapping[str, str] = MappingProxyType(
    {
        "strong": marked("Strong evidence"),
        "moderate": marked("Moderate evidence"),
        "weak": marked("Weak evidence"),
        "none": marked("No evidence"),
    }
)

GRADES = (marked("strong"), marked("moderate"), marked("weak"), marked("none"))
"""The same as single words: templates say an evidence's own grade, which no collector of messages sees."""

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
    study = say("{strength}: {claim}.", strength=strength_of(evidence), claim=evidence.claim)
    return _TELLERS[finding.kind](tale, study)


def strength_of(evidence: Evidence) -> str:
    """How strong the evidence is: "Moderate evidence"."""
    return say(STRENGTHS[evidence.grade])


def _tell_single_run(tale: Tale, study: str) -> Story:
    finding, day = tale.finding, tale.day
    run = tale.distance(finding.observed)
    longest = tale.distance(finding.expected)
    if finding.compared_day is not None:
        longest += f", {plain_date(finding.compared_day, today=finding.day)}"
    subject = marked("{day}’s {run}") if tale.is_fresh else marked("Your run of {day}, {run},")
    # the level may be raised by an injury before, the length of the run may not
    titles = (
        say("One run longer than usual"),
        say("One run much longer"),
        say("One run more than twice as long"),
    )
    return Story(
        title=titles[(tale.ratio > 1.3) + (tale.ratio > 2)],
        sentence=say(
            "{subject} was {against} your longest run of the 30 days before ({longest}).",
            subject=say(subject, day=day, run=run),
            against=tale.against_length(),
            longest=longest,
        ),
        act=tale.while_it_lasts(_act_on_single_run(tale)),
        study=study,
        quiet=_quiet_single_run(tale),
        topic=tale.run,
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
        return say("Keep your next two long runs at {run} or less before you go further.", run=run)
    if tale.finding.level >= Level.HIGH:
        return say("Rest from running until {weekday}; walk as much as you like.", weekday=weekday(until))
    return say(
        "Rest, or run at most {minutes} very easily, until {weekday}.",
        minutes=minutes(30),
        weekday=weekday(until),
    )


def _quiet_single_run(tale: Tale) -> str:
    ceiling_m = tale.number("ceiling_m")
    if ceiling_m is None:
        return say("A run close to your longest of the 30 days before would have kept this rule quiet.")
    allowed = distance_within(ceiling_m, tale.units)
    return say("Up to {allowed} on that day would have kept this rule quiet.", allowed=allowed)


def _tell_two_weeks(tale: Tale, study: str) -> Story:
    finding, day = tale.finding, tale.day
    week_m = finding.observed / 2
    less = distance_range(0.6 * week_m, 0.8 * week_m, tale.units)
    highest_m, ceiling_m = tale.number("highest_m"), tale.number("ceiling_m")
    highest = (
        ""
        if highest_m is None
        else say("; the most in the 12 weeks before was {most}", most=tale.distance(highest_m))
    )
    return Story(
        title=say("Two weeks of more running") if tale.ratio < 1.5 else say("Two weeks of much more running"),
        sentence=say(
            "In the 14 days to {day} you ran {distance}, {against} in the 14-day spans "
            "before ({usual} on average{highest}).",
            day=day,
            distance=tale.distance(finding.observed),
            against=tale.against(),
            usual=tale.distance(finding.expected),
            highest=highest,
        ),
        act=tale.while_it_lasts(
            say(
                "Run {less} in the next seven days, on as many days as usual; the last two "
                "weeks held {distance} each on average.",
                less=less,
                distance=tale.distance(week_m),
            )
        ),
        study=study,
        quiet=say("A slower build would have kept this rule quiet.")
        if ceiling_m is None
        else say(
            "Up to {allowed} in these 14 days would have kept this rule quiet.",
            allowed=distance_within(ceiling_m, tale.units),
        ),
        topic=say("your last two weeks") if tale.is_fresh else say("the two weeks to {day}", day=day),
    )


_TELLERS: Mapping[str, Callable[[Tale, str], Story]] = {
    "single_run_spike": _tell_single_run,
    "two_week_ramp": _tell_two_weeks,
    **PACE_TELLERS,
    **HABIT_TELLERS,
    **REST_TELLERS,
}
