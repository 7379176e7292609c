"""The findings about how somebody runs, in words: balance, warm-up, steps that fade, descent."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from alerts.explanation.group_text import AlertText, AlertTextContext
from alerts.text.i18n import gettext
from alerts.text.units import height, number, percent


def _tell_balance(tale: AlertTextContext, study: str) -> AlertText:
    alert = tale.alert
    return AlertText(
        title=gettext("Ground contact moved to one foot"),
        sentence=gettext(
            "In the runs up to {day} your left foot had {observed}\xa0% of the ground "
            "contact, instead of {expected}\xa0% in the two months before.",
            day=tale.day,
            observed=number(alert.observed, ".1f"),
            expected=number(alert.expected, ".1f"),
        ),
        act=tale.while_it_lasts(
            gettext(
                "Look for a plain reason first: a strap that sits differently, worn shoes, "
                "the slope of the road, a niggle."
            )
        ),
        study=study,
        quiet=gettext("This rule stays quiet while the median of your last runs keeps near your own normal."),
        topic=gettext("your recent runs"),
    )


def _tell_no_warm_up(tale: AlertTextContext, study: str) -> AlertText:
    hard, abrupt = tale.number("hard_runs"), tale.number("no_cool_down_runs")
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
            day=tale.day,
            observed=round(tale.alert.observed),
            ended=ended,
        ),
        act=tale.while_it_lasts(
            gettext("Take ten easy minutes before the next hard piece, and five after it.")
            if ended
            else gettext("Take ten easy minutes before the next hard piece.")
        ),
        study=study,
        quiet=gettext(
            "An easy beginning of ten minutes in one of these runs would have kept this rule quiet."
        ),
        topic=gettext("your recent runs"),
    )


def _tell_form_fade(tale: AlertTextContext, study: str) -> AlertText:
    fading, long = tale.number("fading_runs"), tale.number("long_runs")
    which = (
        gettext("In long runs")
        if fading is None or long is None
        else gettext("In {fading} of {long} long runs", fading=round(fading), long=round(long))
    )
    return AlertText(
        title=gettext("Steps that fade in long runs"),
        sentence=gettext(
            "{which} up to {day} your step rate was {percent} lower in the last third "
            "than in the first, at the same pace.",
            which=which,
            day=tale.day,
            percent=percent(tale.alert.observed / 100),
        ),
        act=tale.while_it_lasts(gettext("Keep the last third of your next long run as easy as the first.")),
        study=study,
        quiet=gettext("Steps that hold in most of your runs beyond an hour keep this rule quiet."),
        topic=gettext("your recent runs"),
    )


def _tell_descent(tale: AlertTextContext, study: str) -> AlertText:
    alert = tale.alert
    ceiling_m = tale.number("ceiling_m")
    most = "" if ceiling_m is None else height(ceiling_m, tale.units)
    allowed = gettext("less than {most}", most=most) if most else gettext("less")
    return AlertText(
        title=gettext("Far more downhill than usual"),
        sentence=gettext(
            "{subject} went down {height}, {against} any run of the six weeks before ({most} at most).",
            subject=tale.your_run,
            height=height(alert.observed, tale.units),
            against=tale.against(),
            most=height(alert.expected, tale.units),
        ),
        act=tale.while_it_lasts(gettext("Keep your next two runs flat and easy.")),
        study=study,
        quiet=gettext("With {allowed} of descent this rule would have been quiet.", allowed=allowed),
        topic=tale.run,
    )


HABIT_TELLERS: Mapping[str, Callable[[AlertTextContext, str], AlertText]] = {
    "balance_drift": _tell_balance,
    "no_warm_up": _tell_no_warm_up,
    "form_fade": _tell_form_fade,
    "descent_spike": _tell_descent,
}
