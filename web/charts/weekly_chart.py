"""Twelve weeks in words: the chart's caption, its description and the table with the same data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from alerts.care.explained_alert import ExplainedAlert
from alerts.evaluation.training_status import Week
from alerts.text import units as words
from alerts.text.i18n import gettext
from alerts.text.units import UNKNOWN, Units
from web.charts.weekly_chart_svg import NARROW, WIDE, WeeklyChartSvg, draw
from web.http.formatting import count, named


@dataclass(frozen=True, slots=True)
class WeeklyRow:
    """One week in the table that holds the same data."""

    week: str
    distance: str
    usual: str
    ceiling: str
    alerts: str


@dataclass(frozen=True, slots=True)
class WeeklyChart:
    """The caption, the drawings, the description and the table of the same twelve weeks."""

    caption: str
    description: str
    unit: str
    drawings: tuple[WeeklyChartSvg, ...]
    rows: tuple[WeeklyRow, ...]


def weekly_chart(weeks: Sequence[Week], season: Sequence[ExplainedAlert], units: Units) -> WeeklyChart | None:
    """Draw the weeks, the current one last; None where there are none."""
    if not weeks:
        return None
    by_week = [_found_in(week, season) for week in weeks]
    return WeeklyChart(
        caption=_caption(weeks, units),
        description=_description(weeks, by_week, units),
        unit=units.abbreviation,
        drawings=tuple(draw(frame, weeks, by_week, units) for frame in (WIDE, NARROW)),
        rows=tuple(_row(week, found, units) for week, found in zip(weeks, by_week, strict=True)),
    )


def _found_in(week: Week, season: Sequence[ExplainedAlert]) -> list[ExplainedAlert]:
    found = [e for e in season if week.first_day <= e.alert.day < week.first_day + timedelta(days=7)]
    return sorted(found, key=lambda e: (-e.alert.level, e.alert.day))


def _caption(weeks: Sequence[Week], units: Units) -> str:
    week = weeks[-1]
    ran = words.distance(week.run_m, units)
    if week.usual_low_m is None or week.usual_high_m is None:
        return gettext(
            "{ran} so far this week; it takes a few more weeks to know what’s typical for you.", ran=ran
        )
    usual = words.distance_range(week.usual_low_m, week.usual_high_m, units)
    if all(one.ceiling_m is None for one in weeks):
        return gettext("{ran} so far this week.", ran=ran)
    if week.run_m > week.usual_high_m:
        return gettext("This week’s {ran} is above your usual {usual}.", ran=ran, usual=usual)
    if not week.run_m:
        return gettext("No run yet this week; your usual week has {usual}.", usual=usual)
    if week.run_m < week.usual_low_m:
        return gettext("{ran} so far this week; your usual week has {usual}.", ran=ran, usual=usual)
    return gettext("This week’s {ran} is within your usual {usual}.", ran=ran, usual=usual)


def _description(weeks: Sequence[Week], by_week: Sequence[Sequence[ExplainedAlert]], units: Units) -> str:
    first = words.plain_date(weeks[0].first_day, today=weeks[-1].first_day)
    alerts = sum(map(len, by_week))
    has_ceiling = any(week.ceiling_m is not None for week in weeks)
    ceiling = gettext("Step line: the limit for one run. ") if has_ceiling else ""
    return gettext(
        "Bars: distance run in each of {weeks} weeks, the first starting {first}, in "
        "{name}. Band: the usual range of the weeks before. {ceiling}Marks above the "
        "bars: {findings}.",
        weeks=len(weeks),
        first=first,
        name=gettext(units.name),
        ceiling=ceiling,
        findings=count(alerts, "finding") if alerts else gettext("no alert"),
    )


def _row(week: Week, found: Sequence[ExplainedAlert], units: Units) -> WeeklyRow:
    has_usual = week.usual_low_m is not None and week.usual_high_m is not None
    return WeeklyRow(
        week=words.plain_date(week.first_day),
        distance=words.distance(week.run_m, units),
        usual=words.distance_range(week.usual_low_m or 0, week.usual_high_m or 0, units)
        if has_usual
        else UNKNOWN,
        ceiling=UNKNOWN if week.ceiling_m is None else words.distance_within(week.ceiling_m, units),
        alerts="; ".join(named(explained) for explained in found) or gettext("none"),
    )
