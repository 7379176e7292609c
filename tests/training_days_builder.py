"""Histories made by hand: a list of outings in, the table that detectors read out."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np

from alerts.alert.alert import Detector
from alerts.detectors.registry import REGISTRY
from ingest.training_days.table import BASIS_HEART_RATE, BASIS_NONE, Runs, TrainingDays

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


def by_chance(seed: int, days: int, *, share: float = 0.6) -> list[Outing]:
    """Ordinary running on that share of the days; all that rules look at scatters but device and ground."""
    chance = np.random.default_rng(seed)
    return [
        Outing(
            day,
            distance_m=chance.lognormal(9.0, 0.3),
            hard_min=chance.gamma(2.0, 6.0),
            speed_mps=chance.normal(3.0, 0.2),
            cadence_spm=chance.normal(174.0, 2.0),
            descent_m=chance.gamma(2.0, 60.0),
            begins_hard=float(chance.random() < 0.3),
            cadence_fade_percent=chance.normal(-1.5, 2.0),
            stance_balance_percent=chance.normal(50.0, 1.0),
        )
        for day in range(days)
        if chance.random() < share
    ]


def on(day: int) -> date:
    """The calendar day that a made history calls ``day``."""
    return START + timedelta(days=day)


STEADY = every(2, 300)

OWN_EVENT: Mapping[str, list[Outing]] = {
    "single_run_spike": [*STEADY, Outing(300, distance_m=20_000.0)],
    "two_week_ramp": [*STEADY, *(Outing(300 + day, distance_m=12_000.0) for day in range(14))],
    "hard_minutes_spike": [*STEADY, Outing(300, hard_min=60.0)],
    "cadence_shift": [*STEADY, *(Outing(300 + 2 * i, cadence_spm=165.0) for i in range(6))],
    "no_rest": [*STEADY, *(Outing(300 + day, distance_m=5_000.0) for day in range(10))],
    "balance_drift": [*STEADY, *(Outing(300 + 2 * i, stance_balance_percent=52.0) for i in range(5))],
    "no_warm_up": [*STEADY, *(Outing(300 + 2 * i, hard_min=15.0, begins_hard=1.0) for i in range(3))],
    "form_fade": [*STEADY, *(Outing(300 + 2 * i, cadence_fade_percent=-4.0) for i in range(3))],
    "descent_spike": [*STEADY, Outing(300, descent_m=400.0)],
    "hard_after_hard": [*STEADY, Outing(300, hard_min=25.0), Outing(301, hard_min=22.0)],
    "return_after_break": [*every(2, 290), Outing(319)],
}
"""For each rule a history at whose end it speaks; before day 300 none of them gives a reason to."""


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
