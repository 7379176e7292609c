"""Two weeks of mileage far above the four before them, in days that hold more than any of three months."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from alerts.alert.alert import NOTHING, Alert, Before, Level
from alerts.statistics.rolling import as_date, day_numbers, lagged, rest_streak, span_max, trailing_sum
from ingest.formats.recording import Column
from ingest.training_days.table import Mask, TrainingDays


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """Sums over blocks that end on each day, shape (n,); NaN where the history is too short. [m]

    ``quiet_m`` is what the block may hold before the shorter and the longer span around it lie beyond most.
    """

    now_m: Column
    base_m: Column
    highest_m: Column
    quiet_m: Column


@dataclass(frozen=True, slots=True)
class TwoWeekRamp:
    r"""A ramp into new territory: far above the base, and above the most of the months before.

    The base is the mean of the ``base_blocks`` blocks before the current one; the block must be far above it,
    and hold no less than any before it. A shorter and a longer span that end with it, :math:`a` and
    :math:`b`, are compared with the largest sums :math:`A, B` over as many days: together they must be
    ``ceiling_ratio`` :math:`r` times as much, :math:`ab \ge r^2AB`. So neither one long run, which fills the
    short span, nor easy weeks, which the long one remembers, decide alone. The largest are looked for
    in the ``ceiling_days`` before each span, as far as there are days. Had
    :math:`x = \frac{1}{2}(a + b - \sqrt{(a - b)^2 + 4r^2AB})` been run less of late, all were quiet.

    The rule needs a whole base (with the defaults, 42 days) without a gap, and it speaks on days with a run
    only: a day of rest changes what is compared, yet nothing was done that one could have left. After a
    finding it is silent for ``cool_down_days``, unless the ramp has grown to a higher level.

    ``numbers``: ``excess_m`` beyond the base; ``highest_m``, the highest earlier block; ``ceiling_m``, the
    sum of the block below which the rule had been quiet.

    Parameters
    ----------
    block_days : int
        Length of a block. [days]
    base_blocks : int
        How many blocks make the base.
    notice_ratio, caution_ratio : float
        Block over base from which the level is reached. [unitless]
    short_days, long_days : int
        Lengths of the spans that are compared with the most before. [days]
    ceiling_ratio : float
        Least multiple of that most, the mean of both. [unitless]
    ceiling_days : int
        How far before a block or span the most is looked for. [days]
    minimum_excess_m : float
        Least distance beyond the base. [m]
    minimum_base_m : float
        Least base. [m]
    longest_gap_days : int
        Most days in a row without a run inside the base. [days]
    cool_down_days : int
        Silence after a finding about what is no graver. [days]

    References
    ----------
    .. [1] Nielsen et al., J Orthop Sports Phys Ther 44, 739-747, 2014.
    """

    kind: ClassVar[str] = "two_week_ramp"

    block_days: int
    base_blocks: int
    notice_ratio: float
    caution_ratio: float
    short_days: int
    long_days: int
    ceiling_ratio: float
    ceiling_days: int
    minimum_excess_m: float
    minimum_base_m: float
    longest_gap_days: int
    cool_down_days: int

    def __post_init__(self) -> None:
        if not 1 <= self.notice_ratio <= self.caution_ratio:
            raise ValueError("the ratios of a ramp rise from 1: notice, caution")
        if not (self.base_blocks > 0 and 0 < self.block_days <= self.ceiling_days):
            raise ValueError("a ramp needs a base, and a ceiling of at least a block")
        if not 0 < self.short_days <= self.long_days <= self.ceiling_days:
            raise ValueError("a ramp is seen in a short and a long span, no longer than its ceiling")
        if not self.minimum_base_m > 0:
            raise ValueError("a ramp needs a base to rise from")

    @property
    def reach_days(self) -> int:
        """How far before a day it looks. [days]"""
        longest = max(self.block_days, self.long_days)
        return max(longest + self.ceiling_days, self.block_days * (self.base_blocks + 1))

    def __call__(self, days: TrainingDays, before: Before = NOTHING) -> list[Alert]:
        """Find the days on which such a ramp is seen first, grows graver, or outlasts the cool-down."""
        blocks = self._blocks(days.run_m)
        fires = (
            (days.run_count > 0)
            & (blocks.now_m >= self.notice_ratio * blocks.base_m)
            & (blocks.now_m >= np.maximum(blocks.highest_m, blocks.quiet_m))
            & (blocks.now_m - blocks.base_m >= self.minimum_excess_m)
            & (blocks.base_m >= self.minimum_base_m)
            & ~self._has_gap(days)
        )
        number = day_numbers(days.day)
        alerts: list[Alert] = []
        last = before.last
        for i in np.flatnonzero(fires & (number >= before.day)).tolist():
            alert = self._alert(blocks, i, number=int(number[i]))
            if last is None or (alert.day - last.day).days >= self.cool_down_days or alert.level > last.level:
                alerts.append(alert)
                last = alert
        return alerts

    def _blocks(self, run_m: Column) -> _Blocks:
        now_m = trailing_sum(run_m, self.block_days)
        base_m = np.zeros(len(run_m))
        for block in range(1, self.base_blocks + 1):
            base_m += lagged(now_m, block * self.block_days) / self.base_blocks
        short_m, long_m = trailing_sum(run_m, self.short_days), trailing_sum(run_m, self.long_days)
        most_m2 = self._most_m(short_m, self.short_days) * self._most_m(long_m, self.long_days)
        root_m = np.sqrt((long_m - short_m) ** 2 + 4 * self.ceiling_ratio**2 * most_m2)
        beyond_m = (short_m + long_m - root_m) / 2
        return _Blocks(now_m, base_m, self._most_m(now_m, self.block_days), now_m - beyond_m)

    def _most_m(self, sum_m: Column, days: int) -> Column:
        """The largest of the sums over so many days that end before the current ones, of whole ones."""
        end = np.arange(len(sum_m))
        first = np.maximum(end - self.ceiling_days, days - 1)
        return span_max(sum_m, first, np.maximum(end - days + 1, 0))

    def _has_gap(self, days: TrainingDays) -> Mask:
        """Whether more days in a row than allowed, all of them inside the base, are without a run."""
        end = np.arange(len(days))
        stop = np.maximum(end - self.block_days + 1, 0)
        start = np.maximum(stop - self.block_days * self.base_blocks + self.longest_gap_days, 0)
        longest = span_max(rest_streak(days.run_count).astype(np.float64), start, np.maximum(stop, start))
        return longest > self.longest_gap_days

    def _alert(self, blocks: _Blocks, i: int, *, number: int) -> Alert:
        observed, expected = float(blocks.now_m[i]), float(blocks.base_m[i])
        highest_m, quiet_m = float(blocks.highest_m[i]), float(blocks.quiet_m[i])
        ceiling_m = max(self.notice_ratio * expected, expected + self.minimum_excess_m, highest_m, quiet_m)
        return Alert(
            self.kind,
            as_date(number),
            Level.CAUTION if observed >= self.caution_ratio * expected else Level.NOTICE,
            observed=observed,
            expected=expected,
            unit="m",
            compared_day=as_date(number - self.block_days),
            numbers=MappingProxyType(
                {"excess_m": observed - expected, "highest_m": highest_m, "ceiling_m": ceiling_m}
            ),
        )
