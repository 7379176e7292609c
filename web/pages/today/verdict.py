"""What to do today, in one sentence, with the number and the date it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.alert.alert import Level
from alerts.care.explained_alert import Explained
from alerts.care.pain.pain_scale import Verdict as PainVerdict
from alerts.detectors.single_run import SingleRunSpike
from alerts.evaluation.training_status import Standing
from alerts.text import units as words
from alerts.text.i18n import marked, say, say_many
from alerts.views.overview import Overview
from web.http.formatting import FINE, STATES, STOP, WAITING, State, count, on_day

HOLD = State("caution", marked("Hold"))
COMING_BACK = State("notice", marked("Coming back"))

FRESH_DAYS = 3
"""For how long a finding goes before the ceiling: its act covers about two days, and files may come late."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The head of the first page: a state, what to do, why, what may follow, and the key of its finding."""

    state: State
    sentence: str
    reason: str
    act: str = ""
    key: str | None = None


def verdict(overview: Overview) -> Verdict | None:
    """Decide what the first page says first; None where nothing was ever taken in.

    Pain that stops running, and an open red flag, go before everything; then a fresh finding that asks for
    care, the way back after pain, pain that holds running where it is, a run of today, a return after a
    break, the ceiling, and what is missing for one.
    """
    standing = overview.standing
    if standing is None:
        return None
    if overview.pain.verdict is PainVerdict.STOP:
        return _of_pain(overview)
    fresh = _fresh(overview)
    if fresh is not None:
        return _of_finding(fresh)
    return _eased(overview) or _of_distances(overview, standing)


def _eased(overview: Overview) -> Verdict | None:
    """What goes before a distance: the way back after pain, and pain that holds running where it is."""
    if overview.back is not None:
        return Verdict(COMING_BACK, overview.back.act, overview.back.sentence)
    if overview.pain.verdict is PainVerdict.HOLD:
        return Verdict(HOLD, overview.pain.act, overview.pain.sentence)
    return None


def _of_distances(overview: Overview, standing: Standing) -> Verdict:
    if standing.ceiling_m is not None and standing.longest_m is not None:
        return _of_ceiling(overview, standing, standing.ceiling_m, standing.longest_m)
    return _returning(overview, standing) if standing.returning else _too_little(overview)


def _fresh(overview: Overview) -> Explained | None:
    return next(
        (
            explained
            for explained in overview.open_findings
            if explained.finding.level >= Level.CAUTION
            and 0 <= (overview.today - explained.finding.day).days <= FRESH_DAYS
        ),
        None,
    )


def is_held(overview: Overview) -> bool:
    """Whether pain, or a long run of the last days, asks to stay at that length before the next step.

    The rule's own ceiling would already stand above that run, and the page would contradict the finding.
    """
    return overview.pain.verdict is PainVerdict.HOLD or any(
        explained.finding.kind == SingleRunSpike.kind and explained.finding.day < overview.today
        for explained in overview.open_findings
    )


def _of_pain(overview: Overview) -> Verdict:
    return Verdict(STOP, overview.pain.act, overview.pain.sentence)


def _of_finding(explained: Explained) -> Verdict:
    return Verdict(
        state=STATES[explained.finding.level],
        sentence=explained.story.act,
        reason=explained.story.sentence,
        key=explained.finding.key,
    )


def _of_ceiling(overview: Overview, standing: Standing, ceiling_m: float, longest_m: float) -> Verdict:
    holds = is_held(overview)
    limit_m = longest_m if holds else ceiling_m
    limit = words.distance_within(limit_m, overview.units)
    day = f", {on_day(standing.longest_day, overview.today)}" if standing.longest_day else ""
    further = (
        say("stay at it for two long runs before you go further.")
        if holds
        else say(
            "your range ends {percent} above it, at {limit}.",
            percent=words.percent(ceiling_m / longest_m - 1),
            limit=limit,
        )
    )
    reason = say(
        "Your longest run of the 30 days before today is {distance}{day}; {further}",
        distance=words.distance(longest_m, overview.units),
        day=day,
        further=further,
    )
    if not standing.ran_today_m:
        return Verdict(
            FINE,
            say("An easy run up to {limit} is within your range.", limit=limit),
            reason,
            say("A rest day is just as fine."),
        )
    ran = words.distance(standing.ran_today_m, overview.units)
    if standing.ran_today_m <= limit_m:
        return Verdict(
            FINE,
            say("You ran {ran} today, within your range.", ran=ran),
            reason,
            say("Nothing more to do today."),
        )
    beyond = say("You ran {ran} today; your range for one run ends at {limit}.", ran=ran, limit=limit)
    return Verdict(FINE, beyond, reason, say("Make the next run easy."))


def _returning(overview: Overview, standing: Standing) -> Verdict:
    runs = overview.history.runs
    few = say(
        "You have {runs} in the last {window_days} days",
        runs=count(runs, "run") if runs else say("no run"),
        window_days=overview.history.window_days,
    )
    last = (
        say(", the last {day}", day=on_day(standing.last_run_day, overview.today))
        if standing.last_run_day
        else ""
    )
    act = say("Alternate running and walking, and leave a day between.")
    if standing.return_ceiling_m is None:
        return Verdict(COMING_BACK, say("Start again with a short, easy run."), f"{few}{last}.", act)
    limit = words.distance_within(standing.return_ceiling_m, overview.units)
    reason = (
        say(
            "{few}{last}: too few to compare with. Half of your longest run of 90 days is {limit}.",
            few=few,
            last=last,
            limit=limit,
        )
        if runs < overview.history.needed_runs
        else say(
            "What you ran before a long break is no measure for the first runs after it. "
            "Half of your longest run of 90 days is {limit}.",
            limit=limit,
        )
    )
    return Verdict(COMING_BACK, say("Keep your next run under {limit}.", limit=limit), reason, act)


def _too_little(overview: Overview) -> Verdict:
    history = overview.history
    first = history.first_run_day
    span_days = (overview.today - first).days if first else 0
    runs, days = history.needed_runs - history.runs, history.needed_days - span_days
    missing = [
        *([say_many("{n}\xa0more run", "{n}\xa0more runs", runs)] if runs > 0 else []),
        *([say_many("{n}\xa0more day", "{n}\xa0more days", days)] if days > 0 else []),
    ]
    have = say(
        "{runs} in the last {window_days} days",
        runs=count(history.runs, "run"),
        window_days=history.window_days,
    )
    since = say(", the first of all {day}", day=on_day(first, overview.today)) if first else ""
    return Verdict(
        WAITING,
        say("Run as you usually do; there is too little yet to compare with."),
        say(
            "There are {have}{since}. Still missing: {missing}.",
            have=have,
            since=since,
            missing=say(" and ").join(missing) or say("a few comparable runs"),
        ),
        say("Older files from your watch count too: take them in, and the missing days are there at once."),
    )
