"""A look at a history that goes on from the look before it: what did not change is not looked at again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from alerts.alert.alert import NOTHING, Alert, Before, Detector
from alerts.detectors.registry import detect
from ingest.training_days.table import Runs, TrainingDays


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What some rules said of a history."""

    days: TrainingDays
    rules: tuple[Detector, ...]
    alerts: tuple[Alert, ...]


def look(days: TrainingDays, detectors: Iterable[Detector], before: Look | None = None) -> Look:
    """Find all that the rules say of a history, as ``detect`` does.

    Rules are causal, so what they said of the days before the first that changed since the look ``before``
    still holds, and is all that they need to go on from there. Other rules look at everything.
    """
    rules = tuple(detectors)
    said = NOTHING
    if before is not None and before.rules == rules:
        since = first_change(before.days, days)
        if since is None:
            return before
        said = Before(since, tuple(alert for alert in before.alerts if alert.day < since))
    return Look(days, rules, (*said.alerts, *detect(days, rules, said)))


def first_change(one: TrainingDays, other: TrainingDays) -> date | None:
    """The first day of which two tables say different things; None where they say the same."""
    if not len(one) or not len(other) or one.day[0] != other.day[0]:
        return None if len(one) == len(other) == 0 else date.min
    at = min(
        _first_difference(getattr(one, field.name), getattr(other, field.name))
        for field in dataclasses.fields(one)
        if field.name != "runs"
    )
    days = [table.day[at] for table in (one, other) if at < len(table)]
    row = _first_other_run(one.runs, other.runs)
    # Runs come in order of their start; over the date line a later one may belong to an earlier day.
    days += [day for table in (one, other) for day in table.runs.day[row:]]
    return min(days).astype(date) if days else None


def _first_other_run(one: Runs, other: Runs) -> int:
    return min(
        _first_difference(getattr(one, field.name), getattr(other, field.name))
        for field in dataclasses.fields(one)
    )


def _first_difference(one: npt.NDArray[np.generic], other: npt.NDArray[np.generic]) -> int:
    """The first place at which two columns differ, or at which the shorter ends."""
    length = min(len(one), len(other))
    mine, theirs = one[:length], other[:length]
    differs = (mine != theirs) & ~((mine != mine) & (theirs != theirs))  # noqa: PLR0124 - unknown is no change
    return int(np.argmax(differs)) if differs.any() else length
