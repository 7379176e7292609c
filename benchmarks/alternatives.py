"""Methods that were tried beside the shipped ones; they live here so that their curves can be drawn again."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from alerts.alert.alert import Alert, Level
from alerts.detectors.cadence import CadenceShift, _Changes
from alerts.detectors.cadence_line import CadenceLine, MatchedRuns
from alerts.detectors.ramp import TwoWeekRamp
from alerts.statistics.changepoint import joined_log_odds, mean_variance, shift_log_odds
from alerts.statistics.rolling import as_date, day_numbers, lagged, spaced, span_max, trailing_sum
from ingest.formats.recording import Column
from ingest.training_days.table import Mask, TrainingDays


@dataclass(frozen=True, slots=True)
class EwmaChart:
    """The specification's cadence rule: a moving average of residuals against a fixed, widened limit."""

    limit_sigmas: float
    kind = "cadence_shift"

    def __call__(self, days: TrainingDays) -> list[Alert]:
        """Days on which the average of a stratum leaves its limits."""
        runs = MatchedRuns.of(days.runs, minimum_windows=8, reach=63)
        stop = np.searchsorted(runs.key, runs.key - 7, side="right")
        line = CadenceLine(8, 6.0, 0.3, spread_percent=1.0, spread_runs=1e-9).through(
            runs, runs.back(63), stop
        )
        centre, level, slope, own, count = line
        spread = np.maximum(1.5, own) * np.sqrt(1 + 1.57 / np.maximum(count, 1))
        off = runs.cadence_spm - level - slope * (runs.speed_mps - centre)
        order = np.lexsort((runs.row, runs.day))
        limit = self.limit_sigmas * math.sqrt(0.25 / 1.75) * math.sqrt(1.3 / 0.7)
        found: list[Alert] = []
        seen: dict[int, tuple[float, list[float]]] = {}
        quiet_until = -1
        for i in order.tolist():
            stratum, day = int(runs.stratum[i]), int(runs.day[i])
            if day < quiet_until:
                continue
            if math.isnan(off[i]):
                seen.pop(stratum, None)
                continue
            average, recent = seen.get(stratum, (0.0, []))
            average += 0.25 * (float(np.clip(off[i] / spread[i], -3, 3)) - average)
            recent = [*recent, off[i] / level[i]][-3:]
            seen[stratum] = average, recent
            median = float(np.median(recent))
            if abs(average) > limit and len(recent) == 3 and abs(median) >= 0.02 and median * average > 0:
                found.append(_alert(self.kind, day))
                quiet_until = day + 28
                seen.clear()
        return found


class LikeliestShift(CadenceShift):
    """The shipped cadence rule with the one likeliest beginning instead of all: a likelihood-ratio scan."""

    __slots__ = ()

    def _first_told(self, runs: MatchedRuns, changes: _Changes, quiet_until: int) -> tuple[int, int] | None:
        log_odds = changes.ending_with_each()
        enough = log_odds.max(axis=1, initial=-np.inf) >= math.log(self.odds)
        likely = np.flatnonzero(enough & (runs.day >= quiet_until))
        for last in likely[np.lexsort((runs.row[likely], runs.day[likely]))].tolist():
            first = last - int(log_odds[last].argmax())
            if 100 * abs(self._median_change(changes, first, last)) >= self.info_percent:
                return first, last
        return None


def _ramp_days(days: TrainingDays, ramp: TwoWeekRamp, exceeds: Mask) -> list[Alert]:
    """Days with a run that exceed by a statistic and pass all gates of the shipped ramp but its ceiling."""
    blocks = ramp._blocks(days.run_m)  # noqa: SLF001
    fires = (
        exceeds
        & (days.run_count > 0)
        & (blocks.now_m >= ramp.notice_ratio * blocks.base_m)
        & (blocks.now_m - blocks.base_m >= ramp.minimum_excess_m)
        & (blocks.base_m >= ramp.minimum_base_m)
        & ~ramp._has_gap(days)  # noqa: SLF001
    )
    number = day_numbers(days.day)
    return [
        _alert(ramp.kind, int(number[i])) for i in spaced(np.flatnonzero(fires).tolist(), ramp.cool_down_days)
    ]


@dataclass(frozen=True, slots=True)
class OneCeiling:
    """The specification's ramp: the block itself over the largest block before it."""

    ramp: TwoWeekRamp
    ratio: float

    def __call__(self, days: TrainingDays) -> list[Alert]:
        """Days on which the block reaches the ratio."""
        blocks = self.ramp._blocks(days.run_m)  # noqa: SLF001
        return _ramp_days(days, self.ramp, blocks.now_m >= self.ratio * blocks.highest_m)


@dataclass(frozen=True, slots=True)
class ThreeCeilings:
    """The last 10, 14 and 21 days, each over the most of as many days before; their geometric mean."""

    ramp: TwoWeekRamp
    ratio: float

    def __call__(self, days: TrainingDays) -> list[Alert]:
        """Days on which the mean reaches the ratio."""
        logs = np.zeros(len(days))
        for window in (10, 14, 21):
            now_m = trailing_sum(days.run_m, window)
            end = np.arange(len(days))
            first = np.maximum(end - self.ramp.ceiling_days, window - 1)
            most_m = span_max(now_m, first, np.maximum(end - window + 1, 0))
            logs += np.log(np.maximum(now_m, 1.0) / np.maximum(most_m, 1.0)) / 3
        return _ramp_days(days, self.ramp, logs >= math.log(self.ratio))


@dataclass(frozen=True, slots=True)
class PooledLogVolume:
    """The log of 14 days against those before, in spreads that are pulled to that of all runners."""

    ramp: TwoWeekRamp
    z_limit: float
    usual_sd: float = 0.3
    usual_weight: float = 12.0

    def __call__(self, days: TrainingDays) -> list[Alert]:
        """Days on which the log is so many spreads above its mean."""
        block, reach = self.ramp.block_days, self.ramp.ceiling_days
        logs = np.log(np.maximum(trailing_sum(days.run_m, block), 1_000.0))
        table = np.stack([lagged(logs, lag) for lag in range(block, reach + 1)])
        known = np.isfinite(table)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, table, 0.0).sum(axis=0) / count
        variance = (np.where(known, table - mean, 0.0) ** 2).sum(axis=0) / count
        blocks = (known.sum(axis=0) + block) / block
        spread = np.sqrt(
            (self.usual_weight * self.usual_sd**2 + blocks * variance) / (self.usual_weight + blocks)
        )
        z = (logs - mean) / (spread * np.sqrt(1 + 1 / blocks))
        return _ramp_days(days, self.ramp, known.any(axis=0) & (z >= self.z_limit))


@dataclass(frozen=True, slots=True)
class WeeklyOdds:
    """Odds that weekly volume has risen within four weeks, as for cadence; never below the ceiling."""

    ramp: TwoWeekRamp
    log_odds: float
    usual_sd: float = 0.3
    usual_weight: float = 8.0
    weeks: int = 12
    rise_sd: float = 0.4

    def __call__(self, days: TrainingDays) -> list[Alert]:
        """Days on which the odds are so high."""
        week_m = trailing_sum(days.run_m, 7)
        table = np.stack([lagged(week_m, 7 * week) for week in range(self.weeks + 4)])
        joined = joined_log_odds(np.stack([self._since(table, begun) for begun in range(1, 5)], axis=1))
        blocks = self.ramp._blocks(days.run_m)  # noqa: SLF001
        return _ramp_days(
            days, self.ramp, (joined >= self.log_odds) & (blocks.now_m >= 1.08 * blocks.highest_m)
        )

    def _since(self, week_m: Column, begun: int) -> Column:
        """Log odds for a rise that began so many weeks ago."""
        base_m = week_m[begun : begun + self.weeks]
        known = np.isfinite(base_m)
        count = known.sum(axis=0)
        usual_m = np.median(np.where(known, base_m, 0.0), axis=0)
        logs = np.log(np.maximum(np.where(known, base_m, 1.0), 0.25 * usual_m) + 1.0)
        n = np.maximum(count, 1)
        mean = np.where(known, logs, 0.0).sum(axis=0) / n
        variance = (np.where(known, logs - mean, 0.0) ** 2).sum(axis=0) / n
        spread = np.sqrt((self.usual_weight * self.usual_sd**2 + n * variance) / (self.usual_weight + n))
        now = np.log(np.maximum(week_m[:begun], 1_000.0))
        z = np.clip((now - mean) / spread, -2.5, 2.5).mean(axis=0)
        odds = shift_log_odds(z, mean_variance(begun, 0.1) + 1 / n, (self.rise_sd / spread) ** 2)
        return np.where((count >= 4) & (z > 0), odds, -np.inf)


@dataclass(frozen=True, slots=True)
class PooledHardWeek:
    """A week's hard minutes against six before, in spreads that are pulled to that of all runners."""

    z_limit: float
    usual_share: float = 0.45
    usual_weight: float = 6.0
    kind = "hard_minutes_spike"

    def __call__(self, days: TrainingDays) -> list[Alert]:
        """Days with a run on which a week is so many spreads and 15 minutes above its mean."""
        week_min = trailing_sum(np.nan_to_num(days.hard_min), 7)
        table = np.stack([lagged(week_min, 7 * week) for week in range(7)])
        mean, variance = table[1:].mean(axis=0), table[1:].var(axis=0)
        usual = (self.usual_share * np.maximum(mean, 8.0)) ** 2
        spread = np.sqrt((self.usual_weight * usual + 6 * variance) / (self.usual_weight + 6))
        z = (week_min - mean) / (spread * math.sqrt(1 + 1 / 6))
        is_known = np.min([lagged(trailing_sum(days.run_count, 7), 7 * k) for k in range(1, 7)], axis=0) > 0
        fires = (days.run_count > 0) & is_known & (z >= self.z_limit) & (week_min - mean >= 15)
        number = day_numbers(days.day)
        return [_alert(self.kind, int(number[i])) for i in spaced(np.flatnonzero(fires).tolist(), 14)]


def _alert(kind: str, day: int) -> Alert:
    """A finding of which only the day is looked at."""
    return Alert(kind, as_date(day), Level.NOTICE, 1.0, 1.0, "")
