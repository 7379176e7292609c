"""Twelve weeks in words: the chart's caption, its description and the table with the same data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from alerts.care.explained_alert import Explained
from alerts.evaluation.training_status import Week
from alerts.text import units as words
from alerts.text.i18n import say
from alerts.text.units import UNKNOWN, Units
from web.charts.weekly_chart_svg import NARROW, WIDE, Drawing, draw
from web.http.formatting import count, named


@dataclass(frozen=True, slots=True)
class Row:
    """One week in the table that holds the same data."""

    week: str
    distance: str
    usual: str
    ceiling: str
    findings: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The caption, the drawings, the description and the table of the same twelve weeks."""

    caption: str
    description: str
    unit: str
    drawings: tuple[Drawing, ...]
    rows: tuple[Row, ...]


def weekly_chart(weeks: Sequence[Week], season: Sequence[Explained], units: Units) -> Chart | None:
    """Draw the weeks, the current one last; None where there are none."""
    if not weeks:
        return None
    by_week = [_found_in(week, season) for week in weeks]
    return Chart(
        caption=_caption(weeks, units),
        description=_description(weeks, by_week, units),
        unit=units.abbreviation,
        drawings=tuple(draw(frame, weeks, by_week, units) for frame in (WIDE, NARROW)),
        rows=tuple(_row(week, found, units) for week, found in zip(weeks, by_week, strict=True)),
    )


def _found_in(week: Week, season: Sequence[Explained]) -> list[Explained]:
    found = [e for e in season if week.first_day <= e.finding.day < week.first_day + timedelta(days=7)]
    return sorted(found, key=lambda e: (-e.finding.level, e.finding.day))


def _caption(weeks: Sequence[Week], units: Units) -> str:
    week = weeks[-1]
    ran = words.distance(week.run_m, units)
    if week.usual_low_m is None or week.usual_high_m is None:
        return say("{ran} so far this week; there are too few weeks yet to say what is usual.", ran=ran)
    usual = words.distance_range(week.usual_low_m, week.usual_high_m, units)
    if all(one.ceiling_m is None for one in weeks):
        return say("{ran} so far this week.", ran=ran)
    if week.run_m > week.usual_high_m:
        return say("This week’s {ran} is above your usual {usual}.", ran=ran, usual=usual)
    if not week.run_m:
        return say("No run yet this week; your usual week has {usual}.", usual=usual)
    if week.run_m < week.usual_low_m:
        return say("{ran} so far this week; your usual week has {usual}.", ran=ran, usual=usual)
    return say("This week’s {ran} is within your usual {usual}.", ran=ran, usual=usual)


def _description(weeks: Sequence[Week], by_week: Sequence[Sequence[Explained]], units: Units) -> str:
    first = words.plain_date(weeks[0].first_day, today=weeks[-1].first_day)
    findings = sum(map(len, by_week))
    has_ceiling = any(week.ceiling_m is not None for week in weeks)
    ceiling = say("Step line: the ceiling for one run. ") if has_ceiling else ""
    return say(
        "Bars: distance run in each of {weeks} weeks, the first starting {first}, in "
        "{name}. Band: the usual range of the weeks before. {ceiling}Marks above the "
        "bars: {findings}.",
        weeks=len(weeks),
        first=first,
        name=say(units.name),
        ceiling=ceiling,
        findings=count(findings, "finding") if findings else say("no finding"),
    )


def _row(week: Week, found: Sequence[Explained], units: Units) -> Row:
    has_usual = week.usual_low_m is not None and week.usual_high_m is not None
    return Row(
        week=words.plain_date(week.first_day),
        distance=words.distance(week.run_m, units),
        usual=words.distance_range(week.usual_low_m or 0, week.usual_high_m or 0, units)
        if has_usual
        else UNKNOWN,
        ceiling=UNKNOWN if week.ceiling_m is None else words.distance_within(week.ceiling_m, units),
        findings="; ".join(named(explained) for explained in found) or say("none"),
    )
