"""How made-up runners begin, end and hold their runs, climb and land: what the rules for information look at.

Drawn from a stream of chance of its own, so that the runner is otherwise the same with and without it. The
numbers were fixed before any of these rules was held against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from runner_table import TRAIL, RunnerYears
from runner_world import Between

_ASSUMED = "assumed"

FORM_WORLD: Mapping[str, Between] = MappingProxyType(
    {
        "descent a km, m": Between(2.0, 15.0, _ASSUMED),
        "times as much on trails": Between(1.5, 4.0, _ASSUMED),
        "SD of a run's descent (log)": Between(0.25, 0.60, _ASSUMED),
        "hard session without a warm-up": Between(0.0, 0.15, _ASSUMED),
        "hard session without an easy end": Between(0.1, 0.6, _ASSUMED),
        "easy run that begins hard": Between(0.0, 0.03, _ASSUMED),
        "mean change of cadence in runs over an hour, %": Between(-1.5, 0.0, _ASSUMED),
        "SD of that change, %": Between(0.8, 1.8, _ASSUMED),
        "balance off even, points": Between(-1.5, 1.5, _ASSUMED),
        "SD of a run's balance, points": Between(0.85, 0.85, "one log, five runs"),
    }
)
"""What runners differ in beyond ``WORLD``."""

HARD_MIN = 8.0
LONG_RUN_S = 3_600.0


def with_form(runner: RunnerYears) -> RunnerYears:
    """The same runner with what their watch and sensors say of each run's form."""
    chance = np.random.default_rng((*runner.identity, 1))
    habits = {name: between.draw(chance) for name, between in FORM_WORLD.items()}
    m = len(runner.day)
    steep = np.where(runner.surface == TRAIL, habits["times as much on trails"], 1.0)
    hilly = np.exp(chance.normal(0, habits["SD of a run's descent (log)"], m))
    is_hard = runner.hard_min > HARD_MIN
    begins = np.where(is_hard, habits["hard session without a warm-up"], habits["easy run that begins hard"])
    ends = np.where(is_hard, habits["hard session without an easy end"], 0.0)
    fade = chance.normal(
        habits["mean change of cadence in runs over an hour, %"], habits["SD of that change, %"], m
    )
    balance = chance.normal(habits["balance off even, points"], habits["SD of a run's balance, points"], m)
    unknown = np.isnan(runner.hard_min)
    return runner.with_runs(
        descent_m=runner.distance_m / 1_000 * habits["descent a km, m"] * steep * hilly,
        begins_hard=np.where(unknown, np.nan, chance.random(m) < begins),
        ends_hard=np.where(unknown, np.nan, chance.random(m) < ends),
        fade_percent=np.where(runner.distance_m / runner.speed_mps > LONG_RUN_S, fade, np.nan),
        balance_percent=50.0 + balance,
    )
