"""Charts of weeks: one bar a week, from zero, none where the value is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from alerts import units as words
from alerts.units import number
from alerts.words.language import say
from web.plot import Axis, Block, Scale, round_ticks

BAR_SHARE = 0.64


def weeks_axis(starts: Sequence[date]) -> Axis:
    """The weeks side by side, each called by its first day."""
    ticks = tuple((i + 0.5, words.plain_date(start)) for i, start in enumerate(starts))
    return Axis(say("Week starting"), 0.0, float(len(starts)), ticks)


def from_zero(title: str, values: Iterable[float], *, least: float) -> Axis:
    """An axis from zero that ends on a round number, at ``least`` or beyond it."""
    most = max(*values, least)
    ticks = round_ticks(0.0, most)
    high = ticks[-1] if ticks[-1] >= most else 2 * ticks[-1] - ticks[-2]
    ends = [*ticks, high] if high > ticks[-1] else ticks
    return Axis(title, 0.0, high, tuple((value, number(value, "g")) for value in ends))


def week_bars(
    scale: Scale, starts: Sequence[date], values: Sequence[float | None], told: Sequence[str]
) -> tuple[Block, ...]:
    """A bar for each week that is known, the last as the one that still runs; ``told`` says their values."""
    return tuple(
        _bar(scale, i, value, say("Week of {day}: {value}", day=words.plain_date(starts[i]), value=told[i]))
        for i, value in enumerate(values)
        if value is not None
    )


def _bar(scale: Scale, index: int, value: float, title: str) -> Block:
    inset = (1 - BAR_SHARE) / 2
    left, right, y = scale.x(index + inset), scale.x(index + 1 - inset), scale.y(value)
    is_current = index + 1 == round(scale.across.high)
    return Block(
        x=left,
        y=y,
        width=round(right - left, 1),
        height=round(scale.base - y, 1),
        kind="bar bar-current" if is_current else "bar",
        title=title,
    )
