"""Describes an alert in words; pages and emails share the text.

The words associate and never predict: what was run, what it is compared with, what a study saw after such
runs. No share of people who come to harm, no name of an illness.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from alerts.alert.alert import Alert, Level
from alerts.alert.evidence import Evidence
from alerts.errors import AlertsError
from alerts.explanation.alert_text_habits import HABIT_DESCRIBERS
from alerts.explanation.alert_text_pace import PACE_DESCRIBERS
from alerts.explanation.alert_text_rest import REST_DESCRIBERS
from alerts.explanation.group_text import LAPSED, AlertText, AlertTextContext
from alerts.text.i18n import gettext, gettext_noop
from alerts.text.units import METRIC, Units, distance_range, distance_within, minutes, plain_date, weekday

__all__ = ["LAPSED", "AlertText", "describe"]

STRENGTHS: Mapping[str, str] = MappingProxyType(
    {
        "strong": gettext_noop("Strong evidence"),
        "moderate": gettext_noop("Moderate evidence"),
        "weak": gettext_noop("Weak evidence"),
        "none": gettext_noop("No evidence"),
    }
)

GRADES = (gettext_noop("strong"), gettext_noop("moderate"), gettext_noop("weak"), gettext_noop("none"))
"""The same as single words: templates say an evidence's own grade, which no collector of messages sees."""

ONE_DAY = timedelta(days=1)
REST_DAYS = 2
"""Quiet days after a long run, named in the act."""


def describe(
    alert: Alert, evidence: Evidence, *, units: Units = METRIC, today: date | None = None
) -> AlertText:
    """Describe an alert in complete sentences; ``today`` decides how days are named.

    Raises
    ------
    AlertsError
        If there are no words for this kind.
    """
    if alert.kind not in _DESCRIBERS:
        raise AlertsError(f"there are no words for a finding of kind {alert.kind!r}")
    context = AlertTextContext(alert, units, alert.day if today is None else today)
    study = gettext("{strength}: {claim}.", strength=strength_of(evidence), claim=evidence.claim)
    return _DESCRIBERS[alert.kind](context, study)


def strength_of(evidence: Evidence) -> str:
    """How strong the evidence is: "Moderate evidence"."""
    return gettext(STRENGTHS[evidence.grade])


def _describe_single_run(context: AlertTextContext, study: str) -> AlertText:
    alert, day = context.alert, context.day
    run = context.distance(alert.observed)
    longest = context.distance(alert.expected)
    if alert.compared_day is not None:
        longest += f", {plain_date(alert.compared_day, today=alert.day)}"
    subject = gettext_noop("{day}’s {run}") if context.is_fresh else gettext_noop("Your run on {day}, {run},")
    # the level may be raised by an injury before, the length of the run may not
    titles = (
        gettext("One run longer than usual"),
        gettext("One run much longer"),
        gettext("One run more than twice as long"),
    )
    return AlertText(
        title=titles[(context.ratio > 1.3) + (context.ratio > 2)],
        sentence=gettext(
            "{subject} was {against} your longest run of the 30 days before ({longest}).",
            subject=gettext(subject, day=day, run=run),
            against=context.against_length(),
            longest=longest,
        ),
        act=context.while_it_lasts(_act_on_single_run(context)),
        study=study,
        quiet=_quiet_single_run(context),
        topic=context.run,
    )


def rests_until(alert: Alert) -> date:
    """The last day that an alert asks to keep free of running; its own day if it asks for none."""
    asks = alert.kind == "single_run_spike" and alert.level >= Level.CAUTION
    return alert.day + timedelta(days=REST_DAYS if asks else 0)


def _act_on_single_run(context: AlertTextContext) -> str:
    """Rest days first, then back to the length before, until the next increase."""
    until = rests_until(context.alert)
    if context.alert.level < Level.CAUTION or context.today > until:
        run = context.distance(context.alert.expected)
        return gettext("Go back to {run} or less for your next two or three long runs.", run=run)
    if context.alert.level >= Level.HIGH:
        return gettext(
            "Rest from running until {weekday}; walk as much as you like.", weekday=weekday(until + ONE_DAY)
        )
    return gettext(
        "Rest, or run at most {minutes} very easily, until {weekday}.",
        minutes=minutes(30),
        weekday=weekday(until + ONE_DAY),
    )


def _quiet_single_run(context: AlertTextContext) -> str:
    ceiling_m = context.number("ceiling_m")
    if ceiling_m is None:
        return gettext("A run close to your longest of the 30 days before wouldn’t have triggered this.")
    allowed = distance_within(ceiling_m, context.units)
    return gettext("Up to {allowed} on that day wouldn’t have triggered this.", allowed=allowed)


def _describe_two_weeks(context: AlertTextContext, study: str) -> AlertText:
    alert, day = context.alert, context.day
    week_m = alert.observed / 2
    less = distance_range(0.6 * week_m, 0.8 * week_m, context.units)
    highest_m, ceiling_m = context.number("highest_m"), context.number("ceiling_m")
    highest = (
        ""
        if highest_m is None
        else gettext("; the most in the 12 weeks before was {most}", most=context.distance(highest_m))
    )
    return AlertText(
        title=gettext("Two weeks of more running")
        if context.ratio < 1.5
        else gettext("Two weeks of much more running"),
        sentence=gettext(
            "In the 14 days to {day} you ran {distance}, {against} in the 14-day periods before "
            "({usual} on average{highest}).",
            day=day,
            distance=context.distance(alert.observed),
            against=context.against(),
            usual=context.distance(alert.expected),
            highest=highest,
        ),
        act=context.while_it_lasts(
            gettext(
                "Run {less} in the next seven days, on as many days as usual; the last two weeks "
                "averaged {distance} each.",
                less=less,
                distance=context.distance(week_m),
            )
        ),
        study=study,
        quiet=gettext("A slower build-up wouldn’t have triggered this.")
        if ceiling_m is None
        else gettext(
            "Up to {allowed} in these 14 days wouldn’t have triggered this.",
            allowed=distance_within(ceiling_m, context.units),
        ),
        topic=gettext("your last two weeks")
        if context.is_fresh
        else gettext("the two weeks to {day}", day=day),
    )


_DESCRIBERS: Mapping[str, Callable[[AlertTextContext, str], AlertText]] = {
    "single_run_spike": _describe_single_run,
    "two_week_ramp": _describe_two_weeks,
    **PACE_DESCRIBERS,
    **HABIT_DESCRIBERS,
    **REST_DESCRIBERS,
}
