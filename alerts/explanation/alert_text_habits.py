"""The findings about how somebody runs, in words: balance, warm-up, steps that fade, descent."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from alerts.explanation.group_text import Story, Tale
from alerts.text.i18n import say
from alerts.text.units import height, number, percent


def _tell_balance(tale: Tale, study: str) -> Story:
    finding = tale.finding
    return Story(
        title=say("Ground contact moved to one foot"),
        sentence=say(
            "In the runs up to {day} your left foot had {observed}\xa0% of the ground "
            "contact, instead of {expected}\xa0% in the two months before.",
            day=tale.day,
            observed=number(finding.observed, ".1f"),
            expected=number(finding.expected, ".1f"),
        ),
        act=tale.while_it_lasts(
            say(
                "Look for a plain reason first: a strap that sits differently, worn shoes, "
                "the slope of the road, a niggle."
            )
        ),
        study=study,
        quiet=say("This rule stays quiet while the median of your last runs keeps near your own normal."),
        topic=say("your recent runs"),
    )


def _tell_no_warm_up(tale: Tale, study: str) -> Story:
    hard, abrupt = tale.number("hard_runs"), tale.number("no_cool_down_runs")
    of = (
        say("your last hard runs") if hard is None else say("your last {hard}\xa0hard runs", hard=round(hard))
    )
    ended = (
        "" if not abrupt or abrupt < 0 else say("; {abrupt} of them also ended hard", abrupt=round(abrupt))
    )
    return Story(
        title=say("Hard from the start"),
        sentence=say(
            "Of {of} up to {day}, {observed} were hard within the first ten minutes{ended}.",
            of=of,
            day=tale.day,
            observed=round(tale.finding.observed),
            ended=ended,
        ),
        act=tale.while_it_lasts(
            say("Take ten easy minutes before the next hard piece, and five after it.")
            if ended
            else say("Take ten easy minutes before the next hard piece.")
        ),
        study=study,
        quiet=say("An easy beginning of ten minutes in one of these runs would have kept this rule quiet."),
        topic=say("your recent runs"),
    )


def _tell_form_fade(tale: Tale, study: str) -> Story:
    fading, long = tale.number("fading_runs"), tale.number("long_runs")
    which = (
        say("In long runs")
        if fading is None or long is None
        else say("In {fading} of {long} long runs", fading=round(fading), long=round(long))
    )
    return Story(
        title=say("Steps that fade in long runs"),
        sentence=say(
            "{which} up to {day} your step rate was {percent} lower in the last third "
            "than in the first, at the same pace.",
            which=which,
            day=tale.day,
            percent=percent(tale.finding.observed / 100),
        ),
        act=tale.while_it_lasts(say("Keep the last third of your next long run as easy as the first.")),
        study=study,
        quiet=say("Steps that hold in most of your runs beyond an hour keep this rule quiet."),
        topic=say("your recent runs"),
    )


def _tell_descent(tale: Tale, study: str) -> Story:
    finding = tale.finding
    ceiling_m = tale.number("ceiling_m")
    most = "" if ceiling_m is None else height(ceiling_m, tale.units)
    allowed = say("less than {most}", most=most) if most else say("less")
    return Story(
        title=say("Far more downhill than usual"),
        sentence=say(
            "{subject} went down {height}, {against} any run of the six weeks before ({most} at most).",
            subject=tale.your_run,
            height=height(finding.observed, tale.units),
            against=tale.against(),
            most=height(finding.expected, tale.units),
        ),
        act=tale.while_it_lasts(say("Keep your next two runs flat and easy.")),
        study=study,
        quiet=say("With {allowed} of descent this rule would have been quiet.", allowed=allowed),
        topic=tale.run,
    )


HABIT_TELLERS: Mapping[str, Callable[[Tale, str], Story]] = {
    "balance_drift": _tell_balance,
    "no_warm_up": _tell_no_warm_up,
    "form_fade": _tell_form_fade,
    "descent_spike": _tell_descent,
}
