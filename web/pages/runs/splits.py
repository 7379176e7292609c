"""The splits of one activity as a table: units stand in its heads, so that it fits a phone."""

from __future__ import annotations

from collections.abc import Callable

from alerts.text.i18n import gettext
from alerts.text.units import IMPERIAL, NBSP, UNKNOWN, Units, height, number
from alerts.views.run_view import RunView, Split
from ingest.formats.recording import FOOT_SPORTS
from web.charts.svg_plot import ChartTable
from web.http.formatting import STEPS, capitalize_first, count, pace_or_speed

SplitColumn = tuple[str, Callable[[Split], str]]


def splits_table(view: RunView) -> ChartTable | None:
    """Put the splits into a table, without columns of which nothing is known; None where there are none."""
    if not view.splits:
        return None
    columns = [column for column in _columns(view) if any(column[1](s) != UNKNOWN for s in view.splits)]
    rows = tuple(
        (_name(at, split, view.units), *(told(split) for _, told in columns))
        for at, split in enumerate(view.splits, start=1)
    )
    heads = (capitalize_first(gettext(view.units.one)), *(head for head, _ in columns))
    return ChartTable(count(len(view.splits), "split"), heads, rows)


def _columns(view: RunView) -> tuple[SplitColumn, ...]:
    units, sport = view.units, view.summary.sport
    is_on_foot = sport in FOOT_SPORTS
    fast = f"min/{units.abbreviation}" if is_on_foot else f"{units.abbreviation}/h"
    return (
        (
            f"{gettext('Pace') if is_on_foot else gettext('Speed')} ({fast})",
            lambda split: _bare(pace_or_speed(sport, split.distance_m, split.time_s, units)),
        ),
        (f"{gettext('Heart rate')} (bpm)", lambda split: _whole(split.heart_rate_bpm)),
        (f"{gettext('Steps')} ({STEPS})", lambda split: _whole(split.cadence_spm)),
        (f"{gettext('Height')} ({'ft' if units is IMPERIAL else 'm'})", lambda split: _climb(split, units)),
    )


def _name(at: int, split: Split, units: Units) -> str:
    """Its number, or how long it is where it is but the rest."""
    is_whole = split.distance_m >= units.metres - 0.5
    return str(at) if is_whole else f"+{number(split.distance_m / units.metres, '.2f')}"


def _whole(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.0f}"


def _climb(split: Split, units: Units) -> str:
    if split.climb_m is None:
        return UNKNOWN
    return f"{'+' if split.climb_m >= 0 else '−'}{_bare(height(abs(split.climb_m), units))}"


def _bare(text: str) -> str:
    """A value without its unit."""
    return text.partition(NBSP)[0]
