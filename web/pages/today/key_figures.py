"""Four figures under the verdict: the week, the longest run, the cadence, the rest days."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.care.pain.pain_scale import Verdict
from alerts.evaluation.training_status import CadenceBand, Standing
from alerts.text import units as words
from alerts.text.i18n import say
from alerts.text.units import NBSP, UNKNOWN, Units
from alerts.views.overview import Overview
from web.http.formatting import STEPS, capital, relative_day
from web.pages.today.verdict import is_held

GAUGE_WIDTH = 112.0
GAUGE_MARGIN = 8.0


@dataclass(frozen=True, slots=True)
class Gauge:
    """A value against its usual band, as places on a line ``GAUGE_WIDTH`` long."""

    band_x: float
    band_width: float
    value_x: float
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: what it is, the number, what it is compared with."""

    name: str
    value: str
    note: str
    gauge: Gauge | None = None


def figures(overview: Overview, standing: Standing) -> tuple[Figure, ...]:
    """Put the standing into its four rows."""
    return (
        _week(standing, overview.units),
        _longest(standing, overview),
        _cadence(standing.cadence, overview.units),
        Figure(
            say("Rest days"),
            say("{rest_days_7} of 7", rest_days_7=standing.rest_days_7),
            say("{rest_days_14} of the last 14", rest_days_14=standing.rest_days_14),
        ),
    )


def gauge(value: float, low: float, high: float, *, start: float) -> Gauge:
    """Place a value and its band on a line that begins at ``start`` and leaves room above both."""
    stop = start + (max(value, high) - start) * 1.2
    scale = (GAUGE_WIDTH - 2 * GAUGE_MARGIN) / (stop - start) if stop > start else 0.0

    def place(at: float) -> float:
        return round(GAUGE_MARGIN + (at - start) * scale, 1)

    where = say("below") if value < low else say("above") if value > high else say("within")
    return Gauge(place(low), round(place(high) - place(low), 1), place(value), where)


def _week(standing: Standing, units: Units) -> Figure:
    value = words.distance(standing.week_m, units)
    low_m, high_m = standing.usual_low_m, standing.usual_high_m
    if low_m is None or high_m is None:
        return Figure(say("This week"), value, say("too few weeks yet to say what is usual"))
    note = say("usual {distance_range}", distance_range=words.distance_range(low_m, high_m, units))
    return Figure(say("This week"), value, note, gauge(standing.week_m, low_m, high_m, start=0.0))


def _longest(standing: Standing, overview: Overview) -> Figure:
    name = say("Longest before today") if standing.ran_today_m else say("Longest in 30 days")
    if standing.longest_m is None:
        return Figure(name, UNKNOWN, say("no run in the 30 days before today"))
    day = capital(relative_day(standing.longest_day, overview.today)) if standing.longest_day else ""
    value = words.distance(standing.longest_m, overview.units)
    if overview.pain.verdict is Verdict.STOP or overview.back is not None:
        return Figure(name, value, day)
    if standing.ceiling_m is None:
        return Figure(name, value, say("{day}; too few runs for a ceiling", day=day).removeprefix("; "))
    if is_held(overview):
        return Figure(name, value, say("{day}; stay at it for now", day=day).removeprefix("; "))
    note = say(
        "{day}; ceiling {ceiling}",
        day=day,
        ceiling=words.distance_within(standing.ceiling_m, overview.units),
    ).removeprefix("; ")
    return Figure(name, value, note, gauge(standing.longest_m, 0.0, standing.ceiling_m, start=0.0))


def _cadence(cadence: CadenceBand | None, units: Units) -> Figure:
    name = say("Easy-pace cadence")
    if cadence is None:
        return Figure(name, UNKNOWN, say("too few steady runs yet to say what is usual"))
    band = say(
        "band {low_spm}–{high_spm}", low_spm=f"{cadence.low_spm:.0f}", high_spm=f"{cadence.high_spm:.0f}"
    )
    note = say("{band} at {pace}", band=band, pace=words.pace(cadence.speed_mps, units))
    start = min(cadence.low_spm, cadence.cadence_spm) - (cadence.high_spm - cadence.low_spm)
    return Figure(
        name,
        f"{cadence.cadence_spm:.0f}{NBSP}{STEPS}",
        note,
        gauge(cadence.cadence_spm, cadence.low_spm, cadence.high_spm, start=start),
    )
