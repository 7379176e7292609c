"""The page for the physiotherapist: twelve weeks on paper, with what the runner chose to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, Response, render_template, request

from alerts.journal.body_sites import body_site_text
from alerts.service.care_service import CareService
from alerts.service.physio_report import SECTIONS, PhysioPage, PhysioWeek, Section, SeenAlert, SpotPain
from alerts.text.i18n import current_language, gettext, gettext_noop, lower_first, ngettext
from alerts.text.units import UNKNOWN, Units, distance, pace, plain_date, short_date
from alerts.views.overview import Overview
from web.charts.weekly_chart import weekly_chart
from web.http.formatting import STATES, capitalize_first, side_of
from web.http.navigation import visible_red_flag_lock
from web.http.ports import DashboardSource
from web.http.visitor import current_visitor
from web.pages.care.base import RunnerPages
from web.pages.care.shoes import shoe_row
from web.pages.physio.print_layout import physio_blocks
from web.pages.physio.report_sections import PhysioReport, ReportItem, ReportSection, ReportTable

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
        "Cadence {cadence_spm} at {pace} in the last runs; the usual range at that pace is "
        "{low_spm}–{high_spm} steps per minute.",
        cadence_spm=f"{band.cadence_spm:.0f}",
        pace=pace(band.speed_mps, units),
        low_spm=f"{band.low_spm:.0f}",
        high_spm=f"{band.high_spm:.0f}",
    )


def titles(overview: Overview) -> dict[tuple[str, date], str]:
    """What the findings of the season are called."""
    return {(one.alert.kind, one.alert.day): one.alert_text.title for one in overview.season}


def report_of(page: PhysioPage, overview: Overview, without: Sequence[Section], units: Units) -> PhysioReport:
    """The report without the sections that are left out; ``page`` has passed the advice gate."""
    sections: dict[Section, Callable[[], ReportSection | None]] = {
        "load": lambda: _load(page, overview, units, with_alerts="alerts" not in without),
        "pain": lambda: _pain(page),
        "red_flags": lambda: _red_flags(page),
        "notes": lambda: _notes(page),
        "cadence": lambda: ReportSection("cadence", gettext("Cadence"), sentence=cadence_words(page, units)),
        "alerts": lambda: _alerts(page, overview, units),
        "shoes": lambda: _shoes(page, units),
        "routines": lambda: _routines(page, names_flags="red_flags" not in without),
    }
    built = [build() for name, build in sections.items() if name not in without]
    return PhysioReport(
        title=gettext("Twelve weeks: {runner_name}", runner_name=page.runner_name)
        if page.runner_name
        else gettext("Twelve weeks"),
        intro=gettext(
            "{span}. Numbers from the watch and the runner’s own diary; no map and no advice.",
            span=_span(page),
        ),
        sections=tuple(section for section in built if section is not None),
    )


def _load(page: PhysioPage, overview: Overview, units: Units, *, with_alerts: bool) -> ReportSection:
    status = overview.training_status
    heads = (
        gettext("Week starting"),
        gettext("Run"),
        gettext("Longest run"),
        gettext("Days with a run"),
        gettext("Hard min"),
        gettext("Other sport min"),
    )
    return ReportSection(
        "load",
        gettext("Load"),
        # the chart marks alerts, so it goes with them
        chart=weekly_chart(status.weeks, overview.season, units) if status and with_alerts else None,
        table=ReportTable(
            gettext("Load by week"),
            (*heads, gettext("Alerts")) if with_alerts else heads,
            tuple(week_row(week, units, with_alerts=with_alerts) for week in page.weeks),
        ),
    )


def _pain(page: PhysioPage) -> ReportSection:
    heading = gettext("Pain by place, 0–10")
    if not page.pain:
        return ReportSection("pain", heading, sentence=gettext("No pain was reported in these weeks."))
    heads = (
        gettext("Place"),
        gettext("Reports"),
        gettext("Worst"),
        gettext("Typical"),
        gettext("Last"),
        gettext("Worst of each week, oldest first"),
    )
    rows = tuple(spot_row(spot) for spot in page.pain)
    return ReportSection("pain", heading, table=ReportTable(gettext("Pain by place"), heads, rows))


def _red_flags(page: PhysioPage) -> ReportSection:
    answered = [
        gettext("{day}: {question} Yes.", day=short_date(day), question=question)
        for day, question in page.red_flags
    ]
    seen = [
        f"{gettext('{day}: seen by {by}.', day=short_date(one.day), by=one.by)} {one.note}".rstrip()
        for one in page.seen_to
    ]
    items = tuple(ReportItem(text) for text in (*answered, *seen))
    return ReportSection(
        "flags",
        gettext("Red flags"),
        items=items,
        sentence="" if items else gettext("None answered with yes."),
    )


def _notes(page: PhysioPage) -> ReportSection | None:
    items = tuple(ReportItem(f"{short_date(day)}:", note) for day, note in page.notes)
    return ReportSection("notes", gettext("In the runner’s words"), items=items) if items else None


def _alerts(page: PhysioPage, overview: Overview, units: Units) -> ReportSection:
    heading, called = gettext("Alerts"), titles(overview)
    if not page.alerts:
        return ReportSection("alerts", heading, sentence=gettext("None in these weeks."))
    heads = (
        gettext("Day"),
        gettext("Level"),
        gettext("What"),
        gettext("Observed"),
        gettext("Compared with"),
    )
    rows = tuple(
        alert_row(one, called.get((one.kind, one.day), _by_kind(one.kind)), units) for one in page.alerts
    )
    return ReportSection("alerts", heading, table=ReportTable(heading, heads, rows))


def _shoes(page: PhysioPage, units: Units) -> ReportSection:
    pairs = [shoe_row(one, units) for one in page.shoes]
    return ReportSection(
        "shoes",
        gettext("Shoes"),
        items=tuple(ReportItem(f"{one.name}: {one.distance}. {one.detail}") for one in pairs),
        sentence="" if pairs else gettext("None logged."),
    )


def _routines(page: PhysioPage, *, names_flags: bool) -> ReportSection:
    """Routines with the days; while a red flag is open, their number alone."""
    heading, days = gettext("Routines done"), page.routine_days
    if page.routines:
        items = tuple(
            ReportItem(f"{title}: {ngettext('one day', '{n} days', times)}") for title, times in page.routines
        )
        return ReportSection("routines", heading, items=items)
    if not days:
        sentence = gettext("None were logged.")
    elif names_flags:
        sentence = ngettext(
            "Done on {n} day. Their names are shown again after you’ve been examined.",
            "Done on {n} days. Their names are shown again after you’ve been examined.",
            days,
        )
    else:
        sentence = capitalize_first(ngettext("one day", "{n} days", days))
    return ReportSection("routines", heading, sentence=sentence)


@dataclass(frozen=True, slots=True)
class PhysioPages(RunnerPages):
    """The report as a page and as a PDF."""

    source: DashboardSource

    def physio(self) -> str:
        """Show the report without what is left out."""
        without = left_out()
        return render_template(
            "physio.html",
            report=self._report(without),
            labels={name: gettext(label) for name, label in LABELS.items()},
            without=without,
        )

    def paper(self) -> Response:
        """Send the report as a PDF."""
        # fpdf2 takes a second to load, which only who asks for a PDF waits for
        from web.pages.physio.pdf import write_pdf  # noqa: PLC0415

        blocks = physio_blocks(self._report(left_out()), visible_red_flag_lock(self.care_service))
        written = write_pdf(blocks, made_at=self.clock(), language=current_language())
        disposition = f'attachment; filename="hipwatch-{self.today.isoformat()}.pdf"'
        return Response(written, mimetype="application/pdf", headers={"Content-Disposition": disposition})

    def _report(self, without: Sequence[Section]) -> PhysioReport:
        now = self.clock()
        page = self.care_service.physio(now, leave_out=without)
        return report_of(page, self.source.overview(now), without, self.units)


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
