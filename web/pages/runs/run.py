"""The page of one activity: what it was, what it triggered, splits, charts and the line that it drew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, Response, abort, render_template

from alerts.text import units as words
from alerts.text.i18n import say
from alerts.text.units import NBSP, UNKNOWN
from alerts.views.overview import Remark
from alerts.views.run_view import RunView
from ingest.formats.recording import FOOT_SPORTS
from web.charts.chart_data import answer
from web.charts.route_outline import TrackPicture, draw_track
from web.charts.svg_plot import Plot, Table
from web.http.formatting import STEPS, capital, clock_time, duration, pace_or_speed, sport_name
from web.http.ports import DashboardSource
from web.pages.alerts.alert_page import Entry, entry
from web.pages.runs.run_charts import closer_run, run_plots
from web.pages.runs.splits import split_table


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
    findings: tuple[Entry, ...]
    remarks: tuple[Remark, ...]
    splits: Table | None
    plots: tuple[Plot, ...]
    track: TrackPicture | None
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
        findings=tuple(entry(explained, today) for explained in view.findings),
        remarks=view.remarks,
        splits=split_table(view),
        plots=plots,
        track=None if view.track is None else draw_track(view.track, units),
        files=tuple(
            FileRow(
                _last_name(s.name),
                capital(s.device) or say("device unknown"),
                say("counts") if s.counts else say("a copy"),
            )
            for s in view.sources
        ),
        trouble=view.trouble,
    )


def _sentence(view: RunView) -> str:
    took = duration(view.summary.timer_s)
    if view.summary.distance_m is None:
        return say("{took} in motion.", took=took)
    return say(
        "{distance} in {took}.", distance=words.distance(view.summary.distance_m, view.units), took=took
    )


def _reason(view: RunView) -> str:
    """Say what stands out, or that nothing does; a run that is held back is not called usual."""
    if view.findings:
        return view.findings[0].story.sentence
    summary = view.summary
    if not summary.is_run:
        return say("The rules look at runs only; this counts as other movement.")
    if not (summary.counts_distance and summary.counts_intensity and summary.counts_cadence):
        return say(
            "Something in it is in doubt, so it does not count for everything; the remarks say for what."
        )
    return say("No rule had anything to say about this run.")


def _facts(view: RunView) -> tuple[tuple[str, str], ...]:
    summary, units = view.summary, view.units
    told = (
        (
            say("Pace") if summary.sport in FOOT_SPORTS else say("Speed"),
            pace_or_speed(summary.sport, summary.distance_m, summary.timer_s, units),
        ),
        (say("Heart rate"), _heart_rate(view)),
        (say("Step rate"), _rate(summary.avg_cadence_spm, STEPS)),
        (say("Climbed"), UNKNOWN if summary.ascent_m is None else words.height(summary.ascent_m, units)),
        (say("Time from start to end"), duration(summary.elapsed_s)),
    )
    return tuple((name, value) for name, value in told if value != UNKNOWN)


def _heart_rate(view: RunView) -> str:
    mean, most = view.summary.avg_heart_rate_bpm, view.summary.max_heart_rate_bpm
    if mean is None:
        return UNKNOWN
    return f"{mean:.0f}{NBSP}bpm" + ("" if most is None else say(", at most {most}", most=f"{most:.0f}"))


def _rate(value: float | None, unit: str) -> str:
    return UNKNOWN if value is None else f"{value:.0f}{NBSP}{unit}"


def _last_name(name: str) -> str:
    """Show a file by its own name; where it lay is nobody's business."""
    archive, _, member = name.partition("!")
    inner, outer = (path.replace("\\", "/").rsplit("/", 1)[-1] for path in (member, archive))
    return say("{inner} in {outer}", inner=inner, outer=outer) if inner else outer


def run_blueprint(source: DashboardSource, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the page of one activity."""
    blueprint = Blueprint("runs", __name__)

    @blueprint.get("/runs/<int:activity_id>")
    def one(activity_id: int) -> str:
        view = source.almanac.run(activity_id, clock())
        if view is None:
            abort(404)
        today = clock().astimezone(view.started_at.tzinfo).date()
        shown = run_page(view, today)
        return render_template("run.html", shown=shown)

    @blueprint.get("/runs/<int:activity_id>/closer")
    def closer(activity_id: int) -> Response:
        view = source.almanac.run(activity_id, clock())
        if view is None:
            abort(404)
        return answer(closer_run(view))

    return blueprint
