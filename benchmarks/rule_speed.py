"""How long the rules take: ten years of one runner, of many, one more run, and a replay."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta

from methods import shipped
from runner_years import make_runner

from alerts.detectors.incremental import look
from alerts.detectors.registry import detect
from alerts.evaluation.replay import replay
from ingest.training_days.table import TrainingDays

YEARS, RUNNERS = 10, 300
CORES = 2
REPEATS = 7


def speed(seed: int) -> dict[str, float]:
    """Milliseconds for one long history and for one run more, seconds for many with the making of them."""
    days = _history(seed, 0)
    rules = list(shipped().values())
    last = days.runs.day[-1].astype(object)
    before = look(days.until(last - timedelta(days=1)), rules)
    start = time.perf_counter()
    with ProcessPoolExecutor(CORES) as pool:
        used_s = sum(pool.map(_one_history, [seed] * RUNNERS, range(RUNNERS), chunksize=10))
    return {
        "all_wall_s": time.perf_counter() - start,
        "all_cpu_s": used_s,
        "one_ms": _best_ms(lambda: detect(days, rules)),
        "new_run_ms": _best_ms(lambda: look(days, rules, before)),
        "replay_ms": _best_ms(lambda: replay(days, rules, [])),
    }


def _history(seed: int, number: int) -> TrainingDays:
    return make_runner(seed, number, days=round(365.25 * YEARS)).training_days()


def _one_history(seed: int, number: int) -> float:
    """Seconds of processor time that all rules take for the whole of one runner."""
    days, rules = _history(seed, number), list(shipped().values())
    start = time.process_time()
    detect(days, rules)
    return time.process_time() - start


def _best_ms(work: Callable[[], object]) -> float:
    """The least processor time of several: what else the machine does only adds to it. [ms]"""
    taken = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return 1_000 * min(taken)
