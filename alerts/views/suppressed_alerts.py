"""Alerts suppressed because they rest on a run with quality flags. Shown, never mailed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from alerts.alert.alert import Alert, Detector, Level
from alerts.detectors.registry import detect
from alerts.service.runner_service import RunnerService
from alerts.text.i18n import gettext
from alerts.text.rejection_reasons import translate_reason
from alerts.text.units import Units, distance, minutes, short_date, weekday
from alerts.views.overview import Remark, SuppressedAlert
from ingest.analysis.quality.flags import FLAG_POLICIES, flag_sentence
from ingest.formats.recording import Flag
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.build import counting_all_runs
from ingest.training_days.table import Runs, TrainingDays

REACH_DAYS = 14
"""An alert about no single run rests on the runs of so many days. [days]"""

MARK_OF_UNIT = {"m": "counts_distance", "min": "counts_intensity", "1/min": "counts_cadence"}
"""What a run must count for, to be part of an alert in that unit."""


@dataclass(frozen=True, slots=True)
class SuppressedCandidate:
    """A suppressed alert, and the row of the run it rests on."""

    alert: Alert
    row: int


def find_suppressed(
    days: TrainingDays, detectors: Iterable[Detector], found: Iterable[Alert], *, since: date = date.min
) -> list[SuppressedCandidate]:
    """Alerts that the rules would make only if every run counted.

    Parameters
    ----------
    days : TrainingDays
        The history, in which some runs may not count.
    detectors : iterable of Detector
        The rules in force; they run once more, and not at all where every run counts.
    found : iterable of Alert
        What they say of that history as it is.
    since : date
        The first day that is of interest.
    """
    runs, found = days.runs, list(found)
    is_doubtful = ~(runs.counts_distance & runs.counts_intensity & runs.counts_cadence)
    age = (np.datetime64(since, "D") - runs.day).astype(np.int64)
    if not (is_doubtful & (age < REACH_DAYS)).any():
        return []
    supposed = detect(counting_all_runs(days), detectors)
    # what is for information only is not missed
    supposed = [f for f in supposed if f.day >= since and f.level > Level.INFO]
    supposed = [f for f in supposed if not _is_said(f, found)]
    causes = [(alert, _cause(alert, runs)) for alert in supposed]
    return [SuppressedCandidate(alert, row) for alert, row in causes if row is not None]


def suppressed_alerts(
    runner_service: RunnerService, days: TrainingDays, found: Iterable[Alert], *, since: date, today: date
) -> list[SuppressedAlert]:
    """Suppressed alerts about that day and later, by day, described as of ``today``."""
    withheld = find_suppressed(days, runner_service.criteria.rules, found, since=since)
    if not withheld:
        return []
    activities = runner_service.store.activities()
    told = []
    for one in withheld:
        flags = _doubts(_pieces(activities, days.runs, one.row), _mark(one.alert))
        told.append(_tell(one.alert, flags, units=runner_service.runner.units, today=today))
    return told


def _is_said(alert: Alert, found: Sequence[Alert]) -> bool:
    """Whether the rule alerts anyway: that day, or on an overlapping span of days."""
    reach = timedelta(days=1 if alert.activity_id is not None else REACH_DAYS)
    return any(one.kind == alert.kind and abs(one.day - alert.day) < reach for one in found)


def _cause(alert: Alert, runs: Runs) -> int | None:
    """The flagged run that an alert is about, else the last one of its days; None if there is none."""
    mark = _mark(alert)
    doubtful = ~(getattr(runs, mark) if mark else runs.counts_distance & runs.counts_intensity)
    if alert.activity_id is not None:
        doubtful &= runs.activity_id == alert.activity_id
    else:
        age = (np.datetime64(alert.day, "D") - runs.day).astype(np.int64)
        doubtful &= (age >= 0) & (age < REACH_DAYS)
    rows = np.flatnonzero(doubtful)
    return int(rows[-1]) if len(rows) else None


def _mark(alert: Alert) -> str | None:
    return MARK_OF_UNIT.get(alert.unit)


def _pieces(activities: Sequence[StoredActivity], runs: Runs, row: int) -> list[StoredActivity]:
    """The recordings that a row of runs was merged from."""
    first = runs.started_at[row]
    last = runs.started_at[row + 1] if row + 1 < len(runs) else np.datetime64("9999", "s")
    return [
        activity
        for activity in activities
        if activity.summary.is_run
        and first <= np.datetime64(activity.summary.started_at.replace(tzinfo=None), "s") < last
    ]


def _doubts(pieces: Iterable[StoredActivity], mark: str | None) -> list[Flag]:
    """Flags that exclude the recordings, each code once."""
    flags = {
        flag.code: flag for piece in pieces for flag in piece.summary.flags if flag.code in FLAG_POLICIES
    }
    return [
        flag
        for word, flag in flags.items()
        if FLAG_POLICIES[word].because and not (mark and getattr(FLAG_POLICIES[word], mark))
    ]


def _tell(alert: Alert, flags: Sequence[Flag], *, units: Units, today: date) -> SuppressedAlert:
    reasons = [
        f"{gettext(FLAG_POLICIES[flag.code].because)}{flag.detail and f' ({translate_reason(flag.detail)})'}"
        for flag in flags
    ]
    because = gettext(" and ").join(reasons) or gettext("one of these runs has doubtful data")
    acts = dict.fromkeys(FLAG_POLICIES[flag.code].act for flag in flags if FLAG_POLICIES[flag.code].act)
    return SuppressedAlert(
        alert=alert,
        sentence=gettext(
            "{supposition}; no alert was made because {because}.",
            supposition=_supposition(alert, units, today),
            because=because,
        ),
        act=" ".join(gettext(act) for act in acts),
        reasons=tuple(Remark(flag.code, translate_reason(flag_sentence(flag))) for flag in flags),
    )


def _supposition(alert: Alert, units: Units, today: date) -> str:
    """What the alert would have been."""
    is_fresh = 0 <= (today - alert.day).days < 7
    day = weekday(alert.day) if is_fresh else short_date(alert.day, today=today)
    if alert.kind == "single_run_spike":
        run = distance(alert.observed, units)
        subject = (
            gettext("{day}’s {run}", day=day, run=run)
            if is_fresh
            else gettext("The {run} of {day}", run=run, day=day)
        )
        return gettext("{subject} would have been a sudden long run", subject=subject)
    if alert.kind == "two_week_ramp":
        return gettext(
            "The {distance} in the two weeks to {day} would have been a sudden rise",
            distance=distance(alert.observed, units),
            day=day,
        )
    if alert.kind == "hard_minutes_spike":
        return gettext(
            "The {minutes} of hard running up to {day} would have been a sudden rise",
            minutes=minutes(alert.observed),
            day=day,
        )
    if alert.kind == "cadence_shift":
        return gettext("The cadence in the runs up to {day} would have been a change", day=day)
    return gettext("The running up to {day} would have been an alert", day=day)
