"""The first page: what to do today, why, and on what it rests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template

from alerts.care.pain.pain_scale import Verdict
from alerts.care.plan.routine_plan import RoutinePlan
from alerts.service.care_service import CareService
from alerts.text import units as words
from alerts.text.i18n import gettext
from alerts.text.units import NBSP, UNKNOWN
from alerts.views.overview import Overview, RecentRun, Remark
from web.charts.weekly_chart import weekly_chart
from web.http.formatting import (
    STEPS,
    capitalize_first,
    clock_time,
    duration,
    pace_or_speed,
    relative_day,
    sport_name,
)
from web.http.ports import DashboardSource
from web.pages.alerts.alert_page import AlertEntry, alert_entry
from web.pages.today.key_figures import key_figures
from web.pages.today.status import statuses
from web.pages.today.verdict import today_verdict

NO_PLAN = RoutinePlan()


@dataclass(frozen=True, slots=True)
class RunRow:
    """One activity in the list of the last ones."""

    activity_id: int
    day: str
    at: str
    started_at: str
    sport: str
    distance: str
    pace: str
    time: str
    heart_rate: str
    cadence: str
    remarks: tuple[Remark, ...]
    alerts: tuple[AlertEntry, ...]


def run_row(run: RecentRun, overview: Overview) -> RunRow:
    """Put an activity into its row; what was not recorded is a dash."""
    today = overview.today
    return RunRow(
        activity_id=run.activity_id,
        day=capitalize_first(relative_day(run.started_at.date(), today)),
        at=clock_time(run.started_at),
        started_at=run.started_at.isoformat(),
        sport=sport_name(run.sport),
        distance=UNKNOWN if run.distance_m is None else words.distance(run.distance_m, overview.units),
        pace=pace_or_speed(run.sport, run.distance_m, run.timer_s, overview.units),
        time=duration(run.timer_s),
        heart_rate=_rate(run.avg_heart_rate_bpm, "bpm"),
        cadence=_rate(run.avg_cadence_spm, STEPS),
        remarks=run.flags,
        alerts=tuple(alert_entry(explained, today) for explained in run.alerts),
    )


def _rate(value: float | None, unit: str) -> str:
    return UNKNOWN if value is None else f"{value:.0f}{NBSP}{unit}"


@dataclass(frozen=True, slots=True)
class RoutineLine:
    """The routine of these days in one line, and whether it is still to be done today."""

    id: str
    title: str
    details: tuple[str, ...]
    can_be_done: bool


def routine_line(plan: RoutinePlan) -> RoutineLine | None:
    """Pick the first of the plan that is counted by the week; None where there is none."""
    item = next((item for item in plan.items if item.goal), None)
    if item is None:
        return None
    minutes = (words.minutes(item.routine.minutes),) if item.routine.minutes else ()
    week = gettext("{done} of {goal} this week", done=item.done, goal=item.goal)
    state = (gettext("done today"),) if item.done_today else ()
    return RoutineLine(item.routine.id, item.routine.title, (*minutes, week, *state), not item.done_today)


def today_page(overview: Overview, plan: RoutinePlan = NO_PLAN) -> str:
    """Render the first page, or the page that shows how to begin."""
    said, training_status = today_verdict(overview), overview.training_status
    if said is None or training_status is None:
        return render_template(
            "first_run.html",
            runner_name=overview.runner_name,
            inbox=overview.files.inbox,
            statuses=statuses(overview),
        )
    return render_template(
        "today.html",
        runner_name=overview.runner_name,
        date=words.short_date(overview.today),
        verdict=said,
        has_ceiling=training_status.ceiling_m is not None,
        is_stopped=overview.pain.verdict is Verdict.STOP,
        figures=key_figures(overview, training_status),
        alerts=[alert_entry(explained, overview.today) for explained in overview.open_alerts],
        chart=weekly_chart(training_status.weeks, overview.season, overview.units),
        suppressed_alerts=overview.suppressed_alerts,
        runs=[run_row(run, overview) for run in overview.recent_runs],
        statuses=statuses(overview),
        routine=routine_line(plan),
    )


def today_blueprint(
    source: DashboardSource, clock: Callable[[], datetime], care_service: CareService | None = None
) -> Blueprint:
    """Answer the first page; ``care_service`` knows the routine of these days."""
    blueprint = Blueprint("today", __name__)

    @blueprint.get("/")
    def today() -> str:
        now = clock()
        return today_page(source.overview(now), care_service.routine_plan(now) if care_service else NO_PLAN)

    return blueprint
