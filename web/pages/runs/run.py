"""The page of one activity: what it was, what it triggered, splits, charts and the line that it drew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, Response, abort, render_template

from alerts.text import units as words
from alerts.text.i18n import gettext
from alerts.text.units import NBSP, UNKNOWN
from alerts.views.overview import Remark
from alerts.views.run_view import RunView
from ingest.formats.recording import FOOT_SPORTS
from web.charts.chart_data import chart_data_response
from web.charts.route_outline import RouteOutline, draw_route
from web.charts.svg_plot import ChartTable, Plot
from web.http.formatting import STEPS, capitalize_first, clock_time, duration, pace_or_speed, sport_name
from web.http.ports import DashboardSource
from web.pages.alerts.alert_page import AlertEntry, alert_entry
from web.pages.runs.run_charts import run_chart_data, run_plots
from web.pages.runs.splits import splits_table


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file that brought the activity."""

    name: str
    device: str
    role: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """Everything that the page of one activity says, in finished words."""

    activity_id: int
    kicker: str
    sentence: str
    reason: str
    facts: tuple[tuple[str, str], ...]
    alerts: tuple[AlertEntry, ...]
    remarks: tuple[Remark, ...]
    splits: ChartTable | None
    plots: tuple[Plot, ...]
    track: RouteOutline | None
    files: tuple[FileRow, ...]
    trouble: str


def run_page(view: RunView, today: date) -> RunPage:
    """Put an activity into words."""
    units, sport = view.units, sport_name(view.summary.sport)
    day = words.short_date(view.started_at.date(), today=today)
    plots = run_plots(view)
    return RunPage(
        activity_id=view.activity_id,
        kicker=f"{sport} · {day}, {clock_time(view.started_at)}",
        sentence=_sentence(view),
        reason=_reason(view),
        facts=_facts(view),
        alerts=tuple(alert_entry(explained, today) for explained in view.alerts),
        remarks=view.remarks,
        splits=splits_table(view),
        plots=plots,
        track=None if view.track is None else draw_route(view.track, units),
        files=tuple(
            FileRow(
                _last_name(s.name),
                capitalize_first(s.device) or gettext("device unknown"),
                gettext("used") if s.counts else gettext("duplicate"),
            )
            for s in view.sources
        ),
        trouble=view.trouble,
    )


def _sentence(view: RunView) -> str:
    took = duration(view.summary.timer_s)
    if view.summary.distance_m is None:
        return gettext("{took} moving.", took=took)
    return gettext(
        "{distance} in {took}.", distance=words.distance(view.summary.distance_m, view.units), took=took
    )


def _reason(view: RunView) -> str:
    """Say what stands out, or that nothing does; a run that is held back is not called usual."""
    if view.alerts:
        return view.alerts[0].alert_text.sentence
    summary = view.summary
    if not summary.is_run:
        return gettext("The rules look at runs only; this counts as other activity.")
    if not (summary.counts_distance and summary.counts_intensity and summary.counts_cadence):
        return gettext("Part of its data is in doubt, so it doesn’t count for everything; see the remarks.")
    return gettext("This run triggered no alert.")


def _facts(view: RunView) -> tuple[tuple[str, str], ...]:
    summary, units = view.summary, view.units
    told = (
        (
            gettext("Pace") if summary.sport in FOOT_SPORTS else gettext("Speed"),
            pace_or_speed(summary.sport, summary.distance_m, summary.timer_s, units),
        ),
        (gettext("Heart rate"), _heart_rate(view)),
        (gettext("Cadence"), _rate(summary.avg_cadence_spm, STEPS)),
        (gettext("Climbed"), UNKNOWN if summary.ascent_m is None else words.height(summary.ascent_m, units)),
        (gettext("Time from start to end"), duration(summary.elapsed_s)),
    )
    return tuple((name, value) for name, value in told if value != UNKNOWN)


def _heart_rate(view: RunView) -> str:
    mean, most = view.summary.avg_heart_rate_bpm, view.summary.max_heart_rate_bpm
    if mean is None:
        return UNKNOWN
    return f"{mean:.0f}{NBSP}bpm" + ("" if most is None else gettext(", at most {most}", most=f"{most:.0f}"))


def _rate(value: float | None, unit: str) -> str:
    return UNKNOWN if value is None else f"{value:.0f}{NBSP}{unit}"


def _last_name(name: str) -> str:
    """Show a file by its own name; where it lay is nobody's business."""
    archive, _, member = name.partition("!")
    inner, outer = (path.replace("\\", "/").rsplit("/", 1)[-1] for path in (member, archive))
    return gettext("{inner} in {outer}", inner=inner, outer=outer) if inner else outer


def run_blueprint(source: DashboardSource, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the page of one activity."""
    blueprint = Blueprint("runs", __name__)

    @blueprint.get("/runs/<int:activity_id>")
    def one(activity_id: int) -> str:
        view = source.history_views.run(activity_id, clock())
        if view is None:
            abort(404)
        today = clock().astimezone(view.started_at.tzinfo).date()
        shown = run_page(view, today)
        return render_template("run.html", shown=shown)

    @blueprint.get("/runs/<int:activity_id>/closer")
    def closer(activity_id: int) -> Response:
        view = source.history_views.run(activity_id, clock())
        if view is None:
            abort(404)
        return chart_data_response(run_chart_data(view))

    return blueprint
