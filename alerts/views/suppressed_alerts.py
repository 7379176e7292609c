"""What a rule would have said, had it trusted a run that the quality gate does not; it is never mailed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from alerts.alert.alert import Detector, Finding, Level
from alerts.detectors.registry import detect
from alerts.service.runner_service import Watch
from alerts.text.i18n import say
from alerts.text.rejection_reasons import retold
from alerts.text.units import Units, distance, minutes, short_date, weekday
from alerts.views.overview import HeldBack, Remark
from ingest.analysis.quality.flags import RULES, sentence_of
from ingest.formats.recording import Flag
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.build import supposing_all_count
from ingest.training_days.table import Runs, TrainingDays

REACH_DAYS = 14
"""A finding about no single run rests on the runs of so many days. [days]"""

MARK_OF_UNIT = {"m": "counts_distance", "min": "counts_intensity", "1/min": "counts_cadence"}
"""What a run must count for, to be part of a finding in that unit."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A finding that is not made, and the row of the run that it would have rested on."""

    finding: Finding
    row: int


def withhold(
    days: TrainingDays, detectors: Iterable[Detector], found: Iterable[Finding], *, since: date = date.min
) -> list[Withheld]:
    """Find what the rules say only if every run counts.

    Parameters
    ----------
    days : TrainingDays
        The history, in which some runs may not count.
    detectors : iterable of Detector
        The rules in force; they run once more, and not at all where every run counts.
    found : iterable of Finding
        What they say of that history as it is.
    since : date
        The first day that is of interest.
    """
    runs, found = days.runs, list(found)
    is_doubtful = ~(runs.counts_distance & runs.counts_intensity & runs.counts_cadence)
    age = (np.datetime64(since, "D") - runs.day).astype(np.int64)
    if not (is_doubtful & (age < REACH_DAYS)).any():
        return []
    supposed = detect(supposing_all_count(days), detectors)
    # what is for information only is not missed
    supposed = [f for f in supposed if f.day >= since and f.level > Level.INFO]
    supposed = [f for f in supposed if not _is_said(f, found)]
    causes = [(finding, _cause(finding, runs)) for finding in supposed]
    return [Withheld(finding, row) for finding, row in causes if row is not None]


def held_back(
    watch: Watch, days: TrainingDays, found: Iterable[Finding], *, since: date, today: date
) -> list[HeldBack]:
    """Tell what is held back about that day and later, in order of its day, as it reads on ``today``."""
    withheld = withhold(days, watch.yardstick.rules, found, since=since)
    if not withheld:
        return []
    activities = watch.store.activities()
    told = []
    for one in withheld:
        flags = _doubts(_pieces(activities, days.runs, one.row), _mark(one.finding))
        told.append(_tell(one.finding, flags, units=watch.runner.units, today=today))
    return told


def _is_said(finding: Finding, found: Sequence[Finding]) -> bool:
    """Whether the rules say it anyway: that day, or for a stretch of days one that overlaps it."""
    reach = timedelta(days=1 if finding.activity_id is not None else REACH_DAYS)
    return any(one.kind == finding.kind and abs(one.day - finding.day) < reach for one in found)


def _cause(finding: Finding, runs: Runs) -> int | None:
    """The doubtful run that a finding is about, else the last one of its days; None where it has none."""
    mark = _mark(finding)
    doubtful = ~(getattr(runs, mark) if mark else runs.counts_distance & runs.counts_intensity)
    if finding.activity_id is not None:
        doubtful &= runs.activity_id == finding.activity_id
    else:
        age = (np.datetime64(finding.day, "D") - runs.day).astype(np.int64)
        doubtful &= (age >= 0) & (age < REACH_DAYS)
    rows = np.flatnonzero(doubtful)
    return int(rows[-1]) if len(rows) else None


def _mark(finding: Finding) -> str | None:
    return MARK_OF_UNIT.get(finding.unit)


def _pieces(activities: Sequence[StoredActivity], runs: Runs, row: int) -> list[StoredActivity]:
    """The recordings that a row of runs was made of: those that start before the next row does."""
    first = runs.started_at[row]
    last = runs.started_at[row + 1] if row + 1 < len(runs) else np.datetime64("9999", "s")
    return [
        activity
        for activity in activities
        if activity.summary.is_run
        and first <= np.datetime64(activity.summary.started_at.replace(tzinfo=None), "s") < last
    ]


def _doubts(pieces: Iterable[StoredActivity], mark: str | None) -> list[Flag]:
    """Flags that keep the pieces from counting for it, each word once."""
    flags = {flag.word: flag for piece in pieces for flag in piece.summary.flags if flag.word in RULES}
    return [
        flag
        for word, flag in flags.items()
        if RULES[word].because and not (mark and getattr(RULES[word], mark))
    ]


def _tell(finding: Finding, flags: Sequence[Flag], *, units: Units, today: date) -> HeldBack:
    reasons = [
        f"{say(RULES[flag.word].because)}{flag.detail and f' ({retold(flag.detail)})'}" for flag in flags
    ]
    because = say(" and ").join(reasons) or say("a run of these days is in doubt")
    acts = dict.fromkeys(RULES[flag.word].act for flag in flags if RULES[flag.word].act)
    return HeldBack(
        finding=finding,
        sentence=say(
            "{supposition}; it is held back because {because}.",
            supposition=_supposition(finding, units, today),
            because=because,
        ),
        act=" ".join(say(act) for act in acts),
        reasons=tuple(Remark(flag.word, retold(sentence_of(flag))) for flag in flags),
    )


def _supposition(finding: Finding, units: Units, today: date) -> str:
    """What the finding would have been."""
    is_fresh = 0 <= (today - finding.day).days < 7
    day = weekday(finding.day) if is_fresh else short_date(finding.day, today=today)
    if finding.kind == "single_run_spike":
        run = distance(finding.observed, units)
        subject = (
            say("{day}’s {run}", day=day, run=run)
            if is_fresh
            else say("The {run} of {day}", run=run, day=day)
        )
        return say("{subject} would have been a sudden long run", subject=subject)
    if finding.kind == "two_week_ramp":
        return say(
            "The {distance} in the two weeks to {day} would have been a sudden rise",
            distance=distance(finding.observed, units),
            day=day,
        )
    if finding.kind == "hard_minutes_spike":
        return say(
            "The {minutes} of hard running up to {day} would have been a sudden rise",
            minutes=minutes(finding.observed),
            day=day,
        )
    if finding.kind == "cadence_shift":
        return say("The step rate in the runs up to {day} would have been a change", day=day)
    return say("The running up to {day} would have been worth a finding", day=day)
