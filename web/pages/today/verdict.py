"""What to do today, in one sentence, with the number and the date it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.alert.alert import Level
from alerts.care.explained_alert import ExplainedAlert
from alerts.care.plan.running_advice import AllowedRunning
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
    """What the first page says first; None where nothing was ever imported.

    The headline is the one decision on what may be run today. A recent alert gives the reason and its own
    suggestion; a run of today is compared with the limit.
    """
    allowed, training_status = overview.allowed, overview.training_status
    if training_status is None or allowed is None:
        return None
    fresh = _fresh(overview)
    if allowed.reason in {"red_flag", "pain"}:
        return TodayVerdict(STOP, allowed.headline, allowed.why)
    if fresh is not None:
        return _of_alert(fresh, allowed)
    if allowed.reason == "too_little_history":
        return _too_little(overview)
    if training_status.ran_today_m and allowed.most_m is not None and allowed.reason in OPEN_REASONS:
        return _ran_today(overview, training_status, allowed, allowed.most_m)
    return TodayVerdict(_STATES[allowed.level], allowed.headline, allowed.why, _act(allowed))


OPEN_REASONS = frozenset({"step", "recent_step", "alert", "taper"})
"""Where nothing but a distance limits the day, today's run is compared with it."""

_STATES = {"stop": STOP, "hold": HOLD, "coming_back": COMING_BACK, "fine": FINE}


def _act(allowed: AllowedRunning) -> str:
    if allowed.rest:
        return gettext("Walking is fine.")
    if allowed.reason == "break":
        return gettext("Leave a day between runs.")
    return "" if allowed.kind == "walk-run" else gettext("A rest day is just as fine.")


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


def _of_alert(explained: ExplainedAlert, allowed: AllowedRunning) -> TodayVerdict:
    """The alert's reason under the day's decision; its suggestion stays where it is about something else."""
    act = "" if explained.alert.kind == SingleRunSpike.kind else explained.alert_text.act
    return TodayVerdict(
        state=STATES[explained.alert.level],
        sentence=allowed.headline,
        reason=explained.alert_text.sentence,
        act=act,
        key=explained.alert.key,
    )


def _ran_today(
    overview: Overview, training_status: TrainingStatus, allowed: AllowedRunning, most_m: float
) -> TodayVerdict:
    ran = words.distance(training_status.ran_today_m, overview.units)
    if training_status.ran_today_m <= most_m:
        return TodayVerdict(
            FINE,
            gettext("You ran {ran} today, within your range.", ran=ran),
            allowed.why,
            gettext("Nothing more to do today."),
        )
    limit = words.distance_within(most_m, overview.units)
    beyond = gettext("You ran {ran} today; your limit for one run is {limit}.", ran=ran, limit=limit)
    return TodayVerdict(FINE, beyond, allowed.why, gettext("Make the next run easy."))


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
