"""Histories made by hand: a list of outings in, the table that detectors read out."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np

from alerts.detectors.registry import REGISTRY
from alerts.findings import Detector
from ingest.daily import BASIS_HEART_RATE, BASIS_NONE, Runs, TrainingDays

START = date(2024, 1, 1)
"""A Monday; the day 0 of every made history."""

Rule = TypeVar("Rule", bound=Detector)

DEFAULTS = Path(__file__).parents[1] / "config" / "defaults.toml"


@dataclass(frozen=True, slots=True)
class Outing:
    """One run; ``day`` counts from ``START``, NaN is unknown."""

    day: int
    distance_m: float = 8_000.0
    hard_min: float = 10.0
    speed_mps: float = 3.0
    cadence_spm: float = 174.0
    stratum: int = 1
    hard_source: int = 1
    windows: int = 40
    counts: bool = True
    descent_m: float = 50.0
    begins_hard: float = 0.0
    ends_hard: float = 0.0
    cadence_fade_percent: float = 0.0
    stance_balance_percent: float = 50.0


FORM = tuple(field.name for field in dataclasses.fields(Outing))[-5:]
"""What an outing says of its form, by the names of the columns of ``Runs``."""


def history(outings: Iterable[Outing], *, today: int | None = None) -> TrainingDays:
    """Training days from the first outing to ``today``, by default the day of the last."""
    rows = sorted(outings, key=lambda outing: outing.day)
    first = rows[0].day if rows else 0
    last = max([today] if today is not None else [], default=rows[-1].day if rows else -1)
    day = np.datetime64(START, "D") + np.arange(first, last + 1)
    run_m, run_count = np.zeros(len(day)), np.zeros(len(day), dtype=np.int64)
    hard_min = np.zeros(len(day))
    for row in (row for row in rows if row.counts):
        run_m[row.day - first] += row.distance_m
        run_count[row.day - first] += 1
        hard_min[row.day - first] += row.hard_min
    return TrainingDays(day, run_m, run_count, hard_min, np.zeros(len(day)), _runs(rows))


def every(step: int, until: int, **facts: float) -> list[Outing]:
    """Equal runs every so many days, from day 0 to the day before ``until``."""
    return [Outing(day, **facts) for day in range(0, until, step)]


def on(day: int) -> date:
    """The calendar day that a made history calls ``day``."""
    return START + timedelta(days=day)


def rule(cls: type[Rule]) -> Rule:
    """The rule as the defaults set it."""
    with DEFAULTS.open("rb") as file:
        return cls(**tomllib.load(file)["detectors"][cls.kind])


def rules() -> list[Detector]:
    """Every rule as the defaults set it."""
    return [rule(cls) for cls in REGISTRY.values()]


def _runs(rows: Sequence[Outing]) -> Runs:
    day = np.array([np.datetime64(on(row.day), "D") for row in rows], dtype="datetime64[D]")
    place = np.arange(len(rows))
    distance_m = np.array([row.distance_m for row in rows], dtype=np.float64)
    speed_mps = np.array([row.speed_mps for row in rows], dtype=np.float64)
    hard_min = np.array([row.hard_min for row in rows], dtype=np.float64)
    counts = np.array([row.counts for row in rows], dtype=np.bool_)
    return Runs(
        activity_id=1_000 + place,
        started_at=day.astype("datetime64[s]") + 7 * 3600 + place % 2 * 3600,
        day=day,
        distance_m=distance_m,
        timer_s=distance_m / speed_mps,
        hard_min=hard_min,
        hard_basis=np.where(np.isfinite(hard_min), BASIS_HEART_RATE, BASIS_NONE),
        hard_source=np.array([row.hard_source for row in rows], dtype=np.int64),
        steady_speed_mps=speed_mps,
        steady_cadence_spm=np.array([row.cadence_spm for row in rows], dtype=np.float64),
        steady_windows=np.array([row.windows for row in rows], dtype=np.int64),
        stratum=np.array([row.stratum for row in rows], dtype=np.int64),
        counts_distance=counts,
        counts_intensity=counts,
        counts_cadence=counts,
        **{name: np.array([getattr(row, name) for row in rows], dtype=np.float64) for name in FORM},
    )
