"""Holds every rule against made-up runner-years: what it notices, how late, and how often it cries wolf.

``python benchmarks/detectors.py [--runners N] [--seed N] [--json] [--write-docs] [--speed]``: methods were
chosen with the runners of one seed and are reported with those of another; both are printed. ``--write-docs``
puts the tables into ``docs/detectors.md``, and the rates that pages show into
``alerts/care/catalogue/rates.toml``; neither is ever typed by hand.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import json
import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from events import EVENTS, Event  # noqa: E402
from methods import CURVE_EVENTS, OTHERS, curve_rules, mail_policy, methods, rules_by_kind, shipped, sync_gaps  # noqa: E402
from report import write_docs, write_rates, write_tables  # noqa: E402
from rule_speed import CORES, speed  # noqa: E402
from runner_table import RunnerYears  # noqa: E402
from runner_years import SCORED_DAYS, WARM_UP_DAYS, make_runners, plausibility  # noqa: E402
from scoring import (  # noqa: E402
    Interval,
    Noticed,
    Rule,
    Spread,
    days_found,
    emails,
    notice,
    rate,
    scored,
    spread,
)

from alerts.alert.alert import Alert, Level  # noqa: E402
from alerts.care.catalogue.alert_rates import FILE as RATES  # noqa: E402
from alerts.detectors.registry import detect  # noqa: E402
from alerts.explanation.grouping import group_alerts  # noqa: E402
from ingest.training_days.table import TrainingDays  # noqa: E402

CHOOSING_SEED, REPORTING_SEED = 20261, 77003
"""What was compared while methods were chosen, and what is told of them."""

LEAST_ALIKE = 20
"""Fewer who run equally often say nothing of others. [runners]"""

Runners = tuple[int, int]
"""Seed and number of made-up runners."""


@dataclass(frozen=True, slots=True)
class Score:
    """One rule on one set of runner-years; ``worst`` is the year of the runner who hears most of it."""

    kind: str
    method: str
    threshold: str
    false_alarms: Interval
    worst: int
    noticed: list[Noticed]
    is_shipped: bool = False


@functools.cache
def made(seed: int, count: int) -> tuple[RunnerYears, ...]:
    """The made-up runners: every rule is held against the same."""
    return tuple(make_runners(seed, count))


@functools.cache
def uneventful(seed: int, count: int) -> tuple[TrainingDays, ...]:
    """Their histories without an event."""
    return tuple(runner.training_days() for runner in made(seed, count))


def score(named: tuple[str, str, str], rule: Rule, events: Sequence[Event], who: Runners) -> Score:
    """Score one rule, named by kind, method and threshold, with these events."""
    runners = made(*who)
    quiet = [rule(days) for days in uneventful(*who)]
    alarms = [len(scored(alerts)) for alerts in quiet]
    days = [days_found(alerts) for alerts in quiet]
    noticed = [notice(rule, event, runners, days) for event in events]
    return Score(*named, rate(alarms), max(alarms), noticed)


def events_of(kind: str) -> list[Event]:
    """The events that a rule should notice."""
    return [event for event in EVENTS if event.kind == kind]


def score_shipped(kind: str, who: Runners) -> Score:
    """Score the shipped rule of a kind with all of its events."""
    return score((kind, "shipped", ""), rules_by_kind()[kind], events_of(kind), who)


def score_other(kind: str, who: Runners) -> Score:
    """Score the method that is told beside the shipped one."""
    name, threshold = OTHERS[kind]
    method, _ = methods()[kind][name]
    return score((kind, name, f"{threshold:g}"), method(threshold), events_of(kind), who)


def score_compared(kind: str, who: Runners) -> Score:
    """Score the shipped rule as the other method is counted: what grows graver is told once."""
    return score((kind, "shipped", ""), curve_rules()[kind], events_of(kind), who)


def score_curve(kind: str, name: str, who: Runners) -> list[Score]:
    """One method of a kind over its thresholds."""
    method, thresholds = methods()[kind][name]
    events = [event for event in EVENTS if event.name == CURVE_EVENTS[kind]]
    return [
        replace(
            score((kind, name, f"{value:g}"), method(value), events, who),
            is_shipped=method(value) == curve_rules()[kind],
        )
        for value in thresholds
    ]


def together(who: Runners) -> dict[str, Spread]:
    """What runners hear in a year: findings, stories, the graver of them, letters.

    Who is asked why no file comes hears something, too, and by a letter: that is told with and without.
    """
    policy, rules = mail_policy(), list(shipped().values())
    found = [scored(detect(days, rules)) for days in uneventful(*who)]
    asked = [[question.day for question in scored(sync_gaps(days))] for days in uneventful(*who)]
    stories = [group_alerts(alerts) for alerts in found]
    pairs = list(zip(found, asked, strict=True))
    return {
        "findings": spread(map(len, found)),
        "stories": spread(map(len, stories)),
        "stories_and_questions": spread(len(t) + len(a) for t, a in zip(stories, asked, strict=True)),
        "above_information": spread(sum(one.lead.level > Level.INFO for one in told) for told in stories),
        "letters_of_findings": spread(len(emails(alerts, [], policy)) for alerts, _ in pairs),
        "letters": spread(len(emails(alerts, days, policy)) for alerts, days in pairs),
    }


def told_by_habit(who: Runners) -> list[dict[str, object]]:
    """What each rule tells those who run equally often, whatever its level."""
    rules = list(shipped().values())
    found: dict[int, list[list[Alert]]] = defaultdict(list)
    for days in uneventful(*who):
        year = days.run_count[WARM_UP_DAYS : WARM_UP_DAYS + SCORED_DAYS]
        found[round(7 * float(year.mean()))].append(scored(detect(days, rules)))
    counted = {
        (rule.kind, runs_a_week): spread(sum(f.kind == rule.kind for f in one) for one in of_all)
        for rule in rules
        for runs_a_week, of_all in sorted(found.items())
        if len(of_all) >= LEAST_ALIKE
    }
    return [
        {
            "kind": kind,
            "runs_a_week": runs_a_week,
            "runners": len(found[runs_a_week]),
            "a_year": round(heard.mean, 2),
            "most": heard.most,
        }
        for (kind, runs_a_week), heard in counted.items()
    ]


def measure(runners: int, seed: int, *, with_speed: bool) -> dict[str, object]:
    """Everything that is reported."""
    who, chosen_with = (seed, runners), (CHOOSING_SEED, max(runners * 2 // 3, 1))
    mail_policy()
    shipped()
    with ProcessPoolExecutor(min(CORES, os.cpu_count() or 1)) as pool:
        named = [(kind, name) for kind, by_name in methods().items() for name in by_name]
        curves = [pool.submit(score_curve, kind, name, chosen_with) for kind, name in named]
        table = [pool.submit(score_shipped, kind, who) for kind in rules_by_kind()]
        others = [pool.submit(score_other, kind, who) for kind in OTHERS]
        compared = [pool.submit(score_compared, kind, who) for kind in OTHERS]
        all_rules = pool.submit(together, who)
        by_habit = pool.submit(told_by_habit, who)
        result: dict[str, object] = {
            "seeds": {"choosing": CHOOSING_SEED, "reporting": seed},
            "runners": runners,
            "choosing_runners": chosen_with[1],
            "plausibility": plausibility(iter(made(*who))),
            "shipped": [dataclasses.asdict(job.result()) for job in table],
            "others": [dataclasses.asdict(job.result()) for job in others],
            "compared": [dataclasses.asdict(job.result()) for job in compared],
            "together": {name: dataclasses.asdict(one) for name, one in all_rules.result().items()},
            "by_habit": by_habit.result(),
            "curves": [dataclasses.asdict(one) for job in curves for one in job.result()],
        }
    return {**result, "speed": speed(REPORTING_SEED)} if with_speed else result


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
        result: dict[str, object] = {"speed": speed(REPORTING_SEED)}
    else:
        result = measure(chosen.runners, chosen.seed, with_speed=chosen.write_docs)
    if chosen.write_docs:
        write_docs(ROOT / "docs" / "detectors.md", result)
        write_rates(ROOT / "alerts" / "care" / RATES, result)
    print(json.dumps(result, indent=1) if chosen.json else write_tables(result))


if __name__ == "__main__":
    main()
