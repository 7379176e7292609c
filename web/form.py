"""The form page: cadence at one pace with its normal band, contact balance, fade in long runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from flask import Blueprint, Response, render_template

from alerts import units as words
from alerts.pages.form_view import CadencePoint, Form, MatchedCadence, Measured
from alerts.pages.overview import Explained
from alerts.units import NBSP, UNKNOWN, number
from alerts.words.language import marked, say
from web.drawing import Label
from web.findings import Entry, entry
from web.plot import Axis, Dot, Plot, Scale, Stroke, Table, area_path, round_ticks, rounded_out
from web.present import STEPS
from web.source import DashboardSource
from web.timeline import Words, date_axis, ordinals, timeline
from web.zoom import WHOLE_WEEKS, answer, closer_form


@dataclass(frozen=True, slots=True)
class FormPage:
    """Everything that the form page says, in finished words."""

    sentence: str
    reason: str
    plots: tuple[tuple[Plot, str], ...]
    changes: tuple[Entry, ...]


def form_page(form: Form) -> FormPage:
    """Put form into words; each chart comes with what it does not show."""
    plots: list[tuple[Plot, str]] = []
    if form.cadence is not None:
        plots.append((_cadence_plot(form, form.cadence), CADENCE_NOTE))
    if form.balance:
        plots.append((_measured_plot(BALANCE, say("Left foot (%)"), form.balance, form), BALANCE_NOTE))
    if form.fade:
        plots.append((_measured_plot(FADE, say("Change of cadence (%)"), form.fade, form), FADE_NOTE))
    sentence, reason = _sentence(form)
    return FormPage(
        sentence, reason, tuple(plots), tuple(entry(e, form.today) for e in reversed(form.changes))
    )


CADENCE_NOTE = marked(
    "The band is what was usual for you in the two months before each run, at "
    "this pace, on this ground and with this watch. A step rate outside it "
    "mostly has a plain reason: shoes, a sensor, heat, hills."
)
BALANCE_NOTE = marked(
    "Few people are exactly even, and no study shows that being uneven leads to "
    "harm. What may be worth a thought is a change against your own usual."
)
FADE_NOTE = marked(
    "Cadence of the last third against the first at the same speed, in runs "
    "longer than an hour. It says that a run was long for the day; a link with "
    "injury is not shown."
)
BALANCE = Words(
    "balance",
    marked("Ground contact, left and right"),
    marked("The left foot has {value} of the contact, the middle of the last runs."),
    marked("Dots: the left foot’s share of ground contact in each run. Line: even."),
)
FADE = Words(
    "fade",
    marked("Fade in long runs"),
    marked("In your last long runs cadence changed by {value} from the first third to the last."),
    marked("Dots: change of cadence from the first to the last third of each long run. Line: none."),
)


def _sentence(form: Form) -> tuple[str, str]:
    if form.cadence is None:
        return (
            say("There are too few steady runs to say what is usual."),
            say("Runs of half an hour on flat ground at an even pace tell most; three are enough to begin."),
        )
    point, pace = form.cadence.points[-1], words.pace(form.cadence.speed_mps, form.units)
    reason = say(
        "Brought to {pace}, your usual pace of half a year, so that fast and slow days compare.", pace=pace
    )
    if form.changes:
        return say("Your step rate is {change}.", change=_change(form)), reason
    if point.low_spm is None or point.high_spm is None:
        return say(
            "{cadence_spm}\xa0{STEPS} at {pace}; what is usual is not known yet.",
            cadence_spm=f"{point.cadence_spm:.0f}",
            STEPS=STEPS,
            pace=pace,
        ), reason
    if point.cadence_spm < point.low_spm:
        return say("Your last step rate is below its usual band."), reason
    if point.cadence_spm > point.high_spm:
        return say("Your last step rate is above its usual band."), reason
    return say("Your last step rate is in its usual band."), reason


def _cadence_plot(form: Form, cadence: MatchedCadence) -> Plot:
    points = cadence.points
    known = [v for p in points for v in (p.cadence_spm, p.low_spm, p.high_spm) if v is not None]
    low, high = rounded_out(min(known), max(known), least=10)
    pace = words.pace(cadence.speed_mps, form.units)
    said = Words(
        "cadence",
        say("Step rate at one pace"),
        _cadence_caption(form, points[-1], pace),
        say(
            "Dots: step rate of each comparable run, brought to {pace}. Area: the band "
            "that was usual. Upright lines: days on which a change was found.",
            pace=pace,
        ),
    )
    x = ordinals([point.day for point in points])
    lows, highs = (
        np.array([np.nan if v is None else v for v in values])
        for values in ([p.low_spm for p in points], [p.high_spm for p in points])
    )

    def paint(scale: Scale) -> tuple[list[Stroke], list[Dot], list[Label]]:
        strokes = [Stroke("band", area_path(scale, x, lows, highs)), *_change_lines(scale, form.changes)]
        dots = [_cadence_dot(scale, point) for point in points]
        labels = [_change_label(scale, explained) for explained in form.changes[-1:]]
        if points[-1].low_spm is not None and points[-1].high_spm is not None:
            middle = scale.y((points[-1].low_spm + points[-1].high_spm) / 2) + 4
            labels.append(Label(scale.right + 6, middle, say("usual"), "usual"))
        return strokes, dots, labels

    up = Axis(
        say("Step rate ({STEPS}) at {pace}", STEPS=STEPS, pace=pace),
        low,
        high,
        tuple((v, f"{v:g}") for v in round_ticks(low, high)),
    )
    table = Table(
        say("The same runs as a table"),
        (say("Day"), say("Step rate"), say("Usual band")),
        tuple(
            (words.short_date(p.day, today=form.today), f"{p.cadence_spm:.0f}", _band(p))
            for p in reversed(points)
        ),
    )
    return timeline(said, up, date_axis(form.since, form.today), paint, table)


def _cadence_caption(form: Form, point: CadencePoint, pace: str) -> str:
    if form.changes:
        return say("Step rate at {pace}: {change}.", pace=pace, change=_change(form))
    return say(
        "Step rate at {pace}: {cadence_spm}\xa0{STEPS} in the last run, usual {band}.",
        pace=pace,
        cadence_spm=f"{point.cadence_spm:.0f}",
        STEPS=STEPS,
        band=_band(point),
    )


def _change(form: Form) -> str:
    """Say how far and since when: "3 % lower since 4 May"."""
    finding = form.changes[-1].finding
    side = "higher" if finding.is_rise else "lower"
    day = words.plain_date(_began(form.changes[-1]), today=form.today)
    return say("{percent} {side} since {day}", percent=words.percent(finding.ratio - 1), side=side, day=day)


def _cadence_dot(scale: Scale, point: CadencePoint) -> Dot:
    is_outside = point.low_spm is not None and not point.low_spm <= point.cadence_spm <= (point.high_spm or 0)
    return Dot(
        scale.x(point.day.toordinal()),
        scale.y(point.cadence_spm),
        "dot dot-outside" if is_outside else "dot",
        say(
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


def _change_lines(scale: Scale, changes: Sequence[Explained]) -> list[Stroke]:
    days = [_began(explained) for explained in changes]
    return [
        Stroke(
            "change",
            f"M{scale.x(day.toordinal()):g} {scale.frame.top}V{scale.base}",
        )
        for day in days
    ]


def _change_label(scale: Scale, explained: Explained) -> Label:
    day = _began(explained)
    x = scale.x(day.toordinal())
    is_right = x > scale.frame.width / 2
    return Label(
        x - 5 if is_right else x + 5,
        scale.frame.top + 10,
        words.plain_date(day),
        "left" if is_right else "right",
    )


def _began(explained: Explained) -> date:
    """The day before the first run of a change, where that is known."""
    return explained.finding.compared_day or explained.finding.day


def _measured_plot(said: Words, title: str, values: Sequence[Measured], form: Form) -> Plot:
    even = 50.0 if said is BALANCE else 0.0
    known = [one.value for one in values]
    low, high = rounded_out(min(*known, even), max(*known, even), least=2)
    up = Axis(title, low, high, tuple((v, f"{v:g}".replace("-", "−")) for v in round_ticks(low, high)))

    def paint(scale: Scale) -> tuple[list[Stroke], list[Dot], list[Label]]:
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
        called = say("even") if said is BALANCE else say("no change")
        return [line], dots, [Label(scale.right + 6, scale.y(even) + 4, called, "line")]

    middle = float(np.median(known[-3:]))
    titled = said.spoken(value=_percent(middle))
    rows = tuple((words.short_date(o.day, today=form.today), _percent(o.value)) for o in reversed(values))
    table = Table(say("The same runs as a table"), (say("Day"), title), rows)
    return timeline(titled, up, date_axis(form.since, form.today), paint, table)


def _percent(value: float) -> str:
    return f"{number(value, '.1f')}{NBSP}%".replace("-", "−")


def form_blueprint(source: DashboardSource, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the form page."""
    blueprint = Blueprint("form", __name__)

    @blueprint.get("/form")
    def page() -> str:
        return render_template("form.html", shown=form_page(source.almanac.form(clock())))

    @blueprint.get("/form/closer")
    def closer() -> Response:
        form = source.almanac.form(clock(), weeks=WHOLE_WEEKS)
        return answer(closer_form(form))

    return blueprint
