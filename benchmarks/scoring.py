"""How a rule does on runner-years: hits, delays, chance hits and false alarms, each with its interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist

import numpy as np
from events import Event, event_day
from runner_table import START, RunnerYears
from runner_years import SCORED_DAYS, WARM_UP_DAYS

from alerts.alert.alert import Alert, Level
from alerts.notifications.policy.mail_policy import GATHERED_DAYS, MailPolicy
from alerts.statistics.rolling import day_number
from ingest.training_days.table import TrainingDays

Rule = Callable[[TrainingDays], list[Alert]]

Z = NormalDist().inv_cdf(0.975)
RESAMPLES = 1_000
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Noticed:
    """How an event was noticed: share within the window, the same window without it, median delay. [days]"""

    event: str
    window_days: int
    target: float | None
    sensitivity: Interval
    chance: Interval
    delay_days: float


@dataclass(frozen=True, slots=True)
class Spread:
    """What the median runner has of something in a year, on average, and the runner with most of it."""

    median: float
    mean: float
    most: int


def spread(counts: Iterable[int]) -> Spread:
    """How counts, one a runner, are spread."""
    per_runner = np.fromiter(counts, dtype=np.int64)
    return Spread(float(np.median(per_runner)), float(per_runner.mean()), int(per_runner.max()))


def wilson(hits: int, trials: int) -> Interval:
    """A share with Wilson's interval."""
    if not trials:
        return Interval(math.nan, 0.0, 1.0)
    share, weight = hits / trials, Z**2 / trials
    middle = (share + weight / 2) / (1 + weight)
    half = Z / (1 + weight) * math.sqrt(share * (1 - share) / trials + weight / (4 * trials))
    return Interval(share, max(middle - half, 0.0), min(middle + half, 1.0))


def rate(counts: Sequence[int], years: float = SCORED_DAYS / 365.25) -> Interval:
    """Mean count a runner-year; runners are drawn again, for alarms of one runner are no Poisson process."""
    per_year = np.array(counts) / years
    drawn = np.random.default_rng(0).integers(0, len(per_year), (RESAMPLES, len(per_year)))
    low, high = np.percentile(per_year[drawn].mean(axis=1), (2.5, 97.5))
    return Interval(float(per_year.mean()), float(low), float(high))


def days_found(alerts: Sequence[Alert]) -> list[int]:
    """Days of findings, counted from the runner's first."""
    first = day_number(START)
    return [day_number(alert.day) - first for alert in alerts]


def scored(alerts: Sequence[Alert]) -> list[Alert]:
    """The findings of the year that is looked at."""
    first = START + timedelta(days=WARM_UP_DAYS)
    return [alert for alert in alerts if alert.day >= first]


def notice(
    rule: Rule, event: Event, runners: Sequence[RunnerYears], quiet: Sequence[Sequence[int]]
) -> Noticed:
    """Put the event into each runner's year and see whether the rule says something in time.

    ``quiet`` are the days on which it speaks of the same runners without the event.
    """
    hits, by_chance, delays = 0, 0, []
    trials = 0
    for number, runner in enumerate(runners):
        on = event_day(runner, event)
        if on is None:
            continue
        trials += 1
        first = on + event.after_days
        stop = first + event.window_days
        by_chance += any(first <= day < stop for day in quiet[number])
        found = [
            day for day in days_found(rule(event.change(runner, on).training_days())) if first <= day < stop
        ]
        if found:
            hits += 1
            delays.append(found[0] - first)
    delay = float(np.median(delays)) if delays else math.nan
    return Noticed(
        event.name, event.window_days, event.target, wilson(hits, trials), wilson(by_chance, trials), delay
    )


def emails(
    alerts: Sequence[Alert], asked: Sequence[date], policy: MailPolicy
) -> list[tuple[date, tuple[Alert, ...]]]:
    """Days and contents of the letters that these findings lead to, each run uploaded on its day.

    ``asked`` are the days of the question why no file comes: a letter after which notes pause, too. On
    Sundays what waits is gathered, and knows of a letter of that day.
    """
    written: list[tuple[date, tuple[Alert, ...]]] = []
    waiting = {alert.key: alert for alert in alerts}
    days = [*asked, *(alert.day for alert in alerts)]
    first, last = min(days, default=START), max(days, default=START) + timedelta(days=GATHERED_DAYS)
    for day in (first + timedelta(days=number) for number in range((last - first).days)):
        written += [(day, ())] * (day in asked)
        for is_evening in (False, True) if gathers(policy, day) else (False,):
            found = [(f.day, f) for f in waiting.values() if f.day <= day]
            told = [(on, max((f.level for f in tells), default=Level.INFO)) for on, tells in written]
            if is_evening:
                chosen = policy.gather(found, today=day, told=told)
            else:
                news = [f for on, f in found if on == day]
                chosen = policy.choose(news, today=day, told=told, waiting=found)
            if chosen:
                written.append((day, tuple(waiting.pop(alert.key) for alert in chosen)))
    return written


def gathers(policy: MailPolicy, day: date) -> bool:
    """Whether what waits is gathered on that day: with the defaults, on Sundays."""
    return policy.at_once > Level.INFO and day.weekday() == SUNDAY
