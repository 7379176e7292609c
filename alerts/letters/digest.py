"""What a letter says that is about no single finding: gathered notes, a week ahead, a question."""

from __future__ import annotations

from datetime import date, timedelta

from alerts.care.pain_scale import Verdict
from alerts.care.voice import Voice
from alerts.letters.letter_parts import Opening
from alerts.letters.silence import Lull
from alerts.standing import Standing
from alerts.units import Units, distance, distance_range, distance_within, short_date

MOST_OF_A_WEEK = 5
NOT_YET = "There are too few runs in the last 30 days to name a ceiling; begin short and see."


def gathered(count: int) -> Opening:
    """Open a letter of notes that could wait."""
    notes = "One note" if count == 1 else f"{count} notes"
    return Opening(
        topic="notes on your recent running",
        title=f"{notes} that could wait",
        lines=("Nothing in this letter is urgent; each note stands below with its numbers.",),
        why="because you asked for slighter findings to be gathered.",
    )


def before_you_run(standing: Standing, voice: Voice, *, holds: bool, units: Units, today: date) -> Opening:
    """Open the letter before a week of running: ceiling, usual range, last week in three lines.

    A runner who ``holds`` a new length after a run that was much longer is told that length, not the next.
    """
    lines = [_ceiling(standing, voice, units, today, holds=holds), _last_week(standing, units)]
    if voice.may_run:
        lines.insert(1, _range(standing, units))
    return Opening(
        topic="before you run this week",
        title="Before you run this week",
        lines=tuple(lines),
        why="because you asked for a letter before each week.",
    )


def resting_or_broken(lull: Lull, *, today: date) -> Opening:
    """Ask once, after days without a file."""
    day = short_date(lull.last_day, today=today)
    return Opening(
        topic="resting, or has the sync stopped?",
        title="Resting, or has the sync stopped?",
        lines=(
            f"The last file is of {day}, {lull.quiet_days} days ago.",
            f"Your longest pause in the months before was {_days(lull.usual_days)}.",
            "If you are resting, all is well, and there is nothing to do.",
            "If you have been running, look whether the watch still hands its files over.",
            "The command hipwatch doctor says what arrives.",
        ),
        why="because no file came for longer than is usual for you. It asks once.",
    )


def _days(days: int) -> str:
    return "one day" if days == 1 else f"{days} days"


def _ceiling(standing: Standing, voice: Voice, units: Units, today: date, *, holds: bool) -> str:
    if voice.back is not None:
        return f"{voice.back.sentence} {voice.back.act}"
    if voice.pain.verdict is not Verdict.GO:
        return voice.pain.act
    if holds and standing.longest_m is not None:
        return f"Hold the new length for now: {distance(standing.longest_m, units)} at most."
    if standing.ceiling_m is not None and standing.longest_m is not None:
        day = f", {short_date(standing.longest_day, today=today)}" if standing.longest_day else ""
        return (
            f"Longest run that fits: {distance_within(standing.ceiling_m, units)}. Your longest of the last "
            f"30 days is {distance(standing.longest_m, units)}{day}."
        )
    if standing.return_ceiling_m is not None:
        return f"Coming back after a break: stay within {distance_within(standing.return_ceiling_m, units)}."
    return NOT_YET


def _range(standing: Standing, units: Units) -> str:
    if standing.usual_low_m is None or standing.usual_high_m is None:
        return "Your usual week is not known yet; it takes some weeks of running."
    return f"Your usual week: {distance_range(standing.usual_low_m, standing.usual_high_m, units)}."


def _last_week(standing: Standing, units: Units) -> str:
    """The week that is all but over, or where one has just begun, the one before it."""
    weeks = [
        week for week in standing.weeks if week.first_day <= standing.on - timedelta(days=MOST_OF_A_WEEK)
    ]
    run_m = weeks[-1].run_m if weeks else standing.week_m
    rest = f"{_days(standing.rest_days_7)} without a run" if standing.rest_days_7 else "no day without a run"
    return f"Last week: {distance(run_m, units)}; {rest} in the last seven."
