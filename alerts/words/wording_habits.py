"""The findings that are for information, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from alerts.units import NBSP, distance_within, height, minutes, percent, plain_date
from alerts.words.tale import Story, Tale


def days(count: float) -> str:
    """A number of days: "1 day", "12 days"."""
    whole = round(count)
    return f"{whole}{NBSP}{'day' if whole == 1 else 'days'}"


def _tell_no_rest(tale: Tale, study: str) -> Story:
    finding, day = tale.finding, tale.day
    title, act = "Many days in a row", "Take a day without running within the next two; walking is fine."
    sentence = (
        f"Up to {day} you ran on {days(finding.observed)} in a row; nine of ten of your own streaks last "
        f"{days(finding.expected)} at most."
    )
    ceiling_days, rest_hours = tale.number("ceiling_days"), tale.number("rest_hours")
    quiet = "A day without running before would have kept this rule quiet."
    if ceiling_days is not None:
        quiet = (
            f"A day without running among the first {days(ceiling_days + 1)} would have kept this rule quiet."
        )
    if tale.number("alike_days") is not None:
        title, act = "Seven days much alike", "Take one day off, or one clearly easier than the others."
        sentence = (
            f"The 7{NBSP}days to {day} were much alike, in a week of at least your usual distance: their "
            f"mean is {finding.observed:.1f}{NBSP}times their spread, {finding.expected:.1f} at most in the "
            "half-year before."
        )
        quiet = f"A day off or a shorter run among these 7{NBSP}days would have kept this rule quiet."
    elif rest_hours is not None:
        title, act = "A run soon after a long one", "Take the next day without running; walking is fine."
        sentence = (
            f"The run of {day} began {hours(finding.observed)} after the end of one that was much longer "
            f"than usual{_when(tale)}."
        )
        quiet = f"A pause of {hours(rest_hours)} would have kept this rule quiet."
    return Story(title, sentence, tale.while_it_lasts(act), study, quiet, topic="your recent running")


def hours(count: float) -> str:
    """A number of hours: "1 hour", "20 hours"."""
    whole = round(count)
    return f"{whole}{NBSP}{'hour' if whole == 1 else 'hours'}"


def _when(tale: Tale) -> str:
    compared = tale.finding.compared_day
    return "" if compared is None else f" ({plain_date(compared, today=tale.finding.day)})"


def _tell_balance(tale: Tale, study: str) -> Story:
    finding = tale.finding
    return Story(
        title="Ground contact moved to one foot",
        sentence=f"In the runs up to {tale.day} your left foot had {finding.observed:.1f}{NBSP}% of the "
        f"ground contact, instead of {finding.expected:.1f}{NBSP}% in the two months before.",
        act=tale.while_it_lasts(
            "Look for a plain reason first: a strap that sits differently, worn shoes, the slope of the "
            "road, a niggle."
        ),
        study=study,
        quiet="This rule stays quiet while the median of your last runs keeps near your own normal.",
        topic="your recent runs",
    )


def _tell_no_warm_up(tale: Tale, study: str) -> Story:
    hard, abrupt = tale.number("hard_runs"), tale.number("no_cool_down_runs")
    of = "your last hard runs" if hard is None else f"your last {round(hard)}{NBSP}hard runs"
    ended = "" if not abrupt or abrupt < 0 else f"; {round(abrupt)} of them also ended hard"
    return Story(
        title="Hard from the start",
        sentence=f"Of {of} up to {tale.day}, {round(tale.finding.observed)} were hard within the first ten "
        f"minutes{ended}.",
        act=tale.while_it_lasts(
            f"Take ten easy minutes before the next hard piece{', and five after it' if ended else ''}."
        ),
        study=study,
        quiet="An easy beginning of ten minutes in one of these runs would have kept this rule quiet.",
        topic="your recent runs",
    )


def _tell_form_fade(tale: Tale, study: str) -> Story:
    fading, long = tale.number("fading_runs"), tale.number("long_runs")
    which = (
        "In long runs" if fading is None or long is None else f"In {round(fading)} of {round(long)} long runs"
    )
    return Story(
        title="Steps that fade in long runs",
        sentence=f"{which} up to {tale.day} your step rate was {percent(tale.finding.observed / 100)} lower "
        "in the last third than in the first, at the same pace.",
        act=tale.while_it_lasts("Keep the last third of your next long run as easy as the first."),
        study=study,
        quiet="Steps that hold in most of your runs beyond an hour keep this rule quiet.",
        topic="your recent runs",
    )


def _tell_descent(tale: Tale, study: str) -> Story:
    finding = tale.finding
    subject = f"{tale.day}'s run" if tale.is_fresh else f"Your run of {tale.day}"
    ceiling_m = tale.number("ceiling_m")
    allowed = "less" if ceiling_m is None else f"less than {height(ceiling_m, tale.units)}"
    return Story(
        title="Far more downhill than usual",
        sentence=f"{subject} went down {height(finding.observed, tale.units)}, {tale.against()} any run of "
        f"the six weeks before ({height(finding.expected, tale.units)} at most).",
        act=tale.while_it_lasts("Keep your next two runs flat and easy."),
        study=study,
        quiet=f"With {allowed} of descent this rule would have been quiet.",
        topic=f"{tale.day}'s run" if tale.is_fresh else f"the run of {tale.day}",
    )


def _tell_hard_after_hard(tale: Tale, study: str) -> Story:
    first, second = tale.number("first_min"), tale.number("second_min")
    subject = f"{tale.day}'s run" if tale.is_fresh else f"Your run of {tale.day}"
    apart = "on the same day as" if tale.finding.observed < 1 else "a day after"
    held = "was hard" if second is None else f"was hard for {minutes(second)}"
    other = "another hard one" if first is None else f"one that was hard for {minutes(first)}"
    return Story(
        title="Two hard days in a row",
        sentence=f"{subject} {held}, {apart} {other}; you seldom do that.",
        act=tale.while_it_lasts(
            "Keep the next two days easy, and leave at least 48 hours between hard runs."
        ),
        study=study,
        quiet="An easy day between the two would have kept this rule quiet.",
        topic=f"{tale.day}'s run" if tale.is_fresh else f"the run of {tale.day}",
    )


def _tell_return(tale: Tale, study: str) -> Story:
    finding = tale.finding
    begin_m, ceiling_days = tale.number("return_ceiling_m"), tale.number("ceiling_days")
    most = (
        "well below your longest run"
        if begin_m is None
        else f"at most {distance_within(begin_m, tale.units)}"
    )
    after = "A run sooner" if ceiling_days is None else f"A run within {days(ceiling_days)} of the last one"
    return Story(
        title="Back after a break",
        sentence=f"The run of {tale.day} was your first in {days(finding.observed)}; in the months before, "
        f"pauses lasted {days(finding.expected)} at most.",
        act=tale.while_it_lasts(
            f"Run {most} for the first weeks, on every other day, with walking in between where it helps."
        ),
        study=study,
        quiet=f"{after} would have kept this rule quiet; no run counts as a spike until there are enough to "
        "compare with.",
        topic="your recent runs",
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
