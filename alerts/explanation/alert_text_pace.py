"""Texts of the alerts about hard minutes and cadence."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from alerts.alert.alert import Level
from alerts.explanation.group_text import AlertText, AlertTextContext
from alerts.text.i18n import gettext
from alerts.text.units import cadence, hard_minutes, minutes, pace, percent


def _describe_hard_minutes(context: AlertTextContext, study: str) -> AlertText:
    alert, day = context.alert, context.day
    lasting = gettext(" for two weeks") if alert.level >= Level.CAUTION else ""
    ceiling_min = context.number("ceiling_min")
    ceiling = (
        gettext("fewer of them")
        if ceiling_min is None
        else gettext("up to {ceiling_min}", ceiling_min=math.floor(ceiling_min))
    )
    is_span = context.number("span_days") is not None
    counting = (
        gettext(", and no run counts for more than your second hardest of six weeks") if is_span else ""
    )
    return AlertText(
        title=gettext("More hard running than usual"),
        sentence=_sentence_of_hard_minutes(context),
        act=context.while_it_lasts(
            gettext(
                "Replace your next hard session with easy running, and leave at least 48 "
                "hours between hard sessions{lasting}.",
                lasting=lasting,
            )
        ),
        study=study,
        quiet=gettext(
            "Hard minutes are those near or above your threshold heart rate or pace{counting}; "
            "{ceiling} wouldn’t have triggered this.",
            counting=counting,
            ceiling=ceiling,
        ),
        topic=gettext("this week’s running") if context.is_fresh else gettext("the week to {day}", day=day),
    )


def _sentence_of_hard_minutes(context: AlertTextContext) -> str:
    """Compare a span or a run with the maximum of the six weeks before."""
    alert, day = context.alert, context.day
    span_days, session_min = context.number("span_days"), context.number("session_min")
    opening, most, more = (
        gettext("Up to {day} you ran", day=day),
        gettext("the most of the six weeks before"),
        "",
    )
    if span_days is not None:
        opening = gettext("In the {span_days} days to {day} you ran", span_days=f"{span_days:.0f}", day=day)
        most = gettext("the hardest {span_days} days of the six weeks before", span_days=f"{span_days:.0f}")
        if session_min is not None:
            more = gettext("; one run alone held {minutes}", minutes=minutes(session_min))
    elif session_min is not None:
        opening = (
            gettext("{day}’s run held", day=day)
            if context.is_fresh
            else gettext("Your run of {day} held", day=day)
        )
        most = gettext("the hardest run of the six weeks before")
    hard = hard_minutes(alert.observed)
    if alert.expected <= 0:
        return gettext(
            "{opening} {hard}, after six weeks without any{more}.", opening=opening, hard=hard, more=more
        )
    return gettext(
        "{opening} {hard}, {against} {most} ({before}){more}.",
        opening=opening,
        hard=hard,
        against=context.against(),
        most=most,
        before=minutes(alert.expected),
        more=more,
    )


def _describe_cadence(context: AlertTextContext, study: str) -> AlertText:
    alert, day = context.alert, context.day
    change_percent, speed_mps = context.number("change_percent"), context.number("speed_mps")
    change = percent(context.ratio - 1 if change_percent is None else change_percent / 100)
    at_pace = gettext("the same pace") if speed_mps is None else pace(speed_mps, context.units)
    side = gettext("higher") if alert.is_rise else gettext("lower")
    compare = gettext("your next three easy runs on the flat")
    return AlertText(
        title=gettext("Cadence {side} at the same pace", side=side),
        sentence=gettext(
            "Your cadence at {at_pace} was {change} {side} in the runs up to {day} than in the two "
            "months before: {observed} instead of {cadence}.",
            at_pace=at_pace,
            change=change,
            side=side,
            day=day,
            observed=round(alert.observed),
            cadence=cadence(alert.expected),
        ),
        act=context.while_it_lasts(
            gettext("Compare {compare}; nothing else needs to change.", compare=compare)
            if alert.is_rise
            else gettext(
                "Look for a simple reason first: new shoes, another watch or sensor, hills, heat, "
                "tiredness, a niggle. Then compare {compare}.",
                compare=compare,
            )
        ),
        study=study,
        quiet=gettext(
            "This rule isn’t triggered while your cadence at one pace stays in its usual range; a "
            "single odd run doesn’t count."
        ),
        topic=gettext("your recent runs") if context.is_fresh else gettext("the runs up to {day}", day=day),
    )


PACE_DESCRIBERS: Mapping[str, Callable[[AlertTextContext, str], AlertText]] = {
    "hard_minutes_spike": _describe_hard_minutes,
    "cadence_shift": _describe_cadence,
}
