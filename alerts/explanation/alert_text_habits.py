"""Texts of the alerts about running form: balance, warm-up, cadence fade, descent."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from alerts.explanation.group_text import AlertText, AlertTextContext
from alerts.text.i18n import gettext
from alerts.text.units import height, number, percent


def _describe_balance(context: AlertTextContext, study: str) -> AlertText:
    alert = context.alert
    return AlertText(
        title=gettext("Uneven ground contact"),
        sentence=gettext(
            "In the runs up to {day} your left foot had {observed}\xa0% of the ground "
            "contact, instead of {expected}\xa0% in the two months before.",
            day=context.day,
            observed=number(alert.observed, ".1f"),
            expected=number(alert.expected, ".1f"),
        ),
        act=context.while_it_lasts(
            gettext(
                "Look for a simple reason first: a strap that sits differently, worn shoes, the slope "
                "of the road, a niggle."
            )
        ),
        study=study,
        quiet=gettext("This rule isn’t triggered while your last runs stay near your own typical balance."),
        topic=gettext("your recent runs"),
    )


def _describe_no_warm_up(context: AlertTextContext, study: str) -> AlertText:
    hard, abrupt = context.number("hard_runs"), context.number("no_cool_down_runs")
    of = (
        gettext("your last hard runs")
        if hard is None
        else gettext("your last {hard}\xa0hard runs", hard=round(hard))
    )
    ended = (
        ""
        if not abrupt or abrupt < 0
        else gettext("; {abrupt} of them also ended hard", abrupt=round(abrupt))
    )
    return AlertText(
        title=gettext("Hard from the start"),
        sentence=gettext(
            "Of {of} up to {day}, {observed} were hard within the first ten minutes{ended}.",
            of=of,
            day=context.day,
            observed=round(context.alert.observed),
            ended=ended,
        ),
        act=context.while_it_lasts(
            gettext("Take ten easy minutes before the next hard effort, and five after it.")
            if ended
            else gettext("Take ten easy minutes before the next hard effort.")
        ),
        study=study,
        quiet=gettext("Ten easy minutes at the start of one of these runs wouldn’t have triggered this."),
        topic=gettext("your recent runs"),
    )


def _describe_form_fade(context: AlertTextContext, study: str) -> AlertText:
    fading, long = context.number("fading_runs"), context.number("long_runs")
    which = (
        gettext("In long runs")
        if fading is None or long is None
        else gettext("In {fading} of {long} long runs", fading=round(fading), long=round(long))
    )
    return AlertText(
        title=gettext("Cadence that drops in long runs"),
        sentence=gettext(
            "{which} up to {day} your cadence was {percent} lower in the last third than in the first, "
            "at the same pace.",
            which=which,
            day=context.day,
            percent=percent(context.alert.observed / 100),
        ),
        act=context.while_it_lasts(
            gettext("Keep the last third of your next long run as easy as the first.")
        ),
        study=study,
        quiet=gettext("This rule isn’t triggered while cadence holds in most of your runs over an hour."),
        topic=gettext("your recent runs"),
    )


def _describe_descent(context: AlertTextContext, study: str) -> AlertText:
    alert = context.alert
    ceiling_m = context.number("ceiling_m")
    most = "" if ceiling_m is None else height(ceiling_m, context.units)
    allowed = gettext("less than {most}", most=most) if most else gettext("less")
    return AlertText(
        title=gettext("Far more downhill than usual"),
        sentence=gettext(
            "{subject} went down {height}, {against} any run of the six weeks before ({most} at most).",
            subject=context.your_run,
            height=height(alert.observed, context.units),
            against=context.against(),
            most=height(alert.expected, context.units),
        ),
        act=context.while_it_lasts(gettext("Keep your next two runs flat and easy.")),
        study=study,
        quiet=gettext("{allowed} of descent wouldn’t have triggered this.", allowed=allowed),
        topic=context.run,
    )


HABIT_DESCRIBERS: Mapping[str, Callable[[AlertTextContext, str], AlertText]] = {
    "balance_drift": _describe_balance,
    "no_warm_up": _describe_no_warm_up,
    "form_fade": _describe_form_fade,
    "descent_spike": _describe_descent,
}
