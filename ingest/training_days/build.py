"""Build the table of training days: merge runs, classify their intensity, and sum by day."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from ingest.analysis.cadence import surface
from ingest.analysis.summary import ActivitySummary
from ingest.analysis.thresholds import BASIS_NONE, classify_intensity
from ingest.formats.recording import Column
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.merge_sessions import (
    all_true_by_group,
    first_row_of_each,
    highest_row_of_each,
    local_days,
    merged_run_ids,
    started_s,
    sum_by_group,
    sum_known_by_group,
)
from ingest.training_days.table import Days, IntColumn, Mask, Runs, TrainingDays


def build_training_days(
    activities: Sequence[StoredActivity],
    *,
    time_zone: ZoneInfo,
    today: date,
    hard_heart_rate_bpm: float | None = None,
) -> TrainingDays:
    """Build the table from the first activity to ``today``; it is empty without activities.

    An activity belongs to the local day of its start: by the file's own UTC offset if it has one (a run in
    Japan belongs to the Japanese day), else by the runner's time zone. Activities after ``today`` and those
    with a wrong clock are left out. Recordings less than 30 minutes apart are merged into one row. Duplicates
    are not handled here: the store returns each activity once.

    A row depends only on its own day and earlier ones. Hard minutes are those at or above
    ``hard_heart_rate_bpm``, else the threshold in the file, else the runner's threshold from the half-year up
    to that day; without heart rate, above the speed threshold.
    """
    known = [a for a in activities if all(flag.code != "clock" for flag in a.summary.flags)]
    known.sort(key=lambda a: (a.summary.started_at, a.id))
    day = local_days([a.summary for a in known], time_zone)
    is_past = day <= np.datetime64(today, "D")
    is_run = np.array([a.summary.is_run for a in known], dtype=np.bool_)
    runs, run_day = _take(known, is_past & is_run), day[is_past & is_run]
    others, other_day = _take(known, is_past & ~is_run), day[is_past & ~is_run]
    every_day = np.concatenate((run_day, other_day))
    first = every_day.min() if len(every_day) else np.datetime64(today, "D") + 1
    cross_min = np.array([a.summary.timer_s for a in others]) / 60
    return _by_day(
        np.arange(first, np.datetime64(today, "D") + 1),
        _merged_runs(runs, run_day, hard_heart_rate_bpm),
        other_day,
        cross_min,
    )


def counting_all_runs(days: TrainingDays) -> TrainingDays:
    """The same history with every run counting, as if no quality check had excluded any."""
    every = np.ones(len(days.runs), np.bool_)
    runs = dataclasses.replace(days.runs, counts_distance=every, counts_intensity=every, counts_cadence=every)
    return _by_day(days.day, runs, days.day, days.cross_min)


def _take(activities: Sequence[StoredActivity], rows: Mask) -> list[StoredActivity]:
    return [activities[row] for row in np.flatnonzero(rows).tolist()]


def _merged_runs(runs: Sequence[StoredActivity], day: Days, setting_bpm: float | None) -> Runs:
    """Merge recordings that belong to one run."""
    summaries = [run.summary for run in runs]
    timer_s = np.array([s.timer_s for s in summaries])
    distance_m = _floats(s.distance_m for s in summaries)
    windows = np.array([s.steady_windows for s in summaries], np.int64)
    judged = classify_intensity(summaries, day, setting_bpm)
    basis = judged.basis
    start_s = started_s(summaries)
    number = merged_run_ids(start_s, timer_s, _floats(s.elapsed_s for s in summaries), day)
    first = first_row_of_each(number)
    steady = highest_row_of_each(number, windows.astype(np.float64))
    leading = highest_row_of_each(number, np.where(basis == BASIS_NONE, -1.0, timer_s))
    last = np.append(first[1:], len(runs))[: len(first)] - 1
    hard_min = np.where(basis == basis[leading][number], judged.hard_min, 0.0)
    return Runs(
        activity_id=np.array([run.id for run in runs], np.int64)[first],
        started_at=start_s[first].astype("datetime64[s]"),
        day=day[first],
        distance_m=sum_known_by_group(distance_m, number, len(first)),
        timer_s=sum_known_by_group(timer_s, number, len(first)),
        hard_min=sum_known_by_group(hard_min, number, len(first)),
        hard_basis=basis[leading],
        hard_source=_codes((basis[row], summaries[row].device) for row in leading),
        steady_speed_mps=_floats(summaries[row].steady_speed_mps for row in steady),
        steady_cadence_spm=_floats(summaries[row].steady_cadence_spm for row in steady),
        steady_windows=windows[steady],
        stratum=_codes((_ground(summaries[row]), summaries[row].device) for row in steady),
        counts_distance=all_true_by_group(number, len(first), [s.counts_distance for s in summaries]),
        counts_intensity=all_true_by_group(number, len(first), [s.counts_intensity for s in summaries]),
        counts_cadence=all_true_by_group(number, len(first), [s.counts_cadence for s in summaries]),
        ascent_m=sum_known_by_group(_floats(s.ascent_m for s in summaries), number, len(first)),
        descent_m=sum_known_by_group(_floats(s.descent_m for s in summaries), number, len(first)),
        begins_hard=judged.begins_hard[first],
        ends_hard=judged.ends_hard[last],
        cadence_fade_percent=_floats(summaries[row].cadence_fade_percent for row in steady),
        stance_time_ms=_floats(summaries[row].stance_time_ms for row in steady),
        stance_balance_percent=_floats(summaries[row].stance_balance_percent for row in steady),
        vertical_ratio_percent=_floats(summaries[row].vertical_ratio_percent for row in steady),
        edwards_au=sum_known_by_group(judged.edwards_au, number, len(first)),
        banister_au=sum_known_by_group(judged.banister_au, number, len(first)),
    )


def _ground(summary: ActivitySummary) -> str:
    return surface(summary.sub_sport, has_position=all(flag.code != "no_position" for flag in summary.flags))


def _by_day(day: Days, runs: Runs, other_day: Days, other_min: Column) -> TrainingDays:
    """Sum runs and other sports over consecutive days."""
    n = len(day)
    row = (runs.day - day[:1]).astype(np.int64)
    counts = runs.counts_distance | runs.counts_intensity | runs.counts_cadence
    is_judged = runs.counts_intensity & np.isfinite(runs.hard_min)
    run_count = np.bincount(row[counts], minlength=n)
    is_unknown = (run_count > 0) & (np.bincount(row[is_judged], minlength=n) == 0)
    run_m = np.where(runs.counts_distance, np.nan_to_num(runs.distance_m), 0.0)
    hard_min = sum_by_group(row[is_judged], runs.hard_min[is_judged], n)
    return TrainingDays(
        day=day,
        run_m=sum_by_group(row, run_m, n),
        run_count=run_count,
        hard_min=np.where(is_unknown, np.nan, hard_min),
        cross_min=sum_by_group((other_day - day[:1]).astype(np.int64), other_min, n),
        runs=runs,
    )


def _floats(values: Iterable[float | None]) -> Column:
    """Numbers as an array, NaN where unknown."""
    return np.array([np.nan if value is None else value for value in values])


def _codes(keys: Iterable[Hashable]) -> IntColumn:
    """Number keys in the order of their first appearance, so that later ones change none."""
    seen: dict[Hashable, int] = {}
    return np.array([seen.setdefault(key, len(seen)) for key in keys], np.int64)
