"""Training status on one day: the numbers on the first page and in the weekly email."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from alerts.alert.alert import Detector
from alerts.detectors.cadence import CadenceShift
from alerts.detectors.single_run import SingleRunSpike
from alerts.evaluation.run_limit import RunHistory, RunLimit, RunLimitRule
from alerts.statistics.rolling import as_date, day_number
from ingest.formats.recording import Column
from ingest.training_days.table import IntColumn, Runs, TrainingDays

WEEKS_SHOWN = 12

USUAL_WEEKS = 8
"""Whole weeks before a week that say what is usual: enough to rank, and few enough to follow a season."""
USUAL_WEEKS_NEEDED = 4
USUAL_PERCENTILES = (25, 75)


CADENCE_DAYS = 28
"""Cadence older than this says nothing about now. [days]"""


@dataclass(frozen=True, slots=True)
class Week:
    """One calendar week: distance, usual range, and ceiling at its beginning."""

    first_day: date
    run_m: float
    usual_low_m: float | None
    usual_high_m: float | None
    ceiling_m: float | None


@dataclass(frozen=True, slots=True)
class CadenceBand:
    """Cadence of the last runs compared with the normal range at the same speed.

    ``speed_mps`` and ``cadence_spm`` are medians over the last runs of one stratum, the cadence brought to
    that speed. The band lies around the newest run's baseline, of ``runs`` runs, and ends where the cadence
    rule's average would alarm: 1.5 spreads of a run, which with the correlation that neighbouring runs have
    is also about two standard deviations of a median of three.
    """

    speed_mps: float
    cadence_spm: float
    low_spm: float
    high_spm: float
    runs: int


@dataclass(frozen=True, slots=True)
class TrainingStatus:
    """Training status at the end of ``on``.

    ``longest_m`` and ``longest_day`` tell the longest run of the 30 days before ``on``; a run of that day
    raises neither them nor the ceiling, as a long morning is no reason for a longer evening. ``ceiling_m``
    is that longest run times the single-run limit, for a run on ``on``; None where those days hold too few
    runs for the rule to speak, and after a long break until it was followed by so many (then ``returning`` is
    True if there is a history before them, and ``return_ceiling_m`` is half of the longest run of 90 days).
    ``usual_low_m`` and ``usual_high_m`` span the middle of the weekly distances of the weeks before.
    Days of rest are counted over whole days: ``on`` itself is one of the 7 or 14 only once it has a run.
    ``weeks`` are the last twelve calendar weeks, the current one last; fewer where the history is younger.
    """

    on: date
    ran_today_m: float
    longest_m: float | None
    longest_day: date | None
    ceiling_m: float | None
    returning: bool
    return_ceiling_m: float | None
    week_m: float
    usual_low_m: float | None
    usual_high_m: float | None
    rest_days_7: int
    rest_days_14: int
    cadence: CadenceBand | None
    last_run_day: date | None
    weeks: tuple[Week, ...]


def compute_training_status(
    days: TrainingDays,
    detectors: Iterable[Detector],
    *,
    week_start: int = 0,
    weeks_shown: int = WEEKS_SHOWN,
) -> TrainingStatus | None:
    """Training status on the last day of a history; None for an empty history.

    Parameters
    ----------
    days : TrainingDays
        The history.
    detectors : iterable of Detector
        The rules in force. The single-run rule gives the ceilings, the cadence rule the band; without a
        rule its numbers are None.
    week_start : int
        Weekday on which weeks begin, Monday as 0.
    weeks_shown : int
        How many weeks to tell.
    """
    on = days.today
    if on is None:
        return None
    rules = list(detectors)
    single_run = next((rule for rule in rules if isinstance(rule, SingleRunSpike)), None)
    cadence = next((rule for rule in rules if isinstance(rule, CadenceShift)), None)
    longest = single_run.longest_before(days.runs, on) if single_run else None
    history = _run_history(days, single_run) if single_run else None
    limit = history.limit_on(on) if history else RunLimit()
    is_returning = limit.basis == "return"
    weeks = _weeks(days, history, on - timedelta(days=(on.weekday() - week_start) % 7), weeks_shown)
    ran = np.flatnonzero(days.run_count)
    return TrainingStatus(
        on=on,
        ran_today_m=float(days.run_m[-1]),
        longest_m=longest.distance_m if longest else None,
        longest_day=longest.day if longest else None,
        ceiling_m=None if is_returning else limit.limit_m,
        returning=is_returning,
        return_ceiling_m=limit.limit_m if is_returning else None,
        week_m=weeks[-1].run_m,
        usual_low_m=weeks[-1].usual_low_m,
        usual_high_m=weeks[-1].usual_high_m,
        rest_days_7=_rest_days(days.run_count, 7),
        rest_days_14=_rest_days(days.run_count, 14),
        cadence=_cadence_band(days.runs, cadence, on) if cadence else None,
        last_run_day=days.day[ran[-1]].astype(date) if len(ran) else None,
        weeks=weeks,
    )


def limit_rule_of(rule: SingleRunSpike) -> RunLimitRule:
    """The limit of a single run, with the numbers of the rule for one long run."""
    return RunLimitRule(
        rule.window_days,
        rule.notice_ratio,
        rule.minimum_excess_m,
        rule.minimum_runs,
        rule.minimum_history_days,
    )


def _run_history(days: TrainingDays, rule: SingleRunSpike) -> RunHistory:
    counted = days.runs.take(days.runs.counts_distance & (days.runs.distance_m > 0))
    rows = np.argsort(counted.day, kind="stable")
    return limit_rule_of(rule).history(
        (counted.day[row].astype(date), float(counted.distance_m[row])) for row in rows.tolist()
    )


def _rest_days(run_count: IntColumn, span: int) -> int:
    """Days without a run among the last so many; today counts once it has one."""
    whole = run_count if run_count[-1] else run_count[:-1]
    return int((whole[-span:] == 0).sum())


def _weeks(days: TrainingDays, history: RunHistory | None, current: date, shown: int) -> tuple[Week, ...]:
    """The last weeks of which the history holds a day."""
    first = day_number(days.day[0].astype(date))
    # Weeks by the row of their first day; that of the oldest shown may lie before the table.
    starts = [day_number(current) - first - 7 * back for back in range(shown)]
    return tuple(
        Week(
            as_date(first + start),
            _week_m(days.run_m, start),
            *_usual_m(days.run_m, start),
            _ceiling_m(history, as_date(first + start)),
        )
        for start in reversed(starts)
        if start > -7
    )


def _ceiling_m(history: RunHistory | None, on: date) -> float | None:
    return history.limit_on(on).limit_m if history else None


def _week_m(run_m: Column, start: int) -> float:
    return float(run_m[max(start, 0) : start + 7].sum())


def _usual_m(run_m: Column, start: int) -> tuple[float | None, float | None]:
    """Quartiles of the weekly distance of the whole weeks before; None for too few weeks."""
    before = [_week_m(run_m, start - 7 * back) for back in range(1, USUAL_WEEKS + 1) if start >= 7 * back]
    ran = [week_m for week_m in before if week_m > 0]
    if len(ran) < USUAL_WEEKS_NEEDED:
        return None, None
    low_m, high_m = np.percentile(ran, USUAL_PERCENTILES)
    return float(low_m), float(high_m)


def _cadence_band(runs: Runs, rule: CadenceShift, on: date) -> CadenceBand | None:
    """The last runs of the newest run's stratum against its baseline; None without one, or where old."""
    chart = rule.chart(runs)
    if not len(chart.day) or np.isnan(chart.level_spm[-1]) or day_number(on) - chart.day[-1] > CADENCE_DAYS:
        return None
    same = (chart.stratum == chart.stratum[-1]) & np.isfinite(chart.level_spm)
    last = np.flatnonzero(same)[-rule.recent_runs :]
    # what the last runs are held against is what came before the first of them
    first, level_spm = last[0], float(chart.level_spm[last[0]])
    off_mps = chart.speed_mps[last] - chart.centre_mps[first]
    change = (chart.cadence_spm[last] - chart.slope[first] * off_mps) / level_spm - 1
    speed_mps = float(np.median(chart.speed_mps[last]))
    normal_spm = level_spm + float(chart.slope[first] * (speed_mps - chart.centre_mps[first]))
    half_spm = rule.limit * float(chart.spread_spm[first])
    return CadenceBand(
        speed_mps=speed_mps,
        cadence_spm=normal_spm * (1 + float(np.median(change))),
        low_spm=normal_spm - half_spm,
        high_spm=normal_spm + half_spm,
        runs=int(chart.baseline_runs[first]),
    )
