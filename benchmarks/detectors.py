"""Holds every rule against made-up runner-years: what it notices, how late, and how often it cries wolf.

``python benchmarks/detectors.py [--runners N] [--seed N] [--json] [--write-docs] [--speed]``: methods were
chosen with the runners of one seed and are reported with those of another; both are printed. ``--write-docs``
puts the tables into ``docs/detectors.md``, whose tables are never typed by hand.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from alternatives import (  # noqa: E402
    EwmaChart,
    LikeliestShift,
    PooledHardWeek,
    PooledLogVolume,
    ThreeCeilings,
    WeeklyOdds,
)
from events import EVENTS, Event  # noqa: E402
from report import write_docs, write_tables  # noqa: E402
from runner_years import make_runner, make_runners, plausibility  # noqa: E402
from scoring import Interval, Noticed, Rule, days_found, letters, notice, rate, scored  # noqa: E402

from alerts.detectors.registry import REGISTRY, detect  # noqa: E402
from alerts.findings import Detector, Level  # noqa: E402
from alerts.letters.policy import MailPolicy  # noqa: E402
from config.settings import parse_settings  # noqa: E402

CHOOSING_SEED, REPORTING_SEED = 20261, 77003
"""What was compared while methods were chosen, and what is told of them."""

CURVE_EVENTS = {
    "two_week_ramp": "volume × 1.5",
    "hard_minutes_spike": "one more hard session a week",
    "cadence_shift": "cadence off by 3 %",
}
ONE_WEEK, AVERAGE = "one week, every minute counts (specification)", "moving average (specification)"
THREE_SPANS = "10, 14 and 21 days over their most, mean"
OTHERS = {
    "two_week_ramp": (THREE_SPANS, 1.05),
    "hard_minutes_spike": (ONE_WEEK, 15.0),
    "cadence_shift": (AVERAGE, 3.0),
}
"""What is told beside the shipped rule: the specification's own method, or the best other that was tried."""

SPEED_YEARS, SPEED_RUNNERS = 10, 300
CORES = 2


@dataclass(frozen=True, slots=True)
class Score:
    """One rule on one set of runner-years."""

    kind: str
    method: str
    threshold: str
    false_alarms: Interval
    noticed: list[Noticed]
    is_shipped: bool = False


@functools.cache
def shipped() -> dict[str, Detector]:
    """The rules as people get them."""
    tables = parse_settings({}, origin="defaults").detectors
    return {kind: REGISTRY[kind](**table) for kind, table in tables.items()}


Method = Callable[[float], Rule]
Runners = tuple[int, int]
"""Seed and number of made-up runners."""


def methods() -> Mapping[str, Mapping[str, tuple[Method, Sequence[float]]]]:
    """By kind and name: a method with its threshold left open, and the thresholds to draw its curve with."""
    rules = shipped()
    ramp, spike, shift = (rules[kind] for kind in CURVE_EVENTS)
    unpooled = replace(shift, spread_runs=0.01)  # type: ignore[type-var]
    unclipped = replace(shift, z_limit=6.0)  # type: ignore[type-var]
    likeliest = LikeliestShift(**{f.name: getattr(shift, f.name) for f in dataclasses.fields(shift)})  # type: ignore[arg-type]
    whole = {"span_least_cap_min": 1e4}
    one_week = {"span_weeks": 1, "span_ratio": 1.5, **whole}
    odds = (3.0, 6.0, 10.0, 20.0)
    return {
        "two_week_ramp": {
            "14 days over the most of 14 (shipped)": (_with(ramp, "ceiling_ratio"), (1.05, 1.1, 1.15, 1.2)),
            THREE_SPANS: (
                lambda ratio: ThreeCeilings(ramp, ratio),  # type: ignore[arg-type]
                (1.03, 1.06, 1.09, 1.12),
            ),
            "log volume, pooled spread": (lambda z: PooledLogVolume(ramp, z), (1.4, 1.6, 1.75, 1.9)),  # type: ignore[arg-type]
            "odds for a rise of weekly volume": (lambda h: WeeklyOdds(ramp, h), (-0.6, 0.0, 0.3, 0.6)),  # type: ignore[arg-type]
        },
        "hard_minutes_spike": {
            "two weeks, runs capped (shipped)": (_with(spike, "span_excess_min"), (18.0, 21.0, 24.0, 28.0)),
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
            "odds over all beginnings (shipped)": (_with(shift, "odds"), odds),
            "odds of the likeliest beginning": (_with(likeliest, "odds"), (30.0, 60.0, 100.0, 200.0)),
            "odds, own spread only": (_with(unpooled, "odds"), odds),
            "odds, no clipping": (_with(unclipped, "odds"), (10.0, 20.0, 40.0, 80.0)),
            AVERAGE: (EwmaChart, (2.3, 2.65, 3.0, 3.4)),
        },
    }


def _with(rule: Detector, name: str, **others: float) -> Method:
    def at(value: float) -> Rule:
        return cast("Rule", replace(rule, **{**others, name: value}))  # type: ignore[type-var]

    return at


def score(named: tuple[str, str, str], rule: Rule, events: Sequence[Event], who: Runners) -> Score:
    """Score one rule, named by kind, method and threshold, with these events."""
    runners = list(make_runners(*who))
    quiet = [rule(runner.training_days()) for runner in runners]
    false_alarms = rate([len(scored(findings)) for findings in quiet])
    days = [days_found(findings) for findings in quiet]
    return Score(*named, false_alarms, [notice(rule, event, runners, days) for event in events])


def events_of(kind: str) -> list[Event]:
    """The events that a rule should notice."""
    return [event for event in EVENTS if event.kind == kind]


def score_shipped(kind: str, who: Runners) -> Score:
    """Score the shipped rule of a kind with all of its events."""
    return score((kind, "shipped", ""), shipped()[kind], events_of(kind), who)


def score_other(kind: str, who: Runners) -> Score:
    """Score the method that is told beside the shipped one."""
    name, threshold = OTHERS[kind]
    method, _ = methods()[kind][name]
    return score((kind, name, f"{threshold:g}"), method(threshold), events_of(kind), who)


def score_curve(kind: str, name: str, who: Runners) -> list[Score]:
    """One method of a kind over its thresholds."""
    method, thresholds = methods()[kind][name]
    events = [event for event in EVENTS if event.name == CURVE_EVENTS[kind]]
    return [
        replace(
            score((kind, name, f"{value:g}"), method(value), events, who),
            is_shipped=method(value) == shipped()[kind],
        )
        for value in thresholds
    ]


@functools.cache
def mail_policy() -> MailPolicy:
    """What is worth a letter, as people get it."""
    mail = parse_settings({}, origin="defaults").mail
    at_once = Level.INFO if mail.digest == "off" else Level.CAUTION
    return MailPolicy(Level[mail.min_level.upper()], mail.max_age_days, mail.pause_days, at_once)


def together(who: Runners) -> dict[str, float]:
    """Findings and letters a year of all rules, in the median runner."""
    policy = mail_policy()
    rules = list(shipped().values())
    found = [scored(detect(runner.training_days(), rules)) for runner in make_runners(*who)]
    return {
        "findings": statistics.median(map(len, found)),
        "letters": statistics.median(letters(findings, policy) for findings in found),
    }


def one_history(number: int) -> float:
    """Seconds of processor time that all rules take for ten years of one runner."""
    days = make_runner(REPORTING_SEED, number, days=round(365.25 * SPEED_YEARS)).training_days()
    rules = list(shipped().values())
    start = time.process_time()
    detect(days, rules)
    return time.process_time() - start


def speed() -> dict[str, float]:
    """Milliseconds for one long history, and seconds for many on two cores with the making of them."""
    one_ms = 1_000 * min(one_history(number) for number in [0] * 7)
    start = time.perf_counter()
    with ProcessPoolExecutor(CORES) as pool:
        used_s = sum(pool.map(one_history, range(SPEED_RUNNERS), chunksize=10))
    return {"one_ms": one_ms, "all_wall_s": time.perf_counter() - start, "all_cpu_s": used_s}


def measure(runners: int, seed: int, *, with_speed: bool) -> dict[str, object]:
    """Everything that is reported."""
    who, chosen_with = (seed, runners), (CHOOSING_SEED, max(runners * 2 // 3, 1))
    mail_policy()
    shipped()
    with ProcessPoolExecutor(min(CORES, os.cpu_count() or 1)) as pool:
        named = [(kind, name) for kind, by_name in methods().items() for name in by_name]
        curves = [pool.submit(score_curve, kind, name, chosen_with) for kind, name in named]
        table = [pool.submit(score_shipped, kind, who) for kind in REGISTRY]
        others = [pool.submit(score_other, kind, who) for kind in OTHERS]
        all_rules = pool.submit(together, who)
        result: dict[str, object] = {
            "seeds": {"choosing": CHOOSING_SEED, "reporting": seed},
            "runners": runners,
            "choosing_runners": chosen_with[1],
            "plausibility": plausibility(make_runners(*who)),
            "shipped": [dataclasses.asdict(job.result()) for job in table],
            "others": [dataclasses.asdict(job.result()) for job in others],
            "together": all_rules.result(),
            "curves": [dataclasses.asdict(one) for job in curves for one in job.result()],
        }
    return {**result, "speed": speed()} if with_speed else result


def main() -> None:
    """Read the command line, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runners", type=int, default=300, help="runner-years for each figure")
    options.add_argument("--seed", type=int, default=REPORTING_SEED, help="of the runners that are reported")
    options.add_argument("--json", action="store_true", help="figures instead of tables")
    options.add_argument("--speed", action="store_true", help="only how long it takes")
    options.add_argument("--write-docs", action="store_true", help="put the tables into docs/detectors.md")
    chosen = options.parse_args()
    if chosen.speed and not chosen.write_docs:
        result: dict[str, object] = {"speed": speed()}
    else:
        result = measure(chosen.runners, chosen.seed, with_speed=chosen.write_docs)
    if chosen.write_docs:
        write_docs(ROOT / "docs" / "detectors.md", result)
    print(json.dumps(result, indent=1) if chosen.json else write_tables(result))


if __name__ == "__main__":
    main()
