"""Findings about how fast and with how many steps, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from alerts.alert.alert import Level
from alerts.explanation.group_text import Story, Tale
from alerts.text.i18n import say
from alerts.text.units import cadence, hard_minutes, minutes, pace, percent


def _tell_hard_minutes(tale: Tale, study: str) -> Story:
    finding, day = tale.finding, tale.day
    lasting = say(" for two weeks") if finding.level >= Level.CAUTION else ""
    ceiling_min = tale.number("ceiling_min")
    ceiling = (
        say("fewer of them")
        if ceiling_min is None
        else say("up to {ceiling_min}", ceiling_min=math.floor(ceiling_min))
    )
    is_span = tale.number("span_days") is not None
    counting = say(", and no run counts for more than your second hardest of six weeks") if is_span else ""
    return Story(
        title=say("More hard running than usual"),
        sentence=_sentence_of_hard_minutes(tale),
        act=tale.while_it_lasts(
            say(
                "Replace your next hard session with easy running, and leave at least 48 "
                "hours between hard sessions{lasting}.",
                lasting=lasting,
            )
        ),
        study=study,
        quiet=say(
            "Hard minutes are those near or above your threshold{counting}; {ceiling} "
            "would have kept this rule quiet.",
            counting=counting,
            ceiling=ceiling,
        ),
        topic=say("this week’s running") if tale.is_fresh else say("the week to {day}", day=day),
    )


def _sentence_of_hard_minutes(tale: Tale) -> str:
    """A span of days or a run against the most of six weeks; a span with such a run in it says so."""
    finding, day = tale.finding, tale.day
    span_days, session_min = tale.number("span_days"), tale.number("session_min")
    opening, most, more = say("Up to {day} you ran", day=day), say("the most of the six weeks before"), ""
    if span_days is not None:
        opening = say("In the {span_days} days to {day} you ran", span_days=f"{span_days:.0f}", day=day)
        most = say("the hardest {span_days} days of the six weeks before", span_days=f"{span_days:.0f}")
        if session_min is not None:
            more = say("; one run alone held {minutes}", minutes=minutes(session_min))
    elif session_min is not None:
        opening = (
            say("{day}’s run held", day=day) if tale.is_fresh else say("Your run of {day} held", day=day)
        )
        most = say("the hardest run of the six weeks before")
    hard = hard_minutes(finding.observed)
    if finding.expected <= 0:
        return say(
            "{opening} {hard}, after six weeks without any{more}.", opening=opening, hard=hard, more=more
        )
    return say(
        "{opening} {hard}, {against} {most} ({before}){more}.",
        opening=opening,
        hard=hard,
        against=tale.against(),
        most=most,
        before=minutes(finding.expected),
        more=more,
    )


def _tell_cadence(tale: Tale, study: str) -> Story:
    finding, day = tale.finding, tale.day
    change_percent, speed_mps = tale.number("change_percent"), tale.number("speed_mps")
    change = percent(tale.ratio - 1 if change_percent is None else change_percent / 100)
    at_pace = say("the same pace") if speed_mps is None else pace(speed_mps, tale.units)
    side = say("higher") if finding.is_rise else say("lower")
    compare = say("your next three easy runs on the flat")
    return Story(
        title=say("Step rate {side} at the same pace", side=side),
        sentence=say(
            "Your step rate at {at_pace} was {change} {side} in the runs up to {day} "
            "than in the two months before: {observed} instead of {cadence}.",
            at_pace=at_pace,
            change=change,
            side=side,
            day=day,
            observed=round(finding.observed),
            cadence=cadence(finding.expected),
        ),
        act=tale.while_it_lasts(
            say("Compare {compare}; nothing else needs to change.", compare=compare)
            if finding.is_rise
            else say(
                "Look for a plain reason first: new shoes, another watch or sensor, hills, "
                "heat, tiredness, a niggle. Then compare {compare}.",
                compare=compare,
            )
        ),
        study=study,
        quiet=say(
            "This rule stays quiet while your step rate at one pace stays in its usual "
            "band; a single odd run does not count."
        ),
        topic=say("your recent runs") if tale.is_fresh else say("the runs up to {day}", day=day),
    )


PACE_TELLERS: Mapping[str, Callable[[Tale, str], Story]] = {
    "hard_minutes_spike": _tell_hard_minutes,
    "cadence_shift": _tell_cadence,
}
