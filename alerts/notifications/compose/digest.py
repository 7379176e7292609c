"""What a letter says that is about no single finding: gathered notes, a week ahead, a question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from alerts.care.pain.advice_gate import AdviceGate
from alerts.care.pain.pain_scale import Verdict
from alerts.evaluation.training_status import TrainingStatus
from alerts.notifications.compose.email_parts import Opening
from alerts.notifications.policy.sync_gap import SyncGap
from alerts.text.i18n import gettext, gettext_noop, ngettext
from alerts.text.units import Units, distance, distance_range, distance_within, short_date

MOST_OF_A_WEEK = 5
MOST_MISSED = 10
"""So many findings are named one by one."""

NOT_YET = gettext_noop("There are too few runs in the last 30 days to name a ceiling; begin short and see.")


def gathered(count: int) -> Opening:
    """Open a letter of notes that could wait."""
    return Opening(
        topic=gettext("notes on your recent running"),
        title=ngettext("One note that could wait", "{n} notes that could wait", count),
        lines=(gettext("Nothing in this letter is urgent; each note stands below with its numbers."),),
        why=gettext("because you asked for slighter findings to be gathered."),
    )


def before_you_run(
    standing: TrainingStatus, gate: AdviceGate, *, holds: bool, units: Units, today: date
) -> Opening:
    """Open the letter before a week of running: ceiling, usual range, last week in three lines.

    A runner who ``holds`` a new length after a run that was much longer is told that length, not the next.
    """
    lines = [_ceiling(standing, gate, units, today, holds=holds), _last_week(standing, units)]
    if gate.may_run:
        lines.insert(1, _range(standing, units))
    return Opening(
        topic=gettext("before you run this week"),
        title=gettext("Before you run this week"),
        lines=tuple(lines),
        why=gettext("because you asked for a letter before each week."),
    )


def missed(titles: Sequence[tuple[date, str]], *, since: date, today: date) -> Opening:
    """Open the letter that stands in for those that waited too long: what they found, no advice."""
    lines = [
        gettext(
            "Letters written from {day} on were not sent in time; what they advised is out of date.",
            day=short_date(since, today=today),
        ),
        *(f"{short_date(day, today=today)}: {title}" for day, title in titles[-MOST_MISSED:]),
    ]
    more = len(titles) - MOST_MISSED
    if more > 0:
        lines.append(
            ngettext("{n} older one stands on your page.", "{n} older ones stand on your page.", more)
        )
    lines.append(gettext("Your page shows each of them, and what fits now."))
    return Opening(
        topic=gettext("what letters could not tell in time"),
        title=gettext("While no letter left"),
        lines=tuple(lines),
        why=gettext("because letters waited until what they advised was out of date."),
    )


def resting_or_broken(lull: SyncGap, *, today: date) -> Opening:
    """Ask once, after days without a file."""
    day = short_date(lull.last_day, today=today)
    return Opening(
        topic=gettext("resting, or has the sync stopped?"),
        title=gettext("Resting, or has the sync stopped?"),
        lines=(
            ngettext(
                "The last file is of {day}, {n} day ago.",
                "The last file is of {day}, {n} days ago.",
                lull.quiet_days,
                day=day,
            ),
            gettext("Your longest pause in the months before was {days}.", days=_days(lull.usual_days)),
            gettext("If you are resting, all is well, and there is nothing to do."),
            gettext("If you have been running, look whether the watch still hands its files over."),
            gettext("The command hipwatch doctor says what arrives."),
        ),
        why=gettext("because no file came for longer than is usual for you. It asks once."),
    )


def _days(days: int) -> str:
    return ngettext("one day", "{n} days", days)


def _ceiling(standing: TrainingStatus, gate: AdviceGate, units: Units, today: date, *, holds: bool) -> str:
    if gate.back is not None:
        return f"{gate.back.sentence} {gate.back.act}"
    if gate.pain.verdict is not Verdict.GO:
        return gate.pain.act
    if holds and standing.longest_m is not None:
        return gettext(
            "Hold the new length for now: {distance} at most.", distance=distance(standing.longest_m, units)
        )
    if standing.ceiling_m is not None and standing.longest_m is not None:
        day = f", {short_date(standing.longest_day, today=today)}" if standing.longest_day else ""
        return gettext(
            "Longest run that fits: {most}. Your longest of the last 30 days is {longest}{day}.",
            most=distance_within(standing.ceiling_m, units),
            longest=distance(standing.longest_m, units),
            day=day,
        )
    if standing.return_ceiling_m is not None:
        return gettext(
            "Coming back after a break: stay within {most}.",
            most=distance_within(standing.return_ceiling_m, units),
        )
    return gettext(NOT_YET)


def _range(standing: TrainingStatus, units: Units) -> str:
    if standing.usual_low_m is None or standing.usual_high_m is None:
        return gettext("Your usual week is not known yet; it takes some weeks of running.")
    return gettext(
        "Your usual week: {usual}.",
        usual=distance_range(standing.usual_low_m, standing.usual_high_m, units),
    )


def _last_week(standing: TrainingStatus, units: Units) -> str:
    """The week that is all but over, or where one has just begun, the one before it."""
    weeks = [
        week for week in standing.weeks if week.first_day <= standing.on - timedelta(days=MOST_OF_A_WEEK)
    ]
    run_m = weeks[-1].run_m if weeks else standing.week_m
    rest = (
        ngettext("one day without a run", "{n} days without a run", standing.rest_days_7)
        if standing.rest_days_7
        else gettext("no day without a run")
    )
    return gettext(
        "Last week: {distance}; {rest} in the last seven.", distance=distance(run_m, units), rest=rest
    )
