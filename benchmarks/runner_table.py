"""One made-up runner as columns, and as the training days that rules read."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np
from runner_world import CadenceProfile

from ingest.formats.recording import Column
from ingest.training_days.table import BASIS_HEART_RATE, BASIS_NONE, IntColumn, Mask, Runs, TrainingDays

START = date(2020, 1, 6)
"""Day 0 of every made-up runner, a Monday."""

ROAD, TRAIL = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class RunnerYears:
    """One made-up runner: what was run, as columns of shape (m,) in order of day, and the ordinary days.

    ``identity`` are the seed and the number that make this runner.
    ``is_ordinary``, shape (n,), is False on and around holidays, illness and races: no event is put there,
    for nobody would call it the event's doing.
    """

    identity: tuple[int, int]
    profile: CadenceProfile
    is_ordinary: Mask
    day: IntColumn
    distance_m: Column
    hard_min: Column
    speed_mps: Column
    cadence_spm: Column
    windows: IntColumn
    runner_service: IntColumn
    surface: IntColumn
    descent_m: Column
    begins_hard: Column
    ends_hard: Column
    fade_percent: Column
    balance_percent: Column

    @property
    def length_days(self) -> int:
        """Days from the first to the last."""
        return len(self.is_ordinary)

    def with_runs(self, **columns: Column | IntColumn) -> RunnerYears:
        """The same runner with other values, or with further runs, put in order of day."""
        changed = replace(self, **columns)  # type: ignore[arg-type]
        order = np.argsort(changed.day, kind="stable")
        return replace(changed, **{name: getattr(changed, name)[order] for name in RUN_COLUMNS})

    def with_run(self, **values: float) -> RunnerYears:
        """The same runner with one more run; what is not given is as in the last run before it."""
        before = max(int(np.searchsorted(self.day, values["day"], side="right")) - 1, 0)
        columns = {name: getattr(self, name) for name in RUN_COLUMNS}
        return self.with_runs(
            **{name: np.append(c, values.get(name, c[before])).astype(c.dtype) for name, c in columns.items()}
        )

    def without(self, runs: Mask) -> RunnerYears:
        """The same runner without some runs."""
        return replace(self, **{name: getattr(self, name)[~runs] for name in RUN_COLUMNS})

    def training_days(self) -> TrainingDays:
        """The table that the rules read."""
        known = np.isfinite(self.hard_min)
        count = np.bincount(self.day, minlength=self.length_days)
        hard_min = np.bincount(self.day, np.nan_to_num(self.hard_min), self.length_days)
        some = np.bincount(self.day[known], minlength=self.length_days) > 0
        first = np.datetime64(START, "D")
        return TrainingDays(
            day=first + np.arange(self.length_days),
            run_m=np.bincount(self.day, self.distance_m, self.length_days),
            run_count=count,
            hard_min=np.where((count > 0) & ~some, np.nan, hard_min),
            cross_min=np.zeros(self.length_days),
            runs=self._runs(first, known),
        )

    def _runs(self, first: np.datetime64, known: Mask) -> Runs:
        place, yes = np.arange(len(self.day)), np.ones(len(self.day), dtype=np.bool_)
        day = first + self.day
        return Runs(
            activity_id=place + 1,
            started_at=day.astype("datetime64[s]") + 7 * 3600,
            day=day,
            distance_m=self.distance_m,
            timer_s=self.distance_m / self.speed_mps,
            hard_min=self.hard_min,
            hard_basis=np.where(known, BASIS_HEART_RATE, BASIS_NONE),
            hard_source=np.where(known, self.runner_service, -1),
            steady_speed_mps=self.speed_mps,
            steady_cadence_spm=self.cadence_spm,
            steady_windows=self.windows,
            stratum=10 * self.runner_service + self.surface,
            counts_distance=yes,
            counts_intensity=yes,
            counts_cadence=yes,
            descent_m=self.descent_m,
            begins_hard=self.begins_hard,
            ends_hard=self.ends_hard,
            cadence_fade_percent=self.fade_percent,
            stance_balance_percent=self.balance_percent,
        )


RUN_COLUMNS = tuple(f.name for f in fields(RunnerYears))[3:]
