"""Four figures under the verdict: the week, the longest run, the cadence, the rest days."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.care.pain.pain_scale import Verdict
from alerts.evaluation.training_status import CadenceBand, TrainingStatus
from alerts.text import units as words
from alerts.text.i18n import gettext
from alerts.text.units import NBSP, UNKNOWN, Units
from alerts.views.overview import Overview
from web.http.formatting import STEPS, capitalize_first, relative_day

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
class KeyFigure:
    """One row: what it is, the number, what it is compared with."""

    name: str
    value: str
    note: str
    gauge: Gauge | None = None


def key_figures(overview: Overview, training_status: TrainingStatus) -> tuple[KeyFigure, ...]:
    """Put the standing into its four rows."""
    return (
        _week(training_status, overview.units),
        _longest(training_status, overview),
        _cadence(training_status.cadence, overview.units),
        KeyFigure(
            gettext("Rest days"),
            gettext("{rest_days_7} of 7", rest_days_7=training_status.rest_days_7),
            gettext("{rest_days_14} of the last 14", rest_days_14=training_status.rest_days_14),
        ),
    )


def range_gauge(value: float, low: float, high: float, *, start: float) -> Gauge:
    """Place a value and its band on a line that begins at ``start`` and leaves room above both."""
    stop = start + (max(value, high) - start) * 1.2
    scale = (GAUGE_WIDTH - 2 * GAUGE_MARGIN) / (stop - start) if stop > start else 0.0

    def place(at: float) -> float:
        return round(GAUGE_MARGIN + (at - start) * scale, 1)

    where = gettext("below") if value < low else gettext("above") if value > high else gettext("within")
    return Gauge(place(low), round(place(high) - place(low), 1), place(value), where)


def _week(training_status: TrainingStatus, units: Units) -> KeyFigure:
    value = words.distance(training_status.week_m, units)
    low_m, high_m = training_status.usual_low_m, training_status.usual_high_m
    if low_m is None or high_m is None:
        return KeyFigure(
            gettext("This week"), value, gettext("it takes a few more weeks to know what’s typical")
        )
    note = gettext("usual {distance_range}", distance_range=words.distance_range(low_m, high_m, units))
    return KeyFigure(
        gettext("This week"), value, note, range_gauge(training_status.week_m, low_m, high_m, start=0.0)
    )


def _longest(training_status: TrainingStatus, overview: Overview) -> KeyFigure:
    name = gettext("Longest before today") if training_status.ran_today_m else gettext("Longest in 30 days")
    if training_status.longest_m is None:
        return KeyFigure(name, UNKNOWN, gettext("no run in the 30 days before today"))
    day = (
        capitalize_first(relative_day(training_status.longest_day, overview.today))
        if training_status.longest_day
        else ""
    )
    value = words.distance(training_status.longest_m, overview.units)
    if overview.pain.verdict is Verdict.STOP or overview.back is not None:
        return KeyFigure(name, value, day)
    if training_status.ceiling_m is None:
        return KeyFigure(name, value, gettext("{day}; too few runs for a limit", day=day).removeprefix("; "))
    most_m = overview.allowed.most_m if overview.allowed else None
    if most_m is None:
        return KeyFigure(name, value, gettext("{day}; don’t go longer yet", day=day).removeprefix("; "))
    note = gettext(
        "{day}; limit {ceiling}", day=day, ceiling=words.distance_within(most_m, overview.units)
    ).removeprefix("; ")
    return KeyFigure(name, value, note, range_gauge(training_status.longest_m, 0.0, most_m, start=0.0))


def _cadence(cadence: CadenceBand | None, units: Units) -> KeyFigure:
    name = gettext("Cadence at easy pace")
    if cadence is None:
        return KeyFigure(name, UNKNOWN, gettext("too few steady runs to know what’s typical"))
    band = gettext(
        "usual {low_spm}–{high_spm}", low_spm=f"{cadence.low_spm:.0f}", high_spm=f"{cadence.high_spm:.0f}"
    )
    note = gettext("{band} at {pace}", band=band, pace=words.pace(cadence.speed_mps, units))
    start = min(cadence.low_spm, cadence.cadence_spm) - (cadence.high_spm - cadence.low_spm)
    return KeyFigure(
        name,
        f"{cadence.cadence_spm:.0f}{NBSP}{STEPS}",
        note,
        range_gauge(cadence.cadence_spm, cadence.low_spm, cadence.high_spm, start=start),
    )
