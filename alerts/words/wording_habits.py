"""The findings that are for information, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from alerts.units import distance_within, height, minutes, number, percent, plain_date
from alerts.words.language import say, say_many
from alerts.words.tale import Story, Tale


def days(count: float) -> str:
    """A number of days: "1 day", "12 days"."""
    whole = round(count)
    return say_many("{n}\xa0day", "{n}\xa0days", whole)


def _tell_no_rest(tale: Tale, study: str) -> Story:
    """The rule sees three things: days in a row, a week without change, a run soon after a long one."""
    if tale.number("alike_days") is not None:
        return _tell_alike_days(tale, study)
    rest_hours = tale.number("rest_hours")
    if rest_hours is not None:
        return _tell_soon_after(tale, study, rest_hours)
    ceiling_days = tale.number("ceiling_days")
    quiet = say("A day without running before would have kept this rule quiet.")
    if ceiling_days is not None:
        quiet = say(
            "A day without running among the first {days} would have kept this rule quiet.",
            days=days(ceiling_days + 1),
        )
    return Story(
        title=say("Many days in a row"),
        sentence=say(
            "Up to {day} you ran on {days} in a row; nine of ten of your own streaks last {usual} at most.",
            day=tale.day,
            days=days(tale.finding.observed),
            usual=days(tale.finding.expected),
        ),
        act=tale.while_it_lasts(say("Take a day without running within the next two; walking is fine.")),
        study=study,
        quiet=quiet,
        topic=say("your recent running"),
    )


def _tell_alike_days(tale: Tale, study: str) -> Story:
    return Story(
        title=say("Seven days much alike"),
        sentence=say(
            "The 7\xa0days to {day} were much alike, in a week of at least your usual "
            "distance: their mean is {observed}\xa0times their spread, {expected} at most "
            "in the half-year before.",
            day=tale.day,
            observed=number(tale.finding.observed, ".1f"),
            expected=number(tale.finding.expected, ".1f"),
        ),
        act=tale.while_it_lasts(say("Take one day off, or one clearly easier than the others.")),
        study=study,
        quiet=say("A day off or a shorter run among these 7\xa0days would have kept this rule quiet."),
        topic=say("your recent running"),
    )


def _tell_soon_after(tale: Tale, study: str, rest_hours: float) -> Story:
    compared = tale.finding.compared_day
    return Story(
        title=say("A run soon after a long one"),
        sentence=say(
            "The run of {day} began {hours} after the end of one that was much longer than usual{when}.",
            day=tale.day,
            hours=hours(tale.finding.observed),
            when="" if compared is None else f" ({plain_date(compared, today=tale.finding.day)})",
        ),
        act=tale.while_it_lasts(say("Take the next day without running; walking is fine.")),
        study=study,
        quiet=say("A pause of {hours} would have kept this rule quiet.", hours=hours(rest_hours)),
        topic=say("your recent running"),
    )


def hours(count: float) -> str:
    """A number of hours: "1 hour", "20 hours"."""
    whole = round(count)
    return say_many("{n}\xa0hour", "{n}\xa0hours", whole)


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


def _tell_hard_after_hard(tale: Tale, study: str) -> Story:
    first, second = tale.number("first_min"), tale.number("second_min")
    apart = say("on the same day as") if tale.finding.observed < 1 else say("a day after")
    held = say("was hard") if second is None else say("was hard for {minutes}", minutes=minutes(second))
    other = (
        say("another hard one")
        if first is None
        else say("one that was hard for {minutes}", minutes=minutes(first))
    )
    return Story(
        title=say("Two hard days in a row"),
        sentence=say(
            "{subject} {held}, {apart} {other}; you seldom do that.",
            subject=tale.your_run,
            held=held,
            apart=apart,
            other=other,
        ),
        act=tale.while_it_lasts(
            say("Keep the next two days easy, and leave at least 48 hours between hard runs.")
        ),
        study=study,
        quiet=say("An easy day between the two would have kept this rule quiet."),
        topic=tale.run,
    )


def _tell_return(tale: Tale, study: str) -> Story:
    finding = tale.finding
    begin_m, ceiling_days = tale.number("return_ceiling_m"), tale.number("ceiling_days")
    most = (
        say("well below your longest run")
        if begin_m is None
        else say("at most {most}", most=distance_within(begin_m, tale.units))
    )
    after = (
        say("A run sooner")
        if ceiling_days is None
        else say("A run within {days} of the last one", days=days(ceiling_days))
    )
    return Story(
        title=say("Back after a break"),
        sentence=say(
            "The run of {day} was your first in {days}; in the months before, pauses lasted {usual} at most.",
            day=tale.day,
            days=days(finding.observed),
            usual=days(finding.expected),
        ),
        act=tale.while_it_lasts(
            say(
                "Run {most} for the first weeks, on every other day, with walking in between where it helps.",
                most=most,
            )
        ),
        study=study,
        quiet=say(
            "{after} would have kept this rule quiet; no run counts as a spike until "
            "there are enough to compare with.",
            after=after,
        ),
        topic=say("your recent runs"),
    )


HABIT_TELLERS: Mapping[str, Callable[[Tale, str], Story]] = {
    "no_rest": _tell_no_rest,
    "balance_drift": _tell_balance,
    "no_warm_up": _tell_no_warm_up,
    "form_fade": _tell_form_fade,
    "descent_spike": _tell_descent,
    "hard_after_hard": _tell_hard_after_hard,
    "return_after_break": _tell_return,
}
