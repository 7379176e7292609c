"""The form page: cadence at one pace with its normal band, contact balance, fade in long runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, render_template

from alerts.text import units as words
from alerts.text.i18n import gettext, gettext_noop
from alerts.views.form_view import Form
from web.charts.chart_data import WHOLE_WEEKS, chart_data_response, form_chart_data
from web.charts.svg_plot import Plot
from web.http.formatting import STEPS
from web.http.ports import DashboardSource
from web.pages.alerts.alert_page import AlertEntry, alert_entry
from web.pages.runs.form_charts import BALANCE, FADE, cadence_plot, change_words, measured_plot


@dataclass(frozen=True, slots=True)
class FormPage:
    """Everything that the form page says, in finished words."""

    sentence: str
    reason: str
    plots: tuple[tuple[Plot, str], ...]
    changes: tuple[AlertEntry, ...]


def form_page(form: Form) -> FormPage:
    """Put form into words; each chart comes with what it does not show."""
    plots: list[tuple[Plot, str]] = []
    if form.cadence is not None:
        plots.append((cadence_plot(form, form.cadence), CADENCE_NOTE))
    if form.balance:
        plots.append((measured_plot(BALANCE, gettext("Left foot (%)"), form.balance, form), BALANCE_NOTE))
    if form.fade:
        plots.append((measured_plot(FADE, gettext("Change of cadence (%)"), form.fade, form), FADE_NOTE))
    sentence, reason = _sentence(form)
    return FormPage(
        sentence, reason, tuple(plots), tuple(alert_entry(e, form.today) for e in reversed(form.changes))
    )


CADENCE_NOTE = gettext_noop(
    "The band is what was usual for you in the two months before each run, at this pace, on this "
    "surface and with this watch. A cadence outside it usually has a simple reason: shoes, a sensor, "
    "heat, hills."
)
BALANCE_NOTE = gettext_noop(
    "Few people are exactly even, and no study shows that being uneven leads to harm. What may be worth"
    " a thought is a change from your own usual balance."
)
FADE_NOTE = gettext_noop(
    "Cadence of the last third compared with the first at the same speed, in runs longer than an hour. "
    "It shows that a run was long for that day; a link with injury hasn’t been shown."
)


def _sentence(form: Form) -> tuple[str, str]:
    if form.cadence is None:
        return (
            gettext("There are too few steady runs to know what’s typical."),
            gettext(
                "Half-hour runs on flat ground at an even pace tell the most; three are enough to begin."
            ),
        )
    point, pace = form.cadence.points[-1], words.pace(form.cadence.speed_mps, form.units)
    reason = gettext(
        "Adjusted to your usual pace of the last half-year ({pace}), so that fast and slow runs are "
        "comparable.",
        pace=pace,
    )
    if form.changes:
        return gettext("Your cadence is {change}.", change=change_words(form)), reason
    if point.low_spm is None or point.high_spm is None:
        return gettext(
            "{cadence_spm}\xa0{STEPS} at {pace}; what’s usual isn’t known yet.",
            cadence_spm=f"{point.cadence_spm:.0f}",
            STEPS=STEPS,
            pace=pace,
        ), reason
    if point.cadence_spm < point.low_spm:
        return gettext("Your last cadence is below its usual range."), reason
    if point.cadence_spm > point.high_spm:
        return gettext("Your last cadence is above its usual range."), reason
    return gettext("Your last cadence is in its usual range."), reason


def form_blueprint(source: DashboardSource, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the form page."""
    blueprint = Blueprint("form", __name__)

    @blueprint.get("/form")
    def page() -> str:
        return render_template("form.html", shown=form_page(source.history_views.form(clock())))

    @blueprint.get("/form/closer")
    def closer() -> Response:
        form = source.history_views.form(clock(), weeks=WHOLE_WEEKS)
        return chart_data_response(form_chart_data(form))

    return blueprint
