"""The page for the physiotherapist: twelve weeks on paper, with what the runner chose to show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, Response, render_template, request

from alerts.journal.body_sites import body_site_text
from alerts.service.care_service import CareService
from alerts.service.physio_report import SECTIONS, PhysioPage, PhysioWeek, Section, SeenAlert, SpotPain
from alerts.text.i18n import current_language, gettext, gettext_noop, lower_first
from alerts.text.units import UNKNOWN, Units, distance, pace, plain_date, short_date
from alerts.views.overview import Overview
from web.charts.weekly_chart import weekly_chart
from web.http.formatting import STATES, capitalize_first, side_of
from web.http.ports import DashboardSource
from web.http.visitor import current_visitor
from web.pages.care.base import RunnerPages
from web.pages.care.shoes import shoe_row
from web.pages.physio.print_layout import read_sheet

LABELS: dict[Section, str] = {
    "load": gettext_noop("Load, week by week"),
    "pain": gettext_noop("Pain by place"),
    "notes": gettext_noop("Your own notes on pain"),
    "red_flags": gettext_noop("Red flags and who examined them"),
    "cadence": gettext_noop("Cadence"),
    "shoes": gettext_noop("Shoes"),
    "routines": gettext_noop("Routines done"),
    "alerts": gettext_noop("Alerts"),
}


def left_out() -> tuple[Section, ...]:
    """What was taken out, and what the runner hides from the account that looks; else everything is shown."""
    shown = set(request.args.getlist("show") if "chosen" in request.args else SECTIONS)
    return tuple(
        section for section in SECTIONS if section not in shown or section in current_visitor().hides
    )


def week_row(week: PhysioWeek, units: Units, *, with_alerts: bool) -> tuple[str, ...]:
    """One week as a row of numbers."""
    worst = max((level for _, level in week.alerts), default=None)
    found = f"{len(week.alerts)}, {lower_first(STATES[worst].word)}" if worst is not None else gettext("none")
    numbers = (
        plain_date(week.first_day),
        distance(week.run_m, units),
        distance(week.longest_m, units) if week.longest_m else UNKNOWN,
        str(week.run_days),
        UNKNOWN if week.hard_min is None else f"{week.hard_min:.0f}",
        f"{week.cross_min:.0f}",
    )
    return (*numbers, found) if with_alerts else numbers


def spot_row(spot: SpotPain) -> tuple[str, ...]:
    """One spot as a row: counts, scores, and the worst of each week, oldest first."""
    weekly = " ".join("·" if worst is None else str(worst) for worst in spot.weekly)
    return (
        capitalize_first(body_site_text(spot.place, spot.side)),
        str(spot.reports),
        str(spot.worst),
        f"{spot.middle:g}",
        f"{spot.last}, {short_date(spot.last_day)}",
        weekly,
    )


def alert_row(found: SeenAlert, title: str, units: Units) -> tuple[str, ...]:
    """One finding as a row: what was seen against what was usual."""
    return (
        short_date(found.day),
        STATES[found.level].word,
        title,
        side_of(found, found.observed, units),
        side_of(found, found.expected, units),
    )


def cadence_words(page: PhysioPage, units: Units) -> str:
    """The cadence of the last runs against its usual band."""
    band = page.cadence
    if band is None:
        return gettext("Too few steady runs to know what’s typical.")
    return gettext(
        (
            "Cadence {cadence_spm} at {pace} in the last runs; the usual range at that pace is "
            "{low_spm}–{high_spm} steps per minute."
        ),
        cadence_spm=f"{band.cadence_spm:.0f}",
        pace=pace(band.speed_mps, units),
        low_spm=f"{band.low_spm:.0f}",
        high_spm=f"{band.high_spm:.0f}",
    )


def titles(overview: Overview) -> dict[tuple[str, date], str]:
    """What the findings of the season are called."""
    return {(one.alert.kind, one.alert.day): one.story.title for one in overview.season}


@dataclass(frozen=True, slots=True)
class PhysioPages(RunnerPages):
    """The page, and the same as a file for paper."""

    source: DashboardSource

    def physio(self) -> str:
        """Show the season, but for what is left out."""
        now, without = self.clock(), left_out()
        page, overview = self.care_service.physio(now, leave_out=without), self.source.overview(now)
        called = titles(overview)
        # the chart marks findings, so it goes with them
        training_status, with_alerts = overview.training_status, "alerts" not in without
        return render_template(
            "physio.html",
            page=page,
            span=_span(page),
            labels={name: gettext(label) for name, label in LABELS.items()},
            without=without,
            chart=weekly_chart(training_status.weeks, overview.season, self.units)
            if training_status and with_alerts
            else None,
            weeks=[week_row(week, self.units, with_alerts=with_alerts) for week in page.weeks],
            spots=[spot_row(spot) for spot in page.pain],
            notes=[(short_date(day), note) for day, note in page.notes],
            flags=[(short_date(day), question) for day, question in page.red_flags],
            seen=[(short_date(one.day), one.by, one.note) for one in page.seen_to],
            cadence=cadence_words(page, self.units),
            pairs=[shoe_row(one, self.units) for one in page.shoes],
            routines=page.routines,
            routine_days=page.routine_days,
            alerts=[
                alert_row(one, called.get((one.kind, one.day), _by_kind(one.kind)), self.units)
                for one in page.alerts
            ],
        )

    def paper(self) -> Response:
        """Hand the page out as a file for paper."""
        # fpdf2 takes a second to load, which only who asks for paper waits for
        from web.pages.physio.pdf import write_paper  # noqa: PLC0415

        # made of the page itself: what it says, leaves out and keeps silent about is the same on paper
        written = write_paper(read_sheet(self.physio()), made_at=self.clock(), language=current_language())
        disposition = f'attachment; filename="hipwatch-{self.today.isoformat()}.pdf"'
        return Response(written, mimetype="application/pdf", headers={"Content-Disposition": disposition})


def _span(page: PhysioPage) -> str:
    first, last = short_date(page.first_day), short_date(page.last_day)
    return gettext("{first} to {last} {year}", first=first, last=last, year=page.last_day.year)


def _by_kind(kind: str) -> str:
    """The name of a finding that the season does not tell."""
    return capitalize_first(kind.replace("_", " "))


def physio_blueprint(
    source: DashboardSource, care_service: CareService, clock: Callable[[], datetime]
) -> Blueprint:
    """Answer the page, and the same as a file for paper."""
    blueprint, pages = Blueprint("physio", __name__), PhysioPages(care_service, clock, source)
    blueprint.get("/physio.pdf")(pages.paper)
    blueprint.get("/physio")(pages.physio)
    return blueprint
