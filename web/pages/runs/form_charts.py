"""The charts of form: step rate at one pace with its band; one number of each run against even or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from alerts.care.explained_alert import ExplainedAlert
from alerts.text import units as words
from alerts.text.i18n import gettext, gettext_noop
from alerts.text.units import NBSP, UNKNOWN, number
from alerts.views.form_view import CadencePoint, Form, MatchedCadence, Measured
from web.charts.date_axis import ChartTexts, date_axis, ordinals, timeline
from web.charts.svg_plot import (
    Axis,
    ChartLabel,
    ChartTable,
    Dot,
    Plot,
    Scale,
    Stroke,
    area_path,
    round_ticks,
    rounded_out,
)
from web.http.formatting import STEPS

BALANCE = ChartTexts(
    "balance",
    gettext_noop("Ground contact, left and right"),
    gettext_noop("The left foot has {value} of the ground contact, typical of the last runs."),
    gettext_noop("Dots: the left foot’s share of ground contact in each run. Line: even."),
)
FADE = ChartTexts(
    "fade",
    gettext_noop("Fade in long runs"),
    gettext_noop("In your last long runs cadence changed by {value} from the first third to the last."),
    gettext_noop("Dots: change of cadence from the first to the last third of each long run. Line: none."),
)


def cadence_plot(form: Form, cadence: MatchedCadence) -> Plot:
    """Draw the step rate at one pace with its usual band, and the days on which a change was found."""
    points = cadence.points
    known = [v for p in points for v in (p.cadence_spm, p.low_spm, p.high_spm) if v is not None]
    low, high = rounded_out(min(known), max(known), least=10)
    pace = words.pace(cadence.speed_mps, form.units)
    x = ordinals([point.day for point in points])
    lows, highs = (
        np.array([np.nan if v is None else v for v in values])
        for values in ([p.low_spm for p in points], [p.high_spm for p in points])
    )

    def paint(scale: Scale) -> tuple[list[Stroke], list[Dot], list[ChartLabel]]:
        strokes = [Stroke("band", area_path(scale, x, lows, highs)), *_change_lines(scale, form.changes)]
        dots = [_cadence_dot(scale, point) for point in points]
        labels = [_change_label(scale, explained) for explained in form.changes[-1:]]
        if points[-1].low_spm is not None and points[-1].high_spm is not None:
            middle = scale.y((points[-1].low_spm + points[-1].high_spm) / 2) + 4
            labels.append(ChartLabel(scale.right + 6, middle, gettext("usual"), "usual"))
        return strokes, dots, labels

    title = gettext("Cadence ({STEPS}) at {pace}", STEPS=STEPS, pace=pace)
    whole = (v for v in round_ticks(low, high) if v == round(v))  # nobody takes half a step
    up = Axis(title, low, high, tuple((v, f"{v:.0f}") for v in whole))
    across, table = date_axis(form.since, form.today), _cadence_table(points, form.today)
    return timeline(_cadence_words(form, points[-1], pace), up, across, paint, table)


def _cadence_words(form: Form, last: CadencePoint, pace: str) -> ChartTexts:
    return ChartTexts(
        "cadence",
        gettext("Cadence at one pace"),
        _cadence_caption(form, last, pace),
        gettext(
            "Dots: cadence of each comparable run, adjusted to {pace}. Area: the usual range. Vertical "
            "lines: days on which a change was found.",
            pace=pace,
        ),
    )


def _cadence_table(points: Sequence[CadencePoint], today: date) -> ChartTable:
    rows = (
        (words.short_date(p.day, today=today), f"{p.cadence_spm:.0f}", _band(p)) for p in reversed(points)
    )
    heads = (gettext("Day"), gettext("Cadence"), gettext("Usual range"))
    return ChartTable(gettext("The same runs as a table"), heads, tuple(rows))


def _cadence_caption(form: Form, point: CadencePoint, pace: str) -> str:
    if form.changes:
        return gettext("Cadence at {pace}: {change}.", pace=pace, change=change_words(form))
    return gettext(
        "Cadence at {pace}: {cadence_spm}\xa0{STEPS} in the last run, usual {band}.",
        pace=pace,
        cadence_spm=f"{point.cadence_spm:.0f}",
        STEPS=STEPS,
        band=_band(point),
    )


def _cadence_dot(scale: Scale, point: CadencePoint) -> Dot:
    is_outside = point.low_spm is not None and not point.low_spm <= point.cadence_spm <= (point.high_spm or 0)
    return Dot(
        scale.x(point.day.toordinal()),
        scale.y(point.cadence_spm),
        "dot dot-outside" if is_outside else "dot",
        gettext(
            "{day}: {cadence_spm} {STEPS}, usual {band}",
            day=words.plain_date(point.day),
            cadence_spm=f"{point.cadence_spm:.0f}",
            STEPS=STEPS,
            band=_band(point),
        ),
    )


def _band(point: CadencePoint) -> str:
    if point.low_spm is None or point.high_spm is None:
        return UNKNOWN
    return f"{point.low_spm:.0f}–{point.high_spm:.0f}"


def _change_lines(scale: Scale, changes: Sequence[ExplainedAlert]) -> list[Stroke]:
    days = [_began(explained) for explained in changes]
    return [
        Stroke(
            "change",
            f"M{scale.x(day.toordinal()):g} {scale.frame.top}V{scale.base}",
        )
        for day in days
    ]


def _change_label(scale: Scale, explained: ExplainedAlert) -> ChartLabel:
    day = _began(explained)
    x = scale.x(day.toordinal())
    is_right = x > scale.frame.width / 2
    return ChartLabel(
        x - 5 if is_right else x + 5,
        scale.frame.top + 10,
        words.plain_date(day),
        "left" if is_right else "right",
    )


def _began(explained: ExplainedAlert) -> date:
    """The day before the first run of a change, where that is known."""
    return explained.alert.compared_day or explained.alert.day


def change_words(form: Form) -> str:
    """Say how far the last change went and since when: "3 % lower since 4 May"."""
    alert = form.changes[-1].alert
    share = words.percent(alert.ratio - 1)
    day = words.plain_date(_began(form.changes[-1]), today=form.today)
    if alert.is_rise:
        return gettext("{share} higher since {day}", share=share, day=day)
    return gettext("{share} lower since {day}", share=share, day=day)


def measured_plot(said: ChartTexts, title: str, values: Sequence[Measured], form: Form) -> Plot:
    """Draw one number of each run against none or even."""
    even = 50.0 if said is BALANCE else 0.0
    known = [one.value for one in values]
    low, high = rounded_out(min(*known, even), max(*known, even), least=2)
    up = Axis(title, low, high, tuple((v, f"{v:g}".replace("-", "−")) for v in round_ticks(low, high)))

    def paint(scale: Scale) -> tuple[list[Stroke], list[Dot], list[ChartLabel]]:
        line = Stroke(
            "even",
            f"M{scale.left} {scale.y(even):g}H{scale.right}",
        )
        dots = [
            Dot(
                scale.x(one.day.toordinal()),
                scale.y(one.value),
                "dot",
                f"{words.plain_date(one.day)}: {_percent(one.value)}",
            )
            for one in values
        ]
        called = gettext("even") if said is BALANCE else gettext("no change")
        return [line], dots, [ChartLabel(scale.right + 6, scale.y(even) + 4, called, "line")]

    middle = float(np.median(known[-3:]))
    titled = said.translated(value=_percent(middle))
    rows = tuple((words.short_date(o.day, today=form.today), _percent(o.value)) for o in reversed(values))
    table = ChartTable(gettext("The same runs as a table"), (gettext("Day"), title), rows)
    return timeline(titled, up, date_axis(form.since, form.today), paint, table)


def _percent(value: float) -> str:
    return f"{number(value, '.1f')}{NBSP}%".replace("-", "−")
