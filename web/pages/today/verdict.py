"""What to do today, in one sentence, with the number and the date it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.alert.alert import Level
from alerts.care.explained_alert import ExplainedAlert
from alerts.care.pain.pain_scale import Verdict as PainVerdict
from alerts.detectors.single_run import SingleRunSpike
from alerts.evaluation.training_status import TrainingStatus
from alerts.text import units as words
from alerts.text.i18n import gettext, gettext_noop, ngettext
from alerts.views.overview import Overview
from web.http.formatting import FINE, STATES, STOP, WAITING, StateBadge, count, on_day

HOLD = StateBadge("caution", gettext_noop("Hold"))
COMING_BACK = StateBadge("notice", gettext_noop("Coming back"))

FRESH_DAYS = 3
"""For how long a finding goes before the ceiling: its act covers about two days, and files may come late."""


@dataclass(frozen=True, slots=True)
class TodayVerdict:
    """The head of the first page: a state, what to do, why, what may follow, and the key of its finding."""

    state: StateBadge
    sentence: str
    reason: str
    act: str = ""
    key: str | None = None


def today_verdict(overview: Overview) -> TodayVerdict | None:
    """Decide what the first page says first; None where nothing was ever taken in.

    Pain that stops running, and an open red flag, go before everything; then a fresh finding that asks for
    care, the way back after pain, pain that holds running where it is, a run of today, a return after a
    break, the ceiling, and what is missing for one.
    """
    training_status = overview.training_status
    if training_status is None:
        return None
    if overview.pain.verdict is PainVerdict.STOP:
        return _of_pain(overview)
    fresh = _fresh(overview)
    if fresh is not None:
        return _of_alert(fresh)
    return _eased(overview) or _of_distances(overview, training_status)


def _eased(overview: Overview) -> TodayVerdict | None:
    """What goes before a distance: the way back after pain, and pain that holds running where it is."""
    if overview.back is not None:
        return TodayVerdict(COMING_BACK, overview.back.act, overview.back.sentence)
    if overview.pain.verdict is PainVerdict.HOLD:
        return TodayVerdict(HOLD, overview.pain.act, overview.pain.sentence)
    return None


def _of_distances(overview: Overview, training_status: TrainingStatus) -> TodayVerdict:
    if training_status.ceiling_m is not None and training_status.longest_m is not None:
        return _of_ceiling(overview, training_status, training_status.ceiling_m, training_status.longest_m)
    return _returning(overview, training_status) if training_status.returning else _too_little(overview)


def _fresh(overview: Overview) -> ExplainedAlert | None:
    return next(
        (
            explained
            for explained in overview.open_alerts
            if explained.alert.level >= Level.CAUTION
            and 0 <= (overview.today - explained.alert.day).days <= FRESH_DAYS
        ),
        None,
    )


def is_held(overview: Overview) -> bool:
    """Whether pain, or a long run of the last days, asks to stay at that length before the next step.

    The rule's own ceiling would already stand above that run, and the page would contradict the finding.
    """
    return overview.pain.verdict is PainVerdict.HOLD or any(
        explained.alert.kind == SingleRunSpike.kind and explained.alert.day < overview.today
        for explained in overview.open_alerts
    )


def _of_pain(overview: Overview) -> TodayVerdict:
    return TodayVerdict(STOP, overview.pain.act, overview.pain.sentence)


def _of_alert(explained: ExplainedAlert) -> TodayVerdict:
    return TodayVerdict(
        state=STATES[explained.alert.level],
        sentence=explained.story.act,
        reason=explained.story.sentence,
        key=explained.alert.key,
    )


def _of_ceiling(
    overview: Overview, training_status: TrainingStatus, ceiling_m: float, longest_m: float
) -> TodayVerdict:
    holds = is_held(overview)
    limit_m = longest_m if holds else ceiling_m
    limit = words.distance_within(limit_m, overview.units)
    day = f", {on_day(training_status.longest_day, overview.today)}" if training_status.longest_day else ""
    further = (
        gettext("don’t go longer until you’ve run it twice.")
        if holds
        else gettext(
            "your limit is {percent} above it, at {limit}.",
            percent=words.percent(ceiling_m / longest_m - 1),
            limit=limit,
        )
    )
    reason = gettext(
        "Your longest run of the 30 days before today is {distance}{day}; {further}",
        distance=words.distance(longest_m, overview.units),
        day=day,
        further=further,
    )
    if not training_status.ran_today_m:
        return TodayVerdict(
            FINE,
            gettext("An easy run up to {limit} is within your range.", limit=limit),
            reason,
            gettext("A rest day is just as fine."),
        )
    ran = words.distance(training_status.ran_today_m, overview.units)
    if training_status.ran_today_m <= limit_m:
        return TodayVerdict(
            FINE,
            gettext("You ran {ran} today, within your range.", ran=ran),
            reason,
            gettext("Nothing more to do today."),
        )
    beyond = gettext("You ran {ran} today; your limit for one run is {limit}.", ran=ran, limit=limit)
    return TodayVerdict(FINE, beyond, reason, gettext("Make the next run easy."))


def _returning(overview: Overview, training_status: TrainingStatus) -> TodayVerdict:
    runs = overview.history.runs
    few = gettext(
        "You have {runs} in the last {window_days} days",
        runs=count(runs, "run") if runs else gettext("no run"),
        window_days=overview.history.window_days,
    )
    last = (
        gettext(", the last {day}", day=on_day(training_status.last_run_day, overview.today))
        if training_status.last_run_day
        else ""
    )
    act = gettext("Alternate running and walking, and leave a day between runs.")
    if training_status.return_ceiling_m is None:
        return TodayVerdict(COMING_BACK, gettext("Start again with a short, easy run."), f"{few}{last}.", act)
    limit = words.distance_within(training_status.return_ceiling_m, overview.units)
    reason = (
        gettext(
            "{few}{last}: too few to compare with. Half of your longest run of 90 days is {limit}.",
            few=few,
            last=last,
            limit=limit,
        )
        if runs < overview.history.needed_runs
        else gettext(
            (
                "What you ran before a long break isn’t a guide for the first runs after it. Half of your "
                "longest run of 90 days is {limit}."
            ),
            limit=limit,
        )
    )
    return TodayVerdict(COMING_BACK, gettext("Keep your next run under {limit}.", limit=limit), reason, act)


def _too_little(overview: Overview) -> TodayVerdict:
    history = overview.history
    first = history.first_run_day
    span_days = (overview.today - first).days if first else 0
    runs, days = history.needed_runs - history.runs, history.needed_days - span_days
    missing = [
        *([ngettext("{n}\xa0more run", "{n}\xa0more runs", runs)] if runs > 0 else []),
        *([ngettext("{n}\xa0more day", "{n}\xa0more days", days)] if days > 0 else []),
    ]
    have = gettext(
        "{runs} in the last {window_days} days",
        runs=count(history.runs, "run"),
        window_days=history.window_days,
    )
    since = gettext(", the first on {day}", day=on_day(first, overview.today)) if first else ""
    return TodayVerdict(
        WAITING,
        gettext("Run as you usually do; there isn’t enough yet to compare with."),
        gettext(
            "You have {have}{since}. Still needed: {missing}.",
            have=have,
            since=since,
            missing=gettext(" and ").join(missing) or gettext("a few comparable runs"),
        ),
        gettext(
            "Older files from your watch count too: import them, and the missing days are there right away."
        ),
    )
