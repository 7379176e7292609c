"""Texts of the alerts about rest: no rest day, two hard days in a row, return after a break."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from alerts.explanation.group_text import AlertText, AlertTextContext
from alerts.text.i18n import gettext, ngettext
from alerts.text.units import distance_within, minutes, number, plain_date


def _describe_no_rest(context: AlertTextContext, study: str) -> AlertText:
    """Three cases: days in a row, a monotonous week, a run soon after a long one."""
    if context.number("alike_days") is not None:
        return _describe_alike_days(context, study)
    rest_hours = context.number("rest_hours")
    if rest_hours is not None:
        return _describe_soon_after(context, study, rest_hours)
    ceiling_days = context.number("ceiling_days")
    quiet = gettext("A rest day before it wouldn’t have triggered this.")
    if ceiling_days is not None:
        quiet = gettext(
            "A rest day among the first {days} wouldn’t have triggered this.",
            days=days_text(ceiling_days + 1),
        )
    return AlertText(
        title=gettext("Many running days in a row"),
        sentence=gettext(
            "Up to {day} you ran on {days} in a row; nine out of ten of your own streaks last {usual} "
            "at most.",
            day=context.day,
            days=days_text(context.alert.observed),
            usual=days_text(context.alert.expected),
        ),
        act=context.while_it_lasts(gettext("Take a rest day within the next two days; walking is fine.")),
        study=study,
        quiet=quiet,
        topic=gettext("your recent running"),
    )


def _describe_alike_days(context: AlertTextContext, study: str) -> AlertText:
    return AlertText(
        title=gettext("Seven days much alike"),
        sentence=gettext(
            "The 7\xa0days to {day} were much alike, in a week of at least your usual "
            "distance: their mean is {observed}\xa0times their spread, {expected} at most "
            "in the half-year before.",
            day=context.day,
            observed=number(context.alert.observed, ".1f"),
            expected=number(context.alert.expected, ".1f"),
        ),
        act=context.while_it_lasts(
            gettext("Take one rest day, or make one day clearly easier than the others.")
        ),
        study=study,
        quiet=gettext("A rest day or a shorter run among these 7\xa0days wouldn’t have triggered this."),
        topic=gettext("your recent running"),
    )


def _describe_soon_after(context: AlertTextContext, study: str, rest_hours: float) -> AlertText:
    compared = context.alert.compared_day
    return AlertText(
        title=gettext("A run soon after a long one"),
        sentence=gettext(
            "The run on {day} began {hours} after the end of one that was much longer than usual{when}.",
            day=context.day,
            hours=hours_text(context.alert.observed),
            when="" if compared is None else f" ({plain_date(compared, today=context.alert.day)})",
        ),
        act=context.while_it_lasts(gettext("Take the next day off from running; walking is fine.")),
        study=study,
        quiet=gettext("A gap of {hours} wouldn’t have triggered this.", hours=hours_text(rest_hours)),
        topic=gettext("your recent running"),
    )


def _describe_hard_after_hard(context: AlertTextContext, study: str) -> AlertText:
    first, second = context.number("first_min"), context.number("second_min")
    apart = gettext("on the same day as") if context.alert.observed < 1 else gettext("a day after")
    held = (
        gettext("was hard") if second is None else gettext("was hard for {minutes}", minutes=minutes(second))
    )
    other = (
        gettext("another hard one")
        if first is None
        else gettext("one that was hard for {minutes}", minutes=minutes(first))
    )
    return AlertText(
        title=gettext("Two hard days in a row"),
        sentence=gettext(
            "{subject} {held}, {apart} {other}; you seldom do that.",
            subject=context.your_run,
            held=held,
            apart=apart,
            other=other,
        ),
        act=context.while_it_lasts(
            gettext("Keep the next two days easy, and leave at least 48 hours between hard runs.")
        ),
        study=study,
        quiet=gettext("An easy day between the two wouldn’t have triggered this."),
        topic=context.run,
    )


def _describe_return(context: AlertTextContext, study: str) -> AlertText:
    alert = context.alert
    begin_m, ceiling_days = context.number("return_ceiling_m"), context.number("ceiling_days")
    most = (
        gettext("well below your longest run")
        if begin_m is None
        else gettext("at most {most}", most=distance_within(begin_m, context.units))
    )
    after = (
        gettext("A run sooner")
        if ceiling_days is None
        else gettext("A run within {days} of the last one", days=days_text(ceiling_days))
    )
    return AlertText(
        title=gettext("Back after a break"),
        sentence=gettext(
            "The run on {day} was your first in {days}; in the months before, breaks lasted {usual} at most.",
            day=context.day,
            days=days_text(alert.observed),
            usual=days_text(alert.expected),
        ),
        act=context.while_it_lasts(
            gettext(
                "Run {most} for the first weeks, every other day, with walking breaks where they help.",
                most=most,
            )
        ),
        study=study,
        quiet=gettext(
            "{after} wouldn’t have triggered this; no run counts as a jump until there are enough to "
            "compare with.",
            after=after,
        ),
        topic=gettext("your recent runs"),
    )


def days_text(count: float) -> str:
    """A number of days: "1 day", "12 days"."""
    whole = round(count)
    return ngettext("{n}\xa0day", "{n}\xa0days", whole)


def hours_text(count: float) -> str:
    """A number of hours: "1 hour", "20 hours"."""
    whole = round(count)
    return ngettext("{n}\xa0hour", "{n}\xa0hours", whole)


REST_DESCRIBERS: Mapping[str, Callable[[AlertTextContext, str], AlertText]] = {
    "no_rest": _describe_no_rest,
    "hard_after_hard": _describe_hard_after_hard,
    "return_after_break": _describe_return,
}
