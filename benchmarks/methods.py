"""What is held against made-up runners: the rules as people get them, and what was tried beside them."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import cast

from alternatives import (
    EwmaChart,
    LikeliestShift,
    OneCeiling,
    PooledHardWeek,
    PooledLogVolume,
    ThreeCeilings,
    WeeklyOdds,
)
from scoring import Rule

from alerts.alert.alert import Alert, Detector, Level
from alerts.detectors.registry import REGISTRY, detect
from alerts.notifications.policy.mail_policy import MailPolicy
from alerts.notifications.policy.sync_gap import GIVEN_UP_DAYS, find_sync_gap
from config.settings.load import parse_settings
from ingest.training_days.table import TrainingDays

SYNC_GAP = "sync_gap"
WITHIN_ERROR = "single_run_spike, within the error of distances"

CURVE_EVENTS = {
    "two_week_ramp": "volume × 1.5",
    "hard_minutes_spike": "one more hard session a week",
    "cadence_shift": "cadence off by 3 %",
}
ONE_WEEK, AVERAGE = "one week, every minute counts (specification)", "moving average (specification)"
ONE_BLOCK = "14 days above the maximum of 14 (specification)"
OTHERS = {
    "two_week_ramp": (ONE_BLOCK, 1.1),
    "hard_minutes_spike": (ONE_WEEK, 15.0),
    "cadence_shift": (AVERAGE, 3.0),
}
"""What is told beside the shipped rule: the specification's own method."""

Method = Callable[[float], Rule]


@functools.cache
def shipped() -> dict[str, Detector]:
    """The rules as people get them."""
    tables = parse_settings({}, origin="defaults").detectors
    return {kind: REGISTRY[kind](**table) for kind, table in tables.items()}


@functools.cache
def mail_policy() -> MailPolicy:
    """What is worth a letter, as people get it."""
    mail = parse_settings({}, origin="defaults").mail
    at_once = Level.INFO if mail.digest == "off" else Level[mail.at_once_level.upper()]
    return MailPolicy(
        Level[mail.min_level.upper()], mail.max_age_days, mail.pause_days, at_once, mail.notes_pause_days
    )


def rules_by_kind() -> Mapping[str, Rule]:
    """What is told of each kind, with that which several rules say together.

    Of a single run what its error explains is for information and counted by itself. The sync gap is no
    rule: it is the one question asked when no file comes.
    """
    rules = shipped()
    spike, rest = rules["single_run_spike"], rules["no_rest"]
    return {
        **cast("Mapping[str, Rule]", rules),
        "single_run_spike": lambda days: [f for f in spike(days) if f.level > Level.INFO],
        WITHIN_ERROR: lambda days: [f for f in spike(days) if f.level == Level.INFO],
        "no_rest": lambda days: [f for f in detect(days, [spike, rest]) if f.kind == "no_rest"],
        SYNC_GAP: sync_gaps,
    }


def sync_gaps(days: TrainingDays) -> list[Alert]:
    """The days on which the runner is asked why no file comes; the last of them may come after all runs."""
    active = days.runs.day.tolist()
    last_day = days.day[-1].astype(date) + timedelta(days=1)
    return [
        Alert(SYNC_GAP, asked, Level.INFO, 1.0, 1.0, "days")
        for at, (last, following) in enumerate(pairwise([*active, last_day]))
        if (asked := _asked_on(active[: at + 1], following - last)) is not None
    ]


def _asked_on(active: Sequence[date], gap: timedelta) -> date | None:
    days = (active[-1] + timedelta(days=n) for n in range(1, min(gap.days, GIVEN_UP_DAYS + 1)))
    return next((day for day in days if find_sync_gap(active, day)), None) if gap.days > 1 else None


@functools.cache
def curve_rules() -> dict[str, Detector]:
    """The rules that curves are drawn of; a ramp counts once, whatever it grows to."""
    rules = {kind: shipped()[kind] for kind in CURVE_EVENTS}
    ramp = replace(rules["two_week_ramp"], caution_ratio=99.0)  # type: ignore[type-var]
    return {**rules, "two_week_ramp": ramp}


def methods() -> Mapping[str, Mapping[str, tuple[Method, Sequence[float]]]]:
    """By kind and name: a method with its threshold left open, and the thresholds to draw its curve with."""
    ramp, spike, shift = curve_rules().values()
    unpooled = replace(shift, spread_runs=0.01)  # type: ignore[type-var]
    unclipped = replace(shift, z_limit=6.0)  # type: ignore[type-var]
    likeliest = LikeliestShift(**{f.name: getattr(shift, f.name) for f in dataclasses.fields(shift)})  # type: ignore[arg-type]
    whole = {"span_least_cap_min": 1e4}
    one_week = {"span_weeks": 1, "span_ratio": 1.5, "session_excess_min": 10.0, **whole}
    odds = (3.0, 6.0, 10.0, 20.0)
    return {
        "two_week_ramp": {
            "10 and 21 days above their maximum, 14 days at least at theirs (default)": (
                _with(ramp, "ceiling_ratio"),
                (1.01, 1.04, 1.07, 1.1),
            ),
            ONE_BLOCK: (
                lambda ratio: OneCeiling(ramp, ratio),  # type: ignore[arg-type]
                (1.05, 1.1, 1.15, 1.2),
            ),
            "10, 14 and 21 days above their maximum, mean": (
                lambda ratio: ThreeCeilings(ramp, ratio),  # type: ignore[arg-type]
                (1.03, 1.06, 1.09, 1.12),
            ),
            "log volume, pooled spread": (lambda z: PooledLogVolume(ramp, z), (1.4, 1.6, 1.75, 1.9)),  # type: ignore[arg-type]
            "odds for a rise of weekly volume": (lambda h: WeeklyOdds(ramp, h), (-0.6, 0.0, 0.3, 0.6)),  # type: ignore[arg-type]
        },
        "hard_minutes_spike": {
            "two weeks, runs capped (default)": (_with(spike, "span_excess_min"), (18.0, 21.0, 24.0, 28.0)),
            "two weeks, every minute counts": (
                _with(spike, "span_excess_min", **whole),
                (21.0, 24.0, 28.0, 34.0),
            ),
            "one week, runs capped": (
                _with(spike, "span_excess_min", span_weeks=1),
                (11.0, 13.0, 15.0, 18.0),
            ),
            ONE_WEEK: (
                _with(spike, "span_excess_min", **one_week),
                (9.0, 12.0, 15.0, 18.0),
            ),
            "one week, pooled spread": (PooledHardWeek, (2.4, 2.8, 3.2, 3.6)),
        },
        "cadence_shift": {
            "odds over all starts, a change-point posterior (default)": (_with(shift, "odds"), odds),
            "odds of the likeliest start, a likelihood ratio": (
                _with(likeliest, "odds"),
                (30.0, 60.0, 100.0, 200.0),
            ),
            "odds, own spread only, no partial pooling": (_with(unpooled, "odds"), odds),
            "odds, no clipping": (_with(unclipped, "odds"), (10.0, 20.0, 40.0, 80.0)),
            AVERAGE: (EwmaChart, (2.3, 2.65, 3.0, 3.4)),
        },
    }


def _with(rule: Detector, name: str, **others: float) -> Method:
    def at(value: float) -> Rule:
        return cast("Rule", replace(rule, **{**others, name: value}))  # type: ignore[type-var]

    return at
