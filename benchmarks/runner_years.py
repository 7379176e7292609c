"""Runner-years by simulation: made-up runners whose noise is the measured noise, as training days.

Every number of a runner is drawn from ``WORLD`` or is one of ``PROFILES``. Nothing in here knows a rule: the
numbers were fixed before any rule was changed, and ``plausibility`` compares the result only with figures of
real runners that need no rule of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from runner_form import with_form
from runner_table import ROAD, TRAIL, RunnerYears
from runner_world import PROFILES, WORLD, CadenceProfile

from ingest.formats.recording import Column
from ingest.training_days.table import IntColumn, Mask

WARM_UP_DAYS, SCORED_DAYS = 130, 365
"""Every rule has its whole baseline after the first of them; the others are looked at. [days]"""

DAYS_OF_WEEK: Mapping[int, tuple[int, ...]] = MappingProxyType(
    {3: (1, 3, 6), 4: (1, 3, 5, 6), 5: (0, 1, 3, 5, 6), 6: (0, 1, 2, 3, 5, 6)}
)
LONG_DAY, HARD_DAY, SECOND_HARD_DAY = 6, 1, 3
RACES_M = (5_000.0, 10_000.0, 21_100.0, 42_200.0)


def make_runner(seed: int, number: int, *, days: int = WARM_UP_DAYS + SCORED_DAYS) -> RunnerYears:
    """Make a runner; the same seed and number give the same runner."""
    chance = np.random.default_rng((seed, number))
    habits = {name: between.draw(chance) for name, between in WORLD.items()}
    made = _Making((seed, number), chance, habits, PROFILES[number % len(PROFILES)], days).runner()
    return with_form(made)


def make_runners(seed: int, count: int, *, days: int = WARM_UP_DAYS + SCORED_DAYS) -> Iterator[RunnerYears]:
    """Make so many runners, one after the other."""
    return (make_runner(seed, number, days=days) for number in range(count))


@dataclass(frozen=True, slots=True)
class _Making:
    """One runner on the way: days by week first, then what happened to them, then what the watch said."""

    identity: tuple[int, int]
    chance: np.random.Generator
    habits: Mapping[str, float]
    profile: CadenceProfile
    days: int

    def runner(self) -> RunnerYears:
        chance, habits = self.chance, self.habits
        weeks = self.days // 7 + 1
        per_week = round(habits["runs a week"])
        planned_m, planned_hard_min, kept = self._plan(weeks, per_week)
        factor, is_ordinary = self._life(weeks, planned_m, planned_hard_min, kept)
        planned_m *= factor
        day = np.flatnonzero(kept.ravel())
        length_m, hard = planned_m.ravel()[day], planned_hard_min.ravel()[day]
        late = chance.random(len(day)) < habits["run a day later"]
        length_m = length_m * np.exp(
            chance.normal(0, habits["SD of a run's length around its plan (log)"], len(day))
        )
        gps = 1 + chance.normal(0, habits["SD of GPS distance"], len(day))
        moved = np.minimum(day + late, self.days - 1)
        inside = (day < self.days) & (length_m > 1_500.0)
        order = np.argsort(moved[inside], kind="stable")
        day = moved[inside][order]
        return self._watched(
            day, (length_m * gps)[inside][order], hard[inside][order], is_ordinary[: self.days]
        )

    def _plan(self, weeks: int, per_week: int) -> tuple[Column, Column, Mask]:
        """Metres, hard minutes and whether there is a run, by week and weekday."""
        chance, habits = self.chance, self.habits
        volume_m = self._volume_m(weeks, per_week)
        at = np.array(DAYS_OF_WEEK[per_week])
        share = np.full(len(at), (1 - habits["share of the week in its longest run"]) / (len(at) - 1))
        share[at == LONG_DAY] = habits["share of the week in its longest run"]
        planned_m, hard_min = np.zeros((weeks, 7)), np.zeros((weeks, 7))
        planned_m[:, at] = volume_m[:, None] * share
        hard_min[:, at] = chance.gamma(
            1.5, habits["hard minutes in an easy run"] / 1.5 + 1e-6, (weeks, len(at))
        )
        sd = habits["SD of a hard session's minutes (log)"]
        hard_days = [HARD_DAY] if per_week < 5 or chance.random() < 0.5 else [HARD_DAY, SECOND_HARD_DAY]
        for weekday in hard_days:
            session = habits["minutes of a hard session"] * np.exp(chance.normal(0, sd, weeks))
            is_held = chance.random(weeks) < 0.85
            hard_min[:, weekday] = np.where(is_held, session, hard_min[:, weekday])
        cut = volume_m < 0.9 * np.median(volume_m)
        hard_min[cut] *= 0.6
        kept = planned_m > 0
        return planned_m, hard_min, kept & (chance.random((weeks, 7)) > habits["run left out"])

    def _volume_m(self, weeks: int, per_week: int) -> Column:
        """Metres planned for each week: season, growth towards races, cut-back weeks, and chance."""
        chance, habits = self.chance, self.habits
        week = np.arange(weeks)
        season = habits["season of volume, amplitude (log)"] * np.sin(
            2 * np.pi * (week / 52.2 + chance.random())
        )
        cycle = int(chance.integers(12, 21))
        growth = habits["growth of volume towards a race (log)"] * (
            ((week + int(chance.integers(cycle))) % cycle) / cycle - 0.5
        )
        phi = habits["lag-1 correlation of a week's volume"]
        noise = correlated(chance.standard_normal(weeks), phi) * habits["SD of a week's volume (log)"]
        plans_rest = chance.random() < 0.6
        is_cut = plans_rest & ((week + int(chance.integers(4))) % 4 == 0)
        cut = np.where(is_cut, np.log(habits["cut-back week, every fourth"]), 0.0)
        mean_m = 1_000 * habits["km a run, on average"] * per_week
        return np.asarray(mean_m * np.exp(season + growth + noise + cut))

    def _life(self, weeks: int, planned_m: Column, hard_min: Column, kept: Mask) -> tuple[Column, Mask]:
        """What comes between: share of the planned length by day; changes hard minutes and runs in place."""
        chance, habits = self.chance, self.habits
        total = 7 * weeks
        factor, ordinary, runs = np.ones(total), np.ones(total, dtype=np.bool_), kept.ravel()
        hard, metres = hard_min.ravel(), planned_m.ravel()
        for start in self._starts(habits["races a year"], total):
            self._race(start - start % 7 + LONG_DAY, factor, ordinary, (metres, hard, runs))
        for start in self._starts(habits["holidays a year"], total):
            stop = start + int(chance.integers(7, 15))
            if chance.random() < 0.5:
                runs[start:stop] = False
            factor[start:stop] *= 0.6
            hard[start:stop] = 0.0
            ordinary[max(start - 1, 0) : stop + 7] = False
        for start in self._starts(habits["illnesses a year"], total):
            stop = start + int(chance.integers(4, 13))
            runs[start:stop] = False
            factor[stop : stop + 7] *= 0.6
            factor[stop + 7 : stop + 14] *= 0.8
            hard[stop : stop + 7] *= 0.3
            ordinary[max(start - 1, 0) : stop + 14] = False
        return factor.reshape(weeks, 7), ordinary

    def _race(self, day: int, factor: Column, ordinary: Mask, plan: tuple[Column, Column, Mask]) -> None:
        """A taper, a race on the Sunday of that week, and an easy week after it."""
        metres, hard, runs = plan
        if day >= len(factor):
            return
        week_m = metres[max(day - 6, 0) : day + 1].sum()
        choices = [race_m for race_m in RACES_M if race_m <= 0.8 * week_m] or [RACES_M[0]]
        race_m = float(self.chance.choice(choices))
        factor[max(day - 6, 0) : day] *= 0.7
        factor[day + 1 : day + 8] *= 0.6
        hard[day + 1 : day + 8] *= 0.2
        metres[day], factor[day], runs[day] = race_m, 1.0, True
        hard[day] = min(0.8 * race_m / (1.15 * self.habits["easy speed, m/s"]) / 60, 90.0)
        ordinary[max(day - 7, 0) : day + 8] = False

    def _starts(self, per_year: float, total: int) -> list[int]:
        count = self.chance.poisson(per_year * total / 365.25)
        return sorted(self.chance.integers(0, total, count).tolist())

    def _watched(self, day: IntColumn, distance_m: Column, hard: Column, is_ordinary: Mask) -> RunnerYears:
        """What the watch says of each run."""
        chance, habits, profile, m = self.chance, self.habits, self.profile, len(day)
        changes = np.array(self._starts(habits["watches a year"], self.days), dtype=np.int64)
        runner_service = np.searchsorted(changes, day, side="right")
        surface = np.where(chance.random(m) < habits["run on trails"], TRAIL, ROAD)
        is_hard = hard > 8
        speed_mps = habits["easy speed, m/s"] + 0.35 * is_hard - 0.2 * (surface == TRAIL)
        speed_mps = speed_mps + chance.normal(0, habits["SD of a run's speed, m/s"], m)
        heat = habits["season of hard minutes, heat (log)"] * np.sin(
            2 * np.pi * (day / 365.25 + chance.random())
        )
        noise = chance.normal(0, habits["SD of measured hard minutes (log)"], m)
        hard_min = np.minimum(hard * np.exp(heat + noise), distance_m / speed_mps / 60)
        unknown = chance.random(m) < habits["run without heart rate"]
        level = profile.at_3_mps_spm + profile.slope_spm_per_mps * (speed_mps - 3.0)
        cadence_spm = level * self._drift(day, runner_service, surface) + self._cadence_noise_spm(m)
        windows = np.maximum((distance_m / speed_mps - 300) / 30 * 0.8, 0)
        few = chance.random(m) < habits["run with too few steady half-minutes"]
        return RunnerYears(
            self.identity,
            profile,
            is_ordinary,
            day,
            distance_m,
            np.where(unknown, np.nan, hard_min),
            speed_mps,
            cadence_spm,
            np.where(few, 4, windows).astype(np.int64),
            runner_service,
            surface,
            *np.full((5, m), np.nan),
        )

    def _cadence_noise_spm(self, count: int) -> Column:
        heavy = self.chance.standard_t(5, count) / np.sqrt(5 / 3)
        return correlated(heavy, self.profile.lag_1) * self.profile.sd_spm

    def _drift(self, day: IntColumn, runner_service: IntColumn, surface: IntColumn) -> Column:
        """Slow changes of cadence that no event is: season, shoes, watch and surface. [unitless]"""
        chance, habits = self.chance, self.habits
        season = habits["season of cadence, amplitude"] * np.sin(2 * np.pi * (day / 365.25 + chance.random()))
        sd = habits["SD of cadence with new shoes, every 120 days"]
        shoes = chance.normal(0, sd, self.days // 120 + 2)[(day + int(chance.integers(120))) // 120]
        device = chance.normal(0, 0.01, int(runner_service.max(initial=0)) + 1)[runner_service]
        return np.asarray(1 + season + shoes + device - 0.03 * (surface == TRAIL))


def correlated(noise: Column, phi: float) -> Column:
    """Noise of variance 1 whose neighbours correlate by ``phi``."""
    result = noise.copy()
    for i in range(1, len(noise)):
        result[i] = phi * result[i - 1] + np.sqrt(1 - phi**2) * noise[i]
    return result


def plausibility(runners: Iterator[RunnerYears]) -> dict[str, float]:
    """What of these runners can be compared with real ones and needs none of our rules.

    The share of run days on which seven days hold over 30 % more than the seven before, or the acute-chronic
    ratio is at least 1.5, uncoupled and coupled; and the run-to-run standard deviation and correlation of
    cadence are what ``PROFILES`` says by construction.
    """
    shares = []
    for runner in runners:
        table = runner.training_days()
        ran = np.flatnonzero(table.run_count > 0)
        ran = ran[ran >= 28]
        total = np.concatenate(([0.0], np.cumsum(table.run_m)))
        now_m, last_m = total[ran + 1] - total[ran - 6], total[ran - 6] - total[ran - 13]
        four_m = total[ran + 1] - total[ran - 27]
        shares.append(
            (
                float((now_m > 1.3 * last_m).mean()),
                float((now_m >= 1.5 * (four_m - now_m) / 3).mean()),
                float((now_m >= 1.5 * four_m / 4).mean()),
            )
        )
    week, uncoupled, coupled = np.mean(shares, axis=0)
    return {"week over week > 30 %": week, "ACWR uncoupled >= 1.5": uncoupled, "ACWR coupled >= 1.5": coupled}
