"""The opening of emails that are not about one alert: digest, week ahead, missing sync."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from alerts.care.pain.advice_gate import AdviceGate
from alerts.care.plan.running_advice import AllowedRunning
from alerts.evaluation.training_status import TrainingStatus
from alerts.notifications.compose.email_parts import Opening
from alerts.notifications.policy.sync_gap import SyncGap
from alerts.text.i18n import gettext, gettext_noop, ngettext
from alerts.text.units import Units, distance, distance_range, short_date

MOST_OF_A_WEEK = 5
MOST_MISSED = 10
"""So many alerts are named one by one."""

NOT_YET = gettext_noop(
    "Not enough runs in the last 30 days to name a limit; start short and see how it goes."
)


def gathered(count: int) -> Opening:
    """Opening of a digest email."""
    return Opening(
        topic=gettext("notes on your recent running"),
        title=ngettext("One note that could wait", "{n} notes that could wait", count),
        lines=(gettext("Nothing in this email is urgent; each note has its numbers below."),),
        why=gettext("because less serious alerts are collected in a digest."),
    )


def week_ahead_opening(
    training_status: TrainingStatus, allowed: AllowedRunning | None, gate: AdviceGate, *, units: Units
) -> Opening:
    """Open the email before a week of running: what may be run, the usual week, and last week."""
    lines = [gettext(NOT_YET) if allowed is None else _allowed(allowed), _last_week(training_status, units)]
    if gate.may_run:
        lines.insert(1, _range(training_status, units))
    return Opening(
        topic=gettext("before you run this week"),
        title=gettext("Before you run this week"),
        lines=tuple(lines),
        why=gettext("because you asked for a weekly preview."),
    )


def missed(titles: Sequence[tuple[date, str]], *, since: date, today: date) -> Opening:
    """Opening of the email that replaces expired ones: what was found, without advice."""
    lines = [
        gettext(
            "Emails written since {day} weren’t sent in time, and their advice is out of date.",
            day=short_date(since, today=today),
        ),
        *(f"{short_date(day, today=today)}: {title}" for day, title in titles[-MOST_MISSED:]),
    ]
    more = len(titles) - MOST_MISSED
    if more > 0:
        lines.append(
            ngettext("{n} older alert is on your dashboard.", "{n} older alerts are on your dashboard.", more)
        )
    lines.append(gettext("Your dashboard shows each of them, and what applies now."))
    return Opening(
        topic=gettext("alerts that couldn’t be sent in time"),
        title=gettext("While no email could be sent"),
        lines=tuple(lines),
        why=gettext("because emails waited until their advice was out of date."),
    )


def sync_gap_opening(sync_gap: SyncGap, *, today: date) -> Opening:
    """Opening of the email that asks once whether syncing stopped."""
    day = short_date(sync_gap.last_day, today=today)
    return Opening(
        topic=gettext("resting, or has the sync stopped?"),
        title=gettext("Resting, or has the sync stopped?"),
        lines=(
            ngettext(
                "The last file is from {day}, {n} day ago.",
                "The last file is from {day}, {n} days ago.",
                sync_gap.quiet_days,
                day=day,
            ),
            gettext("Your longest break in the months before was {days}.", days=_days(sync_gap.usual_days)),
            gettext("If you’re resting, all is well and there’s nothing to do."),
            gettext("If you’ve been running, check that your watch still syncs its files."),
            gettext("Run hipwatch doctor to see what arrives."),
        ),
        why=gettext(
            "because no file has arrived for longer than is usual for you. You’ll be asked only once."
        ),
    )


def _days(days: int) -> str:
    return ngettext("one day", "{n} days", days)


def _allowed(allowed: AllowedRunning) -> str:
    """What may be run today, and why; a red flag or pain says what to do alone."""
    if allowed.reason in {"red_flag", "pain"}:
        return allowed.headline
    if allowed.reason == "too_little_history":
        return gettext(NOT_YET)
    return f"{allowed.headline} {allowed.why}"


def _range(training_status: TrainingStatus, units: Units) -> str:
    if training_status.usual_low_m is None or training_status.usual_high_m is None:
        return gettext("Your typical week isn’t known yet; that takes a few weeks of running.")
    return gettext(
        "Your typical week: {usual}.",
        usual=distance_range(training_status.usual_low_m, training_status.usual_high_m, units),
    )


def _last_week(training_status: TrainingStatus, units: Units) -> str:
    """Last week's distance; the current week if it is nearly over."""
    weeks = [
        week
        for week in training_status.weeks
        if week.first_day <= training_status.on - timedelta(days=MOST_OF_A_WEEK)
    ]
    run_m = weeks[-1].run_m if weeks else training_status.week_m
    rest = (
        ngettext("one day without a run", "{n} days without a run", training_status.rest_days_7)
        if training_status.rest_days_7
        else gettext("no day without a run")
    )
    return gettext(
        "Last week: {distance}; {rest} in the last seven.", distance=distance(run_m, units), rest=rest
    )
